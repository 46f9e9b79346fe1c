"""Five-colour grading: the risk of a known dispute, read with stated errors when it is found and at each visit.

A colour brings follow-up visits, a place at the front of queues, and for some colours referral upward. Visits change
nothing by themselves: no effect of follow-up visits after family violence was found in sum (see the evidence). A false
alarm costs hours and privacy; a missed one leaves the dispute where it is.
"""

from __future__ import annotations

from typing import Any

from sim.codes import ALERT, Colour, FollowUp, State
from sim.disputes.escalation import shared_tension
from sim.engine.clock import YEAR
from sim.engine.compiled import compiled, rule
from sim.engine.draws import uniform
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose
from sim.world import daily

MONTH = YEAR / 12.0


@rule
def risk_of(world: Any, row: int, now: float) -> float:
    """Return a dispute's risk in stages: its stage, more if it has been violent, more with the parties' tension."""
    parameters = world.parameters[0]
    dispute = world.disputes[row]
    violence = parameters.grading_violence_stages if dispute.violence > 0 else 0.0
    tension = parameters.grading_tension_stages * shared_tension(world, dispute, now)
    return float(dispute.stage) + violence + tension


@rule
def colour_of_risk(world: Any, risk: float) -> int:
    """Return the colour that a risk has by the scheme: that of the highest threshold reached."""
    colour = Colour.BLUE.value
    for step in range(Colour.RED - Colour.BLUE):
        if risk >= world.parameters[0].grading_risk_from[step]:
            colour = Colour.GREEN + step
    return colour


@compiled
def read_colour(truth: int, luck: float, sensitivity: float, specificity: float) -> int:
    """Return the colour that an officer sees: one reading that obeys the same two-by-two table at every threshold.

    A dispute of at least some colour is seen as such with the sensitivity, one below it with 1 - specificity (where
    the two add up to 1 or more; a reading worse than chance still keeps the table for red).
    """
    seen = Colour.BLUE.value
    for colour in range(Colour.GREEN.value, Colour.RED + 1):
        if luck < (sensitivity if truth >= colour else 1.0 - specificity):
            seen = colour
    return seen


@rule
def count_grading(world: Any, row: int, now: float) -> None:
    """Count a grading in the day's series by what was seen and what was so."""
    dispute = world.disputes[row]
    today = daily(world, dispute.community, now)
    seen, so = dispute.colour >= ALERT, dispute.true_colour >= ALERT
    today.gradings += 1
    if seen:
        today.recorded_alarms += 1
    if so:
        today.true_alarms += 1
    if so and not seen:
        today.true_alarms_missed += 1
    if seen and not so:
        today.true_false_alarms += 1


@rule
def grade(world: Any, row: int, now: float) -> None:
    """Give a known dispute of a graded category a colour, and arrange the follow-up visit that it asks for."""
    dispute = world.disputes[row]
    if not world.handling[0].graded[dispute.category]:
        return
    parameters = world.parameters[0]
    luck = uniform(world.state[0].seed, Purpose.GRADING_READING, dispute.address, int(dispute.gradings))
    dispute.true_colour = colour_of_risk(world, risk_of(world, row, now))
    dispute.colour = read_colour(
        dispute.true_colour, luck, parameters.grading_sensitivity, parameters.grading_specificity
    )
    dispute.gradings += 1
    count_grading(world, row, now)
    visits = world.handling[0].visits_per_month[dispute.colour]
    if visits > 0.0 and dispute.follow_up == FollowUp.NONE:
        dispute.follow_up = FollowUp.AWAITED
        push(world.queue, now + MONTH / visits, Kind.FOLLOW_UP_DUE, row, 0)


@rule
def wants_follow_up(world: Any, row: int) -> bool:
    """Decide whether a follow-up visit that falls due is still wanted; if not, none is awaited any more."""
    dispute = world.disputes[row]
    dispute.follow_up = FollowUp.NONE
    return bool(dispute.state != State.ENDED and world.handling[0].visits_per_month[dispute.colour] > 0.0)
