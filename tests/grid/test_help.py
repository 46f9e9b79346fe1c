"""Who helps grid workers: volunteers, seconded staff, departments called to the place, and the list of old cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import special, stats

from sim.codes import Channel, Finding
from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

NO_VISITS: dict[str, Any] = {"visits_per_worker_per_day": 0.0}


def told(workers_only: Maker, rows: Rows, households: int, hear: float, **more: Any) -> tuple[Any, Any]:
    """Return the days until disputes were heard of, infinite where never, and how many volunteers could hear each."""
    grid = {**NO_VISITS, "micro_grids": {"households": households, "hear_per_day": hear}}
    model = workers_only(500, days=40, grid=grid, grid_case_hours=0.001, **more)
    model.run()
    disputes = rows(model, "disputes")
    homes = [model.world.residents["household"][disputes[party]] for party in ("party_a", "party_b")]
    volunteers = 1 + (homes[0] // households != homes[1] // households)
    return np.where(np.isnan(disputes["found"]), np.inf, disputes["found"] - disputes["born"]), volunteers


def test_volunteers_hear_at_their_rate_each_for_their_own_households(workers_only: Maker, rows: Rows) -> None:
    days, volunteers = told(workers_only, rows, 20, 0.03)
    assert set(volunteers.tolist()) == {2}
    heard = days[np.isfinite(days)]
    share = 1.0 - np.exp(-0.06 * 40.0)
    assert stats.binomtest(len(heard), len(days), share).pvalue > 0.001
    assert stats.kstest(heard, lambda day: (1.0 - np.exp(-0.06 * day)) / share).pvalue > 0.001
    days, volunteers = told(workers_only, rows, 10_000, 0.03)
    assert set(volunteers.tolist()) == {1}
    assert stats.binomtest(int(np.isfinite(days).sum()), len(days), 1.0 - np.exp(-0.03 * 40.0)).pvalue > 0.001


def test_what_volunteers_tell_is_a_case_of_the_grid(workers_only: Maker, rows: Rows) -> None:
    grid = {**NO_VISITS, "micro_grids": {"hear_per_day": 0.2}}
    model = workers_only(100, days=20, grid=grid).run()
    cases = rows(model, "cases")
    first = cases[cases["handling"] == 1]
    assert len(first) > 90
    assert (first["found_how"] == Finding.VOLUNTEER).all()
    assert (first["channel"] == Channel.GRID).all()


def test_volunteers_who_come_later_hear_of_old_disputes_too(workers_only: Maker, rows: Rows) -> None:
    levers = [("micro_grids", {"hear_per_day": 1.0, "from_day": 10, "until_day": 20})]
    model = workers_only(100, days=40, grid=NO_VISITS, levers=levers).run()
    found = rows(model, "disputes")["found"]
    assert np.isnan(found).sum() == 0
    assert found.min() >= 10.0
    assert found.max() < 20.0


def test_seconded_staff_come_on_their_days_with_their_own_quota(workers_only: Maker, rows: Rows) -> None:
    # Day 0 is a Sunday; 11 January a Wednesday.
    levers = [
        ("seconded_staff", {"staff": 3, "visits_per_day": 4, "weekdays": ["sat"], "dates": ["2023-01-11"]}),
        ("seconded_staff", {"staff": 2, "visits_per_day": 1, "weekdays": ["sun"], "from_day": 5}),
    ]
    model = workers_only(300, days=28, grid=NO_VISITS, levers=levers, discovery_probability=0.5).run()
    visits = model.world.series["visits"]
    assert {day: int(visits[day]) for day in np.flatnonzero(visits)} == {
        **dict.fromkeys((6, 10, 13, 20, 27), 12), **dict.fromkeys((7, 14, 21), 2)
    }  # fmt: skip
    helpers = model.world.helpers
    assert helpers["visits"].sum() == visits.sum()
    assert helpers["visit_hours"].sum() >= 66 * 20 / 60
    assert (model.world.workers["visits"] == 0).all()
    cases = rows(model, "cases")
    how = cases["found_how"][cases["channel"] == Channel.GRID]
    assert len(how) > 5
    assert (how == Finding.SECONDED).all()


def test_seconded_staff_share_the_rounds_of_the_workers(workers_only: Maker) -> None:
    levers = [("seconded_staff", {"staff": 8, "visits_per_day": 3})]
    model = workers_only(days=28, grid={"grids": 4}, levers=levers).run()
    for grid in model.world.grids:
        assert np.ptp(model.world.households["visits"][grid.first_household : grid.end_household]) <= 1


def whistled(workers_only: Maker, capacity: int, **more: Any) -> TownModel:
    """Return the model of a run in which every case is too big for the grid."""
    settings = {"report_per_day": [0.0] * 9, "discovery_probability": 0.999, "grid_case_hours": 0.1}
    settings |= {"visit_minutes": 2.0, "walking_speed_kmh": 50.0}
    grid = {"grids": 12, "visits_per_worker_per_day": 90.0, "whistle": {"at_once_per_township": capacity}}
    return workers_only(600, 5, days=40, grid=grid, **(settings | more)).run()


def test_departments_settle_with_their_gain_and_their_hours_are_counted(workers_only: Maker, rows: Rows) -> None:
    parameters = {"grid_settlement_logit": 1.0, "grid_settlement_stage_slope": -0.5, "whistle_settlement_gain": 1.5}
    parameters |= {"whistle_arrival_days": 2.0, "whistle_hours": 6.0, "whistle_staff": 4}
    model = whistled(workers_only, 100_000, **parameters)
    cases = rows(model, "cases")
    joint = cases[(cases["joined"] == Channel.TOWNSHIP) & ~np.isnan(cases["closed"])]
    assert len(joint) > 400
    assert joint["closed"] - joint["acted"] == pytest.approx(0.1 / 24 + 2.25)
    probability = special.expit(1.0 - 0.5 * 4 + 1.5)
    assert stats.binomtest(int(joint["true_settled"].sum()), len(joint), probability).pvalue > 0.001
    assert np.array_equal(joint["passed_up"], 1 - joint["true_settled"])
    regime = model.world.regimes[0]
    assert regime.joint_hours == pytest.approx(len(joint) * 4 * 6.0)
    assert regime.whistles == len(joint) + regime.whistles_open


def test_departments_take_on_no_more_than_they_can(workers_only: Maker, rows: Rows) -> None:
    model = whistled(workers_only, 3)
    cases = rows(model, "cases")
    joint = cases[cases["joined"] == Channel.TOWNSHIP]
    begun = joint["acted"] + 0.1 / 24
    ends = np.where(np.isnan(joint["closed"]), np.inf, joint["closed"])
    at_once = [int(((begun <= moment) & (ends > moment)).sum()) for moment in begun]
    assert max(at_once) == 3
    refused = cases[(cases["channel"] == Channel.GRID) & (cases["joined"] == Channel.NONE)]
    assert (refused["passed_up"][~np.isnan(refused["closed"])] == 1).all()


def test_an_ended_dispute_gives_the_departments_back(workers_only: Maker) -> None:
    model = whistled(workers_only, 2, fade_per_day=[0.05] * 9, discovery_probability=0.02, whistle_arrival_days=3.0)
    assert 0 <= model.world.regimes["whistles_open"][0] <= 2
    assert model.world.regimes["whistles"][0] > 10


def listed(workers_only: Maker, after: float | None, rows: Rows) -> tuple[TownModel, Any]:
    grid = {"grids": 2, "workers_per_grid": 3.0, "activity_rate": 0.4, "list_after_days": after}
    model = workers_only(
        150,
        days=80,
        grid=grid,
        report_per_day=[0.05] * 9,
        grid_case_hours=1.0,
        grid_pass_up_probability=0.0,
        grid_settlement_logit=30.0,
    )
    model.run()
    return model, rows(model, "cases")


def test_old_cases_are_listed_at_their_age_and_colleagues_take_them(workers_only: Maker, rows: Rows) -> None:
    model, cases = listed(workers_only, 2.0, rows)
    _, without = listed(workers_only, None, rows)
    assert without["listed"].sum() == 0
    old = (np.where(np.isnan(cases["closed"]), 80.0, cases["closed"]) - cases["opened"] > 2.0) & (cases["opened"] < 78)
    assert old.sum() > 10
    assert np.array_equal(cases["listed"] == 1, old)
    waits = [(one["acted"] - one["opened"])[~np.isnan(one["acted"])] for one in (cases, without)]
    assert waits[0].max() < waits[1].max()
    assert waits[0].mean() < waits[1].mean()
    assert model.world.workers["cases"].sum() == len(cases)
    assert (model.world.workers["waiting"] >= 0).all()
