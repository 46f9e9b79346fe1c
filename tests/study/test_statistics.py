import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.study import bootstrap, holm, paired, replications_needed
from sim.study.statistics import defined_pairs, is_enough

P_VALUES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30)
VALUES = st.floats(-1e3, 1e3)
PAIRS = st.lists(st.tuples(VALUES, VALUES), min_size=2, max_size=20)


def columns(pairs: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


@given(PAIRS)
def test_interval_and_p_are_those_of_scipy(pairs: list[tuple[float, float]]) -> None:
    base, option = columns(pairs)
    gaps = np.array(option) - np.array(base)
    found = paired(base, option)
    # Gaps that vary by less than a part in a thousand million of what they are taken from count as equal.
    assert found.difference == pytest.approx(gaps.mean(), abs=2e-9 * max(1.0, np.abs(pairs).max()))
    if gaps.std(ddof=1) < 1e-6:
        return
    reference: Any = stats.ttest_rel(option, base)
    interval = reference.confidence_interval(0.95)
    assert found.p_value == pytest.approx(reference.pvalue, rel=1e-6, abs=1e-12)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-6, abs=1e-6)


def test_a_closed_form() -> None:
    # Differences 1, 2, 3: mean 2, deviation 1, half-width t(2) / sqrt 3 with t(2) = 4.302653.
    found = paired([0.0, 0.0, 0.0], [1.0, 2.0, 3.0])
    assert found.difference == 2.0
    assert found.deviation == pytest.approx(1.0)
    assert found.high - 2.0 == pytest.approx(4.302652729911275 / math.sqrt(3.0))
    assert found.p_value == pytest.approx(0.07417990022744858)


def test_pairs_with_an_undefined_value_are_left_out() -> None:
    found = paired([1.0, math.nan, 3.0, 4.0], [2.0, 5.0, math.nan, 6.0])
    assert found.pairs == 2
    assert (found.base_mean, found.option_mean) == (2.5, 4.0)


def test_too_few_pairs_say_nothing_of_uncertainty() -> None:
    assert paired([], []).pairs == 0
    assert math.isnan(paired([math.nan], [1.0]).difference)
    one = paired([1.0], [3.0])
    assert one.difference == 2.0
    assert all(math.isnan(value) for value in (one.low, one.high, one.p_value, one.variance_ratio))


def test_samples_of_unequal_length_are_no_pairs() -> None:
    with pytest.raises(ValueError, match="one length"):
        defined_pairs([1.0], [1.0, 2.0])


def test_no_variance_at_all() -> None:
    same = paired([3.0, 4.0, 5.0], [3.0, 4.0, 5.0])
    assert (same.difference, same.low, same.high, same.p_value) == (0.0, 0.0, 0.0, 1.0)
    assert math.isnan(same.variance_ratio)
    shifted = paired([3.0, 4.0, 5.0], [5.0, 6.0, 7.0])
    assert (shifted.difference, shifted.low, shifted.high, shifted.p_value) == (2.0, 2.0, 2.0, 0.0)


def test_rounding_is_no_variance() -> None:
    base = [0.1, 0.2, 0.3]
    found = paired(base, [value + 0.7 - 0.7 for value in base])
    assert (found.difference, found.p_value) == (0.0, 1.0)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(pairs: list[tuple[float, float]], luck: Any) -> None:
    shuffled = list(pairs)
    luck.shuffle(shuffled)
    one, two = paired(*columns(pairs)), paired(*columns(shuffled))
    assert one.difference == pytest.approx(two.difference, abs=1e-9)
    assert one.p_value == pytest.approx(two.p_value, abs=1e-6)


def test_pairing_gains_what_the_shared_luck_is_worth() -> None:
    draws = np.random.Generator(np.random.Philox(key=1))
    luck = draws.normal(0.0, 3.0, 20_000)
    base = luck + draws.normal(0.0, 1.0, 20_000)
    option = luck + draws.normal(0.0, 1.0, 20_000) + 0.5
    # Var of unpaired runs (9 + 1) + (9 + 1) over that of paired ones 1 + 1.
    assert paired(base, option).variance_ratio == pytest.approx(10.0, rel=0.05)


def test_t_intervals_cover_as_often_as_they_say() -> None:
    draws = np.random.Generator(np.random.Philox(key=2))
    samples = draws.normal(1.0, 2.0, (2000, 8))
    covered = [found.low <= 1.0 <= found.high for found in (paired(np.zeros(8), sample) for sample in samples)]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)


@given(P_VALUES)
def test_holm_is_monotone_never_smaller_and_a_probability(p_values: list[float]) -> None:
    raw, corrected = np.array(p_values), holm(p_values)
    order = np.argsort(raw, kind="stable")
    assert (np.diff(corrected[order]) >= 0).all()
    assert (corrected >= raw).all()
    assert (corrected <= 1.0).all()
    assert (corrected <= np.minimum(raw * len(raw), 1.0) + 1e-12).all()


@given(P_VALUES, st.randoms(use_true_random=False))
def test_holm_does_not_depend_on_the_order(p_values: list[float], luck: Any) -> None:
    order = list(range(len(p_values)))
    luck.shuffle(order)
    assert holm([p_values[place] for place in order]).tolist() == holm(p_values)[order].tolist()


def test_holm_of_a_known_case_and_of_tests_not_made() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    corrected = holm([0.02, math.nan, 0.5])
    assert corrected[0] == pytest.approx(0.04)
    assert math.isnan(corrected[1])
    assert holm([]).tolist() == []


@given(st.floats(0.01, 100.0), st.floats(0.01, 100.0))
def test_so_many_replications_are_enough_and_one_less_is_not(deviation: float, half_width: float) -> None:
    needed = replications_needed(deviation, half_width)
    assert math.isinf(needed) or is_enough(int(needed), deviation, half_width, 0.95)
    if 2 < needed < math.inf:
        assert not is_enough(int(needed) - 1, deviation, half_width, 0.95)


def test_replications_needed_of_known_and_of_hopeless_cases() -> None:
    # n = 18: t(17) / sqrt 18 = .4973; n = 17: t(16) / sqrt 17 = .5142.
    assert replications_needed(1.0, 0.5) == 18.0
    assert replications_needed(0.0, 0.5) == 2.0
    assert math.isnan(replications_needed(math.nan, 0.5))
    assert math.isnan(replications_needed(1.0, 0.0))
    assert math.isinf(replications_needed(1.0, 1e-6))


def test_the_bootstrap_is_fixed_and_near_the_t_interval_of_a_large_normal_sample() -> None:
    draws = np.random.Generator(np.random.Philox(key=3))
    option = draws.normal(2.0, 1.0, 400)
    base = np.zeros(400)
    low, high = bootstrap(base, option)
    assert (low, high) == bootstrap(base, option)
    found = paired(base, option)
    assert (low, high) == pytest.approx((found.low, found.high), abs=0.02)
    assert all(math.isnan(end) for end in bootstrap([1.0], [2.0]))
    assert bootstrap([1.0, 2.0], [1.0, 2.0]) == (0.0, 0.0)
