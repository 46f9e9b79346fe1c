"""Compiling the rules before the work begins, once and in one process, so that the others only load them."""

from __future__ import annotations

from typing import Any

from sim.interventions import GridDensity, Mediators
from sim.outcomes import records
from sim.scenario import Scenario
from sim.study.run import run_model
from sim.study.summaries import call_sample

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
    """Compile every rule, or load it from the cache."""
    call_sample(records(run_model(smallest_scenario(), seed=1)), seed=1, most=1)
