"""Calls that wait for a unit: one queue for each priority, first come first served within it.

``waiting_calls`` rules: while it is 0 the heads and tails mean nothing, so a zeroed state is an empty queue.
"""

from __future__ import annotations

from typing import Any

from sim.codes import NOBODY, Answer
from sim.engine.compiled import rule

PRIORITIES = 2  # 0 urgent, 1 routine


@rule
def join_queue(world: Any, row: int) -> None:
    """Put a call at the end of the queue of its priority."""
    state = world.state[0]
    call = world.calls[row]
    if state.waiting_calls == 0:
        for priority in range(PRIORITIES):
            state.waiting_first[priority] = NOBODY
            state.waiting_last[priority] = NOBODY
    call.answer = Answer.WAITING
    call.next = NOBODY
    if state.waiting_last[call.priority] == NOBODY:
        state.waiting_first[call.priority] = row
    else:
        world.calls[state.waiting_last[call.priority]].next = row
    state.waiting_last[call.priority] = row
    state.waiting_calls += 1


@rule
def leave_queue(world: Any) -> int:
    """Take the call that is served next, the longest waiting of the most urgent, or NOBODY."""
    state = world.state[0]
    if state.waiting_calls == 0:
        return NOBODY
    for priority in range(PRIORITIES):
        row = state.waiting_first[priority]
        if row != NOBODY:
            state.waiting_first[priority] = world.calls[row].next
            if state.waiting_first[priority] == NOBODY:
                state.waiting_last[priority] = NOBODY
            world.calls[row].next = NOBODY
            state.waiting_calls -= 1
            return int(row)
    return NOBODY
