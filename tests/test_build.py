"""From a scenario to a world: the rows it starts with, districts by level, and tables that grow when they are full."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.build import build_world, enlarged, town_of, working_days
from sim.engine.clock import Calendar
from sim.engine.queue import EVENT, push
from sim.loop import NEEDS_ROOM, run_until
from sim.model import TownModel
from sim.scenario import Scenario, parameters_record
from sim.world import DTYPES, World, empty_table

LARGE = {"counties": 2, "townships": 4, "communities": 8, "road_nodes": 150, "area_km2": 4.0}
GROWING = ("disputes", "cases", "sessions", "calls")


def test_a_world_has_the_rows_of_its_scenario(tiny_world: Callable[..., World]) -> None:
    world = tiny_world(
        people={"residents": 700, "merchants": 15},
        grid={"grids": 5, "workers_per_grid": 1.6, "visits_per_worker_per_day": 2.5},
        mediation={"mediators": 3},
        response={"units": 4},
        calendar={"days": 33},
    )
    counts = {"residents": 700, "grids": 5, "workers": 8, "mediators": 3, "units": 4, "days": 33, "state": 1}
    counts |= {"communities": 2, "districts": 1, "series": 33, "nodes": 40, "parameters": 1}
    assert {name: len(getattr(world, name)) for name in counts} == counts
    assert world.residents["merchant"].sum() == 15
    assert world.state[0].grid_visit_quota == 2.5
    assert world.state[0].seed == 1
    assert world.queue[0].row == 0, "nothing is scheduled yet"
    for name, dtype in DTYPES.items():
        assert getattr(world, name).dtype == dtype, name
    for name in GROWING:
        assert int(world.state[0][f"{name[:-1]}_rows"]) == 0
        assert len(getattr(world, name)) >= 1000


def test_one_seed_one_world(tiny_world: Callable[..., World]) -> None:
    one, same, other = tiny_world(seed=4), tiny_world(seed=4), tiny_world(seed=5)
    for name in World._fields:
        assert getattr(one, name).tobytes() == getattr(same, name).tobytes(), name
    assert not np.array_equal(one.residents["temper"], other.residents["temper"])
    assert not np.array_equal(one.mediators["skill"], other.mediators["skill"])


def test_parameters_of_the_scenario_reach_the_world(tiny_world: Callable[..., World]) -> None:
    weights = [float(hour) for hour in range(24)]
    world = tiny_world(parameters={"visit_minutes": 33.0, "friction_hour_weight": weights})
    assert world.parameters[0].visit_minutes == 33.0
    assert world.parameters[0].grid_case_hours == parameters_record({})[0].grid_case_hours
    expected = np.cumsum([0.0, *weights]) / sum(weights)
    assert world.state[0].friction_hours == pytest.approx(expected)


@pytest.mark.parametrize(("level", "count"), [("community", 8), ("township", 4), ("county", 2)])
def test_districts_of_a_level_hold_everybody(tiny_world: Callable[..., World], level: str, count: int) -> None:
    parts: dict[str, Any] = {"town": LARGE, "grid": {"grids": 8}, "people": {"residents": 900}}
    world = tiny_world(records={"district": level}, **parts)
    of_resident = world.communities["district"][world.households["community"][world.residents["household"]]]
    assert len(world.districts) == count
    assert world.districts["residents"].tolist() == np.bincount(of_resident, minlength=count).tolist()
    sums = np.bincount(of_resident, weights=world.residents["tension"].astype(float), minlength=count)
    assert world.districts["tension_sum"] == pytest.approx(sums)
    assert len(world.series) == count * len(world.days)
    expected = np.arange(8) if level == "community" else world.communities[level]
    assert np.array_equal(world.communities["district"], expected)


@pytest.mark.parametrize("level", ["community", "township", "county"])
def test_the_level_of_records_changes_the_records_only(tiny_model: Callable[..., TownModel], level: str) -> None:
    parts: dict[str, Any] = {"town": LARGE, "grid": {"grids": 8}, "people": {"residents": 900}}
    model = tiny_model(records={"district": level}, **parts).run()
    finest = tiny_model(records={"district": "community"}, **parts).run()
    assert model.world.disputes.tobytes() == finest.world.disputes.tobytes()
    assert model.world.calls.tobytes() == finest.world.calls.tobytes()
    days = model.calendar.days
    for column in ("true_born", "recorded_opened", "visits", "calls"):
        coarse = model.world.series[column].reshape(days, -1)
        fine = finest.world.series[column].reshape(days, -1)
        summed = np.zeros_like(coarse)
        for number, district in enumerate(model.world.communities["district"].tolist()):
            summed[:, district] += fine[:, number]
        assert np.array_equal(coarse, summed), column
    tension = model.world.series["true_tension_sum"].reshape(days, -1).sum(axis=1)
    assert tension == pytest.approx(finest.world.series["true_tension_sum"].reshape(days, -1).sum(axis=1), abs=1e-3)


@settings(max_examples=40)
@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(1, 400))
def test_days_know_their_weekday_and_their_factors(start: date, count: int) -> None:
    weekdays, months = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], [float(month) for month in range(1, 13)]
    parameters = parameters_record({"friction_weekday_weight": weekdays, "friction_month_weight": months})[0]
    calendar = Calendar(start, count)
    days = working_days(calendar, parameters)
    for number in (0, count // 2, count - 1):
        day = calendar.date_of(number)
        assert days["workday"][number] == (day.weekday() < 5)
        expected = (day.weekday() + 1) / 4.0 * day.month / 6.5
        assert days["friction_factor"][number] == pytest.approx(expected)


def test_the_town_does_not_depend_on_the_runs_seed(tiny_scenario: Callable[..., Scenario]) -> None:
    scenario = tiny_scenario()
    one, same = town_of(scenario), town_of(scenario)
    assert np.array_equal(one.roads.seconds, same.roads.seconds)
    faster = town_of(
        tiny_scenario(parameters={f"speed_{kind}_kmh": 90.0 for kind in ("trunk", "main", "street", "lane")})
    )
    assert faster.roads.seconds.sum() < one.roads.seconds.sum()
    assert np.array_equal(faster.roads.metres, one.roads.metres)


def shrunk(world: World) -> World:
    """Return a world before its start whose growing tables have hardly any room."""
    tiny = {name: empty_table(DTYPES[name], 3) for name in GROWING}
    queue = empty_table(EVENT, int(world.queue[0].row) + 2)
    queue[:] = world.queue[: len(queue)]
    return world._replace(queue=queue, **tiny)


@pytest.mark.parametrize("seed", [1, 2])
def test_tables_that_grow_give_the_same_records(tiny_model: Callable[..., TownModel], seed: int) -> None:
    roomy, tight = tiny_model(seed), tiny_model(seed)
    tight.world = shrunk(tight.world)
    assert run_until(tight.world, 5.0) == NEEDS_ROOM
    roomy.run()
    tight.run()
    for name in World._fields:
        one, other = getattr(roomy.world, name), getattr(tight.world, name)
        used = min(len(one), len(other))
        if name in GROWING:
            used = int(roomy.world.state[0][f"{name[:-1]}_rows"])
            assert used > 3
        if name == "queue":
            used = int(one[0].row) + 1
        assert one[:used].tobytes() == other[:used].tobytes(), name


def test_enlarging_keeps_what_is_there_and_makes_room(tiny_model: Callable[..., TownModel]) -> None:
    model = tiny_model()
    model.run_until(20)
    before = model.world
    assert enlarged(before).disputes is before.disputes, "there is room"
    state = before.state[0]
    full = before._replace(disputes=before.disputes[: int(state.dispute_rows) + 2].view(np.recarray))
    larger = enlarged(full)
    used = int(state.dispute_rows)
    assert larger.disputes[:used].tobytes() == full.disputes[:used].tobytes()
    assert len(larger.disputes) - used > int(state.room)
    assert larger.cases is before.cases
    roomier = enlarged(before, events=len(before.queue))
    assert len(roomier.queue) - int(roomier.queue[0].row) > len(before.queue)
    push(roomier.queue, 39.0, 0, 39, 0)
    assert int(roomier.queue[0].row) == int(before.queue[0].row) + 1, "the larger queue is a copy"


def test_room_is_kept_for_an_office_whose_staff_all_start_at_once(tiny_world: Callable[..., World]) -> None:
    small, large = (tiny_world(mediation={"mediators": count}) for count in (2, 300))
    assert int(large.state[0].room) - int(small.state[0].room) == 298


def test_a_world_is_built_for_its_calendar(tiny_scenario: Callable[..., Scenario]) -> None:
    scenario = tiny_scenario(calendar={"days": 10, "start_date": date(2024, 2, 26)})
    calendar = Calendar(scenario.calendar.start_date, scenario.calendar.days)
    world = build_world(scenario, town_of(scenario), calendar, 1)
    assert world.days["workday"].tolist() == [1, 1, 1, 1, 1, 0, 0, 1, 1, 1]
    assert len(world.series) == 10 * len(world.districts)
