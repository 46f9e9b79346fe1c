"""Queues that lose calls against solved generators, a plain simulation, and the queues they lie between."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from scipy.special import gammainc, gammaln

from sim.response.analytic import erlang_b, erlang_c, limited_queue, mean_wait, reneging

servers_ = st.integers(1, 30)
loads = st.floats(0.1, 60.0)


def stationary(births: np.ndarray, deaths: np.ndarray) -> np.ndarray:
    """Return the stationary vector of a birth-and-death process by solving its dense generator."""
    generator = np.diag(births, 1) + np.diag(deaths, -1)
    generator -= np.diag(generator.sum(axis=1))
    system = np.vstack((generator.T, np.ones(len(generator))))
    return np.asarray(np.linalg.lstsq(system, np.append(np.zeros(len(generator)), 1.0), rcond=None)[0])


@pytest.mark.parametrize(("servers", "places", "load"), [(1, 4, 0.7), (3, 5, 2.0), (4, 3, 9.0), (2, 0, 1.0)])
def test_a_limited_queue_solves_its_generator(servers: int, places: int, load: float) -> None:
    found = limited_queue(servers, places, load, mean_service=5.0)
    present = np.arange(1, servers + places + 1)
    states = stationary(np.full(len(present), load), np.minimum(present, servers).astype(float))
    np.testing.assert_allclose(found.states, states, atol=1e-12)
    waiting = np.maximum(np.arange(len(states)) - servers, 0)
    assert found.mean_queue == pytest.approx(float(states @ waiting))
    # A call let in with k present waits for k - c + 1 departures, each after service / c on average.
    let_in = states[:-1] / states[:-1].sum()
    ahead = np.maximum(np.arange(len(let_in)) - servers + 1, 0)
    assert found.mean_wait == pytest.approx(float(let_in @ ahead) * 5.0 / servers)
    assert found.waits == pytest.approx(float(let_in[servers:].sum()))


@given(servers=servers_, load=loads)
def test_no_place_loses_and_many_places_wait(servers: int, load: float) -> None:
    assert limited_queue(servers, 0, load).refused == pytest.approx(erlang_b(servers, load), rel=1e-9)
    assert limited_queue(servers, 0, load).mean_wait == 0.0
    share = load / 61.0
    endless = limited_queue(servers, 4000, servers * share)
    assert endless.waits == pytest.approx(erlang_c(servers, servers * share), rel=1e-6)
    assert endless.mean_wait == pytest.approx(mean_wait(servers, servers * share), rel=1e-6)


@given(servers=servers_, places=st.integers(0, 50), load=loads)
def test_each_further_place_loses_fewer_calls(servers: int, places: int, load: float) -> None:
    fewer, more = limited_queue(servers, places, load), limited_queue(servers, places + 1, load)
    assert fewer.states.sum() == pytest.approx(1.0)
    assert more.refused <= fewer.refused * (1.0 + 1e-12)
    assert more.mean_wait >= fewer.mean_wait * (1.0 - 1e-12)


def palm(servers: int, load: float, impatience: float) -> tuple[float, float]:
    """Return the shares that wait and renege by Palm's incomplete gamma function."""
    x, y = servers / impatience, load / impatience
    if y > 600.0 or gammainc(x, y) < 1e-280:
        reject()
    area = math.exp(math.log(x) + y - x * math.log(y) + gammaln(x) + math.log(gammainc(x, y)))
    lost = erlang_b(servers, load)
    waits = area * lost / (1.0 + (area - 1.0) * lost)
    return waits, waits * (1.0 / (load / servers * area) + 1.0 - servers / load)


@given(servers=servers_, load=loads, impatience=st.floats(0.05, 20.0))
def test_reneging_is_palms_formula(servers: int, load: float, impatience: float) -> None:
    found = reneging(servers, load, 1.0 / impatience)
    waits, reneged = palm(servers, load, impatience)
    assert found.waits == pytest.approx(waits, rel=1e-6)
    assert found.reneged == pytest.approx(reneged, rel=1e-5, abs=1e-8)
    assert found.mean_wait_answered > 0.0
    assert found.mean_wait == pytest.approx(found.reneged / impatience)


def test_reneging_solves_its_generator() -> None:
    servers, load, patience, service = 3, 4.0, 8.0, 2.0
    present = np.arange(1, 200)
    deaths = np.minimum(present, servers) + np.maximum(present - servers, 0) * service / patience
    states = stationary(np.full(len(present), load), deaths)
    waiting = np.maximum(np.arange(200) - servers, 0)
    found = reneging(servers, load, patience, service)
    assert found.waits == pytest.approx(float(states[servers:].sum()))
    assert found.mean_queue == pytest.approx(float(states @ waiting))
    assert found.mean_wait == pytest.approx(float(states @ waiting) * service / load)
    assert found.reneged == pytest.approx(float(states @ waiting) * service / patience / load)


def test_reneging_is_what_a_plain_simulation_gives() -> None:
    servers, load, patience, service = 3, 3.6, 2.5, 2.0
    found = reneging(servers, load, patience, service)
    draws = np.random.default_rng(20)
    blocks, calls = 40, 5000
    figures = []
    free = [0.0] * servers
    now = 0.0
    for _ in range(blocks):
        gaps, work, patiences = (draws.exponential(mean, calls) for mean in (service / load, service, patience))
        waits, answered = [], []
        for gap, length, limit in zip(gaps, work, patiences, strict=True):
            now += gap
            wait = max(free[0] - now, 0.0)
            waits.append(min(wait, limit))
            if wait <= limit:
                heapq.heapreplace(free, now + wait + length)
                answered.append(wait)
        figures.append((np.mean(waits), np.mean(answered), 1.0 - len(answered) / calls))
    means = np.mean(figures, axis=0)
    errors = np.std(figures, axis=0, ddof=1) / math.sqrt(blocks)
    expected = (found.mean_wait, found.mean_wait_answered, found.reneged)
    assert (np.abs(means - expected) < 4.0 * errors).all()
    assert (errors < 0.02 * means).all()


@given(servers=servers_, share=st.floats(0.05, 0.9))
def test_endless_patience_is_erlangs_queue_and_none_his_loss(servers: int, share: float) -> None:
    load = servers * share
    patient = reneging(servers, load, 1e6)
    assert patient.waits == pytest.approx(erlang_c(servers, load), rel=1e-3)
    assert patient.mean_wait == pytest.approx(mean_wait(servers, load), rel=1e-3)
    assert patient.mean_wait_answered == pytest.approx(mean_wait(servers, load), rel=1e-3)
    assert reneging(servers, load, 1e-9).reneged == pytest.approx(erlang_b(servers, load), rel=1e-6)


def test_callers_who_give_up_keep_an_overloaded_queue_finite() -> None:
    found = reneging(2, 6.0, 1000.0)
    assert found.reneged == pytest.approx(1.0 - 2.0 / 6.0, rel=1e-6)
    assert found.waits == pytest.approx(1.0)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="places"):
        limited_queue(1, -1, 1.0)
    with pytest.raises(ValueError, match=r"load = 0.0, mean_patience = inf"):
        reneging(1, 0.0, math.inf)
