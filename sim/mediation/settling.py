"""Whether a session settles: logistic in stage, skill, relation, delay, fatigue and those who join."""

from __future__ import annotations

import math
from typing import Any

from sim.codes import Tie
from sim.engine.compiled import compiled, rule
from sim.engine.maths import logistic, logit

REFERENCE_STAGE = 4  # the stage to which ``mediation_settlement_probability`` refers


@compiled
def has_lasting_tie(tie: int) -> bool:
    """Decide whether the parties go on meeting: household, neighbours, workmates and kin do."""
    return bool(tie in (Tie.HOUSEHOLD, Tie.NEIGHBOUR, Tie.WORK, Tie.KIN))


@compiled
def case_settlement_probability(
    parameters: Any, stage: int, skill: float, lasting: bool, days_waited: float, gain: float
) -> float:
    """Return the probability that a case settles within its sessions.

    logit p = logit(mediation_settlement_probability) + stage slope x (stage - 4) + skill slope x skill
    + relation x lasting + delay slope x days waited for the first session + gain, which is that of those who join and
    the mediator's fatigue. Base: 57-85 % in studies (evidence table); relation: McEwen and Maiman (1981), 76 % against
    65 %; the slopes and gains are free.
    """
    odds = (
        logit(parameters.mediation_settlement_probability)
        + parameters.mediation_stage_slope * (stage - REFERENCE_STAGE)
        + parameters.mediation_skill_slope * skill
        + parameters.mediation_delay_slope * days_waited
    )
    odds = odds + parameters.mediation_relation_logit if lasting else odds
    return logistic(odds + gain)


@compiled
def session_settles_probability(case_probability: float, sessions_most: float) -> float:
    """Return the probability for one session so that all of them together settle with the case's probability."""
    return 1.0 - (1.0 - case_probability) ** (1.0 / max(sessions_most, 1.0))


@rule
def recent_hours(world: Any, mediator_row: int, now: float) -> float:
    """Return a mediator's hours of sessions in the last days: each counts exp(-age / ``mediation_fatigue_days``)."""
    mediator = world.mediators[mediator_row]
    age = now - mediator.recent_at
    return float(mediator.recent_hours * math.exp(-age / world.parameters[0].mediation_fatigue_days))


@rule
def note_hours(world: Any, mediator_row: int, hours: float, led: bool, now: float) -> None:
    """Enter the hours of a session that ends now into the account of somebody who held it."""
    mediator = world.mediators[mediator_row]
    mediator.recent_hours = recent_hours(world, mediator_row, now) + hours
    mediator.recent_at = now
    mediator.hours += hours
    if led:
        mediator.sessions += 1
    else:
        mediator.team_hours += hours
