"""Mediation offices at work: cases arrive, wait for a mediator in the office's hours, and get their sessions.

A mediator holds one session at a time; a case may need several sessions with days between them, so more mediators mean
shorter queues, and shorter queues mean settlement before the dispute has climbed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Channel
from sim.engine.compiled import rule
from sim.engine.draws import exponential, uniform
from sim.engine.queue import push
from sim.events import Kind
from sim.mediation.choosing import office_for
from sim.mediation.queues import idle_mediator, join_queue, opening_after, take_case
from sim.mediation.sessions import begin_session, decide_session, leave_session
from sim.mediation.teams import team_for, team_moment
from sim.purposes import Purpose

MOST_PUT_OFF = 16  # cases that an office puts off for their teams at a time; the next attempt goes on from there


@rule
def serve_queue(world: Any, office_row: int, now: float) -> None:
    """Let idle mediators take waiting cases; outside the hours make sure that the office will open for them."""
    office = world.offices[office_row]
    opening = opening_after(world, office.group, now)
    if opening > now:
        if office.waiting > 0 and not office.opening_due and opening < np.inf:
            office.opening_due = 1
            push(world.queue, opening, Kind.OFFICE_OPENS, office_row, 0)
        return
    put_off = 0
    while office.waiting > 0 and put_off < MOST_PUT_OFF:
        mediator_row = idle_mediator(world, office_row)
        if mediator_row == NOBODY:
            return
        case_row = take_case(world, office_row)
        if case_row == NOBODY:
            return
        moment = team_moment(world, case_row, mediator_row, now)
        if moment > now:
            put_off += 1
            if math.isnan(world.cases[case_row].put_off):
                world.cases[case_row].put_off = now
            push(world.queue, moment, Kind.TEAM_READY, case_row, 0)
        else:
            begin_session(world, case_row, mediator_row, now)


@rule
def on_session_ends(world: Any, row: int, now: float) -> None:
    """Settle the case, arrange another session, or close it; then those who held it go back to their offices."""
    if not world.cases[world.sessions[row].case].withdrawn:
        decide_session(world, row, now)
    leave_session(world, row, now)
    if world.sessions[row].trip > 0.0:
        push(world.queue, now + world.sessions[row].trip, Kind.MEDIATOR_BACK, row, 0)
    else:
        on_mediator_back(world, row, now)


@rule
def on_mediator_back(world: Any, row: int, now: float) -> None:
    """Let all who held a session be free, and their offices take the next cases."""
    member = world.sessions[row].mediator
    while member != NOBODY:
        mediator = world.mediators[member]
        mediator.session = NOBODY
        member = mediator.next_in_team
    member = world.sessions[row].mediator
    while member != NOBODY:
        # Whoever is served first may be taken into a new session, with another team, before the next is looked at.
        following = world.mediators[member].next_in_team
        if world.mediators[member].session == NOBODY:
            world.mediators[member].next_in_team = NOBODY
        if world.mediators[member].active:
            serve_queue(world, world.mediators[member].office, now)
        member = following


@rule
def on_case_for_mediation(world: Any, case_row: int, now: float) -> None:
    """Give a new case to an office: at once, after the delay of its hand-over, or never where it is lost on the way."""
    case = world.cases[case_row]
    row = office_for(world, case.dispute, case.channel)
    if row == NOBODY:
        case.refused = 1
        push(world.queue, now, Kind.CASE_CLOSED, case_row, 0)
        return
    office = world.offices[row]
    case.office = row
    case.channel = office.channel
    if case.source != Channel.SELF and not world.office_groups[office.group].at_once:
        hand_over(world, case_row, now)
    else:
        on_case_ready(world, case_row, now)


@rule
def hand_over(world: Any, case_row: int, now: float) -> None:
    """Let a case that another channel hands over arrive after an exponential delay, or be lost."""
    case = world.cases[case_row]
    dispute = world.disputes[case.dispute]
    way = world.hand_overs[case.source]
    way.sent += 1
    seed, occasion = world.state[0].seed, dispute.handlings * 2
    if uniform(seed, Purpose.HAND_OVER, dispute.address, occasion) < way.loss:
        way.lost += 1
        case.lost = 1
        push(world.queue, now, Kind.CASE_CLOSED, case_row, 0)
        return
    if way.delay_days > 0.0:
        delay = way.delay_days * exponential(seed, Purpose.HAND_OVER, dispute.address, occasion + 1)
        push(world.queue, now + delay, Kind.CASE_READY, case_row, 0)
    else:
        on_case_ready(world, case_row, now)


@rule
def arrive_at_office(world: Any, case_row: int, now: float) -> None:
    """Stamp that a case has come to its office, and say which team it gets and when the court wants it back."""
    case = world.cases[case_row]
    case.assigned = now
    case.team = team_for(world, case_row)
    if case.source == Channel.COURT:
        push(world.queue, now + world.practice[0].limit_days, Kind.PRE_LITIGATION_ENDS, case_row, 0)


@rule
def on_case_ready(world: Any, case_row: int, now: float) -> None:
    """Let a case that is due for a session join its office's queue."""
    case = world.cases[case_row]
    if case.withdrawn:
        return
    if math.isnan(case.assigned):
        arrive_at_office(world, case_row, now)
    join_queue(world, case.office, case_row)
    serve_queue(world, case.office, now)


@rule
def on_office_opens(world: Any, office_row: int, now: float) -> None:
    """Start the day's first sessions."""
    world.offices[office_row].opening_due = 0
    serve_queue(world, office_row, now)
