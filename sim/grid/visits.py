"""What a visit to a household brings: hidden disputes found, by the right worker or by another sector's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Colour, Finding, State
from sim.engine.clock import HOUR
from sim.engine.compiled import rule
from sim.engine.draws import uniform
from sim.engine.maths import logistic, logit
from sim.engine.queue import push
from sim.events import Kind
from sim.grid.order import rounds_of
from sim.grid.sectors import layer_for, regime_of
from sim.purposes import Purpose
from sim.world import daily

METRES_A_KM = 1000.0


@rule
def walking_days(world: Any, from_household: int, to_household: int) -> float:
    """Return the time on foot between two homes: straight line x the roads' circuity / walking speed.

    The labels of the town's ways hold driving times by class of road, which say nothing of metres on foot; ways by
    distance would need labels of their own, as large again, for walks of a few hundred metres within a grid.
    """
    here = world.nodes[world.households[from_household].node]
    there = world.nodes[world.households[to_household].node]
    east, north = here.x_metres - there.x_metres, here.y_metres - there.y_metres
    kilometres = math.sqrt(east * east + north * north) * world.state[0].circuity / METRES_A_KM
    return kilometres / world.parameters[0].walking_speed_kmh * HOUR


@rule
def discovery_probability(world: Any, row: int) -> float:
    """Return the probability that a visit finds a hidden dispute of its household.

    logit p = logit(base) + gain x (stage - 1) + trust gain x (trust of party a in the grid - mean trust). No source
    gives the base: it is swept.
    """
    parameters = world.parameters[0]
    dispute = world.disputes[row]
    trust = np.float64(world.residents[dispute.party_a].trust_grid)
    return logistic(
        logit(parameters.discovery_probability)
        + parameters.discovery_stage_gain * (dispute.stage - 1)
        + parameters.discovery_trust_gain * (trust - parameters.trust_mean)
    )


@rule
def finish_visit(world: Any, worker_row: int, household_row: int, now: float) -> None:
    """Book a worker's visit and look for each hidden dispute of the household."""
    worker = world.workers[worker_row]
    worker.visits += 1
    worker.visits_by_order[rounds_of(world, worker.grid)] += 1
    look_for_disputes(world, household_row, world.grids[worker.grid].layer, Finding.VISIT.value, now)


@rule
def look_for_disputes(world: Any, household_row: int, layer: int, how: int, now: float) -> None:
    """Book a visit at a household, look for each of its hidden disputes, and have its graded ones graded again.

    Args:
        world: the tables.
        household_row: who is visited.
        layer: the sector of whoever visits, or -1 for one who has all matters.
        how: the way of finding (``Finding``) that the case will name.
        now: the moment.
    """
    household = world.households[household_row]
    household.visits += 1
    daily(world, household.community, now).visits += 1
    row = household.first_dispute
    while row != NOBODY:
        dispute = world.disputes[row]
        if dispute.state == State.HIDDEN:
            own = layer == NOBODY or layer_for(regime_of(world, household_row), dispute.category) == layer
            luck = uniform(world.state[0].seed, Purpose.VISIT_FINDS, dispute.address, dispute.visits_missed)
            probability = discovery_probability(world, row)
            if not own:
                see_other_matter(world, household_row, row, luck, probability, now)
            elif luck < probability:
                push(world.queue, now, Kind.DISPUTE_FOUND, row, how)
            else:
                dispute.visits_missed += 1
        elif dispute.colour != Colour.NONE:
            push(world.queue, now, Kind.DISPUTE_VISITED, row, 0)
        row = dispute.next_a if world.residents[dispute.party_a].household == household_row else dispute.next_b


@rule
def see_other_matter(world: Any, household_row: int, row: int, luck: float, probability: float, now: float) -> None:
    """Let a worker see another sector's matter or not; one that is seen is handed over, which takes time and may fail.

    Until it has reached the right worker's books nobody acts on it, and later visits may find it first.
    """
    parameters = world.parameters[0]
    dispute = world.disputes[row]
    occasion = dispute.visits_missed
    dispute.visits_missed += 1
    if luck >= probability * parameters.sector_find_share:
        return
    regime = regime_of(world, household_row)
    lost = uniform(world.state[0].seed, Purpose.HAND_OVER_LOST, dispute.address, occasion)
    if lost < parameters.sector_hand_over_loss:
        regime.hand_overs_lost += 1
        return
    regime.handed_over += 1
    arrives = now + parameters.sector_hand_over_days
    push(world.queue, arrives, Kind.DISPUTE_FOUND, row, Finding.HAND_OVER)
