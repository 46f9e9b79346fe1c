"""Queues and sessions: first come, first served, in opening hours, one session at a time, settled by closed forms."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from sim.codes import Category, Channel, State, Tie
from sim.mediation.settling import case_settlement_probability, has_lasting_tie, session_settles_probability
from sim.model import TownModel
from sim.scenario import parameters_record

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

OPENS, CLOSES = 10 / 24, 16 / 24
ODDS = {
    "mediation_settlement_probability": 0.7,
    "mediation_stage_slope": -0.3,
    "mediation_skill_slope": 0.4,
    "mediation_relation_logit": 0.5,
    "mediation_delay_slope": -0.02,
}


def opening_after(model: TownModel, moment: float) -> float:
    """Return the first moment from ``moment`` on at which offices hold sessions, by looking at every day."""
    for day in range(int(moment), model.calendar.days):
        if model.world.days["workday"][day] and moment < day + CLOSES:
            return max(moment, day + OPENS)
    return math.inf


def test_starts_are_those_of_a_queue_with_opening_hours(offices_only: Maker, rows: Rows) -> None:
    # The oracle serves the cases in their order, each as soon as one of the mediators is free and the office open.
    for mediators in (1, 3):
        model = offices_only(400, mediators, session_hours=1.5).run()
        cases, sessions = rows(model, "cases"), rows(model, "sessions")
        free, before = [0.0] * mediators, 0.0
        by_case = {int(session["case"]): session for session in sessions}
        waited = 0
        for number in np.argsort(cases["assigned"], kind="stable"):
            start = opening_after(model, max(float(cases["assigned"][number]), min(free), before))
            if number not in by_case:
                assert start >= model.calendar.days - 1e-6
                continue
            session = by_case[number]
            assert session["start"] == pytest.approx(start, abs=1e-9)
            assert cases["acted"][number] == session["start"]
            waited += start > cases["assigned"][number]
            free[free.index(min(free))], before = float(session["end"]), start
        assert waited > 50


def test_sessions_are_held_one_at_a_time_in_the_hours_by_the_own_office(offices_only: Maker, rows: Rows) -> None:
    model = offices_only(500, 5, offices="community", sessions_most=3, mediation_settlement_probability=0.3).run()
    sessions, cases = rows(model, "sessions"), rows(model, "cases")
    assert len(sessions) > 300
    begins = sessions["start"] % 1.0
    assert (begins >= OPENS - 1e-9).all()
    assert (begins < CLOSES).all()
    assert model.world.days["workday"][sessions["start"].astype(int)].all()
    for mediator in range(5):
        mine = np.sort(sessions[sessions["mediator"] == mediator], order="start")
        assert len(mine) > 20
        assert all(one["end"] <= other["start"] for one, other in pairwise(mine))
        row = model.world.mediators[mediator]
        done = mine[mine["end"] < model.calendar.days]
        assert row.sessions == len(done)
        assert row.hours == pytest.approx(24 * (done["end"] - done["start"]).sum())
    offices = model.world.mediators["office"][sessions["mediator"]]
    assert np.array_equal(offices, cases["office"][sessions["case"]])
    community = rows(model, "disputes")["community"][cases["dispute"]]
    assert np.array_equal(model.world.serving["office"][community], cases["office"])
    assert (cases["channel"] == Channel.COMMUNITY).all()


def test_session_hours_are_lognormal_with_their_mean(offices_only: Maker, rows: Rows) -> None:
    sessions = rows(offices_only(600, 30, session_hours=1.2, session_hours_sigma=0.6).run(), "sessions")
    logs = np.log((sessions["end"] - sessions["start"]) * 24 / 1.2)
    assert len(sessions) > 500
    assert stats.kstest((logs + 0.6**2 / 2) / 0.6, "norm").pvalue > 0.001


def test_sessions_of_a_case_have_days_between_them(offices_only: Maker, rows: Rows) -> None:
    model = offices_only(
        300,
        60,
        days=200,
        sessions_most=3,
        mediation_settlement_probability=0.0,
        session_gap_days=5.0,
        mediation_start_hour=0.0,
        mediation_hours_per_day=24.0,
        report_per_day=[0.5] * 9,
    )
    model.world.days["workday"] = 1
    model.run()
    sessions = rows(model, "sessions")
    order = np.lexsort((sessions["number"], sessions["case"]))
    gaps = []
    for one, other in pairwise(sessions[order]):
        if one["case"] == other["case"]:
            assert other["number"] == one["number"] + 1
            gaps.append(other["start"] - one["end"])
    assert stats.kstest(np.array(gaps) / 5.0, "expon").pvalue > 0.001
    closed = rows(model, "cases")
    done = closed[~np.isnan(closed["closed"]) & (closed["withdrawn"] == 0)]
    assert (done["sessions"] == 3).all(), "given up after the last session"
    assert (done["true_settled"] == 0).all()


@given(
    st.integers(1, 9), st.floats(-3, 3), st.booleans(), st.floats(0, 100), st.floats(0.05, 0.95), st.floats(-0.05, 0)
)
def test_the_settlement_probability_is_logistic(
    stage: int, skill: float, lasting: bool, days: float, base: float, delay: float
) -> None:
    values = {**ODDS, "mediation_settlement_probability": base, "mediation_delay_slope": delay}
    parameters = parameters_record(values)[0]
    odds = special.logit(base) - 0.3 * (stage - 4) + 0.4 * skill + 0.5 * lasting + delay * days
    found = case_settlement_probability(parameters, stage, skill, lasting, days, 0.0)
    assert found == pytest.approx(special.expit(odds))
    assert case_settlement_probability(parameters, stage + 1, skill, lasting, days, 0.0) < found
    assert case_settlement_probability(parameters, stage, skill + 0.5, lasting, days, 0.0) > found
    assert case_settlement_probability(parameters, stage, skill, lasting, days + 5, 0.0) <= found
    assert case_settlement_probability(parameters, stage, skill, True, days, 0.0) >= found


@given(st.floats(0, 1), st.integers(1, 9))
def test_all_sessions_together_settle_with_the_cases_probability(probability: float, most: int) -> None:
    each = session_settles_probability(probability, most)
    assert 0.0 <= each <= probability + 1e-12
    assert 1.0 - (1.0 - each) ** most == pytest.approx(probability, abs=1e-12)


def test_who_goes_on_meeting() -> None:
    lasting = {Tie.HOUSEHOLD, Tie.NEIGHBOUR, Tie.WORK, Tie.KIN}
    assert {tie for tie in Tie if has_lasting_tie(tie)} == lasting


@pytest.mark.parametrize(
    ("stage", "category", "most"),
    [(4, Category.ROAD_TRAFFIC, 1), (7, Category.NEIGHBOUR, 3), (5, Category.WAGES_LABOUR, 2)],
)
def test_cases_settle_as_often_as_their_probability_says(
    offices_only: Maker, rows: Rows, stage: int, category: Category, most: int
) -> None:
    model = offices_only(
        1500,
        80,
        days=250,
        stage=stage,
        category=category,
        sessions_most=most,
        session_gap_days=1.0,
        report_per_day=[0.05] * 9,
        **{**ODDS, "mediation_skill_slope": 0.0, "mediation_delay_slope": 0.0},
    )
    cases, disputes = (rows(model.run(), table) for table in ("cases", "disputes"))
    first = cases[np.unique(cases["dispute"], return_index=True)[1]]
    done = first[~np.isnan(first["closed"])]
    settled = int(done["true_settled"].sum())
    odds = special.logit(0.7) - 0.3 * (stage - 4) + 0.5 * (category != Category.ROAD_TRAFFIC)
    assert len(done) > 1300
    assert stats.binomtest(settled, len(done), special.expit(odds)).pvalue > 0.001
    assert (disputes["state"][done["dispute"][done["true_settled"] == 1]] == State.ENDED).all()


def test_more_mediators_never_lengthen_the_wait(offices_only: Maker, rows: Rows) -> None:
    for seed in range(1, 5):
        waits = []
        for mediators in (1, 2, 4, 8):
            model = offices_only(
                250,
                mediators,
                seed=seed,
                days=120,
                sessions_most=3,
                session_hours=3.0,
                report_per_day=[0.03] * 9,
                mediation_settlement_probability=0.5,
            )
            cases = rows(model.run(), "cases")
            acted = np.where(np.isnan(cases["acted"]), 120.0, cases["acted"])
            first = np.unique(cases["dispute"], return_index=True)[1]
            waits.append(float((acted - cases["opened"])[first].mean()))
        assert waits == sorted(waits, reverse=True)
        assert waits[0] > 2 * waits[-1]


def test_without_mediators_cases_wait_for_ever(offices_only: Maker, rows: Rows) -> None:
    cases = rows(offices_only(100, 0).run(), "cases")
    assert len(cases) > 50
    assert np.isnan(cases["acted"]).all()
    assert not np.isnan(cases["assigned"]).any()


def test_a_withdrawn_case_gets_no_further_session(offices_only: Maker, rows: Rows) -> None:
    model = offices_only(
        400, 2, fade_per_day=[0.2] * 9, sessions_most=3, mediation_settlement_probability=0.2, session_gap_days=3.0
    ).run()
    cases, sessions = rows(model, "cases"), rows(model, "sessions")
    owner = cases[sessions["case"]]
    gone = owner["withdrawn"] == 1
    assert gone.sum() > 10
    assert (sessions["start"][gone] <= owner["closed"][gone]).all()
    assert sessions["settled"][gone & (sessions["end"] > owner["closed"])].sum() == 0


def test_mediators_who_are_let_go_finish_their_session(offices_only: Maker, rows: Rows) -> None:
    model = offices_only(400, 4, days=90, session_hours=4.0)
    model.run_until(9.6)
    busy = np.flatnonzero(model.world.mediators["session"] >= 0)
    assert len(busy) == 4
    model.set_mediator_factor(0.25)
    model.run_until(30)
    sessions = rows(model, "sessions")
    later = sessions[sessions["start"] > 9.6]
    assert set(later["mediator"].tolist()) == {0}
    assert (model.world.mediators["session"][1:] < 0).all()
    ended = model.world.mediators["sessions"].copy()
    model.set_mediator_factor(2.0)
    model.run()
    assert (model.world.mediators["sessions"][:4] > ended).all()
    assert model.world.mediators["active"].sum() == 8


def test_the_compiled_form_equals_the_plain_one() -> None:
    stand_in = SimpleNamespace(**ODDS)
    plain = getattr(case_settlement_probability, "py_func", case_settlement_probability)
    for stage in range(1, 10):
        compiled = case_settlement_probability(parameters_record(ODDS)[0], stage, 0.3, True, 4.0, 0.2)
        assert plain(stand_in, stage, 0.3, True, 4.0, 0.2) == pytest.approx(compiled, rel=1e-12)
