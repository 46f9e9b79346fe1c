"""Triage: readings obey their two-by-two table, and each affair goes where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.codes import NOBODY, Affair, Channel, State
from sim.disputes.triage import reads
from sim.model import TownModel

type Many = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

BIG, SMALL, PRIVATE = [1.0] * 15, [10.0] * 15, [10.0] * 15
NOT_PRIVATE, ALL_PRIVATE = [0.0] * 15, [9.0] * 15
NOW = {"report_per_day": [2.0] * 9}
SURE = {"triage_sensitivity": 1.0, "triage_specificity": 1.0}


@pytest.fixture(scope="module")
def sorted_town(many: Many) -> Many:
    """Return a function that gives a model with triage whose reported disputes have been sorted."""

    def make(count: int = 300, **parts: Any) -> TownModel:
        model = many(count, **{"days": 12, "triage": True, **NOW, **parts})
        model.run_until(10)
        return model

    return make


@given(luck=st.floats(0, 1, exclude_max=True), sens=st.floats(0, 1), spec=st.floats(0, 1))
def test_a_perfect_reading_is_right_and_a_better_one_no_worse(luck: float, sens: float, spec: float) -> None:
    assert reads(True, luck, 1.0, spec)
    assert not reads(False, luck, sens, 1.0)
    assert reads(True, luck, max(sens, 0.5), spec) >= reads(True, luck, min(sens, 0.5), spec)
    assert reads(False, luck, sens, max(spec, 0.5)) <= reads(False, luck, sens, min(spec, 0.5))


@pytest.mark.parametrize(
    ("big", "private", "affair", "channel"),
    [
        (BIG, NOT_PRIVATE, Affair.BIG, Channel.TOWNSHIP),
        (SMALL, NOT_PRIVATE, Affair.SMALL, Channel.GRID),
        (SMALL, ALL_PRIVATE, Affair.PRIVATE, Channel.NONE),
    ],
)
def test_each_affair_goes_where_it_belongs(
    many: Many, rows: Rows, big: list[float], private: list[float], affair: Affair, channel: Channel
) -> None:
    once = {"report_per_day": [0.5] * 9, "triage_big_stage": big, "triage_private_stage": private, **SURE}
    model = many(100, days=3, triage=True, **once)
    model.run_until(0.4)
    disputes, cases = rows(model, "disputes"), rows(model, "cases")
    known = disputes[~np.isnan(disputes["found"])]
    assert len(known) > 10
    assert (known["affair"][known["sortings"] == 1] == affair).all()
    assert (known["true_affair"] == affair).all()
    if channel == Channel.NONE:
        assert (known["case"][known["sortings"] == 1] == NOBODY).all()
        assert (known["state"][known["sortings"] == 1] == State.LEFT_ALONE).all()
    else:
        assert set(cases["channel"].tolist()) == {channel}


def test_a_private_affair_that_comes_back_is_taken_on(sorted_town: Many, rows: Rows) -> None:
    model = sorted_town(100, triage_big_stage=SMALL, triage_private_stage=ALL_PRIVATE, **SURE)
    disputes, cases = rows(model, "disputes"), rows(model, "cases")
    back = disputes["sortings"] == 2
    assert back.sum() > 50
    assert (disputes["affair"][back] == Affair.SMALL).all()
    assert len(cases) >= back.sum()
    assert disputes["sortings"].max() >= 2


def test_the_errors_have_the_stated_shares(sorted_town: Many, rows: Rows) -> None:
    sens, spec = 0.7, 0.8
    stated = {"triage_sensitivity": sens, "triage_specificity": spec, "triage_private_stage": NOT_PRIVATE}
    for stage, right in ((6, sens), (1, 1.0 - spec)):
        model = sorted_town(600, stage=stage, triage_big_stage=[4.0] * 15, days=4, **stated)
        disputes = rows(model, "disputes")
        first = disputes[disputes["sortings"] == 1]
        called_big = int((first["affair"] == Affair.BIG).sum())
        assert len(first) > 200
        assert stats.binomtest(called_big, len(first), right).pvalue > 0.001


def test_a_missed_big_affair_loses_its_time_in_the_grid(sorted_town: Many, rows: Rows) -> None:
    blind = {"triage_sensitivity": 0.0, "triage_specificity": 1.0, "triage_big_stage": [4.0] * 15}
    model = sorted_town(60, stage=6, **blind)
    cases = rows(model, "cases")
    first = cases[cases["passed_from"] == NOBODY]
    later = cases[cases["passed_from"] != NOBODY]
    assert set(first["channel"].tolist()) == {Channel.GRID}
    assert len(later) > 5, "the grid cannot settle them and passes them up"
    assert (later["opened"] > cases["opened"][later["passed_from"]]).all()


def test_past_violence_makes_an_affair_big(many: Many, rows: Rows) -> None:
    rates = {"violence_per_day": [5.0] * 9, "report_per_day": [0.3] * 9, "triage_big_stage": SMALL, **SURE}
    model = many(200, days=4, triage=True, triage_private_stage=NOT_PRIVATE, **rates)
    model.run_until(3)
    disputes = rows(model, "disputes")
    assert ((disputes["true_affair"] == Affair.BIG) & (disputes["stage"] == 1)).sum() > 10
    assert (disputes["violence"][disputes["true_affair"] == Affair.BIG] > 0).all()


def test_without_triage_nothing_is_sorted(many: Many, rows: Rows) -> None:
    model = many(100, days=5, **NOW)
    model.run_until(4)
    assert (rows(model, "disputes")["sortings"] == 0).all()
    assert len(rows(model, "cases")) > 50
