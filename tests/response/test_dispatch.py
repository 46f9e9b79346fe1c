"""Dispatch on small towns where every minute can be told by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import at, call, line, play, seen, stage

from sim.codes import NOBODY, Answer, Leg, Reason, Status
from sim.engine.clock import MINUTE


def test_the_unit_that_arrives_first_is_sent() -> None:
    day = play(line(10), [at(0, 9)], [call(60, 3), call(61, 7)])
    assert day.calls.unit.tolist() == [0, 1]
    assert day.calls.arrived.tolist() == [63.0, 63.0]
    assert day.calls.reason.tolist() == [Reason.NEAREST] * 2
    assert day.calls.travel_metres.tolist() == [1500.0, 1000.0]
    assert day.calls.cleared.tolist() == [73.0, 73.0]


def test_equal_arrivals_go_to_the_lowest_row() -> None:
    assert play(line(5), [at(4, 0)], [call(60, 2)]).calls.unit.tolist() == [0]


def test_a_unit_on_its_way_back_is_sent_from_where_it_is() -> None:
    # Unit 0 leaves node 8 at minute 18 for its post at node 0; at minute 20.5 it is between nodes 6 and 5.
    calls = [call(0, 8, scene=10), call(20.5, 5)]
    day = play(line(10), [at(0)], calls)
    assert day.calls.unit_node[1] == 5
    assert day.calls.arrived[1] == pytest.approx(21.0)
    assert day.calls.departed[1] == pytest.approx(21.0)
    at_rest = play(line(10), [at(0, 1)], calls, dispatch={"on_the_move": False})
    assert at_rest.calls.unit.tolist() == [1, 0]


def test_nobody_free_means_waiting_for_the_most_urgent_first() -> None:
    calls = [call(0, 0, scene=30), call(1, 0, priority=1), call(2, 0, priority=1), call(3, 0, priority=0)]
    day = play(line(2), [at(0)], calls)
    assert day.calls.dispatched.tolist() == [0.0, 40.0, 50.0, 30.0]
    assert day.calls.queue_met.tolist() == [0, 0, 1, 2]
    assert day.calls.reason.tolist() == [Reason.NEAREST] + [Reason.QUEUED] * 3


def test_a_full_queue_turns_calls_away() -> None:
    day = play(line(2), [at(0)], [call(0, 0, scene=30), call(1, 0), call(2, 0)], queue={"capacity": 1})
    assert day.calls.answer.tolist() == [Answer.DONE, Answer.DONE, Answer.LOST]
    assert day.calls.cleared[2] == 2.0
    assert math.isnan(day.calls.dispatched[2])


def test_turn_out_delays_a_crew_at_its_post_only() -> None:
    day = play(line(4), [at(0)], [call(0, 2, scene=5), call(5, 2)], parameters={"turn_out_seconds": 60.0})
    assert day.calls.departed.tolist() == [1.0, 8.0]
    assert day.calls.arrived.tolist() == [3.0, 8.0]


def test_emergency_driving_shortens_the_way_there_but_not_back() -> None:
    model = stage(line(5), [at(0)], [call(0, 4, scene=10)], parameters={"emergency_speed_factor": 2.0})
    model.run_until(1.0)
    assert seen(model).calls.arrived.tolist() == [2.0]
    assert model.world.units["spent"][0, Status.RETURNING] == pytest.approx(4.0 * MINUTE)


def test_sector_first_sends_the_sectors_own_unit_although_another_is_nearer() -> None:
    town = line(10, community=[0] * 5 + [1] * 5)
    groups = [at(0, 5)]
    nearest = play(town, groups, [call(0, 4)], dispatch={"sectors": "township"})
    first = play(town, groups, [call(0, 4), call(1, 4)], dispatch={"policy": "sector_first", "sectors": "township"})
    assert nearest.calls.unit.tolist() == [1]
    assert first.calls.unit.tolist() == [0, 1]
    assert first.calls.reason.tolist() == [Reason.OWN_SECTOR, Reason.NEAREST]


def test_preferences_are_followed_in_order() -> None:
    town = line(3)
    lists = {"n0": [3, 1, 2], "n1": [2, 3, 1], "n2": [1, 2, 3]}
    calls = [call(0, 0, scene=60), call(1, 0, scene=60), call(2, 1, scene=60), call(3, 2)]
    day = play(town, [at(0, 1, 2)], calls, dispatch={"policy": "preference", "preferences": lists})
    assert day.calls.unit.tolist()[:3] == [2, 0, 1]
    assert day.calls.reason.tolist()[:3] == [Reason.PREFERRED] * 3
    assert day.calls.reason[3] == Reason.QUEUED


def test_units_are_kept_free_for_urgent_calls() -> None:
    calls = [call(0, 0, priority=1), call(1, 0, priority=1), call(2, 0, priority=0)]
    day = play(line(2), [at(0, 0)], calls, dispatch={"keep_free": [0, 1]})
    # At minute 10 the other unit is on the urgent call; at 12 one stays free.
    assert day.calls.dispatched.tolist() == [0.0, 12.0, 2.0]


def test_a_call_that_wants_two_units_gets_both_and_lasts_until_the_last_leaves() -> None:
    day = play(line(6), [at(0, 5)], [call(0, 1, scene=10, units=2)])
    assert day.dispatches.unit.tolist() == [0, 1]
    assert day.dispatches.arrived.tolist() == [1.0, 4.0]
    assert day.dispatches.reason.tolist() == [Reason.NEAREST, Reason.SECOND]
    assert day.calls.arrived.tolist() == [1.0]
    assert day.calls.cleared.tolist() == [14.0]


def test_a_second_unit_comes_when_one_is_free_and_no_third_is_sent() -> None:
    calls = [call(0, 5, scene=8), call(1, 0, scene=30, units=2)]
    day = play(line(6), [at(0, 5)], calls)
    second = day.dispatches[day.dispatches.call == 1]
    assert second.unit.tolist() == [0, 1]
    assert second.dispatched.tolist() == [1.0, 8.0]
    assert day.calls.cleared[1] == 43.0


def test_a_second_unit_is_not_sent_when_the_call_is_over() -> None:
    calls = [call(0, 5, scene=60), call(1, 0, scene=5, units=2)]
    day = play(line(6), [at(0, 5)], calls)
    assert (day.dispatches.call == 1).sum() == 1
    assert day.calls.answer[1] == Answer.DONE
    assert day.world.state[0].waiting_calls == 0


def test_a_unit_under_way_is_redirected_to_a_more_urgent_call() -> None:
    calls = [call(0, 9, priority=1, scene=10), call(3.5, 2, priority=0, scene=10)]
    without = play(line(10), [at(0)], calls)
    assert without.calls.arrived.tolist() == [9.0, 26.0]
    day = play(line(10), [at(0)], calls, dispatch={"redirect": True})
    # At 3.5 the unit can turn at node 4, at minute 4; two minutes back to node 2.
    assert day.calls.arrived[1] == 6.0
    assert day.calls.reason[1] == Reason.REDIRECTED
    assert day.dispatches.leg.tolist() == [Leg.REDIRECTED, Leg.CLEARED, Leg.CLEARED]
    assert day.dispatches.cleared[0] == 3.5
    assert day.calls.dispatched[0] == 16.0
    assert day.calls.arrived[0] == 23.0


def test_a_unit_is_not_redirected_to_a_call_that_is_no_more_urgent() -> None:
    calls = [call(0, 9, priority=1), call(3, 2, priority=1)]
    day = play(line(10), [at(0)], calls, dispatch={"redirect": True})
    assert day.dispatches.leg.tolist() == [Leg.CLEARED, Leg.CLEARED]


def test_pre_emption_takes_a_unit_off_a_scene_and_the_work_is_resumed() -> None:
    calls = [call(0, 0, priority=1, scene=30), call(10, 1, priority=0, scene=5)]
    day = play(line(2), [at(0)], calls, dispatch={"preempt": True})
    assert day.calls.arrived.tolist() == [0.0, 11.0]
    assert day.calls.reason[1] == Reason.PREEMPTED
    # 20 of 30 minutes are left when it is back at minute 17.
    assert day.calls.cleared.tolist() == [37.0, 16.0]
    assert day.dispatches.leg.tolist() == [Leg.PREEMPTED, Leg.CLEARED, Leg.CLEARED]


def test_only_the_most_urgent_calls_pre_empt() -> None:
    calls = [call(0, 0, priority=2, scene=30), call(10, 1, priority=1, scene=5)]
    assert play(line(2), [at(0)], calls, dispatch={"preempt": True}).calls.arrived[1] == 31.0


def test_help_from_across_the_border_comes_late_and_only_when_needed() -> None:
    aid = {"name": "aid", "units": 1, "post_nodes": ["n9"], "shift_hours": 24, "aid": {"delay_minutes": 20}}
    day = play(line(10), [at(0), aid], [call(0, 8, scene=60), call(1, 8)])
    assert day.calls.unit.tolist() == [0, 1]
    assert day.calls.reason.tolist() == [Reason.NEAREST, Reason.AID]
    assert day.calls.arrived[1] == 22.0


def test_a_group_that_answers_no_urgent_calls_is_left_out() -> None:
    foot = {"name": "foot", "units": 1, "post_nodes": ["n3"], "shift_hours": 24, "priorities": [1]}
    day = play(line(5), [at(0), foot], [call(0, 3, priority=0), call(1, 3, priority=1)])
    assert day.calls.unit.tolist() == [0, 1]


def test_a_slow_unit_takes_its_time() -> None:
    foot = at(0, speed_factor=0.25)
    assert play(line(3), [foot], [call(0, 2)]).calls.arrived.tolist() == [8.0]


def test_travel_that_takes_no_time() -> None:
    day = play(line(5), [at(0)], [call(0, 4, scene=10)], travel={"none": True})
    assert day.calls.arrived.tolist() == [0.0]
    assert day.units["status"][0] == Status.AT_POST


def test_travel_that_does_not_count_as_busy_keeps_the_unit_for_its_work_only() -> None:
    calls = [call(0, 4, scene=2), call(1, 0, scene=2)]
    day = play(line(5), [at(0)], calls, travel={"counts_as_busy": False, "back": "at_once"})
    assert day.calls.arrived[0] == 4.0
    assert day.calls.dispatched[1] == 2.0


@pytest.mark.parametrize(("back", "arrived"), [("drive", 14.0), ("at_once", 14.0), ("stay", 10.0)])
def test_where_a_unit_is_after_a_call(back: str, arrived: float) -> None:
    # It leaves node 4 at minute 6; the next call comes from there at minute 10, when it would be at its post.
    day = play(line(5), [at(0)], [call(0, 4, scene=2), call(10, 4)], travel={"back": back})
    assert day.calls.arrived[1] == arrived


def test_back_at_once_means_from_the_post_the_moment_it_clears() -> None:
    day = play(line(5), [at(0)], [call(0, 4, scene=2), call(6.5, 0)], travel={"back": "at_once"})
    assert day.calls.arrived[1] == 6.5


def test_a_unit_that_comes_to_its_post_takes_the_call_that_waited_for_it() -> None:
    # The unit drives back from minute 14 to 18; nobody is sent on the move.
    calls = [call(0, 4, scene=10), call(15, 0), call(300, 0)]
    day = play(line(5), [at(0)], calls, dispatch={"on_the_move": False})
    assert day.calls.dispatched.tolist() == [0.0, 18.0, 300.0]


def test_a_call_keeps_its_second_unit_when_patience_would_have_run_out() -> None:
    calls = [call(0, 5, scene=60), call(1, 5, scene=60), call(2, 0, scene=300, units=2)]
    day = play(line(6), [at(0, 5)], calls, queue={"renege_minutes": [5.0]})
    wanted = day.calls[day.calls.units_wanted == 2][0]
    assert wanted.answer in (Answer.DONE, Answer.RENEGED)
    if wanted.answer == Answer.DONE:
        assert (day.dispatches.call == 2).sum() == 2


def test_the_record_of_a_call_is_that_of_the_unit_there_first() -> None:
    # Unit 0 is sent first and still drives when unit 1, which comes free next to the scene, is there.
    calls = [call(0, 9, scene=2), call(1, 8, scene=30, units=2)]
    day = play(line(20), [at(0, 10)], calls)
    assert day.calls.unit[1] == 1
    assert day.calls.arrived[1] < day.dispatches.arrived[day.dispatches.unit == 0][0]
    assert (day.calls.departed <= day.calls.arrived).all()


def test_a_kept_unit_lets_the_nearer_one_go() -> None:
    calls = [call(0, 20, scene=10), call(5, 0, priority=1)]
    day = play(line(30), [at(0, 20)], calls, dispatch={"keep_free": [0, 1]})
    assert (day.calls.unit[1], day.calls.dispatched[1]) == (0, 10.0)


def test_work_that_does_not_count_travel_never_ends_before_the_arrival() -> None:
    day = play(line(9), [at(0)], [call(0, 8, scene=2)], travel={"counts_as_busy": False, "back": "at_once"})
    assert (day.calls.arrived[0], day.calls.cleared[0]) == (8.0, 8.0)


@settings(max_examples=25)
@given(
    nodes=st.lists(st.integers(0, 11), min_size=1, max_size=4),
    more=st.integers(0, 11),
    times=st.lists(st.floats(0, 600), min_size=1, max_size=6),
    where=st.integers(0, 11),
)
def test_another_unit_never_delays_the_first_call(nodes: list[int], more: int, times: list[float], where: int) -> None:
    calls = [call(time, (where + 5 * number) % 12) for number, time in enumerate(times)]
    fewer = play(line(12), [at(*nodes)], calls).calls
    greater = play(line(12), [at(*nodes, more)], calls).calls
    assert greater.arrived[0] <= fewer.arrived[0]


@settings(max_examples=25)
@given(
    priorities=st.lists(st.integers(0, 2), min_size=3, max_size=12),
    redirect=st.booleans(),
    preempt=st.booleans(),
    capacity=st.sampled_from([None, 0, 2]),
    wanted=st.integers(1, 3),
)
def test_every_call_ends_and_units_time_adds_up(
    priorities: list[int], redirect: bool, preempt: bool, capacity: int | None, wanted: int
) -> None:
    calls = [
        call(3.0 * number, (7 * number) % 10, priority, scene=4 + number, units=wanted if number % 3 == 0 else 1)
        for number, priority in enumerate(priorities)
    ]
    model = stage(
        line(10), [at(0, 9)], calls, dispatch={"redirect": redirect, "preempt": preempt}, queue={"capacity": capacity}
    ).run()
    day = seen(model)
    assert len(day.calls) == len(calls)
    assert set(day.calls.answer.tolist()) <= {Answer.DONE, Answer.LOST}
    assert (day.calls.units_engaged == 0).all()
    assert day.world.state[0].waiting_calls == 0
    done = day.calls[day.calls.answer == Answer.DONE]
    for first, then in (("received", "dispatched"), ("dispatched", "departed"), ("departed", "arrived")):
        assert (done[first] <= done[then]).all()
    assert (day.calls.cleared >= day.calls.received).all()
    assert np.allclose(day.units["spent"].sum(axis=1) + (1.0 - day.units["since"]), 1.0)
    assert (day.units["call"] == NOBODY).all()
    assert day.world.state[0].free_units == 2
    work = day.dispatches[day.dispatches.leg != Leg.REDIRECTED]
    on_scene = {row: (work.cleared - work.arrived)[work.call == row].sum() for row in range(len(calls))}
    for row, one in enumerate(sorted(calls, key=lambda found: found["minute"])):
        sent = (work.call == row).sum() - ((work.call == row) & (work.leg == Leg.PREEMPTED)).sum()
        assert on_scene[row] == pytest.approx(one["scene"] * sent, abs=1e-4)
