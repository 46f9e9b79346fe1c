"""What exact driving times on a made-up town of 50,000 nodes cost: to make, to keep, to ask for.

Run it as ``python benchmarks/ways.py``. It prints and keeps; it asserts nothing.
"""

from __future__ import annotations

import math
import os
import resource
import tempfile
import time
from typing import Any

import numpy as np
from measuring import keep, median
from scipy.sparse.csgraph import dijkstra

from sim.engine.compiled import compiled
from sim.scenario import SyntheticTown
from sim.town import Roads, build_town, driving_graph
from sim.town.ways import (
    Ways,
    aim,
    driving,
    driving_to_aim,
    empty_aim,
    next_on_way,
    ticks_per_straight_metre,
    traffic_patterns,
    ways_of,
)

NODES = 50_000
PAIRS = 400_000
TRIES = 5
UNIT_COUNTS = (40, 400)


@compiled
def ask_pairs(tables: Ways, starts: Any, ends: Any) -> int:
    """Ask for the times between pairs, and return a sum that keeps the work from being left out."""
    total = 0
    for row in range(len(starts)):
        ticks, _ = driving(tables.ways, tables.out_labels, tables.in_labels, starts[row], ends[row])
        total += ticks
    return total


@compiled
def ask_next(tables: Ways, starts: Any, ends: Any) -> int:
    """Ask for the next nodes on the ways between pairs, and return their sum."""
    total = 0
    for row in range(len(starts)):
        total += next_on_way(tables.ways, tables.out_labels, tables.in_labels, starts[row], ends[row])
    return total


@compiled
def ask_units(tables: Ways, units: Any, calls: Any, scratch: Any) -> int:
    """Ask for the least time from all units to each call, and return the sum."""
    total = 0
    for call in calls:
        aim(tables.ways, tables.in_labels, call, scratch)
        least = 2**62
        for unit in units:
            ticks, _ = driving_to_aim(tables.ways, tables.out_labels, unit, scratch)
            least = min(least, ticks)
        total += least
    return total


@compiled
def ask_nearest(tables: Ways, units: Any, calls: Any, scratch: Any, x: Any, y: Any, pace: float, bounds: Any) -> int:
    """Ask for the least time to each call as ``ask_units`` does, but of units that could be the nearest only."""
    total = 0
    for call in calls:
        aim(tables.ways, tables.in_labels, call, scratch)
        closest = 0
        for place in range(len(units)):
            unit = units[place]
            bounds[place] = pace * math.sqrt((x[unit] - x[call]) ** 2 + (y[unit] - y[call]) ** 2)
            if bounds[place] < bounds[closest]:
                closest = place
        least, _ = driving_to_aim(tables.ways, tables.out_labels, units[closest], scratch)
        for place in range(len(units)):
            if bounds[place] < least:
                ticks, _ = driving_to_aim(tables.ways, tables.out_labels, units[place], scratch)
                least = min(least, ticks)
        total += least
    return total


def seconds_for(function: Any, *arguments: Any) -> float:
    """Return the median time that a compiled function takes, in seconds, after a first call."""
    function(*arguments)
    took = []
    for _ in range(TRIES):
        began = time.perf_counter()
        function(*arguments)
        took.append(time.perf_counter() - began)
    return median(took)


def made_up_roads(nodes: int) -> Roads:
    """Return the streets of a made-up town."""
    settings = SyntheticTown(
        kind="synthetic",
        area_km2=nodes / 200.0,
        townships=10,
        communities=nodes // 200,
        rivers=1,
        urban_share=0.6,
        road_nodes=nodes,
    )
    return build_town(settings, 1).roads


def set_up(roads: Roads) -> tuple[Ways, dict[str, float]]:
    """Make the tables in an empty cache, read them again, and return them with what that cost."""
    small = made_up_roads(4000)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRIDTOWN_CACHE"] = folder
        ways_of(small, traffic_patterns(small))  # compiles
        patterns = traffic_patterns(roads)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        times = []
        for _ in range(2):
            began = time.perf_counter()
            tables = ways_of(roads, patterns)
            times.append(time.perf_counter() - began)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        figures = {
            "seconds to make and keep the tables": times[0],
            "seconds to read them again": times[1],
            "megabytes of tables": sum(table.nbytes for table in tables) / 1e6,
            "megabytes of memory while making them": (most - before) / 1e3,
            "hubs a node, outward": len(tables.out_labels) / len(roads),
            "hubs a node, inward": len(tables.in_labels) / len(roads),
        }
        return Ways(*(table.copy() for table in tables)), figures


def main() -> None:
    """Print set-up, sizes, and answers a second beside those of Dijkstra's algorithm."""
    roads = made_up_roads(NODES)
    figures: dict[str, Any] = {"nodes": len(roads), "arcs": len(roads.tail)}
    tables, cost = set_up(roads)
    figures |= cost
    draws = np.random.default_rng(1)
    starts, ends = draws.integers(0, len(roads), (2, PAIRS))
    graph = driving_graph(roads, backwards=True)
    began = time.perf_counter()
    dijkstra(graph, indices=ends[:TRIES])
    search = (time.perf_counter() - began) / TRIES
    figures["searches by SciPy's Dijkstra a second"] = 1.0 / search
    for what, function in (("times between random pairs", ask_pairs), ("next nodes on ways between them", ask_next)):
        each = seconds_for(function, tables, starts, ends) / PAIRS
        figures[f"{what}, a second"] = 1.0 / each
        figures[f"{what}, times as fast as a search"] = search / each
    scratch = empty_aim(len(roads))
    pace = float(ticks_per_straight_metre(roads, traffic_patterns(roads))[0])
    for units in UNIT_COUNTS:
        calls = ends[: PAIRS // units]
        each = seconds_for(ask_units, tables, starts[:units], calls, scratch) / len(calls)
        figures[f"calls a second, each with the times of {units} units"] = 1.0 / each
        on_map = roads.x_metres, roads.y_metres, pace, np.empty(units)
        if ask_nearest(tables, starts[:units], calls, scratch, *on_map) != ask_units(
            tables, starts[:units], calls, scratch
        ):
            raise RuntimeError("the bound left out a nearest unit")
        near = seconds_for(ask_nearest, tables, starts[:units], calls, scratch, *on_map) / len(calls)
        figures[f"calls a second, each with the nearest of {units} units"] = 1.0 / near
        figures[f"calls with the times of {units} units, times as fast as a search"] = search / each
    keep("ways", figures)


if __name__ == "__main__":
    main()
