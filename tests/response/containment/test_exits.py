from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.response.containment.exits import BAND, depths, exits, hull_corners, hull_radius


def test_a_square_has_its_corners() -> None:
    x, y = np.array([0.0, 10.0, 10.0, 0.0, 5.0, 4.0]), np.array([0.0, 0.0, 10.0, 10.0, 5.0, 1.0])
    corners = hull_corners(x, y)
    assert sorted(corners.tolist()) == [0, 1, 2, 3]
    np.testing.assert_allclose(depths(x, y, corners), [0.0, 0.0, 0.0, 0.0, 5.0, 1.0], atol=1e-12)
    assert hull_radius(x, y, corners) == pytest.approx(np.sqrt(100.0 / np.pi))


@pytest.mark.parametrize(
    ("x", "y", "ends"),
    [([3.0, 1.0, 2.0], [6.0, 2.0, 4.0], [0, 1]), ([1.0, 1.0, 1.0], [5.0, 9.0, 7.0], [0, 1]), ([4.0], [4.0], [0])],
)
def test_a_line_has_its_ends(x: list[float], y: list[float], ends: list[int]) -> None:
    corners = hull_corners(np.array(x), np.array(y))
    assert sorted(corners.tolist()) == ends


def test_a_main_road_leaves_at_its_outermost_node(yard: Any) -> None:
    # Two main roads cross; each has a node a little before its end that lies in the band too.
    near = 1000.0 * (1.0 - 0.5 * BAND)
    ends = [(1000.0, 0.0), (-1000.0, 0.0), (0.0, 1000.0), (0.0, -1000.0)]
    places = [(0.0, 0.0), *ends, *[(x * near / 1000.0, y * near / 1000.0) for x, y in ends]]
    arcs = [arc for end in (1, 2, 3, 4) for arc in ((0, end + 4, 60.0), (end + 4, end, 5.0), (end, end + 4, 5.0))]
    assert exits(yard.roads_of(places, arcs, main=True)).tolist() == [1, 2, 3, 4]


def test_streets_are_no_exits_where_main_roads_leave(yard: Any) -> None:
    places = [(0.0, 0.0), (1000.0, 0.0), (-1000.0, 0.0), (0.0, 1000.0), (0.0, -1000.0)]
    roads = yard.roads_of(places, [(0, 1, 60.0), (0, 2, 60.0), (0, 3, 60.0), (0, 4, 60.0)])
    assert exits(roads).tolist() == [1, 2, 3, 4], "without main roads the corners count"
    roads.road_class[:2] = 1  # MAIN
    assert exits(roads).tolist() == [1, 2]


def test_one_road_out_is_too_few(yard: Any) -> None:
    places = [(0.0, 0.0), (1000.0, 0.0), (-1000.0, 0.0), (0.0, 1000.0)]
    roads = yard.roads_of(places, [(0, 1, 60.0), (0, 2, 60.0), (0, 3, 60.0)])
    roads.road_class[0] = 1
    assert exits(roads).tolist() == [1, 2, 3]
