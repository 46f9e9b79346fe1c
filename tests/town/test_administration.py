"""County, township and community over a network: counts, nesting, balance, compactness, walk order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.town import Roads, TownError
from sim.town.administration import administer, hilbert_place, settle_administration, shares_of


def test_shares_add_up_and_differ_by_one_at_most() -> None:
    assert shares_of(10, 4) == [3, 3, 2, 2]


@pytest.mark.parametrize("bits", [1, 3, 5])
def test_hilberts_curve_visits_every_cell_once_and_steps_to_a_neighbour(bits: int) -> None:
    x, y = (axis.ravel().astype(np.int32) for axis in np.meshgrid(np.arange(2**bits), np.arange(2**bits)))
    order = np.argsort(hilbert_place(x, y, bits))
    assert sorted(hilbert_place(x, y, bits).tolist()) == list(range(4**bits))
    assert np.all(np.abs(np.diff(x[order])) + np.abs(np.diff(y[order])) == 1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), columns=st.integers(2, 9), rows=st.integers(2, 9))
def test_any_counts_are_met_nested_and_in_order(
    chequered: Callable[..., Roads], data: st.DataObject, columns: int, rows: int
) -> None:
    roads = chequered(columns, rows)
    weight = np.array(
        data.draw(st.lists(st.sampled_from([0.0, 0.1, 1.0, 50.0]), min_size=len(roads), max_size=len(roads)))
    )
    homes = int(np.count_nonzero(weight))
    if homes == 0:
        return
    communities = data.draw(st.integers(1, homes))
    townships = data.draw(st.integers(1, communities))
    counties = data.draw(st.integers(1, townships))
    town = settle_administration(roads, weight, (counties, townships, communities), [])
    tree = town.administration
    columns_of = (
        (tree.node_community, communities),
        (tree.community_township, townships),
        (tree.township_county, counties),
    )
    for column, count in columns_of:
        assert np.all(np.diff(column) >= 0)
        assert set(column.tolist()) == set(range(count))
    assert len(tree.node_community) == len(roads)
    assert len(tree.community_township) == communities
    assert np.all(np.bincount(tree.node_community, weights=town.weight, minlength=communities) > 0.0)
    assert town.weight.sum() == pytest.approx(1.0)
    assert sorted(town.roads.node_ids) == sorted(roads.node_ids)
    names = (tree.county_names, tree.township_names, tree.community_names)
    assert [len(each) for each in names] == [counties, townships, communities]


def test_equal_weights_give_equal_and_compact_communities(chequered: Callable[..., Roads]) -> None:
    roads = chequered(16, 16)
    town = settle_administration(roads, np.ones(256), (1, 4, 16), [])
    assert np.bincount(town.administration.node_community).tolist() == [16] * 16
    for community in range(16):
        inside = town.administration.node_community == community
        assert np.ptp(town.roads.x_metres[inside]) == np.ptp(town.roads.y_metres[inside]) == 300.0


def test_consecutive_nodes_are_near_each_other(chequered: Callable[..., Roads]) -> None:
    town = settle_administration(chequered(24, 12), np.ones(288), (1, 2, 8), [])
    step = np.hypot(np.diff(town.roads.x_metres), np.diff(town.roads.y_metres))
    same = np.diff(town.administration.node_community) == 0
    assert step[same].mean() < 130.0  # neighbours are 100 m apart; in a random order it would be 300 m


def test_the_arcs_follow_the_new_numbers(chequered: Callable[..., Roads]) -> None:
    roads = chequered(5, 4)
    town = settle_administration(roads, np.ones(20), (1, 1, 3), [])

    def named(each: Roads) -> set[tuple[str, str]]:
        return {(each.node_ids[a], each.node_ids[b]) for a, b in zip(each.tail, each.head, strict=True)}

    assert named(town.roads) == named(roads)
    assert np.all(np.diff(town.roads.tail) >= 0)


def test_impossible_counts_are_refused_together(chequered: Callable[..., Roads]) -> None:
    with pytest.raises(TownError) as caught:
        administer(chequered(2, 2), np.ones(4), 3, 2, 9)
    assert len(caught.value.problems) == 2
    assert "cannot be nested" in str(caught.value)
    assert "9 communities need at least 9 nodes" in str(caught.value)
