"""Containment against a direct computation with Dijkstra's ways, and relations that must hold between runs."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pytest

from sim.codes import NOBODY, FlightEnd, Ring
from sim.engine.clock import SECOND

SIDE, INNER = 11, 5
POSTS = [0, 5, 10, 24, 30, 40, 46, 55, 60, 65, 74, 80, 90, 96, 110, 115, 120]
TURN = ("township", "county", "edge")


@pytest.fixture(scope="module")
def streets(yard: Any) -> Any:
    """Return a lattice of uneven streets with a township in its middle."""
    return yard.lattice(SIDE, 5, inner=INNER)


@pytest.fixture(scope="module")
def outcome(yard: Any, streets: Any) -> Any:
    """Return a maker of finished runs in which each flight finds all units at their posts."""
    kept: dict[Any, Any] = {}

    def build(delay: float, units: int, stop: float = 1.0, speed: float = 1.0) -> Any:
        if (delay, units, stop, speed) not in kept:
            given = {"rings": TURN, "hold_minutes": 300.0, "stop_probability": stop, "suspect_speed_factor": speed}
            world = yard.make_world(streets, POSTS, days=120, alarm_delay_minutes=delay, units=units, **given)
            yard.run(yard.one_a_day(world), 1000.0)
            kept[delay, units, stop, speed] = world
        return kept[delay, units, stop, speed]

    return build


def graph_of(town: Any) -> Any:
    """Return the streets for networkx, in whole milliseconds."""
    roads = town.roads
    graph: nx.DiGraph[int] = nx.DiGraph()
    for tail, head, seconds in zip(roads.tail.tolist(), roads.head.tolist(), roads.seconds.tolist(), strict=True):
        graph.add_edge(tail, head, ticks=round(1000.0 * seconds))
    return graph


def closing_moments(
    order: list[list[int]], scene: dict[int, float], to_point: dict[int, dict[int, float]], units: int, delay: float
) -> dict[int, float]:
    """Return for each point that gets a unit the seconds after the flight's start at which it is closed.

    ``scene`` has the ticks from the scene to each node, ``to_point[point]`` those from each post to a point.
    """
    idle, closed = list(range(len(POSTS))), dict[int, float]()
    for ring in order:
        for point in sorted(ring, key=lambda node: (scene[node], node)):
            if point in closed or not idle or len(closed) == units:
                continue
            _, chosen = min((to_point[point][POSTS[unit]], unit) for unit in idle)
            idle.remove(chosen)
            closed[point] = delay + 30.0 + to_point[point][POSTS[chosen]] / 1000.0
    return closed


@pytest.mark.parametrize(
    ("delay", "units", "speed"), [(0.5, 17, 1.0), (1.5, 17, 1.0), (3.0, 9, 1.0), (1.0, 6, 0.7), (3.0, 17, 0.5)]
)
def test_every_flight_ends_as_computed_directly(
    yard: Any, streets: Any, outcome: Any, delay: float, units: int, speed: float
) -> None:
    world, graph = outcome(delay, units, 1.0, speed), graph_of(streets)
    backward = graph.reverse()
    rings = [yard.ring_nodes(world, kind) for kind in (Ring.TOWNSHIP, Ring.COUNTY, Ring.EDGE)]
    to_point = {
        point: nx.single_source_dijkstra_path_length(backward, point, weight="ticks")
        for ring in rings
        for point in ring
    }
    caught = []
    for flight in world.flights:
        ticks = nx.single_source_dijkstra_path_length(graph, int(flight.scene), weight="ticks")
        way = nx.dijkstra_path(graph, int(flight.scene), int(flight.exit), weight="ticks")
        closed = closing_moments(rings, ticks, to_point, units, 60.0 * delay)
        passed = {node: ticks[node] / 1000.0 / speed for node in way[1:]}
        met = [node for node in way[1:] if closed.get(node, math.inf) <= passed[node]]
        caught.append(bool(met))
        assert flight.end == (FlightEnd.CAUGHT if met else FlightEnd.ESCAPED)
        last = met[0] if met else way[-1]
        assert flight.at_node == last
        assert flight.ended - flight.start == pytest.approx(passed.get(last, 0.0) * SECOND, abs=1e-12)
        assert flight.caught_at == (next(k for k, ring in enumerate(rings) if last in ring) if met else NOBODY)
        assert flight.units == len(closed)
    assert 0.0 < np.mean(caught) < 1.0, "a case in which all or none are caught shows little"


def caught(world: Any) -> Any:
    return world.flights["end"] == FlightEnd.CAUGHT


@pytest.mark.parametrize("stop", [1.0, 0.6])
def test_a_later_alarm_never_catches_more(outcome: Any, stop: float) -> None:
    runs = [caught(outcome(delay, 17, stop)) for delay in (0.0, 0.5, 1.5, 3.0, 6.0)]
    assert all((later <= sooner).all() for sooner, later in pairwise(runs))
    assert runs[0].mean() > runs[-1].mean()


@pytest.mark.parametrize("stop", [1.0, 0.6])
def test_more_units_never_catch_fewer(outcome: Any, stop: float) -> None:
    runs = [caught(outcome(0.5, units, stop)) for units in (0, 3, 6, 9, 17)]
    assert all((fewer <= more).all() for fewer, more in pairwise(runs))
    assert runs[0].mean() == 0.0
    assert runs[-1].mean() > 0.0


def test_slower_fleeing_are_never_caught_less(outcome: Any) -> None:
    runs = [caught(outcome(1.0, 17, 1.0, speed)) for speed in (2.0, 1.0, 0.5)]
    assert all((fast <= slow).all() for fast, slow in pairwise(runs))


def test_flights_are_the_same_whatever_the_police_do(outcome: Any) -> None:
    some, none = outcome(0.5, 17), outcome(0.5, 0)
    for name in ("start", "scene", "exit", "leaves", "ring"):
        np.testing.assert_array_equal(some.flights[name], none.flights[name])


def test_the_star_in_closed_form(yard: Any) -> None:
    # Of n arms k have a unit that is in time, so k / n of the flights end at the ring: exactly, arm by arm.
    arms, length, minutes = 8, 6, [3, 3, 3, 4, 4, 5, 6, 6]
    posts = [arm * length + where for arm, where in enumerate(minutes)]
    for delay in (0.1, 0.6, 1.1, 2.1, 3.1):
        world = yard.make_world(
            yard.star(arms, length, 2), posts, days=150, alarm_delay_minutes=delay, rings=("township",)
        )
        world.containment["stop_probability"] = 1.0
        yard.run(yard.one_a_day(world), 1000.0)
        in_time = [delay + 0.5 + where - 3 < 3.0 for where in minutes]
        arm = (world.flights["exit"] - 1) // length
        np.testing.assert_array_equal(caught(world), np.array(in_time)[arm])
        expected = np.mean(in_time)
        count = len(world.flights)
        assert abs(caught(world).mean() - expected) <= 4.0 * math.sqrt(0.25 / count)
