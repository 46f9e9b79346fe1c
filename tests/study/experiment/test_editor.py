"""The schema for editors accepts what the reader accepts."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from sim.study.experiment import experiment_schema, experiments

SCHEMA = experiment_schema()


def faults(content: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(content)]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", experiments())
def test_shipped_experiments_fit(name: str) -> None:
    assert faults(yaml.safe_load(experiments()[name].read_text(encoding="utf-8"))) == []


def test_mistakes_do_not() -> None:
    factor = {"name": "x", "field": "grid.grids", "levels": [1]}
    good: dict[str, Any] = {
        "base": "classroom",
        "factors": [factor],
        "design": {"kind": "factorial"},
        "replications": 1,
    }
    assert faults(good) == []
    assert faults({**good, "budgit": 1})
    assert faults({**good, "design": {"kind": "factrial"}})
    assert faults({**good, "factors": [{**factor, "intervention": "whistel"}]})
    assert faults({**good, "precision": {"outcomes": {"true_disputes": 1}}})
    assert faults({name: value for name, value in good.items() if name != "replications"})


def test_every_field_is_explained() -> None:
    parts = [SCHEMA, *SCHEMA["$defs"].values()]
    bare = [name for part in parts for name, field in part["properties"].items() if "description" not in field]
    assert bare == []
