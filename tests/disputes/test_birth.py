"""Birth of disputes: as many, when, to whom and of what kind the parameters say; shared points under any policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.codes import NOBODY, Category, State, Tie
from sim.disputes.birth import RELAPSE_STEP, TIE_OF_CATEGORY
from sim.model import TownModel

DAYS = 60
RESIDENTS = 3000
RATE = 2500.0
FROZEN = {"tension_per_friction": 0.0, "tension_half_life_days": 1e6, "dispute_rate_per_1000_per_year": RATE}
HOURS = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 3.0, 3.0, 2.0, 2.0, 2.0, 1.0, 1.0, 2.0, 4.0, 5.0, 6.0, 5.0, 4.0]
HOURS += [3.0, 2.0]
CATEGORIES = [0.2, 0.15, 0.05, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.03, 0.0, 0.07]
STAGES = [0.5, 0.2, 0.1, 0.1, 0.0, 0.0, 0.05, 0.0, 0.05]

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]


@pytest.fixture(scope="module")
def town(tiny_model: Maker, quiet: dict[str, Any]) -> Maker:
    """Return a function that gives a model in which disputes are born and nothing else happens."""

    def make(seed: int = 1, **parameters: Any) -> TownModel:
        return tiny_model(
            seed=seed,
            calendar={"days": DAYS},
            people={"residents": RESIDENTS},
            grid={"visits_per_worker_per_day": 0.0},
            parameters={**quiet, **FROZEN, **parameters},
        )

    return make


def responsible(model: TownModel) -> Any:
    """Return who has the dispute of each resident's friction: a child's household head, else the resident."""
    people = model.world.residents
    heads = model.world.households["first_resident"][people["household"]]
    return np.where(people["adult"] == 1, np.arange(len(people)), heads)


def expected_births(model: TownModel, gain: float, mean_tension: float) -> Any:
    """Return the expected number of births to each resident (as party a), shape (residents,), in closed form."""
    people, days = model.world.residents, model.world.days
    who = responsible(model)
    each = people["temper"].astype(float) * (1.0 + gain * people["tension"].astype(float)) / (1.0 + gain * mean_tension)
    rates = RATE / 1000.0 / 365.0 * days["friction_factor"].sum() * each
    return np.bincount(who, weights=rates[who], minlength=len(people))


@pytest.mark.parametrize("gain", [0.0, 2.0])
def test_births_are_a_poisson_number_of_the_closed_form_mean(town: Maker, rows: Rows, gain: float) -> None:
    found, expected = [], []
    for seed in range(1, 5):
        model = town(seed, friction_tension_gain=gain, initial_tension_mean=0.15)
        expected.append(expected_births(model, gain, 0.15).sum())
        model.run()
        found.append(len(rows(model, "disputes")))
        assert model.world.state[0].bounds_broken == 0
        assert model.world.state[0].friction_number > found[-1], "some potential frictions are rejected"
    assert abs(sum(found) - sum(expected)) < 4.0 * np.sqrt(sum(expected))
    deviations = (np.array(found) - expected) / np.sqrt(expected)
    assert np.abs(deviations).max() < 4.0


def test_the_published_rate_holds_at_the_starting_mean_tension(town: Maker, rows: Rows) -> None:
    model = town(friction_tension_gain=3.0, initial_tension_mean=0.05, temper_sigma=0.0).run()
    expected = RESIDENTS / 1000.0 * RATE * model.world.days["friction_factor"].sum() / 365.0
    assert len(rows(model, "disputes")) == pytest.approx(expected, rel=4.0 / np.sqrt(expected))


def test_births_fall_on_people_by_temper_and_tension(town: Maker, rows: Rows) -> None:
    model = town(friction_tension_gain=2.0, initial_tension_mean=0.15, temper_sigma=0.8)
    expected = expected_births(model, 2.0, 0.15)
    disputes = rows(model.run(), "disputes")
    assert model.world.residents["adult"][disputes["party_a"]].all()
    adults = np.flatnonzero(model.world.residents["adult"])
    groups = np.array_split(adults[np.argsort(expected[adults])], 10)
    counts = np.bincount(disputes["party_a"], minlength=RESIDENTS)
    found = [counts[group].sum() for group in groups]
    means = np.array([expected[group].sum() for group in groups])
    assert means.max() > 5 * means.min()
    assert stats.chisquare(found, means * sum(found) / means.sum()).pvalue > 0.001


def test_births_follow_hours_and_days(town: Maker, rows: Rows) -> None:
    weekdays = [1.0, 1.0, 0.5, 1.0, 1.0, 2.0, 2.0]
    model = town(friction_hour_weight=HOURS, friction_weekday_weight=weekdays, friction_month_weight=[1.0] * 12)
    born = rows(model.run(), "disputes")["born"]
    hours = np.bincount((born % 1.0 * 24).astype(int), minlength=24)
    weights = np.array(HOURS)
    assert hours[weights == 0].sum() == 0
    shares = weights[weights > 0] / weights.sum()
    assert stats.chisquare(hours[weights > 0], shares * len(born)).pvalue > 0.001
    by_weekday = np.bincount(model.calendar.weekdays()[born.astype(int)], minlength=7)
    per_weekday = np.bincount(model.calendar.weekdays(), minlength=7) * np.array(weekdays)
    assert stats.chisquare(by_weekday, per_weekday / per_weekday.sum() * len(born)).pvalue > 0.001


def test_categories_and_first_stages_have_their_shares(town: Maker, rows: Rows) -> None:
    model = town(category_share=CATEGORIES, first_stage_share=STAGES).run()
    disputes = rows(model, "disputes")
    for counts, given in (
        (np.bincount(disputes["category"], minlength=15), np.array(CATEGORIES)),
        (np.bincount(disputes["first_stage"] - 1, minlength=9), np.array(STAGES)),
    ):
        shares = given / given.sum()
        assert counts[shares == 0].sum() == 0
        assert stats.chisquare(counts[shares > 0], shares[shares > 0] * len(disputes)).pvalue > 0.001
    cells, _, _ = np.histogram2d(disputes["category"] % 3, disputes["first_stage"] > 1, bins=[3, 2])
    assert stats.chi2_contingency(cells).pvalue > 0.001, "category and stage are drawn apart"


def test_a_new_dispute_is_hidden_and_complete(town: Maker, rows: Rows) -> None:
    model = town(first_stage_share=STAGES).run()
    disputes = rows(model, "disputes")
    assert (disputes["state"] == State.HIDDEN).all()
    assert (disputes["party_a"] != disputes["party_b"]).all()
    assert (disputes["parent"] == NOBODY).all()
    assert np.isnan(disputes["found"]).all()
    assert np.isnan(disputes["ended"]).all()
    assert np.array_equal(disputes["stage"], disputes["first_stage"])
    assert np.array_equal(disputes["peak_stage"], disputes["first_stage"])
    assert np.array_equal(disputes["reached_4"], np.where(disputes["stage"] >= 4, disputes["born"], np.nan), True)
    assert np.array_equal(disputes["reached_7"], np.where(disputes["stage"] >= 7, disputes["born"], np.nan), True)
    homes = model.world.residents["household"][disputes["party_a"]]
    assert np.array_equal(disputes["community"], model.world.households["community"][homes])
    pairs = zip(disputes["category"], disputes["tie"], strict=True)
    usual = [TIE_OF_CATEGORY[Category(category)] == Tie(tie) for category, tie in pairs]
    assert np.mean(usual) > 0.8, "most have the tie that is usual for their category"
    theirs = model.world.residents["household"][disputes["party_b"]]
    assert np.array_equal(disputes["tie"] == Tie.HOUSEHOLD, homes == theirs), "and none is said to share a home falsely"
    assert (model.world.residents["adult"][disputes["party_b"]] | (homes == theirs)).all(), "others are adults"
    series = model.world.series
    assert series["true_born"].sum() == len(disputes)
    assert series["true_reached_4"].sum() == (disputes["stage"] >= 4).sum()
    assert series["true_reached_7"].sum() == (disputes["stage"] >= 7).sum()
    assert np.array_equal(np.bincount(disputes["born"].astype(int), minlength=DAYS), series["true_born"])


def test_a_friction_raises_both_parties_tension(town: Maker, rows: Rows) -> None:
    changes = {"tension_per_friction": 0.01, "initial_tension_mean": 0.0, "friction_tension_gain": 0.0}
    model = town(**changes).run()
    disputes = rows(model, "disputes")
    times = np.bincount(np.concatenate([disputes["party_a"], disputes["party_b"]]), minlength=RESIDENTS)
    assert model.world.residents["tension"] == pytest.approx(np.minimum(0.01 * times, 1.0), rel=1e-3)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_calmer_town_keeps_some_of_the_same_disputes_and_no_others(town: Maker, rows: Rows, seed: int) -> None:
    found = []
    for tension in (0.0, 0.3, 0.9):
        model = town(seed, friction_tension_gain=2.0)
        model.world.residents["tension"] = tension
        disputes = rows(model.run(), "disputes")
        found.append(
            {int(one.address): tuple(one[["born", "category", "stage", "party_a", "party_b"]]) for one in disputes}
        )
    calm, middle, hot = found
    assert calm.items() < middle.items() < hot.items()
    assert len(calm) * (1 + 2 * 0.9) == pytest.approx(len(hot), rel=0.1)


def test_without_frictions_nothing_is_born(town: Maker, rows: Rows) -> None:
    assert len(rows(town(dispute_rate_per_1000_per_year=0.0).run(), "disputes")) == 0


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_relapses_happen_never_or_always(tiny_model: Maker, rows: Rows, probability: float) -> None:
    model = tiny_model(
        calendar={"days": 80},
        people={"residents": 1500},
        mediation={"mediators": 10},
        parameters={"relapse_probability": probability, "relapse_days_mean": 0.7, "report_per_day": [0.2] * 9},
    ).run()
    disputes = rows(model, "disputes")
    again = np.flatnonzero(disputes["parent"] != NOBODY)
    settled = np.flatnonzero((disputes["settled"] == 1) & (disputes["ended"] < 60))
    assert len(settled) > 100
    assert len(set(disputes["address"].tolist())) == len(disputes)
    if probability == 0.0:
        assert len(again) == 0
        return
    parents = disputes[disputes["parent"][again]]
    assert len(set(disputes["parent"][again].tolist())) == len(again), "a settlement breaks once at most"
    assert set(settled.tolist()) <= set(disputes["parent"][again].tolist())
    assert (parents["settled"] == 1).all()
    for same in ("category", "party_a", "party_b"):
        assert np.array_equal(disputes[same][again], parents[same])
    assert np.array_equal(disputes["first_stage"][again], parents["stage"])
    assert np.array_equal(disputes["address"][again], parents["address"] + RELAPSE_STEP)
    early = parents["ended"] < 60
    assert stats.kstest((disputes["born"][again] - parents["ended"])[early] / 0.7, "expon").pvalue > 0.001
