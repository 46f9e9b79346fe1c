"""Erlang's formulas against published numbers, birth-and-death matrices and their own limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.linalg import expm

from sim.response.analytic import busy_distribution, erlang_b, erlang_c, mean_free, mean_queue, mean_wait, waits_longer

servers_ = st.integers(1, 60)
loads = st.floats(0.01, 80.0)
workloads = st.floats(0.01, 0.98)


@pytest.mark.parametrize(
    ("servers", "load", "lost", "waits", "wait"),
    [(2, 1.0, 0.20000, 0.33333, 0.33333), (4, 3.0, 0.20611, 0.50943, 0.50943), (10, 8.0, 0.12166, 0.40918, 0.20459)],
)
def test_published_numbers(servers: int, load: float, lost: float, waits: float, wait: float) -> None:
    assert erlang_b(servers, load) == pytest.approx(lost, abs=5e-6)
    assert erlang_c(servers, load) == pytest.approx(waits, abs=5e-6)
    assert mean_wait(servers, load) == pytest.approx(wait, abs=5e-6)


@given(servers=servers_, load=loads)
def test_blocking_is_the_ratio_of_the_last_term_to_the_sum(servers: int, load: float) -> None:
    terms = [math.exp(k * math.log(load) - math.lgamma(k + 1)) for k in range(servers + 1)]
    assert erlang_b(servers, load) == pytest.approx(terms[-1] / math.fsum(terms), rel=1e-9)


@given(load=workloads)
def test_one_unit_is_the_single_server_queue(load: float) -> None:
    assert erlang_c(1, load) == pytest.approx(load)
    assert mean_wait(1, load, 7.0) == pytest.approx(7.0 * load / (1.0 - load))
    assert erlang_b(1, load) == pytest.approx(load / (1.0 + load))


@given(servers=servers_, load=loads)
def test_more_units_and_less_load_never_hurt(servers: int, load: float) -> None:
    assert erlang_b(servers + 1, load) < erlang_b(servers, load) < erlang_b(servers, load * 1.1)
    assert erlang_c(servers + 1, load) <= erlang_c(servers, load) <= erlang_c(servers, load * 1.1)
    assert erlang_b(servers, load) <= erlang_c(servers, load)


def test_limits() -> None:
    assert erlang_b(3, 0.0) == erlang_c(3, 0.0) == mean_wait(3, 0.0) == 0.0
    assert erlang_c(3, 1e-4) == pytest.approx(1e-12 / 6.0, rel=1e-3)
    assert erlang_b(10_000, 100.0) == 0.0
    assert erlang_b(1000, 1e6) == pytest.approx(1.0 - 1000 / 1e6, abs=1e-5)


@pytest.mark.parametrize("load", [2.0, 2.5])
def test_a_load_of_all_units_has_no_end_of_waiting(load: float) -> None:
    assert erlang_c(2, load) == 1.0
    assert mean_wait(2, load) == mean_queue(2, load) == math.inf
    assert waits_longer(2, load, 1e9) == 1.0
    assert busy_distribution(2, load, queue=True).tolist() == [0.0, 0.0, 1.0]
    assert mean_free(2, load, queue=True) == 0.0


@given(servers=st.integers(1, 20), share=workloads, service=st.floats(0.1, 50.0))
def test_the_tail_of_the_wait_integrates_to_its_mean(servers: int, share: float, service: float) -> None:
    load = servers * share
    scale = service / (servers - load)
    area = quad(lambda time: waits_longer(servers, load, time, service), 0.0, 60.0 * scale, limit=200)[0]
    assert area == pytest.approx(mean_wait(servers, load, service), rel=1e-6)
    assert waits_longer(servers, load, 0.0, service) == erlang_c(servers, load)
    assert mean_queue(servers, load) == pytest.approx(load / service * mean_wait(servers, load, service))


@given(servers=servers_, load=loads, queue=st.booleans())
def test_the_distribution_of_busy_units_agrees_with_the_formulas(servers: int, load: float, queue: bool) -> None:
    busy = busy_distribution(servers, load, queue=queue)
    assert busy.shape == (servers + 1,)
    assert (busy >= 0.0).all()
    assert busy.sum() == pytest.approx(1.0)
    assert busy[-1] == pytest.approx((erlang_c if queue else erlang_b)(servers, load), rel=1e-9)
    free = float(busy @ np.arange(servers, -1, -1))
    assert free == pytest.approx(mean_free(servers, load, queue=queue), abs=1e-9 * servers)


@pytest.mark.parametrize("queue", [True, False])
def test_the_distribution_is_where_the_process_ends_up(queue: bool) -> None:
    servers, load, states = 3, 1.8, 4 + 60 * queue
    generator = np.zeros((states, states))
    for present in range(states - 1):
        generator[present, present + 1] = load
        generator[present + 1, present] = min(present + 1, servers)
    generator -= np.diag(generator.sum(axis=1))
    late = expm(generator * 500.0)[0]
    expected = np.append(late[:servers], late[servers:].sum())
    np.testing.assert_allclose(busy_distribution(servers, load, queue=queue), expected, atol=1e-9)


def test_no_load_keeps_all_units_free() -> None:
    assert busy_distribution(3, 0.0, queue=True).tolist() == [1.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("servers", "load", "words"), [(0, 1.0, "servers"), (2, -1.0, "load"), (2, math.nan, "load"), (1.5, 1.0, "servers")]
)
def test_what_makes_no_sense_is_refused(servers: int, load: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        erlang_b(servers, load)
    with pytest.raises(ValueError, match=words):
        busy_distribution(servers, load, queue=True)
    with pytest.raises(ValueError, match=words):
        mean_free(servers, load, queue=True)


def test_times_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="time = -1"):
        waits_longer(2, 1.0, -1.0)
    with pytest.raises(ValueError, match="mean_service = 0"):
        mean_wait(2, 1.0, 0.0)
