"""Tension decays with its half-life, stays within 0..1, and its sum by district is kept without a pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.compiled import from_python
from sim.people import add_tension, decayed, district_tension_sum, relieve, set_tension, tension_at
from sim.world import World

HALF_LIFE = 12.0
RESIDENTS = 60


@pytest.fixture(scope="module")
def fresh(tiny_world: Callable[..., World]) -> Callable[[], World]:
    """Return a function that gives a small world with two districts; its tables are copies."""
    world = tiny_world(
        people={"residents": RESIDENTS},
        grid={"grids": 2},
        parameters={"tension_half_life_days": HALF_LIFE, "initial_tension_mean": 0.2},
        records={"district": "community"},
    )
    return lambda: world._replace(residents=world.residents.copy(), districts=world.districts.copy())


def sums(world: World, now: float) -> list[float]:
    """Return each district's sum of tension by a pass over its residents."""
    district = world.communities["district"][world.households["community"][world.residents["household"]]]
    tension = np.array([from_python(tension_at)(world, row, now) for row in range(RESIDENTS)])
    return [float(tension[district == row].sum()) for row in range(len(world.districts))]


@given(st.floats(0, 1), st.floats(0, 500), st.floats(0.1, 400))
def test_decay_halves_in_a_half_life(tension: float, days: float, half_life: float) -> None:
    assert decayed(tension, days, half_life) == pytest.approx(tension * 0.5 ** (days / half_life))
    assert decayed(tension, half_life, half_life) == pytest.approx(tension / 2)
    assert decayed(tension, -days, half_life) == tension


@given(st.floats(0, 100), st.floats(0, 100))
def test_decay_in_two_parts_is_decay_at_once(first: float, second: float) -> None:
    assert decayed(decayed(0.8, first, 30.0), second, 30.0) == pytest.approx(decayed(0.8, first + second, 30.0))


@given(value=st.floats(-2, 3), wait=st.floats(0, 300))
def test_a_residents_tension_is_cut_and_decays(fresh: Callable[[], World], value: float, wait: float) -> None:
    world = fresh()
    from_python(set_tension)(world, 3, value, 4.0)
    expected = min(max(value, 0.0), 1.0) * 0.5 ** (wait / HALF_LIFE)
    assert from_python(tension_at)(world, 3, 4.0 + wait) == pytest.approx(expected, abs=1e-7)


@settings(max_examples=40)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from([set_tension, add_tension, relieve]),
            st.integers(0, RESIDENTS - 1),
            st.floats(-1, 1),
            st.floats(0, 20),
        ),
        max_size=30,
    )
)
def test_a_districts_sum_is_the_sum_over_its_residents(
    fresh: Callable[[], World], steps: list[tuple[Callable[..., None], int, float, float]]
) -> None:
    world, now = fresh(), 0.0
    for operation, resident, amount, wait in steps:
        now += wait
        size = abs(amount) if operation is relieve else amount
        from_python(operation)(world, resident, size, now)
        assert 0.0 <= from_python(tension_at)(world, resident, now) <= 1.0
    kept = [from_python(district_tension_sum)(world, row, now + 3.0) for row in range(len(world.districts))]
    assert kept == pytest.approx(sums(world, now + 3.0), abs=2e-5)


def test_adding_and_relieving(fresh: Callable[[], World]) -> None:
    world = fresh()
    from_python(set_tension)(world, 7, 0.8, 0.0)
    from_python(add_tension)(world, 7, 0.3, HALF_LIFE)
    assert from_python(tension_at)(world, 7, HALF_LIFE) == pytest.approx(0.7, abs=1e-6)
    from_python(relieve)(world, 7, 0.25, HALF_LIFE)
    assert from_python(tension_at)(world, 7, HALF_LIFE) == pytest.approx(0.525, abs=1e-6)
    from_python(add_tension)(world, 7, -0.9, HALF_LIFE)
    assert from_python(tension_at)(world, 7, HALF_LIFE) == 0.0
