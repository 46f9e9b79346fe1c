"""Which unit is sent: who may answer a call, who of them would be there first, and what the policy says of it.

Who arrives first is found exactly. A straight line at the fastest speed bounds every unit's way from below, so that
the labels of most units need not be read; the unit with the least bound is looked at first. Equal arrivals go to the
lowest row, so the choice does not depend on the search.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Geometry, Policy, Reason, Status
from sim.engine.compiled import rule
from sim.response.ledger import is_free
from sim.response.travel import aim_at, days_to, least_days, pace_now

# Whom to choose from:
OWN = 0  # free units of the town
NEIGHBOURS = 1  # free units from across a border
UNDER_WAY = 2  # units on their way to a less urgent call
ON_SCENE = 3  # units on the scene of a less urgent call


@rule
def may_answer(world: Any, row: int, call_row: int) -> bool:
    """Decide whether a unit answers calls of this priority and place at all, now."""
    unit = world.units[row]
    group = world.groups[unit.group]
    call = world.calls[call_row]
    if (np.int64(group.priorities) >> np.int64(call.priority)) & 1 == 0:
        return False
    if group.own_sector_only and unit.sector != world.nodes[call.node].sector:
        return False
    return not (unit.on_duty_at and call.priority > group.leave_for)


@rule
def is_candidate(world: Any, row: int, call_row: int, kind: int, in_sector: bool) -> bool:
    """Decide whether a unit is of the kind and sector asked for and may answer the call."""
    unit = world.units[row]
    if in_sector and unit.sector != world.nodes[world.calls[call_row].node].sector:
        return False
    if kind in (OWN, NEIGHBOURS):
        fits = is_free(world, row) and bool(world.groups[unit.group].aid) == (kind == NEIGHBOURS)
    else:
        status = Status.TO_SCENE if kind == UNDER_WAY else Status.ON_SCENE
        fits = unit.status == status and world.calls[unit.call].priority > world.calls[call_row].priority
    return fits and may_answer(world, row, call_row)


@rule
def soonest(world: Any, call_row: int, kind: int, in_sector: bool, now: float) -> int:
    """Return the unit of a kind that would arrive first at a call if sent now, or NOBODY.

    ``in_sector`` looks at the units of the call's own sector only.
    """
    count, closest = note_candidates(world, call_row, kind, in_sector, now)
    if count == 0:
        return NOBODY
    chosen = int(world.candidates[closest].row)
    if world.orders[0].geometry != Geometry.ROADS:
        return chosen  # along a line the bound is the time itself
    call = world.calls[call_row]
    aim_at(world, call.node, now)
    best = days_to(world, chosen, call.node, call.x_metres, call.y_metres, True, now)
    for place in range(count):
        noted = world.candidates[place]
        if place == closest or noted.least_days > best:
            continue
        days = days_to(world, noted.row, call.node, call.x_metres, call.y_metres, True, now)
        if days < best or (days == best and noted.row < chosen):
            best, chosen = days, int(noted.row)
    return chosen if best < math.inf else NOBODY


@rule
def note_candidates(world: Any, call_row: int, kind: int, in_sector: bool, now: float) -> tuple[int, int]:
    """List the units of a kind that may answer a call, with days within which they cannot be there.

    Returns:
        How many there are, and the place in the list of the one with the fewest days, the lowest row of several.
    """
    call = world.calls[call_row]
    x, y = call.x_metres, call.y_metres
    slower = pace_now(world, now)
    count, closest = 0, 0
    for row in range(len(world.units)):
        if is_candidate(world, row, call_row, kind, in_sector):
            noted = world.candidates[count]
            noted.row = row
            noted.least_days = least_days(world, row, x, y, True, slower, now)
            if noted.least_days < world.candidates[closest].least_days:
                closest = count
            count += 1
    return count, closest


@rule
def most_preferred(world: Any, call_row: int) -> int:
    """Return the free unit that stands first in the list of the call's sector, or NOBODY."""
    sector = world.sectors[world.nodes[world.calls[call_row].node].sector]
    for place in range(sector.first, sector.end):
        row = world.lists[place].row
        if is_candidate(world, row, call_row, OWN, False):
            return int(row)
    return NOBODY


@rule
def is_kept_free(world: Any, priority: int, others: int) -> bool:
    """Decide whether a call must wait so that ``others`` free units stay free for more urgent ones."""
    return bool(others < world.orders[0].keep_free[priority])


@rule
def choose_unit(world: Any, call_row: int, now: float) -> tuple[int, int]:
    """Return the free unit that is sent to a call, or NOBODY, and the reason (a code of ``Reason``)."""
    call = world.calls[call_row]
    if is_kept_free(world, call.priority, world.state[0].free_units - 1):
        return NOBODY, Reason.NONE.value
    policy = world.orders[0].policy
    if policy == Policy.PREFERENCE:
        return most_preferred(world, call_row), Reason.PREFERRED.value
    if policy == Policy.SECTOR_FIRST:
        row = soonest(world, call_row, OWN, True, now)
        if row != NOBODY:
            return row, Reason.OWN_SECTOR.value
    return soonest(world, call_row, OWN, False, now), Reason.NEAREST.value
