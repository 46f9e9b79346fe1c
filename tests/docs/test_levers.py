"""The page of levers: a row for each system that the articles describe, and nothing named that there is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from sim.interventions import catalogue
from sim.outcomes import CATALOGUE
from sim.scenario import json_schema, parameter_table
from sim.study import claims
from tests.pages import ROOT

TEXT = (ROOT / "docs" / "levers.md").read_text(encoding="utf-8")
SCHEMA = json_schema(catalogue())


@dataclass(frozen=True)
class Row:
    """A row of the page's tables."""

    id: str
    system: str
    lever: str
    mechanism: str
    moves: str
    status: str


def rows() -> list[Row]:
    """Return the rows of all tables."""
    listed = [line.strip("|").split(" | ") for line in TEXT.splitlines() if re.match(r"\| [A-Z]{2}-\d\d \|", line)]
    return [Row(*(cell.strip() for cell in cells)) for cells in listed]


ROWS = rows()


def coded(text: str) -> list[str]:
    """Return the words between back quotes."""
    return re.findall(r"`([^`]+)`", text)


def branches(part: Any) -> Iterator[Mapping[str, Any]]:
    """Yield a part of the schema and all that may stand in its place."""
    if not isinstance(part, Mapping):
        return
    yield part
    if "$ref" in part:
        yield from branches(SCHEMA["$defs"][part["$ref"].rsplit("/", 1)[1]])
    for kind in ("anyOf", "oneOf", "allOf"):
        for one in part.get(kind, ()):
            yield from branches(one)
    yield from branches(part.get("items"))


def parts_at(path: str) -> list[Mapping[str, Any]]:
    """Return what the schema says of a field, "" for none."""
    found: list[Mapping[str, Any]] = [SCHEMA]
    for name in path.split("."):
        inner = [one["properties"].get(name) for part in found for one in branches(part) if "properties" in one]
        found = [part for part in inner if part is not None]
    return [one for part in found for one in branches(part)]


def exists(lever: str) -> bool:
    """Decide whether a field, a value of a field, an intervention or a parameter exists."""
    path, _, value = lever.partition("=")
    if path == "interventions" and value:
        return value in catalogue()
    if path.startswith("parameters."):
        return path.removeprefix("parameters.") in parameter_table()
    parts = parts_at(path)
    return any(value in part.get("enum", ()) for part in parts) if value else bool(parts)


def test_every_system_of_the_audit_has_one_row() -> None:
    ids = [row.id for row in ROWS]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {claim.row for claim in claims()}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_a_row_names_is_there(row: Row) -> None:
    levers = coded(row.lever) + [one for one in coded(row.mechanism) if "." in one]
    assert [lever for lever in levers if not exists(lever)] == []
    assert [outcome for outcome in coded(row.moves) if outcome not in CATALOGUE] == []
    assert coded(row.lever), "each system has a lever"
    assert row.status


def test_what_is_not_there_is_noticed() -> None:
    assert not exists("grid.no_such_field")
    assert not exists("mediation.offices.kind=palace")
    assert not exists("interventions=magic")
    assert not exists("parameters.magic")
    assert exists("interventions.townships_share")
