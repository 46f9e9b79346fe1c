"""The levers move what they say, in either direction, and a size of nothing moves nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Levers = list[tuple[str, dict[str, Any]]]


def same(one: TownModel, other: TownModel) -> list[str]:
    """Return the names of the tables in which two runs differ."""
    return [
        name for name, table in one.world._asdict().items() if getattr(other.world, name).tobytes() != table.tobytes()
    ]


@pytest.mark.parametrize(
    "levers",
    [
        [("grid_density", {"factor": 1})],
        [("mediators", {"factor": 1, "from_day": 7})],
        [("patrol_timing", {"share": 0})],
        [("patrol_timing", {"share": 0, "from_day": 3.3, "until_day": 9})],
        [("grid_density", {"factor": 2}), ("grid_density", {"factor": 0.5})],
        [("mediators", {"factor": 4, "enabled": False}), ("grid_density", {"factor": 9, "from_day": 41})],
    ],
)
def test_a_size_of_nothing_changes_nothing(tiny_model: Maker, levers: Levers) -> None:
    assert same(tiny_model().run(), tiny_model(levers=levers).run()) == []


@pytest.mark.parametrize(
    "lever",
    [("grid_density", {"factor": 3}), ("mediators", {"factor": 3}), ("patrol_timing", {"profile": "demand"})],
)
def test_before_its_day_a_lever_changes_nothing_and_then_something(
    tiny_model: Maker, lever: tuple[str, dict[str, Any]]
) -> None:
    name, fields = lever
    parts: dict[str, Any] = {"calendar": {"days": 60}, "response": {"units": 6}}
    plain, changed = tiny_model(**parts), tiny_model(levers=[(name, {**fields, "from_day": 20})], **parts)
    for model in (plain, changed):
        model.run_until(20 - 1e-6)
    assert same(plain, changed) == []
    for model in (plain, changed):
        model.run()
    assert same(plain, changed) != []


def test_factors_of_one_name_multiply(tiny_model: Maker) -> None:
    levers = [("grid_density", {"factor": 3}), ("grid_density", {"factor": 0.5}), ("mediators", {"factor": 2.5})]
    world = tiny_model(levers=levers).world
    assert len(world.grids) == 6
    assert world.workers["active"].sum() == 6
    assert world.mediators["active"].sum() == 5


def test_workers_stay_as_many_to_a_grid(tiny_model: Maker) -> None:
    grid = {"grids": 4, "workers_per_grid": 2.0}
    for factor in (0.5, 2.0, 5.0):
        world = tiny_model(grid=grid, levers=[("grid_density", {"factor": factor})]).world
        assert world.workers["active"].sum() == 2 * len(world.grids) == 8 * factor


def test_patrol_timing_keeps_crews_and_hours(tiny_model: Maker) -> None:
    night = [1.0] * 6 + [0.01] * 18
    starts = {}
    for name, lever in {"flat": {"profile": "flat"}, "night": {"profile": "weights", "weights": night}}.items():
        model = tiny_model(levers=[("patrol_timing", lever)], response={"units": 12, "shift_hours": 6.0}).run()
        units = model.world.units
        assert len(units) == 12
        assert (units["shift_hours"] == 6.0).all()
        starts[name] = units["shift_start_hour"] % 24
    in_the_night = {
        name: float(np.mean([min(max(6.0 - start, 0.0), 6.0) + max(start - 18.0, 0.0) for start in hours])) / 6.0
        for name, hours in starts.items()
    }
    assert in_the_night["flat"] == pytest.approx(0.25, abs=0.05)
    assert in_the_night["night"] > 0.7


def test_no_mediators_hold_no_sessions(tiny_model: Maker) -> None:
    model = tiny_model(levers=[("mediators", {"factor": 0})]).run()
    assert int(model.world.state[0].session_rows) == 0
    later = tiny_model(levers=[("mediators", {"factor": 0, "until_day": 20})]).run()
    count = int(later.world.state[0].session_rows)
    assert count > 0
    assert later.world.sessions["start"][:count].min() >= 20.0
