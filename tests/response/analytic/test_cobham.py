"""Priorities against the published case, against solved Markov chains, and against what no order can change."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

from sim.response.analytic import mean_wait, waits_with_preemption, waits_without_preemption

shares_ = st.lists(st.floats(0.05, 1.0), min_size=1, max_size=6)


def test_published_case() -> None:
    waits = waits_without_preemption(4, np.array([0.2, 0.3, 0.5]) * 6.0 / 60.0, 30.0)
    np.testing.assert_allclose(waits, [4.4950, 7.1920, 24.4528], atol=5e-5)


@given(servers=st.integers(1, 12), shares=shares_, workload=st.floats(0.05, 0.95), service=st.floats(0.1, 40.0))
def test_no_order_of_priorities_changes_the_mean_wait_over_all(
    servers: int, shares: list[float], workload: float, service: float
) -> None:
    rates = np.array(shares) * servers * workload / service / sum(shares)
    expected = mean_wait(servers, servers * workload, service)
    for waits in (waits_without_preemption(servers, rates, service), waits_with_preemption(servers, rates, service)):
        assert (np.diff(waits) > 0.0).all()
        assert float(rates @ waits / rates.sum()) == pytest.approx(expected, rel=1e-6)


@given(servers=st.integers(1, 12), shares=shares_, workload=st.floats(0.05, 0.95))
def test_preemption_helps_the_most_urgent_and_hides_the_others_from_them(
    servers: int, shares: list[float], workload: float
) -> None:
    rates = np.array(shares) * servers * workload / sum(shares)
    polite, rude = waits_without_preemption(servers, rates, 1.0), waits_with_preemption(servers, rates, 1.0)
    assert rude[0] == pytest.approx(mean_wait(servers, float(rates[0])))
    assert rude[0] <= polite[0] * (1.0 + 1e-9)
    assert rude[-1] >= polite[-1] * (1.0 - 1e-6)


def chain_waits(servers: int, rates: tuple[float, float], preempts: bool, most: int = 45) -> list[float]:
    """Return the mean waits of two classes with mean service 1 by solving a chain cut at ``most`` waiting of each.

    A state is (urgent in service, others in service, urgent waiting, others waiting).
    """
    start = (0, 0, 0, 0)
    number = {start: 0}
    todo, moves = [start], []

    def seated(at_work: list[int], waiting: list[int]) -> tuple[int, int, int, int]:
        if preempts:
            present = [at_work[0] + waiting[0], at_work[1] + waiting[1]]
            first = min(present[0], servers)
            second = min(present[1], servers - first)
            return first, second, present[0] - first, present[1] - second
        for kind in (0, 1):
            take = min(waiting[kind], servers - sum(at_work))
            at_work[kind] += take
            waiting[kind] -= take
        return at_work[0], at_work[1], waiting[0], waiting[1]

    while todo:
        state = todo.pop()
        nexts = []
        for kind in (0, 1):
            waiting = list(state[2:])
            waiting[kind] += 1
            nexts.append((seated(list(state[:2]), waiting), rates[kind]))
            if state[kind]:
                at_work = list(state[:2])
                at_work[kind] -= 1
                nexts.append((seated(at_work, list(state[2:])), float(state[kind])))
        for to, rate in nexts:
            if max(to[2:]) > most:
                continue
            if to not in number:
                number[to] = len(number)
                todo.append(to)
            moves.append((number[state], number[to], rate))
    tails, heads, values = (np.array(column) for column in zip(*moves, strict=True))
    size = len(number)
    flow = coo_array((values, (heads, tails)), shape=(size, size)).tocsc()
    balance = (flow - coo_array((np.bincount(tails, values, size), (range(size), range(size))))).tocsc()
    relative = np.append(1.0, spsolve(balance[1:, 1:], -balance[1:, [0]].toarray().ravel()))
    states = relative / relative.sum()
    queues = np.array(list(number))[:, 2:].T @ states
    return [float(queue / rate) for queue, rate in zip(queues, rates, strict=True)]


@pytest.mark.parametrize(("servers", "rates"), [(1, (0.3, 0.3)), (2, (0.5, 0.7)), (3, (1.2, 0.6))])
def test_waits_solve_the_markov_chain(servers: int, rates: tuple[float, float]) -> None:
    for preempts, closed in ((False, waits_without_preemption), (True, waits_with_preemption)):
        solved = chain_waits(servers, rates, preempts)
        np.testing.assert_allclose(closed(servers, np.array(rates), 1.0), solved, rtol=1e-4)


def test_a_flooded_class_waits_without_end_and_leaves_the_ones_above_alone() -> None:
    rates = np.array([0.5, 0.8, 2.0])
    polite, rude = waits_without_preemption(2, rates, 1.0), waits_with_preemption(2, rates, 1.0)
    assert polite[2] == rude[2] == math.inf
    # All units are always busy, so the first class finds one of them free after half a service on average.
    assert polite[0] == pytest.approx(0.5 / (1.0 - 0.25))
    assert polite[1] == pytest.approx(0.5 / (0.75 * 0.35))
    np.testing.assert_allclose(rude[:2], waits_with_preemption(2, rates[:2], 1.0))
    for waits in (waits_without_preemption, waits_with_preemption):
        assert waits(2, np.array([1.0, 1.5, 0.5, 0.5]), 1.0)[1:].tolist() == [math.inf] * 3
    exactly_full = waits_without_preemption(2, np.array([1.0, 1.0, 1.0]), 1.0)
    assert exactly_full.tolist() == [1.0, math.inf, math.inf]


def test_splitting_a_class_leaves_the_others_alone() -> None:
    for waits in (waits_without_preemption, waits_with_preemption):
        whole = waits(3, np.array([0.4, 1.0, 0.6]), 1.0)
        split = waits(3, np.array([0.4, 0.3, 0.7, 0.6]), 1.0)
        np.testing.assert_allclose(split[[0, 3]], whole[[0, 2]], rtol=1e-9)
        assert split[1] < whole[1] < split[2]


def test_a_class_without_calls_changes_nothing() -> None:
    rates = np.array([0.4, 0.0, 1.0])
    for waits in (waits_without_preemption, waits_with_preemption):
        np.testing.assert_allclose(waits(2, rates, 1.0)[[0, 2]], waits(2, rates[[0, 2]], 1.0))
    assert math.isnan(waits_with_preemption(2, rates, 1.0)[1])
    assert waits_without_preemption(2, rates, 1.0)[1] > 0.0


@pytest.mark.parametrize(
    ("rates", "words"), list(itertools.product(([-1.0], [math.inf], [], [[1.0]]), ("rates",))), ids=str
)
def test_rates_that_make_no_sense_are_refused(rates: list[float], words: str) -> None:
    for waits in (waits_without_preemption, waits_with_preemption):
        with pytest.raises(ValueError, match=words):
            waits(2, np.array(rates), 1.0)
