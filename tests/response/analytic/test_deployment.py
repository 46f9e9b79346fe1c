"""What a deployment refuses, and the travel times that follow from a performance."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.response.analytic import Deployment, Performance, exact_performance, nearest_first, travel_times


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(ValueError) as caught:
        Deployment(np.zeros(2), np.array([[0, 1], [1, 1]]), np.array([1.0, 0.0]), queue=True)
    message = str(caught.value)
    assert "at least one atom must have calls" in message
    assert "unit 1 never finishes" in message
    assert "atoms [1] do not" in message


@pytest.mark.parametrize(
    ("rates", "preferences", "service", "words"),
    [
        ([1.0], [[0, 1]], [1.0], r"shape must be \(1, 1\), not \(1, 2\)"),
        ([1.0, -1.0], [[0], [0]], [1.0], "call_rates must be finite and not negative"),
        ([1.0], [[0]], [math.nan], "service_rates must be finite"),
        ([], [], [1.0], "call_rates must be a vector"),
        ([1.0], [[1, 2]], [1.0, 1.0], r"atoms \[0\]"),
    ],
)
def test_what_makes_no_sense_is_refused(rates: Any, preferences: Any, service: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Deployment(np.array(rates), np.array(preferences), np.array(service), queue=True)


def test_the_lower_number_goes_first_among_equals() -> None:
    assert nearest_first(np.array([[2.0, 1.0, 2.0, 1.0]])).tolist() == [[1, 3, 0, 2]]
    assert nearest_first(np.tile([1.0, 0.0], (1, 100))).tolist() == [[*range(1, 200, 2), *range(0, 200, 2)]]


def test_travel_by_hand() -> None:
    """Two units, two atoms of rates .3 and .1, workload .2 each: shares and times small enough to add up by hand."""
    asked = Deployment(np.array([0.3, 0.1]), np.array([[0, 1], [1, 0]]), np.ones(2), queue=True)
    at_once = np.array([[0.60, 0.08], [0.02, 0.20]])
    performance = Performance(asked, at_once, 0.10, 0.02, np.full(2, 0.2), 0.05)
    posts = np.array([[1.0, 3.0], [4.0, 2.0]])
    between = np.array([[0.5, 5.0], [6.0, 1.0]])
    np.testing.assert_allclose(performance.queued, [[0.0375, 0.0375], [0.0125, 0.0125]])
    # From the atom of a call drawn at random, whose shares are .75 and .25.
    first, second = 0.75 * 0.5 + 0.25 * 6.0, 0.75 * 5.0 + 0.25 * 1.0
    larson = travel_times(performance, posts, between)
    by_atom = [
        (0.60 * 1.0 + 0.08 * 3.0 + 0.075 * first) / 0.755,
        (0.02 * 4.0 + 0.20 * 2.0 + 0.025 * second) / 0.245,
    ]
    np.testing.assert_allclose(larson.by_atom, by_atom)
    queued = 0.0375 * first + 0.0125 * second
    np.testing.assert_allclose(
        larson.by_unit, [(0.60 + 0.08 + queued) / (0.62 + 0.05), (0.24 + 0.40 + queued) / (0.28 + 0.05)]
    )
    assert larson.region == pytest.approx(0.755 * by_atom[0] + 0.245 * by_atom[1])
    posted = travel_times(performance, posts)
    waited = 0.0375 * (1.0 + 3.0) + 0.0125 * (4.0 + 2.0)
    assert posted.region == pytest.approx(0.60 + 0.24 + 0.08 + 0.40 + waited)


def test_travel_to_an_atom_without_calls_is_not_known() -> None:
    asked = Deployment(np.array([0.3, 0.0]), np.array([[0, 1], [1, 0]]), np.ones(2), queue=False)
    found = travel_times(exact_performance(asked), np.ones((2, 2)))
    assert math.isnan(found.by_atom[1])
    assert found.by_atom[0] == found.region == pytest.approx(1.0)


def test_travel_with_one_time_everywhere_is_that_time(town_of: Any) -> None:
    asked, distances = town_of(3, 5, 0.7, queue=True)
    atoms = len(distances)
    found = travel_times(exact_performance(asked), np.full_like(distances, 2.5), np.full((atoms, atoms), 2.5))
    for means in (found.by_unit, found.by_atom, found.region):
        np.testing.assert_allclose(means, 2.5)


def test_matrices_of_another_shape_are_refused(town_of: Any) -> None:
    asked, distances = town_of(3, 3, 0.5, queue=True)
    performance = exact_performance(asked)
    with pytest.raises(ValueError, match="from_posts"):
        travel_times(performance, distances.T)
    with pytest.raises(ValueError, match="between_atoms"):
        travel_times(performance, distances, distances)


def test_dispatches_of_answered_calls_sum_to_one(published: Any) -> None:
    for queue in (True, False):
        dispatches = exact_performance(published(queue)).dispatches
        assert dispatches.sum() == pytest.approx(1.0)
        np.testing.assert_allclose(dispatches.sum(axis=1), np.array([0.50, 0.25, 0.35, 0.40]) / 1.5)
