"""Mediation offices: queues of cases, mediators' hours, sessions, and whether a session settles.

An office takes its cases first come, first served. A mediator holds one session at a time within the office's
hours; a case may need several sessions with days between them, so more mediators mean shorter queues, and shorter
queues mean settlement before the dispute has climbed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Tie
from sim.engine.clock import HOUR, next_opening
from sim.engine.compiled import compiled, rule
from sim.engine.draws import exponential, lognormal, uniform
from sim.engine.maths import logistic, logit
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose
from sim.world import daily, join_line

REFERENCE_STAGE = 4  # the stage to which ``mediation_settlement_probability`` refers


@compiled
def closing_hour(parameters: Any) -> float:
    """Return the hour of the day at which the last session may begin."""
    return min(parameters.mediation_start_hour + parameters.mediation_hours_per_day, 24.0)


@rule
def opening_after(world: Any, now: float) -> float:
    """Return the first moment at or after ``now`` at which offices hold sessions."""
    parameters = world.parameters[0]
    return next_opening(now, world.days, parameters.mediation_start_hour, closing_hour(parameters))


@rule
def idle_mediator(world: Any, office_row: int) -> int:
    """Return the active mediator of an office with the fewest hours of sessions so far who holds none now, or -1."""
    chosen, fewest = NOBODY, np.inf
    row = world.offices[office_row].first_mediator
    while row != NOBODY:
        mediator = world.mediators[row]
        if mediator.active and mediator.session == NOBODY and mediator.hours < fewest:
            chosen, fewest = row, mediator.hours
        row = mediator.next_in_office
    return int(chosen)


@rule
def join_queue(world: Any, office_row: int, case_row: int) -> None:
    """Append a case to an office's queue; urgent ones go first."""
    join_line(world, world.offices[office_row], case_row)


@rule
def take_case(world: Any, office_row: int) -> int:
    """Take the longest-waiting open case from an office's queue, or -1; withdrawn ones are dropped."""
    office = world.offices[office_row]
    while office.first_case != NOBODY:
        row = office.first_case
        case = world.cases[row]
        office.first_case = case.next
        case.next = NOBODY
        if not case.withdrawn:
            return int(row)
    return NOBODY


@rule
def serve_queue(world: Any, office_row: int, now: float) -> None:
    """Let idle mediators take waiting cases; outside the hours make sure that the office will open for them."""
    office = world.offices[office_row]
    opening = opening_after(world, now)
    if opening > now:
        if office.first_case != NOBODY and not office.opening_due and opening < np.inf:
            office.opening_due = 1
            push(world.queue, opening, Kind.OFFICE_OPENS, office_row, 0)
        return
    while office.first_case != NOBODY:
        mediator_row = idle_mediator(world, office_row)
        if mediator_row == NOBODY:
            return
        case_row = take_case(world, office_row)
        if case_row != NOBODY:
            begin_session(world, case_row, mediator_row, now)


@rule
def begin_session(world: Any, case_row: int, mediator_row: int, now: float) -> None:
    """Start a session of a case with a mediator and schedule its end."""
    row = world.state[0].session_rows
    world.state[0].session_rows += 1
    case = world.cases[case_row]
    if math.isnan(case.acted):
        case.acted = now
        push(world.queue, now, Kind.CASE_ACTED, case_row, 0)
    case.sessions += 1
    dispute = world.disputes[case.dispute]
    parameters = world.parameters[0]
    hours = lognormal(
        world.state[0].seed,
        Purpose.SESSION_HOURS,
        dispute.address,
        session_occasion(dispute, case),
        parameters.session_hours,
        parameters.session_hours_sigma,
    )
    session = world.sessions[row]
    session.case = case_row
    session.mediator = mediator_row
    session.number = case.sessions
    session.start = now
    session.end = now + hours * HOUR
    world.mediators[mediator_row].session = row
    daily(world, dispute.community, now).sessions += 1
    push(world.queue, session.end, Kind.SESSION_ENDS, row, 0)


@compiled
def session_occasion(dispute: Any, case: Any) -> int:
    """Return the occasion of a session's draws: which handling of the dispute, and which session of it."""
    return dispute.handlings * 64 + case.sessions


@compiled
def has_lasting_tie(tie: int) -> bool:
    """Decide whether the parties go on meeting: household, neighbours, workmates and kin do."""
    return bool(tie in (Tie.HOUSEHOLD, Tie.NEIGHBOUR, Tie.WORK, Tie.KIN))


@compiled
def case_settlement_probability(parameters: Any, stage: int, skill: float, lasting: bool, days_waited: float) -> float:
    """Return the probability that a case settles within its sessions.

    logit p = logit(mediation_settlement_probability) + stage slope x (stage - 4) + skill slope x skill
    + relation x lasting + delay slope x days waited for the first session. Base: 57-85 % in studies (evidence
    table); relation: McEwen and Maiman (1981), 76 % against 65 %; the slopes are free parameters.
    """
    odds = (
        logit(parameters.mediation_settlement_probability)
        + parameters.mediation_stage_slope * (stage - REFERENCE_STAGE)
        + parameters.mediation_skill_slope * skill
        + parameters.mediation_delay_slope * days_waited
    )
    return logistic(odds + parameters.mediation_relation_logit if lasting else odds)


@compiled
def session_settles_probability(case_probability: float, sessions_most: float) -> float:
    """Return the probability for one session so that all of them together settle with the case's probability."""
    return 1.0 - (1.0 - case_probability) ** (1.0 / max(sessions_most, 1.0))


@rule
def on_session_ends(world: Any, row: int, now: float) -> None:
    """Settle the case, arrange another session, or close it; then the mediator takes the next case."""
    session = world.sessions[row]
    case = world.cases[session.case]
    mediator = world.mediators[session.mediator]
    mediator.session = NOBODY
    mediator.sessions += 1
    mediator.hours += (now - session.start) / HOUR
    if not case.withdrawn:
        decide_session(world, row, now)
    if mediator.active:
        serve_queue(world, mediator.office, now)


@rule
def decide_session(world: Any, row: int, now: float) -> None:
    """Draw whether a session settles its case; if not, go on after some days or give up after the last."""
    session = world.sessions[row]
    case = world.cases[session.case]
    dispute = world.disputes[case.dispute]
    parameters = world.parameters[0]
    whole = case_settlement_probability(
        parameters,
        dispute.stage,
        world.mediators[session.mediator].skill,
        has_lasting_tie(dispute.tie),
        case.acted - case.opened,
    )
    seed, occasion = world.state[0].seed, session_occasion(dispute, case)
    luck = uniform(seed, Purpose.SESSION_SETTLES, dispute.address, occasion)
    if luck < session_settles_probability(whole, parameters.sessions_most):
        session.settled = 1
        case.true_settled = 1
        push(world.queue, now, Kind.CASE_CLOSED, session.case, 0)
    elif case.sessions < parameters.sessions_most:
        gap = parameters.session_gap_days * exponential(seed, Purpose.SESSION_GAP, dispute.address, occasion)
        push(world.queue, now + gap, Kind.CASE_READY, session.case, 0)
    else:
        push(world.queue, now, Kind.CASE_CLOSED, session.case, 0)


@rule
def on_case_for_mediation(world: Any, case_row: int, now: float) -> None:
    """Give a new case to the office in charge of party a's community."""
    case = world.cases[case_row]
    dispute = world.disputes[case.dispute]
    case.office = world.communities[dispute.community].office
    case.channel = world.offices[case.office].channel
    case.assigned = now
    on_case_ready(world, case_row, now)


@rule
def on_case_ready(world: Any, case_row: int, now: float) -> None:
    """Let a case that is due for a session join its office's queue."""
    case = world.cases[case_row]
    if case.withdrawn:
        return
    join_queue(world, case.office, case_row)
    serve_queue(world, case.office, now)


@rule
def on_office_opens(world: Any, office_row: int, now: float) -> None:
    """Start the day's first sessions."""
    world.offices[office_row].opening_due = 0
    serve_queue(world, office_row, now)
