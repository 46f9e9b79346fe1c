"""Tiny worlds for the response side, and a loop that drives nothing but calls and patrol units."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim import response
from sim.engine.clock import cumulative_profile
from sim.engine.compiled import compiled, from_python, rule
from sim.engine.draws import exponential
from sim.engine.queue import drop_first, size
from sim.events import Kind
from sim.purposes import Purpose
from sim.response.units import begin_scene
from sim.town import Administration, Roads, Town
from sim.world import DTYPES, Table, World, empty_table

LOGNORMAL_SCENES = 0
EXPONENTIAL_SCENES = 1

DEFAULTS: dict[str, Any] = {
    "background_calls_per_1000_per_year": 105.0,
    "call_hour_weight": [1.0] * 24,
    "urgent_share": 0.3,
    "call_taking_seconds": 83.0,
    "turn_out_seconds": 30.0,
    "emergency_speed_factor": 1.2,
    "scene_minutes_dispute": 32.0,
    "scene_minutes_background": 25.0,
    "scene_sigma": 0.8,
    "defuse_probability": 0.5,
    "defuse_delay_half_minutes": 10.0,
    "defuse_stage_slope": -0.3,
}


@rule
def handle(world: Any, kind: int, row: int, version: int, now: float, scenes: int) -> None:
    """Hand one event to its rule."""
    if kind == Kind.BACKGROUND_CALL:
        response.on_background_call(world, now)
    elif kind == Kind.CALL_READY:
        response.on_call_ready(world, row, now)
    elif kind in (Kind.SHIFT_STARTS, Kind.SHIFT_ENDS):
        if world.units[row].shift_version == version:
            if kind == Kind.SHIFT_STARTS:
                response.on_shift_starts(world, row, now)
            else:
                response.on_shift_ends(world, row, now)
    elif world.units[row].version == version:
        if kind == Kind.UNIT_ARRIVES and scenes == EXPONENTIAL_SCENES:
            address = world.calls[world.units[row].call].address
            mean = world.parameters[0].scene_minutes_background / 1440.0
            begin_scene(world, row, mean * exponential(world.state[0].seed, Purpose.CALL_SCENE, address, 0), now)
        elif kind == Kind.UNIT_ARRIVES:
            response.on_unit_arrives(world, row, now)
        elif kind == Kind.UNIT_CLEARS:
            response.on_unit_clears(world, row, now)
        elif kind == Kind.UNIT_AT_POST:
            response.on_unit_at_post(world, row, now)


@compiled
def run(world: Any, until: float, scenes: int) -> int:
    """Handle all events before ``until`` and return their number."""
    events = 0
    while size(world.queue) > 0 and world.queue[1].time < until:
        first = world.queue[1]
        now, kind, row, version = first.time, first.kind, first.row, first.version
        drop_first(world.queue)
        world.state[0].now = now
        handle(world, kind, row, version, now, scenes)
        events += 1
    return events


def parameter_row(**changes: Any) -> Table:
    """Return one row of the parameters that the response side reads."""
    values = DEFAULTS | changes
    dtype = np.dtype([(name, "f8", np.shape(value)) for name, value in values.items()])
    row = empty_table(dtype, 1)
    for name, value in values.items():
        row[name] = value
    return row


def town_of(arcs: list[tuple[int, int, float, float]], nodes: int, x: Any = None, y: Any = None) -> Town:
    """Return a town of one community from arcs (tail, head, seconds, metres), residents spread evenly."""
    ordered = sorted(arcs)
    columns = [np.array([arc[place] for arc in ordered]) for place in range(4)]
    roads = Roads(
        node_ids=[str(node) for node in range(nodes)],
        x_metres=np.arange(nodes, dtype=np.float64) if x is None else np.asarray(x, dtype=np.float64),
        y_metres=np.zeros(nodes) if y is None else np.asarray(y, dtype=np.float64),
        lon=None,
        lat=None,
        open_to_access=np.ones(nodes, dtype=bool),
        tail=columns[0].astype(np.int32),
        head=columns[1].astype(np.int32),
        seconds=columns[2].astype(np.float64),
        metres=columns[3].astype(np.float64),
        road_class=np.zeros(len(ordered), dtype=np.int8),
    )
    one = np.zeros(1, dtype=np.int32)
    tree = Administration(np.zeros(nodes, dtype=np.int32), one, one, ["county"], ["township"], ["community"])
    return Town(roads, tree, np.full(nodes, 1.0 / nodes))


def grid_town(side: int, townships: int = 1, block_seconds: float = 10.0) -> Town:
    """Return a square grid of ``side`` x ``side`` nodes, two-way streets, cut into townships by rows of nodes."""
    arcs = []
    for node in range(side * side):
        for other in (node + 1 if (node + 1) % side else -1, node + side if node + side < side * side else -1):
            if other >= 0:
                seconds = block_seconds * (1.0 + 0.01 * ((node * 7 + other) % 13))
                arcs += [(node, other, seconds, 100.0), (other, node, seconds, 100.0)]
    place = np.arange(side * side)
    town = town_of(arcs, side * side, place % side * 100.0, place // side * 100.0)
    township = (place * townships // (side * side)).astype(np.int32)
    names = [str(number) for number in range(townships)]
    numbers = np.arange(townships, dtype=np.int32)
    tree = Administration(township, numbers, np.zeros(townships, dtype=np.int32), ["county"], names, names)
    return Town(town.roads, tree, town.weight)


def settings(**changes: Any) -> Any:
    """Return a stand-in for the part of a scenario that the response side reads."""
    timing = SimpleNamespace(profile=changes.pop("profile", "flat"), weights=changes.pop("weights", None))
    values = {"units": 4, "posts": None, "shift_hours": 24.0, "patrol_timing": timing} | changes
    return SimpleNamespace(response=SimpleNamespace(**values))


def make_world(
    town: Town, plan: Any, days: int = 10, residents: int = 1000, calls: int = 5000, seed: int = 1, **changes: Any
) -> World:
    """Return a world in which only the response side has rows; its residents live evenly over the nodes."""
    parameters = parameter_row(**changes)
    laid = response.lay_out(plan, town, parameters=parameters[0], seed=seed)
    counts = {"state": 1, "days": days, "communities": 1, "districts": 1, "calls": calls, "series": days}
    counts |= {"queue": 10000, "residents": residents, "households": residents}
    tables = {name: empty_table(dtype, counts.get(name, 0)) for name, dtype in DTYPES.items()}
    world = World(parameters=parameters, **(tables | laid))
    world.state["seed"] = seed
    world.state["call_hours"] = cumulative_profile(parameters[0].call_hour_weight)
    world.days["call_factor"] = 1.0
    world.residents["household"] = np.arange(residents)
    world.households["node"] = np.arange(residents) % len(town.roads)
    world.households["members"] = 1
    response.set_bounds(world)
    return world


def start(world: World) -> World:
    """Start shifts and background calls, and return the world."""
    response.start_shifts(world)
    from_python(response.next_background_call)(world, 0.0)
    return world


def used_calls(world: World) -> Table:
    """Return the calls that have been received."""
    return world.calls[: int(world.state[0].call_rows)].view(np.recarray)


def fingerprint(world: World) -> str:
    """Return a hash of everything that a run of the response side writes, field by field (padding is not data)."""
    digest = hashlib.sha256()
    tables: list[Table] = [used_calls(world), world.units, world.series, world.state]
    for table in tables:
        for name in table.dtype.names or ():
            digest.update(np.ascontiguousarray(table[name]).tobytes())
    return digest.hexdigest()


def busy_run(days: float = 3.0) -> World:
    """Return the world of a short run with queues, overtime and calls to units on their way back."""
    weights = [1.0 + 0.5 * (hour % 5) for hour in range(24)]
    plan = settings(units=7, posts=3, shift_hours=8.0, profile="weights", weights=weights)
    world = make_world(grid_town(9), plan, background_calls_per_1000_per_year=36500.0, call_hour_weight=weights)
    run(start(world), days, LOGNORMAL_SCENES)
    return world


@pytest.fixture
def lab() -> SimpleNamespace:
    """Return the helpers of this file."""
    return SimpleNamespace(
        lognormal=LOGNORMAL_SCENES,
        exponential=EXPONENTIAL_SCENES,
        run=run,
        parameter_row=parameter_row,
        town_of=town_of,
        grid_town=grid_town,
        settings=settings,
        make_world=make_world,
        start=start,
        used_calls=used_calls,
        fingerprint=fingerprint,
        busy_run=busy_run,
    )
