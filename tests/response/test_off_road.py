"""Places off the road: the metres to them take their time there and back, whatever a unit does next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playing import at, call, line, play, stage

from sim.codes import Leg, Reason, Status
from sim.engine.clock import MINUTE
from sim.response.ledger import ledger_at
from sim.town import Plane, Town

WALK = {"off_road_kmh": 6.0}  # 100 m a minute


def street(nodes: int, plane: bool) -> Town:
    """Return nodes a minute apart, as a street or as places of a plane without roads."""
    town = line(nodes)
    return replace(town, plane=Plane(500.0 * nodes, "euclidean", 30.0, wrap=False)) if plane else town


@pytest.mark.parametrize("plane", [False, True])
def test_the_way_to_a_place_off_the_road_is_gone_twice(plane: bool) -> None:
    day = play(street(3, plane), [at(0)], [call(0, 2, access=300)], travel=WALK)
    assert day.calls.arrived.tolist() == [5.0]
    assert day.calls.travel_metres.tolist() == [1300.0]
    assert day.units["driven_metres"].tolist() == [1300.0]
    assert day.calls.cleared.tolist() == [15.0]
    assert ledger_at(day.units, 1.0)[0, Status.RETURNING] / MINUTE == pytest.approx(3.0 + 2.0)


@pytest.mark.parametrize("plane", [False, True])
@pytest.mark.parametrize(("minute", "sent"), [(6.0, 15.0), (16.0, 16.0)])
def test_the_next_call_waits_until_the_unit_is_on_the_road(plane: bool, minute: float, sent: float) -> None:
    # Free at minute 15, on the road at 18; the next call comes from the same node, before or after it is free.
    day = play(street(3, plane), [at(0)], [call(0, 2, access=300), call(minute, 2)], travel=WALK)
    assert (day.calls.dispatched[1], day.calls.departed[1], day.calls.arrived[1]) == (sent, 18.0, 18.0)


@pytest.mark.parametrize("plane", [False, True])
def test_a_unit_off_the_road_at_its_own_post_comes_back_first(plane: bool) -> None:
    model = stage(street(3, plane), [at(2)], [call(0, 2, access=300)], travel=WALK)
    statuses = []
    for minute in (15.9, 16.1):
        model.run_until(minute * MINUTE)
        statuses.append(int(model.world.units[0].status))
    assert statuses == [Status.RETURNING, Status.AT_POST]


@pytest.mark.parametrize("plane", [False, True])
@pytest.mark.parametrize(("access", "unit"), [(300.0, 1), (100.0, 0)])
def test_who_arrives_first_counts_the_way_back_to_the_road(plane: bool, access: float, unit: int) -> None:
    # When the second call comes from node 2, unit 0 has just cleared there; unit 1 is two minutes away.
    cleared = 2.0 + access / 100.0 + 10.0
    calls = [call(0, 2, access=access), call(cleared, 2)]
    day = play(street(5, plane), [at(2, 4)], [calls[0] | {"scene": 12.0}, calls[1]], travel=WALK)
    assert day.calls.unit.tolist() == [0, unit]


@pytest.mark.parametrize("plane", [False, True])
def test_a_unit_stays_where_it_is_but_on_the_road(plane: bool) -> None:
    travel = WALK | {"back": "stay"}
    day = play(street(3, plane), [at(0)], [call(0, 2, access=300), call(16, 1), call(60, 1)], travel=travel)
    assert day.calls.departed.tolist() == [0.0, 18.0, 60.0]
    assert day.calls.arrived.tolist() == [5.0, 19.0, 60.0]


@pytest.mark.parametrize("travel", [WALK | {"back": "at_once"}, {"none": True}])
def test_where_ways_back_take_no_time_neither_do_those_to_the_road(travel: dict[str, Any]) -> None:
    calls = [call(0, 2, access=300), call(30, 2, access=300)]
    day = play(line(3), [at(0)], calls, travel=travel)
    assert ledger_at(day.units, 1.0)[0, Status.RETURNING] == 0.0
    assert (day.calls.departed == day.calls.received).all()


@pytest.mark.parametrize("plane", [False, True])
def test_pre_emption_waits_for_the_way_back_to_the_road(plane: bool) -> None:
    calls = [call(0, 0, priority=1, scene=30, access=300), call(10, 1, priority=0, scene=5)]
    day = play(street(2, plane), [at(0)], calls, travel=WALK, dispatch={"preempt": True})
    assert day.calls.departed[1] == 13.0
    assert day.calls.arrived.tolist() == [3.0, 14.0]
    # 23 of 30 minutes are left, from when it is there again: 19 + 1 + 3.
    assert day.calls.cleared[0] == 46.0


@pytest.mark.parametrize("plane", [False, True])
@pytest.mark.parametrize(("access", "unit"), [(300.0, 1), (100.0, 0)])
def test_of_two_scenes_the_one_that_can_be_left_sooner_is(plane: bool, access: float, unit: int) -> None:
    calls = [call(0, 2, 1, scene=60, access=access), call(0.5, 4, 1, scene=60), call(20, 2, 0)]
    day = play(street(5, plane), [at(2, 4)], calls, travel=WALK, dispatch={"preempt": True})
    assert day.calls.reason[2] == Reason.PREEMPTED
    assert day.calls.unit[2] == unit


@pytest.mark.parametrize("plane", [False, True])
def test_a_unit_redirected_off_the_road_turns_back(plane: bool) -> None:
    # It leaves the road at minute 2 and would be there at 5; at 4 it turns, and is on the road again at 6.
    calls = [call(0, 2, priority=1, access=300), call(4, 1, priority=0)]
    day = play(street(3, plane), [at(0)], calls, travel=WALK, dispatch={"redirect": True})
    assert day.dispatches.leg[0] == Leg.REDIRECTED
    assert (day.calls.departed[1], day.calls.arrived[1]) == (6.0, 7.0)


def test_a_patrol_goes_on_from_the_road() -> None:
    model = stage(line(4), [at(2, mode="random")], [call(0, 2, access=300)], travel=WALK)
    model.run_until(10 * MINUTE)
    cleared = model.world.units[0].due
    model.run_until(cleared + MINUTE)
    unit = model.world.units[0]
    assert unit.status == Status.PATROLLING
    assert (unit.node, unit.node_time / MINUTE) == (2, pytest.approx(cleared / MINUTE + 3.0))


def test_a_shift_that_ends_off_the_road_is_over_on_the_scene() -> None:
    shifts = [{"units": 1, "start_hour": 8, "hours": 8}]
    day = play(line(3), [at(0, shifts=shifts)], [call(16 * 60 - 5, 2, scene=10, access=300)], travel=WALK)
    assert day.units[0].overtime_days / MINUTE == pytest.approx(10.0)
    assert day.units[0].status == Status.OFF_DUTY


@pytest.mark.parametrize("plane", [False, True])
def test_a_crew_that_turns_out_for_another_post_is_sent_when_it_has(plane: bool) -> None:
    # From minute 0 the crew at node 0 turns out for two minutes to cover node 2, whose own is called away.
    table = {"rule": "table", "table": {1: [2]}, "longest_move_minutes": 30}
    calls = [call(0, 2, scene=600), call(1, 0)]
    day = play(street(3, plane), [at(0, 2)], calls, cover=table, parameters={"turn_out_seconds": 120.0})
    assert (day.calls.unit[1], day.calls.dispatched[1], day.calls.departed[1]) == (0, 1.0, 2.0)
