"""Driving times and next nodes against Dijkstra on the same whole numbers, on graphs full of ties and dead ends."""

from __future__ import annotations

import functools
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
from sim.town.ways import (
    Ways,
    aim,
    best_hub,
    driving,
    driving_to_aim,
    empty_aim,
    labels,
    next_on_way,
    step_on_way,
    traffic_patterns,
)
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
    times = st.lists(st.integers(1, draw(st.sampled_from([1, 2, 50]))), min_size=patterns, max_size=patterns)
    arc = st.tuples(node, node, times, st.integers(0, draw(st.sampled_from([0, 5]))))
    count = draw(st.integers(0, 45))
    arcs = draw(st.lists(arc, min_size=count, max_size=count))
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


@given(networks(patterns=2))
def test_steps_along_a_hub_are_those_of_a_search_at_every_node(network: Network) -> None:
    tables = ways_over(network)
    for first in (0, network.nodes):
        for start in range(network.nodes):
            for end in range(network.nodes):
                out, into = best_hub(*tables, first + start, first + end)
                node = start
                while out >= 0 and node != end:
                    expected = next_on_way(*tables, first + node, first + end)
                    node, out, into = step_on_way(*tables, first, node, first + end, out, into)
                    assert node == expected
                    assert (out, into) == best_hub(*tables, first + node, first + end)


@given(networks())
def test_labels_hold_exactly_the_most_important_nodes_on_shortest_ways(network: Network) -> None:
    tables = ways_over(network)
    expected, _ = least_matrix(network)
    out_hubs, in_hubs = hubs_of(tables, "out"), hubs_of(tables, "in")
    rank = np.array([hubs[-1] for hubs in out_hubs])
    assert sorted(rank.tolist()) == list(range(network.nodes))
    for node in range(network.nodes):
        for hubs, there, back in ((out_hubs, expected, expected.T), (in_hubs, expected.T, expected)):
            expected_hubs = []
            for other in np.flatnonzero(np.isfinite(there[node])):
                on_way = there[node] + back[other] == there[node, other]
                expected_hubs += [rank[other]] if rank[on_way].min() == rank[other] else []
            assert hubs[node] == sorted(expected_hubs)


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


def test_tables_grow_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "ENTRIES_A_NODE", 1)
    # A complete graph whose arcs are all needed, and whose nodes have too many neighbours for all pairs to be tried.
    nodes = 110
    tail, head = (column.astype(np.int64) for column in np.nonzero(~np.eye(nodes, dtype=bool)))
    ticks = 1000 + (tail * 37 + head * 11) % 97
    network = Network(nodes, tail, head, ticks[None], np.zeros_like(tail))
    tables = ways_over(network)
    assert len(tables.out_labels) > 2 * nodes
    for row in range(0, len(tail), 41):
        assert driving(*tables, tail[row], head[row]) == (ticks[row], 0.0)


@pytest.mark.parametrize(
    ("arcs", "each_days", "each_km"), [(1, 7.0, 1.0), (30, 0.5, 1.0), (1, 0.01, 70_000.0), (10, 0.01, 20_000.0)]
)
def test_ways_beyond_the_bounds_are_refused(
    roads_of: Callable[..., Roads], arcs: int, each_days: float, each_km: float
) -> None:
    places = [(float(node), 0.0) for node in range(arcs + 1)]
    roads = roads_of(places, [(node, node + 1, each_days * 86_400.0, each_km * 1000.0) for node in range(arcs)])
    with pytest.raises(TownError, match=r"6 days .* 67,000 km"):
        ways_over(network_of(roads, roads.seconds[None]))
    shorter = network_of(roads, roads.seconds[None] / 100.0)
    if each_km == 1.0:
        assert driving(*ways_over(shorter), 0, arcs) == (arcs * each_days * 864_000, arcs * 1000.0)


@functools.cache
def town_roads(name: str) -> Roads:
    """Return the roads of a made-up town or of Manhattan."""
    speeds = Speeds(60.0, 40.0, 30.0, 20.0)
    if name == "made-up":
        settings: Any = SyntheticTown(
            kind="synthetic", area_km2=6.0, townships=2, communities=10, rivers=1, urban_share=0.6, road_nodes=1500
        )
        return build_town(settings, 3, speeds).roads
    if not MANHATTAN.is_dir():
        pytest.skip("needs ../shared/data/jemss-manhattan beside the repository")
    settings = CsvTown.model_validate(
        {
            "kind": "csv",
            "nodes_file": MANHATTAN / "roads.zip" / "nodes.csv",
            "arcs_file": MANHATTAN / "roads.zip" / "arcs.csv",
            "node_columns": {"id": "index", "x": "x", "y": "y", "open_to_access": "offRoadAccess"},
            "arc_columns": {"tail": "fromNode", "head": "toNode", "seconds": "mode_1"},
            "time_unit": "days",
            "coordinates": "lonlat",
            "townships": 12,
            "communities": 64,
        }
    )
    return build_town(settings, 1, speeds).roads


@functools.cache
def town_tables(name: str) -> tuple[Network, Ways]:
    """Return a town's whole numbers and its tables."""
    roads = town_roads(name)
    network = network_of(roads, traffic_patterns(roads).seconds)
    return network, ways_over(network)


@pytest.mark.parametrize("name", ["made-up", "Manhattan"])
def test_times_in_towns_are_those_of_dijkstra_within_a_second(name: str) -> None:
    roads = town_roads(name)
    _, tables = town_tables(name)
    targets = np.random.default_rng(5).integers(0, len(roads), 12)
    expected = dijkstra(driving_graph(roads, backwards=True), indices=targets)
    scratch = empty_aim(len(roads))
    for row, target in enumerate(targets):
        aim(tables.ways, tables.in_labels, target, scratch)
        found = [driving_to_aim(tables.ways, tables.out_labels, node, scratch)[0] for node in range(len(roads))]
        assert np.abs(np.array(found) / 1000.0 - expected[row]).max() < 1.0


@pytest.mark.parametrize("name", ["made-up", "Manhattan"])
def test_ways_in_towns_are_as_long_as_they_say(name: str) -> None:
    network, tables = town_tables(name)
    arcs: dict[tuple[int, int], int] = {}
    keys = (network.ticks[0] << LENGTH_BITS) + network.steps
    for tail, head, key in zip(network.tail.tolist(), network.head.tolist(), keys.tolist(), strict=True):
        arcs[tail, head] = min(key, arcs.get((tail, head), key))
    for a, b in np.random.default_rng(6).integers(0, network.nodes, (30, 2)).tolist():
        ticks, metres = driving(*tables, a, b)
        key, node = 0, a
        while node != b:
            following = next_on_way(*tables, node, b)
            key += arcs[node, following]
            node = following
        assert key == (ticks << LENGTH_BITS) + metres * STEPS_PER_METRE


PRINT_TABLES = """
import hashlib
import numpy as np
from sim.town.ways import aim, driving, driving_to_aim, empty_aim, next_on_way
from sim.town.ways.build import Network, ways_over

draws = np.random.default_rng(9)
tail, head = draws.integers(0, 40, (2, 110))
tables = ways_over(Network(40, tail, head, draws.integers(1, 30, (2, 110)), draws.integers(0, 900, 110)))
scratch = empty_aim(40)
digest = hashlib.sha256(b"".join(table.tobytes() for table in tables))
for b in range(40, 80):
    aim(tables.ways, tables.in_labels, b, scratch)
    for a in range(40, 80):
        answer = driving(*tables, a, b)
        assert answer == driving_to_aim(tables.ways, tables.out_labels, a, scratch)
        digest.update(f"{int(answer[0])} {float(answer[1]).hex()} {int(next_on_way(*tables, a, b))}".encode())
print(digest.hexdigest())
"""


def test_compiled_and_plain_python_agree_to_the_last_bit() -> None:
    def printed(disabled: str) -> str:
        environment = os.environ | {"NUMBA_DISABLE_JIT": disabled, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-W", "error", "-c", PRINT_TABLES]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    compiled = printed("0")
    assert len(compiled.strip()) == 64
    assert compiled == printed("1")
