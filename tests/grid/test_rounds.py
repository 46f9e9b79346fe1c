"""The rounds: quotas met, rotas kept, disputes found with the stated probability, hours booked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from sim.codes import Channel, State
from sim.grid.rounds import visits_due
from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]


@given(st.floats(0, 12), st.integers(0, 400), st.integers(1, 60))
def test_a_fractional_quota_is_met_over_days(quota: float, first: int, days: int) -> None:
    due = [visits_due(quota, day) for day in range(first, first + days)]
    assert all(abs(one - quota) < 1 for one in due)
    assert abs(sum(due) - quota * days) < 1 + 1e-6


@pytest.mark.parametrize("quota", [0.0, 0.4, 1.0, 2.5])
def test_workers_make_the_visits_of_their_quota(workers_only: Maker, quota: float) -> None:
    model = workers_only(grid={"visits_per_worker_per_day": quota}, visit_minutes=20.0).run()
    world = model.world
    each = sum(visits_due(quota, day) for day in range(28) if world.days["workday"][day])
    assert (world.workers["visits"] == each).all()
    assert world.households["visits"].sum() == world.series["visits"].sum() == 4 * each
    per_day = world.series["visits"][world.days["workday"] == 0]
    assert per_day.sum() == 0


def test_the_rota_visits_all_before_any_twice(workers_only: Maker) -> None:
    for quota in (3.0, 8.0):
        world = workers_only(grid={"visits_per_worker_per_day": quota}, visit_minutes=5.0).run().world
        for grid in world.grids:
            visits = world.households["visits"][grid.first_household : grid.end_household]
            assert np.ptp(visits) <= 1
            assert (np.diff(visits) <= 0).all(), "from the first household on"
        assert world.households["visits"].sum() == 4 * 20 * quota


def test_no_time_is_left_for_more_visits_than_fit(workers_only: Maker) -> None:
    world = workers_only(grid={"visits_per_worker_per_day": 90.0}, visit_minutes=30.0).run().world
    per_day = world.workers["visits"] / 20.0
    assert (per_day <= 16).all()
    assert (per_day > 10).all()
    assert (world.workers["overtime_hours"] < 20 * 1.0).all()
    hours = world.workers["visit_hours"] / 20.0
    assert (hours >= 8.0).all()
    assert (hours < 8.0 + 0.5 + 0.5).all()


def test_a_visit_takes_its_minutes_and_the_way(workers_only: Maker) -> None:
    settings: dict[str, Any] = {"grid": {"visits_per_worker_per_day": 2.0}, "visit_minutes": 30.0}
    world = workers_only(walking_speed_kmh=2.0, **settings).run().world
    homes = world.nodes[world.households["node"]]
    for worker, grid in zip(world.workers, world.grids, strict=True):
        count = int(grid.end_household - grid.first_household)
        order = grid.first_household + np.arange(worker.visits) % count
        metres = np.hypot(np.diff(homes["x_metres"][order]), np.diff(homes["y_metres"][order])).sum()
        hours = metres / 1000.0 * float(world.state[0].circuity) / 2.0
        assert hours > 0.1
        assert worker.visit_hours == pytest.approx(40 * 0.5 + hours)
    faster = workers_only(walking_speed_kmh=4.0, **settings).run().world
    assert world.workers["visit_hours"] - 20.0 == pytest.approx(2.0 * (faster.workers["visit_hours"] - 20.0))


def discovery(stage: Any, trust: Any) -> Any:
    """Return the closed form of the probability that a visit finds a dispute."""
    return special.expit(special.logit(0.3) + 0.25 * (stage - 1) + 2.0 * (trust - 0.6))


@pytest.mark.parametrize(("stage", "spread"), [(1, 0.0), (6, 0.0), (3, 0.2)])
def test_a_visit_finds_a_hidden_dispute_with_the_stated_probability(
    workers_only: Maker, rows: Rows, stage: int, spread: float
) -> None:
    # More disputes than a household has visits; grid cases take no time, so that they keep nobody from the rounds.
    model = workers_only(
        1200,
        stage,
        days=5,
        grid={"visits_per_worker_per_day": 60.0, "grids": 6},
        discovery_probability=0.3,
        discovery_stage_gain=0.25,
        discovery_trust_gain=2.0,
        trust_mean=0.6,
        trust_spread=spread,
        visit_minutes=5.0,
        walking_speed_kmh=50.0,
        grid_case_hours=0.001,
        grid_settlement_logit=-30.0,
        grid_stage_limit=9,
        grid_pass_up_probability=0.0,
    )
    trust = model.world.residents["trust_grid"].astype(float).copy()
    disputes = rows(model.run(), "disputes")
    probability = discovery(stage, trust[disputes["party_a"]])
    found = ~np.isnan(disputes["found"])
    tried = found | (disputes["visits_missed"] > 0)
    first = found & (disputes["visits_missed"] == 0)
    assert (disputes["found_by"][found] == Channel.GRID).all()
    assert tried.sum() > 400
    expected, variance = probability[tried].sum(), (probability * (1 - probability))[tried].sum()
    assert abs(first.sum() - expected) < 4 * np.sqrt(variance)
    trials = disputes["visits_missed"] + found
    every = (probability * trials).sum()
    spread_of_all = np.sqrt((probability * (1 - probability) * trials).sum())
    assert abs(found.sum() - every) < 4 * spread_of_all
    assert (disputes["state"][~found] == State.HIDDEN).all()


def test_what_is_not_hidden_is_not_looked_for(workers_only: Maker, rows: Rows) -> None:
    model = workers_only(200, grid={"visits_per_worker_per_day": 60.0}, discovery_probability=1e-9)
    model.world.disputes["state"][:100] = State.LEFT_ALONE
    model.run()
    missed = rows(model, "disputes")["visits_missed"]
    assert missed[:100].sum() == 0
    assert missed[100:].sum() > 100


def test_more_visits_find_more_and_sooner(workers_only: Maker, rows: Rows) -> None:
    found = []
    for quota in (1.0, 3.0, 9.0):
        model = workers_only(
            800, grid={"visits_per_worker_per_day": quota}, discovery_probability=0.3, grid_case_hours=0.1
        )
        moments = rows(model.run(), "disputes")["found"]
        found.append(np.where(np.isnan(moments), np.inf, moments))
    assert [np.isfinite(one).sum() for one in found] == sorted(np.isfinite(one).sum() for one in found)
    assert np.isfinite(found[2]).sum() > 2 * np.isfinite(found[0]).sum()


def test_cases_come_before_visits_and_overtime_is_what_runs_over(workers_only: Maker, rows: Rows) -> None:
    # One worker with more cases than hours: from 9 o'clock three cases of three hours, the last until 18 o'clock.
    model = workers_only(
        400,
        days=28,
        grid={"grids": 2, "visits_per_worker_per_day": 5.0},
        report_per_day=[1000.0] * 9,
        grid_case_hours=3.0,
        grid_pass_up_probability=0.0,
    ).run()
    workers = model.world.workers
    workdays = int(model.world.days["workday"].sum())
    assert (workers["cases"] == 3 * workdays).all()
    assert workers["case_hours"] == pytest.approx(9.0 * workdays)
    assert workers["overtime_hours"] == pytest.approx(1.0 * workdays)
    assert (workers["visits"] == 0).all()
    acted = rows(model, "cases")["acted"]
    hours = acted[~np.isnan(acted)] % 1.0 * 24
    assert set(np.round(hours, 6)) == {9.0, 12.0, 15.0}
    assert model.world.days["workday"][acted[~np.isnan(acted)].astype(int)].all()


def test_waiting_cases_are_taken_oldest_first_by_the_least_loaded(workers_only: Maker, rows: Rows) -> None:
    model = workers_only(
        300,
        grid={"grids": 2, "workers_per_grid": 3.0, "visits_per_worker_per_day": 0.0},
        report_per_day=[0.5] * 9,
        grid_case_hours=1.5,
        grid_settlement_logit=30.0,
    ).run()
    cases = rows(model, "cases")
    taken = cases[~np.isnan(cases["acted"])]
    load = []
    for worker in range(6):
        mine = taken[taken["worker"] == worker]
        load.append(len(mine))
        order = np.argsort(mine["assigned"], kind="stable")
        assert (np.diff(mine["acted"][order]) > 0).all()
    grid_of = model.world.workers["grid"]
    homes = model.world.residents["household"][rows(model, "disputes")["party_a"][cases["dispute"]]]
    assert np.array_equal(grid_of[cases["worker"]], model.world.households["grid"][homes])
    assert max(load[:3]) - min(load[:3]) < 20
    assert max(load[3:]) - min(load[3:]) < 20
