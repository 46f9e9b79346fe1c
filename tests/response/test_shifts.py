"""Shifts: on and off duty at the right moments, overtime, changes of the roster."""

from __future__ import annotations

from typing import Any

import pytest

from sim.codes import NOBODY, Source, Status
from sim.engine.clock import HOUR, MINUTE
from sim.engine.compiled import from_python
from sim.response import ledger_at, receive_call, set_shift, set_timing

QUIET = {"background_calls_per_1000_per_year": 0.0, "call_taking_seconds": 1e-6, "scene_sigma": 0.0}


def one_crew(lab: Any, hours: float, start_hour: float, **changes: Any) -> Any:
    """Return a started world of one crew at the only post."""
    world = lab.make_world(lab.grid_town(3), lab.settings(units=1, posts=1, shift_hours=hours), **(QUIET | changes))
    world.units["shift_start_hour"] = start_hour
    return lab.start(world)


@pytest.mark.parametrize(("hours", "start_hour"), [(8.0, 6.0), (8.0, 20.0), (12.0, 0.0), (7.5, 23.0), (24.0, 5.0)])
def test_duty_hours_of_whole_days(lab: Any, hours: float, start_hour: float) -> None:
    world = one_crew(lab, hours, start_hour)
    lab.run(world, 5.0, lab.lognormal)
    ledger = ledger_at(world.units, 5.0)[0]
    assert ledger[Status.AT_POST] == pytest.approx(5.0 * hours * HOUR)
    assert ledger[Status.OFF_DUTY] == pytest.approx(5.0 * (1.0 - hours * HOUR))
    assert world.units[0].overtime_days == pytest.approx(0.0)


def test_a_shift_across_midnight_is_under_way_at_the_start(lab: Any) -> None:
    world = one_crew(lab, 8.0, 20.0)
    assert world.units[0].status == Status.AT_POST
    lab.run(world, 3.9 * HOUR, lab.lognormal)
    assert world.units[0].status == Status.AT_POST
    lab.run(world, 4.1 * HOUR, lab.lognormal)
    assert world.units[0].status == Status.OFF_DUTY


def test_a_call_at_the_end_of_a_shift_is_finished_as_overtime(lab: Any) -> None:
    world = one_crew(lab, 8.0, 8.0)
    from_python(receive_call)(world, 1, Source.BACKGROUND.value, NOBODY, 0, 0, 0, 0, 16 * HOUR - MINUTE)
    lab.run(world, 1.0, lab.lognormal)
    unit, call = world.units[0], world.calls[0]
    assert call.cleared > 16 * HOUR
    assert unit.overtime_days == pytest.approx(float(call.cleared) - 16 * HOUR)
    assert unit.off_duty_days + (1.0 - unit.since) == pytest.approx(1.0 - 8 * HOUR - unit.overtime_days)
    assert unit.status == Status.OFF_DUTY
    assert unit.returning_days == 0.0, "the crew goes off from the scene"


def test_a_returning_crew_goes_off_at_once(lab: Any) -> None:
    world = one_crew(lab, 8.0, 8.0, emergency_speed_factor=50.0, turn_out_seconds=0.0)
    far = int(world.routes["seconds"][0].argmax())
    back_seconds = float(world.routes["seconds"][0][far])
    # It clears just before the shift's end.
    from_python(receive_call)(
        world, 1, Source.BACKGROUND.value, NOBODY, 0, far, 0, 0, 16 * HOUR - 25 * MINUTE - 0.5 * back_seconds / 86400
    )
    lab.run(world, 1.0, lab.lognormal)
    unit = world.units[0]
    assert world.calls[0].cleared < 16 * HOUR
    assert 0.0 < unit.returning_days < back_seconds / 86400
    assert unit.overtime_days == pytest.approx(0.0)
    assert unit.node == world.posts[0].node
    lab.run(world, 2.0, lab.lognormal)
    assert world.units[0].at_post_days > 0.3, "the old return does not disturb the next day"


def test_a_crew_coming_on_takes_the_waiting_call(lab: Any) -> None:
    world = one_crew(lab, 8.0, 8.0)
    from_python(receive_call)(world, 1, Source.BACKGROUND.value, NOBODY, 0, 1, 0, 1, 1 * HOUR)
    from_python(receive_call)(world, 2, Source.BACKGROUND.value, NOBODY, 0, 2, 0, 0, 2 * HOUR)
    lab.run(world, 1.0, lab.lognormal)
    assert world.calls[1].dispatched == pytest.approx(8 * HOUR), "the urgent call first"
    assert world.calls[0].dispatched == pytest.approx(float(world.calls[1].cleared))
    assert world.calls[0].queue_met == 0
    assert world.calls[1].queue_met == 1


def test_a_busy_crew_whose_next_shift_starts_stays_on(lab: Any) -> None:
    world = one_crew(lab, 8.0, 8.0, scene_minutes_background=20.0 * 60)
    from_python(receive_call)(world, 1, Source.BACKGROUND.value, NOBODY, 0, 1, 0, 0, 15 * HOUR)
    lab.run(world, 3.0, lab.lognormal)
    unit = world.units[0]
    # On scene from about 15:00 to 11:00 on the next day: overtime 16:00-08:00.
    assert unit.overtime_days == pytest.approx(16 * HOUR)
    assert ledger_at(world.units, 3.0)[0].sum() == pytest.approx(3.0)
    assert ledger_at(world.units, 3.0)[0][Status.OFF_DUTY] == pytest.approx(3.0 - 3 * 8 * HOUR - 16 * HOUR)


def test_a_changed_shift_replaces_the_old_one(lab: Any) -> None:
    world = one_crew(lab, 8.0, 8.0)
    lab.run(world, 1.0, lab.lognormal)
    from_python(set_shift)(world, 0, 20.0, 8.0, 1.0)
    assert world.units[0].status == Status.AT_POST, "0:00 lies in a shift that starts at 20:00"
    lab.run(world, 2.0, lab.lognormal)
    assert world.units[0].at_post_days + (2.0 - world.units[0].since) == pytest.approx(16 * HOUR)
    from_python(set_shift)(world, 0, 12.0, 8.0, 2.0)
    assert world.units[0].status == Status.OFF_DUTY
    lab.run(world, 3.0, lab.lognormal)
    ledger = ledger_at(world.units, 3.0)[0]
    assert ledger[Status.AT_POST] == pytest.approx(24 * HOUR)
    assert ledger.sum() == pytest.approx(3.0)


def test_timing_with_no_wish_changes_nothing(lab: Any) -> None:
    plan = lab.settings(units=9, posts=3, shift_hours=8.0)
    evening = [1.0] * 16 + [3.0] * 8
    world = lab.start(lab.make_world(lab.grid_town(4), plan, call_hour_weight=evening))
    before = lab.fingerprint(world)
    set_timing(world, plan.response, [], 0.0)
    set_timing(world, plan.response, [("demand", None, 0.0)], 0.0)
    assert lab.fingerprint(world) == before
    set_timing(world, plan.response, [("demand", None, 1.0)], 0.0)
    assert (world.units["shift_start_hour"] >= 12).sum() > 3
    assert (world.units["shift_hours"] == 8.0).all()
    with pytest.raises(ValueError, match="lunar"):
        set_timing(world, plan.response, [("lunar", None, 1.0)], 0.0)
