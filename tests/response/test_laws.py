"""The laws of times have the distributions that they are called by."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from calling import calling_world
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.codes import NOBODY, Law
from sim.engine.clock import MINUTE
from sim.engine.compiled import compiled, from_python, rule
from sim.purposes import Purpose
from sim.response.laws import draw_time, gamma, scene_days
from sim.world import LOG, World, empty_table

DRAWS = 4000
OBSERVED = (1.0, 2.0, 2.0, 10.0)


@pytest.fixture(scope="module")
def world() -> World:
    """Return a world with four observed times in its pool of numbers."""
    stream = {"name": "a", "per_day": 1, "scene": {"law": "empirical", "minutes": OBSERVED}}
    return calling_world({"streams": [stream]}, days=1)


@rule
def fill(world: Any, law: int, mean: float, shape: float, first: int, end: int, occasion: int, found: Any) -> None:
    """Fill an array with draws of a law."""
    for entity in range(len(found)):
        found[entity] = draw_time(world, law, mean, shape, first, end, Purpose.CALL_SCENE, entity, occasion)


def drawn(world: World, law: Law, mean: float = 3.0, shape: float = 0.0, occasion: int = 0) -> Any:
    """Return many draws of a law, one for each entity."""
    found = np.zeros(DRAWS)
    row = world.streams[3]
    from_python(fill)(world, law.value, mean, shape, row.scene_first, row.scene_end, occasion, found)
    return found


@compiled
def fill_gamma(found: Any, shape: float) -> None:
    """Fill an array with gamma draws."""
    for entity in range(len(found)):
        found[entity] = gamma(7, Purpose.CALL_SCENE, entity, 2, shape)


@pytest.mark.parametrize(
    ("law", "shape", "distribution"),
    [
        (Law.EXPONENTIAL, 0.0, stats.expon(scale=3.0)),
        (Law.LOGNORMAL, 0.7, stats.lognorm(0.7, scale=3.0 * np.exp(-0.5 * 0.49))),
        (Law.GAMMA, 2.5, stats.gamma(2.5, scale=3.0 / 2.5)),
        (Law.GAMMA, 0.4, stats.gamma(0.4, scale=3.0 / 0.4)),
        (Law.ERLANG_2, 0.0, stats.gamma(2.0, scale=1.5)),
    ],
)
def test_a_law_has_its_distribution(world: World, law: Law, shape: float, distribution: Any) -> None:
    assert stats.kstest(drawn(world, law, shape=shape), distribution.cdf).pvalue > 0.01
    assert distribution.mean() == pytest.approx(3.0)


def test_a_constant_time_is_constant(world: World) -> None:
    assert (drawn(world, Law.CONSTANT) == 3.0).all()


def test_observed_times_are_drawn_as_often_as_they_were_seen(world: World) -> None:
    found = drawn(world, Law.EMPIRICAL) / MINUTE
    counts = [int(np.isclose(found, minutes).sum()) for minutes in (1.0, 2.0, 10.0)]
    assert sum(counts) == DRAWS
    assert stats.chisquare(counts, [DRAWS / 4, DRAWS / 2, DRAWS / 4]).pvalue > 0.01


@pytest.mark.parametrize("law", [Law.EXPONENTIAL, Law.LOGNORMAL, Law.GAMMA, Law.ERLANG_2])
def test_times_of_two_units_are_independent(world: World, law: Law) -> None:
    first, second = (drawn(world, law, shape=0.8, occasion=number) for number in (0, 1))
    assert abs(stats.spearmanr(first, second).statistic) < 0.05


@pytest.mark.parametrize("shape", [0.02, 0.5, 0.999, 1.0, 1.001, 7.0, 900.0])
def test_gamma_is_exact_for_every_shape(shape: float) -> None:
    found = np.zeros(DRAWS)
    fill_gamma(found, shape)
    assert stats.kstest(found, stats.gamma(shape).cdf).pvalue > 0.005


@given(
    law=st.sampled_from(list(Law)),
    mean=st.floats(0.0, 1e3),
    shape=st.floats(0.05, 5.0),
    entity=st.integers(0, 2**62),
    occasion=st.integers(0, 100),
)
def test_a_time_is_never_negative_and_grows_with_its_mean(
    world: World, law: Law, mean: float, shape: float, entity: int, occasion: int
) -> None:
    row = world.streams[3]
    fields = (shape, int(row.scene_first), int(row.scene_end), Purpose.CALL_SCENE.value, entity, occasion)
    short, long = (from_python(draw_time)(world, law.value, days, *fields) for days in (mean, 2.0 * mean))
    assert 0.0 <= short <= long
    assert np.isfinite(long)
    if law != Law.EMPIRICAL:
        assert long == pytest.approx(2.0 * short)


def logged(scene: float, further: list[float]) -> World:
    """Return a world with one call of a log, with the times on scene of several units."""
    world = calling_world({"streams": []}, days=1)
    log, numbers = empty_table(LOG, 1), empty_table(world.numbers.dtype, len(further))
    numbers["value"] = further
    log["further_end"] = len(further)
    world.calls[0].stream, world.calls[0].log_row, world.calls[0].scene_days = 2, 0, scene
    return world._replace(log=log, numbers=numbers)


def test_recorded_times_hold_where_a_log_gives_them() -> None:
    scene = from_python(scene_days)
    several = logged(0.5, [0.25, 0.125])
    assert [scene(several, 0, number) for number in range(5)] == [0.5, 0.25, 0.125, 0.125, 0.125]
    one = logged(0.5, [])
    assert [scene(one, 0, number) for number in range(3)] == [0.5, 0.5, 0.5]
    none = logged(np.nan, [])
    none.calls[0].log_row = NOBODY
    assert scene(none, 0, 0) > 0.0
    assert scene(none, 0, 0) != scene(none, 0, 1)
