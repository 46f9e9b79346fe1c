"""Decoding flights from a scene and the rings closed around them into a table of records."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from sim.codes import FlightEnd, Ring
from sim.engine.clock import HOUR, MINUTE
from sim.outcomes.words import Column, encode, words_of
from sim.world import World

RING_WORDS = words_of(Ring)
NO_RING = "none"


def decode_flights(world: World, horizon: float) -> pa.Table:
    """Return one row for each flight that has started, in the order of their starts.

    A ring has three columns: how many points it has (0 where it is not in use or nothing is to be closed), the minutes
    from the alarm until all of them were first held at once, and the day on which the fleeing first came to one.
    """
    rows = world.flights[np.asarray(world.flights["start"]) <= horizon]
    ends = [past(rows[name], horizon) for name in ("start", "alarm", "ended")]
    return pa.table(
        {
            "flight": np.arange(len(rows), dtype=np.int32),
            "scene_node": np.asarray(rows["scene"]),
            "scene_x_metres": np.asarray(world.nodes["x_metres"][rows["scene"]]),
            "scene_y_metres": np.asarray(world.nodes["y_metres"][rows["scene"]]),
            "exit_node": np.asarray(rows["exit"]),
            "start_day": ends[0],
            "alarm_day": ends[1],
            "true_ended_day": ends[2],
            "true_end": encode(rows["end"], words_of(FlightEnd)),
            # Nobody's code, -1, is the last of the words.
            "caught_at": encode(np.asarray(rows["caught_at"]) % (len(Ring) + 1), (*RING_WORDS, NO_RING)),
            "caught_node": np.where(np.asarray(rows["end"]) == FlightEnd.CAUGHT, rows["at_node"], -1),
            "units": np.asarray(rows["units"]),
            "unit_hours": np.asarray(rows["unit_days"]) / HOUR,
            **{name: column for kind in Ring for name, column in ring_columns(world, rows, kind).items()},
        }
    )


def past(moments: Any, horizon: float) -> Column:
    """Return a column of moments, NaN for those after the horizon."""
    days = np.asarray(moments, dtype=np.float64)
    return np.where(days <= horizon, days, np.nan)


def ring_columns(world: World, rows: Any, kind: Ring) -> dict[str, Column]:
    """Return the columns of the flights' rings of one kind."""
    word, ring = RING_WORDS[kind], np.asarray(rows["ring"])[:, kind]
    # A row of its own for flights without such a ring.
    points = np.append(np.asarray(world.rings["end_point"]) - np.asarray(world.rings["first_point"]), 0)
    return {
        f"{word}_points": points[ring].astype(np.int32),
        f"{word}_closed_minutes": (np.asarray(rows["closed"])[:, kind] - np.asarray(rows["alarm"])) / MINUTE,
        f"true_{word}_reached_day": np.asarray(rows["reached"], dtype=np.float64)[:, kind],
    }
