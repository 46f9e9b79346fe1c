"""Settling: exact counts, contiguous ranges, and characters with the stated distributions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.people import apportion, largest_temper, range_starts, settle_people
from sim.people.settle import LARGEST_HOUSEHOLD, TEMPER_BOUND, household_size, place_along_nodes, temper_scale
from sim.scenario import parameters_record
from sim.town import Town
from sim.world import World

MANY = 30_000


def settle(town: Town, **changes: Any) -> tuple[Any, Any, Any]:
    """Return residents, households and communities of a town."""
    given_values = {"residents": 300, "mean_size": 2.6, "migrant_share": 0.2, "merchants": 10, "seed": 1} | changes
    parameters = given_values.pop("parameters", {})
    return settle_people(town, parameters=parameters_record(parameters)[0], **given_values)


@pytest.fixture(scope="module")
def crowd(tiny_world: Callable[..., World]) -> World:
    """Return a world of many residents with known parameters."""
    parameters = {
        "adult_share": 0.8,
        "temper_sigma": 0.3,
        "trust_mean": 0.55,
        "trust_spread": 0.05,
        "migrant_trust_gap": 0.1,
        "initial_tension_mean": 0.05,
    }
    people = {"residents": MANY, "household_size_mean": 2.6, "migrant_share": 0.3}
    return tiny_world(people=people, parameters=parameters)


@settings(max_examples=60)
@given(st.integers(1, 700), st.floats(1.0, 6.0), st.floats(0, 1), st.integers(0, 900), st.integers(0, 2**63 - 1))
def test_everybody_lives_in_one_household_of_one_community(
    tiny_town: Town, residents: int, mean: float, share: float, merchants: int, seed: int
) -> None:
    people, homes, communities = settle(
        tiny_town, residents=residents, mean_size=mean, migrant_share=share, merchants=merchants, seed=seed
    )
    assert len(people) == residents
    assert homes["members"].min() >= 1
    assert homes["members"].max() <= LARGEST_HOUSEHOLD
    assert np.array_equal(homes["first_resident"], np.cumsum(homes["members"]) - homes["members"])
    assert np.array_equal(people["household"], np.repeat(np.arange(len(homes)), homes["members"]))
    assert people["adult"][homes["first_resident"]].all()
    assert (np.diff(homes["node"]) >= 0).all()
    assert np.array_equal(homes["community"], tiny_town.administration.node_community[homes["node"]])
    for row, community in enumerate(communities):
        mine = np.flatnonzero(homes["community"] == row)
        assert list(range(community.first_household, community.end_household)) == mine.tolist()
        assert community.end_resident - community.first_resident == homes["members"][mine].sum()
    assert communities["first_resident"][0] == 0
    assert communities["end_resident"][-1] == residents
    assert people["merchant"].sum() == min(merchants, len(homes)) == communities["merchants"].sum()
    for name, top in (
        ("tension", 1.0),
        ("temper", largest_temper(float(parameters_record({})[0].temper_sigma))),
        ("trust_grid", 1.0),
        ("trust_police", 1.0),
    ):
        assert people[name].min() >= 0
        assert people[name].max() <= top


@given(st.floats(1.0, 7.0), st.floats(1e-9, 1 - 1e-9))
def test_household_size_is_one_more_than_a_poisson_number(mean: float, draw: float) -> None:
    cumulative = stats.poisson.cdf(np.arange(LARGEST_HOUSEHOLD), mean - 1.0)
    expected = min(1 + int((cumulative < draw).sum()), LARGEST_HOUSEHOLD)
    if np.abs(cumulative - draw).min() > 1e-9:
        assert household_size(mean, draw) == expected


def test_households_have_the_stated_mean_size(crowd: World) -> None:
    sizes = 1 + np.minimum(np.arange(60), LARGEST_HOUSEHOLD - 1)
    weights = stats.poisson.pmf(np.arange(60), 1.6)
    mean = (sizes * weights).sum()
    spread = np.sqrt(((sizes - mean) ** 2 * weights).sum())
    found = crowd.households["members"]
    assert abs(found.mean() - mean) < 4 * spread / np.sqrt(len(found))


def test_adults_are_the_stated_share(crowd: World) -> None:
    assert stats.binomtest(int(crowd.residents["adult"].sum()), MANY, 0.8).pvalue > 0.001


def test_migrants_are_whole_households(crowd: World) -> None:
    heads = crowd.residents["migrant"][crowd.households["first_resident"]]
    assert np.array_equal(crowd.residents["migrant"], heads[crowd.residents["household"]])
    assert stats.binomtest(int(heads.sum()), len(heads), 0.3).pvalue > 0.001


def test_temper_is_lognormal_of_mean_one(crowd: World) -> None:
    logs = np.log(crowd.residents["temper"].astype(np.float64))
    assert stats.kstest((logs + 0.3**2 / 2) / 0.3, "norm").pvalue > 0.001


def test_trust_is_normal_lower_for_migrants_and_unlike_between_channels(crowd: World) -> None:
    people = crowd.residents
    for channel in ("trust_grid", "trust_mediation", "trust_police"):
        for migrant, mean in ((0, 0.55), (1, 0.45)):
            trust = people[channel][people["migrant"] == migrant].astype(np.float64)
            assert stats.kstest((trust - mean) / 0.05, "norm").pvalue > 0.001
    natives = people[people["migrant"] == 0]
    assert abs(np.corrcoef(natives["trust_grid"], natives["trust_police"])[0, 1]) < 0.03
    assert abs(np.corrcoef(natives["trust_grid"], natives["trust_mediation"])[0, 1]) < 0.03


def test_first_tension_is_exponential(crowd: World) -> None:
    assert stats.kstest(crowd.residents["tension"].astype(np.float64) / 0.05, "expon").pvalue > 0.001


def test_merchants_are_heads_of_households_spread_evenly(tiny_town: Town) -> None:
    people, homes, communities = settle(tiny_town, residents=2000, merchants=60)
    assert people["merchant"][homes["first_resident"]].sum() == 60
    counts = communities["end_household"] - communities["first_household"]
    assert (np.abs(communities["merchants"] - 60 * counts / counts.sum()) < 1).all()
    for community in communities:
        mine = people["merchant"][homes["first_resident"][community.first_household : community.end_household]]
        assert mine.sum() == community.merchants
        assert np.ptp(np.diff(np.flatnonzero(mine))) <= 1


def test_residents_of_a_township_and_a_county_are_ranges(
    tiny_world: Callable[..., World],
) -> None:
    town = {"counties": 2, "townships": 3, "communities": 7, "road_nodes": 120, "area_km2": 3.0}
    world = tiny_world(town=town, people={"residents": 900}, grid={"grids": 7})
    communities = world.communities
    of_resident = world.households["community"][world.residents["household"]]
    for level in ("township", "county"):
        for community in communities:
            same = communities[level] == community[level]
            mine = np.flatnonzero(same[of_resident])
            block = range(community[f"{level}_first_resident"], community[f"{level}_end_resident"])
            assert mine.tolist() == list(block)
    assert len(set(communities["township"].tolist())) == 3
    assert len(set(communities["county"].tolist())) == 2


@given(
    st.integers(1, 400),
    st.lists(st.one_of(st.just(0.0), st.floats(0.01, 5)), min_size=1, max_size=15).filter(any),
)
def test_households_stand_at_nodes_by_weight(count: int, weight: list[float]) -> None:
    nodes = place_along_nodes(count, weight)
    at = np.bincount(nodes, minlength=len(weight))
    exact = count * np.array(weight) / sum(weight)
    assert len(nodes) == count
    assert (np.diff(nodes) >= 0).all()
    assert (np.abs(at - exact) <= 1 + 1e-6).all()
    assert at[np.array(weight) == 0].sum() == 0


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20).filter(any), st.data())
def test_apportion_keeps_the_total_and_the_quota(weights: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(weights)))
    found = apportion(total, weights)
    exact = total * np.array(weights) / sum(weights)
    assert found.sum() == total
    assert (found >= np.floor(exact - 1e-9)).all()
    assert (found <= np.ceil(exact + 1e-9)).all()
    assert (found <= weights).all()


@given(st.lists(st.integers(0, 6), max_size=30))
def test_range_starts_bracket_each_value(values: list[int]) -> None:
    ordered = sorted(values)
    first, end = range_starts(np.array(ordered, dtype=np.int64), 7)
    for number in range(7):
        assert ordered[first[number] : end[number]] == [number] * ordered.count(number)


@pytest.mark.parametrize("sigma", [0.0, 0.2, 0.4, 1.0])
def test_temper_has_mean_one_whatever_its_spread(sigma: float) -> None:
    draws = np.exp(sigma * stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000) - 0.5 * sigma**2)
    assert np.mean(np.minimum(draws, TEMPER_BOUND) * temper_scale(sigma)) == pytest.approx(1.0, abs=1e-4)
    assert largest_temper(sigma) >= TEMPER_BOUND * temper_scale(sigma)
