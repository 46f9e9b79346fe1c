"""Shifts: when a crew comes on and goes off duty, every day at the same hour until somebody changes it.

``unit.shift_version`` is raised whenever a shift starts or is changed, which makes the shift events that were
planned before void. A crew whose shift ends on a call finishes the call first; that time is its overtime.
"""

from __future__ import annotations

from typing import Any

from sim.codes import Status
from sim.engine.clock import HOUR, HOURS_A_DAY
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.response.dispatch import take_waiting_call
from sim.response.ledger import change_status
from sim.response.position import settle_at_post


@rule
def on_shift_starts(world: Any, row: int, now: float) -> None:
    """Bring a crew on duty, or keep it there, and plan the shift's end and the next day's start."""
    begin_shift(world, row, int(now), now)


@rule
def on_shift_ends(world: Any, row: int, now: float) -> None:
    """End a crew's shift: it goes off at once unless it is on a call."""
    unit = world.units[row]
    unit.on_shift = 0
    if unit.status in (Status.AT_POST, Status.RETURNING):
        go_off_duty(world, row, now)


@rule
def set_shift(world: Any, row: int, start_hour: float, hours: float, now: float) -> None:
    """Give a crew a daily shift from ``now`` on: ``start_hour`` in [0, 24), ``hours`` in (0, 24].

    A crew inside its new hours is on duty at once; one outside them goes off as at the end of a shift. This also
    starts the shifts of a run, at time 0.
    """
    unit = world.units[row]
    unit.shift_start_hour = start_hour
    unit.shift_hours = hours
    day = int(now)
    if day + start_hour / HOURS_A_DAY > now:
        day -= 1
    if now < shift_start(world, row, day) + hours * HOUR:
        begin_shift(world, row, day, now)
        return
    unit.shift_version += 1
    push(world.queue, shift_start(world, row, day + 1), Kind.SHIFT_STARTS, row, unit.shift_version)
    if unit.on_shift:
        unit.shift_end = now
        on_shift_ends(world, row, now)


@rule
def shift_start(world: Any, row: int, day: int) -> float:
    """Return the moment at which a crew's shift starts on a day."""
    return float(day + world.units[row].shift_start_hour / HOURS_A_DAY)


@rule
def begin_shift(world: Any, row: int, day: int, now: float) -> None:
    """Put a crew on the shift that started on ``day``, and plan its end and the start after it."""
    unit = world.units[row]
    end = shift_start(world, row, day) + unit.shift_hours * HOUR
    unit.shift_version += 1
    push(world.queue, end, Kind.SHIFT_ENDS, row, unit.shift_version)
    push(world.queue, shift_start(world, row, day + 1), Kind.SHIFT_STARTS, row, unit.shift_version)
    if unit.status == Status.OFF_DUTY:
        come_on_duty(world, row, now)
    elif not unit.on_shift:
        book_overtime(world, row, now)  # still on a call of the shift before
    unit.on_shift = 1
    unit.shift_end = end


@rule
def come_on_duty(world: Any, row: int, now: float) -> None:
    """Station a crew at its post, or send it to the waiting call that is next."""
    change_status(world, row, Status.AT_POST, now)
    settle_at_post(world, row, now)
    take_waiting_call(world, row, now)


@rule
def go_off_duty(world: Any, row: int, now: float) -> None:
    """Let a crew without a call go off duty; a return to its post that was under way ends there."""
    unit = world.units[row]
    book_overtime(world, row, now)
    if unit.status == Status.RETURNING:
        unit.version += 1
    change_status(world, row, Status.OFF_DUTY, now)
    settle_at_post(world, row, now)


@rule
def book_overtime(world: Any, row: int, now: float) -> None:
    """Add the time on duty since the end of a crew's shift to its overtime."""
    unit = world.units[row]
    unit.overtime_days += max(now - unit.shift_end, 0.0)
