"""Contagion: disputes raise the rate of frictions near them for some time (self-exciting point process).

It is simulated as the branching process that it is (Hawkes and Oakes 1974): a dispute has potential offspring, whose
moments form a Poisson process of intensity m w exp(-w t), and whose places are normal about the parent's home. Each
has its draws at an address made of its parent's, and is accepted or rejected as any potential friction is, so that
policies accept or reject the same points. With m = branching ratio x bound a dispute has the branching ratio's number
of offspring on average. What arises by itself is lowered to (1 - branching ratio) of the total.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.clock import later_by_profile
from sim.engine.compiled import rule
from sim.engine.draws import exponential, normal, uniform_pair, whole_below, words_at
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose

FIRST_ADDRESS = 3 << 38  # offspring's addresses lie from here to 2**40, drawn from their parent's
ADDRESS_BITS = 38


@rule
def bound_of_offspring(world: Any) -> float:
    """Return the most that the ratio of a potential offspring can be: that of frictions but for tension."""
    return world.state[0].friction_ratio_bound / (1.0 + world.parameters[0].friction_tension_gain)


@rule
def next_offspring(world: Any, row: int, number: int, now: float) -> None:
    """Schedule a dispute's potential offspring of a number, if there is one.

    The k-th comes when m (1 - exp(-w t)) has grown to the sum of k + 1 unit exponentials; the rest never come.
    """
    if len(world.contagion) == 0:
        return
    contagion, state, dispute = world.contagion[0], world.state[0], world.disputes[row]
    potential = contagion.branching_ratio * bound_of_offspring(world)
    grown = 0.0
    for earlier in range(number + 1):
        grown += exponential(state.seed, Purpose.OFFSPRING_GAP, dispute.address, earlier)
    if grown >= potential:
        return
    delay = -math.log(1.0 - grown / potential) / contagion.decay_per_day
    when = later_by_profile(dispute.born, delay, state.friction_hours)
    push(world.queue, max(when, now), Kind.OFFSPRING, row, number)


@rule
def offspring_address(world: Any, row: int, number: int) -> Any:
    """Return the address of a potential offspring, which depends on its parent's address and its number alone.

    Two of a hundred thousand in one run share an address, and with it their luck, once in some fifty runs.
    """
    high, low, _, _ = words_at(world.state[0].seed, Purpose.OFFSPRING_ADDRESS, world.disputes[row].address, number)
    return FIRST_ADDRESS + ((np.int64(high) << (ADDRESS_BITS - 32)) | (np.int64(low) >> (64 - ADDRESS_BITS)))


@rule
def resident_near(world: Any, row: int, number: int) -> int:
    """Return the resident of a potential offspring: somebody at the homes nearest to a place drawn about the parent."""
    seed, address = world.state[0].seed, world.disputes[row].address
    home = world.nodes[world.households[world.residents[world.disputes[row].party_a].household].node]
    spread = world.contagion[0].kernel_metres
    east = home.x_metres + spread * normal(seed, Purpose.OFFSPRING_PLACE, address, 2 * number)
    north = home.y_metres + spread * normal(seed, Purpose.OFFSPRING_PLACE, address, 2 * number + 1)
    homes = world.homes[nearest_home(world, east, north)]
    which_home, which_resident = uniform_pair(seed, Purpose.OFFSPRING_RESIDENT, address, number)
    household = world.households[
        homes.first_household + whole_below(homes.end_household - homes.first_household, which_home)
    ]
    return int(household.first_resident + whole_below(household.members, which_resident))


@rule
def nearest_home(world: Any, x_metres: float, y_metres: float) -> int:
    """Return the node with homes that is nearest to a place, looked for in rings of cells about it.

    A place outside the town counts as the nearest one on the border of the rectangle around all homes.
    """
    contagion = world.contagion[0]
    cell, columns, bands = contagion.cell_metres, contagion.columns, contagion.bands
    x = min(max(x_metres - contagion.x_metres, 0.0), columns * cell)
    y = min(max(y_metres - contagion.y_metres, 0.0), bands * cell)
    column, band = min(int(x / cell), columns - 1), min(int(y / cell), bands - 1)
    nearest, best = -1, math.inf
    for ring in range(max(columns, bands)):
        # A node outside of the rings looked through is at least so far away.
        if (ring - 1) * cell > 0.0 and ((ring - 1) * cell) ** 2 >= best:
            break
        for there in range(max(band - ring, 0), min(band + ring, bands - 1) + 1):
            whole_line = there in (band - ring, band + ring)
            step = 1 if whole_line or ring == 0 else 2 * ring
            for across in range(column - ring, column + ring + 1, step):
                if 0 <= across < columns:
                    found = world.cells[there * columns + across]
                    for place in range(found.first, found.end):
                        node = world.cell_nodes[place].node
                        east = world.nodes[node].x_metres - contagion.x_metres - x
                        north = world.nodes[node].y_metres - contagion.y_metres - y
                        distance = east * east + north * north
                        if distance < best:
                            nearest, best = node, distance
    return int(nearest)
