"""The calendar, the profile's clock and opening hours."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.engine.clock import (
    HOUR,
    MINUTE,
    SECOND,
    Calendar,
    cumulative_profile,
    later_by_profile,
    next_opening,
    profile_clock,
)
from sim.engine.draws import exponential
from sim.world import DAYS, Table, empty_table

WEIGHTS = st.lists(st.one_of(st.just(0.0), st.floats(0.01, 10)), min_size=24, max_size=24).filter(any)
TIMES = st.floats(0, 4000, allow_nan=False)
PART_OF_DAY = 128  # moments that are exact in binary, as days and as hours


def test_units_of_time() -> None:
    assert HOUR * 24 == 1.0
    minutes, seconds = HOUR / MINUTE, MINUTE / SECOND
    assert (minutes, seconds) == pytest.approx((60.0, 60.0))


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(1, 800))
def test_calendar_agrees_with_dates(start: date, days: int) -> None:
    calendar = Calendar(start, days)
    dates = [start + timedelta(days=day) for day in range(days)]
    assert calendar.weekdays().tolist() == [one.weekday() for one in dates]
    assert calendar.months().tolist() == [one.month - 1 for one in dates]
    assert calendar.date_of(days - 1) == dates[-1]


@given(WEIGHTS, TIMES, st.floats(1e-6, 30))
def test_later_undoes_the_profiles_clock(weights: list[float], time: float, amount: float) -> None:
    cumulative = cumulative_profile(weights)
    later = later_by_profile(time, amount, cumulative)
    assert later >= time
    assert profile_clock(later, cumulative) == pytest.approx(profile_clock(time, cumulative) + amount, abs=1e-8)


@given(WEIGHTS, TIMES, TIMES)
def test_the_profiles_clock_never_runs_backwards(weights: list[float], one: float, other: float) -> None:
    cumulative = cumulative_profile(weights)
    early, late = sorted((one, other))
    assert profile_clock(early, cumulative) <= profile_clock(late, cumulative) + 1e-12
    assert profile_clock(float(int(one)), cumulative) == int(one)


@given(TIMES, st.floats(0, 30))
def test_a_flat_profile_is_the_common_clock(time: float, amount: float) -> None:
    cumulative = cumulative_profile([1.0] * 24)
    assert later_by_profile(time, amount, cumulative) == pytest.approx(time + amount, abs=1e-9)


def test_hours_of_weight_nothing_are_stepped_over() -> None:
    cumulative = cumulative_profile([0.0] * 9 + [1.0] * 8 + [0.0] * 7)
    assert later_by_profile(0.0, 0.0, cumulative) == pytest.approx(9 * HOUR)
    assert later_by_profile(20 * HOUR, 0.5, cumulative) == pytest.approx(1 + 13 * HOUR)
    assert later_by_profile(10 * HOUR, 1.0, cumulative) == pytest.approx(1 + 10 * HOUR)
    for step in range(1, 400):
        hour = later_by_profile(0.1, step / 100, cumulative) % 1.0 * 24
        assert 9 - 1e-6 <= hour <= 17 + 1e-6


def test_a_process_on_the_profiles_clock_follows_the_weights() -> None:
    weights = np.array([0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 5, 5, 4, 4, 3, 3, 2, 2, 3, 6, 5, 3, 1, 0], dtype=float)
    cumulative = cumulative_profile(weights)
    rate, days, now, number = 40.0, 200, 0.0, 0
    moments = []
    while now < days:
        now = later_by_profile(now, exponential(3, 60, number, 0) / rate, cumulative)
        number += 1
        moments.append(now)
    events = np.array(moments[:-1])
    assert abs(len(events) - rate * days) < 4 * np.sqrt(rate * days)
    hours = np.bincount((events % 1.0 * 24).astype(int), minlength=24)
    assert hours[weights == 0].sum() == 0
    open_hours = weights > 0
    expected = len(events) * weights[open_hours] / weights.sum()
    assert stats.chisquare(hours[open_hours], expected).pvalue > 0.001
    per_day = np.bincount(events.astype(int), minlength=days)
    dispersion = ((per_day - rate) ** 2 / rate).sum()
    assert 0.001 < stats.chi2.sf(dispersion, days) < 0.999


def working(pattern: list[bool]) -> Table:
    """Return a table of days with these working days."""
    days = empty_table(DAYS, len(pattern))
    days["workday"] = pattern
    return days


@given(
    st.lists(st.booleans(), min_size=1, max_size=12),
    st.integers(0, 14 * PART_OF_DAY),
    st.integers(0, PART_OF_DAY - 1),
    st.integers(1, PART_OF_DAY),
)
def test_next_opening_is_the_first_open_moment(pattern: list[bool], moment: int, opens: int, width: int) -> None:
    closes = min(opens + width, PART_OF_DAY)
    to_hours = 24.0 / PART_OF_DAY
    found = next_opening(moment / PART_OF_DAY, working(pattern), opens * to_hours, closes * to_hours)
    brute = [
        instant
        for instant in range(moment, (len(pattern) + 1) * PART_OF_DAY)
        if instant // PART_OF_DAY < len(pattern)
        and pattern[instant // PART_OF_DAY]
        and opens <= instant % PART_OF_DAY < closes
    ]
    assert found == (brute[0] / PART_OF_DAY if brute else np.inf)
