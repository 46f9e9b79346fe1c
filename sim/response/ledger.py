"""The ledger of patrol units: how long each has spent in each status. The five sums add up to the time elapsed."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import Status
from sim.engine.compiled import rule
from sim.world import Table

# In the order of ``Status``.
LEDGER_FIELDS = ("off_duty_days", "at_post_days", "to_scene_days", "on_scene_days", "returning_days")


@rule
def change_status(world: Any, row: int, status: int, now: float) -> None:
    """Book the time spent in a unit's old status and begin the new one."""
    unit = world.units[row]
    spent = now - unit.since
    old = unit.status
    if old == Status.OFF_DUTY:
        unit.off_duty_days += spent
    elif old == Status.AT_POST:
        unit.at_post_days += spent
    elif old == Status.TO_SCENE:
        unit.to_scene_days += spent
    elif old == Status.ON_SCENE:
        unit.on_scene_days += spent
    else:
        unit.returning_days += spent
    unit.status = status
    unit.since = now


def ledger_at(units: Table, now: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the days each unit has spent in each status up to ``now``, the current status included.

    Args:
        units: the table of units; it is not changed.
        now: the moment, in days, not before any unit's last change of status.

    Returns:
        Days, shape (units, 5), columns in the order of ``Status``; every row sums to ``now`` (a run starts at 0).
    """
    days = np.column_stack([np.asarray(units[field], dtype=np.float64) for field in LEDGER_FIELDS])
    days[np.arange(len(units)), np.asarray(units["status"])] += now - np.asarray(units["since"])
    return days
