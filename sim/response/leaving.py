"""Going off duty, and the overtime of crews that could not."""

from __future__ import annotations

from typing import Any

from sim.codes import NOBODY, Status
from sim.engine.compiled import rule
from sim.response.ledger import change_status
from sim.response.stops import leave_patrol
from sim.response.travel import stand_at


@rule
def has_no_task(world: Any, row: int) -> bool:
    """Decide whether a crew on duty has neither a call nor a break nor a point to hold, wherever it is."""
    status = world.units[row].status
    return bool(status in (Status.AT_POST, Status.RETURNING, Status.PATROLLING, Status.DWELLING))


@rule
def leave_duty(world: Any, row: int, now: float) -> None:
    """Let a crew without a task go off duty; whatever it had planned is void, and its next shift begins at its post."""
    unit = world.units[row]
    book_overtime(world, row, now)
    leave_patrol(world, row, now)
    unit.version += 1
    unit.break_due = 0
    unit.on_duty_at = 0
    unit.goal = NOBODY
    unit.post = unit.home_post
    change_status(world, row, Status.OFF_DUTY.value, now)
    post = world.posts[unit.post]
    stand_at(world, row, post.node, post.x_metres, post.y_metres, now)


@rule
def book_overtime(world: Any, row: int, now: float) -> None:
    """Add the time on duty since the end of a crew's shift to its overtime."""
    unit = world.units[row]
    unit.overtime_days += max(now - unit.shift_end, 0.0)
