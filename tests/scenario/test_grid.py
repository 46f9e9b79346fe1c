"""The part ``grid`` of a scenario: what cannot be is refused with its place and a remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from griddy import NAMES, sectors

from sim.interventions import catalogue
from sim.scenario import ScenarioError, load_scenario
from sim.scenario.categories import CATEGORY_NAMES, CategoryName
from sim.scenario.counts import count_faults
from sim.scenario.grid import GridPart

CALENDAR = {"start_date": "2023-01-01", "days": 30}


def faults(fields: dict[str, Any], grid: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return [(fault.field, fault.allowed) for fault in count_faults({**fields, "grid": grid, **more})]


def test_the_names_of_categories_are_those_of_the_codes() -> None:
    assert get_args(CategoryName) == CATEGORY_NAMES == tuple(NAMES)


@pytest.mark.parametrize(
    ("grid", "field", "words"),
    [
        ({"grids": 20, "layout": "sectors"}, "grid.sectors", "since grid.layout is sectors"),
        ({"grids": 20, "sectors": sectors(1, 1)[:1]}, "grid.sectors", "without one: marriage_family, wages_labour"),
        (
            {"grids": 20, "sectors": [*sectors(1, 1), {"name": "more", "categories": ["consumer"]}]},
            "grid.sectors.2.categories",
            "in one sector only; it is in grid.sectors.0 too",
        ),
        ({"grids": 5, "sectors": sectors(1, 1, 1)}, "grid.grids", "at least 3 grids, one for each sector"),
        ({"households_per_grid": 381, "sectors": sectors(*[1] * 4)}, "grid.households_per_grid", "at least 4 grids"),
    ],
)
def test_sectors_that_do_not_fit_are_named(
    fields: dict[str, Any], grid: dict[str, Any], field: str, words: str
) -> None:
    found = faults(fields, grid)
    assert [one[0] for one in found] == [field]
    assert words in found[0][1]


def test_sectors_that_fit_have_no_fault(fields: dict[str, Any]) -> None:
    assert faults(fields, {"grids": 20, "layout": "sectors", "sectors": sectors(1, 2, 1)}) == []


@pytest.mark.parametrize("field", ["workers", "grids"])
def test_workers_without_a_grid_and_grids_without_a_household_are_refused(fields: dict[str, Any], field: str) -> None:
    found = faults(fields, {field: 5}, people={"residents": 0})
    assert (f"grid.{field}", "to be left out where people.residents is 0: no households") in found


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("activity_rate", 1.2),
        ("activity_rate", -0.1),
        ("overtime_hours_most", -1),
        ("overtime_hours_most", 25),
        ("rounds", "by_tension"),
        ("layout", "both"),
        ("list_after_days", 0),
        ("micro_grids", {"households": 0}),
        ("micro_grids", {"hear_per_day": -0.1}),
        ("whistle", {}),
        ("whistle", {"at_once_per_township": -1}),
        ("sectors", [{"name": "a", "categories": ["ghosts"]}]),
        ("sectors", [{"name": "a", "categories": []}]),
        ("sectors", [{"name": "a", "categories": ["school"], "share": 0}]),
    ],
)
def test_what_has_no_meaning_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=field):
        GridPart.model_validate({field: value})


@pytest.fixture
def mistakes(fields: dict[str, Any], tmp_path: Path) -> Callable[..., list[str]]:
    """Return a function that gives what is wrong with a file that has some interventions."""

    def found(*levers: dict[str, Any]) -> list[str]:
        path = tmp_path / "town.yaml"
        tree = {"name": "town", **fields, "calendar": CALENDAR, "interventions": list(levers)}
        path.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path, catalogue=catalogue())
        return [f"{one.line}: {one.field}: {one.allowed}" for one in caught.value.mistakes]

    return found


@pytest.mark.parametrize(
    "lever",
    [
        {"name": "grid_campaign", "share": 0.5, "dates": ["2023-01-15", "2023-02-01"]},
        {"name": "seconded_staff", "staff": 2, "visits_per_day": 3, "dates": ["2022-12-31"]},
    ],
)
def test_dates_outside_the_calendar_are_refused(mistakes: Callable[..., list[str]], lever: dict[str, Any]) -> None:
    (said,) = mistakes(lever)
    assert "interventions.0.dates: a date of the calendar, 2023-01-01 to 2023-01-30" in said


def test_a_layout_of_sectors_needs_sectors(mistakes: Callable[..., list[str]]) -> None:
    (said,) = mistakes({"name": "grid_layout", "layout": "sectors"})
    assert "interventions.0.layout: to be used only where grid.sectors lists them" in said


@pytest.mark.parametrize(
    ("lever", "field"),
    [
        ({"name": "grid_hours", "activity_factor": -1}, "activity_factor"),
        ({"name": "grid_campaign", "share": 1.5}, "share"),
        ({"name": "seconded_staff", "staff": 2, "visits_per_day": 3, "weekdays": ["someday"]}, "weekdays"),
        ({"name": "whistle", "at_once_per_township": 1, "townships_share": 2}, "townships_share"),
        ({"name": "case_list", "after_days": 9, "from_day": 5, "all_from_day": 5}, "all_from_day"),
    ],
)
def test_levers_out_of_bounds_are_refused(
    mistakes: Callable[..., list[str]], lever: dict[str, Any], field: str
) -> None:
    assert all(field in said for said in mistakes(lever))
