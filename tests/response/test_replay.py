"""A run's calls written as a log and fed back in are the same calls, to the last bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from calling import calendar_of, calling_world, run_calls, street_town
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.codes import Source
from sim.engine.clock import MINUTE
from sim.engine.compiled import from_python
from sim.response.call_log import CallLogData, read_call_log
from sim.response.laws import call_taking_days
from sim.response.log_writing import call_log_frame, fill_times
from sim.scenario import CallLog
from sim.world import World

TYPES = ["background", "dispute", "log", "a", "b"]
OWN = ("source", "stream", "log_row", "scene_days")  # in which the replay says that it is one
CONSTANT = {"law": "constant", "mean_minutes": 7}
MIXED: dict[str, Any] = {
    "streams": [
        {"name": "a", "per_day": 40, "units": 3, "scene": {"law": "gamma", "shape": 0.7, "mean_minutes": 20}},
        {"name": "b", "per_day": 30, "call_taking_seconds": 0, "priority_shares": [0.1, 0.2, 0.7]},
    ]
}


def written(world: World, file: Path, types: tuple[str, ...] = ()) -> pd.DataFrame:
    """Write a world's calls into a file and return them as they are in it."""
    frame = call_log_frame(world, calendar_of(len(world.days)), street_town().roads, TYPES, types)
    frame.to_csv(file, index=False)
    return frame


def replayed(file: Path, days: int = 5, **fields: Any) -> tuple[World, CallLogData]:
    """Return the world in which a log has been replayed, and the log."""
    log = {"file": file, **fields}
    data = read_call_log(CallLog.model_validate(log), street_town(), calendar_of(days))
    world = calling_world({"background": False, "log": log}, residents=1000, days=days, log=data)
    run_calls(world)
    return world, data


def scenes(world: World, units: int = 3) -> list[list[float]]:
    """Return the times on scene of each call's units."""
    calls = int(world.state[0].call_rows)
    taking, found = np.zeros(calls), np.zeros(calls * units)
    from_python(fill_times)(world, np.full(calls, units), taking, found)
    return found.reshape(calls, units).tolist()


def same_calls(first: World, second: World) -> bool:
    """Decide whether two worlds have the same calls."""
    counts = [int(world.state[0].call_rows) for world in (first, second)]
    names = [name for name in first.calls.dtype.names or () if name not in OWN]
    tables = [world.calls[: counts[0]] for world in (first, second)]
    return counts[0] == counts[1] > 0 and all(
        np.array_equal(tables[0][name], tables[1][name], equal_nan=tables[0][name].dtype.kind == "f") for name in names
    )


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**40), residents=st.sampled_from([0, 4000]), rate=st.floats(1.0, 60.0))
def test_a_replay_has_the_same_calls(tmp_path: Path, seed: int, residents: int, rate: float) -> None:
    calls = {"streams": [{**stream, "per_day": rate} for stream in MIXED["streams"]]}
    first = calling_world(calls, residents=residents, seed=seed, days=5)
    if len(run_calls(first)) == 0:
        return
    written(first, tmp_path / "calls.csv")
    second, data = replayed(tmp_path / "calls.csv")
    assert same_calls(first, second)
    assert (second.calls["source"][: len(data.rows)] == Source.LOG).all()
    single = first.calls["units_wanted"][: len(data.rows)] == 1
    for row, (was, is_now) in enumerate(zip(scenes(first), scenes(second), strict=True)):
        assert was[0] == is_now[0]
        assert single[row] or was == is_now
    assert data.notes == []


def test_a_replay_of_a_replay_is_the_same_log(tmp_path: Path) -> None:
    first = calling_world(MIXED, residents=3000, days=5)
    run_calls(first)
    frame = written(first, tmp_path / "a.csv")
    second, data = replayed(tmp_path / "a.csv")
    again = written(second, tmp_path / "b.csv", data.types)
    assert set(data.types) == {"background", "a", "b"}
    pd.testing.assert_frame_equal(frame, again)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_units_sent_beyond_those_wanted_are_written_too(tmp_path: Path) -> None:
    first = calling_world({"streams": [{"name": "a", "per_day": 1}]}, days=5)
    run_calls(first)
    sent = np.zeros(1, dtype=first.dispatches.dtype).view(np.recarray)
    sent["number"] = 2
    first.state["dispatch_rows"] = 1
    first = first._replace(dispatches=sent)
    written(first, tmp_path / "calls.csv")
    second, _ = replayed(tmp_path / "calls.csv")
    assert scenes(first)[0] == scenes(second)[0]


def test_what_a_run_did_is_read_as_recorded_and_does_not_enter_the_replay(tmp_path: Path) -> None:
    first = calling_world({"streams": [{"name": "a", "per_day": 3}]}, days=5)
    calls = run_calls(first)
    calls["dispatched"] = calls["departed"] = calls["received"] + 1.0 * MINUTE
    calls["arrived"] = calls["received"] + 4.0 * MINUTE
    calls["cleared"] = calls["received"] + 3.0 * MINUTE  # where travel does not count as work
    calls["arrived"][0] = np.nan
    frame = written(first, tmp_path / "calls.csv")
    assert frame["closed"][0] != ""
    assert (frame["closed"][1:] == "").all()
    second, data = replayed(tmp_path / "calls.csv")
    assert np.isnan(data.recorded_response_minutes[0])
    assert data.recorded_response_minutes[1:] == pytest.approx(4.0, abs=1e-6)
    assert np.isnan(second.calls["arrived"][: len(calls)]).all()


def test_a_log_of_calls_alone_runs_without_drawing_when_they_come(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("time,place\n2024-01-01 12:00,n3\n2024-01-03 00:00,n1\n")
    columns = {"received": "time", "node": "place"}
    worlds = [replayed(file, columns=columns, time_zone="none", scene=scene)[0] for scene in (None, CONSTANT)]
    for world in worlds:
        calls = world.calls[:2]
        assert calls["received"].tolist() == [0.5, 2.0]
        assert calls["node"].tolist() == [3, 1]
        taken = [from_python(call_taking_days)(world, 2, int(address)) for address in calls["address"]]
        assert calls["ready"].tolist() == (calls["received"] + taken).tolist()
    assert scenes(worlds[1]) == [[7.0 * MINUTE] * 3] * 2
    assert len({time for times in scenes(worlds[0]) for time in times}) == 6
