"""Patrol by mode: beats are driven round, hot spots in turn with their dwell, calls interrupt and patrols resume."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from playing import at, call, line, seen, stage
from squares import square

from sim.codes import Geometry, Mode, Status
from sim.engine.clock import HOUR, MINUTE
from sim.engine.compiled import from_python
from sim.model import TownModel
from sim.response import ledger_at
from sim.response.patrol import next_spot
from sim.scenario import Scenario


def spots(*nodes: int, **fields: Any) -> dict[str, Any]:
    """Return the mode of rounds between given nodes."""
    return {"mode": "hot_spots", "hot_spots": {"nodes": [f"n{node}" for node in nodes], **fields}}


def watch(model: TownModel, moments: Any) -> list[tuple[int, int]]:
    """Return the goal's node and the status of unit 0 at moments in minutes."""
    found = []
    for minute in moments:
        model.run_until(minute * MINUTE)
        found.append((int(model.world.units[0].to_node), int(model.world.units[0].status)))
    return found


def test_stops_last_their_dwell_and_spots_take_turns() -> None:
    model = stage(line(7), [at(3, **spots(0, 6, dwell_minutes=10))], [])
    # 3 minutes to n0, 10 there, 6 to n6, 10 there, 6 back.
    assert watch(model, [1, 4, 12.9, 13.1, 18.9, 19.1, 28.9, 29.1, 35.1]) == [
        (0, Status.PATROLLING),
        (0, Status.DWELLING),
        (0, Status.DWELLING),
        (6, Status.PATROLLING),
        (6, Status.PATROLLING),
        (6, Status.DWELLING),
        (6, Status.DWELLING),
        (0, Status.PATROLLING),
        (0, Status.DWELLING),
    ]
    model.run()
    visits = model.world.spots["visits"]
    assert visits.sum() == pytest.approx(1440 / 16, abs=2)
    assert np.ptp(visits) <= 1
    assert model.world.units[0].spent[Status.DWELLING] / MINUTE == pytest.approx(10 * visits.sum(), abs=10)


def test_units_do_not_share_a_spot() -> None:
    model = stage(line(9), [at(0, 4, 8, **spots(1, 7, dwell_minutes=30))], [])
    both = 0
    for minute in range(5, 1440, 7):
        model.run_until(minute * MINUTE)
        units = model.world.units
        goals = units["goal"][np.isin(units["status"], (Status.PATROLLING, Status.DWELLING))]
        both += len(goals) == 2
        assert len(set(goals.tolist())) == len(goals)
    assert both > 100, "two of three units are at the spots, the third waits"


def test_a_spot_that_waits_longest_is_next_and_the_interval_is_kept() -> None:
    model = stage(square(8), [at(0, 63, **spots(0, 7, 27, 36, 56, 63))], [], days=2)
    latest = []
    for minute in range(240, 2880, 10):
        model.run_until(minute * MINUTE)
        latest.append((minute * MINUTE - model.world.spots["visited"]).max())
    assert max(latest) < 2 * HOUR


@pytest.mark.parametrize("nodes", [(1, 2, 29), (29, 1, 2)])
def test_a_late_spot_comes_before_a_near_one(nodes: tuple[int, ...]) -> None:
    fields = spots(*nodes, dwell_minutes=5, interval_minutes=60)
    model = stage(line(30), [at(0, **fields)], [], days=1)
    gaps = []
    last = 0
    for minute in range(2, 1440, 2):
        model.run_until(minute * MINUTE)
        visits = int(model.world.spots["visits"][nodes.index(29)])
        if visits > last:
            gaps.append(minute)
            last = visits
    # Going there and back takes 58 minutes; the near spots alone would keep the unit for ever.
    assert len(gaps) >= 8
    assert np.diff(gaps).max() <= 60 + 2 * 29 + 5 + 5


@pytest.mark.parametrize(
    ("waited", "interval", "chosen"),
    [
        ((50, 61), 60, 29),  # minutes since the last stop at the place of the crew, and 29 minutes off
        ((61, 50), 60, 1),
        ((50, 61), 120, 1),
        ((8, 30), 120, 1),  # eight minutes for five of a stop, thirty for thirty-four
        ((4, 30), 120, 29),
    ],
)
@pytest.mark.parametrize("far_first", [False, True])
def test_which_spot_is_next(waited: tuple[float, float], interval: float, chosen: int, far_first: bool) -> None:
    nodes = (29, 1) if far_first else (1, 29)
    model = stage(line(30), [at(1, **spots(*nodes, dwell_minutes=5, interval_minutes=interval))], [])
    now = 0.5
    by_node = dict(zip((1, 29), waited, strict=True))
    model.world.spots["visited"] = [now - by_node[node] * MINUTE for node in nodes]
    unit = model.world.units[0]
    unit.node = unit.to_node = 1
    assert model.world.spots["node"][from_python(next_spot)(model.world, 0, now)] == chosen


def test_a_call_interrupts_a_stop_which_then_does_not_count() -> None:
    model = stage(line(7), [at(0, **spots(0, 6, dwell_minutes=20))], [call(15, 1, scene=10)])
    model.run_until(26.5 * MINUTE)
    assert model.world.spots["visits"].sum() == 0
    # 15 + 1 + 10 minutes: free again next to the spot, which it takes up anew for its whole dwell.
    assert watch(model, [26.6, 27.5, 46.5, 47.5]) == [
        (0, Status.PATROLLING),
        (0, Status.DWELLING),
        (0, Status.DWELLING),
        (6, Status.PATROLLING),
    ]
    assert model.world.spots["visits"].tolist() == [1, 0]


def test_a_unit_on_patrol_is_sent_from_where_it_is() -> None:
    found = seen(stage(line(11), [at(0, **spots(0, 10, dwell_minutes=10))], [call(15.5, 3)]).run())
    # Since minute 10 on its way to n10, at 15.5 between n5 and n6: it turns at n6.
    assert found.calls.arrived[0] == pytest.approx(16.0 + 3.0)
    assert found.dispatches.from_node[0] == 6


def test_with_units_on_the_move_out_of_reach_only_those_at_posts_are_sent() -> None:
    groups = [at(2, mode="random", name="car"), at(8, name="post")]
    for on_the_move, unit in ((True, 0), (False, 1)):
        model = stage(line(9), groups, [call(30.2, 2)], dispatch={"on_the_move": on_the_move})
        found = seen(model.run())
        assert (found.calls.unit[0] == unit) or on_the_move
        assert found.calls.arrived[0] >= 30.2


def test_a_beat_is_driven_round_and_taken_up_again() -> None:
    model = stage(square(8), [at(27, mode="beat", beat_km=4)], [call(100, 63, scene=30)], days=1)
    post = model.world.posts[0]
    stops = model.world.lists["row"][int(post.first_stop) : int(post.end_stop)].tolist()
    assert stops[0] == 27
    assert len(stops) >= 4
    goals = []
    for minute in np.arange(0.2, 99, 0.1):
        model.run_until(minute * MINUTE)
        goals.append(int(model.world.units[0].goal) - int(post.first_stop))
    turns = [goal for before, goal in itertools.pairwise(goals) if goal != before]
    assert turns == [(turns[0] + step) % len(stops) for step in range(len(turns))]
    assert len(turns) > 2 * len(stops)
    bound_for = goals[-1]
    model.run_until(100.5 * MINUTE)
    bound_for = int(model.world.units[0].goal)
    assert model.world.units[0].status == Status.TO_SCENE
    model.run_until(model.world.units[0].due + 30.5 * MINUTE)
    assert model.world.units[0].status == Status.PATROLLING
    assert model.world.units[0].goal == bound_for


@pytest.mark.parametrize("mode", ["random", "beat", "hot_spots"])
def test_patrols_end_with_the_shift_and_every_moment_is_booked(mode: str) -> None:
    group = {"name": "patrol", "units": 3, "shift_hours": 8, "mode": mode}
    model = stage(square(), [group], [call(31.0 * k, (7 * k) % 36, scene=20) for k in range(80)], days=3).run()
    days = ledger_at(model.world.units, 3.0)
    assert days.sum(axis=1) == pytest.approx(np.full(3, 3.0))
    assert days[:, Status.OFF_DUTY].sum() * 24 == pytest.approx(3 * 48, abs=8)
    driven = days[:, [Status.PATROLLING, Status.DWELLING]].sum()
    assert (driven > 0.3) == (mode != "hot_spots" or model.world.spots["visits"].sum() > 0)


def test_a_town_of_one_node_leaves_nowhere_to_go() -> None:
    town = {"kind": "plane", "area_km2": 1, "metric": "euclidean", "speed_kmh": 30, "lattice": 1}
    for mode in ("random", "beat", "hot_spots"):
        for travel in ({}, {"none": True}):
            groups = [{"name": "patrol", "units": 2, "shift_hours": 24, "mode": mode}]
            response = {"groups": groups, "travel": travel}
            plan = {"name": "point", "calendar": {"days": 1}, "town": town, "response": response}
            model = TownModel(Scenario.model_validate(plan)).run()
            assert ledger_at(model.world.units, 1.0).sum() == pytest.approx(2.0)
            assert int(model.world.state[0].events) < 20_000


def test_on_a_plane_random_patrol_goes_everywhere() -> None:
    town = {"kind": "plane", "area_km2": 4, "metric": "euclidean", "speed_kmh": 36, "lattice": 5}
    response = {"groups": [{"name": "patrol", "units": 4, "shift_hours": 24, "mode": "random"}]}
    plan = {"name": "plane", "calendar": {"days": 3}, "town": town, "response": response}
    model = TownModel(Scenario.model_validate(plan))
    assert model.world.orders[0].geometry == Geometry.STRAIGHT
    goals = []
    for minute in range(5, 4300, 13):
        model.run_until(minute * MINUTE)
        goals += np.column_stack((model.world.units["to_x"], model.world.units["to_y"])).tolist()
    places = np.array(goals) / 2000.0
    assert (places >= 0.0).all()
    assert (places <= 1.0).all()
    assert places.mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.06)
    assert places.std(axis=0) == pytest.approx([12**-0.5] * 2, abs=0.04)
    assert (model.world.units["status"] == Status.PATROLLING).all()
    assert (model.world.units["mode"] == Mode.RANDOM).all()
