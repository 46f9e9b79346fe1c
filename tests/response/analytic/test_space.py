"""Distances and coverage against published numbers, random scatter, and each other's limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from sim.response.analytic import (
    Metric,
    density_needed,
    distance_at_random,
    distance_from_centre,
    distance_on_torus,
    distance_with_busy_units,
    mean_free,
    share_within,
    share_within_on_torus,
    share_within_with_busy_units,
    square_root_law,
)
from sim.response.analytic.space import ball_share, units_met

metrics = st.sampled_from(list(Metric))
both_metrics = pytest.mark.parametrize("metric", list(Metric))


def lengths(gaps: np.ndarray, metric: Metric) -> np.ndarray:
    """Return the length of each vector in the last axis."""
    if metric is Metric.RIGHT_ANGLE:
        return np.asarray(np.abs(gaps).sum(axis=-1))
    return np.asarray(np.sqrt((gaps**2).sum(axis=-1)))


def torus_distances(draws: np.random.Generator, runs: int, units: int, metric: Metric) -> np.ndarray:
    """Return distances to the nearest of units scattered anew in each run on a torus of side 1."""
    gaps = np.abs(draws.random((runs, units, 2)) - draws.random((runs, 1, 2)))
    return lengths(np.minimum(gaps, 1.0 - gaps), metric).min(axis=1)


def test_published_constants() -> None:
    assert square_root_law(1.0, 1.0, Metric.RIGHT_ANGLE) == pytest.approx(0.6267, abs=5e-5)
    assert square_root_law(1.0, 1.0, Metric.EUCLIDEAN) == pytest.approx(0.5)
    assert distance_from_centre(1.0, Metric.EUCLIDEAN) == pytest.approx(0.3826, abs=5e-5)
    assert distance_from_centre(1.0, Metric.RIGHT_ANGLE) == 0.5
    assert distance_at_random(1.0, Metric.EUCLIDEAN) == pytest.approx(0.5214, abs=5e-5)
    assert distance_at_random(1.0, Metric.RIGHT_ANGLE) == pytest.approx(2.0 / 3.0)


def test_published_coverage() -> None:
    """30 km/h, half a free unit on each square kilometre."""
    shares = [share_within(0.5 * minutes, 0.5, Metric.RIGHT_ANGLE) for minutes in (1, 3, 5)]
    np.testing.assert_allclose(shares, [0.2212, 0.8946, 0.9981], atol=5e-5)
    assert square_root_law(1.0, 0.5, Metric.RIGHT_ANGLE) / 0.5 == pytest.approx(1.7725, abs=5e-5)
    needed = [density_needed(0.95, 0.5 * minutes, Metric.RIGHT_ANGLE) for minutes in (1, 3, 5)]
    np.testing.assert_allclose(needed, [5.99, 0.666, 0.240], rtol=2e-3)


@given(metric=metrics, density=st.floats(0.01, 100.0))
def test_the_law_is_the_mean_of_the_coverage_curve(metric: Metric, density: float) -> None:
    law = square_root_law(1.0, density, metric)
    mean = quad(lambda reach: 1.0 - share_within(reach, density, metric), 0.0, 12.0 * law)[0]
    assert mean == pytest.approx(law, rel=1e-7)


@given(metric=metrics, share=st.floats(0.0, 0.999), reach=st.floats(0.01, 100.0))
def test_the_density_needed_gives_the_share(metric: Metric, share: float, reach: float) -> None:
    assert share_within(reach, density_needed(share, reach, metric), metric) == pytest.approx(share, abs=1e-12)


@both_metrics
@pytest.mark.parametrize("radius", [0.2, 0.45, 0.55, 0.65, 0.8, 0.99])
def test_the_ball_on_a_torus_is_what_scattered_points_say(metric: Metric, radius: float) -> None:
    side = (np.arange(1500) + 0.5) / 1500 - 0.5
    inside = lengths(np.stack(np.meshgrid(side, side), axis=-1), metric) <= radius
    assert ball_share(radius, metric) == pytest.approx(float(inside.mean()), abs=1e-3)


@both_metrics
@pytest.mark.parametrize("units", [1, 2, 5, 30])
def test_the_nearest_on_a_torus_is_what_scattered_units_say(metric: Metric, units: int) -> None:
    found = torus_distances(np.random.default_rng(units), 40_000, units, metric)
    error = float(found.std()) / math.sqrt(len(found))
    assert distance_on_torus(1.0, units, metric) == pytest.approx(float(found.mean()), abs=4.0 * error)
    assert error < 0.003 * math.sqrt(1.0 / units)
    for reach in np.quantile(found, [0.2, 0.5, 0.9]).tolist():
        share = float((found <= reach).mean())
        assert share_within_on_torus(reach, 1.0, units, metric) == pytest.approx(share, abs=0.01)


@both_metrics
def test_one_unit_on_a_torus_is_one_at_the_centre(metric: Metric) -> None:
    assert distance_on_torus(9.0, 1, metric) == pytest.approx(distance_from_centre(9.0, metric), rel=1e-9)


@both_metrics
def test_two_random_places_of_a_square(metric: Metric) -> None:
    draws = np.random.default_rng(2)
    gaps = draws.random((200_000, 2)) - draws.random((200_000, 2))
    assert float(lengths(gaps, metric).mean()) == pytest.approx(distance_at_random(1.0, metric), abs=0.002)


@given(metric=metrics, units=st.integers(1, 3000), area=st.floats(0.1, 500.0))
def test_a_torus_is_nearer_than_the_law_and_comes_up_to_it(metric: Metric, units: int, area: float) -> None:
    finite, law = distance_on_torus(area, units, metric), square_root_law(area, units, metric)
    assert finite < law
    # Stirling: the ball's beta function falls short of the law by a share of 3 / 8n, and by more with few units.
    assert finite == pytest.approx(law, rel=0.5 / units + 0.2 * 0.6**units)
    assert distance_on_torus(area, units + 1, metric) < finite


@given(metric=metrics, reach=st.floats(0.0, 0.2), units=st.integers(200, 2000))
def test_coverage_of_many_units_is_the_curve(metric: Metric, reach: float, units: int) -> None:
    assert share_within_on_torus(reach, 1.0, units, metric) == pytest.approx(
        share_within(reach, float(units), metric), abs=0.6 / units
    )


@given(metric=metrics, units=st.integers(2, 40), workload=st.floats(0.05, 0.95), queue=st.booleans())
def test_busy_units_lengthen_the_way_by_more_than_their_mean_number(
    metric: Metric, units: int, workload: float, queue: bool
) -> None:
    load = units * workload
    busy = distance_with_busy_units(4.0, units, load, metric, queue=queue)
    assert distance_on_torus(4.0, units, metric) < busy <= distance_on_torus(4.0, 1, metric) * (1.0 + 1e-9)
    # Jensen, with the same finite form on both sides at the mean number of units to choose from.
    choice = float(units_met(units, load, queue=queue) @ np.arange(1, units + 1))
    low = math.floor(choice)
    straight = np.interp(
        choice, [low, low + 1], [distance_on_torus(4.0, low, metric), distance_on_torus(4.0, low + 1, metric)]
    )
    assert busy >= straight * (1.0 - 1e-9)


@both_metrics
@pytest.mark.parametrize("queue", [True, False])
def test_the_gap_to_the_law_at_the_mean_closes_as_units_grow(metric: Metric, queue: bool) -> None:
    gaps = []
    for units in (40, 200, 1000):
        load = 0.6 * units
        law = square_root_law(1.0, mean_free(units, load, queue=queue), metric)
        gaps.append(distance_with_busy_units(1.0, units, load, metric, queue=queue) / law - 1.0)
    assert gaps == sorted(gaps, reverse=True)
    assert 0.0 < gaps[-1] < 0.002


@both_metrics
@pytest.mark.parametrize("queue", [True, False])
def test_busy_units_as_a_plain_simulation_has_them(metric: Metric, queue: bool) -> None:
    """Calls on a torus, four units that are somewhere else at each call: who is busy then tells nothing of places."""
    draws = np.random.default_rng(11)
    units, load, blocks, calls = 4, 2.6, 300, 400
    means, within = [], []
    for _ in range(blocks):
        places = draws.random((calls, 1, 2))
        moments = np.cumsum(draws.exponential(1.0 / load, calls))
        work = draws.exponential(1.0, calls)
        gaps = np.abs(draws.random((calls, units, 2)) - places)
        distances = lengths(np.minimum(gaps, 1.0 - gaps), metric)
        until = np.zeros(units)
        ways = []
        for now, length, distance in zip(moments, work, distances, strict=True):
            free = np.flatnonzero(until <= now)
            if len(free):
                unit = int(free[np.argmin(distance[free])])
            elif queue:
                unit = int(np.argmin(until))
            else:
                continue
            until[unit] = max(until[unit], now) + length
            ways.append(distance[unit])
        settled = np.array(ways[50:])
        means.append(settled.mean())
        within.append((settled <= 0.3).mean())
    error = float(np.std(means)) / math.sqrt(blocks)
    assert error < 0.001
    expected = distance_with_busy_units(1.0, units, load, metric, queue=queue)
    assert float(np.mean(means)) == pytest.approx(expected, abs=4.0 * error)
    share = share_within_with_busy_units(0.3, 1.0, units, load, metric, queue=queue)
    share_error = float(np.std(within)) / math.sqrt(blocks)
    assert float(np.mean(within)) == pytest.approx(share, abs=4.0 * share_error)


def test_without_load_all_units_are_to_choose_from() -> None:
    for queue in (True, False):
        free = distance_with_busy_units(2.0, 7, 0.0, Metric.EUCLIDEAN, queue=queue)
        assert free == pytest.approx(distance_on_torus(2.0, 7, Metric.EUCLIDEAN))
    flooded = distance_with_busy_units(2.0, 7, 9.0, Metric.EUCLIDEAN, queue=True)
    assert flooded == pytest.approx(distance_from_centre(2.0, Metric.EUCLIDEAN))


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match=r"area = 0.0, free = -1"):
        square_root_law(0.0, -1.0, Metric.EUCLIDEAN)
    with pytest.raises(ValueError, match="no density reaches every place"):
        density_needed(1.0, 1.0, Metric.EUCLIDEAN)
    with pytest.raises(ValueError, match="units"):
        distance_on_torus(1.0, 0, Metric.EUCLIDEAN)
    with pytest.raises(ValueError, match="reach"):
        share_within(-1.0, 1.0, Metric.EUCLIDEAN)
