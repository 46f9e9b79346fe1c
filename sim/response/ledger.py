"""The ledger of patrol units: how long each has spent in each status. The sums of a unit add up to the time elapsed."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, Status
from sim.engine.compiled import rule
from sim.world import Table


@rule
def is_free(world: Any, row: int) -> bool:
    """Decide whether a unit has nothing to do, so that it could be sent; one on the move only where orders allow."""
    status = world.units[row].status
    if status == Status.AT_POST:
        return True
    on_the_move = status in (Status.RETURNING, Status.PATROLLING, Status.DWELLING)
    return bool(on_the_move and world.orders[0].on_the_move)


@rule
def change_status(world: Any, row: int, status: int, now: float) -> None:
    """Book the time spent in a unit's old status, begin the new one, and keep list and count of the free units.

    Units of another town that help out do not count: nothing is kept free with them.
    """
    unit = world.units[row]
    own = not world.groups[unit.group].aid
    if unit.idle_place != NOBODY:
        strike_idle(world, row)
        world.state[0].free_units -= own
    unit.spent[unit.status] += now - unit.since
    unit.status = status
    unit.since = now
    if is_free(world, row):
        list_idle(world, row)
        world.state[0].free_units += own


@rule
def list_idle(world: Any, row: int) -> None:
    """Put a unit on the list of those that could be sent."""
    place = world.state[0].idle_units
    world.idle[place].row = row
    world.units[row].idle_place = place
    world.state[0].idle_units += 1


@rule
def strike_idle(world: Any, row: int) -> None:
    """Take a unit off the list of those that could be sent; the last one on it takes its place."""
    world.state[0].idle_units -= 1
    place = world.units[row].idle_place
    last = world.idle[world.state[0].idle_units].row
    world.idle[place].row = last
    world.units[last].idle_place = place
    world.units[row].idle_place = NOBODY


def ledger_at(units: Table, now: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the days each unit has spent in each status up to ``now``, the current status included.

    Args:
        units: the table of units; it is not changed.
        now: the moment, in days, not before any unit's last change of status.

    Returns:
        Days, shape (units, statuses), columns in the order of ``Status``; every row sums to ``now`` (a run starts
        at 0).
    """
    days = np.array(units["spent"], dtype=np.float64)
    days[np.arange(len(units)), np.asarray(units["status"])] += now - np.asarray(units["since"])
    return days
