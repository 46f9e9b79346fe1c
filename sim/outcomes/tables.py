"""Decoding the world's tables into records: words instead of codes, what happened apart from what the books say.

Every moment is a day since the start of the run; NaN means "not by the run's end", also for a moment that was
already planned (the end of a session under way). A number of a row that does not exist is -1. A party is the number
of a synthetic resident; nothing else says who anybody is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sim.codes import Affair, Category, Channel, Colour, Finding, OrganisationKind, State, Tie
from sim.engine.clock import HOUR
from sim.outcomes.words import Column, encode, named, words_of
from sim.world import World

CHANNELS = words_of(Channel)
NOT_ONE = "none"  # of organisations and teams


def used(table: Any, rows: int) -> Any:
    """Return the rows of a growing table that are in use."""
    return table[: int(rows)]


def past(moments: Any, horizon: float) -> Column:
    """Return a column of moments as 64-bit floats, NaN for those after the horizon."""
    days = np.asarray(moments, dtype=np.float64)
    return np.where(days <= horizon, days, np.nan)


def flags(column: Any) -> pa.Array:
    """Return a column of 0 and 1 as truth values."""
    return pa.array(np.asarray(column) != 0)


def district_of(world: World, community: Any) -> Column:
    """Return the district (row of the daily series) of each community in a column."""
    return np.asarray(world.communities["district"][np.asarray(community)], dtype=np.int32)


def decode_disputes(world: World, horizon: float) -> pa.Table:
    """Return one row for each dispute, relapses included."""
    rows = used(world.disputes, world.state[0].dispute_rows)
    return pa.table(
        {
            "dispute": np.arange(len(rows), dtype=np.int32),
            "address": np.asarray(rows["address"], dtype=np.int64),
            "parent": np.asarray(rows["parent"]),
            "category": encode(rows["category"], words_of(Category)),
            "tie": encode(rows["tie"], words_of(Tie)),
            "community": np.asarray(rows["community"]),
            "district": district_of(world, rows["community"]),
            "organisation": np.asarray(rows["organisation"]),
            "organisation_kind": organisation_kinds(world, rows["organisation"]),
            "cause": np.asarray(rows["cause"]),
            "party_a": np.asarray(rows["party_a"]),
            "party_b": np.asarray(rows["party_b"]),
            "party_a_migrant": flags(world.residents["migrant"][rows["party_a"]]),
            "true_first_stage": np.asarray(rows["first_stage"]),
            "true_peak_stage": np.asarray(rows["peak_stage"]),
            "true_last_stage": np.asarray(rows["stage"]),
            "true_state": encode(rows["state"], words_of(State)),
            "true_end_channel": encode(rows["end_channel"], CHANNELS),
            "true_settled": flags(rows["settled"]),
            "true_breached": flags(rows["breached"]),
            "recorded_confirmed": flags(rows["confirmed"]),
            "true_born_day": past(rows["born"], horizon),
            "true_reached_4_day": past(rows["reached_4"], horizon),
            "true_reached_7_day": past(rows["reached_7"], horizon),
            "true_turned_violent_day": past(rows["turned_violent"], horizon),
            "true_ended_day": past(rows["ended"], horizon),
            "true_violence": np.asarray(rows["violence"]),
            "true_visits_missed": np.asarray(rows["visits_missed"]),
            "recorded_found_day": past(rows["found"], horizon),
            "recorded_found_by": encode(rows["found_by"], CHANNELS),
            "recorded_affair": encode(rows["affair"], words_of(Affair)),
            "true_affair": encode(rows["true_affair"], words_of(Affair)),
            "recorded_colour": encode(rows["colour"], words_of(Colour)),
            "true_colour": encode(rows["true_colour"], words_of(Colour)),
            "recorded_advice": np.asarray(rows["advised"]),
            "true_not_booked": np.asarray(rows["not_booked"]),
            "recorded_cases": np.asarray(rows["handlings"]),
            "recorded_calls": np.asarray(rows["calls"]),
        }
    )


def organisation_kinds(world: World, organisations: Any) -> pa.Array:
    """Return of what kind the organisations in a column are, ``none`` for -1."""
    listed = np.append(np.asarray(world.organisations["kind"]) + 1, 0)  # the last is what -1 points to
    return encode(listed[np.asarray(organisations)], (NOT_ONE, *words_of(OrganisationKind)))


def decode_cases(world: World, horizon: float) -> pa.Table:
    """Return one row for each case in a channel's books, with the six steps of the closed loop."""
    rows = used(world.cases, world.state[0].case_rows)
    community = world.disputes["community"][rows["dispute"]]
    return pa.table(
        {
            "case": np.arange(len(rows), dtype=np.int32),
            "dispute": np.asarray(rows["dispute"]),
            "community": np.asarray(community),
            "district": district_of(world, community),
            "channel": encode(rows["channel"], CHANNELS),
            "worker": np.asarray(rows["worker"]),
            "office": np.asarray(rows["office"]),
            "passed_from": np.asarray(rows["passed_from"]),
            "urgent": flags(rows["urgent"]),
            "discovered": flags(rows["discovered"]),
            "found_how": encode(rows["found_how"], words_of(Finding)),
            "joined": encode(rows["joined"], CHANNELS),
            "listed": flags(rows["listed"]),
            "sessions": np.asarray(rows["sessions"]),
            "recorded_reported_day": past(rows["reported"], horizon),
            "recorded_opened_day": past(rows["opened"], horizon),
            "recorded_assigned_day": past(rows["assigned"], horizon),
            "recorded_acted_day": past(rows["acted"], horizon),
            "recorded_fed_back_day": past(rows["fed_back"], horizon),
            "recorded_closed_day": past(rows["closed"], horizon),
            "recorded_settled": flags(rows["recorded_settled"]),
            "true_settled": flags(rows["true_settled"]),
            "source": encode(rows["source"], CHANNELS),
            "passed_up": flags(rows["passed_up"]),
            "lost": flags(rows["lost"]),
            "refused": flags(rows["refused"]),
            "true_closed_early": flags(rows["closed_early"]),
            "withdrawn": flags((rows["withdrawn"] != 0) & (rows["closed_early"] == 0) & (rows["passed_up"] == 0)),
        }
    )


def decode_sessions(world: World, horizon: float, teams: Sequence[str] = ()) -> pa.Table:
    """Return one row for each mediation session that has begun.

    Args:
        world: the tables.
        horizon: the moment up to which sessions are told.
        teams: their names, in the order of their rows; numbered where left out.
    """
    rows = used(world.sessions, world.state[0].session_rows)
    start, end = past(rows["start"], horizon), past(rows["end"], horizon)
    return pa.table(
        {
            "session": np.arange(len(rows), dtype=np.int32),
            "case": np.asarray(rows["case"]),
            "mediator": np.asarray(rows["mediator"]),
            "number": np.asarray(rows["number"]),
            "people": np.asarray(rows["people"]),
            "team": np.asarray(rows["team"]),
            "team_name": encode(np.asarray(rows["team"]) + 1, (NOT_ONE, *named(teams, len(world.teams), "team"))),
            "mediator_travel_hours": 2.0 * np.asarray(rows["trip"]) / HOUR,
            "party_travel_hours": np.asarray(rows["party_travel_hours"]),
            "start_day": start,
            "end_day": end,
            "hours": (end - start) / HOUR,
            "true_settled": flags(rows["settled"]),
        }
    )
