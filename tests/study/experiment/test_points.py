"""Points are scenarios as ``--set`` would make them, all valid, or told together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim import load as load_scenario
from sim.scenario import Mistake, canonical, default, scenario_hash
from sim.study.experiment import (
    Experiment,
    ExperimentError,
    base_point,
    design_points,
    design_record,
    experiment_hash,
    experiments,
    load_experiment,
    study_record,
)

Made = Callable[..., Experiment]


def one(name: str, field: str, levels: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "field": field, "levels": levels, **more}


@pytest.mark.parametrize(
    ("field", "levels"),
    [
        ("grid.grids", [4, 8]),
        ("grid.households_per_grid", [60, 120]),
        ("parameters.discovery_probability", [0.1, 0.4]),
        ("interventions.0.activity_factor", [1, 2]),
        ("interventions.0.enabled", [False, True]),
        ("response.patrol_timing.profile", ["flat", "demand"]),
        ("calendar.start_date", ["2023-05-01", "2024-05-01"]),
    ],
)
def test_a_field_is_set_as_the_command_line_sets_it(field: str, levels: list[Any], made: Made) -> None:
    plan = made(factors=[one("x", field, levels)])
    folder = plan.root.place.folder
    assert folder is not None
    for point, level in zip(design_points(plan), levels, strict=True):
        word = str(level).lower() if isinstance(level, bool) else level
        assert scenario_hash(point.scenario) == scenario_hash(load_scenario(folder / "tiny.yaml", f"{field}={word}"))
        assert point.factors == {"x": level}


def test_settings_of_the_experiment_come_before_its_factors(made: Made) -> None:
    plan = made(set={"calendar.days": 5, "grid": {"grids": 16}, "parameters.sessions_most": 2})
    first, second = (canonical(point.scenario) for point in design_points(plan))
    assert first["calendar"]["days"] == second["calendar"]["days"] == 5
    assert (first["grid"]["grids"], second["grid"]["grids"]) == (4, 8)
    assert first["parameters"]["sessions_most"] == 2


def test_one_number_of_a_list_leaves_the_others_at_the_tables(made: Made) -> None:
    plan = made(factors=[one("x", "parameters.climb_per_day.2", [0.5]), one("y", "parameters.climb_per_day.3", [0.25])])
    (point,) = design_points(plan)
    usual = list(default("climb_per_day"))
    assert canonical(point.scenario)["parameters"]["climb_per_day"] == [*usual[:2], 0.5, 0.25, *usual[4:]]


def test_levels_with_names_may_be_anything(made: Made) -> None:
    night = [2.0] * 6 + [1.0] * 18
    levels = {"flat": {"profile": "flat"}, "night": {"profile": "weights", "weights": night}}
    first, second = design_points(made(factors=[one("hours", "response.patrol_timing", levels)]))
    assert (first.factors, second.factors) == ({"hours": "flat"}, {"hours": "night"})
    assert second.scenario.response.model_dump()["patrol_timing"]["weights"] == tuple(night)


def test_factors_of_one_intervention_set_fields_of_one(made: Made) -> None:
    timing = {"intervention": "patrol_timing"}
    plan = made(
        factors=[
            one("how", "profile", ["flat", "demand"], **timing, settings={"from_day": 3}),
            one("far", "share", [0.5], **timing),
            one("grids", "factor", [2], intervention="grid_density"),
        ]
    )
    points = design_points(plan)
    levers = canonical(points[1].scenario)["interventions"]
    assert [lever["name"] for lever in levers] == ["grid_hours", "patrol_timing", "grid_density"]
    assert (levers[1]["profile"], levers[1]["share"], levers[1]["from_day"]) == ("demand", 0.5, 3)


def test_points_have_names_and_titles_that_change_no_hash(made: Made) -> None:
    first, second = design_points(made(name="a-study"))
    assert (first.number, first.scenario.name, first.scenario.title) == (0, "a-study-p0", "density 4")
    assert (second.number, second.scenario.name) == (1, "a-study-p1")
    assert scenario_hash(first.scenario) == scenario_hash(first.scenario.model_copy(update={"name": "x", "title": ""}))


def test_equal_points_stay_rows_of_their_own(made: Made) -> None:
    rows = [{"density": 4}, {"density": 8}, {"density": 4}]
    plan = made(factors=[{"name": "density", "field": "grid.grids"}], design={"kind": "table", "rows": rows})
    points = design_points(plan)
    assert [point.number for point in points] == [0, 1, 2]
    assert scenario_hash(points[0].scenario) == scenario_hash(points[2].scenario)


def test_bad_points_are_told_together(mistakes: Callable[[str], list[Mistake]]) -> None:
    found = mistakes(
        "base: tiny.yaml\nreplications: 1\ndesign: {kind: factorial}\nfactors:\n"
        "  - {name: density, field: grid.grids, levels: [4, 100000]}\n"
        "  - {name: staff, field: mediation.mediators, levels: [1, 2.5, 3]}\n"
    )
    told = {one.line: one for one in found}
    assert told[6].field.startswith("point 1 and 1 other point (density 4, staff 2.5): mediation.mediators")
    assert "integer" in told[6].allowed
    assert told[5].field.startswith("point 3 and 2 other points (density 100000, staff 1): grid.grids")


def test_a_missing_field_of_an_intervention_is_told(mistakes: Callable[[str], list[Mistake]]) -> None:
    (found,) = mistakes(
        "base: tiny.yaml\nreplications: 1\ndesign: {kind: factorial}\nfactors:\n"
        "  - {name: w, intervention: whistle, field: from_day, levels: [1, 2]}\n"
    )
    assert (found.line, found.given) == (5, "nothing")
    assert "at_once_per_township" in found.field
    assert found.allowed.endswith("(under `settings` of a factor of that intervention)")


def test_one_mistake_of_many_values_is_told_once(mistakes: Callable[[str], list[Mistake]]) -> None:
    (found,) = mistakes(
        "base: tiny.yaml\nreplications: 1\ndesign: {kind: latin-hypercube, points: 40}\nfactors:\n"
        "  - {name: staff, field: mediation.mediators, low: 1, high: 9}\n"
    )
    assert found.given.endswith("(40 values)")
    assert found.allowed == "a valid integer (`whole: true` on a factor that has a range)"


def test_the_base_point_is_where_all_is_as_in_the_base(made: Made) -> None:
    factors = [one("density", "grid.grids", [2, 4, 8]), one("staff", "mediation.mediators", [1, 2])]
    assert base_point(made(factors=factors)) == 3
    assert base_point(made(factors=[one("density", "grid.grids", [2, 8])])) == 0
    plan = made(factors=factors, precision={"outcomes": {"true_disputes": 1.0}, "base": 5})
    assert base_point(plan) == 5


def test_one_at_a_time_starts_from_the_base_scenarios_values(made: Made) -> None:
    factors = [
        one("density", "grid.grids", [2, 4]),
        {"name": "found", "field": "parameters.discovery_probability"},
        one("far", "share", [0, 1], intervention="patrol_timing"),
        one(
            "hours",
            "response.patrol_timing",
            {"demand": {"profile": "demand"}, "flat": {"profile": "flat"}},
            base="flat",
        ),
    ]
    points = design_points(made(factors=factors, design={"kind": "one-at-a-time"}))
    start = {"density": 4, "found": default("discovery_probability"), "far": 0, "hours": "flat"}
    assert points[0].factors == start
    assert len(points) == 1 + 1 + 2 + 1 + 1


def test_the_hash_follows_what_is_run_and_nothing_else(made: Made) -> None:
    plan = made(name="a")
    same = [made(name="a", title="t", outcomes=["true_disputes"], budget={"runs": 50}, records="tables")]
    same.append(made(name="a", factors=[one("density", "grid.grids", [4.0, 8])]))
    other = [made(name="a", replications=3), made(name="a", seed=2), made(name="a", set={"calendar.days": 9})]
    other.append(made(name="a", factors=[one("density", "grid.grids", [4, 9])]))
    assert {experiment_hash(one) for one in same} == {experiment_hash(plan)}
    assert len({experiment_hash(one) for one in (plan, *other)}) == 5


def test_the_record_lets_an_analysis_match_rows_to_points(made: Made) -> None:
    factors = [{"name": "a", "field": "parameters.discovery_probability"}, one("b", "grid.grids", [4, 8])]
    plan = made(factors=factors, design={"kind": "morris", "trajectories": 2}, outcomes=["true_disputes"])
    record = design_record(plan)
    points = design_points(plan)
    assert len(record["sample"]) == len(points) == 6
    low, high = plan.factors[0].low, plan.factors[0].high
    assert low is not None
    assert high is not None
    for row, point in zip(record["sample"], points, strict=True):
        assert point.factors["a"] == pytest.approx(low + row[0] * (high - low))
    whole = study_record(plan)
    assert (whole["base_point"], whole["outcomes"], whole["design"]) == (0, ["true_disputes"], record)
    assert design_record(made())["sample"] is None


@pytest.mark.parametrize("name", [name for name in experiments() if not name.startswith("daye")])
def test_shipped_experiments_are_sound(name: str) -> None:
    plan = load_experiment(name)
    points = design_points(plan)
    assert plan.title
    assert plan.description
    assert len(points) >= 2
    assert len({scenario_hash(point.scenario) for point in points}) > len(points) / 2


def test_a_city_too_large_for_this_machine_is_the_only_complaint() -> None:
    try:
        points = design_points(load_experiment("daye-density-mediators-patrol"))
    except ExperimentError as problem:
        assert all("GB available" in mistake.allowed for mistake in problem.mistakes)  # noqa: PT017
    else:
        assert len(points) == 12
