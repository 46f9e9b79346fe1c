"""Contagion: neutral at ratio 0, offspring of their own luck, near their parent; homes are found as by brute force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import town_fingerprint

from sim.disputes.contagion import FIRST_ADDRESS, nearest_home
from sim.engine.compiled import from_python
from sim.model import TownModel
from sim.world import World

Maker = Callable[..., TownModel]
DAYS = 20


@pytest.mark.parametrize("disputes", [{"contagion": {"branching_ratio": 0.0}}, {"organisations": {}}])
def test_size_zero_changes_nothing(tiny_model: Maker, disputes: dict[str, Any]) -> None:
    nobody = {"organisation_share": [0.0] * 15}
    without = tiny_model(calendar={"days": DAYS}, parameters=nobody).run()
    zero = tiny_model(calendar={"days": DAYS}, disputes=disputes, parameters=nobody).run()
    assert town_fingerprint(without.world) == town_fingerprint(zero.world)
    assert int(without.world.state[0].dispute_rows) > 50


def test_offspring_come_after_and_near_their_like(tiny_model: Maker, quiet: dict[str, Any], rows: Any) -> None:
    contagion = {"branching_ratio": 0.5, "decay_per_day": 1.0, "kernel_metres": 20.0}
    parameters = {**quiet, "dispute_rate_per_1000_per_year": 3000.0}
    born = rows(tiny_model(disputes={"contagion": contagion}, parameters=parameters).run(), "disputes")
    of_others = born["address"] >= FIRST_ADDRESS
    assert 0.35 < of_others.mean() < 0.6
    assert len(set(born["address"].tolist())) == len(born)
    assert not of_others[0]


def test_the_total_rate_stays_the_stated_one(tiny_model: Maker, quiet: dict[str, Any], rows: Any) -> None:
    flat: dict[str, Any] = {"temper_sigma": 0.0, "friction_tension_gain": 0.0, "tension_per_friction": 0.0}
    flat |= {"friction_weekday_weight": [1.0] * 7, "friction_month_weight": [1.0] * 12}
    contagion = {"branching_ratio": 0.6, "decay_per_day": 5.0}
    parameters = {**quiet, **flat, "dispute_rate_per_1000_per_year": 10_000.0}
    counts = [
        len(rows(tiny_model(seed, disputes={"contagion": contagion}, parameters=parameters).run(), "disputes"))
        for seed in range(1, 4)
    ]
    expected = 10.0 * 500 / 365 * 40
    # A cluster has 1 / (1 - .6) disputes on average: the variance is (1 - .6) ** -2 times that of a Poisson number.
    assert abs(np.mean(counts) - expected) < 4 * (expected / 3) ** 0.5 / 0.4


@pytest.fixture(scope="module")
def contagious(tiny_world: Callable[..., World]) -> World:
    return tiny_world(disputes={"contagion": {}})


@given(x=st.floats(-2000, 3000), y=st.floats(-2000, 3000))
def test_the_nearest_home_is_that_of_brute_force(contagious: World, x: float, y: float) -> None:
    world = contagious
    lived_in = np.unique(world.households["node"])
    places = np.column_stack([world.nodes["x_metres"], world.nodes["y_metres"]])
    low = places[lived_in].min(axis=0)
    row = world.contagion[0]
    high = low + row.cell_metres * np.array([row.columns, row.bands])
    aim = np.clip([x, y], low, high)
    found = from_python(nearest_home)(world, x, y)
    distance = np.hypot(*(places - aim).T)
    assert found in lived_in
    assert distance[found] == pytest.approx(distance[lived_in].min())


@pytest.mark.parametrize("elasticity", [0.0, 0.5])
def test_density_has_mean_one_over_residents(tiny_world: Callable[..., World], elasticity: float) -> None:
    world = tiny_world(parameters={"friction_density_elasticity": elasticity})
    factor = world.homes["density_factor"][world.households["node"][world.residents["household"]]]
    assert factor.mean() == pytest.approx(1.0)
    assert (factor.std() > 0) == (elasticity > 0)
