"""Which unit is sent: the search finds who would be there first, and the rules of who may be sent hold."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import at, call, line, play, seen, stage, town_from

from sim.codes import NOBODY, Answer, Leg, Reason
from sim.engine.clock import MINUTE
from sim.engine.compiled import from_python
from sim.response.choice import OWN, soonest
from sim.response.travel import aim_at, days_to
from sim.town import Plane, Town

SECTORS = {"sectors": "township"}


def winding_town(side: int, seed: int) -> Town:
    """Return a grid of streets on which a metre takes up to four times as long as on the fastest."""
    luck = np.random.default_rng(seed)
    arcs = []
    for node in range(side * side):
        for other in (node + 1 if (node + 1) % side else -1, node + side if node + side < side * side else -1):
            if other >= 0:
                arcs += [(node, other, float(luck.integers(10, 40)), 100.0)]
                arcs += [(other, node, float(luck.integers(10, 40)), 100.0)]
    place = np.arange(side * side)
    return town_from(arcs, place % side * 100.0, place // side * 100.0)


@pytest.mark.parametrize("plane", [False, True])
def test_equal_arrivals_go_to_the_lowest_row_whoever_came_free_last(plane: bool) -> None:
    town = line(9)
    if plane:
        town = replace(town, plane=Plane(5000.0, "euclidean", 30.0, wrap=False))
    # Units 0 and 1 come free in turn, so that the list of free units is no more in the order of rows.
    calls = [call(0, 0, scene=5), call(1, 8, scene=1), call(60, 4)]
    assert play(town, [at(0, 8, 8)], calls).calls.unit[2] == 0
    calls = [call(0, 0, scene=5), call(60, 4)]
    assert play(town, [at(0, 8)], calls).calls.unit[1] == 0


@pytest.mark.parametrize(("node", "unit"), [(1, 0), (6, 1)])
def test_a_group_may_answer_its_own_sector_only(node: int, unit: int) -> None:
    # The sectors are the halves of the line; the second crew is four minutes farther from node 6 than the first.
    town = line(10, community=[0] * 5 + [1] * 5)
    groups = [at(4, own_sector_only=True), at(9, name="others")]
    day = play(town, groups, [call(0, node)], dispatch=SECTORS)
    assert day.calls.unit.tolist() == [unit]


def test_a_crew_of_its_own_sector_leaves_the_calls_of_others_waiting() -> None:
    town = line(10, community=[0] * 5 + [1] * 5)
    day = play(town, [at(4, own_sector_only=True)], [call(0, 4), call(1, 6), call(2, 4)], dispatch=SECTORS)
    assert day.calls.answer.tolist() == [Answer.DONE, Answer.WAITING, Answer.DONE]


def aid(node: int, delay: float = 20.0) -> dict[str, Any]:
    """Return a crew from across the border."""
    return {"name": "aid", "units": 1, "post_nodes": [f"n{node}"], "shift_hours": 24, "aid": {"delay_minutes": delay}}


def test_a_neighbours_unit_is_none_of_those_kept_free() -> None:
    day = play(line(3), [at(0), aid(2)], [call(0, 0, priority=1), call(1, 0)], dispatch={"keep_free": [0, 1]})
    assert day.calls.reason.tolist() == [Reason.AID, Reason.NEAREST]


def test_a_unit_under_way_is_redirected_before_a_neighbour_is_asked() -> None:
    calls = [call(0, 5, priority=1), call(1, 0, priority=0)]
    day = play(line(6), [at(0), aid(0)], calls, dispatch={"redirect": True})
    # The neighbour then comes for the call that was left.
    assert day.calls.reason.tolist() == [Reason.QUEUED, Reason.REDIRECTED]
    assert day.dispatches.unit.tolist() == [0, 0, 0]


@pytest.mark.parametrize("dispatch", [{"redirect": True}, {"preempt": True}])
def test_no_other_call_is_left_alone_for_a_second_unit(dispatch: dict[str, bool]) -> None:
    minute = 1.0 if "redirect" in dispatch else 9.0
    calls = [call(0, 6, priority=1, scene=30), call(minute, 0, scene=20, units=2)]
    day = play(line(13), [at(12, 0)], calls, dispatch=dispatch)
    assert day.dispatches.leg.tolist() == [Leg.CLEARED] * len(day.dispatches)
    assert day.dispatches.dispatched[day.dispatches.call == 1][0] == minute


def test_nobody_leaves_a_scene_unless_orders_say_so() -> None:
    day = play(line(2), [at(0)], [call(0, 0, priority=1, scene=30), call(10, 1)])
    assert day.calls.dispatched.tolist() == [0.0, 30.0]


def test_units_are_kept_free_also_from_those_that_wait_for_a_unit_at_its_post() -> None:
    # Unit 0 is at its post at 18, when the other is on an urgent call until 62: the third call waits for both.
    calls = [call(0, 4, scene=10), call(2, 0, scene=60), call(3, 0, priority=1)]
    day = play(line(5), [at(0, 0)], calls, dispatch={"on_the_move": False, "keep_free": [0, 1]})
    assert day.calls.dispatched.tolist() == [0.0, 2.0, 62.0]


def test_a_unit_that_comes_to_its_post_may_free_another_that_was_kept() -> None:
    # The crew that answers urgent calls only is at its post at 18; then the other need not be kept for those.
    groups = [at(0, priorities=[0], name="urgent"), at(0, name="others")]
    calls = [call(0, 4, scene=10), call(3, 0, priority=1)]
    day = play(line(5), groups, calls, dispatch={"on_the_move": False, "keep_free": [0, 1]})
    assert (day.calls.unit[1], day.calls.dispatched[1]) == (1, 18.0)


def test_a_neighbours_unit_that_comes_free_takes_the_call_for_which_the_own_is_kept() -> None:
    calls = [call(0, 2, priority=1), call(1, 2, priority=1)]
    for on_the_move, moment in ((True, 30.0), (False, 32.0)):
        dispatch = {"keep_free": [0, 1], "on_the_move": on_the_move}
        day = play(line(5), [at(4), aid(4, 18.0)], calls, dispatch=dispatch)
        assert day.calls.reason.tolist() == [Reason.AID, Reason.AID]
        assert day.calls.dispatched.tolist() == [0.0, moment]


def test_a_crew_that_comes_to_its_duty_takes_the_urgent_call_that_waited_for_it() -> None:
    duty = {"places": ["n9"], "from_hour": 1, "until_hour": 3, "weekdays": ["sun"]}
    calls = [call(62, 5), call(65, 5, priority=1)]
    day = play(line(10), [at(0, duty=duty)], calls, dispatch={"on_the_move": False})
    # It drives to the place of its duty from 60 to 69, and back from 180 to 189.
    assert day.calls.dispatched.tolist() == [69.0, 180.0]


def test_a_call_whose_unit_was_redirected_is_as_if_nobody_had_been_sent() -> None:
    model = stage(line(10), [at(0)], [call(0, 9, priority=1), call(3, 2, scene=60)], dispatch={"redirect": True})
    model.run_until(30 * MINUTE)
    left = seen(model).calls[0]
    assert (left.answer, left.unit, left.unit_node) == (Answer.WAITING, NOBODY, NOBODY)
    assert np.isnan([left.dispatched, left.departed, left.travel_metres]).all()


def test_a_call_that_another_unit_still_drives_to_keeps_its_record() -> None:
    # Units start at both ends of the line for node 5; the one from node 9, first in the record, is redirected.
    calls = [call(0, 5, priority=1, units=2), call(1, 9, priority=0)]
    model = stage(line(10), [at(0, 9)], calls, dispatch={"redirect": True})
    model.run_until(3 * MINUTE)
    day = seen(model)
    assert day.dispatches.leg[0] == Leg.REDIRECTED
    assert (day.calls.answer[0], day.calls.dispatched[0]) == (Answer.ASSIGNED, 0.0)


def test_a_call_that_waits_for_its_second_unit_and_loses_its_first_may_lose_patience() -> None:
    calls = [call(0, 9, priority=1, units=2), call(3, 0, priority=0, scene=1200)]
    day = play(line(10), [at(0)], calls, dispatch={"redirect": True}, queue={"renege_minutes": [None, 5.0]})
    assert day.calls.answer.tolist() == [Answer.RENEGED, Answer.DONE]
    assert day.calls.cleared[0] > 3.0


def test_a_unit_that_comes_free_leaves_the_waiting_calls_that_it_does_not_answer() -> None:
    foot = at(0, priorities=[1], name="foot")
    calls = [call(0, 0, priority=1, scene=10), call(1, 0, scene=60), call(2, 0), call(3, 0, priority=1)]
    day = play(line(2), [foot, at(0, name="car")], calls)
    assert day.calls.dispatched.tolist() == [0.0, 1.0, 61.0, 10.0]
    assert day.calls.unit.tolist() == [0, 1, 1, 0]


def test_a_call_waits_until_it_has_the_last_unit_that_it_wants() -> None:
    calls = [call(0, 0, scene=20), call(0, 0, scene=30), call(0, 0, scene=40), call(1, 0, scene=300, units=3)]
    day = play(line(2), [at(0, 0, 0)], calls)
    assert day.dispatches.dispatched[day.dispatches.call == 3].tolist() == [20.0, 30.0, 40.0]


def test_each_unit_of_a_call_has_a_time_on_scene_of_its_own() -> None:
    day = play(line(2), [at(0, 0)], [call(0, 0, scene=math.nan, units=2)])
    assert day.dispatches.number.tolist() == [0, 1]
    assert day.dispatches.cleared[0] != day.dispatches.cleared[1]


def test_who_got_a_unit_by_stepping_up_loses_patience_no_more() -> None:
    calls = [call(0, 0, scene=600), call(1, 0, priority=1, scene=600, units=2)]
    answers = []
    for minutes in (5.0, 20.0, 40.0, 80.0, 160.0):
        queue = {"renege_minutes": [None, minutes], "step_up_minutes": [None, 15.0]}
        day = play(line(2), [at(0, 0)], calls, dispatch={"keep_free": [0, 1]}, queue=queue)
        answers.append(int(day.calls.answer[1]))
        assert answers[-1] == (Answer.RENEGED if day.calls.cleared[1] < 16.0 else Answer.DONE)
        assert (day.dispatches.call == 1).sum() == (2 if answers[-1] == Answer.DONE else 0)
    assert set(answers) == {Answer.RENEGED, Answer.DONE}


def test_patience_stays_that_of_the_first_priority() -> None:
    # The second call steps up at 11, is on its way from 20, and loses its unit at 22: it waits as patiently as before.
    calls = [call(0, 0, scene=20), call(1, 9, priority=2), call(22, 0, scene=60)]
    queue = {"renege_minutes": [None, 0.01, None], "step_up_minutes": [None, None, 10.0]}
    day = play(line(10), [at(0)], calls, dispatch={"redirect": True}, queue=queue)
    assert day.dispatches.leg[1] == Leg.REDIRECTED
    assert day.calls.answer.tolist() == [Answer.DONE] * 3


@settings(max_examples=8)
@given(seed=st.integers(0, 1000), posts=st.lists(st.integers(0, 24), min_size=2, max_size=9), moving=st.booleans())
def test_nobody_would_be_there_before_the_unit_found(seed: int, posts: list[int], moving: bool) -> None:
    model = stage(winding_town(5, seed), [at(*posts, mode="random" if moving else "at_post")], [call(3, 7)])
    moment = 2.5 * MINUTE
    model.run_until(moment)
    world = model.world
    for node in (0, 13, 24):
        goal = world.calls[0]
        goal.node, goal.x_metres, goal.y_metres = node, node % 5 * 100.0, node // 5 * 100.0
        found = from_python(soonest)(world, 0, OWN, False, moment)
        from_python(aim_at)(world, node, moment)
        place = (node, float(goal.x_metres), float(goal.y_metres))
        days = [from_python(days_to)(world, row, *place, True, moment) for row in range(len(posts))]
        assert found == int(np.argmin(days)), "of several at once the lowest row"
