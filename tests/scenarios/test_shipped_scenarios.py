"""Every shipped scenario is right, complete and as its sources have it."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from sim.engine.units import HOURS_A_DAY
from sim.interventions import catalogue
from sim.scenario import Scenario, canonical, default, json_schema, library, load_scenario, scenario_hash
from sim.scenario.faults import grids, households
from sim.study import all_cases
from sim.study.audit.scaling import setting_at

LIBRARY = library()
CITIES = ("shaoyang", "jincheng", "changsha", "zigong", "daye")
OPTIONS = ("half-grids", "twice-mediators", "shifted-patrol")
BASES = {"chaoyang": "chaoyang-street", "classroom": "classroom"}


def load(name: str) -> Scenario:
    return load_scenario(name, catalogue=catalogue())


def test_the_library_holds_what_it_promises() -> None:
    options = {f"{short}-{option}" for short in BASES for option in OPTIONS}
    textbook = {name for name, path in LIBRARY.items() if path.parent.name == "verification"}
    assert textbook == {case.scenario for case in all_cases()}
    assert set(LIBRARY) - textbook == {*CITIES, *BASES.values(), *options, "classroom-in-full"}
    files = list(Path(LIBRARY["classroom"]).parents[1].rglob("*.yaml"))
    assert len(files) == len(LIBRARY), "two files of one name"


@pytest.mark.parametrize("name", LIBRARY)
def test_a_file_loads_and_fits_the_schema(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.description
    tree = yaml.safe_load(LIBRARY[name].read_text(encoding="utf-8"))
    if "start_date" in tree.get("calendar", {}):
        tree["calendar"]["start_date"] = str(tree["calendar"]["start_date"])
    jsonschema.Draft202012Validator(json_schema(catalogue())).validate(tree)


@pytest.mark.parametrize(
    ("name", "path", "published"),
    [
        ("shaoyang", "mediation.offices.backpack.mediators", 15_450),
        ("changsha", "mediation.offices.online.mediators", 799),
        ("changsha", "mediation.offices.litigation-source.number", 435),
        ("changsha", "mediation.court.pre_litigation_share", 1.0),
        ("zigong", "grid.activity_rate", 0.99),
        ("shaoyang", "town.counties", 12),
        ("jincheng", "town.counties", 6),
        ("jincheng", "town.townships", 84),
        ("jincheng", "town.communities", 2_213),
        ("jincheng", "town.area_km2", 9_490),
        ("jincheng", "grid.grids", 8_816),
        ("jincheng", "grid.workers", 8_857),
        ("jincheng", "response.posts", 39 + 84),  # combat units, and a station in each township
        ("changsha", "grid.grids", 18_650),
        ("changsha", "grid.workers", 30_805),
        ("changsha", "town.townships", 170),
        ("changsha", "town.communities", 1_611),
        ("daye", "town.townships", 18),
        ("daye", "town.communities", 383),
        ("daye", "response.posts", 20),
        ("chaoyang-street", "grid.households_per_grid", 400),
        ("classroom", "people.residents", 5_000),
    ],
)
def test_counts_are_those_that_were_published(name: str, path: str, published: int) -> None:
    assert setting_at(canonical(load(name)), path) == published


@pytest.mark.parametrize("name", CITIES)
def test_what_no_source_gives_is_marked(name: str) -> None:
    scenario = load(name)
    marked = " ".join(scenario.assumptions)
    assert scenario.sources
    assert "from memory, to be checked" in marked
    assert f"residents {scenario.people.residents:,}" in marked
    assert f"units {scenario.response.units}" in marked


def test_chaoyang_street_is_as_large_as_reported() -> None:
    scenario = load("chaoyang-street")
    assert 95_000 <= scenario.people.residents < 100_000
    assert 2_900 <= scenario.people.merchants < 3_000
    assert grids(scenario.model_dump(exclude={"interventions"})) == 94


@pytest.mark.parametrize("name", [*CITIES, *BASES.values()])
def test_crews_are_not_busier_than_crews_can_be(name: str) -> None:
    """Calls a year times some 40 minutes, over the hours on duty: below 0.7, or waits grow without end."""
    scenario = load(name)
    calls = (float(default("background_calls_per_1000_per_year")) + 20.0) * scenario.people.residents / 1000.0
    crews_on_duty = scenario.response.units * scenario.response.shift_hours / HOURS_A_DAY
    assert calls / 365.0 * 40.0 / 60.0 / HOURS_A_DAY / crews_on_duty < 0.7


@pytest.mark.parametrize("name", [*CITIES, *BASES.values()])
def test_grids_are_of_a_usual_size(name: str) -> None:
    tree = load(name).model_dump(exclude={"interventions"})
    count, homes = grids(tree), households(tree)
    assert count is not None
    assert homes is not None
    assert 90 <= homes / count <= 500


@pytest.mark.parametrize("short", BASES)
@pytest.mark.parametrize(
    ("option", "name", "fields"),
    [
        ("half-grids", "grid_density", {"factor": 2}),
        ("twice-mediators", "mediators", {"factor": 2}),
        (
            "shifted-patrol",
            "patrol_timing",
            {"profile": "demand", "weights": None, "weekday_weights": None, "share": 1},
        ),
    ],
)
def test_an_option_differs_by_its_intervention_only(
    short: str, option: str, name: str, fields: dict[str, object]
) -> None:
    base, changed = canonical(load(BASES[short])), canonical(load(f"{short}-{option}"))
    (lever,) = changed.pop("interventions")
    assert base.pop("interventions") == []
    assert changed == base
    assert lever == {"name": name, "from_day": 0, "until_day": None, "enabled": True, **fields}


def test_no_two_shipped_scenarios_are_one_world() -> None:
    assert len({scenario_hash(load(name)) for name in LIBRARY}) == len(LIBRARY)
