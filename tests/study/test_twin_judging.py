"""The verdict: it can agree, differ, and say that it does not know."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.study import Estimate, estimate
from sim.study.twin.judging import LEVEL, NARROW, judge, with_rare_ends, with_rare_waits

NAN = math.nan


def around(mean: float, half: float) -> Estimate:
    return Estimate(10, mean, half, mean - half, mean + half)


@pytest.mark.parametrize(
    ("reference", "found", "verdict"),
    [
        (1.0, around(1.02, 0.05), "agrees"),
        (1.0, around(1.06, 0.05), "differs"),
        (1.0, around(0.94, 0.05), "differs"),
        (1.0, around(1.02, 0.2), "wide"),
        (1.0, around(3.0, 0.2), "differs"),
        (math.inf, around(900.0, 5.0), "unsteady"),
        (NAN, around(1.0, 0.1), "undefined"),
        (1.0, Estimate(1, 1.0, NAN, NAN, NAN), "undefined"),
        (55.5, around(55.5 + 1e-9, 0.0), "agrees"),
        (55.5, around(55.6, 0.0), "differs"),
    ],
)
def test_verdicts(reference: float, found: Estimate, verdict: str) -> None:
    assert judge(reference, found) == verdict


def test_one_log_says_nothing_of_chance() -> None:
    same, drawn = estimate([3.0, 3.0, 3.0], LEVEL), estimate([3.0, 3.1, 2.9], LEVEL)
    assert (judge(1.0, same), judge(1.0, same, one_log=True)) == ("differs", "one_log")
    assert judge(1.0, drawn, one_log=True) == "differs"
    assert judge(math.inf, same, one_log=True) == "unsteady"
    assert judge(1.0, estimate([]), one_log=True) == "undefined"


def test_a_wait_of_nobody_has_the_end_that_its_calls_allow() -> None:
    never = estimate([0.0, 0.0], LEVEL)
    found = with_rare_waits(never, 1000.0, 4.0)
    assert (found.mean, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(4.0 * with_rare_ends(never, 1000.0).high)
    assert judge(0.5 * found.high, found) == "wide"
    assert judge(2.0 * found.high, found) == "differs"
    assert judge(9.0, with_rare_waits(never, 1000.0, NAN)) == "wide"
    some = estimate([0.0, 0.1], LEVEL)
    assert with_rare_waits(some, 1000.0, 4.0) == some


def test_a_tiny_share_need_not_be_known_to_a_tenth_of_itself() -> None:
    found = around(0.002, 0.002)
    assert judge(0.001, found) == "wide"
    assert judge(0.001, found, is_share=True) == "agrees"
    assert judge(0.3, around(0.3, 0.04), is_share=True) == "wide"


def test_rounding_of_a_printed_number_is_granted_and_no_more() -> None:
    found = around(0.55744, 0.00001)
    assert judge(0.5574, found) == "differs"
    assert judge(0.5574, found, rounding=0.5e-4) == "agrees"
    assert judge(0.5573, found, rounding=0.5e-4) == "differs"


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30), st.floats(0.5, 0.999))
def test_the_interval_of_a_mean_is_that_of_scipy(values: list[float], level: float) -> None:
    found = estimate(values, level)
    assert found.mean == pytest.approx(np.mean(values), abs=1e-9)
    if found.deviation > 1e-6:
        low, high = stats.t.interval(level, len(values) - 1, np.mean(values), stats.sem(values))
        assert (found.low, found.high) == pytest.approx((low, high), rel=1e-6, abs=1e-6)


def test_undefined_values_are_left_out() -> None:
    assert estimate([1.0, NAN, 3.0]) == estimate([1.0, 3.0])
    assert math.isnan(estimate([]).mean)
    assert estimate([2.0, NAN]).mean == 2.0
    assert math.isnan(estimate([2.0, NAN]).low)


@given(st.integers(1, 100_000))
def test_what_never_happened_may_still_happen(trials: int) -> None:
    never = with_rare_ends(estimate([0.0, 0.0, 0.0], LEVEL), trials)
    always = with_rare_ends(estimate([1.0, 1.0, 1.0], LEVEL), trials)
    # The exact bound of Clopper and Pearson is a little below; none of n trials: (1 - p)^n = (1 - level) / 2.
    exact = 1.0 - ((1.0 - LEVEL) / 2.0) ** (1.0 / trials)
    assert exact <= never.high <= 1.0
    assert never.high <= max(1.01 * exact, exact + 14.1 / trials**2)
    assert (1.0 - always.high, 1.0 - always.low) == pytest.approx((never.low, never.high))


def test_what_happened_sometimes_keeps_its_interval() -> None:
    found = estimate([0.0, 0.1, 0.0], LEVEL)
    assert with_rare_ends(found, 1000.0) == found
    same = estimate([0.4, 0.4], LEVEL)
    assert with_rare_ends(same, 1000.0) == same


@given(st.integers(0, 2**32 - 1))
def test_the_verdict_is_no_rubber_stamp(seed: int) -> None:
    """A reference three half-widths away never agrees, one at the mean of a narrow interval always does."""
    draws = np.random.default_rng(seed).normal(5.0, 0.1, 20)
    found = estimate(draws, LEVEL)
    assert judge(found.mean, found) == "agrees"
    assert found.half_width < NARROW * 5.0
    assert judge(found.mean + 3.0 * found.half_width, found) == "differs"
