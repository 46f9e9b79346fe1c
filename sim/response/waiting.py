"""Calls that wait for a unit: one queue for each priority, in the order in which their call-taking ended.

A call is in a queue while ``queued`` is 1: until its first unit is sent, or, of a call that wants several, until the
last is. ``waiting_calls`` rules: while it is 0 the heads and tails mean nothing, so a zeroed state is an empty queue.
"""

from __future__ import annotations

import math
from typing import Any

from sim.codes import NOBODY, PRIORITIES, Answer
from sim.engine.compiled import rule
from sim.engine.draws import exponential
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose


@rule
def is_full(world: Any) -> bool:
    """Decide whether no further call may wait.

    Whoever waits counts: for a first unit or a further one, as a new call or as one whose unit was called off. The last
    wait even in a full queue (``sim.response.dispatch.call_off``), which takes new calls again when it has room.
    """
    return bool(world.state[0].waiting_calls >= world.orders[0].queue_capacity)


@rule
def join_queue(world: Any, row: int, now: float) -> None:
    """Put a call into the queue of its priority, behind those that were ready before it.

    Whoever waits for a first unit may lose patience, and may become more urgent; both count from now.
    """
    link(world, row)
    if world.calls[row].units_sent == 0:
        begin_waiting(world, row, now)


@rule
def begin_waiting(world: Any, row: int, now: float) -> None:
    """Let a call in the queue wait for its first unit: patience and stepping up count from now."""
    call = world.calls[row]
    if math.isnan(call.arrived):
        call.answer = Answer.WAITING
        plan_reneging(world, row, now)
    plan_step_up(world, row, now)


@rule
def plan_reneging(world: Any, row: int, now: float) -> None:
    """Draw a waiting call's patience: exponential, with the mean of its first priority."""
    call = world.calls[row]
    mean = world.orders[0].patience[call.first_priority]
    if mean < math.inf:
        patience = mean * exponential(world.state[0].seed, Purpose.CALL_PATIENCE, call.address, call.version)
        push(world.queue, now + patience, Kind.CALL_RENEGES, row, call.version)


@rule
def plan_step_up(world: Any, row: int, now: float) -> None:
    """Plan when a waiting call becomes more urgent."""
    call = world.calls[row]
    days = world.orders[0].step_up[call.priority]
    if call.priority > 0 and days < math.inf:
        push(world.queue, now + days, Kind.CALL_STEPS_UP, row, call.version)


@rule
def link(world: Any, row: int) -> None:
    """Link a call into the queue of its priority, ordered by the end of call-taking."""
    state = world.state[0]
    call = world.calls[row]
    if state.waiting_calls == 0:
        for priority in range(PRIORITIES):
            state.waiting_first[priority] = NOBODY
            state.waiting_last[priority] = NOBODY
    behind = NOBODY
    before = state.waiting_last[call.priority]
    while before != NOBODY and world.calls[before].ready > call.ready:
        behind = before
        before = world.calls[before].previous
    call.previous = before
    call.next = behind
    if before == NOBODY:
        state.waiting_first[call.priority] = row
    else:
        world.calls[before].next = row
    if behind == NOBODY:
        state.waiting_last[call.priority] = row
    else:
        world.calls[behind].previous = row
    call.queued = 1
    state.waiting_calls += 1


@rule
def unlink(world: Any, row: int) -> None:
    """Take a call out of its queue."""
    state = world.state[0]
    call = world.calls[row]
    if call.previous == NOBODY:
        state.waiting_first[call.priority] = call.next
    else:
        world.calls[call.previous].next = call.next
    if call.next == NOBODY:
        state.waiting_last[call.priority] = call.previous
    else:
        world.calls[call.next].previous = call.previous
    call.next = NOBODY
    call.previous = NOBODY
    call.queued = 0
    state.waiting_calls -= 1


@rule
def leave_queue(world: Any, row: int) -> None:
    """Take a call out of its queue for good: what was planned for its waiting is void."""
    unlink(world, row)
    world.calls[row].version += 1


@rule
def give_up(world: Any, row: int, answer: int, now: float) -> None:
    """Close a call that nobody has come to, and tell the dispute that caused it."""
    call = world.calls[row]
    call.answer = answer
    call.cleared = now
    if call.dispute != NOBODY:
        push(world.queue, now, Kind.CALL_GIVEN_UP, row, 0)


@rule
def on_call_reneges(world: Any, row: int, now: float) -> None:
    """Let whoever waits for a call's unit give up."""
    leave_queue(world, row)
    give_up(world, row, Answer.RENEGED.value, now)
