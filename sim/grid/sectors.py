"""Sector grids: several layers of grids over the same households, each with its own borders, workers and matters.

A township's layers together have as many grids, and so as much staff, as its all-in-one grids would have: what differs
is who may handle what. A layer's grids are ranges of equal length of the township's households, whatever the borders of
communities, so the layers' borders cross.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, Layout
from sim.engine.compiled import rule
from sim.grid.settings import sector_shares
from sim.people import apportion
from sim.world import Table


def draw_sectors(grids: Table, regimes: Table, communities: Table, households: Table) -> None:
    """Redraw the grids of every township whose layout is sectors as layers, in place; the others stay.

    A township with fewer grids than sectors has as many layers as grids; a layer then has several sectors' matters.

    Args:
        grids: all-in-one grids over all households, in the order of their communities.
        regimes: ``layers``, ``first_grid`` and ``starts`` are written.
        communities: their townships.
        households: ``grid`` is written: that of the first layer.
    """
    regimes["layers"], regimes["first_grid"], regimes["starts"] = 0, NOBODY, 0
    township_of = communities["township"][grids["community"]]
    for township in np.flatnonzero((regimes["layout"] == Layout.SECTORS) & (regimes["sectors"] > 0)).tolist():
        mine = np.flatnonzero(township_of == township)
        if len(mine):
            draw_layers(grids, regimes[township], mine, households)


def draw_layers(grids: Table, regime: Any, mine: Any, households: Table) -> None:
    """Turn a township's grids, the consecutive rows ``mine``, into its layers."""
    layers = min(int(regime.sectors), len(mine))
    shares = sector_shares(regime, layers)
    each = 1 + apportion(len(mine) - layers, shares) if len(mine) > layers else np.ones(layers, dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(each)))
    first, size = int(regime.first_household), int(regime.end_household - regime.first_household)
    regime.layers, regime.first_grid = layers, mine[0]
    regime.starts[:] = starts[-1]
    regime.starts[: layers + 1] = starts
    for layer in range(layers):
        rows = mine[starts[layer] : starts[layer + 1]]
        rank = np.arange(len(rows))
        grids["layer"][rows] = layer
        grids["first_household"][rows] = first + rank * size // len(rows)
        grids["end_household"][rows] = first + (rank + 1) * size // len(rows)
        grids["community"][rows] = households["community"][grids["first_household"][rows]]
    top = mine[: starts[1]]
    lengths = (grids["end_household"] - grids["first_household"])[top]
    households["grid"][first : first + size] = np.repeat(top, lengths)


@rule
def regime_of(world: Any, household: int) -> Any:
    """Return the regime of a household's township."""
    return world.regimes[world.communities[world.households[household].community].township]


@rule
def layer_for(regime: Any, category: int) -> int:
    """Return the layer whose matter a category is, or -1 where grids have all matters."""
    if regime.layers == 0:
        return NOBODY
    return int(np.int64(regime.sector_of[category]) % regime.layers)


@rule
def grid_for(world: Any, household: int, category: int) -> int:
    """Return the grid that a dispute of a category at a household belongs to.

    In a layer of n grids over s households, the household at place x (from 0) is in grid ceil((x + 1) n / s) - 1: the
    inverse of borders at floor(r s / n).
    """
    regime = regime_of(world, household)
    layer = layer_for(regime, category)
    if layer == NOBODY:
        return int(world.households[household].grid)
    first = regime.starts[layer]
    count = np.int64(regime.starts[layer + 1]) - first
    size = np.int64(regime.end_household) - regime.first_household
    place = np.int64(household) - regime.first_household
    return int(regime.first_grid + first + ((place + 1) * count - 1) // size)
