"""Driving times and next nodes against Dijkstra on the same whole numbers, on graphs full of ties and dead ends."""

from __future__ import annotations

import functools
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sim.scenario import CsvTown, SyntheticTown
from sim.town import Roads, Speeds, TownError, build_town, driving_graph
from sim.town.ways import Ways, aim, driving, driving_to_aim, empty_aim, next_on_way, traffic_patterns
from sim.town.ways.build import Network, network_of, ways_over
from sim.town.ways.graph import LENGTH_BITS
from sim.town.ways.tables import STEPS_PER_METRE

ROOT = Path(__file__).resolve().parents[3]
MANHATTAN = ROOT.parent / "shared" / "data" / "jemss-manhattan"

# Times and lengths are packed into one number for Dijkstra, so that the shortest of the fastest ways is found.
PACKED = 2**12


@st.composite
def networks(draw: Callable[[Any], Any], patterns: int = 1) -> Network:
    """Draw a directed graph with parallel arcs, arcs to themselves, ties, and parts that no way joins."""
    nodes = draw(st.integers(1, 12))
    node = st.integers(0, nodes - 1)
    times = st.lists(st.integers(1, draw(st.sampled_from([1, 4, 50]))), min_size=patterns, max_size=patterns)
    arcs = draw(st.lists(st.tuples(node, node, times, st.integers(0, 5)), max_size=45))
    columns = [np.array([arc[column] for arc in arcs], dtype=np.int64) for column in (0, 1, 3)]
    ticks = np.array([arc[2] for arc in arcs], dtype=np.int64).reshape(-1, patterns).T
    return Network(nodes, columns[0], columns[1], np.ascontiguousarray(ticks), columns[2])


def least_matrix(network: Network, pattern: int = 0) -> tuple[Any, Any]:
    """Return the packed distances between all nodes, infinite where there is no way, and those along single arcs."""
    arc = np.full((network.nodes, network.nodes), np.inf)
    np.minimum.at(arc, (network.tail, network.head), network.ticks[pattern] * float(PACKED) + network.steps)
    np.fill_diagonal(arc, np.inf)
    tail, head = np.nonzero(np.isfinite(arc))
    graph = csr_array((arc[tail, head], (tail, head)), shape=arc.shape)
    return dijkstra(graph), arc


def packed(ticks: int, metres: float) -> float:
    """Return the packed distance of an answer."""
    return np.inf if ticks == -1 else ticks * float(PACKED) + metres * STEPS_PER_METRE


@given(networks())
def test_times_and_lengths_equal_dijkstra(network: Network) -> None:
    tables = ways_over(network)
    expected, _ = least_matrix(network)
    scratch = empty_aim(network.nodes)
    for b in range(network.nodes):
        aim(tables.ways, tables.in_labels, b, scratch)
        for a in range(network.nodes):
            ticks, metres = driving(*tables, a, b)
            assert packed(ticks, metres) == expected[a, b]
            assert (metres == -1.0) == (ticks == -1)
            assert driving_to_aim(tables.ways, tables.out_labels, a, scratch) == (ticks, metres)


@given(networks())
def test_next_nodes_lead_along_a_fastest_way(network: Network) -> None:
    tables = ways_over(network)
    expected, arc = least_matrix(network)
    for a in range(network.nodes):
        for b in range(network.nodes):
            following = next_on_way(*tables, a, b)
            if a == b:
                assert following == a
            elif np.isinf(expected[a, b]):
                assert following == -1
            else:
                assert arc[a, following] + expected[following, b] == expected[a, b]


@given(networks())
def test_labels_hold_exactly_the_most_important_nodes_on_shortest_ways(network: Network) -> None:
    tables = ways_over(network)
    expected, _ = least_matrix(network)
    out_hubs, in_hubs = hubs_of(tables, "out"), hubs_of(tables, "in")
    rank = np.array([hubs[-1] for hubs in out_hubs])
    assert sorted(rank.tolist()) == list(range(network.nodes))
    for a in range(network.nodes):
        out_expected, in_expected = [], []
        for b in range(network.nodes):
            for hubs, (start, end) in ((out_expected, (a, b)), (in_expected, (b, a))):
                if np.isfinite(expected[start, end]):
                    on_way = expected[start, :] + expected[:, end] == expected[start, end]
                    hubs += [rank[b]] if rank[on_way].min() == rank[b] else []
        assert out_hubs[a] == sorted(out_expected)
        assert in_hubs[a] == sorted(in_expected)


def hubs_of(tables: Ways, side: str) -> list[list[int]]:
    """Return the hubs of each node's labels of one side, in their order."""
    hubs = (tables.out_labels if side == "out" else tables.in_labels)["hub"]
    bounds = zip(tables.ways[f"first_{side}"].tolist(), tables.ways[f"end_{side}"].tolist(), strict=True)
    return [hubs[first:end].tolist() for first, end in bounds]


@given(networks(patterns=3))
def test_patterns_lie_one_after_the_other(network: Network) -> None:
    tables = ways_over(network)
    assert len(tables.ways) == 3 * network.nodes
    scratch = empty_aim(network.nodes)
    for pattern in range(3):
        expected, arc = least_matrix(network, pattern)
        first = pattern * network.nodes
        for b in range(network.nodes):
            aim(tables.ways, tables.in_labels, first + b, scratch)
            for a in range(network.nodes):
                answer = driving(*tables, first + a, first + b)
                assert packed(*answer) == expected[a, b]
                assert driving_to_aim(tables.ways, tables.out_labels, first + a, scratch) == answer
                if a != b and answer[0] != -1:
                    following = next_on_way(*tables, first + a, first + b)
                    assert arc[a, following] + expected[following, b] == expected[a, b]


def test_a_table_with_no_room_left_grows(chequered: Callable[..., Roads]) -> None:
    # A complete graph whose arcs are all needed: shortcuts and labels far beyond what is set aside at first.
    nodes = 90
    tail, head = (column.astype(np.int64) for column in np.nonzero(~np.eye(nodes, dtype=bool)))
    ticks = 1000 + (tail * 37 + head * 11) % 97
    network = Network(nodes, tail, head, ticks[None], np.zeros_like(tail))
    tables = ways_over(network)
    assert len(tables.out_labels) > 32 * nodes + 1
    for row in range(len(tail)):
        assert driving(*tables, tail[row], head[row]) == (ticks[row], 0.0)
    star = Network(nodes, np.zeros(nodes - 1, np.int64), np.arange(1, nodes), np.ones((1, nodes - 1), np.int64), tail[1:nodes])
    assert driving(*ways_over(star), 0, nodes - 1)[0] == 1
    assert driving(*ways_over(star), 1, 0) == (-1, -1.0)
