"""Two clocks, one time: whatever moves Mesa's clock moves the compiled loop, and acts before the events of that moment.

This holds what docs/decisions/0004 leans on in Mesa.
"""

from __future__ import annotations

import pytest
from mesa.time import Schedule

from sim import TownModel, load


class Watch:
    """Looks at the loop from Mesa's events."""

    def __init__(self, model: TownModel) -> None:
        self.model = model
        self.moments: list[float] = []

    def look(self) -> None:
        """Check that everything before the present moment has happened, and nothing of this moment or later."""
        now = float(self.model.time)
        assert self.model.world.state[0].now < now
        assert self.model.world.queue[1].time >= now
        self.moments.append(now)


@pytest.fixture
def model() -> TownModel:
    return TownModel(load("classroom", "calendar.days=6"), seed=3)


def test_events_see_the_world_of_their_moment(model: TownModel) -> None:
    watch = Watch(model)
    for moment in (0.25, 2.0, 2.5, 4.75):
        model.schedule_event(watch.look, at=moment)
    model.run_until(6)
    assert watch.moments == [0.25, 2.0, 2.5, 4.75]


def test_recurring_events_see_the_world_of_their_moment(model: TownModel) -> None:
    watch = Watch(model)
    model.schedule_recurring(watch.look, Schedule(interval=0.5, start=0.5))
    model.run_until(3)
    assert watch.moments == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]


def test_a_step_is_a_day(model: TownModel) -> None:
    watch = Watch(model)
    for day in (1, 2):
        model.step()
        assert model.time == day
        watch.look()


def test_days_one_by_one_equal_days_at_once(model: TownModel) -> None:
    stepped = TownModel(load("classroom", "calendar.days=6"), seed=3, town=model.town)
    for _ in range(6):
        stepped.step()
    model.run_for(2.5)
    model.run_until(6)
    for name, table in model.world._asdict().items():
        assert getattr(stepped.world, name).tobytes() == table.tobytes(), name


def test_time_does_not_run_past_the_calendar(model: TownModel) -> None:
    model.run_until(6)
    calls = int(model.world.state[0].call_rows)
    model.run_until(8)
    assert int(model.world.state[0].call_rows) == calls
