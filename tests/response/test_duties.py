"""Duties at fixed places and hours: there on time, back afterwards, away for urgent calls only."""

from __future__ import annotations

from typing import Any

import pytest
from playing import at, call, line, seen, stage

from sim.codes import Status
from sim.engine.clock import HOUR


def school(*calls: dict[str, Any], days: int = 2, **duty: Any) -> Any:
    """Return the model of a crew at node 0 that stands at node 6 from 7:30 to 8:30 on Mondays to Fridays."""
    fields = {"places": ["n6"], "from_hour": 7.5, "until_hour": 8.5, **duty}
    return stage(line(8), [at(0, duty=fields)], list(calls), days=days)


def where(model: Any, hour: float) -> tuple[int, int]:
    """Return the node and the status of the crew at an hour of the run."""
    model.run_until(hour * HOUR)
    unit = model.world.units[0]
    return int(unit.to_node), int(unit.status)


def test_it_stands_there_in_the_hours_of_its_days() -> None:
    model = school(days=3)
    assert where(model, 8.0) == (0, Status.AT_POST), "1 January 2023 is a Sunday"
    assert where(model, 24 + 7.55) == (6, Status.RETURNING)
    assert where(model, 24 + 7.65) == (6, Status.AT_POST)
    assert where(model, 24 + 8.55) == (0, Status.RETURNING)
    assert where(model, 24 + 8.65) == (0, Status.AT_POST)
    assert where(model, 48 + 8.0) == (6, Status.AT_POST)


@pytest.mark.parametrize(("priority", "starts_at"), [(0, 24 * 60 + 480.0), (1, 24 * 60 + 510.0)])
def test_only_urgent_calls_take_it_away(priority: int, starts_at: float) -> None:
    found = seen(school(call(24 * 60 + 480, 5, priority)).run())
    assert found.calls.dispatched[0] == pytest.approx(starts_at)


def test_it_goes_back_after_an_urgent_call() -> None:
    model = school(call(24 * 60 + 480, 5, 0, scene=5))
    assert where(model, 24 + 8.05)[1] == Status.ON_SCENE
    assert where(model, 24 + 8.2) == (6, Status.AT_POST)


def test_a_call_that_outlasts_the_duty_ends_at_the_post() -> None:
    model = school(call(24 * 60 + 500, 5, 0, scene=30))
    assert where(model, 24 + 9.1) == (0, Status.AT_POST)


def test_a_shift_that_begins_in_the_hours_begins_with_the_duty() -> None:
    duty = {"places": ["n3"], "from_hour": 6, "until_hour": 24, "weekdays": ["mon", "tue"]}
    shifts = [{"units": 1, "start_hour": 8, "hours": 8}]
    model = stage(line(5), [at(0, shifts=shifts, duty=duty)], [], days=2)
    assert where(model, 12.0) == (0, Status.AT_POST)
    assert where(model, 24 + 8.1) == (3, Status.AT_POST)
    assert where(model, 24 + 17) == (0, Status.OFF_DUTY)


def test_duties_without_places_are_spread_over_homes() -> None:
    group = {"name": "schools", "units": 3, "shift_hours": 24, "duty": {"from_hour": 7, "until_hour": 9}}
    model = stage(line(9), [group], [], days=1)
    assert len(set(model.world.units["duty_node"].tolist())) == 3
