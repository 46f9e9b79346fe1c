"""Sessions: held by a mediator, alone or with a team, at the office, at the parties' home or online; and their ends."""

from __future__ import annotations

import math
from typing import Any

from sim.codes import NOBODY
from sim.engine.clock import HOUR
from sim.engine.compiled import compiled, rule
from sim.engine.draws import exponential, lognormal, uniform
from sim.engine.queue import push
from sim.events import Kind
from sim.mediation.choosing import level_above
from sim.mediation.settling import (
    case_settlement_probability,
    has_lasting_tie,
    note_hours,
    recent_hours,
    session_settles_probability,
)
from sim.mediation.teams import gather_team
from sim.purposes import Purpose
from sim.town import trip_days
from sim.world import daily


@compiled
def session_occasion(dispute: Any, case: Any) -> int:
    """Return the occasion of a session's draws: which handling of the dispute, and which session of it."""
    return dispute.handlings * 64 + case.sessions


@rule
def session_hours(world: Any, group: Any, dispute: Any, case: Any) -> float:
    """Return the hours of a case's next session, by the law of the office's group."""
    seed, occasion = world.state[0].seed, session_occasion(dispute, case)
    if group.exponential:
        return float(group.session_hours * exponential(seed, Purpose.SESSION_HOURS, dispute.address, occasion))
    sigma = world.parameters[0].session_hours_sigma
    return lognormal(seed, Purpose.SESSION_HOURS, dispute.address, occasion, group.session_hours, sigma)


@rule
def home_of(world: Any, party: int) -> int:
    """Return the node where a party lives."""
    return int(world.households[world.residents[party].household].node)


@rule
def begin_session(world: Any, case_row: int, mediator_row: int, now: float) -> None:
    """Start a session of a case with a mediator and who is free of its team, and schedule its end.

    A mediator who travels sets out now for the home of party a, holds the session there and goes back.
    """
    row = world.state[0].session_rows
    world.state[0].session_rows += 1
    case = world.cases[case_row]
    if math.isnan(case.acted):
        case.acted = now
        push(world.queue, now, Kind.CASE_ACTED, case_row, 0)
    case.sessions += 1
    case.put_off = math.nan
    dispute = world.disputes[case.dispute]
    office = world.offices[case.office]
    group = world.office_groups[office.group]
    hours = session_hours(world, group, dispute, case)
    session = world.sessions[row]
    session.case = case_row
    session.mediator = mediator_row
    session.number = case.sessions
    if group.mediators_travel:
        session.trip = trip_days(world, office.node, home_of(world, dispute.party_a), now)
    elif group.parties_travel:
        way_a = trip_days(world, home_of(world, dispute.party_a), office.node, now)
        way_b = trip_days(world, home_of(world, dispute.party_b), office.node, now)
        session.party_travel_hours = 2.0 * (way_a + way_b) / HOUR
    session.start = now + session.trip
    session.end = session.start + hours * HOUR
    world.mediators[mediator_row].session = row
    gather_team(world, case_row, row, now)
    daily(world, dispute.community, now).sessions += 1
    push(world.queue, session.end, Kind.SESSION_ENDS, row, 0)


@rule
def decide_session(world: Any, row: int, now: float) -> None:
    """Draw whether a session settles its case; if not, go on after some days or give up after the last."""
    session = world.sessions[row]
    case = world.cases[session.case]
    dispute = world.disputes[case.dispute]
    parameters = world.parameters[0]
    office = world.offices[case.office]
    group = world.office_groups[office.group]
    case.skill = world.mediators[session.mediator].skill
    case.hurried = office.waiting > 0
    fatigue = parameters.mediation_fatigue_slope * recent_hours(world, session.mediator, now)
    whole = case_settlement_probability(
        parameters,
        dispute.stage,
        world.mediators[session.mediator].skill,
        has_lasting_tie(dispute.tie),
        case.acted - case.opened,
        session.gain + fatigue,
    )
    seed, occasion = world.state[0].seed, session_occasion(dispute, case)
    luck = uniform(seed, Purpose.SESSION_SETTLES, dispute.address, occasion)
    if luck < session_settles_probability(whole, group.sessions_most):
        session.settled = 1
        case.true_settled = 1
        push(world.queue, now, Kind.CASE_CLOSED, session.case, 0)
    elif case.sessions < group.sessions_most:
        gap = parameters.session_gap_days * exponential(seed, Purpose.SESSION_GAP, dispute.address, occasion)
        push(world.queue, now + gap, Kind.CASE_READY, session.case, 0)
    else:
        case.passed_up = is_passed_up(world, session.case)
        push(world.queue, now, Kind.CASE_CLOSED, session.case, 0)


@rule
def is_passed_up(world: Any, case_row: int) -> bool:
    """Draw whether an office passes an unsettled case up; not where no office above takes it."""
    case = world.cases[case_row]
    dispute = world.disputes[case.dispute]
    luck = uniform(world.state[0].seed, Purpose.MEDIATION_PASSES_UP, dispute.address, dispute.handlings)
    return bool(luck < world.practice[0].pass_up_share and level_above(world, case_row) > 0)


@rule
def leave_session(world: Any, row: int, now: float) -> None:
    """Enter a session's hours into the accounts of all who held it; they stay taken until they are free."""
    session = world.sessions[row]
    hours = (now - session.start) / HOUR
    note_hours(world, session.mediator, hours, True, now)
    world.mediators[session.mediator].travel_hours += 2.0 * session.trip / HOUR
    member = world.mediators[session.mediator].next_in_team
    while member != NOBODY:
        note_hours(world, member, hours, False, now)
        world.mediators[member].travel_hours += 2.0 * session.trip / HOUR
        member = world.mediators[member].next_in_team
