"""Breaks: one in every shift, due some hours after its start, taken as soon as the crew has no call."""

from __future__ import annotations

from typing import Any

from sim.codes import Status
from sim.engine.clock import HOUR
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.response.ledger import change_status
from sim.response.stops import leave_patrol
from sim.response.travel import halt


@rule
def plan_break(world: Any, row: int, now: float) -> None:
    """Plan the break of the shift under way, unless it was taken or its hour is past; past the shift's end is none."""
    unit = world.units[row]
    group = world.groups[unit.group]
    if group.break_days <= 0.0 or unit.break_taken or unit.break_due:
        return
    due = unit.shift_end - unit.shift_hours * HOUR + group.break_after
    if now <= due < unit.shift_end:
        push(world.queue, due, Kind.BREAK_STARTS, row, unit.shift_version)


@rule
def start_break(world: Any, row: int, now: float) -> None:
    """Let a crew without a call take its break where it is; it cannot be sent until the break is over."""
    unit = world.units[row]
    leave_patrol(world, row, now)
    unit.break_due = 0
    unit.break_taken = 1
    unit.version += 1
    halt(world, row, now)
    change_status(world, row, Status.ON_BREAK.value, now)
    push(world.queue, now + world.groups[unit.group].break_days, Kind.BREAK_ENDS, row, unit.version)
