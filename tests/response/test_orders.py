"""Standing orders: which places a post covers on a plane."""

from __future__ import annotations

from typing import Any

import pytest

from sim.response.orders import TICKS_A_MINUTE, is_reached
from sim.scenario import PlaneTown
from sim.town import build_town
from sim.world import POSTS, empty_table


@pytest.mark.parametrize(
    ("metric", "edges", "east_km", "north_km", "reached"),
    [
        ("euclidean", "walls", 3, 2, True),  # 3606 m
        ("right_angle", "walls", 3, 2, False),  # 5000 m
        ("right_angle", "walls", 1, 2, True),
        ("euclidean", "walls", 8, 1, False),
        ("euclidean", "wrap", 8, 1, True),  # 2 km the other way round
    ],
)
def test_a_post_covers_what_one_reaches_as_one_travels(
    metric: str, edges: str, east_km: int, north_km: int, *, reached: bool
) -> None:
    """The post lies at the south-western node of a square of 10 km; in 4 minutes one drives 4 km."""
    plane: dict[str, Any] = {"kind": "plane", "area_km2": 100, "lattice": 10, "speed_kmh": 60, "townships": 1}
    town = build_town(PlaneTown.model_validate(plane | {"communities": 1, "metric": metric, "edges": edges}))
    post = town.roads.node_ids.index("1/1")
    posts = empty_table(POSTS, 1)
    posts["x_metres"], posts["y_metres"] = town.roads.x_metres[post], town.roads.y_metres[post]
    node = town.roads.node_ids.index(f"{1 + east_km}/{1 + north_km}")
    no_ways: Any = None
    assert is_reached(town, no_ways, posts, 0, node, 4.0 * TICKS_A_MINUTE) is reached
