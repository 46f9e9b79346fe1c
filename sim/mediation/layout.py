"""Setting up the offices of a level and sharing the mediators out among them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, Channel
from sim.engine.draws import normal
from sim.people import apportion
from sim.purposes import Purpose
from sim.world import MEDIATORS, OFFICES, Table, World, empty_table

CHANNEL_OF_LEVEL = {"community": Channel.COMMUNITY, "township": Channel.TOWNSHIP, "county": Channel.COUNTY}


def lay_offices(communities: Table, households: Table, level: str) -> Table:
    """Return one office for each community, township or county, and write each community's office.

    An office stands where the middle household of its area lives, and at the first node where nobody lives.
    """
    rows = np.arange(len(communities)) if level == "community" else communities[level].astype(np.int64)
    communities["office"] = rows
    offices = empty_table(OFFICES, int(rows.max()) + 1)
    offices["channel"] = CHANNEL_OF_LEVEL[level]
    for column in ("first_mediator", "first_case", "last_case"):
        offices[column] = NOBODY
    for office in range(len(offices)):
        mine = np.flatnonzero(rows == office)
        middle = (communities["first_household"][mine[0]] + communities["end_household"][mine[-1]]) // 2
        if len(households):
            offices["node"][office] = households["node"][min(int(middle), len(households) - 1)]
        offices["township"][office] = communities["township"][mine[0]]
    return offices


def share_mediators(offices: Table, communities: Table, count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return how many mediators each office has: by residents (largest remainders), one each as far as they go."""
    residents = np.zeros(len(offices), dtype=np.int64)
    np.add.at(residents, communities["office"], communities["end_resident"] - communities["first_resident"])
    one_each = np.zeros(len(offices), dtype=np.int64)
    one_each[np.argsort(-residents, kind="stable")[: min(count, len(offices))]] = 1
    return one_each + apportion(count - int(one_each.sum()), np.maximum(residents, 1))


def hire_mediators(count: int, first_row: int, seed: int) -> Table:
    """Return ``count`` mediators without an office; skills are standard normal, drawn at the rows' addresses."""
    mediators = empty_table(MEDIATORS, count)
    mediators["office"] = NOBODY
    mediators["next_in_office"] = NOBODY
    mediators["session"] = NOBODY
    mediators["active"] = 1
    mediators["skill"] = [normal(seed, Purpose.MEDIATOR_SKILL, first_row + row, 0) for row in range(count)]
    return mediators


def link_mediators(offices: Table, mediators: Table) -> None:
    """Link each office's active mediators in the order of their rows."""
    offices["first_mediator"] = NOBODY
    mediators["next_in_office"] = NOBODY
    for row in range(len(mediators) - 1, -1, -1):
        if mediators["active"][row]:
            office = mediators["office"][row]
            mediators["next_in_office"][row] = offices["first_mediator"][office]
            offices["first_mediator"][office] = row


def staff_offices(offices: Table, communities: Table, mediators: Table) -> None:
    """Bring every office to its share of the active mediators, moving as few of them as possible.

    Mediators stay where they are while their office has not more than its share; the others, and those without an
    office, fill the offices that lack some, both in the order of their rows.
    """
    active = np.flatnonzero(mediators["active"])
    share = share_mediators(offices, communities, len(active))
    free = []
    for row in active:
        office = mediators["office"][row]
        if office != NOBODY and share[office] > 0:
            share[office] -= 1
        else:
            free.append(row)
    mediators["office"][free] = np.repeat(np.arange(len(offices)), share)
    link_mediators(offices, mediators)


def restaff(world: World, count: int) -> World:
    """Return the world with ``count`` active mediators, shared out anew.

    The last hired go first and come back first; a mediator who is let go finishes the session under way.
    """
    mediators = world.mediators
    active = np.flatnonzero(mediators["active"])
    if count <= len(active):
        mediators["active"][active[count:]] = 0
    else:
        back = np.flatnonzero(mediators["active"] == 0)[: count - len(active)]
        mediators["active"][back] = 1
        missing = count - len(active) - len(back)
        new = hire_mediators(missing, len(mediators), int(world.state[0].seed))
        mediators = np.concatenate([mediators, new]).view(np.recarray)
    staff_offices(world.offices, world.communities, mediators)
    return world._replace(mediators=mediators)
