"""The queue of waiting calls: its order, patience and stepping up."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import at, call, line, play, seen, stage

from sim.codes import NOBODY, Answer
from sim.engine.clock import MINUTE
from sim.engine.compiled import from_python
from sim.response.dispatch import next_waiting_call
from sim.response.waiting import leave_queue, link


@settings(max_examples=30)
@given(steps=st.lists(st.one_of(st.none(), st.tuples(st.integers(0, 3), st.integers(0, 20))), max_size=40))
def test_the_queue_serves_by_urgency_then_by_readiness(steps: list[tuple[int, int] | None]) -> None:
    world = stage(line(2), [at(0)], []).world
    waiting: list[tuple[int, int, int]] = []
    for row, step in enumerate(steps):
        if step is None:
            expected = min(waiting, default=None)
            found = from_python(next_waiting_call)(world, 0)
            assert found == (NOBODY if expected is None else expected[2])
            if expected is not None:
                from_python(leave_queue)(world, found)
                waiting.remove(expected)
        else:
            world.calls[row].priority, world.calls[row].ready = step
            from_python(link)(world, row)
            waiting.append((*step, row))
        assert world.state[0].waiting_calls == len(waiting)


def test_whoever_waits_too_long_gives_up() -> None:
    calls = [call(0, 0, scene=600), *(call(1 + number, 0) for number in range(40))]
    day = play(line(2), [at(0)], calls, queue={"renege_minutes": [30.0]})
    given_up = day.calls[day.calls.answer == Answer.RENEGED]
    assert len(given_up) > 30
    assert (given_up.cleared > given_up.received).all()
    patience = given_up.cleared - given_up.received
    assert 15.0 < patience.mean() < 60.0
    assert patience.std() > 10.0, "exponential, not alike"
    assert all(math.isnan(moment) for moment in given_up.dispatched)
    patient = play(line(2), [at(0)], calls, queue={"renege_minutes": [None]})
    assert not (patient.calls.answer == Answer.RENEGED).any()


def test_patience_is_shared_between_policies() -> None:
    calls = [call(0, 0, scene=600), call(1, 0), call(2, 1)]
    patience = {"renege_minutes": [30.0]}
    one = play(line(2), [at(0)], calls, queue=patience).calls
    other = play(line(2), [at(0)], calls, queue=patience, parameters={"turn_out_seconds": 120.0}).calls
    assert one.cleared[1:].tolist() == other.cleared[1:].tolist()


def test_a_waiting_call_steps_up_and_overtakes() -> None:
    calls = [call(0, 0, scene=60), call(1, 0, priority=2), call(30, 0, priority=1)]
    day = play(line(2), [at(0)], calls)
    assert day.calls.dispatched.tolist() == [0.0, 70.0, 60.0]
    stepped = play(line(2), [at(0)], calls, queue={"step_up_minutes": [None, 20.0, 20.0]})
    # Priority 2 becomes 1 at minute 21 and 0 at 41; the other becomes 0 at 50.
    assert stepped.calls.dispatched.tolist() == [0.0, 60.0, 70.0]
    assert stepped.calls.priority.tolist() == [0, 0, 0]
    assert stepped.calls.first_priority.tolist() == [0, 2, 1]


def test_a_call_that_steps_up_gets_a_unit_that_was_kept_free() -> None:
    calls = [call(0, 0, priority=1, scene=60), call(1, 0, priority=1)]
    day = play(line(2), [at(0, 0)], calls, dispatch={"keep_free": [0, 1]}, queue={"step_up_minutes": [None, 15.0]})
    assert day.calls.dispatched[1] == pytest.approx(16.0)


@pytest.mark.parametrize("dispatch", [{"redirect": True}, {"preempt": True}])
def test_a_call_whose_unit_is_called_off_waits_in_a_full_queue_and_takes_a_place(dispatch: dict[str, bool]) -> None:
    # The first call loses its unit to the second, as it is on its way or on the scene; the third comes while it waits.
    minute = 1.0 if "redirect" in dispatch else 10.0
    calls = [call(0, 4, 2, scene=30), call(minute, 0, 0), call(minute + 1, 0, 2), call(minute + 2, 0, 2)]
    for capacity, answers in ((0, [Answer.LOST] * 2), (1, [Answer.LOST] * 2), (2, [Answer.DONE, Answer.LOST])):
        day = play(line(5), [at(0)], calls, dispatch=dispatch, queue={"capacity": capacity})
        assert day.calls.answer.tolist() == [Answer.DONE, Answer.DONE, *answers], capacity
        assert (day.dispatches.call == 0).sum() == 2


def test_a_run_can_be_looked_at_in_the_middle() -> None:
    model = stage(line(2), [at(0)], [call(0, 0, scene=60), call(1, 0)])
    model.run_until(30 / 1440)
    assert seen(model).calls.answer.tolist() == [Answer.ON_SCENE, Answer.WAITING]
    assert model.world.state[0].waiting_calls == 1


def test_the_most_urgent_step_up_no_further() -> None:
    day = play(line(2), [at(0)], [call(0, 0, scene=60), call(1, 0)], queue={"step_up_minutes": [5.0, 5.0]})
    assert day.calls.priority.tolist() == [0, 0]
    assert day.calls.dispatched.tolist() == [0.0, 60.0]


def test_patience_is_a_calls_own_whoever_called_before() -> None:
    cleared = []
    for others in ([], [call(0.5, 0, scene=600)]):
        calls = [call(0, 0, scene=600), *others, call(1, 0)]
        model = stage(line(2), [at(0)] if not others else [at(0, 0)], calls, queue={"renege_minutes": [30.0]})
        model.world.log["address"] = [7, *[8 for _ in others], 9]
        cleared.append(float(seen(model.run()).calls.cleared[-1]))
    assert cleared[0] == cleared[1] < 600.0


def test_who_waits_for_a_second_unit_only_gives_up_no_more() -> None:
    calls = [call(0, 4, scene=30, units=2)]
    queue = {"renege_minutes": [0.1], "step_up_minutes": [None, 1.0]}
    assert play(line(5), [at(0)], calls, queue=queue).calls.answer.tolist() == [Answer.DONE]
    day = play(line(5), [at(0)], [calls[0] | {"priority": 1}], queue=queue)
    assert day.calls.priority.tolist() == [1], "nor does it become more urgent"


def test_a_call_whose_unit_was_called_off_goes_before_those_that_were_ready_after_it() -> None:
    calls = [call(0, 9, priority=1), call(2, 0, priority=1), call(3.5, 2, priority=0)]
    day = play(line(10), [at(0)], calls, dispatch={"redirect": True})
    assert day.dispatches.call.tolist() == [0, 2, 0, 1]


def test_who_was_on_the_scene_before_is_waited_for_without_end() -> None:
    calls = [call(0, 0, priority=1, scene=30), call(10, 1, priority=0, scene=60)]
    queue = {"renege_minutes": [None, 0.01]}
    day = play(line(2), [at(0)], calls, dispatch={"preempt": True}, queue=queue)
    assert (day.dispatches.call == 0).sum() == 2


@pytest.mark.parametrize("minutes", [10.0, 20.0, 40.0, 80.0, 160.0])
def test_who_got_a_first_unit_loses_patience_no_more_while_it_waits_for_a_second(minutes: float) -> None:
    calls = [call(0, 0, scene=10), call(1, 0, scene=600, units=2)]
    model = stage(line(2), [at(0)], calls, queue={"renege_minutes": [minutes]})
    model.run_until(590 * MINUTE)
    found = seen(model).calls[1]
    assert found.answer == (Answer.RENEGED if found.cleared < 10.0 else Answer.ON_SCENE)
    assert found.queued == (found.answer == Answer.ON_SCENE)


def test_a_full_queue_does_not_turn_away_who_has_a_unit() -> None:
    model = stage(line(5), [at(0)], [call(0, 4, scene=30, units=2)], queue={"capacity": 0})
    model.run_until(1 * MINUTE)
    assert seen(model).calls.answer.tolist() == [Answer.ASSIGNED]


def test_a_call_steps_up_by_one_priority_at_a_time() -> None:
    queue = {"step_up_minutes": [None, 10.0, 10.0, 10.0]}
    model = stage(line(2), [at(0)], [call(0, 0, scene=600), call(1, 0, priority=3)], queue=queue)
    priorities = []
    for minute in (10.5, 11.5, 21.5, 31.5):
        model.run_until(minute * MINUTE)
        priorities.append(int(model.world.calls[1].priority))
    assert priorities == [3, 2, 1, 0]


def test_where_units_are_kept_free_the_most_urgent_waiting_call_is_first_too() -> None:
    calls = [call(0, 0, scene=10), call(1, 0, priority=1), call(2, 0, priority=0)]
    day = play(line(2), [at(0)], calls, dispatch={"keep_free": [0, 0, 1]})
    assert day.calls.dispatched.tolist() == [0.0, 20.0, 10.0]


def test_a_dispute_whose_call_was_turned_away_hears_of_it(tiny_model: Any, rows: Any) -> None:
    often = {"call_per_day": [0.5] * 9}
    model = tiny_model(calendar={"days": 20}, response={"units": 1, "queue": {"capacity": 0}}, parameters=often).run()
    calls, disputes = rows(model, "calls"), rows(model, "disputes")
    assert ((calls["answer"] == Answer.LOST) & (calls["dispute"] != NOBODY)).any()
    waits_for = disputes["call"][disputes["call"] != NOBODY]
    assert not (calls["answer"][waits_for] == Answer.LOST).any()
