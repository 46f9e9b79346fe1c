"""Offices and their staff: shared out exactly, moved as little as possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.codes import NOBODY, Channel
from sim.mediation.layout import hire_mediators, lay_offices, residents_of, restaff, share_mediators, staff_offices
from sim.scenario import OfficeGroup
from sim.world import COMMUNITIES, HOUSEHOLDS, NODES, OFFICE_GROUPS, OFFICES, SERVING, Table, World, empty_table

RESIDENTS = st.lists(st.integers(1, 500), min_size=1, max_size=10)


def laid(residents: list[int]) -> tuple[Table, Table, Table]:
    """Return offices, communities and who serves whom: one community for each office, with these residents."""
    communities, offices = empty_table(COMMUNITIES, len(residents)), empty_table(OFFICES, len(residents))
    communities["end_resident"] = np.cumsum(residents)
    communities["first_resident"] = communities["end_resident"] - residents
    serving = empty_table(SERVING, len(residents))
    serving["office"] = np.arange(len(residents))
    return offices, communities, serving


def staff_of(offices: Table, mediators: Table) -> list[list[int]]:
    """Return the rows of each office's mediators, along its list."""
    found: list[list[int]] = []
    for office in offices:
        found.append([])
        row = int(office.first_mediator)
        while row != NOBODY:
            found[-1].append(row)
            row = int(mediators["next_in_office"][row])
    return found


@given(RESIDENTS, st.integers(0, 60))
def test_shares_are_exact_and_go_by_residents(residents: list[int], count: int) -> None:
    share = share_mediators(np.array(residents), count)
    assert share.sum() == count
    assert share.min() >= (1 if count >= len(residents) else 0)
    spare = max(count - len(residents), 0)
    exact = np.minimum(share, 1) + spare * np.array(residents) / sum(residents)
    assert (np.abs(share - exact) < 1 + 1e-9).all()
    if count < len(residents):
        without = np.array(residents)[share == 0]
        assert without.max() <= np.array(residents)[share == 1].min(initial=10**9), "the largest places come first"


@given(RESIDENTS, st.integers(0, 40), st.lists(st.integers(0, 60), max_size=5), st.integers(1, 1000))
def test_restaffing_keeps_its_promises(residents: list[int], start: int, counts: list[int], seed: int) -> None:
    offices, communities, serving = laid(residents)
    mediators = hire_mediators(start, 0, seed)
    staff_offices(offices, communities, serving, mediators)
    group = empty_table(OFFICE_GROUPS, 1)
    group["skill_sigma"] = 1.0
    nothing: Any = [None] * len(World._fields)
    world = World(*nothing)._replace(
        offices=offices,
        communities=communities,
        serving=serving,
        mediators=mediators,
        office_groups=group,
        state=empty_table(np.dtype([("seed", "i8")]), 1),
    )
    world.state["seed"] = seed
    for count in [start, *counts]:
        before = world.mediators
        world = restaff(world, [count])
        now, known = world.mediators, len(before)
        share = share_mediators(residents_of(communities), count)
        assert now["active"].sum() == count
        assert now["active"][:count].all(), "the last hired go first and come back first"
        staff = staff_of(world.offices, now)
        assert [len(one) for one in staff] == share.tolist()
        assert sorted(row for one in staff for row in one) == list(range(count))
        for office, one in enumerate(staff):
            assert (now["office"][one] == office).all()
        assert np.array_equal(now["skill"][:known], before["skill"]), "who comes back is the same person"
        world_skill = hire_mediators(len(now), 0, seed)["skill"]
        assert np.array_equal(now["skill"], world_skill), "a row's skill does not depend on when it was hired"


@given(RESIDENTS, st.integers(1, 40), st.integers(1, 40))
def test_nobody_moves_whose_office_keeps_its_share(residents: list[int], start: int, more: int) -> None:
    offices, communities, serving = laid(residents)
    mediators = hire_mediators(start + more, 0, 1)
    mediators["active"][start:] = 0
    staff_offices(offices, communities, serving, mediators)
    before = mediators["office"][:start].copy()
    had = np.bincount(before, minlength=len(residents))
    mediators["active"] = 1
    staff_offices(offices, communities, serving, mediators)
    lost = np.maximum(had - share_mediators(np.array(residents), start + more), 0).sum()
    assert (mediators["office"][:start] != before).sum() == lost


def test_skills_are_standard_normal() -> None:
    skills = hire_mediators(3000, 0, 5)["skill"]
    assert stats.kstest(skills, "norm").pvalue > 0.001
    assert np.array_equal(hire_mediators(10, 7, 5)["skill"], skills[7:17])


@pytest.mark.parametrize(
    ("level", "count", "channel"),
    [
        ("community", 8, Channel.COMMUNITY),
        ("township", 4, Channel.TOWNSHIP),
        ("county", 2, Channel.COUNTY),
        ("city", 1, Channel.CITY),
    ],
)
def test_each_place_of_a_level_has_its_office(
    tiny_world: Callable[..., World], level: str, count: int, channel: Channel
) -> None:
    town = {"counties": 2, "townships": 4, "communities": 8, "road_nodes": 150, "area_km2": 4.0}
    world = tiny_world(town=town, grid={"grids": 8}, mediation={"mediators": 9, "offices": level})
    communities, offices = world.communities, world.offices
    rows = {"community": np.arange(8), "city": np.zeros(8)}.get(level)
    rows = communities[level] if rows is None else rows
    assert len(offices) == count
    assert np.array_equal(world.serving["office"], rows)
    assert (offices["channel"] == channel).all()
    for number, office in enumerate(offices):
        at = np.flatnonzero(rows == number)
        assert world.nodes["community"][office.node] in at, "the office stands in its own area"
        assert office.township == communities["township"][at[0]]
        assert (office.first_case == NOBODY).all()
        assert (office.last_case == NOBODY).all()
    assert sum(len(one) for one in staff_of(offices, world.mediators)) == 9


def test_an_office_stands_where_its_middle_household_lives() -> None:
    communities, households = empty_table(COMMUNITIES, 2), empty_table(HOUSEHOLDS, 10)
    communities["first_household"], communities["end_household"] = [0, 4], [4, 10]
    households["node"] = np.arange(10) * 3
    communities["first_resident"], communities["end_resident"] = [0, 40], [40, 100]
    nodes = empty_table(NODES, 30)
    nodes["x_metres"] = np.arange(30) * 10.0

    def offices_of(**fields: Any) -> tuple[list[int], list[int]]:
        group = OfficeGroup(name="one", mediators=2, **fields)
        offices, serving = lay_offices(communities, households, nodes, [group], [Channel.COMMUNITY])
        return offices["node"].tolist(), serving["office"].tolist()

    assert offices_of(level="community") == ([6, 21], [0, 1])
    assert offices_of(level="township") == ([15], [0, 0])
    assert offices_of(level="community", number=1) == ([21], [NOBODY, 0]), "the most populous area"
    assert offices_of(level="community", number=1, serves="everyone") == ([21], [0, 0])
    assert offices_of(level="community", serves="everyone") == ([6, 21], [0, 1]), "each the nearest"
