"""The levers move what they say, in either direction, and a size of nothing moves nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.codes import Status
from sim.model import TownModel
from sim.response import surge_unit_hours

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
        [("patrol_timing", {"share": 0, "weekday_weights": [1, 2, 3, 4, 5, 6, 7]})],
        [("patrol_timing", {"profile": "keep", "weekday_weights": [3.0] * 7, "from_day": 5})],
        [("patrol_surge", {"factor": 1, "from_day": 7})],
        [("patrol_surge", {"factor": 3, "enabled": False})],
        [("patrol_mode", {"mode": "at_post", "from_day": 4})],
        [("grid_density", {"factor": 2}), ("grid_density", {"factor": 0.5})],
        [("mediators", {"factor": 4, "enabled": False}), ("grid_density", {"factor": 9, "from_day": 41})],
    ],
)
def test_a_size_of_nothing_changes_nothing(tiny_model: Maker, levers: Levers) -> None:
    assert same(tiny_model().run(), tiny_model(levers=levers).run()) == []


@pytest.mark.parametrize(
    "lever",
    [
        ("grid_density", {"factor": 3}),
        ("mediators", {"factor": 3}),
        ("patrol_timing", {"profile": "demand"}),
        ("patrol_mode", {"mode": "random"}),
    ],
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


def records_before(model: TownModel, rows: Callable[[TownModel, str], Any]) -> list[bytes]:
    """Return what a run has brought so far, but for rows of crews that have done nothing yet."""
    units = model.world.units[model.world.units["spent"][:, 1:].sum(axis=1) > 0]
    sent = model.world.dispatches[: int(model.world.state[0].dispatch_rows)]
    return [rows(model, name).tobytes() for name in ("disputes", "calls")] + [sent.tobytes(), units.tobytes()]


@pytest.mark.parametrize(
    "lever",
    [
        ("patrol_surge", {"factor": 2}),
        ("patrol_timing", {"profile": "keep", "weekday_weights": [1, 1, 1, 1, 1, 3, 3]}),
    ],
)
def test_rows_for_later_crews_change_nothing_before(
    tiny_model: Maker, rows: Callable[[TownModel, str], Any], lever: tuple[str, dict[str, Any]]
) -> None:
    name, fields = lever
    parts: dict[str, Any] = {
        "calendar": {"days": 40},
        "response": {"units": 6, "groups": [{"name": "foot", "units": 2, "shift_hours": 12, "mode": "random"}]},
    }
    plain, changed = tiny_model(**parts), tiny_model(levers=[(name, {**fields, "from_day": 20})], **parts)
    for model in (plain, changed):
        model.run_until(20 - 1e-6)
    assert records_before(plain, rows) == records_before(changed, rows)
    for model in (plain, changed):
        model.run()
    assert records_before(plain, rows) != records_before(changed, rows)


def hours_by_weekday(model: TownModel, weeks: int) -> Any:
    """Return the shifts that start on each weekday in a week, Monday first."""
    days = model.world.units["shift_weekdays"].astype(np.int64)
    return np.array([(days >> day & 1).sum() for day in range(7)]) * weeks


def test_weekday_weights_move_crew_days_at_equal_unit_hours(tiny_model: Maker) -> None:
    on_duty = {}
    for name, weights in {"even": [1.0] * 7, "weekend": [1, 1, 1, 1, 1, 2, 2]}.items():
        levers = [("patrol_timing", {"profile": "keep", "weekday_weights": weights})]
        model = tiny_model(levers=levers, calendar={"days": 28}, response={"units": 9})
        assert hours_by_weekday(model, 1).sum() == 63
        model.run()
        units = model.world.units
        on_duty[name] = 28.0 * len(units) - float(
            units["spent"][:, 0].sum() + (28.0 - units["since"])[units["status"] == 0].sum()
        )
        if name == "weekend":
            assert hours_by_weekday(model, 1).tolist() == [7, 7, 7, 7, 7, 14, 14]
    assert on_duty["weekend"] == pytest.approx(on_duty["even"], rel=0.02)


def test_a_surge_calls_in_crews_on_its_days_only(tiny_model: Maker) -> None:
    # Day 0 is 1 January 2023.
    dates = ["2023-01-06", "2023-01-07", "2023-01-20"]
    levers = [
        ("patrol_surge", {"factor": 2, "dates": dates, "groups": ["patrol"]}),
        ("patrol_surge", {"factor": 1.5, "holidays": True}),
    ]
    groups = [{"name": "foot", "units": 4, "shifts": [{"units": 4, "start_hour": 10, "hours": 6}]}]
    parts: dict[str, Any] = {"calendar": {"days": 30, "holidays": ["2023-01-07"]}}
    quiet = {"dispute_rate_per_1000_per_year": 0.0, "background_calls_per_1000_per_year": 0.0}
    model = tiny_model(levers=levers, response={"units": 6, "groups": groups}, parameters=quiet, **parts)
    extra = {}
    for day in range(30):
        model.run_until(day + 0.5)
        units = model.world.units
        called = (units["surge"] == 1) & (units["shift_weekdays"] != 0)
        extra[day] = [int((called & (units["group"] == group)).sum()) for group in (0, 1)]
    assert {day: found for day, found in extra.items() if any(found)} == {5: [6, 0], 6: [12, 2], 19: [6, 0]}
    model.run()
    # 24 shifts of 8 hours and 2 of 6, each finished where it passes the midnight of its day.
    assert surge_unit_hours(model.world, 30.0) == pytest.approx(24 * 8 + 2 * 6)


def test_crews_of_a_surge_begin_with_a_whole_shift_and_end_with_one(tiny_model: Maker) -> None:
    groups = [{"name": "night", "units": 1, "shifts": [{"units": 1, "start_hour": 20, "hours": 8}]}]
    quiet = {"dispute_rate_per_1000_per_year": 0.0, "background_calls_per_1000_per_year": 0.0}
    levers: list[tuple[str, dict[str, Any]]] = [("patrol_surge", {"factor": 2, "dates": ["2023-01-06"]})]
    model = tiny_model(levers=levers, response={"units": 0, "groups": groups}, parameters=quiet)
    on_duty = []
    # Day 5 begins within the shift of day 4.
    for moment in (5.1, 5.9, 6.1, 6.2, 6.9):
        model.run_until(moment)
        on_duty.append(int((model.world.units["on_shift"][model.world.units["surge"] == 1]).sum()))
    assert on_duty == [0, 1, 1, 0, 0]


def test_a_group_changes_its_way_of_patrol_and_back(tiny_model: Maker) -> None:
    levers = [
        ("patrol_mode", {"mode": "random", "from_day": 3, "until_day": 6}),
        ("patrol_mode", {"mode": "hot_spots", "from_day": 5, "groups": ["foot"], "hot_spots": {"spots": 3}}),
    ]
    groups = [{"name": "foot", "units": 2, "shift_hours": 24, "mode": "beat"}]
    quiet = {"dispute_rate_per_1000_per_year": 0.0, "background_calls_per_1000_per_year": 4000.0}
    model = tiny_model(levers=levers, response={"units": 3, "shift_hours": 24, "groups": groups}, parameters=quiet)
    found = []
    for day in (1, 4, 5.5, 7, 9):
        model.run_until(day)
        found.append(model.world.groups["mode"].tolist())
    assert found == [[0, 2], [1, 1], [1, 3], [0, 3], [0, 3]]
    statuses = set(model.world.units["status"][3:].tolist())
    assert statuses <= {Status.PATROLLING, Status.DWELLING, Status.TO_SCENE, Status.ON_SCENE}
    assert model.world.spots["visits"].sum() > 20
