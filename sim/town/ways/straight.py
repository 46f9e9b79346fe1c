"""A bound on driving times that needs only places on the map, to leave out what lies too far off to matter."""

from __future__ import annotations

import numpy as np

from sim.town.network import Floats, Roads
from sim.town.ways.build import network_of
from sim.town.ways.traffic import TrafficPatterns

# What rounding in the sums of a straight distance and of the bound itself may amount to.
ROUNDING = 1e-9


def ticks_per_straight_metre(roads: Roads, patterns: TrafficPatterns) -> Floats:
    """Return the fewest ticks that a metre as the crow flies takes under each pattern, shape (p,).

    No way takes fewer ticks than the straight distance between its ends times this: along every arc it holds by
    definition, and a way's arcs together are no shorter than the straight line. 0 where all arcs begin where they end.
    """
    x, y = roads.x_metres, roads.y_metres
    straight = np.hypot(x[roads.tail] - x[roads.head], y[roads.tail] - y[roads.head])
    apart = straight > 0.0
    if not apart.any():
        return np.zeros(len(patterns.seconds))
    ticks = network_of(roads, patterns.seconds).ticks
    return np.asarray((ticks[:, apart] / straight[apart]).min(axis=1) * (1.0 - ROUNDING), dtype=np.float64)
