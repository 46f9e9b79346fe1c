"""What the columns of a saved state may hold: rows of other tables, codes, ranges, and what is laid out anew."""

from __future__ import annotations

from typing import NamedTuple

from sim.codes import (
    NOBODY,
    PRIORITIES,
    STAGES,
    Affair,
    Answer,
    Category,
    Channel,
    Colour,
    FlightEnd,
    FollowUp,
    Leg,
    Mode,
    Reason,
    Ring,
    Risk,
    Source,
    State,
    Status,
    Task,
    Tie,
    Tier,
)
from sim.events import Kind


class Points(NamedTuple):
    """What a column's values are: rows of a table, or members of a set of codes, counted from ``least``."""

    target: str
    least: int = 0


def maybe(target: str) -> Points:
    """Return what a column points to that may also say NOBODY."""
    return Points(target, NOBODY)


# The state says how many of their rows are in use.
GROWING = {
    "disputes": "dispute_rows",
    "cases": "case_rows",
    "sessions": "session_rows",
    "calls": "call_rows",
    "dispatches": "dispatch_rows",
}
MOST_ROOM = 1 << 32
CODES = {
    **{kind.__name__: len(kind) for kind in (Category, Tie, Risk, State, Channel, Source, Status, Task, Answer)},
    **{kind.__name__: len(kind) for kind in (Affair, Colour, FlightEnd, FollowUp, Leg, Mode, Reason, Ring, Tier)},
    "stage": STAGES + 1,
    "priority": PRIORITIES,
    "once": 1,
}
# Every column by which a rule finds a row of a table, or a place in a list of parameters.
POINTS: dict[str, dict[str, Points]] = {
    "residents": {"household": Points("households")},
    "households": {
        "node": Points("nodes"),
        "grid": Points("grids"),
        "community": Points("communities"),
        "first_resident": Points("residents"),
        "first_dispute": maybe("disputes"),
    },
    "grids": {"community": Points("communities"), "first_worker": maybe("workers")},
    "communities": {
        "township": Points("townships"),
        "county": Points("counties"),
        "district": Points("districts"),
        "office": Points("offices"),
    },
    "workers": {
        "next_in_grid": maybe("workers"),
        "task": Points("Task"),
        "rota_place": maybe("households"),
        "first_case": maybe("cases"),
        "last_case": maybe("cases"),
        "first_follow_up": maybe("disputes"),
        "last_follow_up": maybe("disputes"),
    },
    "offices": {
        "channel": Points("Channel"),
        "township": Points("townships"),
        "node": Points("nodes"),
        "first_mediator": maybe("mediators"),
        "first_case": maybe("cases"),
        "last_case": maybe("cases"),
    },
    "mediators": {
        "office": maybe("offices"),
        "next_in_office": maybe("mediators"),
        "session": maybe("sessions"),
    },
    "disputes": {
        "parent": maybe("disputes"),
        "category": Points("Category"),
        "tie": Points("Tie"),
        "first_stage": Points("stage", 1),
        "stage": Points("stage", 1),
        "peak_stage": Points("stage", 1),
        "state": Points("State"),
        "end_channel": Points("Channel"),
        "party_a": Points("residents"),
        "party_b": Points("residents"),
        "next_a": maybe("disputes"),
        "next_b": maybe("disputes"),
        "community": Points("communities"),
        "case": maybe("cases"),
        "call": maybe("calls"),
        "pending_risk": maybe("Risk"),
        "affair": Points("Affair"),
        "true_affair": Points("Affair"),
        "colour": Points("Colour"),
        "true_colour": Points("Colour"),
        "follow_up": Points("FollowUp"),
        "next_follow_up": maybe("disputes"),
        "found_by": Points("Channel"),
    },
    "cases": {
        "dispute": Points("disputes"),
        "channel": Points("Channel"),
        "worker": maybe("workers"),
        "office": maybe("offices"),
        "next": maybe("cases"),
        "passed_from": maybe("cases"),
    },
    "sessions": {"case": Points("cases"), "mediator": Points("mediators")},
    "calls": {
        "stream": Points("streams"),
        "log_row": maybe("log"),
        "source": Points("Source"),
        "priority": Points("priority"),
        "first_priority": Points("priority"),
        "answer": Points("Answer"),
        "reason": Points("Reason"),
        "dispute": maybe("disputes"),
        "stage": Points("stage"),
        "node": Points("nodes"),
        "community": Points("communities"),
        "unit": maybe("units"),
        "unit_node": maybe("nodes"),
        "first_dispatch": maybe("dispatches"),
        "next": maybe("calls"),
        "previous": maybe("calls"),
        "tier": maybe("Tier"),
    },
    "dispatches": {
        "call": Points("calls"),
        "unit": Points("units"),
        "next": maybe("dispatches"),
        "from_node": Points("nodes"),
        "reason": Points("Reason"),
        "leg": Points("Leg"),
    },
    "units": {
        "node": Points("nodes"),
        "to_node": Points("nodes"),
        "duty_node": Points("nodes"),
        "hub_out": maybe("out_labels"),
        "hub_in": maybe("in_labels"),
        "idle_place": maybe("idle"),
        "pattern": Points("patterns"),
        "status": Points("Status"),
        "mode": Points("Mode"),
        "tier": Points("Tier"),
        "post": Points("posts"),
        "home_post": Points("posts"),
        "group": Points("groups"),
        "sector": Points("sectors"),
        "call": maybe("calls"),
        "dispatch": maybe("dispatches"),
        "flight": maybe("flights"),
        "check_point": maybe("nodes"),
    },
    "flights": {
        "scene": Points("nodes"),
        "exit": Points("nodes"),
        "at_node": Points("nodes"),
        "pattern": Points("patterns"),
        "ring": maybe("rings"),
        "end": Points("FlightEnd"),
        "caught_at": maybe("Ring"),
    },
    "ring_points": {"node": Points("nodes"), "ring": Points("rings")},
    "idle": {"row": Points("units")},
    "spots": {"node": maybe("nodes"), "group": Points("groups"), "bound_for": maybe("units")},
}
# Tables that follow from the scenario: they are laid out anew, not saved.
LAID_OUT = (
    "groups",
    "orders",
    "log",
    "posts",
    "sectors",
    "arcs",
    "traffic",
    "containment",
    "rings",
    "lists",
    "numbers",
    "ways",
    "out_labels",
    "in_labels",
    "aim",
    "candidates",
)
# Of these tables a run changes the columns named; all others must be as they are laid out.
CHANGED = {
    "streams": ("number",),
    "nodes": ("presence", "presence_time", "calls"),
    "ring_points": ("ticks",),
}
# Columns that hold the first row of a range, and the one past its last.
RANGES = (
    ("grids", "first_household", "end_household", "households"),
    ("communities", "first_household", "end_household", "households"),
    ("communities", "first_resident", "end_resident", "residents"),
    ("communities", "township_first_resident", "township_end_resident", "residents"),
    ("communities", "county_first_resident", "county_end_resident", "residents"),
)
# The table whose row an event names.
EVENT_ROWS = {
    Kind.DAY_ENDS: "day_ends",
    Kind.FRICTION: "once",
    Kind.DISPUTE_MOVES: "disputes",
    Kind.RELAPSE: "disputes",
    Kind.WORKER_FREE: "workers",
    Kind.CASE_READY: "cases",
    Kind.OFFICE_OPENS: "offices",
    Kind.SESSION_ENDS: "sessions",
    Kind.STREAM_CALL: "streams",
    Kind.CALL_READY: "calls",
    Kind.UNIT_ARRIVES: "units",
    Kind.UNIT_CLEARS: "units",
    Kind.UNIT_AT_POST: "units",
    Kind.SHIFT_STARTS: "units",
    Kind.SHIFT_ENDS: "units",
    Kind.DISPUTE_FOUND: "disputes",
    Kind.DISPUTE_CALLS: "disputes",
    Kind.CASE_ASSIGNED: "cases",
    Kind.CASE_CLOSED: "cases",
    Kind.CASE_ACTED: "cases",
    Kind.DISPUTE_CHANGED: "disputes",
    Kind.LOGGED_CALL: "log",
    Kind.CALL_RENEGES: "calls",
    Kind.CALL_STEPS_UP: "calls",
    Kind.CALL_GIVEN_UP: "calls",
    Kind.DISPUTE_VISITED: "disputes",
    Kind.FOLLOW_UP_DUE: "disputes",
    Kind.CASE_DUE: "cases",
    Kind.PATROL_MOVES: "units",
    Kind.BREAK_STARTS: "units",
    Kind.BREAK_ENDS: "units",
    Kind.DUTY_CHANGES: "units",
    Kind.SPOTS_RENEWED: "groups",
    Kind.FLIGHT_STARTS: "flights",
    Kind.ALARM: "flights",
    Kind.FLIGHT_CROSSES: "flights",
    Kind.RING_REACHED: "units",
    Kind.RING_LEFT: "units",
}
