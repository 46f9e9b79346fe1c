"""Driving times against networkx, and the arcs for backward searches."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.town import Roads, incoming_arcs, nearest_seconds, route_table

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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arcs=ARCS, posts=st.lists(st.integers(0, NODES - 1), min_size=1, max_size=20))
def test_route_tables_equal_networkx(
    roads_of: Callable[..., Roads], arcs: list[tuple[int, int, float, float]], posts: list[int]
) -> None:
    roads = roads_of(PLACES, arcs)
    table = route_table(roads, posts)
    graph = roads.to_networkx().reverse()
    fastest = {(tail, head): seconds for tail, head, seconds, _ in sorted(arcs, key=lambda arc: -arc[2])}
    for row, post in enumerate(posts):
        times = nx.single_source_dijkstra_path_length(graph, post, weight="seconds")
        for node in range(NODES):
            assert table.seconds[row, node] == np.float32(times.get(node, np.inf))
            following = int(table.next[row, node])
            if node == post or node not in times:
                assert following == -1
            else:
                assert times[node] == pytest.approx(fastest[node, following] + times[following])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arcs=ARCS, stations=st.lists(st.integers(0, NODES - 1), min_size=1, max_size=4))
def test_nearest_station_equals_networkx(
    roads_of: Callable[..., Roads], arcs: list[tuple[int, int, float, float]], stations: list[int]
) -> None:
    roads = roads_of(PLACES, arcs)
    times = nx.multi_source_dijkstra_path_length(roads.to_networkx(), set(stations), weight="seconds")
    found = nearest_seconds(roads, stations, speed_factor=2.0)
    assert found == pytest.approx([times.get(node, np.inf) / 2.0 for node in range(NODES)])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arcs=ARCS)
def test_incoming_arcs_are_all_arcs_by_head(
    roads_of: Callable[..., Roads], arcs: list[tuple[int, int, float, float]]
) -> None:
    incoming = incoming_arcs(roads_of(PLACES, arcs), speed_factor=1.25)
    found = [
        (int(incoming.tail[row]), node, round(float(incoming.seconds[row]) * 1.25, 9), incoming.metres[row])
        for node in range(NODES)
        for row in range(incoming.first[node], incoming.end[node])
    ]
    assert sorted(found) == sorted(arcs)
    assert incoming.first[0] == 0
    assert incoming.end[-1] == len(arcs)


def test_many_posts_are_searched_in_parts(chequered: Callable[..., Roads]) -> None:
    roads = chequered(8, 8)
    table = route_table(roads, list(range(40)), speed_factor=2.0)
    steps = np.abs(roads.x_metres[:40, None] - roads.x_metres) + np.abs(roads.y_metres[:40, None] - roads.y_metres)
    assert table.seconds == pytest.approx(steps / 100.0 * 10.0 / 2.0)
    assert table.seconds.dtype == np.float32
    assert table.next.dtype == np.int32
