"""How a settled dispute comes back: the agreement is not kept, or the quarrel returns although it is."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import Channel
from sim.engine.compiled import rule
from sim.engine.draws import exponential, uniform
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose


@rule
def breach_probability(world: Any, row: int) -> float:
    """Return the probability that a mediated agreement is not kept, by category; less where the court confirmed it."""
    dispute = world.disputes[row]
    parameters = world.parameters[0]
    probability = parameters.breach_probability[dispute.category]
    return float(probability * parameters.confirmed_breach_factor if dispute.confirmed else probability)


@rule
def days_to_breach(world: Any, row: int) -> float:
    """Draw after how many days a settled dispute's agreement is broken, infinite where it is kept.

    Only agreements of mediation offices are of the kind that a court may confirm and a party may fail to perform.
    """
    dispute = world.disputes[row]
    if dispute.end_channel < Channel.COMMUNITY or dispute.end_channel > Channel.CITY:
        return np.inf
    seed = world.state[0].seed
    luck = uniform(seed, Purpose.COURT_CONFIRMS, dispute.address, 0)
    dispute.confirmed = world.practice[0].court != 0 and luck < world.practice[0].confirmation_share
    if uniform(seed, Purpose.BREACH, dispute.address, 0) >= breach_probability(world, row):
        return np.inf
    mean = world.parameters[0].breach_days_mean[dispute.category]
    return float(mean * exponential(seed, Purpose.BREACH, dispute.address, 1))


@rule
def days_to_relapse(world: Any, row: int) -> float:
    """Draw after how many days a settled quarrel returns by itself, infinite where it does not."""
    dispute = world.disputes[row]
    parameters, seed = world.parameters[0], world.state[0].seed
    if uniform(seed, Purpose.RELAPSE, dispute.address, 0) >= parameters.relapse_probability:
        return np.inf
    return float(parameters.relapse_days_mean * exponential(seed, Purpose.RELAPSE, dispute.address, 1))


@rule
def schedule_return(world: Any, row: int, now: float) -> None:
    """Let a settled dispute come back once at most: at the first of breach and relapse."""
    relapses, breaks = days_to_relapse(world, row), days_to_breach(world, row)
    wait = min(relapses, breaks)
    world.disputes[row].breached = breaks <= relapses and breaks < np.inf
    if wait < np.inf:
        push(world.queue, now + wait, Kind.RELAPSE, row, world.disputes[row].version)
