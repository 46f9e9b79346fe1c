"""Hot spots found from calls: where most came in lately, apart from each other, and never from the future."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playing import at, call, line, stage
from squares import square

from sim.codes import NOBODY, Status
from sim.engine.clock import MINUTE


def found(model: Any) -> list[int]:
    """Return the nodes of the spots that have a place, sorted."""
    nodes = model.world.spots["node"]
    return sorted(nodes[nodes != NOBODY].tolist())


def group(**fields: Any) -> list[dict[str, Any]]:
    """Return one unit that makes rounds of spots found from calls."""
    return [at(0, mode="hot_spots", hot_spots={"spots": 2, "radius_metres": 0, "renew_days": 1, **fields})]


def calls_at(*places: tuple[int, int, int]) -> list[dict[str, Any]]:
    """Return calls (node, day, number) a few minutes apart."""
    return [
        call(1440 * day + 300 + 11 * k + 3 * n, node, scene=1)
        for n, (node, day, number) in enumerate(places)
        for k in range(number)
    ]


def test_the_places_with_most_calls_are_found() -> None:
    model = stage(line(9), group(), calls_at((3, 0, 5), (6, 0, 7), (8, 0, 2)), days=3)
    model.run_until(0.99)
    assert found(model) == [], "nothing is known on the first day"
    assert model.world.units[0].status == Status.AT_POST
    model.run_until(1.01)
    assert found(model) == [3, 6]
    interval = float(model.world.groups[0].interval)
    assert model.world.spots["visited"].tolist() == pytest.approx([1.0 - interval] * 2), "a new spot is due"
    assert sorted(model.world.spots["calls"].tolist()) == [5.0, 7.0]
    model.run_until(1.02)
    assert model.world.units[0].status in (Status.PATROLLING, Status.DWELLING)
    model.run()
    assert model.world.spots["visits"].min() > 10


def test_nothing_is_known_of_the_future() -> None:
    past = calls_at((3, 0, 5), (6, 0, 7), (2, 1, 4))
    future = calls_at((8, 2, 40), (1, 2, 30))
    with_future, without = (stage(line(9), group(), calls, days=4) for calls in (past + future, past))
    for moment in (1.01, 1.6, 2.01, 2.2):
        for model in (with_future, without):
            model.run_until(moment)
        assert with_future.world.spots.tobytes() == without.world.spots.tobytes()
        assert with_future.world.units.tobytes() == without.world.units.tobytes()
    for model in (with_future, without):
        model.run_until(3.01)
    assert found(with_future) == [1, 8]
    assert found(without) != found(with_future)


def test_old_calls_are_forgotten() -> None:
    calls = calls_at((3, 0, 9), (6, 1, 2), (4, 2, 1))
    model = stage(line(9), group(window_days=1), calls, days=4)
    seen = []
    for day in (1, 2, 3):
        model.run_until(day + 0.01)
        seen.append(found(model))
    assert seen == [[3], [6], [4]]


def test_spots_keep_apart_and_count_what_lies_around_them() -> None:
    calls = calls_at((13, 0, 3), (14, 0, 4), (15, 0, 3), (35, 0, 2))
    model = stage(square(), group(radius_metres=250), calls, days=2)
    model.run_until(1.01)
    # Around n14 lie ten calls; those of n13 and n15 make no second spot beside it. n29, n34 and n35 have n35's two.
    assert found(model) == [14, 29]
    assert sorted(model.world.spots["calls"].tolist()) == [2.0, 10.0]


def test_ties_go_to_the_lowest_node_and_a_spot_keeps_its_row() -> None:
    calls = calls_at((5, 0, 3), (2, 0, 3), (7, 0, 3), (7, 1, 2), (5, 1, 3))
    model = stage(line(9), group(), calls, days=3)
    model.run_until(1.01)
    assert found(model) == [2, 5]
    row = int(np.flatnonzero(model.world.spots["node"] == 5)[0])
    model.run_until(1.99)
    visited = float(model.world.spots[row].visited)
    visits = int(model.world.spots[row].visits)
    assert visits > 0
    model.run_until(2.0 + 0.2 * MINUTE)
    assert found(model) == [5, 7]
    assert model.world.spots[row].node == 5
    assert model.world.spots[row].visited >= visited
    assert model.world.spots[row].visits >= visits


def test_given_spots_stay() -> None:
    groups = [at(0, mode="hot_spots", hot_spots={"nodes": ["n2", "n4"]})]
    model = stage(line(9), groups, calls_at((8, 0, 30)), days=3).run()
    assert found(model) == [2, 4]


@pytest.mark.parametrize("renew", [0.25, 1.0, 2.0, 7.0])
def test_spots_are_renewed_on_their_days(renew: float) -> None:
    calls = [call(60 * hour, 1 + hour // 6 % 7, scene=1) for hour in range(5 * 24)]
    model = stage(line(9), group(renew_days=renew, window_days=0.25), calls, days=5)
    first = min(renew, 1.0)
    due = {round(first + k * renew, 6) for k in range(40)}
    before = found(model)
    for quarter in range(1, 20):
        model.run_until(quarter / 4 + 0.001)
        if found(model) != before:
            assert quarter / 4 in due
        before = found(model)
    assert before


def test_two_spots_are_more_than_a_radius_apart() -> None:
    # Around n2 lie seven calls. What is left are those of n4, as near to n3, which is too near to n2.
    calls = calls_at((1, 0, 5), (2, 0, 1), (3, 0, 1), (4, 0, 3))
    model = stage(line(7), group(radius_metres=600), calls, days=2)
    model.run_until(1.01)
    assert found(model) == [2, 4]
