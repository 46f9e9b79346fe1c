"""How many units are on duty at each hour of the week, by the shifts that they work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.clock import HOURS_A_DAY

if TYPE_CHECKING:
    from sim.world import World

type Values = np.ndarray[Any, np.dtype[np.float64]]

HOURS_A_WEEK = 168
DAYS_A_WEEK = 7


def on_duty(world: World) -> Values:
    """Return the mean number of the town's own units on duty in each hour of the week, 0 = Monday 0:00, shape (168,).

    Units from across a border are left out: they come only when nobody else can.
    """
    own = world.units[world.groups["aid"][world.units["group"]] == 0]
    shifts = np.array([own["shift_start_hour"], own["shift_hours"], own["shift_weekdays"]], dtype=np.float64).T
    hours = np.zeros(HOURS_A_WEEK)
    for (start, length, weekdays), count in zip(*np.unique(shifts, axis=0, return_counts=True), strict=True):
        for day in range(DAYS_A_WEEK):
            if int(weekdays) >> day & 1:
                hours += count * covered(day * HOURS_A_DAY + start, length)
    return hours


def covered(start: float, length: float) -> Values:
    """Return the share of each hour of the week that a shift covers, shape (168,); it may pass the week's end."""
    first = np.arange(HOURS_A_WEEK)
    total = np.zeros(HOURS_A_WEEK)
    for begin in (start, start - HOURS_A_WEEK):
        total += np.clip(np.minimum(first + 1, begin + length) - np.maximum(first, begin), 0.0, 1.0)
    return total
