"""Setting up the offices of each group and sharing its mediators out among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.codes import NOBODY
from sim.engine.draws import normal
from sim.people import apportion
from sim.purposes import Purpose
from sim.scenario import OfficeGroup
from sim.world import MEDIATORS, OFFICES, SERVING, Table, World, empty_table

GROUP_SHIFT = 32  # bits of a skill's address that count within a group

type Whole = "np.ndarray[Any, np.dtype[np.int64]]"


def areas_at(communities: Table, level: str) -> Whole:
    """Return the number of the area of a level that each community lies in, shape (communities,)."""
    if level == "community":
        return np.arange(len(communities))
    if level == "city":
        return np.zeros(len(communities), dtype=np.int64)
    return communities[level].astype(np.int64)


def residents_of(communities: Table) -> Whole:
    """Return how many residents each community has."""
    return np.asarray(communities["end_resident"] - communities["first_resident"], dtype=np.int64)


def chosen_areas(area: Whole, residents: Whole, number: int | None) -> Whole:
    """Return the areas that get an office: all, or the most populous (of equals the first), in their order."""
    people = np.bincount(area, weights=residents).astype(np.int64)
    if number is None:
        return np.arange(len(people))
    return np.sort(np.argsort(-people, kind="stable")[:number])


def lay_offices(
    communities: Table, households: Table, nodes: Table, groups: Sequence[OfficeGroup], channels: Any
) -> tuple[Table, Table]:
    """Return the offices of all groups, and which office of each group people of a community go to.

    An office stands where the middle household of its area lives, and at the first node where nobody lives.

    Args:
        communities: with their areas, households and residents.
        households: in the order of communities.
        nodes: of the roads, with their places.
        groups: of the scenario.
        channels: the level of each group, as a channel.

    Returns:
        The tables ``offices`` and ``serving``.
    """
    parts = [group_offices(communities, households, group) for group in groups]
    offices = np.concatenate([empty_table(OFFICES, 0), *parts]).view(np.recarray)
    serving = empty_table(SERVING, len(communities) * len(groups))
    serving["office"] = NOBODY
    first = 0
    for number, (group, part) in enumerate(zip(groups, parts, strict=True)):
        mine = slice(first, first + len(part))
        offices["group"][mine], offices["channel"][mine] = number, channels[number]
        served = serving_offices(communities, households, nodes, group, part)
        serving["office"][number :: len(groups)] = np.where(served == NOBODY, NOBODY, served + first)
        first += len(part)
    return offices, serving


def middle_node(communities: Table, households: Table, mine: Whole) -> int:
    """Return the node of the middle household of some adjoining communities; 0 where nobody lives."""
    middle = (communities["first_household"][mine[0]] + communities["end_household"][mine[-1]]) // 2
    return int(households["node"][min(int(middle), len(households) - 1)]) if len(households) else 0


def group_offices(communities: Table, households: Table, group: OfficeGroup) -> Table:
    """Return the offices of one group, empty yet."""
    area = areas_at(communities, group.level)
    chosen = chosen_areas(area, residents_of(communities), group.number)
    offices = empty_table(OFFICES, len(chosen))
    for column in ("first_mediator", "first_case", "last_case"):
        offices[column] = NOBODY
    offices["working"] = 1
    for row, place in enumerate(chosen):
        mine = np.flatnonzero(area == place)
        offices["node"][row] = middle_node(communities, households, mine)
        offices["township"][row] = communities["township"][mine[0]]
    return offices


def serving_offices(communities: Table, households: Table, nodes: Table, group: OfficeGroup, offices: Table) -> Whole:
    """Return which of a group's offices each community goes to: that of its area, or the nearest in a straight line."""
    area = areas_at(communities, group.level)
    if group.serves == "area":
        chosen = chosen_areas(area, residents_of(communities), group.number)
        office_of = np.full(int(area.max()) + 1, NOBODY, dtype=np.int64)
        office_of[chosen] = np.arange(len(chosen))
        return np.asarray(office_of[area])
    x, y = (nodes[f"{axis}_metres"] for axis in "xy")
    homes = [middle_node(communities, households, np.array([row])) for row in range(len(communities))]
    at = offices["node"]
    return np.array([np.argmin(np.hypot(x[at] - x[home], y[at] - y[home])) for home in homes], dtype=np.int64)


def share_mediators(residents: Whole, count: int) -> Whole:
    """Return how many mediators each office has: by residents served (largest remainders), one each as far as they go.

    ``residents`` are those whom each office serves, shape (offices,).
    """
    one_each = np.zeros(len(residents), dtype=np.int64)
    one_each[np.argsort(-residents, kind="stable")[: min(count, len(residents))]] = 1
    return one_each + apportion(count - int(one_each.sum()), np.maximum(residents, 1))


def residents_served(offices: Table, communities: Table, serving: Table) -> Whole:
    """Return how many residents live in the communities that go to each office, shape (offices,)."""
    groups = len(serving) // max(len(communities), 1)
    people = np.repeat(residents_of(communities), groups)
    served = serving["office"] != NOBODY
    return np.bincount(serving["office"][served], weights=people[served], minlength=len(offices)).astype(np.int64)


def hire_mediators(
    count: int, first: int, seed: int, group: int = 0, spread: tuple[float, float] = (0.0, 1.0)
) -> Table:
    """Return ``count`` mediators of a group without an office.

    Skills are normal with the mean and standard deviation in ``spread``, drawn at addresses that count the group's
    mediators, from ``first`` on: how many another group has changes nobody's skill.
    """
    mediators = empty_table(MEDIATORS, count)
    for column in ("office", "next_in_office", "next_in_team", "session"):
        mediators[column] = NOBODY
    mediators["active"] = 1
    mediators["group"] = group
    mean, sigma = spread
    mediators["skill"] = [
        mean + sigma * normal(seed, Purpose.MEDIATOR_SKILL, (group << GROUP_SHIFT) + first + number, 0)
        for number in range(count)
    ]
    return mediators


def hire_groups(counts: Sequence[int], groups: Table, hired_before: Sequence[int], seed: int) -> Table:
    """Return so many mediators for each group, one group after the other, without an office."""
    hired = [empty_table(MEDIATORS, 0)]
    for group, (count, before) in enumerate(zip(counts, hired_before, strict=True)):
        spread = (float(groups["skill_mean"][group]), float(groups["skill_sigma"][group]))
        hired.append(hire_mediators(count, before, seed, group, spread))
    return np.concatenate(hired).view(np.recarray)


def link_mediators(offices: Table, mediators: Table) -> None:
    """Link each office's active mediators in the order of their rows."""
    offices["first_mediator"] = NOBODY
    mediators["next_in_office"] = NOBODY
    for row in range(len(mediators) - 1, -1, -1):
        if mediators["active"][row]:
            office = mediators["office"][row]
            mediators["next_in_office"][row] = offices["first_mediator"][office]
            offices["first_mediator"][office] = row


def staff_offices(offices: Table, communities: Table, serving: Table, mediators: Table) -> None:
    """Bring every office to its share of its group's active mediators, moving as few of them as possible.

    Mediators stay where they are while their office has not more than its share; the others, and those without an
    office, fill the offices that lack some, both in the order of their rows.
    """
    residents = residents_served(offices, communities, serving)
    for group in np.unique(mediators["group"][mediators["active"] != 0]):
        mine = np.flatnonzero(offices["group"] == group)
        active = np.flatnonzero((mediators["active"] != 0) & (mediators["group"] == group))
        share = np.zeros(len(offices), dtype=np.int64)
        share[mine] = share_mediators(residents[mine], len(active))
        free = []
        for row in active:
            office = mediators["office"][row]
            if office != NOBODY and share[office] > 0:
                share[office] -= 1
            else:
                free.append(row)
        mediators["office"][free] = np.repeat(np.arange(len(offices)), share)
    link_mediators(offices, mediators)


def active_counts(world: World) -> list[int]:
    """Return how many mediators of each group are employed."""
    active = world.mediators["group"][world.mediators["active"] != 0]
    return [int(count) for count in np.bincount(active, minlength=len(world.office_groups))]


def restaff(world: World, counts: Sequence[int]) -> World:
    """Return the world with so many active mediators of each group, shared out anew.

    Of a group the last hired go first and come back first; one who is let go finishes the session under way.
    """
    mediators = world.mediators
    missing, known = [], []
    for group, count in enumerate(counts):
        mine = np.flatnonzero(mediators["group"] == group)
        known.append(len(mine))
        active = mine[mediators["active"][mine] != 0]
        mediators["active"][active[count:]] = 0
        back = mine[mediators["active"][mine] == 0][: max(count - len(active), 0)]
        mediators["active"][back] = 1
        missing.append(max(count - len(active) - len(back), 0))
    if any(missing):
        new = hire_groups(missing, world.office_groups, known, int(world.state[0].seed))
        mediators = np.concatenate([mediators, new]).view(np.recarray)
    staff_offices(world.offices, world.communities, world.serving, mediators)
    return world._replace(mediators=mediators)
