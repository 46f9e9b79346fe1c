"""What an experiment takes is counted exactly and judged by runs that are really made."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from sim.scenario import scenario_hash
from sim.study.experiment import (
    Counts,
    Experiment,
    ExperimentError,
    Forecast,
    Sample,
    check_budget,
    count_runs,
    design_points,
    forecast,
)
from sim.study.experiment.forecast import sample_points

Made = Callable[..., Experiment]


def counts(to_run: int) -> Counts:
    return Counts(10, 10, 1, 1, to_run, to_run, to_run, 0)


def sample(seconds: float, size: float) -> Sample:
    return Sample(0, {"x": 1}, 12, 12, seconds, size)


def test_runs_are_counted(made: Made) -> None:
    rows = [{"density": 4}, {"density": 8}, {"density": 4}]
    plan = made(
        factors=[{"name": "density", "field": "grid.grids"}],
        design={"kind": "table", "rows": rows},
        precision={"outcomes": {"true_disputes": 5.0}, "at_least": 3, "at_most": 10},
        seed=4,
    )
    points = design_points(plan)
    eight = scenario_hash(points[1].scenario)
    there = {(eight, 4), (eight, 5), (eight, 14)}  # the last is no seed of this experiment
    found = count_runs(plan, points, lambda hash_, seed: (hash_, seed) in there)
    assert found == Counts(3, 2, 3, 10, 9, 30, 20, 2)
    assert found.to_run == 18
    assert count_runs(plan, points).finished == 0


def test_points_to_judge_by_are_the_lowest_the_highest_and_some_between(made: Made) -> None:
    factors = [
        {"name": "a", "field": "grid.grids", "levels": [8, 2, 4]},
        {"name": "b", "field": "mediation.mediators", "levels": [2, 1]},
    ]
    points = design_points(made(factors=factors))
    chosen = [point.factors for point in sample_points(points, 4)]
    assert chosen[0] == {"a": 2, "b": 1}
    assert chosen[1] == {"a": 8, "b": 2}
    assert len(chosen) == 4
    assert len(sample_points(points, 1)) == 1
    assert len(sample_points(points[:1], 4)) == 1


def test_runs_are_made_to_judge_by(made: Made) -> None:
    plan = made(set={"calendar.days": 6})
    points = design_points(plan)
    told: list[tuple[int, int]] = []
    found = forecast(plan, points, count_runs(plan, points), jobs=2, tell=lambda *one: told.append(one))
    assert told == [(1, 2), (2, 2)]
    assert [one.point for one in found.samples] == [0, 1]
    assert all(one.days == one.all_days == 6 and one.seconds > 0 and one.size > 4096 for one in found.samples)
    low, mean, high = found.hours
    assert 0 < low <= mean <= high
    assert mean == pytest.approx(4 * sum(one.seconds for one in found.samples) / 2 / found.workers / 3600)
    assert found.warm_up_share == 0.0
    whole = made(set={"calendar.days": 6}, records="tables")
    larger = forecast(whole, points, count_runs(whole, points), jobs=2, samples=1)
    assert larger.samples[0].size > found.samples[0].size


def test_a_clusters_own_workers_count_and_without_any_nobody_knows_how_long(made: Made) -> None:
    plan = made(set={"calendar.days": 6}, budget={"hours": 1e-9})
    points = design_points(plan)
    counts = count_runs(plan, points)
    many = forecast(plan, points, counts, workers=500, samples=1)
    assert many.workers == 500
    with pytest.raises(ExperimentError, match="on 500 processes"):
        check_budget(plan, many)
    none = forecast(plan, points, counts, workers=0, samples=1)
    assert all(math.isinf(one) for one in none.hours)
    check_budget(plan, none)  # nothing is known against it


def test_a_shared_warm_up_is_reckoned_once_for_each_seed() -> None:
    whole = Forecast(counts(100), 1, (sample(36.0, 1.0),))
    shared = Forecast(counts(100), 1, (sample(36.0, 1.0),), warm_up_share=0.5)
    assert whole.hours[1] == pytest.approx(1.0)
    assert shared.hours[1] == pytest.approx((1 + 99 * 0.5) / 100)  # one seed
    assert shared.gigabytes == whole.gigabytes


def test_a_long_run_is_cut_short_and_the_rest_reckoned(made: Made) -> None:
    plan = made(set={"calendar.days": 400})
    points = design_points(plan)
    found = forecast(plan, points, count_runs(plan, points), seconds=0.0)
    (one,) = found.samples
    assert (one.days, one.all_days) == (1, 400)
    assert one.size > 400 * 10


def test_nothing_left_needs_no_run(made: Made) -> None:
    plan = made()
    points = design_points(plan)
    found = forecast(plan, points, count_runs(plan, points, lambda *_: True))
    assert found.samples == ()
    assert found.hours == found.gigabytes == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("budget", "field", "words"),
    [
        ({"hours": 1}, "budget.hours", ("1,000 runs", "10 s", "2 processes", "1.39 hours", "1 runs made")),
        ({"gigabytes": 4}, "budget.gigabytes", ("1,000 runs", "5 GB")),
    ],
)
def test_more_than_the_budget_is_refused_with_the_numbers(
    budget: dict[str, Any], field: str, words: tuple[str, ...], made: Made
) -> None:
    expected = Forecast(counts(1000), 2, (sample(10.0, 5e6),))
    with pytest.raises(ExperimentError) as caught:
        check_budget(made(budget=budget), expected)
    (found,) = caught.value.mistakes
    assert found.field == field
    assert all(word in found.given for word in words), found.given
    assert "larger budget" in found.allowed


def test_what_is_within_the_budget_may_run(made: Made) -> None:
    check_budget(made(budget={"hours": 2, "gigabytes": 5}), Forecast(counts(1000), 2, (sample(10.0, 5e6),)))
    check_budget(made(), Forecast(counts(10**6), 1, (sample(1e4, 1e9),)))
