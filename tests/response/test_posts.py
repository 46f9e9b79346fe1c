"""Posts: near people, spread over townships and shifts, the same every time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra
from squares import square

from sim.response.posts import deal_posts, place_posts, share_out, spread_order
from sim.town import driving_graph


def mean_seconds(town: Any, posts: Any) -> float:
    """Return the residents' mean driving time from the nearest post."""
    return float(town.weight @ dijkstra(driving_graph(town.roads), indices=posts, min_only=True))


def uneven(town: Any) -> Any:
    """Return the town with most of its residents in one corner."""
    x, y = town.roads.x_metres, town.roads.y_metres
    weight = np.exp(-(x + y) / 800.0)
    return replace(town, weight=weight / weight.sum())


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_posts_beat_every_one_of_many_random_placements(count: int) -> None:
    town = uneven(square(12))
    posts = place_posts(town, count)
    assert len(np.unique(posts)) == count
    random = np.random.default_rng(1)
    others = [mean_seconds(town, random.choice(144, count, replace=False, p=town.weight)) for _ in range(200)]
    assert mean_seconds(town, posts) <= min(others) * 1.03
    assert mean_seconds(town, posts) < np.mean(others)


def test_each_township_has_a_post_and_the_larger_ones_more() -> None:
    town = uneven(square(12, townships=4))
    posts = place_posts(town, 9)
    counts = np.bincount(town.administration.node_community[posts], minlength=4)
    assert counts.min() >= 1
    assert counts[0] == counts.max() > counts.min()


def test_fewer_posts_than_townships_serve_the_town_as_a_whole() -> None:
    town = square(12, townships=6)
    posts = place_posts(town, 2)
    assert len(np.unique(posts)) == 2
    assert mean_seconds(town, posts) < 0.8 * mean_seconds(town, place_posts(town, 1))


def test_posts_stand_only_where_access_is_open() -> None:
    town = square(8)
    allowed = np.arange(64) % 3 == 0
    town = replace(town, roads=replace(town.roads, open_to_access=allowed))
    assert allowed[place_posts(town, 7)].all()
    assert len(place_posts(town, int(allowed.sum()))) == allowed.sum()
    with pytest.raises(ValueError, match="do not fit"):
        place_posts(town, int(allowed.sum()) + 1)
    with pytest.raises(ValueError, match="at least one post"):
        place_posts(town, 0)


def test_places_without_residents_are_no_obstacle() -> None:
    town = square(4)
    weight = np.zeros(16)
    weight[5] = 1.0
    town = replace(town, weight=weight)
    assert 5 in place_posts(town, 1)
    assert len(np.unique(place_posts(town, 16))) == 16


def test_placement_is_deterministic() -> None:
    town = uneven(square(10, townships=2))
    assert place_posts(town, 6).tolist() == place_posts(town, 6).tolist()


@given(
    weight=st.lists(st.floats(0.0, 10.0), min_size=1, max_size=12),
    room=st.lists(st.integers(0, 9), min_size=12, max_size=12),
    count=st.integers(0, 60),
)
def test_seats_fit_and_are_all_given(weight: list[float], room: list[int], count: int) -> None:
    shares, places = np.array(weight), np.array(room[: len(weight)])
    if count > places.sum():
        with pytest.raises(ValueError, match="do not fit"):
            share_out(count, shares, places)
        return
    seats = share_out(count, shares, places)
    assert seats.sum() == count
    assert (seats <= places).all()
    served = (shares > 0.0) & (places > 0)
    if count >= served.sum():
        assert (seats[served] >= 1).all()


@given(posts=st.integers(1, 40), units=st.integers(0, 200), first=st.integers(0, 199), length=st.integers(1, 100))
def test_any_run_of_crews_is_dealt_evenly(posts: int, units: int, first: int, length: int) -> None:
    dealt = deal_posts(units, posts)
    counts = np.bincount(dealt[first : first + length], minlength=posts)
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("posts", [4, 7, 16, 33])
def test_a_small_shift_lies_in_both_halves_of_the_town(posts: int) -> None:
    order = spread_order(posts)
    assert sorted(order.tolist()) == list(range(posts))
    around = np.concatenate((order, order))
    for first in range(posts):
        run = around[first : first + 4]
        assert run.min() < posts / 2 <= run.max() + 0.5
