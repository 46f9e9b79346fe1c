"""Redrawing the grids while the town runs: borders move, nobody's case is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.codes import NOBODY, State
from sim.grid.redraw import waiting_cases
from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]


def backlog(workers_only: Maker, seed: int = 1) -> TownModel:
    """Return a model on its tenth day with many cases waiting for grid workers."""
    model = workers_only(
        160,
        days=200,
        seed=seed,
        report_per_day=[0.5] * 9,
        grid_case_hours=4.0,
        grid_pass_up_probability=0.0,
        grid_settlement_logit=30.0,
    )
    model.run_until(10.45)
    return model


def check(model: TownModel) -> None:
    """Check that every waiting case waits once, with an active worker of its household's grid, oldest first."""
    world = model.world
    waiting = waiting_cases(world)
    assert len(set(waiting.tolist())) == len(waiting)
    homes = world.residents["household"][world.disputes["party_a"][world.cases["dispute"][waiting]]]
    chosen = world.cases["worker"][waiting]
    assert np.array_equal(world.workers["grid"][chosen], world.households["grid"][homes])
    assert (world.workers["active"][chosen] == 1).all()
    for row in np.flatnonzero(world.workers["first_case"] != NOBODY):
        place, seen = int(world.workers["first_case"][row]), []
        while place != NOBODY:
            seen.append(place)
            place = int(world.cases["next"][place])
        assert seen == sorted(seen)
        assert world.workers["last_case"][row] == seen[-1]
    posted = world.workers["grid"][world.workers["active"] == 1]
    assert set(posted.tolist()) == set(range(len(world.grids)))


@settings(max_examples=8)
@given(factors=st.lists(st.sampled_from([0.5, 0.75, 1.0, 1.5, 2.0, 4.0, 9.0]), min_size=1, max_size=4))
def test_every_waiting_case_is_kept_exactly_once_and_ends(
    workers_only: Maker, rows: Rows, factors: list[float]
) -> None:
    model = backlog(workers_only)
    before = waiting_cases(model.world).tolist()
    assert len(before) > 80
    for factor in factors:
        model.set_grid_factor(factor)
        assert len(model.world.grids) == max(round(4 * factor), 2)
        assert waiting_cases(model.world).tolist() == before
        check(model)
    model.run()
    assert len(waiting_cases(model.world)) == 0
    cases = rows(model, "cases")
    assert (~np.isnan(cases["closed"])).all()
    assert (cases["true_settled"] == 1).all()
    assert (rows(model, "disputes")["state"] == State.ENDED).all()


def test_switching_back_and_forth_while_the_town_runs(workers_only: Maker, rows: Rows) -> None:
    model = backlog(workers_only)
    for day, factor in enumerate([2.0, 0.5, 3.0, 1.0, 0.5, 1.0], start=11):
        model.set_grid_factor(factor)
        check(model)
        model.run_until(day + 0.5)
    model.run()
    handled = rows(model, "cases")
    assert (~np.isnan(handled["closed"])).all()
    assert model.world.workers["cases"].sum() == len(handled), "no case is worked on twice"
    assert (np.bincount(handled["dispute"]) == 1).all()


def test_staff_follows_the_grids_and_is_paid_for_its_days(workers_only: Maker) -> None:
    model = workers_only(days=30, grid={"grids": 4, "workers_per_grid": 2.0})
    for day, factor, staff in ((10, 2.0, 16), (20, 0.5, 4)):
        model.run_until(day)
        model.set_grid_factor(factor)
        assert model.world.workers["active"].sum() == staff
    model.run()
    world = model.world
    days = world.workers["employed_days"] + np.where(
        world.workers["active"] == 1, 30.0 - world.state[0].employment_booked, 0.0
    )
    assert days.sum() == pytest.approx(8 * 10 + 16 * 10 + 4 * 10)


def test_smaller_grids_clear_a_backlog_sooner(workers_only: Maker, rows: Rows) -> None:
    mean_wait = []
    for factor in (1.0, 3.0):
        model = backlog(workers_only)
        model.set_grid_factor(factor)
        cases = rows(model.run(), "cases")
        mean_wait.append(float((cases["closed"] - cases["opened"]).mean()))
    assert mean_wait[1] < 0.7 * mean_wait[0]
