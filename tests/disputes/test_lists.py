"""The households' lists of open disputes agree with sets, whatever is put in and taken out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.codes import NOBODY
from sim.disputes.lists import enlist, strike_off
from sim.engine.compiled import from_python
from sim.world import World

PEOPLE = 14  # of few households, so that parties often share a home


@pytest.fixture(scope="module")
def world(tiny_world: Callable[..., World]) -> World:
    return tiny_world(people={"residents": 40, "household_size_mean": 3.5}, grid={"grids": 2})


def listed(world: World, household: int) -> list[int]:
    """Return a household's list, newest first."""
    found: list[int] = []
    row = int(world.households[household].first_dispute)
    while row != NOBODY:
        assert row not in found, "the list runs in a circle"
        found.append(row)
        dispute = world.disputes[row]
        first = int(world.residents[dispute.party_a].household) == household
        row = int(dispute.next_a if first else dispute.next_b)
    return found


PARTIES = st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1), st.booleans())


@settings(max_examples=150)
@given(parties=st.lists(PARTIES, min_size=1, max_size=12), steps=st.lists(st.integers(0, 11), max_size=50))
def test_lists_agree_with_sets(world: World, parties: list[tuple[int, int, bool]], steps: list[int]) -> None:
    world.households["first_dispute"] = NOBODY
    homes: list[set[int]] = []
    for row, (a, b, against_organisation) in enumerate(parties):
        world.disputes[row].party_a, world.disputes[row].party_b = a, b
        world.disputes[row].organisation = 0 if against_organisation else NOBODY
        # Who speaks for an organisation takes none of its disputes home.
        at = {a} if against_organisation else {a, b}
        homes.append({int(world.residents[one].household) for one in at})
    open_ones: list[int] = []
    for step in steps:
        row = step % len(parties)
        if row in open_ones:
            from_python(strike_off)(world, row)
            open_ones.remove(row)
        else:
            from_python(enlist)(world, row)
            open_ones.insert(0, row)
        for household in range(len(world.households)):
            assert listed(world, household) == [one for one in open_ones if household in homes[one]]
