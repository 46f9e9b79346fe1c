"""The loop: which kind of event goes to which rule. This is the one place where the domains meet.

It runs compiled from one moment at which Python has something to do to the next, and stops early only when a
growing table is full.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import disputes, grid, mediation, response
from sim.codes import NOBODY, Channel, Finding, Source, Step
from sim.engine.compiled import compiled, from_python, rule
from sim.engine.queue import drop_first, has_room, push, size
from sim.events import Kind
from sim.people import district_tension_sum

DONE = 0
NEEDS_ROOM = 1
LAST_MOMENT = 1e-9  # days, about a tenth of a millisecond


@rule
def rows_left(world: Any) -> int:
    """Return the smallest number of free rows among the growing tables."""
    state = world.state[0]
    return min(
        len(world.disputes) - state.dispute_rows,
        len(world.cases) - state.case_rows,
        len(world.sessions) - state.session_rows,
        len(world.calls) - state.call_rows,
        len(world.dispatches) - state.dispatch_rows,
    )


@rule
def make_call(world: Any, row: int, now: float) -> None:
    """Let a party to a dispute call the police from party a's home."""
    dispute = world.disputes[row]
    home = world.households[world.residents[dispute.party_a].household]
    violent = dispute.violence > 0
    urgent = violent or dispute.stage >= world.parameters[0].urgent_stage
    call_row = response.receive_call(
        world,
        response.DISPUTE_STREAM,
        disputes.call_address(world, row),
        Source.DISPUTE.value,
        row,
        dispute.stage,
        home.node,
        world.nodes[home.node].x_metres,
        world.nodes[home.node].y_metres,
        0.0,
        0 if urgent else 1,
        1,
        now,
    )
    response.begin_taking(world, call_row, np.nan, now)
    disputes.on_call_made(world, row, call_row, now)


@rule
def give_up_call(world: Any, call_row: int, now: float) -> None:
    """Tell a dispute that nobody will come to its call, unless it has ended or called again since."""
    dispute = world.calls[call_row].dispute
    if world.disputes[dispute].call == call_row:
        disputes.on_call_given_up(world, dispute, now)


@rule
def arrive(world: Any, unit: int, now: float) -> None:
    """Let a unit reach its scene; a dispute that brought it may be defused."""
    dispute = response.on_unit_arrives(world, unit, now)
    if dispute != NOBODY:
        call_row = world.units[unit].call
        disputes.on_police_arrival(world, dispute, call_row, response.defuses(world, call_row), now)


@rule
def assign(world: Any, case_row: int, now: float) -> None:
    """Hand a new case to its channel, and tell the grids' books of it."""
    grid.note_case(world, case_row, now)
    if world.cases[case_row].withdrawn:
        return
    if world.cases[case_row].channel == Channel.GRID:
        grid.on_case_for_grid(world, case_row, now)
    elif world.cases[case_row].channel == Channel.COURT:
        mediation.on_case_for_court(world, case_row, now)
    else:
        mediation.on_case_for_mediation(world, case_row, now)


@rule
def take_step(world: Any, case_row: int, step: int, now: float) -> None:
    """Take a step of the closed loop that was to come some days after the one before."""
    if step == Step.ASSIGNED:
        grid.on_case_due(world, case_row, now)
    elif step == Step.FED_BACK:
        disputes.feed_back(world, case_row, now)
    else:
        disputes.file_case(world, case_row, now)


@compiled
def day_end(day: int) -> float:
    """Return the last moment of a day, so that a run of whole days closes its last one too."""
    return day + 1.0 - LAST_MOMENT


@rule
def close_day(world: Any, day: int, now: float) -> None:
    """Write the day's true tension for each district and schedule the next day's end."""
    first = day * len(world.districts)
    for district in range(len(world.districts)):
        world.series[first + district].true_tension_sum = district_tension_sum(world, district, now)
    if day + 1 < len(world.days):
        push(world.queue, day_end(day + 1), Kind.DAY_ENDS, day + 1, 0)


@compiled
def run_until(world: Any, until: float) -> int:
    """Handle every event before the moment ``until``, in order.

    An event whose row has a newer version is dropped.

    Returns:
        DONE, or NEEDS_ROOM when a growing table is nearly full: the caller enlarges it and calls again.
    """
    state = world.state[0]
    queue = world.queue
    while size(queue) > 0 and queue[1].time < until:
        if rows_left(world) < state.room or not has_room(queue, state.room):
            return NEEDS_ROOM
        first = queue[1]
        now, kind, row, version = first.time, first.kind, first.row, first.version
        drop_first(queue)
        state.now = now
        state.events += 1
        if kind == Kind.FRICTION:
            first_new = state.dispute_rows
            disputes.on_friction(world, now)
            grid.listen(world, first_new, now)
        elif kind == Kind.DISPUTE_MOVES:
            if world.disputes[row].version == version:
                disputes.on_dispute_moves(world, row, now)
        elif kind == Kind.WORKER_FREE:
            if world.workers[row].version == version:
                grid.on_worker_free(world, row, now)
        elif kind == Kind.STREAM_CALL:
            response.on_stream_call(world, row, now)
        elif kind == Kind.CALL_READY:
            response.on_call_ready(world, row, now)
        elif kind == Kind.UNIT_ARRIVES:
            if world.units[row].version == version:
                arrive(world, row, now)
        elif kind == Kind.UNIT_CLEARS:
            if world.units[row].version == version:
                response.on_unit_clears(world, row, now)
        elif kind == Kind.UNIT_AT_POST:
            if world.units[row].version == version:
                response.on_unit_at_post(world, row, now)
        elif kind == Kind.PATROL_MOVES:
            if world.units[row].version == version:
                response.on_patrol_moves(world, row, now)
        elif kind == Kind.SHIFT_STARTS:
            if world.units[row].shift_version == version:
                response.on_shift_starts(world, row, now)
        elif kind == Kind.SHIFT_ENDS:
            if world.units[row].shift_version == version:
                response.on_shift_ends(world, row, now)
        elif kind == Kind.DISPUTE_FOUND:
            disputes.on_dispute_found(world, row, version, now)
        elif kind == Kind.DISPUTE_CALLS:
            make_call(world, row, now)
        elif kind == Kind.CASE_ASSIGNED:
            assign(world, row, now)
        elif kind == Kind.CASE_ACTED:
            disputes.on_case_acted(world, row, now)
        elif kind == Kind.CASE_CLOSED:
            disputes.on_case_closed(world, row, now)
        elif kind == Kind.CASE_READY:
            mediation.on_case_ready(world, row, now)
        elif kind == Kind.OFFICE_OPENS:
            mediation.on_office_opens(world, row, now)
        elif kind == Kind.SESSION_ENDS:
            mediation.on_session_ends(world, row, now)
        elif kind == Kind.RELAPSE:
            first_new = state.dispute_rows
            disputes.on_relapse(world, row, now)
            grid.listen(world, first_new, now)
        elif kind == Kind.DAY_ENDS:
            close_day(world, row, now)
        elif kind == Kind.DISPUTE_CHANGED:
            if world.disputes[row].version == version:
                disputes.on_dispute_changed(world, row, now)
        elif kind == Kind.VOLUNTEER_TELLS:
            if grid.still_told(world, row, version):
                disputes.on_dispute_found(world, row, Finding.VOLUNTEER, now)
        elif kind == Kind.CASE_STEPS:
            take_step(world, row, version, now)
        elif kind == Kind.JOINT_HANDLED:
            grid.on_joint_handled(world, row, now)
        elif kind == Kind.CASE_LISTED:
            grid.on_case_listed(world, row, version, now)
        elif kind == Kind.HELPER_FREE:
            if world.helpers[row].version == version:
                grid.on_helper_free(world, row, now)
        elif kind == Kind.LOGGED_CALL:
            response.on_logged_call(world, row, now)
        elif kind == Kind.CALL_RENEGES:
            if world.calls[row].version == version:
                response.on_call_reneges(world, row, now)
        elif kind == Kind.CALL_STEPS_UP:
            if world.calls[row].version == version:
                response.on_call_steps_up(world, row, now)
        elif kind == Kind.CALL_GIVEN_UP:
            give_up_call(world, row, now)
        elif kind == Kind.DISPUTE_VISITED:
            disputes.on_dispute_visited(world, row, now)
        elif kind == Kind.FOLLOW_UP_DUE:
            if disputes.wants_follow_up(world, row):
                grid.on_follow_up_due(world, row, now)
        elif kind == Kind.CASE_DUE:
            disputes.on_case_due(world, row, now)
        elif kind == Kind.BREAK_STARTS:
            if world.units[row].shift_version == version:
                response.on_break_starts(world, row, now)
        elif kind == Kind.BREAK_ENDS:
            if world.units[row].version == version:
                response.on_break_ends(world, row, now)
        elif kind == Kind.DUTY_CHANGES:
            response.on_duty_changes(world, row, now)
        elif kind == Kind.SPOTS_RENEWED:
            response.on_spots_renewed(world, row, now)
        elif kind == Kind.FLIGHT_STARTS:
            response.on_flight_starts(world, row, now)
        elif kind == Kind.ALARM:
            response.on_alarm(world, row, now)
        elif kind == Kind.FLIGHT_CROSSES:
            response.on_flight_crosses(world, row, now)
        elif kind == Kind.RING_REACHED:
            if world.units[row].version == version:
                response.on_ring_reached(world, row, now)
        elif kind == Kind.RING_LEFT:
            if world.units[row].version == version:
                response.on_ring_left(world, row, now)
        elif kind == Kind.OFFSPRING:
            first_new = state.dispute_rows
            disputes.on_offspring(world, row, version, now)
            grid.listen(world, first_new, now)
        elif kind == Kind.CAUSE_BRINGS:
            first_new = state.dispute_rows
            disputes.on_cause_brings(world, row, version, now)
            grid.listen(world, first_new, now)
        elif kind == Kind.MEDIATOR_BACK:
            mediation.on_mediator_back(world, row, now)
        elif kind == Kind.COURT_HEARS:
            mediation.on_court_hears(world, row, now)
        elif kind == Kind.PRE_LITIGATION_ENDS:
            disputes.on_pre_litigation_ends(world, row, now)
        elif kind == Kind.TEAM_READY:
            mediation.on_case_ready(world, row, now)
    return DONE


def start_loop(world: Any) -> None:
    """Schedule what sets everything else in motion: frictions, background calls, workers, units, the days' ends."""
    push(world.queue, day_end(0), Kind.DAY_ENDS.value, 0, 0)
    from_python(disputes.next_friction)(world, 0.0)
    response.start_calls(world)
    response.start_shifts(world)
    response.start_spots(world)
    from_python(response.next_flight)(world, 0)
    disputes.start_causes(world)
    for row in np.flatnonzero(world.workers["active"]).tolist():
        push(world.queue, 0.0, Kind.WORKER_FREE.value, row, world.workers["version"][row])
