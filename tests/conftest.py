"""A tiny town that any test may build: one township, two communities, a few hundred residents."""

from __future__ import annotations

import functools
import signal
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from sim.build import build_world, town_of
from sim.engine.clock import Calendar
from sim.interventions import catalogue
from sim.model import TownModel
from sim.scenario import Scenario
from sim.town import Town
from sim.world import World

# A shell starts what it runs in the background with interrupts ignored, and children inherit that: tests of Ctrl-C
# would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The first call of a rule compiles it, which takes longer than an example may.
settings.register_profile("gridtown", deadline=None)
settings.load_profile("gridtown")

TINY: dict[str, Any] = {
    "name": "tiny",
    "calendar": {"days": 40},
    "town": {"kind": "synthetic", "area_km2": 0.5, "townships": 1, "communities": 2, "road_nodes": 40},
    "people": {"residents": 500, "merchants": 12},
    "grid": {"grids": 4},
    "mediation": {"mediators": 2},
    "response": {"units": 3},
    "parameters": {},
}
BUSY: dict[str, Any] = {"dispute_rate_per_1000_per_year": 3000.0, "background_calls_per_1000_per_year": 600.0}


@functools.cache
def town_for(scenario_town: Any) -> Town:
    """Return the town of a scenario's part ``town`` at ordinary speeds, built once."""
    return town_of(scenario_of(town=scenario_town.model_dump(), grid={"grids": scenario_town.communities}))


def scenario_of(levers: list[tuple[str, dict[str, Any]]] | None = None, **parts: Any) -> Scenario:
    """Return the tiny scenario with some parts changed; a dictionary changes only the fields that it names."""
    changed = {
        part: {**TINY.get(part, {}), **given} if isinstance(given, dict) else given for part, given in parts.items()
    }
    kinds = catalogue()
    chosen = tuple(kinds[name].model_validate(fields) for name, fields in levers or [])
    return Scenario.model_validate({**TINY, **changed, "interventions": chosen})


@pytest.fixture(scope="session")
def tiny_scenario() -> Callable[..., Scenario]:
    """Return a function that gives the tiny town's scenario: ``tiny_scenario(people={"residents": 300})``."""
    return scenario_of


@pytest.fixture(scope="session")
def tiny_town() -> Town:
    """Return the town of the tiny scenario."""
    return town_for(scenario_of().town)


@pytest.fixture(scope="session")
def tiny_world() -> Callable[..., World]:
    """Return a function that gives a fresh world of the tiny scenario at the start of day 0, nothing scheduled."""

    def make(seed: int = 1, **parts: Any) -> World:
        scenario = scenario_of(**parts)
        calendar = Calendar(scenario.calendar.start_date, scenario.calendar.days)
        return build_world(scenario, town_for(scenario.town), calendar, seed)

    return make


@pytest.fixture(scope="session")
def tiny_model() -> Callable[..., TownModel]:
    """Return a function that gives a model of the tiny scenario, ready to run: many disputes unless told otherwise."""

    def make(seed: int = 1, **parts: Any) -> TownModel:
        parts["parameters"] = {**BUSY, **parts.get("parameters", {})}
        scenario = scenario_of(**parts)
        return TownModel(scenario, seed=seed, town=town_for(scenario.town))

    return make


@pytest.fixture(scope="session")
def rows() -> Callable[[TownModel, str], Any]:
    """Return a function that gives the rows in use of a growing table: ``rows(model, "disputes")``."""

    def used(model: TownModel, table: str) -> Any:
        count = int(model.world.state[0][f"{table[:-1]}_rows"])
        return getattr(model.world, table)[:count].view(np.recarray)

    return used


@pytest.fixture(scope="session")
def quiet() -> dict[str, Any]:
    """Return parameters under which nothing happens by itself: no frictions, calls, moves, and visits find nothing.

    Trust and tension are the same for all and move nothing.
    """
    risks = ["climb", "fall", "fade", "report", "call", "violence", "court", "petition"]
    nothing = ["dispute_rate_per_1000_per_year", "background_calls_per_1000_per_year", "discovery_probability"]
    nothing += ["climb_tension_gain", "climb_gain_per_waiting_week", "report_trust_gain", "discovery_trust_gain"]
    nothing += ["trust_spread", "migrant_trust_gap", "discovery_stage_gain", "relapse_probability"]
    nothing += ["trust_gain_settled", "trust_loss_unsettled"]
    return {
        **{f"{risk}_per_day": [0.0] * 9 for risk in risks},
        **dict.fromkeys(nothing, 0.0),
        "climb_category_factor": [1.0] * 15,
        "climb_factor_in_case": 1.0,
        "friction_hour_weight": [1.0] * 24,
    }
