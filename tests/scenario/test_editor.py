from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from sim.scenario import json_schema, parameter_table
from sim.scenario.parameters import FIELD_OF


@pytest.fixture
def schema(catalogue: Any) -> dict[str, Any]:
    return json_schema(catalogue)


def problems(schema: dict[str, Any], tree: Any) -> list[str]:
    return [error.json_path for error in jsonschema.Draft202012Validator(schema).iter_errors(tree)]


def test_the_schema_is_one(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")


def test_a_valid_file_is_valid(schema: dict[str, Any], valid: str) -> None:
    assert problems(schema, yaml.safe_load(valid)) == []


def test_a_file_that_extends_may_leave_out_anything(schema: dict[str, Any]) -> None:
    assert problems(schema, {"extends": "classroom"}) == []
    assert problems(schema, {"extends": "classroom", "town": {"rivers": 2}, "people": {"merchants": 3}}) == []
    assert problems(schema, {"extends": "classroom", "town": {"river": 2}}) == ["$.town"]
    assert problems(schema, {"extends": "classroom", "response": {"containment": {"units": 3}}}) == []


def test_an_item_of_a_list_is_whole_in_any_file(schema: dict[str, Any]) -> None:
    """Lists replace, so an item inherits nothing."""
    calls = {"streams": [{"name": "night", "per_day": 3, "places": {"kind": "uniform"}}]}
    assert problems(schema, {"extends": "classroom", "calls": calls}) == []
    calls = {"streams": [{"name": "night"}]}
    assert problems(schema, {"extends": "classroom", "calls": calls}) == ["$.calls.streams[0]"]


def test_a_response_alone_is_valid(schema: dict[str, Any], valid: str) -> None:
    tree = yaml.safe_load(valid)
    assert problems(schema, {"town": tree["town"], "response": {"units": 2}}) == []
    assert problems(schema, {"town": tree["town"], "response": {"units": 2, "containment": None}}) == []


@pytest.mark.parametrize(
    ("part", "value", "path"),
    [
        ("people", {"residents": True}, "$.people.residents"),
        ("response", {"groups": [{"name": "night"}]}, "$.response.groups[0]"),
        ("response", {"groups": [{"units": 2, "duty": {"from_hour": 7}}]}, "$.response.groups[0].duty"),
        ("response", {"units": 2, "containment": {"units": 3}}, "$.response.containment"),
        ("calls", {"streams": [{"name": "night"}]}, "$.calls.streams[0]"),
        ("town", {"kind": "synthetic", "townships": 1, "communities": 1}, "$.town"),
        ("town", {"kind": "synthetc"}, "$.town"),
        ("colour", "red", "$"),
        ("grid", {"grid": 1}, "$.grid"),
        ("parameters", {"discovery_probability": 2}, "$.parameters.discovery_probability"),
        ("parameters", {"climb_per_day": [1]}, "$.parameters.climb_per_day"),
        ("parameters", {"no_such": 1}, "$.parameters"),
        ("interventions", [{"name": "grid_density"}], "$.interventions[0]"),
        ("interventions", [{"name": "grid_densty", "factor": 2}], "$.interventions[0]"),
        ("interventions", [{"factor": 2}], "$.interventions[0]"),
    ],
)
def test_mistakes_are_marked(schema: dict[str, Any], valid: str, part: str, value: Any, path: str) -> None:
    assert path in problems(schema, {**yaml.safe_load(valid), part: value})


@pytest.mark.parametrize(
    ("town", "valid_alone"),
    [
        ({"kind": "plane", "area_km2": 1, "metric": "right_angle", "edges": "wrap"}, True),
        ({"kind": "plane"}, False),
        ({"kind": "plane", "area_km2": 1, "metric": "taxi"}, False),
        ({"kind": "osm", "file": "a.osm.pbf", "least_part_share": 0.5, "speed_limits": "ignored"}, True),
        ({"kind": "osm", "file": "a.osm.pbf", "rivers": 1}, False),
        ({"kind": "graphml"}, False),
    ],
)
def test_every_kind_of_town_is_known(schema: dict[str, Any], valid: str, town: Any, valid_alone: bool) -> None:
    assert (problems(schema, {**yaml.safe_load(valid), "town": town}) == []) == valid_alone


@pytest.mark.parametrize("part", ["town", "response"])
def test_a_part_that_must_be_given(schema: dict[str, Any], valid: str, part: str) -> None:
    tree = yaml.safe_load(valid)
    del tree[part]
    assert problems(schema, tree) == ["$"]


def undescribed(schema: Any, path: str = "$") -> list[str]:
    """Return the paths of properties without a description."""
    found: list[str] = []
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            named = isinstance(inner, dict) and (
                "$ref" in inner or inner.keys() <= {"const", "properties"} or "anyOf" in inner
            )
            if "description" not in inner and not (path.startswith(("$.else", "$.if", "$.$defs.Whole")) and named):
                found.append(f"{path}.{name}")
        for name, inner in schema.items():
            found += undescribed(inner, f"{path}.{name}")
    elif isinstance(schema, list):
        for row, inner in enumerate(schema):
            found += undescribed(inner, f"{path}[{row}]")
    return found


def test_every_field_has_a_description(schema: dict[str, Any]) -> None:
    assert undescribed({**schema, "if": None}) == []


def test_every_parameter_completes(schema: dict[str, Any]) -> None:
    known = schema["properties"]["parameters"]["properties"]
    assert set(known) == set(parameter_table()) - set(FIELD_OF)
    assert "status N" in known["discovery_probability"]["description"]
