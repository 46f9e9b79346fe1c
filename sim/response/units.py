"""A patrol unit's calls: arrival, time on scene, and what it does when it is free again."""

from __future__ import annotations

import math
from typing import Any

from sim.codes import NOBODY, Answer, Leg, Status
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.response.books import book_answer
from sim.response.breaks import start_break
from sim.response.cover import cover_bare_posts
from sim.response.dispatch import keeps_units, serve_at_post, serve_waiting, take_waiting_call
from sim.response.laws import scene_days
from sim.response.leaving import leave_duty
from sim.response.ledger import change_status
from sim.response.patrol import go_idle
from sim.response.travel import leave_place, stand_at
from sim.response.waiting import leave_queue


@rule
def on_unit_arrives(world: Any, row: int, now: float) -> int:
    """Begin the work on scene; return the dispute that a call's first arrival may defuse, or NOBODY."""
    unit = world.units[row]
    call = world.calls[unit.call]
    sent = world.dispatches[unit.dispatch]
    arrived = unit.due
    stand_at(world, row, call.node, call.x_metres, call.y_metres, now)
    change_status(world, row, Status.ON_SCENE.value, now)
    unit.answered += 1
    unit.driven_metres += sent.metres
    sent.arrived = arrived
    sent.leg = Leg.ON_SCENE
    unit.due = now + time_on_scene(world, unit.call, sent.number)
    push(world.queue, unit.due, Kind.UNIT_CLEARS, row, unit.version)
    call.answer = Answer.ON_SCENE
    if not math.isnan(call.arrived):
        return NOBODY
    note_first_arrival(world, row, arrived)
    book_answer(world, unit.call)
    return int(call.dispute)


@rule
def note_first_arrival(world: Any, row: int, arrived: float) -> None:
    """Let a call's own record be that of the unit that is there first."""
    unit = world.units[row]
    call = world.calls[unit.call]
    sent = world.dispatches[unit.dispatch]
    call.arrived = arrived
    call.tier = unit.tier
    call.unit = row
    call.unit_node = sent.from_node
    call.dispatched = sent.dispatched
    call.departed = sent.departed
    call.travel_metres = sent.metres
    call.reason = sent.reason


@rule
def time_on_scene(world: Any, row: int, number: int) -> float:
    """Return the days that a call keeps a unit: what a unit called off has left over, else the whole work."""
    call = world.calls[row]
    left = call.scene_left
    if math.isnan(left):
        return float(scene_days(world, row, number))
    call.scene_left = math.nan
    return float(left)


@rule
def on_unit_clears(world: Any, row: int, now: float) -> None:
    """End a unit's work on scene, and the call with the last unit on it; then let it see what is next."""
    unit = world.units[row]
    call = world.calls[unit.call]
    sent = world.dispatches[unit.dispatch]
    # Where travel does not count as busy, a unit may be free again before it would have arrived.
    sent.cleared = max(now, sent.arrived)
    sent.leg = Leg.CLEARED
    call.units_engaged -= 1
    if call.units_engaged == 0 and math.isnan(call.scene_left):
        if call.queued:
            leave_queue(world, unit.call)
        call.cleared = max(now, call.arrived)
        call.answer = Answer.DONE
    leave_place(world, row, now)
    unit.call = NOBODY
    unit.dispatch = NOBODY
    becomes_free(world, row, now)


@rule
def becomes_free(world: Any, row: int, now: float) -> None:
    """Let a unit that has nothing to do go on: off duty, to its break, to a waiting call, or on with its patrol."""
    unit = world.units[row]
    if not unit.on_shift:
        leave_duty(world, row, now)
    elif unit.break_due:
        start_break(world, row, now)
    elif keeps_units(world):
        go_idle(world, row, now)
        serve_waiting(world, now)
        cover_bare_posts(world, now)
    elif not take_waiting_call(world, row, now):
        go_idle(world, row, now)
        cover_bare_posts(world, now)


@rule
def on_unit_at_post(world: Any, row: int, now: float) -> None:
    """Station a unit that has come to a post; where units on the move are not sent, a call may have waited for it."""
    unit = world.units[row]
    post = world.posts[unit.post]
    stand_at(world, row, post.node, post.x_metres, post.y_metres, now)
    change_status(world, row, Status.AT_POST.value, now)
    serve_at_post(world, row, now)
