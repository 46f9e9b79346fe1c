"""Every parameter of people and disputes changes some outcome of a small busy town: none is there for nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.model import TownModel
from sim.outcomes import CATALOGUE, records
from sim.scenario import Parameter, Scenario, parameter_table
from sim.scenario.parameters import FIELD_OF

WALKED = {name: one for name, one in parameter_table().items() if one.mechanism in ("people", "disputes")}
# So busy that every mechanism acts within the days: all stages, all channels, all parts of disputes switched on.
BUSY: dict[str, Any] = {
    "dispute_rate_per_1000_per_year": 4000.0,
    "initial_tension_mean": 0.1,
    "first_stage_share": [0.12, 0.11, 0.11, 0.11, 0.11, 0.11, 0.11, 0.11, 0.11],
    "petition_per_day": [0.01] * 9,
    "report_per_day": [0.03] * 9,
    "collective_causes_per_100000_per_year": 20_000.0,
    "treatment_trust_gain": 0.1,
    "climb_treatment_gain": 0.2,
    "friction_density_elasticity": 0.2,
}
PARTS: dict[str, Any] = {
    "calendar": {"start_date": "2023-01-08", "days": 25},
    "people": {"residents": 400, "merchants": 10},
    "disputes": {"lunar_new_year": True, "contagion": {}, "organisations": {}, "collective": True},
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
    parts = {part: dict(fields) for part, fields in PARTS.items()} | {"parameters": dict(BUSY)}
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
def usual(outcomes_of: Callable[[dict[str, Any]], dict[str, float]]) -> dict[str, float]:
    return outcomes_of({**PARTS, "parameters": BUSY})


@pytest.mark.parametrize("name", WALKED)
def test_a_parameter_changes_some_outcome(
    name: str, usual: dict[str, float], outcomes_of: Callable[[dict[str, Any]], dict[str, float]]
) -> None:
    for value in ends(WALKED[name]):
        found = outcomes_of(changed(name, value))
        if any(not np.array_equal(found[one], usual[one], equal_nan=True) for one in usual):
            return
    pytest.fail(f"{name} changes no outcome between its ends")
