"""Ties: symmetric, some ten, clustered with short paths; and with whom one quarrels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.codes import NOBODY, Tie
from sim.engine.compiled import from_python
from sim.people import neighbour_household, other_party, tie_in_layer, ties_of
from sim.people.ties import partner, scramble
from sim.world import World

KEYS = st.tuples(*[st.integers(0, 0xFFFFFFFF)] * 4)


@pytest.fixture(scope="module")
def world(tiny_world: Callable[..., World]) -> World:
    """Return a world of two counties and 2,000 residents."""
    town = {"counties": 2, "townships": 4, "communities": 8, "road_nodes": 150, "area_km2": 4.0}
    return tiny_world(
        town=town, grid={"grids": 8}, people={"residents": 2000, "merchants": 50, "household_size_mean": 2.6}
    )


@pytest.fixture(scope="module")
def ties(world: World) -> list[dict[Tie, list[int]]]:
    """Return everybody's ties."""
    return [ties_of(world, resident) for resident in range(len(world.residents))]


@given(st.integers(1, 300), KEYS)
def test_scramble_is_a_bijection_that_can_be_undone(size: int, keys: Any) -> None:
    image = [scramble(number, size, keys, False) for number in range(size)]
    assert sorted(image) == list(range(size))
    assert [scramble(value, size, keys, True) for value in image] == list(range(size))


@given(st.integers(0, 2**63 - 1), st.integers(0, 3), st.integers(0, 10**6), st.integers(0, 60))
def test_partners_are_symmetric_and_all_but_one_have_one(seed: int, layer: int, first: int, size: int) -> None:
    block = range(first, first + size)
    found = {resident: partner(seed, layer, first, first + size, resident) for resident in block}
    for resident, other in found.items():
        assert other != resident
        assert other == NOBODY or (other in block and found[other] == resident)
    assert list(found.values()).count(NOBODY) == size % 2


def test_anybody_of_the_block_may_be_the_partner() -> None:
    for size in (64, 200):
        found = [partner(seed, 2, 100, 100 + size, 117) for seed in range(6000)]
        counts = np.bincount(np.array(found) - 100, minlength=size)
        assert counts[17] == 0
        assert stats.chisquare(np.delete(counts, 17)).pvalue > 0.001


def test_layers_and_seeds_pair_differently() -> None:
    pairs = {
        (seed, layer): tuple(partner(seed, layer, 0, 500, resident) for resident in range(500))
        for seed in (1, 2)
        for layer in range(4)
    }
    for one, first in pairs.items():
        for other, second in pairs.items():
            if one < other:
                assert sum(a == b for a, b in zip(first, second, strict=True)) < 10


def test_ties_are_mutual(ties: list[dict[Tie, list[int]]]) -> None:
    for resident, found in enumerate(ties):
        for kind, others in found.items():
            assert resident not in others
            for other in others:
                assert resident in ties[other][kind]


def test_everybody_has_about_nine_ties(ties: list[dict[Tie, list[int]]]) -> None:
    numbers = [len({other for others in found.values() for other in others}) for found in ties]
    assert 8.0 < np.mean(numbers) < 11.0
    assert min(numbers) >= 2


def test_ties_stay_in_their_block(world: World, ties: list[dict[Tie, list[int]]]) -> None:
    home = world.residents["household"]
    community = world.households["community"][home]
    township, county = (world.communities[level][community] for level in ("township", "county"))
    far = 0
    for resident, found in enumerate(ties):
        assert all(home[other] == home[resident] for other in found[Tie.HOUSEHOLD])
        assert len(found[Tie.HOUSEHOLD]) == world.households["members"][home[resident]] - 1
        assert all(abs(home[other] - home[resident]) == 1 for other in found[Tie.NEIGHBOUR])
        assert all(community[other] == community[resident] for other in found[Tie.NEIGHBOUR])
        assert all(township[other] == township[resident] for other in found[Tie.WORK])
        assert all(world.residents["adult"][other] for other in found[Tie.WORK])
        assert world.residents["adult"][resident] or not found[Tie.WORK]
        assert all(county[other] == county[resident] for other in found[Tie.KIN])
        far += sum(county[other] != county[resident] for other in found[Tie.MARKET])
    assert far > 100, "acquaintances are found in the whole town"


def test_ties_make_a_small_world(ties: list[dict[Tie, list[int]]]) -> None:
    graph = nx.Graph(
        (resident, other) for resident, found in enumerate(ties) for others in found.values() for other in others
    )
    random_graph = nx.gnm_random_graph(graph.number_of_nodes(), graph.number_of_edges(), seed=1)
    assert nx.is_connected(graph)
    assert nx.average_clustering(graph) > 20 * nx.average_clustering(random_graph)
    sources = range(0, graph.number_of_nodes(), 50)

    def mean_path(one: Any) -> float:
        return float(np.mean([np.mean(list(nx.single_source_shortest_path_length(one, s).values())) for s in sources]))

    assert mean_path(graph) < 2.0 * mean_path(random_graph)


def test_neighbours_stop_at_a_communitys_edge(world: World) -> None:
    beside = from_python(neighbour_household)
    for community in world.communities:
        assert beside(world, community.first_household, False) == NOBODY
        assert beside(world, community.end_household - 1, True) == NOBODY
        assert beside(world, community.first_household, True) == community.first_household + 1


@settings(max_examples=300)
@given(resident=st.integers(0, 1999), tie=st.sampled_from(Tie), number=st.integers(0, 10**9))
def test_one_quarrels_with_somebody_of_the_tie(world: World, resident: int, tie: Tie, number: int) -> None:
    other, used = from_python(other_party)(world, resident, int(tie), number)
    home, there = world.residents["household"][[resident, other]]
    kin = from_python(tie_in_layer)(world, resident, 2)
    beside_or_kin = other == kin or abs(int(home) - int(there)) == 1
    assert 0 <= other < 2000
    assert other != resident
    assert used == tie or (used == Tie.KIN and other == kin) or used == Tie.NEIGHBOUR
    if tie == Tie.HOUSEHOLD and world.households["members"][home] > 1:
        assert there == home
    elif tie == Tie.NEIGHBOUR:
        assert abs(int(home) - int(there)) == 1
        assert other == world.households["first_resident"][there]
        assert world.households["community"][home] == world.households["community"][there]
    elif tie == Tie.MARKET:
        same = world.households["community"][home] == world.households["community"][there]
        assert beside_or_kin or (world.residents["merchant"][other] and same)
    elif tie == Tie.KIN:
        assert beside_or_kin
    elif tie == Tie.WORK:
        work = [from_python(tie_in_layer)(world, resident, layer) for layer in (0, 1)]
        assert other in work or (beside_or_kin and NOBODY in work)


def test_strangers_and_merchants_are_chosen_evenly(world: World) -> None:
    party = from_python(other_party)
    strangers = np.array([party(world, 5, int(Tie.STRANGER), number)[0] for number in range(4000)])
    assert stats.kstest(strangers / 2000, "uniform").pvalue > 0.001
    merchants = [party(world, 5, int(Tie.MARKET), number)[0] for number in range(4000)]
    counts = np.unique(merchants, return_counts=True)[1]
    assert len(counts) == world.communities["merchants"][0]
    assert stats.chisquare(counts).pvalue > 0.001


def test_a_member_of_the_household_is_chosen_evenly(world: World) -> None:
    home = int(np.flatnonzero(world.households["members"] >= 4)[0])
    first, size = int(world.households["first_resident"][home]), int(world.households["members"][home])
    for resident in (first, first + 1, first + size - 1):
        found = [from_python(other_party)(world, resident, int(Tie.HOUSEHOLD), number)[0] for number in range(1500)]
        counts = np.bincount(np.array(found) - first, minlength=size)
        assert counts[resident - first] == 0
        assert stats.chisquare(np.delete(counts, resident - first)).pvalue > 0.001
