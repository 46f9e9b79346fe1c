from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from sim.scenario import CsvTown, GraphmlTown, OsmTown, PlaneTown, Scenario, SyntheticTown
from sim.scenario.grid import GridPart, MicroGridsPart, SectorPart, WhistlePart
from sim.scenario.mediation import MediationPart
from sim.scenario.response import PatrolTimingPart, ResponsePart
from sim.scenario.schema import (
    ArcColumns,
    CalendarPart,
    NodeColumns,
    PeoplePart,
    RecordsPart,
)

MODELS: list[type[BaseModel]] = [
    Scenario, SyntheticTown, CsvTown, GraphmlTown, OsmTown, PlaneTown, NodeColumns, ArcColumns, CalendarPart,
    PeoplePart, GridPart, SectorPart, MicroGridsPart, WhistlePart, MediationPart, ResponsePart, PatrolTimingPart,
    RecordsPart,
]  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_models_are_strict_and_described(model: type[BaseModel]) -> None:
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["frozen"]
    assert model.__doc__
    assert all(field.description for field in model.model_fields.values())


def test_units_stand_in_the_names() -> None:
    assert {"area_km2", "default_speed_kmh", "shift_hours"} <= {name for model in MODELS for name in model.model_fields}


def test_grids_default_to_the_tables_size(fields: dict[str, Any]) -> None:
    assert Scenario(name="a", **fields).grid == GridPart(households_per_grid=400.0)
    assert GridPart(grids=3).households_per_grid is None


@pytest.mark.parametrize("name", ["A", "a b", "", "-a", "a--b", "邵阳", "a" * 81])
def test_names_are_short_and_plain(fields: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        Scenario(name=name, **fields)


def test_arc_columns_know_class_by_its_word() -> None:
    assert ArcColumns.model_validate({"class": "kind"}).class_ == "kind"


def test_only_a_generated_town_must_count_its_townships(fields: dict[str, Any]) -> None:
    plane = Scenario(name="a", **{**fields, "town": {"kind": "plane", "area_km2": 1}}).town
    assert (plane.townships, plane.communities) == (1, 1)
    with pytest.raises(ValueError, match="townships"):
        SyntheticTown.model_validate({"kind": "synthetic", "area_km2": 1, "communities": 1})
