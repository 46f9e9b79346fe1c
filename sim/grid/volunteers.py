"""Micro-grids: volunteers who hear of hidden disputes of their households and tell the grid worker.

They have no working hours of their own and nobody counts them. A micro-grid is so many consecutive households of a
township; a dispute between two micro-grids may be heard of in either.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, State
from sim.engine.compiled import rule
from sim.engine.draws import exponential
from sim.engine.queue import push
from sim.events import Kind
from sim.grid.sectors import regime_of
from sim.purposes import Purpose


@rule
def micro_grid_of(world: Any, household: int) -> int:
    """Return the first household of the micro-grid that a household belongs to, which names it."""
    regime = regime_of(world, household)
    place = np.int64(household) - regime.first_household
    return int(household - place % regime.micro_grid_households)


@rule
def hearing_rate(world: Any, row: int) -> float:
    """Return the rate per day at which some volunteer hears of a dispute: the sum over its parties' micro-grids."""
    dispute = world.disputes[row]
    home_a = world.residents[dispute.party_a].household
    home_b = world.residents[dispute.party_b].household
    rate = regime_of(world, home_a).hear_per_day
    if dispute.organisation == NOBODY and micro_grid_of(world, home_b) != micro_grid_of(world, home_a):
        rate += regime_of(world, home_b).hear_per_day
    return rate


@rule
def listen_for(world: Any, row: int, now: float) -> None:
    """Draw when a volunteer will hear of a hidden dispute, from its address and the number of the regime's changes.

    The time is exponential, so that it may be drawn anew whenever the rate changes.
    """
    dispute = world.disputes[row]
    rate = hearing_rate(world, row)
    if rate <= 0.0 or dispute.state != State.HIDDEN:
        return
    version = world.regimes[world.communities[dispute.community].township].hearing_version
    wait = exponential(world.state[0].seed, Purpose.VOLUNTEER_HEARS, dispute.address, version) / rate
    if now + wait < len(world.days):
        push(world.queue, now + wait, Kind.VOLUNTEER_TELLS, row, version)


@rule
def listen(world: Any, first_row: int, now: float) -> None:
    """Let volunteers hear of the disputes born since there were ``first_row`` of them."""
    for row in range(first_row, world.state[0].dispute_rows):
        listen_for(world, row, now)


@rule
def still_told(world: Any, row: int, version: int) -> bool:
    """Decide whether what a volunteer was to tell still stands: the rates are the same, and nobody knows of it."""
    dispute = world.disputes[row]
    now_valid = world.regimes[world.communities[dispute.community].township].hearing_version
    return bool(version == now_valid and dispute.state == State.HIDDEN)
