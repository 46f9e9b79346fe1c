"""Treatment: how a channel dealt with the parties, beside what came of it (procedural justice).

The quality of a contact, -1..1, moves both parties' trust in that channel, through it their next report, and the rate
at which their dispute climbs. That fair treatment raises satisfaction and cooperation is found (Mazerolle et al. 2013);
by how much here, and whether it slows escalation, is not: the sizes are free parameters, 0 unless a scenario says more.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, State
from sim.disputes.escalation import reconsider
from sim.engine.clock import MINUTE
from sim.engine.compiled import compiled, rule
from sim.people import move_trust


@compiled
def promptness(waited: float, half: float) -> float:
    """Return how well a wait is taken: 1 for none, 0 after ``half``, towards -1 for ever."""
    return (half - waited) / (half + waited)


@compiled
def contact_quality(parameters: Any, skill: float, hurried: bool, days_waited: float) -> float:
    """Return the quality of a contact in the grid or in mediation, -1..1.

    promptness + skill gain x skill (in standard deviations) - hurry loss if another case waited meanwhile
    """
    quality = promptness(days_waited, parameters.treatment_waiting_half_days) + parameters.treatment_skill_gain * skill
    if hurried:
        quality -= parameters.treatment_hurry_loss
    return min(max(quality, -1.0), 1.0)


@rule
def case_quality(world: Any, case_row: int) -> float:
    """Return the quality of the contact in which a case, on which somebody acted, has just been dealt with."""
    case = world.cases[case_row]
    waited = max(case.acted - case.opened, 0.0)
    return contact_quality(world.parameters[0], np.float64(case.skill), case.hurried != 0, waited)


@rule
def arrival_quality(world: Any, call_row: int, now: float) -> float:
    """Return the quality of a contact with the police, by how long they took to come."""
    minutes = (now - world.calls[call_row].received) / MINUTE
    return promptness(minutes, world.parameters[0].police_treatment_half_minutes)


@rule
def note_treatment(world: Any, row: int, channel: int, quality: float, now: float) -> None:
    """Note how a channel has treated the parties to a dispute: ``quality`` from -1, the worst, to 1, the best.

    Who speaks for an organisation does so by office, and trusts no more or less for it.
    """
    parameters = world.parameters[0]
    dispute = world.disputes[row]
    dispute.treatment = np.float32(quality)
    amount = parameters.treatment_trust_gain * quality
    if amount != 0.0:
        move_trust(world, dispute.party_a, channel, amount)
        if dispute.organisation == NOBODY:
            move_trust(world, dispute.party_b, channel, amount)
    if dispute.state != State.ENDED and (amount != 0.0 or parameters.climb_treatment_gain != 0.0):
        reconsider(world, row, now)
