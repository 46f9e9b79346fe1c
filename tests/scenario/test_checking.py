from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from sim.scenario import Mistake, Scenario, ScenarioError, canonical, from_canonical

Find = Callable[..., list[Mistake]]
Load = Callable[..., Scenario]


def test_a_valid_file_is_a_scenario(load: Load, valid: str) -> None:
    scenario = load(valid)
    assert scenario.name == "town"
    assert scenario.calendar.start_date == date(2023, 1, 1)
    assert scenario.grid.households_per_grid == 400
    assert scenario.people.household_size_mean == 2.62
    assert [type(lever).__name__ for lever in scenario.interventions] == ["Density"]


MANY = """\
tittle: x
calendar: {days: true, start_date: 20230101}
town: {kind: synthetc, townships: 20, communities: 8, area: 3}
people:
  residents: 5000
  merchants: 6000
  merchants: 7000
grid: {grids: 1}
mediation: {mediators: "3"}
response: {units: .nan, patrol_timing: {profile: demnd}}
parameters: {discovery_probabilty: 0.1, discovery_probability: 3, households_per_grid: 100, climb_per_day: [1, 2]}
interventions:
  - name: grid_densty
  - name: grid_density
    factr: 2
  - name: patrol_timing
    profile: weights
  - 7
"""


def test_all_mistakes_come_at_once_each_at_its_line(mistakes: Find) -> None:
    found = mistakes(MANY)
    assert {(mistake.line, mistake.field) for mistake in found} == {
        (1, "tittle"),
        (2, "calendar.start_date"),
        (2, "calendar.days"),
        (3, "town.kind"),
        (3, "town.area"),
        (3, "town.townships"),
        (6, "people.merchants"),
        (7, "people.merchants"),
        (8, "grid.grids"),
        (9, "mediation.mediators"),
        (10, "response.units"),
        (10, "response.patrol_timing.profile"),
        (11, "parameters.discovery_probabilty"),
        (11, "parameters.discovery_probability"),
        (11, "parameters.households_per_grid"),
        (11, "parameters.climb_per_day"),
        (13, "interventions.0.name"),
        (14, "interventions.1.factor"),
        (15, "interventions.1.factr"),
        (16, "interventions.2"),
        (18, "interventions.3"),
    }
    assert [mistake.line for mistake in found] == sorted(mistake.line for mistake in found)
    assert {mistake.field: mistake.nearest for mistake in found if mistake.nearest} == {
        "tittle": "title",
        "town.kind": "synthetic",
        "town.area": "area_km2",
        "response.patrol_timing.profile": "demand",
        "parameters.discovery_probabilty": "discovery_probability",
        "interventions.0.name": "grid_density",
        "interventions.1.factr": "factor",
    }
    assert all(mistake.file.endswith("town.yaml") for mistake in found)


def test_a_mistake_says_what_was_given_and_what_is_allowed(mistakes: Find, valid: str) -> None:
    (mistake,) = mistakes(valid.replace("merchants: 100", "merchants: 6000"))
    assert str(mistake).endswith("people.merchants: given 6000; allowed: at most people.residents (5,000)")
    assert (mistake.given, mistake.line) == ("6000", 9)


@pytest.mark.parametrize("value", ["true", "yes", "'9'", ".nan", "-1", "9.5", "[9]", "{}", "null", "1e30"])
def test_a_count_is_a_whole_number(mistakes: Find, valid: str, value: str) -> None:
    found = mistakes(valid.replace("units: 9", f"units: {value}"))
    assert {mistake.field for mistake in found} == {"response.units"}


@pytest.mark.parametrize("value", ["true", "'4'", ".inf", "0", "-4", "[4]", "null", "1e300"])
def test_an_area_is_a_positive_number(mistakes: Find, valid: str, value: str) -> None:
    found = mistakes(valid.replace("area_km2: 4", f"area_km2: {value}"))
    assert {mistake.field for mistake in found} == {"town.area_km2"}


@pytest.mark.parametrize("value", ["true", "'2'", "-1", "null", "[2]"])
def test_an_interventions_numbers_are_numbers_too(mistakes: Find, valid: str, value: str) -> None:
    found = mistakes(valid.replace("factor: 2", f"factor: {value}"))
    assert [(mistake.field, mistake.line) for mistake in found] == [("interventions.0.factor", 16)]


def test_a_field_that_is_missing_is_named_at_what_lacks_it(mistakes: Find, valid: str) -> None:
    found = mistakes(valid.replace("  area_km2: 4\n", "").replace("    factor: 2\n", ""))
    assert [(mistake.field, mistake.given, mistake.line) for mistake in found] == [
        ("town.area_km2", "nothing", 2),
        ("interventions.0.factor", "nothing", 14),
    ]


def test_what_contradicts_a_default_is_named(mistakes: Find, valid: str) -> None:
    """Nobody lives in a town that does not say how many: then there is nobody to be a merchant or a mediator."""
    found = mistakes(valid.replace("  residents: 5000\n", ""))
    assert [(mistake.field, mistake.given, mistake.line) for mistake in found] == [
        ("people.merchants", "100", 8),
        ("mediation.mediators", "3", 10),
    ]
    assert {mistake.allowed for mistake in found} == {"at most people.residents (0)"}


def test_a_response_without_units_is_refused(mistakes: Find, valid: str) -> None:
    (mistake,) = mistakes(valid.replace("units: 9", "units: 0"))
    assert (mistake.field, mistake.line) == ("response", 12)
    assert "units, or groups" in mistake.allowed


@pytest.mark.parametrize("text", ["", "just words", "- a list\n", "3", "[]", "null"])
def test_a_file_is_a_mapping(mistakes: Find, text: str) -> None:
    (mistake,) = mistakes(text)
    assert "a mapping of fields" in mistake.allowed


def test_an_intervention_without_a_name(mistakes: Find, valid: str) -> None:
    (mistake,) = mistakes(valid.replace("  - name: grid_density\n    factor: 2", "  - factor: 2"))
    assert (mistake.field, mistake.line) == ("interventions.0.name", 15)
    assert "grid_density" in mistake.allowed


def test_interventions_are_a_list(mistakes: Find, valid: str) -> None:
    found = mistakes(valid.split("interventions:", maxsplit=1)[0] + "interventions: {name: grid_density}\n")
    assert [mistake.field for mistake in found] == ["interventions"]


def test_names_of_columns_and_files_are_checked(mistakes: Find, valid: str) -> None:
    town = "  kind: csv\n  nodes_file: n.csv\n  arcs_file: a.csv\n  arc_columns: {tial: x}\n  time_unit: second\n"
    found = mistakes(valid.replace("  kind: synthetic\n  area_km2: 4\n", town))
    assert {mistake.field: mistake.nearest for mistake in found} == {
        "town.nodes_file": "",
        "town.arcs_file": "",
        "town.arc_columns.tial": "tail",
        "town.time_unit": "seconds",
    }


def test_the_way_back_from_a_record(load: Load, valid: str, catalogue: Any) -> None:
    scenario = load(valid + "parameters: {discovery_probability: 0.1}\n")
    again = from_canonical(canonical(scenario), catalogue=catalogue, name="town")
    assert canonical(again) == canonical(scenario)
    assert again.name == scenario.name


@pytest.mark.parametrize(
    "extra", [{"town": float("nan")}, {"interventions": [object()]}, {"people": {"residents": "\0"}}]
)
def test_a_damaged_record_is_refused(load: Load, valid: str, catalogue: Any, extra: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError):
        from_canonical({**canonical(load(valid)), **extra}, catalogue=catalogue)


def test_a_scenario_made_in_python_is_checked_too(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"grid\.grids"):
        Scenario.model_validate({"name": "small", **fields, "grid": {"grids": 2}})


def test_a_mistake_in_a_town_names_the_fields_of_its_kind(mistakes: Find, valid: str) -> None:
    plane = valid.replace("  kind: synthetic\n", "  kind: plane\n  metrc: euclidean\n  edges: cliff\n")
    by_field = {mistake.field: mistake for mistake in mistakes(plane)}
    assert set(by_field) == {"town.metrc", "town.edges"}
    assert by_field["town.metrc"].nearest == "metric"
    assert "walls" in by_field["town.edges"].allowed
    osm = valid.replace("  kind: synthetic\n  area_km2: 4\n", "  kind: osm\n  file: town.osm\n  speed_limit: ignored\n")
    by_field = {mistake.field: mistake for mistake in mistakes(osm)}
    assert by_field["town.speed_limit"].nearest == "speed_limits"
    assert "a file that exists" in by_field["town.file"].allowed
