"""A run's calls as a log that can be fed back in: the same calls, at the same moments, with the same luck.

Replayed with the same units and orders it gives the same records of calls, their source and dispute apart. Its columns
have the names that a scenario's log has by default, so that ``calls: {background: false, log: {file: calls.csv}}`` is
all that a replay needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import NOBODY
from sim.engine.compiled import from_python, rule
from sim.response.call_log import STAMPS
from sim.response.laws import call_taking_days, scene_days
from sim.response.log_rows import MINUTES_A_DAY, SECONDS_A_DAY, written_days

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.clock import Calendar
    from sim.town import Roads
    from sim.world import World

FIELD_OF_STAMP = dict(zip(STAMPS, ("dispatched", "departed", "arrived", "cleared"), strict=True))


def call_log_frame(
    world: World, calendar: Calendar, roads: Roads, types: Sequence[str], log_types: Sequence[str] = ()
) -> pd.DataFrame:
    """Return a run's calls as a log, a row for each call in the order of receipt.

    Args:
        world: the tables of the run.
        calendar: the run's days; times are written as dates on the run's clock.
        roads: for the names of nodes.
        types: a word for each row of ``streams``.
        log_types: the words of a replayed log's types.

    Returns:
        A frame of text and numbers to be written as CSV with full precision, which pandas does unless told otherwise.
    """
    import pandas as pd

    calls = world.calls[: int(world.state[0].call_rows)]
    units = wanted_times(world)
    taking, scenes = np.zeros(len(calls)), np.zeros(int(units.sum()))
    from_python(fill_times)(world, units, taking, scenes)
    ends = np.cumsum(units).tolist()
    parts = [scenes[end - count : end].tolist() for end, count in zip(ends, units.tolist(), strict=True)]
    return pd.DataFrame(
        {
            "id": np.arange(len(calls)),
            "received": clock_times(calls["received"], calendar),
            "received_day": calls["received"],
            "node": [roads.node_ids[node] for node in calls["node"].tolist()],
            "x": calls["x_metres"],
            "y": calls["y_metres"],
            "access_metres": calls["access_metres"],
            "priority": calls["first_priority"],
            "type": words_of(world, types, log_types),
            "units": calls["units_wanted"],
            "call_taking_seconds": [written_days(days, SECONDS_A_DAY) for days in taking.tolist()],
            "scene_minutes": [";".join(written_days(days, MINUTES_A_DAY) for days in part) for part in parts],
            **stamps(calls, calendar),
            "address": calls["address"],
        }
    )


def stamps(calls: Any, calendar: Calendar) -> dict[str, list[str]]:
    """Return when the first unit was sent, set out and arrived, and when the last one left, by column.

    Where travel does not count as work a unit may have left before it could have arrived: then no end is told.
    """
    times = {stamp: calls[field].copy() for stamp, field in FIELD_OF_STAMP.items()}
    times["closed"][times["closed"] < times["on_scene"]] = np.nan
    return {stamp: clock_times(moments, calendar) for stamp, moments in times.items()}


def wanted_times(world: World) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return for how many units of each call the time on scene is written: those wanted, and all that were sent."""
    calls = world.calls[: int(world.state[0].call_rows)]
    sent = world.dispatches[: int(world.state[0].dispatch_rows)]
    units = np.maximum(calls["units_wanted"].astype(np.int64), 1)
    np.maximum.at(units, sent["call"], sent["number"].astype(np.int64) + 1)
    return units


@rule
def fill_times(world: Any, units: Any, taking: Any, scenes: Any) -> None:
    """Write each call's time of call-taking, and the time on scene of each of its units one after another."""
    place = 0
    for row in range(len(units)):
        call = world.calls[row]
        recorded = np.nan
        if call.log_row != NOBODY:
            recorded = world.log[call.log_row].taking_days
        taking[row] = call_taking_days(world, call.stream, call.address) if np.isnan(recorded) else recorded
        for number in range(units[row]):
            scenes[place] = scene_days(world, row, number)
            place += 1


def words_of(world: World, types: Sequence[str], log_types: Sequence[str]) -> list[str]:
    """Return the type of each call: its stream, or the word that a replayed log has for it."""
    calls = world.calls[: int(world.state[0].call_rows)]
    words = [types[stream] for stream in calls["stream"].tolist()]
    for row in np.flatnonzero(calls["log_row"] != NOBODY).tolist():
        word = int(world.log["type_"][calls["log_row"][row]])
        words[row] = log_types[word] if word >= 0 else words[row]
    return words


def clock_times(moments: Any, calendar: Calendar) -> list[str]:
    """Return moments as dates and times to the microsecond, empty for those that have not come."""
    start = datetime(calendar.start.year, calendar.start.month, calendar.start.day)  # noqa: DTZ001 (a wall clock)
    return [
        "" if np.isnan(day) else (start + timedelta(days=day)).isoformat(timespec="microseconds")
        for day in moments.tolist()
    ]
