from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.scenario import Mistake, Scenario
from sim.scenario.merging import parse_override


def test_values_are_read_as_in_a_file(load: Callable[..., Scenario], valid: str) -> None:
    scenario = load(
        valid,
        "grid.households_per_grid=200",
        "parameters.discovery_probability=0.1",
        "interventions.0.factor=3",
        "interventions.0.enabled=false",
        "title=Another town",
        "calendar.start_date=2024-02-29",
        "response.patrol_timing.profile=demand",
    )
    assert scenario.grid.households_per_grid == 200
    assert scenario.parameters == {"discovery_probability": 0.1}
    assert scenario.interventions[0].model_dump() == {
        "from_day": 0.0,
        "until_day": None,
        "enabled": False,
        "factor": 3.0,
    }
    assert scenario.title == "Another town"
    assert scenario.calendar.start_date.isoformat() == "2024-02-29"
    assert scenario.response.patrol_timing.profile == "demand"


def test_an_intervention_can_be_added(load: Callable[..., Scenario], valid: str) -> None:
    scenario = load(valid, "interventions.1={name: patrol_timing, profile: demand}")
    assert [type(lever).__name__ for lever in scenario.interventions] == ["Density", "Timing"]
    assert len(load(valid, "interventions.1.name=grid_density", "interventions.1.factor=3").interventions) == 2


def test_the_last_of_two_wins(load: Callable[..., Scenario], valid: str) -> None:
    assert load(valid, "response.units=3", "response.units=4").response.units == 4


def test_another_kind_of_town_keeps_only_what_it_knows(load: Callable[..., Scenario], valid: str) -> None:
    town = load(valid, "town.rivers=2", "town.kind=plane", "town.metric=right_angle").town
    assert town.model_dump(include={"kind", "area_km2", "communities", "metric"}) == {
        "kind": "plane",
        "area_km2": 4.0,
        "communities": 5,
        "metric": "right_angle",
    }


@pytest.mark.parametrize(
    ("override", "field"),
    [
        ("grid.households_per_grid", ""),
        ("=3", ""),
        ("grid..grids=3", ""),
        (".".join("abcdefghijklmnop") + "=3", ""),
        ("grid.households_per_gird=3", "grid.households_per_gird"),
        ("response.units=true", "response.units"),
        ("response.units=", "response.units"),
        ("response.units=[1", "response.units"),
        ("response.units.x=3", "response.units.x"),
        ("interventions.5.factor=3", "interventions.5"),
        ("interventions.-1.factor=3", "interventions.-1"),
        ("interventions.first.factor=3", "interventions.first"),
        ("interventions.0.factor=.nan", "interventions.0.factor"),
        ("people=&a 3", "people"),
        ("nonsense.x=3", "nonsense"),
        ("extends=classroom", "extends"),
        ("name=A B", "name"),
    ],
)
def test_mistakes_name_the_option(
    mistakes: Callable[..., list[Mistake]], valid: str, override: str, field: str
) -> None:
    (mistake,) = mistakes(valid, override)
    assert (mistake.file, mistake.line, mistake.field) == (f"--set {override}", 0, field)


def test_all_options_are_looked_at(mistakes: Callable[..., list[Mistake]], valid: str) -> None:
    assert len(mistakes(valid, "response.units=x", "people.residents=y", "z")) == 3


def test_a_value_may_hold_an_equals_sign() -> None:
    path, node, mistakes = parse_override("title=a=b")
    assert (path, mistakes) == (("title",), [])
    assert node is not None
    assert node.content == "a=b"
