"""Competing risks: each risk at its rate, waiting times exponential, a chain of stages by its matrix exponential."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import linalg, stats

from sim.codes import NOBODY, Channel, State
from sim.disputes.escalation import call_rate, case_factor, climb_rate, reconsider, report_rate
from sim.disputes.routing import channel_of_stage
from sim.engine.clock import WEEK, cumulative_profile, profile_clock
from sim.engine.compiled import compiled, from_python
from sim.model import TownModel

COUNT = 5000

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]


@compiled
def rates_of(world: Any, row: int, now: float) -> Any:
    """Return the rates of climbing, reporting and calling of a dispute, the factor of its case, and its channel."""
    dispute = world.disputes[row]
    return (
        climb_rate(world, dispute, now),
        report_rate(world, dispute),
        call_rate(world, dispute),
        case_factor(world, dispute, now),
        channel_of_stage(world, dispute.stage),
    )


def by_stage(**stages: float) -> list[float]:
    """Return nine rates, 0 except at the named stages: ``by_stage(s3=0.1)``."""
    return [stages.get(f"s{stage}", 0.0) for stage in range(1, 10)]


def test_the_first_risk_is_any_in_proportion_to_its_rate_and_comes_exponentially(many: Maker, rows: Rows) -> None:
    rates = {"climb": 0.05, "fade": 0.08, "report": 0.04, "call": 0.02, "violence": 0.03, "court": 0.06}
    rates |= {"petition": 0.02}
    model = many(COUNT, stage=3, days=200, **{f"{risk}_per_day": by_stage(s3=rate) for risk, rate in rates.items()})
    disputes = rows(model.run(), "disputes")
    times = np.array([disputes["reached_4"], disputes["found"], disputes["ended"]])
    first = np.nanmin(times, axis=0)
    climbed = disputes["reached_4"] == first
    known = ~climbed & (disputes["found"] == first)
    found_by = disputes["found_by"]
    counts = {
        "climb": climbed.sum(),
        "fade": (~climbed & ~known).sum(),
        "report": (known & (found_by == Channel.SELF)).sum(),
        "call or violence": (known & (found_by == Channel.POLICE)).sum(),
        "court": (known & (found_by == Channel.COURT)).sum(),
        "petition": (known & (found_by == Channel.PETITION)).sum(),
    }
    expected = {**rates, "call or violence": rates["call"] + rates["violence"]}
    total = sum(rates.values())
    shares = np.array([expected[risk] for risk in counts]) / total
    assert sum(counts.values()) == COUNT
    assert stats.chisquare(list(counts.values()), shares * COUNT).pvalue > 0.001
    assert stats.kstest(first * total, "expon").pvalue > 0.001
    for happened in (climbed, known):
        assert stats.kstest(first[happened] * total, "expon").pvalue > 0.001, "which risk comes says nothing of when"


def test_stages_follow_their_matrix_exponential(many: Maker, rows: Rows) -> None:
    climb = [0.05, 0.06, 0.07, 0.08, 0.07, 0.06, 0.05, 0.04, 0.0]
    fall = [0.0, 0.03, 0.04, 0.02, 0.05, 0.02, 0.03, 0.06, 0.04]
    fade = [0.03, 0.02, 0.01, 0.02, 0.01, 0.01, 0.02, 0.01, 0.02]
    generator = np.zeros((10, 10))
    for step in range(9):
        for target, rate in ((step + 1, climb[step]), (step - 1, fall[step]), (9, fade[step])):
            if rate > 0:
                generator[step, target] += rate
        generator[step, step] = -generator[step].sum()
    horizon = 25.0
    model = many(COUNT, stage=3, days=30, climb_per_day=climb, fall_per_day=fall, fade_per_day=fade)
    model.run_until(horizon)
    disputes = rows(model, "disputes")
    where = np.where(disputes["state"] == State.ENDED, 9, disputes["stage"] - 1)
    expected = linalg.expm(generator * horizon)[2] * COUNT
    assert expected.min() > 5
    assert stats.chisquare(np.bincount(where, minlength=10), expected).pvalue > 0.001
    assert (disputes["peak_stage"] >= disputes["stage"]).all()
    assert np.array_equal(disputes["peak_stage"] >= 4, ~np.isnan(disputes["reached_4"]))
    assert np.array_equal(disputes["peak_stage"] >= 7, ~np.isnan(disputes["reached_7"]))


def test_raising_one_rate_leaves_the_luck_of_the_others(many: Maker, rows: Rows) -> None:
    few, more = (
        rows(many(2000, days=120, fade_per_day=[0.1] * 9, court_per_day=[rate] * 9).run(), "disputes")
        for rate in (0.02, 0.05)
    )
    sooner = more["ended"] < few["ended"]
    assert (more["ended"] <= few["ended"]).all(), "a higher rate ends nothing later"
    assert (more["end_channel"][sooner] == Channel.COURT).all()
    assert np.array_equal(more["end_channel"][~sooner], few["end_channel"][~sooner])
    assert 100 < sooner.sum() < 1900


def test_rates_of_nothing_never_happen(many: Maker, rows: Rows) -> None:
    model = many(300, stage=5, days=400)
    disputes = rows(model.run(), "disputes")
    assert (disputes["state"] == State.HIDDEN).all()
    assert (disputes["stage"] == 5).all()
    assert np.isnan(disputes["ended"]).all()
    assert np.isnan(disputes["found"]).all()
    assert int(model.world.state[0].case_rows) == int(model.world.state[0].call_rows) == 0


@pytest.mark.parametrize(
    ("risk", "stage", "channel"),
    [("fade", 2, Channel.SELF), ("court", 6, Channel.COURT), ("petition", 8, Channel.PETITION)],
)
def test_one_risk_alone_ends_all_in_its_channel(
    many: Maker, rows: Rows, risk: str, stage: int, channel: Channel
) -> None:
    only = {f"{risk}_per_day": by_stage(**{f"s{stage}": 0.5})}
    here = rows(many(200, stage=stage, **only).run(), "disputes")
    assert (here["end_channel"] == channel).all()
    assert (here["settled"] == 0).all()
    assert np.array_equal(~np.isnan(here["found"]), np.full(200, channel != Channel.SELF))
    elsewhere = rows(many(200, stage=stage - 1, **only).run(), "disputes")
    assert (elsewhere["state"] == State.HIDDEN).all()


def test_calls_and_violence_follow_the_hours_and_reports_do_not(many: Maker, rows: Rows) -> None:
    weights = [0.0] * 12 + [1.0] * 6 + [3.0] * 6
    by_day = {"call_per_day": [0.3] * 9, "friction_hour_weight": weights}
    calls = rows(many(3000, **by_day).run(), "disputes")["found"]
    assert (calls % 1.0).min() >= 0.5
    awake = [profile_clock(call, cumulative_profile(weights)) for call in calls]
    assert stats.kstest(np.array(awake) * 0.3, "expon").pvalue > 0.001
    reports = rows(many(3000, report_per_day=[0.3] * 9, friction_hour_weight=weights).run(), "disputes")["found"]
    assert stats.kstest(reports * 0.3, "expon").pvalue > 0.001


def test_clocks_keep_what_is_left_on_them_when_rates_are_set_anew(
    tiny_model: Maker, quiet: dict[str, Any], rows: Rows
) -> None:
    rates = {"fade_per_day": [0.1] * 9, "call_per_day": [0.05] * 9, "dispute_rate_per_1000_per_year": 3000.0}
    left_alone, disturbed = (tiny_model(parameters={**quiet, **rates}, seed=6) for _ in range(2))
    for moment in np.arange(0.7, 40.0, 1.9):
        disturbed.run_until(float(moment))
        for row in range(int(disturbed.world.state[0].dispute_rows)):
            if disturbed.world.disputes[row].state != State.ENDED:
                from_python(reconsider)(disturbed.world, row, float(moment))
    one, other = rows(left_alone.run(), "disputes"), rows(disturbed.run(), "disputes")
    assert len(one) > 50
    # What is left is stored in 32 bits.
    np.testing.assert_allclose(one["ended"], other["ended"], atol=1e-4)
    assert np.array_equal(one["calls"], other["calls"])


@pytest.fixture(scope="module")
def staged(tiny_model: Maker, quiet: dict[str, Any]) -> TownModel:
    """Return a model with one dispute of category 6 between residents 10 and 20, whose rows tests rewrite."""
    parameters = {
        **quiet,
        "climb_per_day": [0.01 * stage for stage in range(1, 10)],
        "climb_category_factor": [1.0 + 0.1 * category for category in range(15)],
        "climb_tension_gain": 2.0,
        "climb_factor_in_case": 0.5,
        "climb_gain_per_waiting_week": 0.25,
        "report_per_day": [0.001 * stage for stage in range(1, 10)],
        "call_per_day": [0.002 * stage for stage in range(1, 10)],
        "report_trust_gain": 1.5,
        "trust_mean": 0.6,
        "grid_stage_limit": 3,
        "tension_half_life_days": 10.0,
    }
    model = tiny_model(parameters=parameters)
    world = model.world
    world.residents["tension"] = 0.0
    dispute = world.disputes[0]
    dispute.category, dispute.party_a, dispute.party_b, dispute.case, dispute.call = 6, 10, 20, NOBODY, NOBODY
    return model


@given(stage=st.integers(1, 9), a=st.floats(0, 1), b=st.floats(0, 1), now=st.floats(0, 40))
def test_the_rate_of_climbing(staged: TownModel, stage: int, a: float, b: float, now: float) -> None:
    world = staged.world
    world.disputes[0].stage, world.disputes[0].state = stage, State.HIDDEN
    world.residents["tension"][[10, 20]] = a, b
    tension = max(a, b) * 0.5 ** (now / 10.0)
    expected = 0.0 if stage == 9 else 0.01 * stage * 1.6 * (1.0 + 2.0 * tension)
    assert rates_of(world, 0, now)[0] == pytest.approx(expected, rel=1e-5)


@given(weeks=st.floats(0, 5), acted=st.booleans(), state=st.sampled_from(State))
def test_a_case_calms_and_its_waiting_stirs_up(staged: TownModel, weeks: float, acted: bool, state: State) -> None:
    world = staged.world
    world.disputes[0].stage, world.disputes[0].state, world.disputes[0].case = 2, state, 0
    world.cases[0].opened, world.cases[0].acted = 3.0, 3.0 if acted else np.nan
    _, report, _, factor, _ = rates_of(world, 0, 3.0 + weeks * WEEK)
    world.disputes[0].case = NOBODY
    if state in (State.IN_GRID, State.IN_MEDIATION, State.IN_COURT):
        assert factor == pytest.approx(0.5 * (1.0 + (0.0 if acted else 0.25 * weeks)))
        assert report == 0.0, "what is in hand is not reported again"
    else:
        assert factor == 1.0
        assert report > 0.0


@given(stage=st.integers(1, 9), trusts=st.tuples(*[st.floats(0, 1)] * 3), called=st.booleans())
def test_reports_and_calls_grow_with_trust_in_their_channel(
    staged: TownModel, stage: int, trusts: tuple[float, float, float], called: bool
) -> None:
    world = staged.world
    world.disputes[0].stage, world.disputes[0].state = stage, State.HIDDEN
    world.disputes[0].call = 4 if called else NOBODY
    resident = world.residents[10]
    resident.trust_grid, resident.trust_mediation, resident.trust_police = trusts
    _, report, call, _, channel = rates_of(world, 0, 0.0)
    in_grid = stage <= 3
    trust = trusts[0] if in_grid else trusts[1]
    assert channel == (Channel.GRID if in_grid else Channel.COMMUNITY)
    assert report == pytest.approx(0.001 * stage * max(1.0 + 1.5 * (trust - 0.6), 0.0), rel=1e-5)
    expected = 0.0 if called else 0.002 * stage * max(1.0 + 1.5 * (trusts[2] - 0.6), 0.0)
    assert call == pytest.approx(expected, rel=1e-5)
