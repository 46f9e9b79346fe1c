"""A whole run's log, fed back in with the same units and orders, gives the same answers to the same calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playing import at, line

from sim.engine.clock import Calendar
from sim.model import TownModel
from sim.response.call_log import read_call_log
from sim.response.log_writing import call_log_frame
from sim.scenario import Scenario

DAYS = 3
OWN = ("source", "stream", "log_row", "scene_days")  # in which the replay says that it is one
STREAMS: list[dict[str, Any]] = [
    {"name": "big", "per_day": 50, "units": 2, "scene": {"law": "gamma", "shape": 0.7, "mean_minutes": 30}},
    {"name": "small", "per_day": 90, "call_taking_seconds": 0, "priority_shares": [0.2, 0.3, 0.5]},
]
ORDERS: list[dict[str, Any]] = [
    {},
    {"dispatch": {"redirect": True, "preempt": True}, "queue": {"renege_minutes": [None, 40.0, 20.0]}},
    {"queue": {"capacity": 2}, "travel": {"counts_as_busy": False, "back": "stay"}},
    {"queue": {"step_up_minutes": [None, 10.0, 15.0]}, "dispatch": {"keep_free": [0, 0, 1]}},
]


def model_of(calls: dict[str, Any], orders: dict[str, Any], seed: int = 5) -> TownModel:
    """Return a model of three crews along a street of twelve nodes."""
    scenario = Scenario.model_validate(
        {
            "name": "replay",
            "calendar": {"days": DAYS},
            "town": {"kind": "synthetic", "area_km2": 1, "townships": 1, "communities": 1},
            "calls": calls,
            "response": {"groups": [at(1, 5, 10)], **orders},
        }
    )
    return TownModel(scenario, seed=seed, town=line(12))


def log_of(model: TownModel, file: Path, types: tuple[str, ...] = ()) -> None:
    """Write a run's calls."""
    names = ["background", "dispute", "log", *(stream["name"] for stream in STREAMS)]
    call_log_frame(model.world, model.calendar, model.town.roads, names, types).to_csv(file, index=False)


def rows(model: TownModel, table: str) -> Any:
    """Return the rows in use of a table."""
    count = int(model.world.state[0][f"{'call' if table == 'calls' else 'dispatch'}_rows"])
    return getattr(model.world, table)[:count]


@pytest.mark.parametrize("orders", ORDERS)
def test_a_replayed_run_is_the_run(tmp_path: Path, orders: dict[str, Any]) -> None:
    first = model_of({"streams": STREAMS}, orders).run()
    log_of(first, tmp_path / "calls.csv")
    calls = {"background": False, "log": {"file": tmp_path / "calls.csv"}}
    second = model_of(calls, orders, seed=5).run()
    for table in ("calls", "dispatches"):
        before, after = rows(first, table), rows(second, table)
        assert len(before) == len(after) > 0
        for name in set(before.dtype.names) - set(OWN):
            equal_nan = before[name].dtype.kind == "f"
            assert np.array_equal(before[name], after[name], equal_nan=equal_nan), (table, name)
    assert np.array_equal(first.world.units["spent"], second.world.units["spent"])


def test_the_runs_own_answers_are_read_as_recorded(tmp_path: Path) -> None:
    model = model_of({"streams": STREAMS}, {}).run()
    log_of(model, tmp_path / "calls.csv")
    log = Scenario.model_validate(
        {
            "name": "read",
            "town": {"kind": "synthetic", "area_km2": 1, "townships": 1, "communities": 1},
            "calls": {"log": {"file": tmp_path / "calls.csv"}},
            "response": {"units": 1},
        }
    ).calls.log
    assert log is not None
    data = read_call_log(log, model.town, Calendar(model.calendar.start, DAYS))
    calls = rows(model, "calls")
    simulated = (calls["arrived"] - calls["received"]) * 1440.0
    assert data.recorded_response_minutes == pytest.approx(simulated, abs=1e-6, nan_ok=True)
