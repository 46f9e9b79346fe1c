"""Rotas: unit-hours of a week never change, days and hours follow their weights, gaps are found to the minute."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.response.roster import roster
from sim.response.rota import ALL_WEEK, Rota, stated_rota, uncovered_spans, week_rota, weekday_bits
from sim.scenario import ShiftPart, crew_days

WEEKDAYS = st.lists(st.floats(0.0, 5.0), min_size=7, max_size=7).filter(lambda weights: sum(weights) > 0.1)
HOURS = st.lists(st.floats(0.1, 5.0), min_size=24, max_size=24)
FLAT = [1.0] * 24


def crews_on(rota: Rota, day: int) -> int:
    """Return how many shifts start on a weekday."""
    return int((rota.weekdays >> day & 1).sum())


def rota_of(*shifts: tuple[float, float, int]) -> Rota:
    """Return a rota from (start hour, hours, bits of weekdays)."""
    starts, hours, days = zip(*shifts, strict=True)
    return Rota(np.array(starts), np.array(hours), np.array(days))


@settings(max_examples=30)
@given(crews=st.integers(1, 30), hours=st.integers(1, 24), by_hour=HOURS, by_day=WEEKDAYS)
def test_the_unit_hours_of_a_week_stay(crews: int, hours: int, by_hour: list[float], by_day: list[float]) -> None:
    even = week_rota(crews, hours, by_hour, None)
    moved = week_rota(crews, hours, by_hour, by_day)
    assert even.unit_hours() == pytest.approx(7 * crews * hours)
    assert moved.unit_hours() == pytest.approx(even.unit_hours())
    assert sum(end - first for first, end in moved.spans()) == pytest.approx(moved.unit_hours())
    assert [crews_on(moved, day) for day in range(7)] == crew_days(crews, by_day)


@given(crews=st.integers(0, 500), weights=WEEKDAYS)
def test_days_share_the_crew_days_by_weight(crews: int, weights: list[float]) -> None:
    days = crew_days(crews, weights)
    assert sum(days) == 7 * crews
    for count, weight in zip(days, weights, strict=True):
        assert abs(count - 7 * crews * weight / sum(weights)) < 1.0


@given(crews=st.integers(0, 500), factor=st.floats(0.1, 10.0))
def test_the_size_of_weights_means_nothing(crews: int, factor: float) -> None:
    weights = [1.0, 1.0, 2.0, 1.0, 1.0, 3.0, 0.0]
    assert crew_days(crews, weights) == crew_days(crews, [factor * weight for weight in weights])
    assert crew_days(crews, [factor] * 7) == crew_days(crews, None) == [crews] * 7


def test_without_weekdays_a_rota_is_the_roster_of_every_day() -> None:
    by_hour = [1.0 + hour % 5 for hour in range(24)]
    rota = week_rota(11, 8.0, by_hour, None)
    assert rota.start_hours.tolist() == roster(11, 8.0, by_hour).tolist()
    assert set(rota.weekdays.tolist()) == {ALL_WEEK}


def test_each_day_spreads_its_crews_over_the_starts() -> None:
    rota = week_rota(6, 8.0, FLAT, [1, 1, 1, 1, 1, 2, 2])
    on_saturday = np.sort(rota.start_hours[rota.weekdays >> 5 & 1 == 1])
    on_monday = np.sort(rota.start_hours[rota.weekdays & 1 == 1])
    assert len(on_saturday) == 9
    assert len(on_monday) in (4, 5)
    for starts in (on_monday, on_saturday):
        covered = [any((hour - start) % 24 < 8.0 for start in starts) for hour in range(24)]
        assert all(covered)


def test_days_off_are_shared_out() -> None:
    rota = week_rota(10, 8.0, FLAT, [1, 1, 1, 1, 1, 1, 2])
    worked = [int(days).bit_count() for days in rota.weekdays]
    assert max(worked) - min(worked) <= 3


def test_stated_shifts_come_in_their_order() -> None:
    rota = stated_rota(
        [
            ShiftPart(units=2, start_hour=7.5, hours=9),
            ShiftPart(units=1, start_hour=22, hours=8, weekdays=("fri", "sat")),
        ]
    )
    assert rota.start_hours.tolist() == [7.5, 7.5, 22.0]
    assert rota.weekdays.tolist() == [ALL_WEEK, ALL_WEEK, 0b0110000]
    assert rota.unit_hours() == 2 * 9 * 7 + 8 * 2
    assert weekday_bits(["sun", "mon", "sun"]) == 0b1000001


@pytest.mark.parametrize(
    ("shifts", "gaps"),
    [
        ([(0.0, 24.0, ALL_WEEK)], []),
        ([(8.0, 8.0, ALL_WEEK), (16.0, 8.0, ALL_WEEK), (0.0, 8.0, ALL_WEEK)], []),
        ([(8.5, 12.0, ALL_WEEK), (20.5, 12.0, ALL_WEEK)], []),
        ([(5.0, 22.0, ALL_WEEK)], [(24.0 * day + 3.0, 24.0 * day + 5.0) for day in range(7)]),
        ([(0.0, 24.0, ALL_WEEK ^ 1), (5.0, 19.0, 1), (0.0, 3.0, 1)], [(3.0, 5.0)]),
        ([(0.0, 24.0, ALL_WEEK ^ 64), (0.0, 20.0, 64)], [(164.0, 168.0)]),
        ([(20.0, 24.0, ALL_WEEK ^ 1)], [(20.0, 44.0)]),
        ([(0.0, 1.0, 1)], [(1.0, 168.0)]),
    ],
)
def test_gaps_are_found_to_the_minute(shifts: Any, gaps: list[tuple[float, float]]) -> None:
    together = uncovered_spans([rota_of(*shifts)])
    assert np.array(together).ravel() == pytest.approx(np.array(gaps).ravel())
    assert uncovered_spans([rota_of(shift) for shift in shifts]) == together, "groups cover for each other"


@given(
    st.lists(
        st.tuples(st.integers(0, 23).map(float), st.integers(1, 24).map(float), st.integers(1, ALL_WEEK)),
        min_size=1,
        max_size=5,
    )
)
def test_gaps_are_what_nobody_covers(shifts: list[tuple[float, float, int]]) -> None:
    rota = rota_of(*shifts)
    covered = np.zeros(168, dtype=bool)
    for first, last in rota.spans():
        covered[np.arange(int(first), int(last)) % 168] = True
    empty = np.zeros(168, dtype=bool)
    for first, last in uncovered_spans([rota]):
        empty[int(first) : int(last)] = True
    assert (empty == ~covered).all()
