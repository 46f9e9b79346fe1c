"""Shifts: on and off duty at the right moments of the right days, overtime, breaks, changes of the rota."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playing import at, call, line, seen, stage

from sim.codes import Answer, Status
from sim.engine.clock import HOUR, MINUTE
from sim.engine.compiled import from_python
from sim.response import ledger_at
from sim.response.rota import ALL_WEEK
from sim.response.shifts import change_shift, set_shift

ON_DUTY = [status for status in Status if status != Status.OFF_DUTY]


def crew(start_hour: float, hours: float, weekdays: Any = None, **fields: Any) -> dict[str, Any]:
    """Return one crew at node 0 with one shift."""
    return at(0, shifts=[{"units": 1, "start_hour": start_hour, "hours": hours, "weekdays": weekdays}], **fields)


def duty_hours(world: Any, now: float, row: int = 0) -> float:
    """Return the hours that a crew has been on duty."""
    return float(ledger_at(world.units, now)[row][ON_DUTY].sum() * 24)


@pytest.mark.parametrize(("hours", "start_hour"), [(8.0, 6.0), (8.0, 20.0), (12.0, 0.0), (7.5, 23.0), (24.0, 5.0)])
def test_duty_hours_of_whole_days(hours: float, start_hour: float) -> None:
    model = stage(line(2), [crew(start_hour, hours)], [], days=5).run()
    assert duty_hours(model.world, 5.0) == pytest.approx(5 * hours)
    assert model.world.units[0].overtime_days == pytest.approx(0.0)


# The stage begins on 1 January 2023, a Sunday.
@pytest.mark.parametrize(
    ("weekdays", "starts"),
    [
        (["mon"], [1, 8]),
        (["sun", "wed"], [0, 3, 7, 10]),
        (["sat"], [6, 13]),
        (["fri", "sat", "sun"], [0, 5, 6, 7, 12, 13]),
    ],
)
def test_shifts_start_on_their_weekdays_only(weekdays: list[str], starts: list[int]) -> None:
    model = stage(line(2), [crew(9.0, 6.0, weekdays)], [], days=14)
    on_duty = []
    for day in range(14):
        model.run_until(day + 12 * HOUR)
        if model.world.units[0].status == Status.AT_POST:
            on_duty.append(day)
    assert on_duty == starts
    model.run()
    assert duty_hours(model.world, 14.0) == pytest.approx(6 * len(starts))


def test_a_shift_goes_on_past_the_midnight_of_its_weekday() -> None:
    model = stage(line(2), [crew(20.0, 10.0, ["sat"])], [], days=9)
    states = []
    for moment in (0.2, 0.3, 6.8, 6.9, 7.2, 7.3, 7.9):
        model.run_until(moment)
        states.append(int(model.world.units[0].on_shift))
    # Saturday is the day before the run, and day 6.
    assert states == [1, 0, 0, 1, 1, 0, 0]


def test_a_call_at_the_end_of_a_shift_is_finished_as_overtime() -> None:
    found = seen(stage(line(3), [crew(8.0, 8.0)], [call(16 * 60 - 5, 1, scene=30)]).run())
    unit = found.units[0]
    assert found.calls.cleared[0] == pytest.approx(16 * 60 - 5 + 1 + 30)
    assert unit.overtime_days / MINUTE == pytest.approx(26.0)
    assert unit.status == Status.OFF_DUTY
    assert unit.node == 0, "its next shift begins at its post"
    assert unit.spent[Status.RETURNING] == 0.0, "it goes off from the scene"


def test_a_crew_on_its_way_back_goes_off_at_once() -> None:
    model = stage(line(9), [crew(8.0, 8.0)], [call(16 * 60 - 20, 8, scene=10)], days=2)
    model.run_until(1.0)
    unit = model.world.units[0]
    assert unit.spent[Status.RETURNING] / MINUTE == pytest.approx(2.0)
    assert unit.overtime_days == pytest.approx(0.0)
    model.run()
    assert duty_hours(model.world, 2.0) == pytest.approx(16.0), "the old way back does not disturb the next day"


def test_a_crew_coming_on_takes_the_waiting_call() -> None:
    found = seen(stage(line(3), [crew(8.0, 8.0)], [call(60, 1, 1), call(120, 2, 0)]).run())
    assert found.calls.dispatched[1] == pytest.approx(8 * 60), "the urgent call first"
    assert found.calls.dispatched[0] == pytest.approx(found.calls.cleared[1])


def test_a_busy_crew_whose_next_shift_starts_stays_on() -> None:
    model = stage(line(3), [crew(8.0, 8.0)], [call(15 * 60, 0, scene=20 * 60)], days=3).run()
    # On scene from 15:00 to 11:00 on the next day: overtime 16:00-08:00.
    assert model.world.units[0].overtime_days == pytest.approx(16 * HOUR)
    assert duty_hours(model.world, 3.0) == pytest.approx(3 * 8 + 16)


def test_a_changed_shift_replaces_the_old_one() -> None:
    model = stage(line(2), [crew(8.0, 8.0)], [], days=3)
    model.run_until(1.0)
    from_python(set_shift)(model.world, 0, 20.0, 8.0, ALL_WEEK, 1.0)
    assert model.world.units[0].status == Status.AT_POST, "0:00 lies in a shift that starts at 20:00"
    model.run_until(2.0)
    assert duty_hours(model.world, 2.0) == pytest.approx(16.0)
    from_python(set_shift)(model.world, 0, 12.0, 8.0, ALL_WEEK, 2.0)
    assert model.world.units[0].status == Status.OFF_DUTY
    model.run()
    assert duty_hours(model.world, 3.0) == pytest.approx(24.0)
    assert ledger_at(model.world.units, 3.0)[0].sum() == pytest.approx(3.0)


def test_overlapping_shifts_double_the_crews() -> None:
    shifts = [{"units": 1, "start_hour": 6, "hours": 10}, {"units": 1, "start_hour": 14, "hours": 10}]
    model = stage(line(2), [at(0, 1, shifts=shifts)], [], days=1)
    crews = []
    for hour in (5, 10, 15, 20):
        model.run_until(hour * HOUR)
        crews.append(int(model.world.units["on_shift"].sum()))
    assert crews == [0, 1, 2, 1]


def with_break(*calls: dict[str, Any], days: int = 1, hours: float = 8.0) -> Any:
    """Return the model of a crew at 8:00 with a break of 30 minutes that is due at 12:00."""
    group = crew(8.0, hours, **{"break": {"minutes": 30, "after_hours": 4}})
    return stage(line(3), [group], list(calls), days=days)


def test_a_break_is_taken_once_a_shift_and_on_time() -> None:
    model = with_break(days=3)
    model.run_until(12.25 * HOUR)
    assert model.world.units[0].status == Status.ON_BREAK
    model.run_until(12.75 * HOUR)
    assert model.world.units[0].status == Status.AT_POST
    model.run()
    assert model.world.units[0].spent[Status.ON_BREAK] / MINUTE == pytest.approx(90.0)


def test_a_call_puts_a_break_off_and_a_break_puts_a_call_off() -> None:
    found = seen(with_break(call(11.5 * 60, 1, scene=60), call(12.8 * 60, 2)).run())
    freed = 11.5 * 60 + 1 + 60
    assert found.calls.cleared[0] == pytest.approx(freed)
    assert found.calls.dispatched[1] == pytest.approx(freed + 30), "the break comes before the waiting call"
    assert found.units[0].spent[Status.ON_BREAK] / MINUTE == pytest.approx(30.0)


def test_a_break_ends_with_the_shift_at_the_latest() -> None:
    model = with_break(hours=4.2).run()
    assert model.world.units[0].spent[Status.ON_BREAK] / MINUTE == pytest.approx(12.0)
    assert duty_hours(model.world, 1.0) == pytest.approx(4.2)


def test_a_break_due_after_the_shift_is_none() -> None:
    assert with_break(hours=3.5).run().world.units[0].spent[Status.ON_BREAK] == 0.0


def test_crews_round_the_clock_have_a_break_every_day() -> None:
    group = at(0, **{"break": {"minutes": 30, "after_hours": 4}})
    world = stage(line(3), [group], [], days=3).run().world
    assert world.units[0].spent[Status.ON_BREAK] / MINUTE == pytest.approx(90.0)


def test_every_moment_of_every_crew_is_in_the_ledger() -> None:
    groups = [
        crew(8.0, 9.5, ["mon", "tue", "fri", "sun"], **{"break": {"minutes": 40, "after_hours": 3}}),
        at(1, 2, name="others", shift_hours=12, mode="random"),
    ]
    calls = [call(50.0 * k + 3.3, k % 5, k % 2, scene=35.0) for k in range(60)]
    model = stage(line(5), groups, calls, days=3).run()
    days = ledger_at(model.world.units, 3.0)
    assert days.sum(axis=1) == pytest.approx(np.full(3, 3.0))
    assert (days >= -1e-12).all()
    assert (seen(model).calls.answer == Answer.DONE).mean() > 0.5


def test_a_crew_called_in_begins_with_the_next_start_and_finishes_its_last_shift() -> None:
    model = stage(line(2), [crew(20.0, 8.0, ["sat"])], [], days=4)
    model.run_until(1.0)
    from_python(change_shift)(model.world, 0, 0.0, 8.0, ALL_WEEK, 1.0)
    model.run_until(1.1)
    assert model.world.units[0].on_shift, "a shift that starts at this very moment is the next"
    from_python(change_shift)(model.world, 0, 22.0, 6.0, ALL_WEEK, 1.1)
    model.run_until(1.95)
    assert model.world.units[0].on_shift
    from_python(change_shift)(model.world, 0, 22.0, 6.0, 0, 1.96)
    before = duty_hours(model.world, 1.96)
    model.run()
    # Saturday's shift until 4:00 on the first day, 0:00-8:00, 22:00-4:00.
    assert before == pytest.approx(4 + 8 + 0.96 * 24 - 22)
    assert duty_hours(model.world, 4.0) == pytest.approx(4 + 8 + 6)
