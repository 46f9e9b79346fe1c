"""Decoding how calls were answered: calls, the units sent to them, the units' ledger, hot spots and targets.

Moments, missing rows and words are as in ``sim.outcomes.tables``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from sim.codes import Answer, Geometry, Leg, Mode, PlaceClass, Reason, Source, Status, Tier
from sim.engine.clock import HOUR, MINUTE, SECOND
from sim.outcomes.tables import district_of, flags, past, used
from sim.outcomes.words import PRIORITIES, Column, encode, named, words_of
from sim.response import ledger_at
from sim.scenario import TargetsPart
from sim.world import World

MOMENTS = ("received", "ready", "dispatched", "departed", "arrived", "cleared")
# The first rows of the table of streams; those of the scenario follow.
FIXED_STREAMS = ("background", "dispute", "log")
NO_TIER = "none"
TIERS = (NO_TIER, *words_of(Tier))


@dataclass(frozen=True)
class Names:
    """What rows are called, in the order of their numbers; numbered where left out.

    Attributes:
        districts: of the daily series.
        streams: of calls, those that the scenario lists.
        groups: of units.
        offices: of the groups of mediation offices.
        teams: that join sessions, group by group.
        types: of a recorded log's calls.
        logged_minutes: the response time that the log itself tells, for each of its rows, NaN where it tells none.
    """

    districts: Sequence[str] = ()
    streams: Sequence[str] = ()
    groups: Sequence[str] = ()
    offices: Sequence[str] = ()
    teams: Sequence[str] = ()
    types: Sequence[str] = ()
    logged_minutes: Column = field(default_factory=lambda: np.empty(0))


def decode_calls(world: World, horizon: float, names: Names) -> pa.Table:
    """Return one row for each call; response time is the sum of call-taking, queue, turn-out and travel.

    Travel ends with the way from the road to the place (``access_minutes`` of it).
    """
    rows = used(world.calls, world.state[0].call_rows)
    moments = {name: past(rows[name], horizon) for name in MOMENTS}
    places = world.nodes[rows["node"]]
    return pa.table(
        {
            "call": np.arange(len(rows), dtype=np.int32),
            "address": np.asarray(rows["address"], dtype=np.int64),
            "source": encode(rows["source"], words_of(Source)),
            "type": types_of(world, rows, names),
            "priority": encode(rows["priority"], PRIORITIES),
            "first_priority": encode(rows["first_priority"], PRIORITIES),
            "answer": encode(rows["answer"], words_of(Answer)),
            "dispute": np.asarray(rows["dispute"]),
            "true_stage": np.asarray(rows["stage"]),
            "node": np.asarray(rows["node"]),
            "x_metres": np.asarray(rows["x_metres"]),
            "y_metres": np.asarray(rows["y_metres"]),
            "access_metres": np.asarray(rows["access_metres"]),
            "sector": np.asarray(places["sector"]),
            "place_class": encode(places["place_class"], words_of(PlaceClass)),
            "community": np.asarray(rows["community"]),
            "district": district_of(world, rows["community"]),
            "units_wanted": np.asarray(rows["units_wanted"]),
            "unit": np.asarray(rows["unit"]),
            "unit_node": np.asarray(rows["unit_node"]),
            "reason": encode(rows["reason"], words_of(Reason)),
            "tier": encode(np.asarray(rows["tier"]) + 1, TIERS),
            "queue_met": np.asarray(rows["queue_met"]),
            "true_defused": flags(rows["defused"]),
            **{f"{name}_day": days for name, days in moments.items()},
            "call_taking_minutes": (moments["ready"] - moments["received"]) / MINUTE,
            "queue_minutes": (moments["dispatched"] - moments["ready"]) / MINUTE,
            "turn_out_minutes": (moments["departed"] - moments["dispatched"]) / MINUTE,
            "travel_minutes": (moments["arrived"] - moments["departed"]) / MINUTE,
            "access_minutes": access_minutes(world, rows, moments["arrived"]),
            "response_minutes": (moments["arrived"] - moments["received"]) / MINUTE,
            "scene_minutes": (moments["cleared"] - moments["arrived"]) / MINUTE,
            "travel_metres": np.asarray(rows["travel_metres"]),
            "recorded_response_minutes": logged_minutes(world, rows, names),
        }
    )


def types_of(world: World, rows: Any, names: Names) -> pa.DictionaryArray:
    """Return each call's type in words: the name of its stream, of a logged call its type in the log."""
    streams = [*FIXED_STREAMS, *named(names.streams, max(len(world.streams) - len(FIXED_STREAMS), 0), "stream")]
    codes = np.array(rows["stream"], dtype=np.int32)
    if names.types:
        logged = np.flatnonzero(np.asarray(rows["source"]) == Source.LOG)
        types = world.log["type_"][log_rows(world, rows["address"][logged])]
        codes[logged[types >= 0]] = len(streams) + types[types >= 0]
    return encode(codes, [*streams, *names.types])


def log_rows(world: World, addresses: Any) -> Column:
    """Return the row of the log that each logged call was made from, found by its address."""
    order = np.argsort(world.log["address"], kind="stable")
    return np.asarray(order[np.searchsorted(world.log["address"], addresses, sorter=order)])


def logged_minutes(world: World, rows: Any, names: Names) -> Column:
    """Return the response time that a log itself tells of each call, minutes; NaN for calls of no log."""
    minutes = np.full(len(rows), np.nan)
    if len(names.logged_minutes):
        logged = np.asarray(rows["source"]) == Source.LOG
        minutes[logged] = names.logged_minutes[log_rows(world, rows["address"][logged])]
    return minutes


def access_minutes(world: World, rows: Any, arrived: Column) -> Column:
    """Return the minutes that the last metres between the road and the place took, NaN before the arrival."""
    orders, metres = world.orders[0], np.asarray(rows["access_metres"])
    if orders.geometry == Geometry.NONE or not metres.any():
        return np.where(np.isnan(arrived), np.nan, 0.0)
    minutes = metres / float(orders.off_road_metres_per_second) * (SECOND / MINUTE)
    return np.where(np.isnan(arrived), np.nan, minutes)


def decode_dispatches(world: World, horizon: float) -> pa.Table:
    """Return one row for each unit sent to a call, also for one called off on its way or from the scene."""
    rows = used(world.dispatches, world.state[0].dispatch_rows)
    return pa.table(
        {
            "dispatch": np.arange(len(rows), dtype=np.int32),
            "call": np.asarray(rows["call"]),
            "number": np.asarray(rows["number"]),
            "unit": np.asarray(rows["unit"]),
            "reason": encode(rows["reason"], words_of(Reason)),
            "leg": encode(rows["leg"], words_of(Leg)),
            "from_node": np.asarray(rows["from_node"]),
            "metres": np.asarray(rows["metres"]),
            **{f"{name}_day": past(rows[name], horizon) for name in MOMENTS[2:]},
        }
    )


def decode_units(world: World, horizon: float, names: Names) -> pa.Table:
    """Return one row for each patrol unit with its ledger of hours, which sums to the run's length."""
    rows = world.units
    ledger = ledger_at(rows, horizon) / HOUR
    groups = world.groups[rows["group"]]
    return pa.table(
        {
            "unit": np.arange(len(rows), dtype=np.int32),
            "group": encode(rows["group"], named(names.groups, len(world.groups), "group")),
            "tier": encode(rows["tier"], words_of(Tier)),
            "mode": encode(rows["mode"], words_of(Mode)),
            "aid": flags(groups["aid"]),
            "officers": np.asarray(groups["crew"], dtype=np.int32),
            "post": np.asarray(rows["post"]),
            "home_post": np.asarray(rows["home_post"]),
            "sector": np.asarray(rows["sector"]),
            "shift_start_hour": np.asarray(rows["shift_start_hour"]),
            "shift_hours": np.asarray(rows["shift_hours"]),
            "status": encode(rows["status"], words_of(Status)),
            **{f"{word}_hours": ledger[:, place] for place, word in enumerate(words_of(Status))},
            "overtime_hours": np.asarray(rows["overtime_days"]) / HOUR,
            "driven_metres": np.asarray(rows["driven_metres"]),
            "answered": np.asarray(rows["answered"]),
        }
    )


def decode_spots(world: World, names: Names) -> pa.Table:
    """Return one row for each hot spot with the stops made there, also where it lay before it was found anew."""
    rows = world.spots
    return pa.table(
        {
            "spot": np.arange(len(rows), dtype=np.int32),
            "group": encode(rows["group"], named(names.groups, len(world.groups), "group")),
            "node": np.asarray(rows["node"]),
            "x_metres": np.asarray(rows["x_metres"]),
            "y_metres": np.asarray(rows["y_metres"]),
            "calls": np.asarray(rows["calls"]),
            "visits": np.asarray(rows["visits"]),
        }
    )


def decode_targets(targets: TargetsPart) -> pa.Table:
    """Return the minutes to which 1-3-5 holds calls under each reading; NaN where the scenario sets none."""
    last = len(targets.by_priority) - 1
    readings: Mapping[str, Mapping[str, float]] = {
        "place": dict.fromkeys(words_of(PlaceClass), np.nan) | targets.by_place,
        "tier": dict.fromkeys(words_of(Tier), np.nan) | targets.by_tier,
        "priority": {word: targets.by_priority[min(place, last)] for place, word in enumerate(PRIORITIES)},
    }
    rows = [(reading, word, minutes) for reading, by_word in readings.items() for word, minutes in by_word.items()]
    return pa.table(
        {
            "reading": pa.array([row[0] for row in rows]),
            "word": pa.array([row[1] for row in rows]),
            "minutes": np.array([row[2] for row in rows], dtype=np.float64),
        }
    )
