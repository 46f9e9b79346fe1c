"""A street of a few hundred people, small enough to be run many times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.interventions import catalogue
from sim.scenario import Scenario

STREET: dict[str, Any] = {
    "name": "street",
    "calendar": {"days": 60},
    "town": {"kind": "synthetic", "area_km2": 1.0, "townships": 2, "communities": 4, "road_nodes": 80},
    "people": {"residents": 900},
    "grid": {"grids": 6},
    "mediation": {"mediators": 2},
    "response": {"units": 4},
    "parameters": {"dispute_rate_per_1000_per_year": 1500.0, "background_calls_per_1000_per_year": 1500.0},
}


@pytest.fixture
def street() -> Callable[..., Scenario]:
    """Return a function that gives the street's scenario, some parts replaced, with levers by name and factor."""

    def scenario(name: str = "street", levers: dict[str, float] | None = None, **parts: Any) -> Scenario:
        kinds = catalogue()
        chosen = tuple(kinds[lever].model_validate({"factor": factor}) for lever, factor in (levers or {}).items())
        return Scenario.model_validate({**STREET, "name": name, "interventions": chosen, **parts})

    return scenario
