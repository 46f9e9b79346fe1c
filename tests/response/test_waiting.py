"""The queue of waiting calls: its order, patience and stepping up."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import at, call, line, play, seen, stage

from sim.codes import NOBODY, Answer
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
