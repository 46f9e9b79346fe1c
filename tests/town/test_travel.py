"""The matrix of driving times against networkx."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from sim.town import Roads, driving_graph

NODES = 9
ARCS = st.lists(
    st.tuples(
        st.integers(0, NODES - 1),
        st.integers(0, NODES - 1),
        st.integers(1, 50).map(float),
        st.integers(1, 500).map(float),
    ).filter(lambda arc: arc[0] != arc[1]),
    min_size=1,
    max_size=40,
)
PLACES = [(float(node), 0.0) for node in range(NODES)]


@pytest.mark.parametrize("backwards", [False, True])
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arcs=ARCS, starts=st.lists(st.integers(0, NODES - 1), min_size=1, max_size=4))
def test_searches_over_the_matrix_equal_networkx(
    roads_of: Callable[..., Roads], arcs: list[tuple[int, int, float, float]], starts: list[int], backwards: bool
) -> None:
    roads = roads_of(PLACES, arcs)
    graph = roads.to_networkx()
    times = nx.multi_source_dijkstra_path_length(graph.reverse() if backwards else graph, set(starts), weight="seconds")
    found = dijkstra(driving_graph(roads, backwards=backwards), indices=np.unique(starts), min_only=True)
    assert found == pytest.approx([times.get(node, np.inf) for node in range(NODES)])


def test_of_parallel_arcs_the_fastest_counts(roads_of: Callable[..., Roads]) -> None:
    roads = roads_of(PLACES, [(0, 1, 9.0, 10.0), (0, 1, 4.0, 99.0), (0, 1, 7.0, 10.0), (1, 0, 2.0, 10.0)])
    graph = driving_graph(roads)
    assert (graph[0, 1], graph[1, 0], graph.nnz) == (4.0, 2.0, 2)
