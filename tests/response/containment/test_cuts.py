from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.response.containment.cuts import Flags, Graph, Rows, layers, least_cut, neighbours, next_to
from sim.response.containment.rings import area_ring, edge_ring

NODES = 14
# Arcs among 14 nodes, the first of which form the area; a few nodes are exits.
ARCS = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=60)
AREA = st.integers(1, 8)
EXITS = st.sets(st.integers(0, NODES - 1), max_size=4)


def graph_of_arcs(arcs: list[tuple[int, int]]) -> Graph:
    tail, head = (np.array([arc[end] for arc in arcs], dtype=np.int64) for end in (0, 1))
    return Graph(neighbours(tail, head, NODES), neighbours(head, tail, NODES))


def flags(nodes: set[int] | range) -> Flags:
    marked = np.zeros(NODES, dtype=bool)
    marked[list(nodes)] = True
    return marked


def reach(arcs: list[tuple[int, int]], start: set[int], without: set[int]) -> set[int]:
    """Return what can be reached over arcs from nodes, never entering some others."""
    reached, waiting = set(start), list(start)
    while waiting:
        node = waiting.pop()
        for tail, head in arcs:
            if tail == node and head not in reached | without:
                reached.add(head)
                waiting.append(head)
    return reached


def least_count(arcs: list[tuple[int, int]], inside: set[int], allowed: set[int], goal: set[int]) -> int:
    """Return how many of the allowed nodes must be removed, by networkx's flow; ``goal`` lies beyond them."""
    split: nx.DiGraph[object] = nx.DiGraph()
    split.add_nodes_from(["source", "sink"])
    for node in range(NODES):
        split.add_edge((node, "in"), (node, "out"), **({"capacity": 1} if node in allowed else {}))
    split.add_edges_from(((tail, "out"), (head, "in")) for tail, head in arcs)
    split.add_edges_from(("source", (node, "in")) for node in inside)
    split.add_edges_from(((node, "out"), "sink") for node in goal)
    return int(nx.maximum_flow_value(split, "source", "sink"))


def test_neighbours_and_layers() -> None:
    graph = graph_of_arcs([(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (4, 0)])
    place, node = next_to(graph.onward, np.array([0, 3, 5]))
    assert list(zip(place.tolist(), node.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 4)]
    assert [layer.tolist() for layer in layers(graph.onward, flags({0}), 9)] == [[1, 2], [3], [4]]
    assert [layer.tolist() for layer in layers(graph.backward, flags({0}), 2)] == [[4], [3]]


def test_a_bottleneck_is_the_ring() -> None:
    # Area 0-2, three streets out of it, which come together in node 6 before the rest.
    arcs = [(0, 3), (1, 4), (2, 5), (3, 6), (4, 6), (5, 6), (6, 7), (7, 8), (8, 9), (9, 10)]
    arcs += [(head, tail) for tail, head in arcs]
    graph = graph_of_arcs(arcs)
    none: Flags = np.zeros(NODES, dtype=bool)
    assert area_ring(graph, flags(range(3)), none, band=1).tolist() == [3, 4, 5]
    assert area_ring(graph, flags(range(3)), none, band=2).tolist() == [6]


def test_only_ways_out_count() -> None:
    arcs = [(0, 1), (1, 2), (2, 3), (4, 0), (5, 4)]  # one-way: node 4 leads in only
    ring = area_ring(graph_of_arcs(arcs), flags({0}), np.zeros(NODES, dtype=bool), band=2)
    assert ring.tolist() == [1]


def test_no_way_out_no_points() -> None:
    arcs = [(0, 1), (1, 0), (2, 3), (3, 2)]
    assert len(area_ring(graph_of_arcs(arcs), flags({0, 1}), np.zeros(NODES, dtype=bool))) == 0
    everywhere: Flags = np.ones(NODES, dtype=bool)
    assert len(area_ring(graph_of_arcs(arcs), everywhere, np.zeros(NODES, dtype=bool))) == 0
    assert len(edge_ring(graph_of_arcs(arcs), np.zeros(NODES, dtype=bool))) == 0


def test_exits_inside_an_area_belong_to_its_ring() -> None:
    arcs = [(0, 1), (1, 2), (1, 0), (2, 1)]
    assert area_ring(graph_of_arcs(arcs), flags({0, 1, 2}), flags({2})).tolist() == [2]


def test_the_ring_at_the_edge_lies_near_the_exits() -> None:
    line = [(node, node + 1) for node in range(NODES - 1)]
    line += [(head, tail) for tail, head in line]
    assert edge_ring(graph_of_arcs(line), flags({NODES - 1}), band=3).tolist() == [NODES - 1]
    # Two exits behind one street.
    arcs = [*line, (NODES - 3, NODES - 1), (NODES - 1, NODES - 3)]
    assert edge_ring(graph_of_arcs(arcs), flags({NODES - 2, NODES - 1}), band=3).tolist() == [NODES - 3]


@settings(max_examples=150, deadline=None)
@given(ARCS, AREA, EXITS, st.integers(1, 3))
def test_a_ring_of_an_area_encloses_it(arcs: list[tuple[int, int]], size: int, ways_out: set[int], band: int) -> None:
    graph, area = graph_of_arcs(arcs), set(range(size))
    points = set(area_ring(graph, flags(area), flags(ways_out), band).tolist())
    inside = area - ways_out
    around = [set(layer.tolist()) for layer in layers(graph.onward, flags(area), NODES)]
    width = max(min(band, len(around) - 1), 1)
    near: set[int] = set().union(*around[:width])
    far: set[int] = set().union(*around[width:])
    assert points <= near | (area & ways_out)
    reached = reach(arcs, inside, points)
    assert not reached & far
    assert not reached & ways_out
    assert len(points) == least_count(arcs, inside, near | (area & ways_out), ways_out | far)


@settings(max_examples=150, deadline=None)
@given(ARCS, EXITS, st.integers(1, 3))
def test_a_ring_at_the_edge_is_least(arcs: list[tuple[int, int]], ways_out: set[int], band: int) -> None:
    graph = graph_of_arcs(arcs)
    points = set(edge_ring(graph, flags(ways_out), band).tolist())
    ahead = [set(layer.tolist()) for layer in layers(graph.backward, flags(ways_out), NODES)]
    if not ahead:
        assert not points
        return
    near = ways_out.union(*ahead[: min(band + 1, len(ahead)) - 1])
    inside = set(range(NODES)) - near
    assert not reach(arcs, inside, points) & ways_out
    assert len(points) == least_count(arcs, inside, near, ways_out)


@settings(max_examples=60, deadline=None)
@given(ARCS, EXITS, AREA)
def test_near_and_far_cuts_are_of_one_size(arcs: list[tuple[int, int]], ways_out: set[int], size: int) -> None:
    graph = graph_of_arcs(arcs)
    inside = flags(range(size)) & ~flags(ways_out)
    candidates: Rows = np.flatnonzero(~inside)
    near = least_cut(graph, inside, candidates, flags(ways_out))
    far = least_cut(graph, inside, candidates, flags(ways_out), far=True)
    assert len(near) == len(far)
    for points in (near, far):
        assert not reach(arcs, set(np.flatnonzero(inside).tolist()), set(points.tolist())) & ways_out
