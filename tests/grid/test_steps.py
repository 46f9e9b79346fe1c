"""The six steps of the closed loop: their order and delays, and books that close later than the truth."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.codes import Channel, State
from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

STEPS = ("reported", "opened", "assigned", "acted", "fed_back", "closed")


def handled(workers_only: Maker, **more: Any) -> TownModel:
    """Return the model of a run in which parties report, and workers have time for all."""
    settings: dict[str, Any] = {"report_per_day": [0.1] * 9, "grid_case_hours": 0.5, "grid_pass_up_probability": 0.0}
    return workers_only(100, days=60, **(settings | more)).run()


def test_each_step_comes_its_days_after_the_one_before(workers_only: Maker, rows: Rows) -> None:
    delays = {"grid_assign_days": 0.75, "grid_feedback_days": 1.5, "grid_filing_days": 2.25}
    model = handled(workers_only, **delays)
    cases = rows(model, "cases")
    assert len(cases) > 90
    assert cases["assigned"] - cases["opened"] == pytest.approx(0.75)
    done = cases[~np.isnan(cases["closed"])]
    assert done["fed_back"] - done["acted"] == pytest.approx(0.5 / 24 + 1.5)
    assert done["closed"] - done["fed_back"] == pytest.approx(2.25)
    for before, after in itertools.pairwise(STEPS):
        assert (done[before] <= done[after]).all()
    series = model.world.series
    assert series["recorded_closed"].sum() == len(done)
    assert series["recorded_settled"].sum() == done["recorded_settled"].sum()


def test_the_truth_does_not_wait_for_the_books(workers_only: Maker, rows: Rows) -> None:
    settled = {"grid_settlement_logit": 30.0, "grid_settlement_stage_slope": 0.0}
    late, today = (handled(workers_only, grid_feedback_days=days, **settled) for days in (3.0, 0.0))
    for field in ("ended", "settled", "end_channel", "state"):
        assert np.array_equal(rows(late, "disputes")[field], rows(today, "disputes")[field], equal_nan=True)
    one, other = rows(late, "cases"), rows(today, "cases")
    assert np.array_equal(one["acted"], other["acted"])
    both = ~np.isnan(one["closed"])
    assert one["closed"][both] - other["closed"][both] == pytest.approx(3.0)
    assert one["recorded_settled"][both].all()


def test_glossing_has_the_same_luck_however_late_the_books_close(workers_only: Maker, rows: Rows) -> None:
    """A dispute may have its next case before the last one is filed; the draw belongs to the case."""
    more: dict[str, Any] = {"grid_settlement_logit": -30.0, "gloss_probability": 0.5, "report_per_day": [1.0] * 9}
    late = rows(handled(workers_only, grid_filing_days=20.0, **more), "cases")
    today = rows(handled(workers_only, **more), "cases")
    filed = ~np.isnan(late["closed"])
    assert 0.3 < late["recorded_settled"][filed].mean() < 0.7
    assert len(late) == len(today)
    assert np.array_equal(late["recorded_settled"][filed], today["recorded_settled"][filed])


def test_a_case_waits_for_its_assignment_through_a_redraw(workers_only: Maker, rows: Rows) -> None:
    model = workers_only(60, days=30, report_per_day=[1000.0] * 9, grid_assign_days=4.0, grid_case_hours=0.1)
    model.run_until(2)
    assert (rows(model, "cases")["channel"] == Channel.GRID).all()
    model.set_grid_factor(3.0)
    model.run()
    first = rows(model, "cases")[:60]
    assert first["assigned"] - first["opened"] == pytest.approx(4.0)
    assert (~np.isnan(first["closed"])).all()
    homes = model.world.residents["household"][rows(model, "disputes")["party_a"][first["dispute"]]]
    assert np.array_equal(model.world.workers["grid"][first["worker"]], model.world.households["grid"][homes])


def test_what_ends_before_its_assignment_is_never_acted_on(workers_only: Maker, rows: Rows) -> None:
    model = workers_only(80, days=30, report_per_day=[5.0] * 9, fade_per_day=[2.0] * 9, grid_assign_days=10.0).run()
    cases = rows(model, "cases")
    assert (rows(model, "disputes")["state"] == State.ENDED).all()
    assert (cases["withdrawn"] == 1).all()
    assert np.isnan(cases["acted"]).all()
    assert model.world.workers["cases"].sum() == 0
