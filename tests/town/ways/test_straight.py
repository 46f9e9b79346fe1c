"""The bound by straight distance is below every driving time, and as close as the fastest straight road allows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.scenario import SyntheticTown
from sim.town import Roads, Speeds, build_town
from sim.town.ways import driving, ticks_per_straight_metre, traffic_patterns
from sim.town.ways.build import network_of, ways_over


def test_no_way_is_faster_than_the_bound(synthetic: Callable[..., SyntheticTown], speeds: Speeds) -> None:
    roads = build_town(synthetic(road_nodes=160), 4, speeds).roads
    factors = np.ones((168, 4))
    factors[12, :2] = 0.4
    patterns = traffic_patterns(roads, factors)
    tables = ways_over(network_of(roads, patterns.seconds))
    paces = ticks_per_straight_metre(roads, patterns)
    assert paces.shape == (2,)
    assert paces[1] > paces[0]
    for a, b in np.random.default_rng(2).integers(0, len(roads), (600, 2)).tolist():
        straight = np.hypot(roads.x_metres[a] - roads.x_metres[b], roads.y_metres[a] - roads.y_metres[b])
        for pattern in range(2):
            ticks, _ = driving(*tables, pattern * len(roads) + a, pattern * len(roads) + b)
            assert ticks >= paces[pattern] * straight


def test_on_straight_streets_the_bound_is_reached(chequered: Callable[..., Roads]) -> None:
    roads = chequered(5, 1)
    (pace,) = ticks_per_straight_metre(roads, traffic_patterns(roads))
    assert pace == pytest.approx(100.0)
    assert pace * 400.0 <= 40_000


def test_arcs_that_begin_where_they_end_bound_nothing(roads_of: Callable[..., Roads]) -> None:
    roads = roads_of([(0.0, 0.0), (0.0, 0.0)], [(0, 1, 5.0, 10.0)])
    assert ticks_per_straight_metre(roads, traffic_patterns(roads)).tolist() == [0.0]
