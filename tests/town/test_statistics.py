"""Figures of street networks whose values are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.town import Roads
from sim.town.statistics import statistics


def test_a_chequered_town(chequered: Callable[..., Roads]) -> None:
    figures = statistics(chequered(11, 11))
    corners, crossings = 4, 121 - 4
    streets = 2 * 11 * 10 - corners  # a corner is a bend in one street
    assert figures.mean_degree == pytest.approx(2 * streets / crossings)
    assert figures.mean_block_metres == pytest.approx(22_000 / streets)
    assert figures.area_km2 == pytest.approx(1.0)
    assert figures.intersections_per_km2 == pytest.approx(crossings)
    assert figures.dead_end_share == 0.0
    assert figures.one_way_share == 0.0
    # Right-angle over straight distance, mean over directions: 4 / pi = 1.273 for far pairs.
    assert figures.circuity == pytest.approx(4 / np.pi, abs=0.02)


def test_a_bend_is_part_of_a_street(roads_of: Callable[..., Roads]) -> None:
    places = [(0, 0), (100, 0), (200, 0), (300, 0), (200, 100)]
    pairs = [(0, 1), (1, 2), (2, 3), (2, 4)]
    arcs = [(a, b, 10, 100) for a, b in pairs] + [(b, a, 10, 100) for a, b in pairs]
    figures = statistics(roads_of(places, arcs))
    assert figures.mean_degree == pytest.approx(2 * 3 / 4)
    assert figures.mean_block_metres == pytest.approx(400 / 3)
    assert figures.dead_end_share == pytest.approx(3 / 4)


def test_directions_and_parallel_arcs(roads_of: Callable[..., Roads]) -> None:
    places = [(0, 0), (100, 0), (0, 100)]
    arcs = [(0, 1, 10, 100), (0, 1, 20, 150), (1, 0, 10, 100), (1, 2, 10, 142), (2, 0, 10, 100)]
    figures = statistics(roads_of(places, arcs))
    assert figures.one_way_share == pytest.approx(242 / 342)
    assert figures.mean_block_metres == pytest.approx(342.0)  # a ring without a crossing is one street


def test_nodes_on_one_line_have_no_area(roads_of: Callable[..., Roads]) -> None:
    figures = statistics(roads_of([(0, 0), (100, 0), (200, 0)], [(0, 1, 1, 100), (1, 2, 1, 100), (2, 0, 1, 200)]))
    assert figures.area_km2 == 0.0
    assert np.isnan(figures.intersections_per_km2)
