"""Grading: shares of colours follow from prevalence, sensitivity and specificity; colours bring what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.codes import NOBODY, Category, Channel, Colour, FollowUp
from sim.disputes.grading import read_colour
from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

SENS, SPEC = 0.75, 0.85
COLOURS = list(Colour)[Colour.BLUE :]
STILL = {"visits_per_month": 0}


def actions(**changed: dict[str, Any]) -> dict[str, Any]:
    """Return what the colours bring: nothing, but for those named."""
    return {colour.name.lower(): {**STILL, **changed.get(colour.name.lower(), {})} for colour in COLOURS}


@pytest.fixture(scope="module")
def graded(tiny_model: Maker, quiet: dict[str, Any]) -> Maker:
    """Return a function that gives a model in which family disputes begin at a stage and are reported and graded."""

    def make(stages: list[int], colours: dict[str, Any], until: float = 8.0, **parameters: Any) -> TownModel:
        model = tiny_model(
            calendar={"days": 40},
            people={"residents": 800},
            grid={"visits_per_worker_per_day": 0.0},
            triage={"grading": {"colours": colours}},
            parameters={
                **quiet,
                "report_per_day": [1.0] * 9,
                "grading_sensitivity": SENS,
                "grading_specificity": SPEC,
                "grading_risk_from": [2.0, 3.0, 5.0, 7.0],
                "grading_tension_stages": 0.0,
                "mediation_settlement_probability": 1e-9,
                "grid_settlement_logit": -40.0,
                **parameters,
            },
        )
        for number, stage in enumerate(stages):
            model.begin_dispute(number % 800, (number * 7 + 301) % 800, Category.MARRIAGE_FAMILY, stage)
        model.run_until(until)
        return model

    return make


@given(
    truth=st.sampled_from(COLOURS),
    sens=st.floats(0.5, 1),
    spec=st.floats(0.5, 1),
    luck=st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=20),
)
def test_a_reading_keeps_its_two_by_two_table_at_every_colour(
    truth: Colour, sens: float, spec: float, luck: list[float]
) -> None:
    for one in luck:
        seen = read_colour(truth, one, sens, spec)
        for colour in COLOURS[1:]:
            assert (seen >= colour) == (one < (sens if truth >= colour else 1.0 - spec))


def test_the_share_of_red_has_its_closed_form(graded: Maker, rows: Rows) -> None:
    stages = [8] * 300 + [1] * 500
    disputes = rows(graded(stages, actions()), "disputes")
    first = disputes[disputes["gradings"] == 1]
    prevalence = float((first["true_colour"] == Colour.RED).mean())
    assert 0.3 < prevalence < 0.45
    expected = SENS * prevalence + (1.0 - SPEC) * (1.0 - prevalence)
    red = int((first["colour"] == Colour.RED).sum())
    assert len(first) > 300
    assert stats.binomtest(red, len(first), expected).pvalue > 0.001


def test_the_true_colour_is_that_of_the_stage(graded: Maker, rows: Rows) -> None:
    disputes = rows(graded([1, 2, 3, 4, 5, 6, 7, 8, 9] * 10, actions()), "disputes")
    known = disputes[disputes["gradings"] > 0]
    expected = 1 + np.searchsorted([2.0, 3.0, 5.0, 7.0], known["stage"], side="right")
    assert np.array_equal(known["true_colour"], expected)


def test_the_series_count_gradings_and_their_errors(graded: Maker) -> None:
    series = graded([8] * 100 + [1] * 100, actions()).world.series
    total = {name: int(series[name].sum()) for name in series.dtype.names or () if series.dtype[name].kind == "i"}
    assert total["gradings"] > 150
    assert total["recorded_alarms"] == total["true_alarms"] - total["true_alarms_missed"] + total["true_false_alarms"]
    assert min(total["true_alarms_missed"], total["true_false_alarms"]) > 0


def test_only_the_categories_named_get_a_colour(tiny_model: Maker, rows: Rows) -> None:
    parameters = {"report_per_day": [0.3] * 9}
    part = {"grading": {"categories": ["neighbour", "lending"]}}
    disputes = rows(tiny_model(triage=part, parameters=parameters).run(), "disputes")
    coloured = set(disputes["category"][disputes["colour"] != Colour.NONE].tolist())
    assert coloured == {Category.NEIGHBOUR, Category.LENDING}


def test_referral_upward_and_the_front_of_the_queue(graded: Maker, rows: Rows) -> None:
    sure = {"grading_sensitivity": 1.0, "grading_specificity": 1.0, "grid_stage_limit": 9.0}
    colours = actions(red={"first_in_queue": True, "refer_up": True})
    model = graded([8, 1] * 40, colours, **sure)
    disputes, cases = rows(model, "disputes"), rows(model, "cases")
    stage = disputes["first_stage"][cases["dispute"]]
    first = cases["passed_from"] == NOBODY
    assert set(cases["channel"][first & (stage == 8)].tolist()) == {Channel.TOWNSHIP}
    assert set(cases["channel"][first & (stage == 1)].tolist()) == {Channel.GRID}
    assert (cases["urgent"] == (stage == 8)).all()


def test_follow_up_visits_come_as_often_as_the_colour_says(graded: Maker, rows: Rows) -> None:
    sure = {"grading_sensitivity": 1.0, "grading_specificity": 1.0, "grid_case_hours": 0.01}
    colours = actions(red={"visits_per_month": 6.0})
    model = graded([8] * 10 + [1] * 10, colours, until=40.0, **sure)
    # Every five days, and the nights and weekends until somebody can go: 40 days have room for five to seven visits.
    assert 40 < model.world.series["follow_ups"].sum() < 80
    assert model.world.series["follow_ups"].sum() == model.world.workers["visits"].sum()
    assert model.world.series["true_false_follow_ups"].sum() == 0
    follow_up = rows(model, "disputes")["follow_up"]
    assert (follow_up[:10] != FollowUp.NONE).all()
    assert (follow_up[10:] == FollowUp.NONE).all()


def test_visits_for_a_false_alarm_are_counted(graded: Maker) -> None:
    seen_red = {"grading_specificity": 0.0, "grid_case_hours": 0.01}
    series = graded([1] * 10, actions(red={"visits_per_month": 8.0}), until=20.0, **seen_red).world.series
    assert series["true_false_follow_ups"].sum() == series["follow_ups"].sum() > 20
    assert series["true_alarms"].sum() == 0


@pytest.fixture
def climbed(graded: Maker) -> TownModel:
    """A Sunday on which ten cases wait in the grid; their disputes have climbed to stage 8 since they were graded."""
    sure = {"grading_sensitivity": 1.0, "grading_specificity": 1.0, "report_per_day": [20.0] * 9}
    model = graded([1] * 10, actions(red={"refer_up": True, "first_in_queue": True}), until=0.9, **sure)
    model.world.disputes["stage"][:10] = 8
    return model


def visit_all(model: TownModel, until: float) -> None:
    """Let every household be visited at once, and go on."""
    for household in range(len(model.world.households)):
        model.visit(0, household)
    model.run_until(until)


def test_a_new_grading_takes_a_waiting_case_from_the_grid(climbed: TownModel, rows: Rows) -> None:
    visit_all(climbed, 0.95)
    cases = rows(climbed, "cases")
    before, after = cases[:10], cases[10:]
    assert (before["channel"] == Channel.GRID).all()
    assert (before["withdrawn"] == 1).all()
    assert (before["passed_up"] == 1).all()
    assert np.isnan(before["acted"]).all()
    assert sorted(after["passed_from"].tolist()) == list(range(10))
    assert (after["channel"] == Channel.TOWNSHIP).all()
    assert (after["urgent"] == 1).all()
    assert rows(climbed, "disputes")["handlings"].tolist() == [2] * 10


def test_due_visits_survive_a_new_drawing_of_grids(graded: Maker, rows: Rows) -> None:
    seen_red = {"grading_specificity": 0.0, "report_per_day": [20.0] * 9, "grid_case_hours": 0.01}
    model = graded([1] * 20, actions(red={"visits_per_month": 31.0}), until=13.5, **seen_red)
    listed = np.flatnonzero(rows(model, "disputes")["follow_up"] == FollowUp.LISTED)
    assert len(listed) > 5, "nobody works on a Saturday"
    model.set_grid_factor(2.0)
    waiting = []
    for first in model.world.workers["first_follow_up"].tolist():
        row = first
        while row != NOBODY:
            waiting.append(row)
            row = int(model.world.disputes["next_follow_up"][row])
    assert sorted(waiting) == listed.tolist()
