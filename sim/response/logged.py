"""The replay of a recorded log: its calls come in when and where they did."""

from __future__ import annotations

from typing import Any

from sim.codes import NOBODY, Source
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.response.calls import LOG_STREAM, begin_taking, receive_call


@rule
def on_logged_call(world: Any, row: int, now: float) -> None:
    """Let the call of a row of the log come in, and schedule the next row."""
    logged = world.log[row]
    if row + 1 < len(world.log):
        push(world.queue, world.log[row + 1].received, Kind.LOGGED_CALL, row + 1, 0)
    call_row = receive_call(
        world,
        LOG_STREAM,
        logged.address,
        Source.LOG.value,
        NOBODY,
        0,
        logged.node,
        logged.x_metres,
        logged.y_metres,
        logged.access_metres,
        logged.priority,
        logged.units_wanted,
        now,
    )
    world.calls[call_row].log_row = row
    world.calls[call_row].scene_days = logged.scene_days
    begin_taking(world, call_row, logged.taking_days, now)
