import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.outcomes.measures import (
    gap,
    gini,
    mean,
    means_by_group,
    quantile,
    quantiles_by_district,
    ratio,
    restricted_mean,
    share,
    shares_by_district,
)

NOTHING = np.array([])
UNKNOWN = np.array([np.nan, np.nan])


@pytest.mark.parametrize("measure", [mean, gap, gini, lambda values: quantile(values, 0.9)])
@pytest.mark.parametrize("values", [NOTHING, UNKNOWN])
def test_nothing_to_measure_is_undefined_not_zero(measure: Callable[[Any], float], values: Any) -> None:
    assert math.isnan(measure(values))


def test_share_and_ratio_of_nothing_are_undefined() -> None:
    assert math.isnan(share(np.array([], dtype=bool)))
    assert math.isnan(ratio(3.0, 0.0))


def test_unknown_values_are_left_out() -> None:
    values = np.array([1.0, np.nan, 3.0])
    assert mean(values) == 2.0
    assert quantile(values, 0.5) == 2.0
    assert gap(values) == 2.0


def test_one_value_has_no_gap_and_no_gini() -> None:
    assert math.isnan(gap(np.array([5.0])))
    assert math.isnan(gini(np.array([5.0])))


def test_gini_of_known_cases() -> None:
    assert gini(np.array([2.0, 2.0, 2.0])) == pytest.approx(0.0)
    assert gini(np.array([0.0, 0.0, 0.0, 8.0])) == pytest.approx(0.75)
    assert math.isnan(gini(np.array([0.0, 0.0])))


def test_a_restricted_mean_counts_what_never_came_as_the_limit() -> None:
    assert restricted_mean(np.array([5.0, math.nan, 400.0, 0.0]), 90.0) == pytest.approx((5 + 90 + 90 + 0) / 4)
    assert math.isnan(restricted_mean(np.array([]), 90.0))


@given(st.lists(st.floats(0, 1000) | st.just(math.nan), min_size=1, max_size=30), st.floats(1, 200))
def test_a_restricted_mean_is_the_area_over_the_share_that_has_come(days: list[float], limit: float) -> None:
    moments = np.unique([0.0, limit, *(day for day in days if day < limit)])
    waiting = [sum(not day <= moment for day in days) / len(days) for moment in moments[:-1]]
    area = float(np.dot(waiting, np.diff(moments)))
    assert restricted_mean(np.array(days), limit) == pytest.approx(area, abs=1e-9)


@given(st.lists(st.floats(0.001, 1e6), min_size=2, max_size=30))
def test_gini_equals_its_definition(values: list[float]) -> None:
    column = np.array(values)
    apart = np.abs(column[:, None] - column[None, :]).sum() / (2 * len(column) ** 2 * column.mean())
    assert gini(column) == pytest.approx(apart, abs=1e-9)
    assert 0.0 <= gini(column) < 1.0


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 100), st.booleans()), max_size=60), st.integers(1, 5))
def test_figures_by_district_equal_those_of_each_alone(events: list[tuple[int, float, bool]], least: int) -> None:
    district = np.array([event[0] for event in events], dtype=np.int64)
    values = np.array([event[1] for event in events], dtype=np.float64)
    hits = np.array([event[2] for event in events], dtype=bool)
    shares = shares_by_district(hits, district, 5, least)
    quantiles = quantiles_by_district(values, district, 5, 0.9, least)
    for row in range(5):
        mine = district == row
        if mine.sum() < least:
            assert math.isnan(shares[row])
            assert math.isnan(quantiles[row])
        else:
            assert shares[row] == pytest.approx(hits[mine].mean())
            assert quantiles[row] == pytest.approx(np.quantile(values[mine], 0.9))


def test_means_by_group_leave_out_unknown_values_and_small_groups() -> None:
    values = np.array([1.0, 3.0, np.nan, 5.0, np.nan])
    found = means_by_group(values, np.array([0, 0, 0, 2, 2]), 4, 2)
    assert found[0] == 2.0
    assert np.isnan(found[1:]).all()
    assert means_by_group(values, np.array([0, 0, 0, 2, 2]), 4, 1)[2] == 5.0
