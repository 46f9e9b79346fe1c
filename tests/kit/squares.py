"""A square town for the stage, with two-way streets."""

from __future__ import annotations

import numpy as np
from playing import town_from

from sim.town import Town


def square(side: int = 6, block_seconds: float = 30.0, townships: int = 1) -> Town:
    """Return side x side nodes n0, n1, ... by rows, each ``block_seconds`` and 200 m from its neighbours.

    Townships are rows of nodes, about equally many each.
    """
    arcs = []
    for node in range(side * side):
        for other in (node + 1 if (node + 1) % side else -1, node + side if node + side < side * side else -1):
            if other >= 0:
                arcs += [(node, other, block_seconds, 200.0), (other, node, block_seconds, 200.0)]
    place = np.arange(side * side)
    return town_from(arcs, place % side * 200.0, place // side * 200.0, place * townships // (side * side))
