"""Which household a grid worker visits next: in turn, by what the books say, or any.

Risk first goes by the books alone, never by true tension: a household's next visit is due
``risk_visit_days / (1 + risk_case_weight x cases)`` days after its last, where cases are those in the books to which it
is a party, and the household that is due first is visited first. The order does not change by the mere passing of
time, so it is kept in a tournament over the households, and a visit or a case costs the logarithm of their number.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, Rounds
from sim.engine.compiled import rule
from sim.engine.draws import uniform, whole_below
from sim.grid.sectors import layer_for, regime_of
from sim.world import VISIT_ORDER, Table, empty_table


def lay_visit_order(households: int, layers: int, visit_days: float) -> Table:
    """Return the order of visits of households that nobody has visited: all due together, lower rows first.

    Args:
        households: their number.
        layers: of grids, each of which keeps its own books of visits; 0: no order is kept.
        visit_days: days after which a visit is due.
    """
    count = 2 * households
    order = empty_table(VISIT_ORDER, layers * count)
    order["due"] = visit_days
    one = np.zeros(count, dtype=np.int32)
    one[households:] = np.arange(households)
    low, level = 1, []
    while low < households:
        level.append(low)
        low *= 2
    for low in reversed(level):
        nodes = np.arange(low, min(2 * low, households))
        one[nodes] = np.minimum(one[2 * nodes], one[2 * nodes + 1])
    order["winner"] = np.tile(one, layers)
    return order


@rule
def due_first(world: Any, leaves: int, one: int, other: int) -> int:
    """Return which of two households is to be visited first; the lower row of equals. -1 stands for none."""
    if min(one, other) == NOBODY:
        return max(one, other)
    mine, theirs = world.visit_order[leaves + one].due, world.visit_order[leaves + other].due
    if mine == theirs:
        return min(one, other)
    return one if mine < theirs else other


@rule
def set_due(world: Any, layer: int, household: int) -> None:
    """Work out when a household's next visit by a layer's workers is due, and play its games of the tournament anew."""
    parameters = world.parameters[0]
    count = len(world.households)
    base = layer * 2 * count
    leaf = world.visit_order[base + count + household]
    leaf.due = leaf.last_visit + parameters.risk_visit_days / (1.0 + parameters.risk_case_weight * leaf.cases)
    node = (count + household) // 2
    while node >= 1:
        left, right = world.visit_order[base + 2 * node].winner, world.visit_order[base + 2 * node + 1].winner
        world.visit_order[base + node].winner = due_first(world, base + count, left, right)
        node //= 2


@rule
def first_due(world: Any, layer: int, first: int, end: int) -> int:
    """Return the household in a range of rows whose visit is due first."""
    count = len(world.households)
    base = layer * 2 * count
    low, high, best = np.int64(count + first), np.int64(count + end), NOBODY
    while low < high:
        if low % 2 == 1:
            best = due_first(world, base + count, best, world.visit_order[base + low].winner)
            low += 1
        if high % 2 == 1:
            high -= 1
            best = due_first(world, base + count, best, world.visit_order[base + high].winner)
        low //= 2
        high //= 2
    return int(best)


@rule
def books_of(world: Any, grid_row: int) -> int:
    """Return the layer whose books of visits a grid's workers keep; that of grids with all matters is the first."""
    layer = world.grids[grid_row].layer
    return 0 if layer == NOBODY else int(layer)


@rule
def note_visit(world: Any, grid_row: int, household: int, now: float) -> None:
    """Write a visit into the books by which visits are ordered, where a run keeps them."""
    if len(world.visit_order) == 0:
        return
    layer = books_of(world, grid_row)
    count = len(world.households)
    world.visit_order[layer * 2 * count + count + household].last_visit = now
    set_due(world, layer, household)


@rule
def note_parties(world: Any, dispute_row: int) -> None:
    """Write a dispute's first case into the books by which visits are ordered, at both parties' homes.

    One against an organisation is a matter of party a's home alone; a case handed on is none of its own.
    """
    dispute = world.disputes[dispute_row]
    if len(world.visit_order) == 0 or dispute.handlings > 1:
        return
    count = len(world.households)
    home_a = world.residents[dispute.party_a].household
    home_b = world.residents[dispute.party_b].household
    for home in (home_a, home_b):
        own = layer_for(regime_of(world, home), dispute.category)
        layer = 0 if own == NOBODY else own
        world.visit_order[layer * 2 * count + count + home].cases += 1
        set_due(world, layer, home)
        if home_b == home_a or dispute.organisation != NOBODY:
            return


@rule
def rounds_of(world: Any, grid_row: int) -> int:
    """Return the order of a grid's visits."""
    return int(world.regimes[world.communities[world.grids[grid_row].community].township].rounds)


@rule
def next_household(world: Any, grid_row: int, purpose: int, visitor: int, occasion: int, now: float) -> int:
    """Return the household of a grid that is visited next, or -1 in an empty grid, and write it into the books.

    The rota is the grid's, not the visitor's: whoever comes next takes its next household, so that several workers
    visit none twice before all have been visited.

    Args:
        world: the tables.
        grid_row: the grid.
        purpose: of the draw of a random visit.
        visitor: its entity: the worker or helper.
        occasion: how many visits the visitor has begun before.
        now: the moment.
    """
    grid = world.grids[grid_row]
    count = grid.end_household - grid.first_household
    if count <= 0:
        return NOBODY
    rounds = rounds_of(world, grid_row)
    if rounds == Rounds.RISK_FIRST:
        household = first_due(world, books_of(world, grid_row), grid.first_household, grid.end_household)
    elif rounds == Rounds.RANDOM:
        draw = uniform(world.state[0].seed, purpose, visitor, occasion)
        household = grid.first_household + whole_below(count, draw)
    else:
        grid.rota_place = (grid.rota_place + 1) % count
        household = grid.first_household + grid.rota_place
    note_visit(world, grid_row, household, now)
    return int(household)
