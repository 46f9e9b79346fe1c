"""Arithmetic of verdicts."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.study.audit import Spread, claims
from sim.study.audit.judging import judge, judge_input, spread

CLAIM = replace(next(claim for claim in claims() if claim.id == "CS-03c"), low=1300.0, high=1400.0)
NAN = float("nan")


def lying(low: float, high: float) -> Spread:
    return Spread(5, (low + high) / 2.0, low, high)


@pytest.mark.parametrize(
    ("recorded", "swept", "verdict"),
    [
        (lying(1200.0, 1310.0), (), "within_interval"),
        (lying(1390.0, 1500.0), (), "within_interval"),
        (lying(1000.0, 1299.0), (900.0, 1299.0), "not_reproduced"),
        (lying(1000.0, 1200.0), (900.0, 1350.0), "within_range"),
        (lying(1000.0, 1200.0), (1500.0,), "within_range"),  # what lies between is reached by values between the ends
        (lying(1000.0, 1200.0), (NAN, 800.0), "not_reproduced"),
        (lying(1000.0, 1200.0), (), "not_reproduced"),
        (lying(1500.0, 1700.0), (2000.0,), "not_reproduced"),
        (lying(300.0, 2400.0), (), "too_wide"),
        (Spread(1, 1350.0, NAN, NAN), (), "cannot_tell"),
        (Spread(0, NAN, NAN, NAN), (1.0,), "cannot_tell"),
    ],
)
def test_a_verdict_follows_from_where_the_claim_lies(recorded: Spread, swept: tuple[float, ...], verdict: str) -> None:
    assert judge(CLAIM, recorded, swept) == verdict


def test_an_input_is_in_the_preset_or_not() -> None:
    assert [judge_input(CLAIM, value) for value in (1300.0, 1299.0, None)] == [
        "input",
        "input_differs",
        "input_differs",
    ]


def test_the_interval_is_that_of_one_more_run() -> None:
    found = spread([1.0, 2.0, 3.0], 10.0)
    # t(2) = 4.3027 at 95 %, s = 10, sqrt(1 + 1/3) = 1.1547
    assert found.mean == pytest.approx(20.0)
    assert found.high == pytest.approx(20.0 + 4.302653 * 10.0 * 1.154701)
    assert found.low == 0.0, "a count is never below zero"
    assert spread([0.9, 1.0, 1.0], 1.0, 1.0).high == 1.0


def test_undefined_runs_are_left_out() -> None:
    found = spread([NAN, 4.0], 2.0)
    assert (found.replications, found.mean) == (1, 8.0)
    assert math.isnan(found.low)
    assert spread([], 1.0).replications == 0


@given(st.lists(st.floats(0.0, 1e6), min_size=2, max_size=8), st.floats(0.1, 100.0))
def test_scaling_a_count_scales_its_interval(values: list[float], factor: float) -> None:
    plain, scaled = spread(values, 1.0), spread(values, factor)
    assert scaled.mean == pytest.approx(factor * plain.mean, rel=1e-9, abs=1e-9)
    assert scaled.high == pytest.approx(factor * plain.high, rel=1e-6, abs=1e-6)
    assert scaled.low <= scaled.mean <= scaled.high


def test_the_interval_holds_one_more_run_in_95_of_100() -> None:
    luck = np.random.Generator(np.random.Philox(key=7))
    inside = 0
    for _ in range(2000):
        *made, further = luck.normal(100.0, 5.0, 6)
        found = spread(made, 1.0)
        inside += found.low <= further <= found.high
    assert 0.935 < inside / 2000 < 0.965
