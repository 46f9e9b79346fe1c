"""A stage for response alone: a small town, units at named nodes, and calls at stated minutes."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.engine.clock import MINUTE
from sim.engine.queue import push
from sim.events import Kind
from sim.model import TownModel
from sim.saved_columns import GROWING
from sim.scenario import Scenario
from sim.town import Administration, Roads, Town
from sim.world import LOG, Table, empty_table

INSTANT: dict[str, Any] = {"call_taking_seconds": 0.0, "turn_out_seconds": 0.0, "emergency_speed_factor": 1.0}


def town_from(arcs: list[tuple[int, int, float, float]], x: Any, y: Any, community: Any = None) -> Town:
    """Return a town from arcs (tail, head, seconds, metres) and places; communities are townships of one county."""
    columns = [np.array([arc[place] for arc in sorted(arcs)]) for place in range(4)]
    nodes = len(x)
    owner = np.zeros(nodes, dtype=np.int32) if community is None else np.asarray(community, dtype=np.int32)
    numbers = np.arange(int(owner.max()) + 1, dtype=np.int32)
    names = [str(number) for number in numbers]
    roads = Roads(
        node_ids=[f"n{node}" for node in range(nodes)],
        x_metres=np.asarray(x, dtype=np.float64),
        y_metres=np.asarray(y, dtype=np.float64),
        lon=None,
        lat=None,
        open_to_access=np.ones(nodes, dtype=bool),
        tail=columns[0].astype(np.int32),
        head=columns[1].astype(np.int32),
        seconds=columns[2].astype(np.float64),
        metres=columns[3].astype(np.float64),
        road_class=np.full(len(arcs), 2, dtype=np.int8),
    )
    tree = Administration(owner, numbers, np.zeros(len(numbers), dtype=np.int32), ["county"], names, names)
    return Town(roads, tree, np.full(nodes, 1.0 / nodes))


def line(nodes: int, minutes: float = 1.0, community: Any = None) -> Town:
    """Return nodes n0, n1, ... along a two-way street, each ``minutes`` and 500 m from the next."""
    arcs = []
    for node in range(nodes - 1):
        arcs += [(node, node + 1, 60.0 * minutes, 500.0), (node + 1, node, 60.0 * minutes, 500.0)]
    return town_from(arcs, np.arange(nodes) * 500.0, np.zeros(nodes), community)


def at(*nodes: int, **fields: Any) -> dict[str, Any]:
    """Return a group of units with one unit at each of the nodes, on duty round the clock."""
    posts = [f"n{node}" for node in nodes]
    return {"name": "patrol", "units": len(nodes), "post_nodes": posts, "shift_hours": 24, **fields}


def call(
    minute: float, node: int, priority: int = 0, scene: float = 10.0, units: int = 1, access: float = 0.0
) -> dict[str, Any]:
    """Return a call at a minute of the first day, which keeps its unit ``scene`` minutes.

    Its place lies ``access`` metres off the road.
    """
    return {"minute": minute, "node": node, "priority": priority, "scene": scene, "units": units, "access": access}


def log_of(town: Town, calls: list[dict[str, Any]]) -> Table:
    """Return a log of calls without call-taking."""
    log = empty_table(LOG, len(calls))
    for row, one in enumerate(sorted(calls, key=lambda found: found["minute"])):
        entry = log[row]
        entry.address = row
        entry.received = one["minute"] * MINUTE
        entry.node = one["node"]
        entry.x_metres, entry.y_metres = town.roads.x_metres[one["node"]], town.roads.y_metres[one["node"]]
        entry.taking_days = 0.0
        entry.scene_days = one["scene"] * MINUTE
        entry.priority = one["priority"]
        entry.units_wanted = one["units"]
        entry.access_metres = one["access"]
    return log


def stage(town: Town, groups: list[dict[str, Any]], calls: list[dict[str, Any]], **parts: Any) -> TownModel:
    """Return a model of a day in which these calls come in, before it begins.

    ``parts`` are ``dispatch``, ``queue``, ``travel``, ``cover`` and ``parameters``, and ``days``.
    """
    tree = town.administration
    scenario = Scenario.model_validate(
        {
            "name": "stage",
            "calendar": {"days": parts.pop("days", 1)},
            "town": {
                "kind": "synthetic",
                "area_km2": 1,
                "townships": len(tree.township_county),
                "communities": len(tree.community_township),
            },
            "parameters": INSTANT | parts.pop("parameters", {}),
            "response": {"groups": groups, **parts},
        }
    )
    model = TownModel(scenario, seed=parts.get("seed", 1), town=town)
    log = log_of(town, calls)
    model.world = model.world._replace(log=log)
    if len(log):
        push(model.world.queue, float(log[0].received), Kind.LOGGED_CALL.value, 0, 0)
    return model


def seen(model: TownModel) -> SimpleNamespace:
    """Return the calls, dispatches and units of a model so far, times in minutes of the first day."""
    world = model.world
    calls = np.array(world.calls[: int(world.state[0].call_rows)]).view(np.recarray)
    dispatches = np.array(world.dispatches[: int(world.state[0].dispatch_rows)]).view(np.recarray)
    for table, names in (
        (calls, ("received", "ready", "dispatched", "departed", "arrived", "cleared")),
        (dispatches, ("dispatched", "departed", "arrived", "cleared")),
    ):
        for name in names:
            table[name] = np.round(table[name] / MINUTE, 6)
    return SimpleNamespace(calls=calls, dispatches=dispatches, units=world.units, world=world)


def play(town: Town, groups: list[dict[str, Any]], calls: list[dict[str, Any]], **parts: Any) -> SimpleNamespace:
    """Return what a day brought in which these calls came in."""
    return seen(stage(town, groups, calls, **parts).run())


def grid_town(side: int, block_seconds: float = 10.0, townships: int = 1) -> Town:
    """Return a square grid of two-way streets, 100 m a block, no two ways of quite the same time.

    Townships are made of rows of nodes.
    """
    arcs = []
    for node in range(side * side):
        for other in (node + 1 if (node + 1) % side else -1, node + side if node + side < side * side else -1):
            if other >= 0:
                seconds = block_seconds * (1.0 + 0.01 * ((node * 7 + other) % 13))
                arcs += [(node, other, seconds, 100.0), (other, node, seconds, 100.0)]
    place = np.arange(side * side)
    return town_from(arcs, place % side * 100.0, place // side * 100.0, place * townships // (side * side))


def busy(days: float = 3.0, **parts: Any) -> TownModel:
    """Return a model after some days with queues, overtime, breaks, redirections and ways back cut short."""
    weights = [1.0 + 0.5 * (hour % 5) for hour in range(24)]
    group = {
        "name": "patrol",
        "units": 7,
        "posts": 3,
        "patrol_timing": {"profile": "weights", "weights": weights},
        "break": {"minutes": 30, "after_hours": 4},
    }
    stream = {"name": "street", "per_day": 100, "hour_weights": weights, "priority_shares": [0.3, 0.7]}
    scenario = Scenario.model_validate(
        {
            "name": "busy",
            "calendar": {"days": 10},
            "town": {"kind": "synthetic", "area_km2": 1, "townships": 1, "communities": 1},
            "calls": {"streams": [stream]},
            "response": {"groups": [group], "dispatch": {"redirect": True}} | parts,
        }
    )
    model = TownModel(scenario, seed=1, town=grid_town(9))
    model.run_until(days)
    return model


def fingerprint(world: Any) -> str:
    """Return a hash of everything that a run of the response writes, field by field (padding is not data)."""
    digest = hashlib.sha256()
    calls, dispatches = world.calls[: world.state[0].call_rows], world.dispatches[: world.state[0].dispatch_rows]
    for table in (calls, dispatches, world.units, world.spots, world.nodes, world.series, world.state):
        for name in table.dtype.names or ():
            digest.update(np.ascontiguousarray(table[name]).tobytes())
    return digest.hexdigest()


def town_fingerprint(world: Any, *without: str) -> str:
    """Return a hash of everything that a run writes about people, disputes and staff, but for columns named."""
    digest = hashlib.sha256()
    for name, rows in GROWING.items():
        table = getattr(world, name)[: int(world.state[0][rows])]
        for column in sorted(set(table.dtype.names or ()) - set(without)):
            digest.update(np.ascontiguousarray(table[column]).tobytes())
    for table in (world.residents, world.households, world.workers, world.mediators, world.units, world.series):
        for column in table.dtype.names or ():
            digest.update(np.ascontiguousarray(table[column]).tobytes())
    return digest.hexdigest()
