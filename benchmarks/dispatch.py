"""How many dispatches a second the exact search makes on a street grid of some 18,000 nodes.

Run it as ``python benchmarks/dispatch.py``. It prints and keeps; it asserts nothing.
"""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
from measuring import keep

from sim import response
from sim.codes import Status
from sim.engine.compiled import compiled
from sim.engine.draws import uniform, whole_below
from sim.response.search import nearest_free_unit
from sim.town import Administration, Roads, Town
from sim.world import DTYPES, World, empty_table

SIDE = 134  # 17,956 nodes
CALLS = 20_000
UNIT_COUNTS = (40, 120)


def street_grid(side: int) -> Town:
    """Return a square grid of two-way streets, 100 m and about 10 s a block."""
    node = np.arange(side * side)
    east, south = node[node % side < side - 1], node[node < side * (side - 1)]
    tail = np.concatenate((east, east + 1, south, south + side))
    head = np.concatenate((east + 1, east, south + side, south))
    seconds = 10.0 + (tail * 7 + head * 3) % 13 / 10.0
    roads = Roads(
        node_ids=[str(number) for number in node],
        x_metres=np.asarray(node % side * 100.0, dtype=np.float64),
        y_metres=np.asarray(node // side * 100.0, dtype=np.float64),
        lon=None,
        lat=None,
        open_to_access=np.ones(len(node), dtype=bool),
        tail=tail.astype(np.int32),
        head=head.astype(np.int32),
        seconds=seconds,
        metres=np.full(len(tail), 100.0),
        road_class=np.zeros(len(tail), dtype=np.int8),
    )
    one = np.zeros(1, dtype=np.int32)
    tree = Administration(np.zeros(len(node), dtype=np.int32), one, one, ["county"], ["township"], ["community"])
    return Town(roads, tree, np.full(len(node), 1.0 / len(node)))


def world_with(town: Town, units: int) -> World:
    """Return a world with roads, posts and ``units`` crews on duty round the clock."""
    timing = SimpleNamespace(profile="flat", weights=None)
    plan = SimpleNamespace(
        response=SimpleNamespace(units=units, posts=min(units, 40), shift_hours=24.0, patrol_timing=timing)
    )
    values = np.zeros(1, dtype=[("turn_out_seconds", "f8"), ("emergency_speed_factor", "f8")]).view(np.recarray)
    values["turn_out_seconds"], values["emergency_speed_factor"] = 30.0, 1.2
    laid = response.lay_out(plan, town, parameters=values[0], seed=1)
    tables = {name: empty_table(dtype, 1 if name == "state" else 0) for name, dtype in DTYPES.items()} | laid
    return World(parameters=values, **tables)


@compiled
def dispatch_all(world: World, calls: int) -> int:
    """Search the nearest unit for calls at random nodes, and return a sum that keeps the work from being left out."""
    total = 0
    for call in range(calls):
        node = whole_below(len(world.nodes), uniform(1, 61, call, 0))
        total += nearest_free_unit(world, node, 0.5)
    return total


def main() -> None:
    """Print dispatches a second for each number of units, all free and nine in ten busy."""
    town = street_grid(SIDE)
    figures: dict[str, float] = {}
    for units in UNIT_COUNTS:
        began = time.perf_counter()
        world = world_with(town, units)
        laid_out = time.perf_counter() - began
        for free, what in ((1.0, "all free"), (0.1, "one in ten free")):
            world.units["status"] = Status.ON_SCENE
            world.units["status"][: max(1, int(units * free))] = Status.AT_POST
            dispatch_all(world, 10)
            began = time.perf_counter()
            dispatch_all(world, CALLS)
            rate = CALLS / (time.perf_counter() - began)
            figures[f"dispatches a second, {len(town.roads):,} nodes, {units} units, {what}"] = rate
        figures[f"seconds to lay out {units} units"] = laid_out
    keep("dispatch", figures)


if __name__ == "__main__":
    main()
