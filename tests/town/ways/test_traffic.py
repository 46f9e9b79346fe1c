"""A week's traffic as few patterns: times come out as the factors say, and like hours share a pattern."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.town import Roads, TownError
from sim.town.ways import traffic_patterns

FACTOR = st.sampled_from([0.3, 0.5, 0.9, 1.0, 1.25])
ROW = st.lists(FACTOR, min_size=4, max_size=4)


@pytest.fixture
def roads(chequered: Callable[..., Roads]) -> Roads:
    """Return streets of which every class of road has some."""
    grid = chequered(4, 3)
    return replace(grid, road_class=(np.arange(len(grid.tail)) % 4).astype(np.int8))


def test_without_traffic_there_is_one_pattern_at_ordinary_pace(roads: Roads) -> None:
    patterns = traffic_patterns(roads)
    assert patterns.pattern_of_hour.dtype == np.int8
    assert patterns.pattern_of_hour.tolist() == [0] * 168
    assert patterns.pace_of_hour.tolist() == [1.0] * 168
    assert patterns.seconds.tolist() == [roads.seconds.tolist()]


def test_jams_on_all_roads_alike_are_only_a_pace(roads: Roads) -> None:
    factors = np.ones((168, 4))
    factors[8], factors[17:19] = 0.5, 0.8
    patterns = traffic_patterns(roads, factors)
    assert patterns.seconds.tolist() == traffic_patterns(roads).seconds.tolist()
    assert patterns.pace_of_hour[[7, 8, 17, 18, 19]].tolist() == [1.0, 2.0, 1.25, 1.25, 1.0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(kinds=st.lists(ROW, min_size=1, max_size=6), scales=st.lists(FACTOR, min_size=1, max_size=5))
def test_times_are_as_the_factors_say(roads: Roads, kinds: list[list[float]], scales: list[float]) -> None:
    rows = np.array([kinds[hour % len(kinds)] for hour in range(168)])
    scale = np.array([scales[hour % len(scales)] for hour in range(168)])
    patterns = traffic_patterns(roads, rows * scale[:, None])
    for hour in range(168):
        seconds = patterns.seconds[patterns.pattern_of_hour[hour]] * patterns.pace_of_hour[hour]
        expected = roads.seconds / (rows[hour] * scale[hour])[roads.road_class]
        assert np.abs(seconds / expected - 1.0).max() < 1e-9
    directions = {tuple(np.round(np.array(row) / max(row), 6)) for row in kinds}
    assert len(patterns.seconds) == len(directions) == patterns.pattern_of_hour.max() + 1


def test_classes_that_the_network_has_not_make_no_pattern(chequered: Callable[..., Roads]) -> None:
    factors = np.ones((168, 4))
    factors[:, 0] = 1.0 + np.arange(168) / 100.0
    factors[12, 2] = 0.5
    patterns = traffic_patterns(chequered(3, 3), factors)
    assert len(patterns.seconds) == 1
    assert patterns.pace_of_hour[[11, 12]].tolist() == [1.0, 2.0]


@pytest.mark.parametrize("wrong", [0.0, -1.0, np.nan, np.inf])
def test_all_hours_with_wrong_factors_are_named(roads: Roads, wrong: float) -> None:
    factors = np.ones((168, 4))
    factors[3, 1] = factors[100, 0] = wrong
    with pytest.raises(TownError) as refusal:
        traffic_patterns(roads, factors)
    assert len(refusal.value.problems) == 2
    assert "hour 3 " in str(refusal.value)
    assert "hour 100 " in str(refusal.value)


def test_a_wrong_shape_and_too_many_patterns_are_refused(roads: Roads) -> None:
    with pytest.raises(TownError, match="168 hours"):
        traffic_patterns(roads, np.ones((24, 4)))
    factors = np.ones((168, 4))
    factors[:, 0] = 1.0 + np.arange(168) / 100.0
    with pytest.raises(TownError, match="168 different patterns"):
        traffic_patterns(roads, factors)
    factors[127:, 0] = 1.0
    assert len(traffic_patterns(roads, factors).seconds) == 127
