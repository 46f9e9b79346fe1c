"""Dispatch: which unit goes to which call, and when."""

from __future__ import annotations

from typing import Any

from sim.codes import NOBODY, Answer, Status
from sim.engine.clock import SECOND
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.response.ledger import change_status
from sim.response.position import seconds_before_leaving
from sim.response.search import measure_way, nearest_free_unit
from sim.response.waiting import join_queue, leave_queue


@rule
def on_call_ready(world: Any, row: int, now: float) -> None:
    """Send the free unit that arrives first to a call whose call-taking is over, or let the call wait."""
    call = world.calls[row]
    call.ready = now
    call.queue_met = world.state[0].waiting_calls
    unit = nearest_free_unit(world, call.node, now)
    if unit == NOBODY:
        join_queue(world, row)
    else:
        send(world, unit, row, now)


@rule
def take_waiting_call(world: Any, unit: int, now: float) -> bool:
    """Send a unit that has just become free to the waiting call that is next, and say whether there was one."""
    row = leave_queue(world)
    if row == NOBODY:
        return False
    measure_way(world, unit, world.calls[row].node, now)
    send(world, unit, row, now)
    return True


@rule
def send(world: Any, unit_row: int, row: int, now: float) -> None:
    """Send a unit to a call along the way that the search before has measured.

    ``departed`` is when a crew at its post has turned out; a crew on the road departs at once. The metres are
    those from the node at which the unit can turn towards the call.
    """
    unit = world.units[unit_row]
    call = world.calls[row]
    way = world.nodes[unit.node]
    delay = seconds_before_leaving(world, unit_row, now)
    call.answer = Answer.ASSIGNED
    call.unit = unit_row
    call.unit_node = unit.node
    call.dispatched = now
    call.departed = now + delay * SECOND if unit.status == Status.AT_POST else now
    call.travel_metres = way.metres
    if unit.status == Status.RETURNING:
        unit.version += 1  # it will not come back to its post as planned
    change_status(world, unit_row, Status.TO_SCENE, now)
    unit.call = row
    unit.node = call.node
    unit.node_time = now + (delay + way.seconds) * SECOND
    push(world.queue, unit.node_time, Kind.UNIT_ARRIVES, unit_row, unit.version)
