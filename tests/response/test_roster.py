"""Rosters: optimal against brute force, unit-hours kept, hours covered."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.response.roster import blend, coverage, roster

PROFILES = st.lists(st.floats(0.0, 5.0), min_size=24, max_size=24).filter(lambda weights: sum(weights) > 0.1)


def cost(starts: Any, shift_hours: float, weights: Any) -> tuple[int, float]:
    """Return the hours without a crew and the sum of squared deviations from the profile."""
    wanted = np.asarray(weights) / np.sum(weights) * len(starts) * shift_hours
    covered = coverage(starts, shift_hours)
    return int((covered < 1.0).sum()), float(((covered - wanted) ** 2).sum())


@settings(deadline=None, max_examples=25)
@given(weights=PROFILES, units=st.integers(1, 3), shift_hours=st.sampled_from([4, 8, 9, 12, 16]))
def test_no_other_roster_is_better(weights: list[float], units: int, shift_hours: int) -> None:
    found = cost(roster(units, shift_hours, weights), shift_hours, weights)
    others = [cost(starts, shift_hours, weights) for starts in combinations_with_replacement(range(24), units)]
    if units * shift_hours >= 24:
        best = min(others)
        assert found[0] == best[0] == 0
    else:
        best = min(others, key=lambda other: other[1])
    assert found[1] == pytest.approx(best[1], abs=1e-6)


@settings(deadline=None, max_examples=15)
@given(weights=PROFILES, units=st.integers(0, 30), shift_hours=st.floats(1.0, 24.0), share=st.floats(0.0, 1.0))
def test_unit_hours_and_coverage(weights: list[float], units: int, shift_hours: float, share: float) -> None:
    found = roster(units, shift_hours, weights, share)
    assert len(found) == units
    assert (np.diff(found) >= 0.0).all()
    on_duty = coverage(found, shift_hours)
    assert on_duty.sum() == pytest.approx(units * shift_hours)
    if units * int(shift_hours) >= 24 + int(shift_hours) - 1:
        assert on_duty.min() >= 1.0 - 1e-9


def test_enough_hours_cover_the_day_even_against_the_profile() -> None:
    only_evening = [0.0] * 18 + [1.0] * 6
    found = roster(5, 8.0, only_evening)
    assert coverage(found, 8.0).min() >= 1.0
    assert coverage(found, 8.0)[18:].mean() > 2.0


def test_too_few_hours_are_spent_where_demand_is() -> None:
    assert roster(2, 8.0, [0.0] * 8 + [1.0] * 16).tolist() == [8.0, 16.0]


def test_flat_roster_is_even() -> None:
    for units in (3, 10, 40):
        on_duty = coverage(roster(units, 8.0, [1.0] * 24), 8.0)
        assert on_duty.max() - on_duty.min() <= 1.0


def test_a_larger_share_lies_closer_to_the_profile() -> None:
    weights = 1.0 + np.sin(np.arange(24) / 24 * 2 * np.pi)
    away = [cost(roster(60, 8.0, weights, share), 8.0, weights)[1] for share in (0.0, 0.3, 0.6, 1.0)]
    assert away == sorted(away, reverse=True)
    assert away[-1] < 0.2 * away[0]


def test_coverage_by_hand() -> None:
    assert coverage([22.5], 3.0)[[21, 22, 23, 0, 1, 2]].tolist() == [0.0, 0.5, 1.0, 1.0, 0.5, 0.0]
    assert coverage([5.0, 5.0], 24.0).tolist() == [2.0] * 24
    assert coverage([], 8.0).tolist() == [0.0] * 24


def test_blend_has_mean_one() -> None:
    weights = [float(hour) for hour in range(24)]
    assert blend(weights, 0.0).tolist() == [1.0] * 24
    assert blend(weights, 0.5).mean() == pytest.approx(1.0)
    assert blend(weights, 1.0)[23] / blend(weights, 1.0)[1] == pytest.approx(23.0)


@pytest.mark.parametrize(
    ("units", "shift_hours", "weights", "share"),
    [
        (-1, 8.0, [1.0] * 24, 1.0),
        (3, 0.0, [1.0] * 24, 1.0),
        (3, 24.5, [1.0] * 24, 1.0),
        (3, float("nan"), [1.0] * 24, 1.0),
        (3, 8.0, [1.0] * 23, 1.0),
        (3, 8.0, [0.0] * 24, 1.0),
        (3, 8.0, [-1.0] + [1.0] * 23, 1.0),
        (3, 8.0, [float("inf")] + [1.0] * 23, 1.0),
        (3, 8.0, [1.0] * 24, 1.5),
    ],
)
def test_impossible_rosters_are_refused(units: int, shift_hours: float, weights: list[float], share: float) -> None:
    with pytest.raises(ValueError, match=r"crews|shift|profile|share"):
        roster(units, shift_hours, weights, share)
