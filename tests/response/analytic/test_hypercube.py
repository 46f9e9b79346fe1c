"""The exact hypercube against published numbers, a dense chain built the slow way, and queues it must contain."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.response.analytic import (
    Deployment,
    Performance,
    busy_distribution,
    erlang_b,
    erlang_c,
    exact_performance,
    mean_wait,
    state_probabilities,
)

PUBLISHED_STATES = [0.210526, 0.136690, 0.088633, 0.094887, 0.090466, 0.088945, 0.053011, 0.118421]


@st.composite
def deployments(draw: st.DrawFn, queue: bool | None = None, alike: bool = False) -> Deployment:
    """Return up to four units with any preferences, below a load that all of them together could bear."""
    units = draw(st.integers(1, 4))
    orders = draw(st.lists(st.permutations(range(units)), min_size=1, max_size=5))
    rates = np.array(draw(st.lists(st.floats(0.05, 1.0), min_size=len(orders), max_size=len(orders))))
    speed = st.just(1.0) if alike else st.floats(0.3, 3.0)
    service = np.array(draw(st.lists(speed, min_size=units, max_size=units)))
    rates *= draw(st.floats(0.02, 0.8)) * service.sum() / rates.sum()
    waits = draw(st.booleans()) if queue is None else queue
    return Deployment(rates, np.array(orders), service, waits)


def brute_force(asked: Deployment, places: int) -> tuple[np.ndarray, float, float]:
    """Return the states without a waiting call, the share of time with one and their mean number.

    The generator is written down dense, with up to ``places`` waiting calls, and solved.
    """
    units, full = asked.units, (1 << asked.units) - 1
    places = places if asked.queue else 0
    generator = np.zeros((full + 1 + places, full + 1 + places))
    for state in range(full + 1 + places):
        for rate, order in zip(asked.call_rates, asked.preferences, strict=True):
            free = [unit for unit in order.tolist() if not state >> unit & 1] if state < full else []
            to = state | 1 << free[0] if free else state + 1
            if to < len(generator):
                generator[state, to] += rate
        for unit in range(units):
            if state > full:
                generator[state, state - 1] += asked.service_rates[unit]
            elif state >> unit & 1:
                generator[state, state & ~(1 << unit)] += asked.service_rates[unit]
    generator -= np.diag(generator.sum(axis=1))
    system = np.vstack((generator.T, np.ones(len(generator))))
    found = np.linalg.lstsq(system, np.append(np.zeros(len(generator)), 1.0), rcond=None)[0]
    waiting = found[full + 1 :]
    return found[: full + 1], float(waiting.sum()), float(waiting @ np.arange(1, places + 1))


def test_published_queue(published: Any) -> None:
    asked = published(True)
    np.testing.assert_allclose(state_probabilities(asked), PUBLISHED_STATES, atol=5e-7)
    found = exact_performance(asked)
    np.testing.assert_allclose(found.workloads, [0.5574, 0.4734, 0.4693], atol=5e-5)
    assert found.someone_waits == pytest.approx(0.118421, abs=5e-7)
    assert found.all_busy == pytest.approx(2 * 0.118421, abs=1e-6)
    assert found.own_share == pytest.approx(0.63647, abs=5e-6)
    assert found.mean_wait == pytest.approx(mean_wait(3, 1.5))


def test_published_loss(published: Any) -> None:
    found = exact_performance(published(False))
    np.testing.assert_allclose(found.workloads, [0.49791, 0.40263, 0.39797], atol=5e-6)
    assert found.all_busy == pytest.approx(0.13433, abs=5e-6)
    assert found.own_share == pytest.approx(0.63647, abs=5e-6)
    assert found.someone_waits == found.mean_wait == 0.0


@given(asked=deployments())
def test_states_solve_the_chain_written_down_dense(asked: Deployment) -> None:
    states, someone_waits, queue = brute_force(asked, places=150)
    np.testing.assert_allclose(state_probabilities(asked), states, atol=1e-9)
    found = exact_performance(asked)
    assert found.someone_waits == pytest.approx(someone_waits, abs=1e-9)
    assert found.mean_wait == pytest.approx(queue / asked.total_rate, abs=1e-8)
    # Each unit's share of each atom's calls, counted over the states one by one.
    expected = np.zeros_like(found.immediate)
    for atom, (rate, order) in enumerate(zip(asked.call_rates, asked.preferences, strict=True)):
        for state, probability in enumerate(states[:-1]):
            sent = next(unit for unit in order.tolist() if not state >> unit & 1)
            expected[atom, sent] += probability * rate / asked.total_rate
    np.testing.assert_allclose(found.immediate, expected, atol=1e-9)


@given(asked=deployments())
def test_calls_and_work_are_conserved(asked: Deployment) -> None:
    found = exact_performance(asked)
    assert float(found.immediate.sum()) + found.all_busy == pytest.approx(1.0)
    per_unit = (found.immediate + found.queued).sum(axis=0) * asked.total_rate
    np.testing.assert_allclose(found.workloads * asked.service_rates, per_unit, rtol=1e-9)
    assert ((found.workloads > 0.0) & (found.workloads < 1.0)).all()


@given(asked=deployments(alike=True))
def test_units_that_are_alike_are_erlangs_whatever_the_preferences(asked: Deployment) -> None:
    units, load = asked.units, asked.total_rate
    found = exact_performance(asked)
    states = state_probabilities(asked)
    busy = np.array([state.bit_count() for state in range(1 << units)])
    by_level = np.bincount(busy, states)
    by_level[-1] += found.someone_waits
    np.testing.assert_allclose(by_level, busy_distribution(units, load, queue=asked.queue), atol=1e-12)
    assert found.all_busy == pytest.approx((erlang_c if asked.queue else erlang_b)(units, load))
    assert found.mean_wait == pytest.approx(mean_wait(units, load) if asked.queue else 0.0)


def test_one_unit_is_the_single_server_queue() -> None:
    found = exact_performance(Deployment(np.array([0.2, 0.4]), np.array([[0], [0]]), np.array([1.5]), queue=True))
    assert found.workloads[0] == found.all_busy == pytest.approx(0.4)
    assert found.mean_wait == pytest.approx(0.4 / (1.5 * 0.6))
    assert found.own_share == 1.0


@given(asked=deployments(), data=st.data())
def test_new_numbers_for_units_change_only_the_numbers(asked: Deployment, data: st.DataObject) -> None:
    order = np.array(data.draw(st.permutations(range(asked.units))))
    renamed = np.empty_like(asked.service_rates)
    renamed[order] = asked.service_rates
    other = Deployment(asked.call_rates, order[asked.preferences], renamed, asked.queue)
    found, again = exact_performance(asked), exact_performance(other)
    np.testing.assert_allclose(again.workloads[order], found.workloads, rtol=1e-9)
    np.testing.assert_allclose(again.immediate[:, order], found.immediate, atol=1e-12)


@given(asked=deployments())
def test_an_atom_cut_in_two_changes_nothing(asked: Deployment) -> None:
    rates = np.append(asked.call_rates, asked.call_rates[0] * 0.25)
    rates[0] *= 0.75
    cut = Deployment(rates, np.vstack((asked.preferences, asked.preferences[:1])), asked.service_rates, asked.queue)
    np.testing.assert_allclose(state_probabilities(cut), state_probabilities(asked), rtol=1e-9)


def test_a_light_load_goes_to_the_first_choice() -> None:
    orders = np.array([[0, 1, 2], [2, 1, 0]])
    found = exact_performance(Deployment(np.array([2e-6, 1e-6]), orders, np.ones(3), queue=True))
    assert found.own_share == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_allclose(found.workloads, [2e-6, 0.0, 1e-6], atol=1e-10)


def test_a_load_of_all_units_has_no_steady_state() -> None:
    asked = Deployment(np.array([1.0, 1.5]), np.array([[0, 1], [1, 0]]), np.array([0.5, 2.0]), queue=True)
    found = exact_performance(asked)
    assert asked.has_no_steady_state
    assert state_probabilities(asked).tolist() == [0.0] * 4
    assert found.all_busy == found.someone_waits == 1.0
    assert found.workloads.tolist() == [1.0, 1.0]
    assert found.mean_wait == math.inf
    assert math.isnan(found.own_share)
    lost = Deployment(asked.call_rates, asked.preferences, asked.service_rates, queue=False)
    assert 0.0 < exact_performance(lost).all_busy < 1.0


def balance_error(asked: Deployment, states: np.ndarray) -> float:
    """Return the largest difference between what flows into a state and out of it, the full state left out."""
    number = np.arange(len(states) - 1)
    net = np.zeros(len(states))
    for rate, order in zip(asked.call_rates, asked.preferences, strict=True):
        busy = number[:, None] >> order & 1
        to = number | 1 << order[np.argmin(busy, axis=1)]
        np.add.at(net, to, rate * states[number])
        net[number] -= rate * states[number]
    for unit, rate in enumerate(asked.service_rates):
        at_work = np.flatnonzero(np.arange(len(states)) >> unit & 1)
        net[at_work] -= rate * states[at_work]
        net[at_work ^ 1 << unit] += rate * states[at_work]
    return float(np.abs(net[:-1]).max())


def test_twelve_units_balance(town_of: Any) -> None:
    asked, _ = town_of(12, 12, 0.6, queue=True, alike=False)
    states = state_probabilities(asked)
    assert (states > 0.0).all()
    assert balance_error(asked, states) < 1e-15 * len(states)
    found: Performance = exact_performance(asked)
    assert float(found.workloads @ asked.service_rates) == pytest.approx(asked.total_rate)
    alike, _ = town_of(12, 12, 0.6, queue=True)
    assert exact_performance(alike).mean_wait == pytest.approx(mean_wait(12, 7.2))


def test_thirteen_units_are_sent_to_the_approximation(town_of: Any) -> None:
    asked, _ = town_of(1, 13, 0.5, queue=True)
    with pytest.raises(ValueError, match="approximate_performance"):
        exact_performance(asked)
