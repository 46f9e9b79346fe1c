"""Dispatch: what is done for a call, in this order, until it has the units it wants.

A free unit, as the policy chooses; where none is free, a unit on its way to a less urgent call (``redirect``), help
from across a border, for the most urgent calls a unit on the scene of a less urgent one (``preempt``); else the call
waits, or is lost where the queue is full.
"""

from __future__ import annotations

import math
from typing import Any

from sim.codes import NOBODY, PRIORITIES, Answer, Leg, Reason, Status
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.response.choice import (
    NEIGHBOURS,
    ON_SCENE,
    UNDER_WAY,
    choose_unit,
    may_answer,
    soonest,
)
from sim.response.cover import cover_bare_posts
from sim.response.ledger import change_status
from sim.response.stops import leave_patrol
from sim.response.travel import leave_place, off_road_days, start_leg, turn_out_days
from sim.response.waiting import begin_waiting, give_up, is_full, join_queue, leave_queue, link, plan_step_up, unlink


@rule
def on_call_ready(world: Any, row: int, now: float) -> None:
    """Answer a call whose call-taking is over: send its units, or let it wait."""
    call = world.calls[row]
    call.ready = now
    call.queue_met = world.state[0].waiting_calls
    send_wanted(world, row, now)
    if call.units_sent >= call.units_wanted:
        return
    if not is_full(world):
        join_queue(world, row, now)
    elif call.units_sent == 0:
        give_up(world, row, Answer.LOST.value, now)


@rule
def send_wanted(world: Any, row: int, now: float) -> None:
    """Send units to a call until it has those that it wants, or nobody can be sent."""
    call = world.calls[row]
    while call.units_sent < call.units_wanted:
        unit, reason = choose_unit(world, row, now)
        if unit == NOBODY:
            unit, reason = call_in(world, row, now)
        if unit == NOBODY:
            return
        send(world, unit, row, reason if call.units_sent == 0 else Reason.SECOND.value, now)


@rule
def call_in(world: Any, row: int, now: float) -> tuple[int, int]:
    """Return a unit that is not free for a call, and why: redirected, from a neighbour, or called off a scene.

    Only for its first unit is another call left alone, and only for a call of priority 0 a scene.
    """
    call = world.calls[row]
    orders = world.orders[0]
    if orders.redirect and call.units_sent == 0:
        unit = soonest(world, row, UNDER_WAY, False, now)
        if unit != NOBODY:
            call_off(world, unit, Leg.REDIRECTED.value, now)
            return unit, Reason.REDIRECTED.value
    unit = soonest(world, row, NEIGHBOURS, False, now)
    if unit != NOBODY:
        return unit, Reason.AID.value
    if orders.preempt and call.units_sent == 0 and call.priority == 0:
        unit = soonest(world, row, ON_SCENE, False, now)
        if unit != NOBODY:
            call_off(world, unit, Leg.PREEMPTED.value, now)
            return unit, Reason.PREEMPTED.value
    return NOBODY, Reason.NONE.value


@rule
def call_off(world: Any, row: int, leg: int, now: float) -> None:
    """Take a unit away from its call, which waits again where nobody else is on it.

    It waits even where the queue is full: a dispatcher who has promised a unit does not turn the caller away, but the
    calls that come in after. It takes a place of the queue and may lose patience like any other. A call left on scene
    keeps the time that its work still takes. A call that nobody has reached yet has the time stamps of the unit that
    will be sent next; the table of dispatches remembers this one.
    """
    unit = world.units[row]
    old = unit.call
    left = world.calls[old]
    if leg == Leg.PREEMPTED:
        left.scene_left = max(unit.due - now, 0.0)
        leave_place(world, row, now)
    world.dispatches[unit.dispatch].leg = leg
    world.dispatches[unit.dispatch].cleared = now
    unit.version += 1
    unit.call = NOBODY
    unit.dispatch = NOBODY
    left.units_sent -= 1
    left.units_engaged -= 1
    if left.units_engaged == 0 and math.isnan(left.arrived):
        left.unit = NOBODY
        left.unit_node = NOBODY
        left.dispatched = math.nan
        left.departed = math.nan
        left.travel_metres = math.nan
    if not left.queued:
        join_queue(world, old, now)
    elif left.units_sent == 0:
        left.version += 1
        begin_waiting(world, old, now)


@rule
def send(world: Any, row: int, call_row: int, reason: int, now: float) -> None:
    """Send a unit to a call.

    The metres are those from where the unit can turn towards the call. Where orders do not count travel as busy, the
    unit's work begins at once, and its arrival is only noted.
    """
    unit = world.units[row]
    call = world.calls[call_row]
    delay = turn_out_days(world, row, now)
    leave_patrol(world, row, now)
    unit.version += 1  # whatever it had planned is void
    metres = start_leg(world, row, call.node, call.x_metres, call.y_metres, True, delay, now) + call.access_metres
    dispatch_row = note_dispatch(world, row, call_row, reason, metres, now)
    unit.due = unit.leg_end + off_road_days(world, call.access_metres)
    change_status(world, row, Status.TO_SCENE.value, now)
    unit.call = call_row
    unit.dispatch = dispatch_row
    call.units_sent += 1
    call.units_engaged += 1
    if call.queued:
        call.version += 1  # it waits for further units, and gives up no more
    if call.answer in (Answer.RECEIVED, Answer.WAITING):
        call.answer = Answer.ASSIGNED
    push(world.queue, unit.due if world.orders[0].travel_is_busy else now, Kind.UNIT_ARRIVES, row, unit.version)
    cover_bare_posts(world, now)


@rule
def note_dispatch(world: Any, row: int, call_row: int, reason: int, metres: float, now: float) -> int:
    """Append the row of a unit sent to a call; of the first unit the call itself takes note as well."""
    unit = world.units[row]
    call = world.calls[call_row]
    made = world.state[0].dispatch_rows
    world.state[0].dispatch_rows += 1
    sent = world.dispatches[made]
    sent.call = call_row
    sent.unit = row
    sent.next = call.first_dispatch
    sent.from_node = unit.node
    sent.metres = metres
    sent.dispatched = now
    sent.departed = unit.leg_start
    sent.arrived = math.nan
    sent.cleared = math.nan
    sent.reason = reason
    sent.leg = Leg.UNDER_WAY
    sent.number = 0 if call.first_dispatch == NOBODY else world.dispatches[call.first_dispatch].number + 1
    call.first_dispatch = made
    if call.unit == NOBODY:
        call.unit = row
        call.unit_node = unit.node
        call.dispatched = now
        call.departed = unit.leg_start
        call.travel_metres = metres
        call.reason = reason
    return int(made)


@rule
def next_waiting_call(world: Any, row: int) -> int:
    """Return the waiting call that a unit would take: the most urgent, longest ready one that it may answer.

    Where units are kept free, ``serve_waiting`` decides instead.
    """
    state = world.state[0]
    if state.waiting_calls == 0:
        return NOBODY
    for priority in range(PRIORITIES):
        waiting = state.waiting_first[priority]
        while waiting != NOBODY:
            if may_answer(world, row, waiting):
                return int(waiting)
            waiting = world.calls[waiting].next
    return NOBODY


@rule
def take_waiting_call(world: Any, row: int, now: float) -> bool:
    """Send a unit that has just come free to the waiting call that is next, and say whether there was one."""
    waiting = next_waiting_call(world, row)
    if waiting == NOBODY:
        return False
    take(world, row, waiting, Reason.QUEUED.value, now)
    return True


@rule
def keeps_units(world: Any) -> bool:
    """Decide whether orders keep units free from some calls."""
    for priority in range(PRIORITIES):  # noqa: SIM110 - compiled
        if world.orders[0].keep_free[priority] > 0:
            return True
    return False


@rule
def serve_waiting(world: Any, now: float) -> None:
    """Send free units, else a neighbour's, to the waiting calls that may have one now, in their order.

    Where units are kept free, one that comes free may allow another, nearer one to be sent.
    """
    for priority in range(PRIORITIES):
        if world.state[0].waiting_calls == 0:
            return
        row = world.state[0].waiting_first[priority]
        while row != NOBODY:
            following = world.calls[row].next
            unit, reason = choose_unit(world, row, now)
            if unit == NOBODY:
                unit, reason = soonest(world, row, NEIGHBOURS, False, now), Reason.AID.value
            if unit != NOBODY:
                take(world, unit, row, reason, now)
            row = following


@rule
def serve_at_post(world: Any, row: int, now: float) -> None:
    """Serve the calls that waited for a unit to stand at its post, where units on the move are not sent."""
    if keeps_units(world):
        serve_waiting(world, now)
    else:
        take_waiting_call(world, row, now)


@rule
def take(world: Any, unit: int, row: int, reason: int, now: float) -> None:
    """Send a unit to a waiting call, which leaves the queue with the last unit that it wants."""
    call = world.calls[row]
    if call.units_sent + 1 >= call.units_wanted:
        leave_queue(world, row)
    send(world, unit, row, reason if call.units_sent == 0 else Reason.SECOND.value, now)


@rule
def on_call_steps_up(world: Any, row: int, now: float) -> None:
    """Make a waiting call more urgent by one priority; it may then be worth a unit that was kept free."""
    call = world.calls[row]
    unlink(world, row)
    call.priority -= 1
    send_wanted(world, row, now)
    if call.units_sent < call.units_wanted:
        link(world, row)
    if call.units_sent == 0:
        plan_step_up(world, row, now)
    else:
        call.version += 1
