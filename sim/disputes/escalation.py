"""Escalation: Glasl's nine stages as competing risks in continuous time.

An open dispute may climb or fall a stage, fade away, be reported, bring a call or violence, go to court or to
petition. Each risk k has a clock of its own: a unit exponential from the address of (dispute, risk, ring), which runs
down at the risk's rate r_k; the first to run out happens, and only its own clock is wound again. A policy that changes
one rate therefore moves that risk only, and all others keep their luck (the next-reaction method: Gibson and Bruck
2000; Anderson 2007). Between two settings of the rates, at every event of the dispute and at least every week (every
day while its case waits), they are taken as constant.

No source gives transition rates between Glasl's stages; all are free parameters chosen so that the shares that reach
police, mediation and court agree with the published incidences (see the notes of the parameter table).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, RISKS, STAGES, Channel, Risk, State
from sim.disputes.routing import channel_of_stage
from sim.engine.clock import DAY, WEEK, later_by_profile, profile_clock
from sim.engine.compiled import compiled, rule
from sim.engine.draws import exponential
from sim.engine.queue import push
from sim.events import Kind
from sim.people import tension_at, trust_in
from sim.purposes import Purpose


@compiled
def in_case(dispute: Any) -> bool:
    """Decide whether a dispute is a case in some channel's hands."""
    return bool(dispute.state in (State.IN_GRID, State.IN_MEDIATION, State.IN_COURT))


@rule
def in_court(world: Any, dispute: Any) -> bool:
    """Decide whether a dispute is before the court, or in mediation to which the court has assigned it."""
    return bool(
        in_case(dispute) and (dispute.state == State.IN_COURT or world.cases[dispute.case].source == Channel.COURT)
    )


@rule
def shared_tension(world: Any, dispute: Any, now: float) -> float:
    """Return the larger tension of the two parties."""
    return max(tension_at(world, dispute.party_a, now), tension_at(world, dispute.party_b, now))


@rule
def case_factor(world: Any, dispute: Any, now: float) -> float:
    """Return the factor on climbing of having a case: being dealt with calms, waiting for it stirs up."""
    if not in_case(dispute):
        return 1.0
    parameters = world.parameters[0]
    case = world.cases[dispute.case]
    weeks = (now - case.opened) / WEEK if math.isnan(case.acted) else 0.0
    return parameters.climb_factor_in_case * (1.0 + parameters.climb_gain_per_waiting_week * weeks)


@rule
def climb_rate(world: Any, dispute: Any, now: float) -> float:
    """Return the rate per day of climbing a stage.

    base by stage x category x (1 + gain x tension) x case x tie x (1 - gain x quality of the last contact)
    """
    parameters = world.parameters[0]
    if dispute.stage >= STAGES:
        return 0.0
    heat = 1.0 + parameters.climb_tension_gain * shared_tension(world, dispute, now)
    base = parameters.climb_per_day[dispute.stage - 1] * parameters.climb_category_factor[dispute.category]
    treated = 1.0 - parameters.climb_treatment_gain * np.float64(dispute.treatment)
    return base * heat * case_factor(world, dispute, now) * parameters.climb_tie_factor[dispute.tie] * treated


@rule
def report_rate(world: Any, dispute: Any) -> float:
    """Return the rate per day at which a party brings the dispute to the channel of its stage.

    It grows with the party's trust in that channel, and is at least 0:
    base by stage x category x (1 + gain x (trust - mean trust)).
    """
    parameters = world.parameters[0]
    if in_case(dispute):
        return 0.0
    trust = trust_in(world, dispute.party_a, channel_of_stage(world, dispute.stage))
    willing = 1.0 + parameters.report_trust_gain * (trust - parameters.trust_mean)
    base = parameters.report_per_day[dispute.stage - 1] * parameters.report_category_factor[dispute.category]
    return base * max(willing, 0.0)


@rule
def call_rate(world: Any, dispute: Any) -> float:
    """Return the rate per day at which a party calls the police; none while a call is open."""
    parameters = world.parameters[0]
    if dispute.call != NOBODY:
        return 0.0
    willing = 1.0 + parameters.report_trust_gain * (
        trust_in(world, dispute.party_a, Channel.POLICE) - parameters.trust_mean
    )
    base = parameters.call_per_day[dispute.stage - 1] * parameters.call_category_factor[dispute.category]
    return base * max(willing, 0.0)


@compiled
def follows_the_hours(risk: int) -> bool:
    """Decide whether a risk's clock runs by the hours of frictions: people call and strike while awake."""
    return risk in (Risk.CALL, Risk.VIOLENCE)


@rule
def rate_of(world: Any, dispute: Any, risk: int, now: float) -> float:
    """Return the rate per day of one of a dispute's risks at a moment."""
    parameters = world.parameters[0]
    step, category = dispute.stage - 1, dispute.category
    if risk == Risk.CLIMB:
        return climb_rate(world, dispute, now)
    if risk == Risk.FALL:
        cooling = parameters.fall_category_factor[category] * parameters.fall_tie_factor[dispute.tie]
        return parameters.fall_per_day[step] * cooling if step > 0 else 0.0
    if risk == Risk.FADE:
        talks = world.communities[dispute.community].fade_factor[category]
        return parameters.fade_per_day[step] * parameters.fade_category_factor[category] * talks
    if risk == Risk.REPORT:
        return report_rate(world, dispute)
    if risk == Risk.CALL:
        return call_rate(world, dispute)
    if risk == Risk.VIOLENCE:
        return parameters.violence_per_day[step] * parameters.violence_category_factor[category]
    if risk == Risk.COURT:
        if in_court(world, dispute):
            return 0.0
        return parameters.court_per_day[step] * parameters.court_category_factor[category]
    return parameters.petition_per_day[step] * parameters.petition_category_factor[category]


@rule
def wind_clock(world: Any, row: int, risk: int) -> None:
    """Put the next unit exponential on one of a dispute's clocks, from the address of its next ring."""
    dispute = world.disputes[row]
    occasion = dispute.rings[risk] * RISKS + risk
    dispute.left[risk] = exponential(world.state[0].seed, Purpose.RISK_CLOCK, dispute.address, occasion)


@rule
def wind_clocks(world: Any, row: int, now: float) -> None:
    """Wind all clocks of a new dispute; they stand still until its rates are set."""
    dispute = world.disputes[row]
    dispute.set_at = now
    for risk in range(RISKS):
        dispute.rate[risk] = 0.0
        dispute.rings[risk] = 0
        wind_clock(world, row, risk)


@rule
def run_clocks(world: Any, row: int, now: float) -> None:
    """Take from each clock what has passed on it since the rates were set: rate x time, or the hours' time."""
    dispute = world.disputes[row]
    hours = world.state[0].friction_hours
    plain = now - dispute.set_at
    by_hour = profile_clock(now, hours) - profile_clock(dispute.set_at, hours)
    for risk in range(RISKS):
        passed = np.float64(dispute.rate[risk]) * (by_hour if follows_the_hours(risk) else plain)
        dispute.left[risk] = max(np.float64(dispute.left[risk]) - passed, 0.0)
    dispute.set_at = now


@rule
def first_risk(world: Any, row: int, now: float) -> tuple[float, int]:
    """Set a dispute's rates for the present moment, and return when the first clock rings and whose it is."""
    dispute = world.disputes[row]
    moment, first = np.inf, Risk.CLIMB.value
    for risk in range(RISKS):
        dispute.rate[risk] = rate_of(world, dispute, risk, now)
        # Read back as stored, in 32 bits, so that a clock runs out exactly when it rings.
        rate = np.float64(dispute.rate[risk])
        if rate > 0.0:
            wait = np.float64(dispute.left[risk]) / rate
            when = later_by_profile(now, wait, world.state[0].friction_hours) if follows_the_hours(risk) else now + wait
            if when < moment:
                moment, first = when, risk
    return moment, first


@rule
def good_for(dispute: Any, world: Any) -> float:
    """Return for how many days a dispute's rates may be taken as constant: a day while a case waits, else a week.

    Tension decays and waiting stirs up meanwhile; after this time the rates are set anew.
    """
    if in_case(dispute) and math.isnan(world.cases[dispute.case].acted):
        return DAY
    return WEEK


@rule
def reconsider(world: Any, row: int, now: float) -> None:
    """Void a dispute's pending move; its rates are set anew after this moment's events.

    Called whenever something changes a rate of the dispute. It goes through the queue so that the rules that change
    a dispute compile without those that set its clocks.
    """
    world.disputes[row].version += 1
    push(world.queue, now, Kind.DISPUTE_CHANGED, row, world.disputes[row].version)


@rule
def on_dispute_changed(world: Any, row: int, now: float) -> None:
    """Run a dispute's clocks up to now, set their rates, and schedule the first ring, or the next setting of rates."""
    run_clocks(world, row, now)
    dispute = world.disputes[row]
    moment, risk = first_risk(world, row, now)
    dispute.pending_risk = risk
    renewal = now + good_for(dispute, world)
    if moment <= renewal:
        push(world.queue, moment, Kind.DISPUTE_MOVES, row, dispute.version)
    else:
        push(world.queue, renewal, Kind.DISPUTE_CHANGED, row, dispute.version)
