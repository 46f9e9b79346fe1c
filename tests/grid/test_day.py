"""The day's hours: presence, overtime, paperwork, campaigns, and the queue of a single worker."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

OVERLOADED: dict[str, Any] = {"report_per_day": [1000.0] * 9, "grid_case_hours": 3.0, "grid_pass_up_probability": 0.0}


def begun_at(model: TownModel, rows: Rows) -> set[float]:
    """Return the hours of the day at which cases were begun."""
    acted = rows(model, "cases")["acted"]
    return set(np.round(acted[~np.isnan(acted)] % 1.0 * 24.0, 6).tolist())


@pytest.mark.parametrize(
    ("most", "hours", "overtime"),
    [(0.0, {9.0, 12.0, 15.0}, 1.0), (1.0, {9.0, 12.0, 15.0}, 1.0), (3.0, {9.0, 12.0, 15.0, 18.0}, 4.0)],
)
def test_a_backlog_is_worked_off_within_the_overtime(
    workers_only: Maker, rows: Rows, most: float, hours: set[float], overtime: float
) -> None:
    grid = {"grids": 2, "overtime_hours_most": most}
    model = workers_only(600, days=14, grid=grid, **OVERLOADED).run()
    assert begun_at(model, rows) == hours
    assert model.world.workers["overtime_hours"] == pytest.approx(10 * overtime)


def test_paperwork_follows_each_case(workers_only: Maker, rows: Rows) -> None:
    model = workers_only(400, days=14, grid={"grids": 2}, grid_paperwork_hours=1.5, **OVERLOADED).run()
    assert begun_at(model, rows) == {9.0, 13.5}
    assert model.world.workers["paper_hours"] == pytest.approx(30.0)
    assert model.world.workers["case_hours"] == pytest.approx(60.0)
    assert model.world.workers["overtime_hours"] == pytest.approx(10.0), "the second case's paperwork runs over"


def test_a_campaign_takes_its_hours_and_all_other_visits(workers_only: Maker, rows: Rows) -> None:
    # 1 January 2023 is a Sunday.
    levers = [("grid_campaign", {"share": 0.5, "dates": ["2023-01-03", "2023-01-05"]})]
    model = workers_only(400, days=7, grid={"grids": 2}, levers=levers, **OVERLOADED).run()
    acted = rows(model, "cases")["acted"]
    by_day = {day: set(np.round(acted[acted // 1 == day] % 1 * 24, 6).tolist()) for day in range(1, 6)}
    assert by_day[2] == by_day[4] == {13.0, 16.0}
    assert by_day[1] == by_day[3] == by_day[5] == {9.0, 12.0, 15.0}
    assert model.world.workers["campaign_hours"] == pytest.approx(8.0)
    idle = workers_only(days=7, grid={"visits_per_worker_per_day": 5.0}, levers=levers).run()
    visits = idle.world.series["visits"]
    assert (visits[[1, 3, 5]] == 20).all()
    assert visits[[2, 4]].sum() == 0


def test_days_are_worked_with_the_activity_rate_and_the_cases_of_absent_workers_wait(
    workers_only: Maker, rows: Rows
) -> None:
    model = workers_only(
        200,
        days=120,
        grid={"grids": 6, "activity_rate": 0.6},
        report_per_day=[0.05] * 9,
        grid_case_hours=1.0,
        grid_pass_up_probability=0.0,
    ).run()
    worked = int(model.world.workers["days_worked"].sum())
    assert stats.binomtest(worked, 6 * int(model.world.days["workday"].sum()), 0.6).pvalue > 0.001
    cases = rows(model, "cases")
    assert (cases["acted"] - cases["assigned"] > 1.0).sum() > 10


def test_fewer_days_worked_are_days_worked_with_more(workers_only: Maker) -> None:
    """The luck of presence is shared: who comes at a low rate comes at a high one too."""
    rates = (0.0, 0.4, 0.8, 1.0)
    visits = [workers_only(days=30, grid={"activity_rate": rate}).run().world.series["visits"] for rate in rates]
    assert visits[0].sum() == 0
    for fewer, more in itertools.pairwise(visits):
        assert (fewer <= more).all()
        assert fewer.sum() < more.sum()


def test_a_single_worker_is_a_queue_with_poisson_cases_and_fixed_work(workers_only: Maker, rows: Rows) -> None:
    """Pollaczek and Khinchine: mean wait rho D / (2 (1 - rho)), with work round the clock on every day."""
    flat: dict[str, Any] = {"friction_tension_gain": 0.0, "temper_sigma": 0.0, "tension_per_friction": 0.0}
    flat |= {"friction_weekday_weight": [1.0] * 7, "friction_month_weight": [1.0] * 12}
    model = workers_only(
        days=400,
        seed=3,
        grid={"grids": 2, "visits_per_worker_per_day": 0.0},
        dispute_rate_per_1000_per_year=7300.0,
        report_per_day=[1000.0] * 9,
        work_start_hour=0.0,
        work_hours_per_day=24.0,
        grid_case_hours=24.0 * 0.12,
        grid_settlement_logit=30.0,
        grid_stage_limit=9,
        **flat,
    )
    model.world.days["workday"] = 1
    model.run()
    cases = rows(model, "cases")
    cases = cases[~np.isnan(cases["acted"]) & (cases["opened"] > 20.0)]
    waits, expected = [], []
    for worker in (0, 1):
        mine = cases[cases["worker"] == worker]
        load = len(mine) / 380.0 * 0.12
        assert 0.6 < load < 0.85
        expected.append(load * 0.12 / (2.0 * (1.0 - load)))
        waits.append(float((mine["acted"] - mine["opened"]).mean()))
        assert float((mine["acted"] == mine["opened"]).mean()) == pytest.approx(1.0 - load, abs=0.05)
    assert np.mean(waits) == pytest.approx(np.mean(expected), rel=0.15)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_more_workers_never_find_later_in_the_mean(workers_only: Maker, rows: Rows, seed: int) -> None:
    days = []
    for workers in (1.0, 2.0, 4.0):
        grid = {"grids": 3, "workers_per_grid": workers}
        model = workers_only(400, days=40, seed=seed, grid=grid, discovery_probability=0.4).run()
        found = rows(model, "disputes")["found"]
        days.append(float(np.where(np.isnan(found), 40.0, found).mean()))
    assert days == sorted(days, reverse=True)
