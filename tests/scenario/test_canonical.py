from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import (
    Scenario,
    canonical,
    default,
    from_canonical,
    intervention_name,
    parameter_table,
    parameter_values,
    scenario_hash,
)

Load = Callable[..., Scenario]


def test_all_defaults_are_filled_in(load: Load, valid: str) -> None:
    tree = canonical(load(valid))
    assert tree["calendar"] == {"start_date": "2023-01-01", "days": 365, "holidays": []}
    assert tree["grid"]["households_per_grid"] == 400
    assert tree["parameters"]["discovery_probability"] == 0.25
    assert tree["interventions"] == [
        {"name": "grid_density", "from_day": 0, "until_day": None, "enabled": True, "factor": 2}
    ]
    assert set(tree) == {
        "calendar", "town", "people", "disputes", "grid", "mediation", "triage", "books", "calls", "response",
        "records", "parameters", "interventions",
    }  # fmt: skip


def reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: reordered(value[name]) for name in sorted(value, reverse=True)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


def test_a_changed_form_leaves_the_next_one_alone(load: Load, valid: str) -> None:
    scenario = load(valid)
    first = canonical(scenario)
    lists = [one for one in first["parameters"].values() if isinstance(one, list)]
    assert lists
    assert not any(isinstance(inner, list | dict) for one in lists for inner in one)
    for one in lists:
        one.clear()
    assert all(canonical(scenario)["parameters"][name] for name, one in first["parameters"].items() if one == [])


def test_the_hash_is_of_the_world_and_not_of_the_writing(load: Load, valid: str) -> None:
    plain = scenario_hash(load(valid))
    assert len(plain) == 64
    tree = yaml.safe_load(valid)
    others = [
        valid.replace("area_km2: 4", "area_km2: 4.0").replace("residents: 5000", "residents: 5e3"),
        yaml.safe_dump(reordered(tree), sort_keys=False),
        json.dumps(tree),
        valid.replace("title: A small town", "title: Another\nname: other\ndescription: Words.\nsources: [a]\n"),
        valid + "calendar: {days: 365}\nparameters: {discovery_probability: 0.25}\n",
    ]
    assert {scenario_hash(load(text)) for text in others} == {plain}


@pytest.mark.parametrize(
    "override",
    [
        "people.residents=5001",
        "calendar.start_date=2023-01-02",
        "parameters.discovery_probability=0.26",
        "interventions.0.factor=2.5",
        "interventions.0.enabled=false",
        "records.district=community",
    ],
)
def test_another_world_has_another_hash(load: Load, valid: str, override: str) -> None:
    assert scenario_hash(load(valid, override)) != scenario_hash(load(valid))


PRINT_HASH = """
from sim.scenario import Scenario, scenario_hash
print(scenario_hash(Scenario(name="a", town={"kind": "synthetic", "area_km2": 4, "townships": 1, "communities": 2},
    people={"residents": 5000}, mediation={"mediators": 3}, response={"units": 9},
    parameters={"urgent_share": 0.2, "turn_out_seconds": 20})))
"""


def test_the_hash_does_not_depend_on_pythons_own() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", PRINT_HASH],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(found) == 1


def test_parameter_values_hold_what_the_scenario_uses(load: Load, valid: str) -> None:
    values = parameter_values(
        load(valid, "grid.grids=10", "people.migrant_share=0.5", "parameters.discovery_probability=0.1")
    )
    assert list(values) == list(parameter_table())
    assert values["migrant_share"] == 0.5
    assert values["households_per_grid"] is None
    assert values["discovery_probability"] == 0.1
    assert values["containment_units"] is None
    assert tuple(values["climb_per_day"]) == default("climb_per_day")


def test_parameter_values_hold_those_of_containment_where_there_is_one(load: Load, valid: str) -> None:
    values = parameter_values(load(valid, "response.containment={flights_per_year: 12, units: 7}"))
    assert values["containment_units"] == 7
    assert values["alarm_delay_minutes"] == default("alarm_delay_minutes")


def test_interventions_are_called_as_in_the_file(load: Load, valid: str) -> None:
    assert [intervention_name(lever) for lever in load(valid).interventions] == ["grid_density"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    residents=st.integers(5000, 200_000),
    area=st.floats(0.5, 1000),
    factor=st.floats(0.01, 100),
    start=st.dates(),
    days=st.integers(1, 3660),
    probability=st.floats(0, 1),
    slope=st.floats(-3, 3),
    profile=st.sampled_from(["flat", "demand"]),
)
def test_canonical_form_reads_back_as_itself(
    fields: dict[str, Any],
    catalogue: Any,
    residents: int,
    area: float,
    factor: float,
    start: Any,
    days: int,
    probability: float,
    slope: float,
    profile: str,
) -> None:
    tree = {
        **fields,
        "calendar": {"days": days, "start_date": start.replace(year=1900 + start.year % 300).isoformat()}
        if (start.month, start.day) != (2, 29)
        else {"days": days},
        "town": {**fields["town"], "area_km2": area},
        "people": {"residents": residents},
        "parameters": {"discovery_probability": probability, "mediation_stage_slope": slope},
        "interventions": [{"name": "grid_density", "factor": factor}, {"name": "patrol_timing", "profile": profile}],
    }
    first = from_canonical(tree, catalogue=catalogue)
    again = from_canonical(json.loads(json.dumps(canonical(first))), catalogue=catalogue)
    assert canonical(again) == canonical(first)
    assert scenario_hash(again) == scenario_hash(first)
