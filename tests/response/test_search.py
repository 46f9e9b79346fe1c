"""The search against brute force: networkx distances to every free unit, on random directed graphs."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.codes import NOBODY, Status
from sim.engine.clock import SECOND
from sim.engine.compiled import from_python
from sim.response.position import advance, seconds_before_leaving
from sim.response.search import nearest_free_unit

NOW = 0.5
TOLERANCE = 1e-6  # seconds; moments are kept in days


@st.composite
def road_graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, float, float]]]:
    """Return strongly connected graphs: a one-way ring with chords, parallel arcs and ties in time."""
    nodes = draw(st.integers(2, 12))
    seconds = st.one_of(st.integers(1, 4).map(float), st.floats(0.5, 90.0))
    ends = draw(st.lists(st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1)), max_size=25))
    ring = [(node, (node + 1) % nodes) for node in range(nodes)]
    arcs = [(tail, head) for tail, head in ring + ends if tail != head]
    return nodes, [(tail, head, draw(seconds), draw(st.floats(1.0, 500.0))) for tail, head in arcs]


def seconds_by_brute_force(town: Any, target: int, factor: float) -> dict[int, float]:
    """Return the emergency driving seconds from every node to the target."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    roads = town.roads
    for tail, head, seconds in zip(roads.tail.tolist(), roads.head.tolist(), roads.seconds.tolist(), strict=True):
        graph.add_edge(head, tail, seconds=seconds / factor)
    lengths: dict[int, float] = nx.single_source_dijkstra_path_length(graph, target, weight="seconds")
    return lengths


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=road_graphs(), data=st.data())
def test_earliest_arrival_equals_brute_force(lab: Any, graph: Any, data: st.DataObject) -> None:
    nodes, arcs = graph
    town = lab.town_of(arcs, nodes)
    count = data.draw(st.integers(1, 6))
    plan = lab.settings(units=count, posts=min(count, nodes))
    turn_out = data.draw(st.sampled_from([0.0, 30.0]))
    world = lab.make_world(town, plan, residents=1, turn_out_seconds=turn_out)
    for row in range(count):
        unit = world.units[row]
        unit.status = data.draw(st.sampled_from(list(Status)))
        if unit.status == Status.RETURNING:
            unit.node = data.draw(st.integers(0, nodes - 1))
            unit.node_time = NOW - data.draw(st.floats(0.0, 200.0)) * SECOND
    target = data.draw(st.integers(0, nodes - 1))
    chosen = from_python(nearest_free_unit)(world, target, NOW)

    lengths = seconds_by_brute_force(town, target, 1.2)
    arrivals: dict[int, float] = {}
    for row in range(count):
        unit = world.units[row]
        if unit.status == Status.AT_POST:
            arrivals[row] = turn_out + lengths[int(unit.node)]
        elif unit.status == Status.RETURNING:
            arrivals[row] = max(float(unit.node_time) - NOW, 0.0) / SECOND + lengths[int(unit.node)]
    if not arrivals:
        assert chosen == NOBODY
        return
    best = min(arrivals.values())
    assert arrivals[chosen] == pytest.approx(best, abs=TOLERANCE)
    way = world.nodes[int(world.units[chosen].node)]
    assert float(way.seconds) == pytest.approx(lengths[int(world.units[chosen].node)], abs=TOLERANCE)


def test_equal_arrivals_go_to_the_lowest_row(lab: Any) -> None:
    # Node 1 lies between two posts at equal times.
    arcs = [(0, 1, 60.0, 1.0), (1, 0, 60.0, 1.0), (1, 2, 60.0, 1.0), (2, 1, 60.0, 1.0)]
    world = lab.make_world(lab.town_of(arcs, 3), lab.settings(units=4, posts=2), residents=1)
    world.units["node"] = [2, 2, 0, 0]
    world.units["status"] = Status.AT_POST
    assert from_python(nearest_free_unit)(world, 1, NOW) == 0
    world.units["node"] = [0, 0, 2, 2]
    assert from_python(nearest_free_unit)(world, 1, NOW) == 0
    world.units[0].status = Status.OFF_DUTY
    assert from_python(nearest_free_unit)(world, 1, NOW) == 1


def test_metres_are_those_of_the_fastest_way(lab: Any) -> None:
    # The long way round is faster than the short lane.
    arcs = [(0, 1, 100.0, 50.0), (0, 2, 10.0, 400.0), (2, 1, 10.0, 300.0), (1, 0, 5.0, 5.0)]
    world = lab.make_world(lab.town_of(arcs, 3), lab.settings(units=1, posts=1), residents=1)
    world.units["node"] = 0
    world.units["status"] = Status.AT_POST
    assert from_python(nearest_free_unit)(world, 1, NOW) == 0
    assert world.nodes[0].metres == 700.0
    assert world.nodes[0].seconds == pytest.approx(20.0 / 1.2)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=road_graphs(), looks=st.lists(st.floats(0.0, 600.0), max_size=6))
def test_looking_at_a_unit_does_not_change_its_way(lab: Any, graph: Any, looks: list[float]) -> None:
    nodes, arcs = graph
    plan = lab.settings(units=2, posts=1)
    world = lab.make_world(lab.town_of(arcs, nodes), plan, residents=1)
    far = int(np.argmax(world.routes["seconds"][0]))
    for row in range(2):
        world.units[row].status = Status.RETURNING
        world.units[row].node = far
        world.units[row].node_time = NOW
    for seconds in sorted(looks):
        from_python(advance)(world, 0, NOW + seconds * SECOND)
    last = NOW + max(looks, default=0.0) * SECOND
    from_python(advance)(world, 1, last)
    from_python(advance)(world, 0, last)
    assert world.units[0].node == world.units[1].node
    assert world.units[0].node_time == world.units[1].node_time
    home = float(world.units[0].node_time) + float(world.routes["seconds"][0][world.units[0].node]) * SECOND
    whole = NOW + float(world.routes["seconds"][0][far]) * SECOND
    assert home == pytest.approx(whole, abs=1e-9), "what is behind and what is ahead make up the whole way"


def test_a_crew_on_the_road_needs_no_turn_out_but_must_reach_a_node(lab: Any) -> None:
    world = lab.make_world(lab.grid_town(3), lab.settings(units=1, posts=1), residents=1)
    world.units[0].status = Status.AT_POST
    assert from_python(seconds_before_leaving)(world, 0, NOW) == 30.0
    world.units[0].status = Status.RETURNING
    world.units[0].node_time = NOW + 7.0 * SECOND
    assert from_python(seconds_before_leaving)(world, 0, NOW) == pytest.approx(7.0)
