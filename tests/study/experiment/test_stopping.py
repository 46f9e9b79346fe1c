"""Replications stop where the paired differences are known well enough, and not before."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.study.experiment import Precision, next_replications, reached

ID = "true_disputes"


def precision(half_width: float = 1.0, **more: Any) -> Precision:
    return Precision.model_validate({"outcomes": {ID: half_width}, "at_least": 4, "at_most": 50, **more})


def frame(values: dict[int, list[float]]) -> pd.DataFrame:
    rows = [(point, row, value) for point, given in values.items() for row, value in enumerate(given)]
    return pd.DataFrame(rows, columns=["point", "replication", ID])


@given(
    st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=2, max_size=30),
    st.floats(0.01, 50),
)
def test_the_half_width_is_that_of_the_t_interval(pairs: list[tuple[float, float]], wanted: float) -> None:
    base, option = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    (found,) = reached(frame({0: base, 1: option}), precision(wanted), [0, 1])
    gaps = np.array(option) - np.array(base)
    n = len(pairs)
    spread = float(gaps.std(ddof=1))
    half = float(stats.t.ppf(0.975, n - 1)) * spread / math.sqrt(n)
    assert found.pairs == n
    assert found.half_width == pytest.approx(half, rel=1e-6, abs=1e-6)
    if abs(half - wanted) > 1e-6 * wanted:
        assert found.is_enough == (half < wanted)


def test_the_first_round_is_the_least_that_was_asked_for() -> None:
    assert next_replications(frame({}), precision(), [0, 1, 2], {}) == {0: 4, 1: 4, 2: 4}
    assert next_replications(frame({}), precision(), [0, 1], {0: 4, 1: 1}) == {1: 4}


def test_points_that_are_known_well_are_left_and_others_go_on_with_the_base() -> None:
    base = [0.0, 1.0, 2.0, 3.0]
    values = {0: base, 1: [one + 5.0 for one in base], 2: [3.0, -3.0, 9.0, -9.0]}
    wanted = next_replications(frame(values), precision(), [0, 1, 2], dict.fromkeys(range(3), 4))
    assert wanted == {0: 8, 2: 8}


def test_a_round_goes_where_the_spread_says() -> None:
    gaps = [-1.0, 1.0] * 10
    values = {0: [0.0] * 20, 1: gaps}
    spread = np.std(gaps, ddof=1)
    half = 0.45
    needed = next(n for n in range(2, 1000) if stats.t.ppf(0.975, n - 1) * spread / math.sqrt(n) <= half)
    assert 20 < needed < 40
    assert next_replications(frame(values), precision(half), [0, 1], {0: 20, 1: 20}) == {0: needed, 1: needed}


def test_never_more_than_the_most() -> None:
    noisy = [100.0, -100.0, 300.0, -300.0]
    values = {0: [0.0] * 4, 1: noisy}
    assert next_replications(frame(values), precision(at_most=6), [0, 1], {0: 4, 1: 4}) == {0: 6, 1: 6}
    assert next_replications(frame(values), precision(at_most=4), [0, 1], {0: 4, 1: 4}) == {}


def test_the_hardest_outcome_decides() -> None:
    table = frame({0: [0.0] * 20, 1: [-1.0, 1.0] * 10})
    table["response_minutes_mean"] = [0.0] * 20 + [-2.0, 2.0] * 10
    ids = {ID: 10.0, "response_minutes_mean": 0.9}
    asked = {0: 20, 1: 20}
    alone = next_replications(table, precision().model_copy(update={"outcomes": {ID: 10.0}}), [0, 1], asked)
    both = next_replications(table, precision().model_copy(update={"outcomes": ids}), [0, 1], asked)
    assert alone == {}
    assert both[1] == both[0] > 20


def test_failed_and_undefined_runs_are_made_up_for_and_end_at_the_most() -> None:
    values = {0: [0.0] * 4, 1: [math.nan] * 4}
    asked = {0: 4, 1: 4}
    rounds = 0
    while wanted := next_replications(frame(values), precision(at_most=20), [0, 1], asked):
        asked |= wanted
        rounds += 1
    assert asked == {0: 20, 1: 20}
    assert rounds == 3
    lost = frame({0: [0.0, 0.0, 0.0, 0.0]})
    assert next_replications(lost, precision(at_most=20), [0, 1], {0: 4, 1: 4}) == {0: 8, 1: 8}


def test_another_base_may_be_named() -> None:
    values = {0: [3.0, -3.0, 9.0, -9.0], 1: [0.0] * 4}
    assert next_replications(frame(values), precision(), [0, 1], {0: 4, 1: 4}, base=1) == {0: 8, 1: 8}


def stopped(draws: np.random.Generator, wanted: Precision) -> tuple[float, float, int]:
    """Return the mean, the half-width and the replications at which simulated differences of mean 2 stop."""
    values: dict[int, list[float]] = {0: [], 1: []}
    asked: dict[int, int] = {}
    while more := next_replications(frame(values), wanted, [0, 1], asked):
        asked |= more
        while len(values[1]) < asked[1]:
            luck = draws.normal(50.0, 20.0)  # that both share
            values[0].append(luck)
            values[1].append(luck + draws.normal(2.0, 3.0))
    (found,) = reached(frame(values), wanted, [0, 1])
    return float(np.mean(values[1]) - np.mean(values[0])), found.half_width, len(values[1])


def test_intervals_cover_nearly_as_often_as_they_say() -> None:
    draws = np.random.default_rng(5)
    wanted = precision(1.0, at_least=8, at_most=500)
    found = [stopped(draws, wanted) for _ in range(120)]
    covered = np.mean([abs(mean - 2.0) <= half for mean, half, _ in found])
    assert covered >= 0.90
    assert all(half <= 1.0 for _, half, _ in found)
    # 37 would do if the spread were known: (1.96 x 3 / 1) ** 2, and a little for t.
    assert 30 <= np.mean([count for *_, count in found]) <= 45
