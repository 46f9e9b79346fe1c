"""The one door to a town."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import networkx as nx
import numpy as np

from sim.scenario import SyntheticTown, default
from sim.town import build_town, default_speeds
from sim.town.errors import MOST_SHOWN, Problem, TownError


def test_speeds_come_from_the_parameter_table(synthetic: Callable[..., SyntheticTown]) -> None:
    speeds = default_speeds()
    assert speeds.street_kmh == default("speed_street_kmh")
    town = build_town(synthetic())
    assert np.allclose(town.roads.seconds, town.roads.metres * 3.6 / speeds.by_class()[town.roads.road_class])


def test_the_graph_for_networkx(synthetic: Callable[..., SyntheticTown]) -> None:
    roads = build_town(synthetic()).roads
    graph = roads.to_networkx()
    assert nx.is_strongly_connected(graph)
    assert (len(graph), graph.number_of_edges()) == (len(roads), len(roads.tail))
    assert graph.nodes[3]["name"] == "3"
    assert [graph.edges[tail, head, 0]["seconds"] for tail, head in zip(roads.tail, roads.head, strict=True)] == list(
        roads.seconds
    )


def test_an_error_shows_the_first_problems_and_counts_the_rest() -> None:
    error = TownError(Problem(f"wrong {number}", "mend it", "a.csv", number + 1) for number in range(100))
    assert str(error).startswith("a.csv:1: wrong 0; mend it\n")
    assert str(error).endswith(f"... and {100 - MOST_SHOWN} more")
    assert len(error.problems) == 100
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert again.problems == error.problems
