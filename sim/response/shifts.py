"""Shifts: when a crew comes on and goes off duty, at the same hour on its weekdays until somebody changes it.

``unit.shift_version`` is raised whenever a shift starts or is changed, which makes void what was planned for the shift
before: its end, the next start, its break. A crew whose shift ends on a call finishes the call first; that time is its
overtime. Times on duty do not depend on the day a shift starts on: one that passes midnight goes on.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import Status
from sim.engine.clock import HOUR, HOURS_A_DAY
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.response.breaks import plan_break
from sim.response.duties import plan_duty
from sim.response.leaving import book_overtime, has_no_task, leave_duty
from sim.response.ledger import change_status
from sim.response.travel import stand_at
from sim.response.units import becomes_free

DAYS_A_WEEK = 7
ROUNDING = 1e-9  # days


@rule
def on_shift_starts(world: Any, row: int, now: float) -> None:
    """Bring a crew on duty, or keep it there, and plan the shift's end and the next start."""
    begin_shift(world, row, shift_day(world, row, now), now)


@rule
def on_shift_ends(world: Any, row: int, now: float) -> None:
    """End a crew's shift: it goes off at once unless it is on a call, or holds a point of a containment."""
    unit = world.units[row]
    unit.on_shift = 0
    if has_no_task(world, row) or unit.status == Status.ON_BREAK:
        leave_duty(world, row, now)


@rule
def set_shift(world: Any, row: int, start_hour: float, hours: float, weekdays: int, now: float) -> None:
    """Give a crew other shifts from ``now`` on.

    ``start_hour`` is in [0, 24), ``hours`` in (0, 24]; bit k of ``weekdays`` has a shift start on weekday k, 0 =
    Monday. A crew inside its new hours is on duty at once; one outside them goes off as at the end of a shift. This
    also starts the shifts of a run, at time 0.
    """
    write_shift(world, row, start_hour, hours, weekdays)
    day = shift_day(world, row, now)
    if works_on(world, row, day) and now < shift_start(world, row, day) + hours * HOUR:
        begin_shift(world, row, day, now)
        return
    unit = world.units[row]
    unit.shift_version += 1
    plan_start(world, row, day + 1)
    if unit.on_shift:
        unit.shift_end = now
        on_shift_ends(world, row, now)


@rule
def change_shift(world: Any, row: int, start_hour: float, hours: float, weekdays: int, now: float) -> None:
    """Give a crew other shifts (see ``set_shift``) from the next start on; a shift under way goes on to its end."""
    write_shift(world, row, start_hour, hours, weekdays)
    unit = world.units[row]
    unit.shift_version += 1
    day = shift_day(world, row, now)
    plan_start(world, row, day if shift_start(world, row, day) == now else day + 1)
    if unit.on_shift:
        push(world.queue, unit.shift_end, Kind.SHIFT_ENDS, row, unit.shift_version)
        plan_break(world, row, now)
        plan_duty(world, row, now)


@rule
def write_shift(world: Any, row: int, start_hour: float, hours: float, weekdays: int) -> None:
    """Note a crew's shifts."""
    unit = world.units[row]
    unit.shift_start_hour = start_hour
    unit.shift_hours = hours
    unit.shift_weekdays = weekdays


@rule
def shift_start(world: Any, row: int, day: int) -> float:
    """Return the moment at which a crew's shift starts on a day."""
    return float(day + world.units[row].shift_start_hour / HOURS_A_DAY)


@rule
def shift_day(world: Any, row: int, now: float) -> int:
    """Return the last day whose hour of the shift's start is not after ``now``; -1 is the day before the run."""
    day = int(now)
    return day - 1 if shift_start(world, row, day) > now else day


@rule
def works_on(world: Any, row: int, day: int) -> bool:
    """Decide whether a crew's shift starts on a day."""
    weekday = (world.orders[0].first_weekday + day + DAYS_A_WEEK) % DAYS_A_WEEK
    return bool((np.int64(world.units[row].shift_weekdays) >> np.int64(weekday)) & 1)


@rule
def plan_start(world: Any, row: int, day: int) -> None:
    """Plan a crew's next shift that starts on ``day`` or later."""
    for ahead in range(DAYS_A_WEEK):
        if works_on(world, row, day + ahead):
            unit = world.units[row]
            push(world.queue, shift_start(world, row, day + ahead), Kind.SHIFT_STARTS, row, unit.shift_version)
            return


@rule
def begin_shift(world: Any, row: int, day: int, now: float) -> None:
    """Put a crew on the shift that started on ``day``, and plan its end, its break and the start after it."""
    unit = world.units[row]
    start = shift_start(world, row, day)
    end = start + unit.shift_hours * HOUR
    if not unit.on_shift or start > unit.shift_end - ROUNDING:
        unit.break_due = 0
        unit.break_taken = 0
    unit.shift_version += 1
    push(world.queue, end, Kind.SHIFT_ENDS, row, unit.shift_version)
    plan_start(world, row, day + 1)
    if unit.status != Status.OFF_DUTY and not unit.on_shift:
        book_overtime(world, row, now)  # still on a call of the shift before
    unit.on_shift = 1
    unit.shift_end = end
    plan_break(world, row, now)
    plan_duty(world, row, now)
    if unit.status == Status.OFF_DUTY:
        come_on_duty(world, row, now)


@rule
def come_on_duty(world: Any, row: int, now: float) -> None:
    """Station a crew at its post; from there it takes the waiting call that is next, or begins its patrol."""
    unit = world.units[row]
    unit.post = unit.home_post
    post = world.posts[unit.post]
    stand_at(world, row, post.node, post.x_metres, post.y_metres, now)
    change_status(world, row, Status.AT_POST.value, now)
    becomes_free(world, row, now)


@rule
def on_break_starts(world: Any, row: int, now: float) -> None:
    """Let a crew whose break is due take it, at once or when it next has no call."""
    world.units[row].break_due = 1
    if has_no_task(world, row):
        becomes_free(world, row, now)


@rule
def on_break_ends(world: Any, row: int, now: float) -> None:
    """Let a crew go on after its break."""
    becomes_free(world, row, now)
