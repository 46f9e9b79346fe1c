"""Compiling the rules before the work begins, once and in one process, so that the others only load them."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sim.engine.compiled import cache_folder
from sim.interventions import GridDensity, Mediators
from sim.outcomes import records
from sim.scenario import Scenario
from sim.study.run import run_model
from sim.study.summaries import call_sample

COMPILED_MARK = "all-rules"
SMALLEST: dict[str, Any] = {
    "name": "warm-up",
    "calendar": {"days": 3},
    "town": {"kind": "synthetic", "area_km2": 1.0, "townships": 1, "communities": 2, "road_nodes": 60},
    "people": {"residents": 500},
    "grid": {"households_per_grid": 100.0},
    "mediation": {"mediators": 2},
    "response": {"units": 3},
}


def smallest_scenario() -> Scenario:
    """Return a tiny scenario that uses every rule, also those that levers call from Python."""
    doubled = {"from_day": 1.0, "factor": 2.0}
    levers = tuple(lever.model_validate(doubled) for lever in (GridDensity, Mediators))
    return Scenario.model_validate({**SMALLEST, "interventions": levers})


def warm_up() -> None:
    """Compile every rule, or load it from the cache; from then on ``is_compiled``."""
    call_sample(records(run_model(smallest_scenario(), seed=1)), seed=1, most=1)
    (cache_folder() / COMPILED_MARK).touch()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let one process on this machine at a time into a block, by a file of that name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_compiled() -> bool:
    """Decide whether the rules are known to be compiled on this machine."""
    return (cache_folder() / COMPILED_MARK).exists()


@cache
def get_ready() -> None:
    """Have the rules compiled once on each machine: the first process does it, the others wait."""
    # Whatever is wrong here shows in the runs, each with its own trace.
    with suppress(Exception):
        if not is_compiled():
            with alone(cache_folder() / f".{COMPILED_MARK}.lock"):
                if not is_compiled():
                    warm_up()
