"""The approximation against the exact hypercube, Larson's own formula, and the cases in which it is exact."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.response.analytic import (
    Deployment,
    approximate_performance,
    choice_probabilities,
    erlang_b,
    erlang_c,
    exact_performance,
    mean_wait,
    travel_times,
)


def larsons_factor(units: int, workload: float, asked: int) -> float:
    """Return Q(N, rho, j) of an endless queue as Larson (1975) writes it."""
    load = units * workload
    terms = [load**k / math.factorial(k) for k in range(units)]
    empty = 1.0 / (math.fsum(terms) + load**units / math.factorial(units) / (1.0 - workload))
    total = math.fsum(
        math.factorial(units - asked - 1)
        * (units - k)
        / math.factorial(k - asked)
        * units**k
        / math.factorial(units)
        * workload ** (k - asked)
        for k in range(asked, units)
    )
    return total * empty / (1.0 - workload)


@given(units=st.integers(1, 15), workload=st.floats(0.05, 0.95))
def test_choice_probabilities_are_larsons_factors(units: int, workload: float) -> None:
    chances = choice_probabilities(units, units * workload, queue=True)
    independent = workload ** np.arange(units) * (1.0 - workload)
    expected = [larsons_factor(units, workload, asked) for asked in range(units)]
    np.testing.assert_allclose(chances / independent, expected, rtol=1e-9)
    assert expected[0] == pytest.approx(1.0)


@given(units=st.integers(1, 300), workload=st.floats(0.05, 0.95), queue=st.booleans())
def test_some_choice_is_free_unless_all_are_busy(units: int, workload: float, queue: bool) -> None:
    chances = choice_probabilities(units, units * workload, queue=queue)
    all_busy = (erlang_c if queue else erlang_b)(units, units * workload)
    assert (chances >= 0.0).all()
    assert chances.sum() == pytest.approx(1.0 - all_busy)


@pytest.mark.parametrize("queue", [True, False])
@pytest.mark.parametrize("units", [1, 2, 3, 6])
def test_units_in_a_ring_are_exact(units: int, queue: bool) -> None:
    """Where every unit is in the same position, workloads are equal and the factor makes the products right."""
    orders = (np.arange(units)[:, None] + np.arange(units)) % units
    asked = Deployment(np.full(units, 0.6), orders, np.ones(units), queue)
    exact, found = exact_performance(asked), approximate_performance(asked)
    np.testing.assert_allclose(found.workloads, exact.workloads, rtol=1e-9)
    np.testing.assert_allclose(found.immediate.sum(axis=1), exact.immediate.sum(axis=1), rtol=1e-9)
    assert found.own_share == pytest.approx(exact.own_share)
    assert found.all_busy == pytest.approx(exact.all_busy)
    assert found.someone_waits == pytest.approx(exact.someone_waits)
    assert found.mean_wait == pytest.approx(exact.mean_wait)


@pytest.mark.parametrize("queue", [True, False])
def test_published_case_is_near(published: Any, queue: bool) -> None:
    exact, found = exact_performance(published(queue)), approximate_performance(published(queue))
    np.testing.assert_allclose(found.workloads, exact.workloads, rtol=0.0125)
    assert found.own_share == pytest.approx(exact.own_share, abs=0.002)


@pytest.mark.parametrize(("queue", "alike"), [(True, True), (False, True), (False, False)])
def test_random_towns_are_within_two_percent(town_of: Any, queue: bool, alike: bool) -> None:
    errors = []
    draws = np.random.default_rng(5)
    for seed in range(60):
        units, workload = int(draws.integers(3, 9)), float(draws.uniform(0.1, 0.9))
        asked, distances = town_of(seed, units, workload, queue=queue, alike=alike)
        exact, found = exact_performance(asked), approximate_performance(asked)
        travel = travel_times(found, distances).region / travel_times(exact, distances).region
        gaps = np.abs(found.workloads - exact.workloads)
        errors.append(
            (
                gaps.mean() / exact.workloads.mean(),
                gaps.max(),
                abs(found.own_share - exact.own_share),
                np.abs(found.dispatches.sum(axis=0) - exact.dispatches.sum(axis=0)).max(),
                abs(travel - 1.0),
            )
        )
    typical, worst = np.quantile(errors, 0.9, axis=0), np.max(errors, axis=0)
    assert (typical < 0.02).all(), typical
    assert (np.median(errors, axis=0) < 0.01).all()
    assert (worst < 0.045).all(), worst


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    units=st.integers(1, 40),
    workload=st.floats(0.001, 0.999),
    queue=st.booleans(),
    alike=st.booleans(),
)
def test_any_number_of_units_settles_and_conserves_calls(
    town_of: Any, seed: int, units: int, workload: float, queue: bool, alike: bool
) -> None:
    asked, _ = town_of(seed, units, workload, queue=queue, alike=alike or queue)
    found = approximate_performance(asked)
    assert (found.immediate >= 0.0).all()
    assert ((found.workloads > 0.0) & (found.workloads < 1.0)).all()
    assert float(found.immediate.sum()) + found.all_busy == pytest.approx(1.0)
    atoms = found.immediate.sum(axis=1) / (1.0 - found.all_busy)
    np.testing.assert_allclose(atoms, asked.call_rates / asked.total_rate, rtol=1e-9)
    if alike or queue:
        load = asked.total_rate
        carried = load if queue else load * (1.0 - erlang_b(units, load))
        assert found.workloads.sum() == pytest.approx(carried)
        assert found.mean_wait == pytest.approx(mean_wait(units, load) if queue else 0.0)


def test_hundreds_of_units_stay_within_a_floats_range() -> None:
    orders = (np.arange(800)[:, None] + np.arange(800)) % 800
    found = approximate_performance(Deployment(np.full(800, 0.1), orders, np.ones(800), queue=False))
    np.testing.assert_allclose(found.workloads, 0.1, rtol=1e-9)
    assert found.own_share == pytest.approx(0.9, abs=1e-9)


def test_a_load_of_all_units_has_no_steady_state() -> None:
    found = approximate_performance(Deployment(np.array([2.0]), np.array([[0, 1]]), np.ones(2), queue=True))
    assert found.mean_wait == math.inf
    assert found.workloads.tolist() == [1.0, 1.0]
    assert found.all_busy == found.someone_waits == 1.0
    assert not found.immediate.any()


def test_waiting_calls_need_units_that_are_alike() -> None:
    asked = Deployment(np.array([0.5]), np.array([[0, 1]]), np.array([1.0, 2.0]), queue=True)
    with pytest.raises(ValueError, match="exact_performance for up to 12 units"):
        approximate_performance(asked)
