"""Tiny towns with flights, check points and patrol units, and a loop that drives nothing else."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.codes import NOBODY, Geometry, Status
from sim.engine.compiled import compiled, from_python
from sim.engine.queue import drop_first, size
from sim.events import Kind
from sim.response.containment import (
    lay_containment,
    next_flight,
    on_alarm,
    on_flight_crosses,
    on_flight_starts,
    on_ring_left,
    on_ring_reached,
)
from sim.response.units import on_unit_at_post
from sim.scenario import parameters_record
from sim.scenario.response import ContainmentPart
from sim.town import Administration, RoadClass, Roads, Town
from sim.town.ways import empty_aim
from sim.town.ways.build import network_of, ways_over
from sim.world import DTYPES, Table, World, empty_table

TURN_OUT_SECONDS = 30.0


@compiled
def run(world: Any, until: float) -> None:
    """Handle all events before a moment."""
    while size(world.queue) > 0 and world.queue[1].time < until:
        first = world.queue[1]
        now, kind, row, version = first.time, first.kind, first.row, first.version
        drop_first(world.queue)
        if kind == Kind.FLIGHT_STARTS:
            on_flight_starts(world, row, now)
        elif kind == Kind.ALARM:
            on_alarm(world, row, now)
        elif kind == Kind.FLIGHT_CROSSES:
            on_flight_crosses(world, row, now)
        elif world.units[row].version == version:
            if kind == Kind.RING_REACHED:
                on_ring_reached(world, row, now)
            elif kind == Kind.RING_LEFT:
                on_ring_left(world, row, now)
            elif kind == Kind.UNIT_AT_POST:
                on_unit_at_post(world, row, now)


def roads_of(places: list[tuple[float, float]], arcs: list[tuple[int, int, float]], main: bool = False) -> Roads:
    """Return a network from places (x, y in metres) and arcs (tail, head, seconds)."""
    ordered = sorted(arcs)
    tail, head = (np.array([arc[end] for arc in ordered], dtype=np.int32) for end in (0, 1))
    return Roads(
        node_ids=[str(node) for node in range(len(places))],
        x_metres=np.array([x for x, _ in places], dtype=np.float64),
        y_metres=np.array([y for _, y in places], dtype=np.float64),
        lon=None,
        lat=None,
        open_to_access=np.ones(len(places), dtype=bool),
        tail=tail,
        head=head,
        seconds=np.array([arc[2] for arc in ordered], dtype=np.float64),
        metres=np.full(len(ordered), 100.0),
        road_class=np.full(len(ordered), RoadClass.MAIN if main else RoadClass.STREET, dtype=np.int8),
    )


def town_of(roads: Roads, townships: list[int], counties: list[int], scenes: list[int] | None = None) -> Town:
    """Return a town from each node's township and each township's county; flights start at the scenes alike."""
    names = [str(number) for number in range(len(counties))]
    numbers = np.arange(len(counties), dtype=np.int32)
    county_names = [str(number) for number in range(max(counties) + 1)]
    tree = Administration(
        np.array(townships, dtype=np.int32), numbers, np.array(counties, dtype=np.int32), county_names, names, names
    )
    weight = np.zeros(len(roads))
    weight[scenes if scenes is not None else np.arange(len(roads))] = 1.0
    return Town(roads, tree, weight / weight.sum())


def star(arms: int, length: int, within: int, seconds: float = 60.0) -> Town:
    """Return a star: node 0 in the middle, arms of ``length`` nodes, the first ``within`` of each in township 0.

    Node 1 + arm * length + k is the one of an arm at k + 1 steps from the middle. Flights start in the middle.
    """
    places, arcs, township = [(0.0, 0.0)], [], [0]
    for arm in range(arms):
        angle = 2.0 * np.pi * arm / arms
        last = 0
        for step in range(length):
            node = len(places)
            places.append((1000.0 * (step + 1) * float(np.cos(angle)), 1000.0 * (step + 1) * float(np.sin(angle))))
            arcs += [(last, node, seconds), (node, last, seconds)]
            township.append(0 if step < within else 1)
            last = node
    return town_of(roads_of(places, arcs), township, [0, 1], scenes=[0])


def lattice(side: int, seed: int, inner: int = 0) -> Town:
    """Return a lattice of streets of uneven length; the middle ``inner`` x ``inner`` nodes are township 0."""
    luck = np.random.default_rng(seed)
    arcs = []
    for node in range(side * side):
        for other in (node + 1 if (node + 1) % side else -1, node + side if node + side < side * side else -1):
            if other >= 0:
                arcs += [(node, other, float(luck.uniform(20, 60))), (other, node, float(luck.uniform(20, 60)))]
    places = [(200.0 * (node % side), 200.0 * (node // side)) for node in range(side * side)]
    low = (side - inner) // 2
    middle = [low <= x < low + inner and low <= y < low + inner for y in range(side) for x in range(side)]
    if inner == 0:
        return town_of(roads_of(places, arcs), [0] * side * side, [0])
    scenes = [node for node in range(side * side) if middle[node]]
    return town_of(roads_of(places, arcs), [0 if m else 1 for m in middle], [0, 0], scenes)


def make_world(town: Town, posts: list[int], days: int = 10, seed: int = 1, rate: float = 365.0, **given: Any) -> World:
    """Return a world with a unit at each of some posts and with the flights of a containment, the first one planned."""
    roads = town.roads
    part = ContainmentPart(flights_per_year=rate, **given)
    laid = lay_containment(SimpleNamespace(response=SimpleNamespace(containment=part)), town, days, seed)  # type: ignore[arg-type]
    counts = {"state": 1, "units": len(posts), "posts": len(posts), "groups": 1, "orders": 1, "nodes": len(roads)}
    counts |= {"queue": 4096, "communities": 1, "districts": 1, "days": days}
    tables = {name: empty_table(dtype, counts.get(name, 0)) for name, dtype in DTYPES.items()} | laid
    tables |= ways_over(network_of(roads, roads.seconds[np.newaxis]))._asdict()
    tables["aim"] = empty_aim(len(roads))
    parameters = parameters_record({"turn_out_seconds": TURN_OUT_SECONDS, "emergency_speed_factor": 1.0})
    world = World(parameters=parameters, **tables)
    world.state["seed"] = seed
    world.state["waiting_first"] = world.state["waiting_last"] = NOBODY
    world.orders["geometry"] = Geometry.ROADS
    world.orders["on_the_move"] = 1
    world.orders["metres_per_second"] = 50.0
    world.orders["pace_of_hour"] = 1.0
    world.groups["speed_factor"] = 1.0
    world.groups["priorities"] = -1
    world.groups["end_unit"] = len(posts)
    for table in (world.nodes, world.posts):
        nodes = np.array(posts, dtype=np.int64) if table is world.posts else np.arange(len(roads))
        table["x_metres"], table["y_metres"] = roads.x_metres[nodes], roads.y_metres[nodes]
    world.posts["node"] = posts
    station(world)
    world.state["free_units"] = len(posts)
    from_python(next_flight)(world, 0)
    return world


def station(world: World) -> None:
    """Let every unit stand at its post, on shift."""
    units = world.units
    for name in ("node", "to_node"):
        units[name] = world.posts["node"]
    for name in ("from_x", "to_x"):
        units[name] = world.posts["x_metres"]
    for name in ("from_y", "to_y"):
        units[name] = world.posts["y_metres"]
    units["post"] = units["home_post"] = np.arange(len(units))
    units["status"] = Status.AT_POST
    units["on_shift"] = 1
    units["shift_end"] = np.inf
    for name in ("call", "dispatch", "flight", "check_point"):
        units[name] = NOBODY


def one_a_day(world: World) -> World:
    """Move the flights to noon of one day each, so that every containment finds all units at their posts."""
    flights = world.flights
    delay = flights["alarm"] - flights["start"]
    flights["start"] = np.arange(len(flights)) + 0.5
    flights["alarm"] = flights["start"] + delay
    world.queue[0].row = 0
    from_python(next_flight)(world, 0)
    return world


def ring_nodes(world: World, kind: int, row: int = 0) -> list[int]:
    """Return the nodes of a flight's ring."""
    ring = world.rings[int(world.flights["ring"][row, kind])]
    return [int(node) for node in world.ring_points["node"][int(ring.first_point) : int(ring.end_point)]]


def fingerprint(world: World) -> str:
    """Return a hash of everything that a containment writes, field by field."""
    digest = hashlib.sha256()
    tables: list[Table] = [world.flights, world.units, world.rings, world.ring_points]
    for table in tables:
        for name in table.dtype.names or ():
            digest.update(np.ascontiguousarray(table[name]).tobytes())
    return digest.hexdigest()


def busy_run() -> World:
    """Return the world of a run in which containments overlap, points are left again and some flights are stopped."""
    given: dict[str, Any] = {"alarm_delay_minutes": 1.0, "hold_minutes": 9.0, "stop_probability": 0.5, "units": 9}
    world = make_world(lattice(8, 3, inner=4), list(range(0, 64, 4)), days=2, rate=365.0 * 100.0, **given)
    run(world, 2.0)
    return world


@pytest.fixture(scope="session")
def yard() -> SimpleNamespace:
    """Return the helpers of this file."""
    return SimpleNamespace(
        run=run,
        roads_of=roads_of,
        town_of=town_of,
        star=star,
        lattice=lattice,
        make_world=make_world,
        one_a_day=one_a_day,
        ring_nodes=ring_nodes,
        fingerprint=fingerprint,
        busy_run=busy_run,
        turn_out_seconds=TURN_OUT_SECONDS,
    )
