"""The canonical form of a scenario: the same for every way of writing the same world, and its hash."""

from __future__ import annotations

import hashlib
import json
import math
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.scenario.faults import value_at
from sim.scenario.loading import FILE_FIELDS, containing_file
from sim.scenario.parameters import FIELD_OF, parameter_table
from sim.scenario.schema import Scenario

WORDS_ONLY = {"name", "title", "description", "sources", "assumptions"}  # nothing in a run depends on them
AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def intervention_name(lever: BaseModel) -> str:
    """Return the name by which a scenario lists an intervention."""
    return str(getattr(type(lever), "name", type(lever).__name__))


def plain(value: Any) -> Any:
    """Return a value of JSON with one way of writing each number: 1 for 1.0, 0 for -0.0."""
    kind = type(value)
    if kind is dict:
        return {str(name): inner if type(inner) in AS_THEY_ARE else plain(inner) for name, inner in value.items()}
    if kind is list or kind is tuple:
        return [plain(inner) for inner in value]
    if kind is float and math.isfinite(value) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


@cache
def plain_defaults() -> dict[str, Any]:
    """Return the defaults of all parameters that are no field of their own, as ``plain`` has them."""
    return {name: plain(one.default) for name, one in parameter_table().items() if name not in FIELD_OF}


def canonical(scenario: Scenario) -> dict[str, Any]:
    """Return everything that a run depends on, seed apart, as plain JSON: all defaults and all parameters filled in.

    Name, title, description, sources and assumptions are left out. Read back by ``from_canonical``.
    """
    tree = scenario.model_dump(mode="json", by_alias=True, exclude=WORDS_ONLY | {"interventions", "parameters"})
    tree["parameters"] = dict(scenario.parameters)
    tree["interventions"] = [
        {"name": intervention_name(lever), **lever.model_dump(mode="json", by_alias=True)}
        for lever in scenario.interventions
    ]
    made: dict[str, Any] = plain(tree)
    # Lists are made anew: whoever changes a canonical form must not change the defaults.
    defaults = {name: list(one) if type(one) is list else one for name, one in plain_defaults().items()}
    made["parameters"] = {**defaults, **made["parameters"]}
    return made


def content_hash(path: str) -> str:
    """Return the SHA-256 of a data file, or of the zip file of which the path names a member."""
    file = containing_file(Path(path))
    digest = hashlib.sha256()
    if file is not None:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def with_content(tree: Any, path: list[str]) -> Any:
    """Return a part of a canonical form with the content of the data file at a path below it instead of its place."""
    if not path:
        return tree if tree is None else {"member": Path(tree).name, "sha256": content_hash(tree)}
    if path[0] == "*":
        return [with_content(inner, path[1:]) for inner in tree]
    if isinstance(tree, dict) and path[0] in tree:
        return {**tree, path[0]: with_content(tree[path[0]], path[1:])}
    return tree


def scenario_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of the canonical form, 64 hexadecimal digits.

    It depends neither on the order of fields nor on the layout of files; data files count by content, not by place.
    """
    tree: Any = canonical(scenario)
    for field in FILE_FIELDS:
        tree = with_content(tree, field.split("."))
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def parameter_values(scenario: Scenario) -> dict[str, Any]:
    """Return the value of every parameter that a scenario uses, by id, those of its own fields included.

    Households a grid and workers a grid are None where the scenario states their numbers instead, and so are those of
    a part that the scenario has not.
    """
    tree = canonical(scenario)
    values = dict(tree["parameters"])
    for name, field in FIELD_OF.items():
        values[name] = value_at(tree, field)
    return {name: values[name] for name in parameter_table()}
