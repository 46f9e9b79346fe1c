"""A small town written down by hand: two districts, four households, eight residents, and whatever a test adds."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.codes import NOBODY, Answer, Channel, Leg, PlaceClass, Source, State, Status, Tier
from sim.engine.clock import MINUTE, Calendar
from sim.mediation.groups import lay_group
from sim.outcomes import Names, Records, records_of
from sim.scenario import OfficeGroup, parameters_record
from sim.world import DTYPES, World, empty_table

DAYS = 120
ROWS = {"dispatches": "dispatch_rows"}
CALENDAR = Calendar(date(2023, 1, 1), DAYS)
NAN = float("nan")

DISPUTE: dict[str, Any] = {
    "parent": NOBODY,
    "first_stage": 1,
    "stage": 1,
    "peak_stage": 1,
    "party_a": 0,
    "party_b": 2,
    "organisation": NOBODY,
    "cause": NOBODY,
    "found": NAN,
    "reached_4": NAN,
    "reached_7": NAN,
    "turned_violent": NAN,
    "ended": NAN,
}
CASE: dict[str, Any] = {
    "channel": Channel.GRID,
    "worker": 0,
    "office": NOBODY,
    "passed_from": NOBODY,
    "assigned": NAN,
    "acted": NAN,
    "fed_back": NAN,
    "closed": NAN,
}
CALL: dict[str, Any] = {
    "source": Source.BACKGROUND,
    "stream": 0,
    "priority": 1,
    "first_priority": 1,
    "units_wanted": 1,
    "tier": NOBODY,
    "answer": Answer.RECEIVED,
    "dispute": NOBODY,
    "unit": NOBODY,
    "unit_node": NOBODY,
    "received": 1.0,
    "ready": NAN,
    "dispatched": NAN,
    "departed": NAN,
    "arrived": NAN,
    "cleared": NAN,
    "travel_metres": NAN,
}
DISPATCH: dict[str, Any] = {"leg": Leg.CLEARED, "from_node": 0, "departed": NAN, "arrived": NAN, "cleared": NAN}


def rows(name: str, defaults: dict[str, Any], given: list[dict[str, Any]], spare: int = 3) -> Any:
    """Return a growing table with the given rows and some unused ones full of rubbish."""
    table = empty_table(DTYPES[name], len(given) + spare)
    for number, fields in enumerate(given):
        for field, value in {**defaults, **fields}.items():
            table[field][number] = value
    for field in table.dtype.names or ():
        table[field][len(given) :] = 3
    return table


def settled(channel: Channel, born: float, ended: float, **more: Any) -> dict[str, Any]:
    """Return the fields of a dispute that settled in a channel, known from the day after its birth."""
    return {
        "born": born,
        "found": born + 1.0,
        "ended": ended,
        "state": State.ENDED,
        "settled": 1,
        "end_channel": channel,
        "found_by": Channel.GRID,
        **more,
    }


def answered(received: float, queue: float = 0.0, travel: float = 4.0, **more: Any) -> dict[str, Any]:
    """Return the fields of a call answered after 1 + queue + 0.5 + travel minutes and 20 minutes on scene."""
    ready = received + 1.0 * MINUTE
    dispatched = ready + queue * MINUTE
    departed = dispatched + 0.5 * MINUTE
    arrived = departed + travel * MINUTE
    return {
        "received": received,
        "ready": ready,
        "dispatched": dispatched,
        "departed": departed,
        "arrived": arrived,
        "cleared": arrived + 20.0 * MINUTE,
        "travel_metres": 500.0 * travel,
        "answer": Answer.DONE,
        "unit": 0,
        **more,
    }


def hand_world(
    disputes: list[dict[str, Any]] | None = None,
    cases: list[dict[str, Any]] | None = None,
    sessions: list[dict[str, Any]] | None = None,
    calls: list[dict[str, Any]] | None = None,
    dispatches: list[dict[str, Any]] | None = None,
    days: int = DAYS,
    streams: int = 3,
) -> World:
    """Return a world with the given events in it."""
    given = {"disputes": disputes or [], "cases": cases or [], "sessions": sessions or [], "calls": calls or []}
    given |= {"dispatches": dispatches or []}
    defaults = {
        "disputes": DISPUTE,
        "cases": CASE,
        "sessions": {"number": 1, "team": NOBODY},
        "calls": CALL,
        "dispatches": DISPATCH,
    }
    tables: dict[str, Any] = dict.fromkeys(World._fields, np.empty(0))
    tables |= {name: empty_table(dtype, 0) for name, dtype in DTYPES.items()}
    tables |= {name: rows(name, defaults[name], given[name]) for name in given}
    counts = {"state": 1, "days": days, "residents": 8, "households": 4, "grids": 2, "communities": 2, "orders": 1}
    counts |= {"districts": 2, "workers": 3, "offices": 1, "mediators": 1, "units": 3, "posts": 1, "nodes": 2}
    counts |= {"groups": 2, "streams": streams, "office_groups": 1, "hand_overs": len(Channel)}
    tables |= {name: empty_table(DTYPES[name], count) for name, count in counts.items()}
    tables |= {"queue": empty_table(DTYPES["queue"], 64), "series": empty_table(DTYPES["series"], 2 * days)}
    tables["parameters"] = parameters_record({})
    for name, listed in given.items():
        tables["state"][ROWS.get(name, f"{name[:-1]}_rows")] = len(listed)
    tables["days"]["workday"] = np.arange(days) % 7 < 5
    tables["residents"]["household"] = np.arange(8) // 2
    tables["residents"]["migrant"] = [1, 1, 0, 0, 0, 0, 0, 0]
    tables["residents"]["trust_grid"] = np.linspace(0.1, 0.8, 8)
    tables["households"]["community"] = [0, 0, 1, 1]
    tables["households"]["visits"] = [3, 2, 1, 0]
    tables["communities"]["district"] = [0, 1]
    tables["districts"]["residents"] = 4
    tables["districts"]["tension_sum"] = [1.0, 0.5]
    tables["grids"]["community"] = [0, 1]
    tables["workers"]["active"] = [1, 1, 0]
    tables["workers"]["grid"] = [0, 1, 1]
    tables["offices"]["channel"] = Channel.TOWNSHIP
    lay_group(
        tables["office_groups"][0], OfficeGroup(name="all", level="township", mediators=1), tables["parameters"][0]
    )
    tables["mediators"]["active"] = 1
    tables["units"]["shift_hours"] = 8.0
    tables["units"]["status"] = [Status.AT_POST, Status.ON_SCENE, Status.OFF_DUTY]
    tables["units"]["group"] = [0, 0, 1]
    tables["units"]["sector"] = [0, 1, 1]
    tables["units"]["tier"] = [Tier.STATION, Tier.STATION, Tier.DISTRICT]
    tables["groups"]["crew"] = [2, 3]
    tables["orders"]["off_road_metres_per_second"] = 2.0
    tables["nodes"]["x_metres"] = [0.0, 300.0]
    tables["nodes"]["sector"] = [0, 1]
    tables["nodes"]["place_class"] = [PlaceClass.CENTRE, PlaceClass.COUNTRY]
    return World(**tables)


def hand_records(horizon: float = float(DAYS), **events: Any) -> Records:
    """Return the records of a hand-made world at a horizon (default: the calendar's end)."""
    return records_of(hand_world(**events), CALENDAR, horizon, Names(groups=("patrol", "reserve")))


def deserted_world(**events: Any) -> World:
    """Return a world in which nobody lives: roads, calls and units only."""
    people = ("residents", "households", "grids", "workers", "offices", "mediators")
    made = hand_world(**events)
    made.districts["residents"] = 0
    made.districts["tension_sum"] = 0.0
    return made._replace(**{name: empty_table(DTYPES[name], 0) for name in people})


class Hand:
    """What tests use: the town, its records, and events that ended well."""

    world = staticmethod(hand_world)
    records = staticmethod(hand_records)
    deserted = staticmethod(deserted_world)
    settled = staticmethod(settled)
    answered = staticmethod(answered)
    calendar = CALENDAR


@pytest.fixture
def hand() -> Hand:
    """Give the builders of the hand-made town."""
    return Hand()
