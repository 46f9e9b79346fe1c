"""Dispatched calls a second on a street network of 50,000 nodes, routing and the ways back included.

Whole runs of a scenario without residents: calls at random nodes, the free crew that arrives first is sent, also one on
its way back or on patrol, exponential 20 minutes on scene, then back to its post or on with its patrol. Crews are busy
about 60 % of the time. Beside it a peer's work for the same question: SciPy's Dijkstra from the call backwards, cut off
at ten minutes, which finds the nearest of the crews.

Run it as ``python benchmarks/dispatch.py``. It prints and keeps; it asserts nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from measuring import keep
from scipy.sparse.csgraph import dijkstra

from sim.engine.clock import MINUTE
from sim.model import TownModel
from sim.scenario import Scenario
from sim.town import Town, driving_graph

NODES = 50_000
UNIT_COUNTS = (40, 120, 400)
CALLS = 60_000
BUSY_MINUTES = 25.0  # on scene and on the way, about
SCIPY_CALLS = 60
TURNS = 3


def scenario(units: int, mode: str, calls: int) -> Scenario:
    """Return a scenario with so many crews and about so many calls."""
    per_day = 0.6 * units / BUSY_MINUTES / MINUTE
    stream = {
        "name": "calls",
        "per_day": per_day,
        "scene": {"law": "exponential", "mean_minutes": 20.0},
        "call_taking_seconds": 0,
    }
    return Scenario.model_validate(
        {
            "name": "network",
            "calendar": {"days": max(1, round(calls / per_day))},
            "town": {
                "kind": "synthetic",
                "area_km2": 250,
                "townships": 10,
                "communities": 250,
                "road_nodes": NODES,
                "rivers": 1,
            },
            "calls": {"streams": [stream]},
            "response": {"groups": [{"name": "crews", "units": units, "shift_hours": 24, "mode": mode}]},
        }
    )


def run(units: int, mode: str, town: Town) -> tuple[float, float]:
    """Return dispatched calls a second of a run, and its mean response in minutes; the best of some turns."""
    best = 0.0
    response = 0.0
    for turn in range(TURNS):
        model = TownModel(scenario(units, mode, CALLS), seed=turn + 1, town=town)
        began = time.process_time()
        model.run()
        spent = time.process_time() - began
        best = max(best, int(model.world.state[0].dispatch_rows) / spent)
        calls = model.world.calls[: int(model.world.state[0].call_rows)]
        response = float(np.nanmean(calls["arrived"] - calls["received"])) / MINUTE
    return best, response


def scipy_choices(town: Town, units: int) -> float:
    """Return how often a second SciPy finds the nearest of the free crews, four in ten of those on duty."""
    graph = driving_graph(town.roads, backwards=True)
    random = np.random.default_rng(1)
    crews = random.choice(len(town.roads), max(1, round(0.4 * units)), replace=False)
    calls = random.integers(0, len(town.roads), SCIPY_CALLS)
    began = time.process_time()
    for node in calls.tolist():
        dijkstra(graph, indices=node, limit=600.0)[crews].argmin()
    return SCIPY_CALLS / (time.process_time() - began)


def set_up(town: Town, folder: str) -> float:
    """Return the seconds that setting up a run takes whose driving times are kept, or not yet, in a folder."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = folder
    try:
        began = time.process_time()
        TownModel(scenario(40, "at_post", 1000), seed=1, town=town)
        return time.process_time() - began
    finally:
        if before is None:
            del os.environ["XDG_CACHE_HOME"]
        else:
            os.environ["XDG_CACHE_HOME"] = before


def most_memory(units: int) -> float:
    """Return the most megabytes that this process has held; asked of a new one, those of one run from start to end.

    Linux's own count of the process: what ``getrusage`` tells of a child includes what its parent held.
    """
    TownModel(scenario(units, "at_post", CALLS), seed=1).run()
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1e3


def of_one_run(units: int) -> float:
    """Return the most megabytes of a run in a process of its own, whose driving times are on disk."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(most_memory, units).result()


def main() -> None:
    """Print dispatched calls a second for each number of crews, at post and on patrol."""
    first = TownModel(scenario(40, "at_post", 1000), seed=1).run()  # compiles the rules
    town = first.town
    figures: dict[str, Any] = {"nodes": len(town.roads), "arcs": len(town.roads.tail)}
    with tempfile.TemporaryDirectory() as folder:
        figures["seconds to set up, first time"] = set_up(town, folder)
        figures["seconds to set up, from disk"] = set_up(town, folder)
    for units in UNIT_COUNTS:
        for mode in ("at_post", "random"):
            rate, response = run(units, mode, town)
            figures[f"dispatched calls a second, {units} crews, {mode}"] = rate
            figures[f"mean response, minutes, {units} crews, {mode}"] = response
        peer = scipy_choices(town, units)
        figures[f"nearest of {units} crews by SciPy, choices a second"] = peer
        figures[f"times SciPy's choice, {units} crews at post"] = (
            figures[f"dispatched calls a second, {units} crews, at_post"] / peer
        )
    figures["most memory of one run, 400 crews, MB"] = of_one_run(UNIT_COUNTS[-1])
    keep("dispatch", figures)


if __name__ == "__main__":
    main()
