"""Escalation: Glasl's nine stages as competing risks in continuous time.

An open dispute may climb or fall a stage, fade away, be reported, bring a call or violence, go to court or to
petition. Each risk k has a rate r_k and a clock of its own: it rings after E_k / r_k, where E_k is a unit
exponential from the dispute's own address. The first to ring happens. A policy that changes one rate therefore
moves that risk only, and the others keep their luck (the first-reaction method of Gillespie 1976 with shared
random numbers). Rates are held constant between two events of a dispute.

No source gives transition rates between Glasl's stages; all are free parameters chosen so that the shares that reach
police, mediation and court agree with the published incidences (see the notes of the parameter table).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, STAGES, Channel, Risk, State
from sim.engine.clock import WEEK, later_by_profile
from sim.engine.compiled import compiled, rule
from sim.engine.draws import uniform_pair
from sim.engine.queue import push
from sim.events import Kind
from sim.people import tension_at, trust_in
from sim.purposes import Purpose


@compiled
def in_case(dispute: Any) -> bool:
    """Decide whether a dispute is a case in some channel's hands."""
    return bool(dispute.state in (State.IN_GRID, State.IN_MEDIATION))


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
    """Return the rate per day of climbing a stage: base by stage x category x (1 + gain x tension) x case."""
    parameters = world.parameters[0]
    if dispute.stage >= STAGES:
        return 0.0
    heat = 1.0 + parameters.climb_tension_gain * shared_tension(world, dispute, now)
    base = parameters.climb_per_day[dispute.stage - 1] * parameters.climb_category_factor[dispute.category]
    return base * heat * case_factor(world, dispute, now)


@rule
def channel_for(world: Any, stage: int) -> int:
    """Return the channel that a matter of this stage belongs to: small things in the grid, others mediated."""
    return Channel.GRID if stage <= world.parameters[0].grid_stage_limit else Channel.TOWNSHIP


@rule
def report_rate(world: Any, dispute: Any) -> float:
    """Return the rate per day at which a party brings the dispute to the channel of its stage.

    It grows with the party's trust in that channel: base by stage x (1 + gain x (trust - mean trust)), at least 0.
    """
    parameters = world.parameters[0]
    if in_case(dispute):
        return 0.0
    trust = trust_in(world, dispute.party_a, channel_for(world, dispute.stage))
    willing = 1.0 + parameters.report_trust_gain * (trust - parameters.trust_mean)
    return parameters.report_per_day[dispute.stage - 1] * max(willing, 0.0)


@rule
def call_rate(world: Any, dispute: Any) -> float:
    """Return the rate per day at which a party calls the police; none while a call is open."""
    parameters = world.parameters[0]
    if dispute.call != NOBODY:
        return 0.0
    willing = 1.0 + parameters.report_trust_gain * (
        trust_in(world, dispute.party_a, Channel.POLICE) - parameters.trust_mean
    )
    return parameters.call_per_day[dispute.stage - 1] * max(willing, 0.0)


@compiled
def ring_time(now: float, rate: float, draw: float) -> float:
    """Return when a clock of this rate per day rings, from a uniform draw; never at rate 0."""
    return now - math.log(draw) / rate if rate > 0.0 else np.inf


@rule
def ring_time_by_hour(world: Any, now: float, rate: float, draw: float) -> float:
    """Return when a clock rings whose rate follows the hours of frictions (people quarrel while awake)."""
    if rate <= 0.0:
        return np.inf
    return later_by_profile(now, -math.log(draw) / rate, world.state[0].friction_hours)


@rule
def first_risk(world: Any, row: int, now: float) -> tuple[float, int]:
    """Return when the first of a dispute's risks comes, and which it is."""
    dispute = world.disputes[row]
    parameters = world.parameters[0]
    seed = world.state[0].seed
    step = dispute.stage - 1
    address, occasion = dispute.address, dispute.moves
    climb, fall = uniform_pair(seed, Purpose.RISK_CLIMB_FALL, address, occasion)
    fade, report = uniform_pair(seed, Purpose.RISK_FADE_REPORT, address, occasion)
    call, violence = uniform_pair(seed, Purpose.RISK_CALL_VIOLENCE, address, occasion)
    court, petition = uniform_pair(seed, Purpose.RISK_COURT_PETITION, address, occasion)
    moment = ring_time(now, climb_rate(world, dispute, now), climb)
    risk = Risk.CLIMB.value
    for other, when in (
        (Risk.FALL.value, ring_time(now, parameters.fall_per_day[step] if step > 0 else 0.0, fall)),
        (Risk.FADE.value, ring_time(now, parameters.fade_per_day[step], fade)),
        (Risk.REPORT.value, ring_time(now, report_rate(world, dispute), report)),
        (Risk.CALL.value, ring_time_by_hour(world, now, call_rate(world, dispute), call)),
        (Risk.VIOLENCE.value, ring_time_by_hour(world, now, parameters.violence_per_day[step], violence)),
        (Risk.COURT.value, ring_time(now, parameters.court_per_day[step], court)),
        (Risk.PETITION.value, ring_time(now, parameters.petition_per_day[step], petition)),
    ):
        if when < moment:
            moment, risk = when, other
    return moment, risk


@rule
def reconsider(world: Any, row: int, now: float) -> None:
    """Void a dispute's pending move; its clocks will be drawn afresh under the rates after this moment's events.

    Called whenever a rate of the dispute changes; since the clocks are memoryless this changes no distribution. It
    goes through the queue so that the rules that change a dispute compile without those that draw its clocks.
    """
    world.disputes[row].version += 1
    push(world.queue, now, Kind.DISPUTE_CHANGED, row, world.disputes[row].version)


@rule
def on_dispute_changed(world: Any, row: int, now: float) -> None:
    """Draw a dispute's clocks and schedule the first of its risks."""
    dispute = world.disputes[row]
    dispute.moves += 1
    moment, risk = first_risk(world, row, now)
    dispute.pending_risk = risk
    if moment < np.inf:
        push(world.queue, moment, Kind.DISPUTE_MOVES, row, dispute.version)
