"""Calls: how one comes in, whatever caused it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Answer, Reason
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.response.books import book_call
from sim.response.dispatch import on_call_ready
from sim.response.laws import call_taking_days

BACKGROUND_STREAM = 0  # rows of ``streams``: residents' other reasons
DISPUTE_STREAM = 1
LOG_STREAM = 2
FIRST_STREAM = 3  # the scenario's streams, in its order


@rule
def receive_call(
    world: Any,
    stream: int,
    address: int,
    source: int,
    dispute: int,
    stage: int,
    node: int,
    x: float,
    y: float,
    access_metres: float,
    priority: int,
    units_wanted: int,
    now: float,
) -> int:
    """Append a call received at ``now`` to the table and the books, and return its row; ``begin_taking`` comes next.

    Args:
        world: the tables.
        stream: the row of ``streams`` whose laws hold for it.
        address: of its draws.
        source: a ``Source``.
        dispute: that causes it, or NOBODY.
        stage: of the dispute, 0 for a call without one.
        node: where a unit leaves the road.
        x: of the place, metres.
        y: of the place, metres.
        access_metres: between the road and the place.
        priority: 0 the most urgent.
        units_wanted: 1 or more.
        now: moment of receipt.

    Its time on scene is drawn later, unless the caller writes a recorded one into the row.
    """
    row = int(world.state[0].call_rows)
    world.state[0].call_rows += 1
    clear_call(world, row)
    call = world.calls[row]
    call.address = address
    call.stream = stream
    call.source = source
    call.dispute = dispute
    call.stage = stage
    call.node = node
    call.community = world.nodes[node].community
    call.x_metres = x
    call.y_metres = y
    call.access_metres = access_metres
    call.priority = priority
    call.first_priority = priority
    call.units_wanted = units_wanted
    call.received = now
    book_call(world, row)
    return row


@rule
def begin_taking(world: Any, row: int, taking_days: float, now: float) -> None:
    """Plan the end of a call's taking, drawn where ``taking_days`` is NaN; if it needs no time, dispatch the call."""
    call = world.calls[row]
    taking = call_taking_days(world, call.stream, call.address) if math.isnan(taking_days) else taking_days
    if taking > 0.0:
        push(world.queue, now + taking, Kind.CALL_READY, row, 0)
    else:
        on_call_ready(world, row, now)


@rule
def clear_call(world: Any, row: int) -> None:
    """Write into a call's row that nothing has been done about it."""
    call = world.calls[row]
    call.answer = Answer.RECEIVED
    call.reason = Reason.NONE
    call.log_row = NOBODY
    call.unit = NOBODY
    call.unit_node = NOBODY
    call.first_dispatch = NOBODY
    call.next = NOBODY
    call.previous = NOBODY
    call.tier = NOBODY
    call.version = 0
    call.queue_met = 0
    call.units_sent = 0
    call.units_engaged = 0
    call.queued = 0
    call.defused = 0
    call.ready = np.nan
    call.dispatched = np.nan
    call.departed = np.nan
    call.arrived = np.nan
    call.cleared = np.nan
    call.travel_metres = np.nan
    call.scene_days = np.nan
    call.scene_left = np.nan
