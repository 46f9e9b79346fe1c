"""Every parameter changes some outcome of a small busy town with all parts switched on: none is there for nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from in_full import FOUR, PARTS

from sim.model import TownModel
from sim.outcomes import CATALOGUE, records
from sim.scenario import Parameter, Scenario, parameter_table
from sim.scenario.parameters import FIELD_OF

WIDE = {**FOUR, "area_km2": 30.0, "road_nodes": 120}
RINGED = {"units": 12, "posts": 4, "containment": {"flights_per_year": 1000.0, "alarm_delay_minutes": 1.0}}
# What has no meaning in that town, and the town in which it has.
OTHERS: dict[str, dict[str, Any]] = {
    "households_per_grid": {
        "town": {**FOUR, "townships": 1, "communities": 1},
        "people": {"residents": 4000, "merchants": 10},
        "grid": {"grids": None},
        "mediation": {"mediators": 2},
        **{part: {} for part in ("disputes", "triage", "books", "parameters")},
    },
    "place_town_per_km2": {"town": {**FOUR, "area_km2": 1.5}},
    "place_residents_per_node": {
        "people": {"residents": 0, "merchants": 0},
        "calls": {"streams": [{"name": "all", "per_day": 50}]},
        "grid": {"grids": None},
        "mediation": {"mediators": 0},
        **{part: {} for part in ("disputes", "triage", "books", "parameters")},
    },
    **{name: {"town": WIDE, "response": RINGED} for name in ("suspect_speed_factor", "check_point_stop_probability")},
}


def ends(one: Parameter) -> list[Any]:
    """Return the low and the high end of a parameter's range as values that it may have; shares are scaled to 1."""
    found = []
    for end in (one.low, one.high):
        values = list(end) if isinstance(end, tuple) else end
        if one.length and one.unit == "share":
            # Scaled ends would be much the same; every other element takes its low or its high end in turn.
            pairs = zip(np.atleast_1d(one.low), np.atleast_1d(one.high), strict=True)
            turned = [pair[(place + (end is one.high)) % 2] for place, pair in enumerate(pairs)]
            values = [float(value) for value in np.array(turned) / sum(turned)]
        found.append(values)
    return found


def changed(name: str, value: Any) -> dict[str, Any]:
    """Return the parts of the busy town's scenario with one parameter at a value."""
    parts = {part: dict(fields) for part, fields in (PARTS | OTHERS.get(name, {})).items()}
    if name not in FIELD_OF:
        parts["parameters"][name] = value
        return parts
    part, *path, field = FIELD_OF[name].split(".")
    place = parts[part]
    for inner in path:
        place[inner] = dict(place[inner])
        place = place[inner]
    place[field] = value
    return parts


@pytest.fixture(scope="module")
def outcomes_of(tiny_scenario: Callable[..., Scenario]) -> Callable[[dict[str, Any]], dict[str, float]]:
    """Return a function that gives all outcomes of the busy town with some parts."""

    def measure(parts: dict[str, Any]) -> dict[str, float]:
        found = records(TownModel(tiny_scenario(**parts), seed=2).run())
        return {name: float(one.measure(found)) for name, one in CATALOGUE.items()}

    return measure


@pytest.fixture(scope="module")
def usual(outcomes_of: Callable[[dict[str, Any]], dict[str, float]]) -> Callable[[str], dict[str, float]]:
    """Return a function that gives the outcomes with a parameter as it is, in the town where it has a meaning."""
    known: dict[str, dict[str, float]] = {}

    def give(name: str) -> dict[str, float]:
        town = name if name in OTHERS else ""
        if town not in known:
            known[town] = outcomes_of(PARTS | OTHERS.get(name, {}))
        return known[town]

    return give


@pytest.mark.parametrize("name", parameter_table())
def test_a_parameter_changes_some_outcome(
    name: str,
    usual: Callable[[str], dict[str, float]],
    outcomes_of: Callable[[dict[str, Any]], dict[str, float]],
) -> None:
    as_it_is = usual(name)
    for value in ends(parameter_table()[name]):
        found = outcomes_of(changed(name, value))
        if any(not np.array_equal(found[one], as_it_is[one], equal_nan=True) for one in as_it_is):
            return
    pytest.fail(f"{name} changes no outcome between its ends")
