"""The books: what became of a case, what is written of it, and that nothing ends twice."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.codes import NOBODY, Category, Channel, State
from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

REPORTED = {"report_per_day": [0.3] * 9, "fade_per_day": [0.1] * 9, "first_stage_share": [0.2] * 5 + [0.0] * 4}


@pytest.fixture(scope="module")
def lively(tiny_model: Maker) -> Maker:
    """Return a function that gives a finished run with many cases in every channel."""

    def make(**parameters: Any) -> TownModel:
        return tiny_model(
            calendar={"days": 60},
            people={"residents": 1500},
            grid={"grids": 12},
            mediation={"mediators": 6},
            parameters={**REPORTED, **parameters},
        ).run()

    return make


@pytest.fixture(scope="module")
def model(lively: Maker) -> TownModel:
    return lively(gloss_probability=0.5)


def test_a_dispute_ends_once_where_its_books_say(model: TownModel, rows: Rows) -> None:
    disputes, cases = rows(model, "disputes"), rows(model, "cases")
    settling = cases[cases["true_settled"] == 1]
    assert len(set(settling["dispute"].tolist())) == len(settling) > 100, "one case at most settles a dispute"
    settled = disputes[settling["dispute"]]
    assert (settled["state"] == State.ENDED).all()
    assert (settled["settled"] == 1).all()
    assert np.array_equal(settled["ended"], settling["closed"])
    assert np.array_equal(settled["end_channel"], settling["channel"])
    assert set(settling["channel"].tolist()) == {Channel.GRID, Channel.TOWNSHIP}
    by_case = np.isin(disputes["end_channel"], [Channel.GRID, Channel.TOWNSHIP])
    assert by_case.sum() == len(settling)
    assert np.array_equal(disputes["state"] == State.ENDED, ~np.isnan(disputes["ended"]))
    assert np.array_equal(disputes["state"] == State.ENDED, disputes["end_channel"] != Channel.NONE)


def test_cases_of_disputes_that_end_elsewhere_are_withdrawn(model: TownModel, rows: Rows) -> None:
    disputes, cases = rows(model, "disputes"), rows(model, "cases")
    withdrawn = cases[cases["withdrawn"] == 1]
    ended = disputes[withdrawn["dispute"]]
    assert len(withdrawn) > 50
    assert np.array_equal(withdrawn["closed"], ended["ended"])
    assert not np.isin(ended["end_channel"], [Channel.GRID, Channel.TOWNSHIP]).any()
    assert (withdrawn["true_settled"] + withdrawn["recorded_settled"] + withdrawn["passed_up"] == 0).all()
    assert np.isnan(withdrawn["fed_back"]).all()


def test_the_open_case_of_a_dispute_is_its_only_one(model: TownModel, rows: Rows) -> None:
    disputes, cases = rows(model, "disputes"), rows(model, "cases")
    in_hand = np.isin(disputes["state"], [State.IN_GRID, State.IN_MEDIATION])
    assert np.array_equal(in_hand, disputes["case"] != NOBODY)
    waiting = np.flatnonzero(np.isnan(cases["closed"]))
    assert sorted(waiting.tolist()) == sorted(disputes["case"][in_hand].tolist())
    assert np.array_equal(np.bincount(cases["dispute"], minlength=len(disputes)), disputes["handlings"])


def test_passed_up_cases_go_on_in_mediation(model: TownModel, rows: Rows) -> None:
    cases = rows(model, "cases")
    later = cases[cases["passed_from"] != NOBODY]
    before = cases[later["passed_from"]]
    assert len(later) > 50
    assert (before["passed_up"] == 1).all()
    assert len(later) == ((cases["passed_up"] == 1) & (cases["withdrawn"] == 0)).sum()
    assert (before["channel"] == Channel.GRID).all()
    assert (later["channel"] == Channel.TOWNSHIP).all()
    assert np.array_equal(before["dispute"], later["dispute"])
    assert np.array_equal(before["closed"], later["opened"])


def test_the_six_steps_come_in_order(model: TownModel, rows: Rows) -> None:
    cases = rows(model, "cases")
    done = cases[(cases["withdrawn"] == 0) & ~np.isnan(cases["closed"])]
    steps = [done[step] for step in ("reported", "opened", "assigned", "acted", "fed_back", "closed")]
    for earlier, later in pairwise(steps):
        assert (earlier <= later).all()


def test_the_series_count_what_the_tables_hold(model: TownModel, rows: Rows) -> None:
    disputes, cases, series = rows(model, "disputes"), rows(model, "cases"), model.world.series
    days = model.calendar.days

    def by_day(moments: Any) -> Any:
        known = moments[~np.isnan(moments)]
        return np.bincount(known.astype(int), minlength=days)

    assert np.array_equal(series["true_ended"], by_day(disputes["ended"]))
    assert np.array_equal(series["true_settled"], by_day(disputes["ended"][disputes["settled"] == 1]))
    assert np.array_equal(series["recorded_found"], by_day(disputes["found"]))
    assert np.array_equal(series["recorded_opened"], by_day(cases["opened"]))
    assert np.array_equal(series["recorded_closed"], by_day(cases["closed"]))
    assert np.array_equal(series["recorded_settled"], by_day(cases["closed"][cases["recorded_settled"] == 1]))
    assert np.array_equal(series["true_reached_4"], by_day(disputes["reached_4"]))
    assert series["true_violence"].sum() == disputes["violence"].sum()


def unsettled(cases: Any) -> Any:
    """Return the cases that were closed by their channel without a true settlement and not passed up."""
    done = ~np.isnan(cases["closed"]) & (cases["withdrawn"] == 0)
    return cases[done & (cases["true_settled"] == 0) & (cases["passed_up"] == 0)]


@pytest.mark.parametrize("gloss", [0.0, 1.0])
def test_glossing_never_or_always(lively: Maker, rows: Rows, gloss: float) -> None:
    cases = rows(lively(gloss_probability=gloss), "cases")
    assert len(unsettled(cases)) > 50
    assert (unsettled(cases)["recorded_settled"] == gloss).all()
    assert (cases["recorded_settled"][cases["true_settled"] == 1] == 1).all()
    assert (cases["recorded_settled"][cases["passed_up"] == 1] == 0).all()


def test_half_the_unsettled_cases_are_glossed_over(model: TownModel, rows: Rows) -> None:
    written = unsettled(rows(model, "cases"))["recorded_settled"]
    assert stats.binomtest(int(written.sum()), len(written), 0.5).pvalue > 0.001


def test_glossing_changes_the_books_only(lively: Maker, rows: Rows) -> None:
    honest, glossed = (rows(lively(gloss_probability=share), "disputes") for share in (0.0, 1.0))
    assert honest.tobytes() == glossed.tobytes()


def test_an_unsettled_dispute_is_left_alone_and_costs_trust(tiny_model: Maker, quiet: Any, rows: Rows) -> None:
    parameters = {**quiet, "report_per_day": [0.5] * 9, "trust_loss_unsettled": 0.125, "trust_mean": 0.6}
    never = {"grid_settlement_logit": 0.0, "grid_pass_up_probability": 0.0, "grid_stage_limit": 1}
    model = tiny_model(parameters={**parameters, **never, "mediation_settlement_probability": 0.0, "sessions_most": 1})
    world = model.world
    for row in range(0, 60, 2):
        model.begin_dispute(row, row + 301, stage=4, category=Category.NEIGHBOUR)
    model.run_until(30)
    disputes = rows(model, "disputes")
    assert (disputes["settled"] == 0).all()
    assert (disputes["handlings"] > 0).sum() > 20
    closed = rows(model, "cases")
    times = np.zeros(len(world.residents))
    for case in closed[~np.isnan(closed["closed"])]:
        times[disputes["party_a"][case.dispute]] += 1
        times[disputes["party_b"][case.dispute]] += 1
    assert times.max() >= 2, "what was left alone may be reported again"
    assert (disputes["state"] == State.LEFT_ALONE).any()
    expected = np.maximum(0.6 - 0.125 * times, 0.0)
    assert world.residents["trust_mediation"] == pytest.approx(expected, abs=1e-5)
