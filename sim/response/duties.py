"""Duties at fixed hours and places, such as a post at a school: the crew stands there and leaves for urgent calls only.

Which calls are urgent enough is ``groups.leave_for``; whoever chooses units reads it while ``units.on_duty_at`` is 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.clock import HOURS_A_DAY
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.response.leaving import has_no_task
from sim.response.units import becomes_free

DAYS_A_WEEK = 7
ROUNDING = 1e-6  # hours


@rule
def is_duty_hour(world: Any, row: int, now: float) -> bool:
    """Decide whether a moment lies in the hours of the duty of a unit's group."""
    group = world.groups[world.units[row].group]
    day = int(now)
    hour = (now - day) * HOURS_A_DAY + ROUNDING
    return bool(is_duty_day(world, row, day) and group.duty_from_hour <= hour < group.duty_until_hour)


@rule
def is_duty_day(world: Any, row: int, day: int) -> bool:
    """Decide whether the duty of a unit's group falls on a day."""
    group = world.groups[world.units[row].group]
    weekday = (world.orders[0].first_weekday + day) % DAYS_A_WEEK
    return bool(group.duty and (np.int64(group.duty_weekdays) >> np.int64(weekday)) & 1)


@rule
def plan_duty(world: Any, row: int, now: float) -> None:
    """Note whether a crew that is on shift is on its duty now, and plan when that changes until the shift ends."""
    unit = world.units[row]
    group = world.groups[unit.group]
    if not group.duty:
        return
    unit.on_duty_at = is_duty_hour(world, row, now)
    for day in range(int(now), int(unit.shift_end) + 1):
        if is_duty_day(world, row, day):
            for hour in (group.duty_from_hour, group.duty_until_hour):
                moment = day + hour / HOURS_A_DAY
                if now < moment < unit.shift_end:
                    push(world.queue, moment, Kind.DUTY_CHANGES, row, unit.shift_version)


@rule
def on_duty_changes(world: Any, row: int, now: float) -> None:
    """Let a crew go to the place of its duty, or back to its other work, at once or when it next has no call."""
    unit = world.units[row]
    due = unit.on_shift and is_duty_hour(world, row, now)
    if bool(unit.on_duty_at) == due:
        return
    unit.on_duty_at = due
    if has_no_task(world, row):
        becomes_free(world, row, now)
