"""The world: one structured array for each kind of thing, a row for each thing, a field for each property.

Rules address a thing by its row (``world.disputes[row].stage``); reports read a column
(``world.disputes["stage"]``). Times are days since the start of the run unless a field's name says otherwise;
a moment that has not come is NaN; a row that does not exist is -1. Floats that enter arithmetic are 64 bit, so
that compiled and plain Python agree to the last bit; tension is stored in 32 bits and read through
``sim.people.tension``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.codes import RISKS
from sim.engine.compiled import rule
from sim.engine.queue import EVENT

type Table = "np.recarray[Any, np.dtype[Any]]"

STATE = np.dtype(
    [
        ("seed", "i8"),
        ("now", "f8"),  # moment of the event being handled
        ("events", "i8"),  # handled so far
        ("dispute_rows", "i8"),  # rows in use of the growing tables
        ("case_rows", "i8"),
        ("session_rows", "i8"),
        ("call_rows", "i8"),
        ("employment_booked", "f8"),  # up to when the staff's days of employment are booked
        ("begun_by_hand", "i8"),  # disputes begun through a face
        ("friction_number", "i8"),  # number of the next potential friction
        ("background_number", "i8"),  # number of the next potential background call
        ("friction_hours", "f8", (25,)),  # share of a day's frictions and calls before each full hour
        ("call_hours", "f8", (25,)),
        ("friction_bound_per_day", "f8"),  # fixed bounds of the two thinned streams
        ("background_bound_per_day", "f8"),
        ("friction_ratio_bound", "f8"),
        ("background_ratio_bound", "f8"),
        ("bounds_broken", "i8"),  # times a rate exceeded its stream's bound: must stay 0
        ("room", "i8"),  # rows that every growing table keeps free before an event
        ("waiting_calls", "i8"),  # heads of the queue of waiting calls, by priority below
        ("waiting_first", "i4", (2,)),
        ("waiting_last", "i4", (2,)),
        ("grid_visit_quota", "f8"),  # visits a grid worker aims at on a working day
        ("circuity", "f8"),  # walked metres per straight metre, measured on the town's roads
        ("search_stamp", "i8"),  # which search wrote a node's scratch fields
    ],
    align=True,
)

DAYS = np.dtype(
    [
        ("workday", "i1"),
        ("friction_factor", "f8"),  # weekday times month, mean about 1
        ("call_factor", "f8"),
    ],
    align=True,
)

RESIDENTS = np.dtype(
    [
        ("household", "i4"),
        ("tension", "f4"),  # 0..1 at ``tension_day``; decays from there
        ("tension_day", "f4"),
        ("temper", "f4"),  # factor on the rate of frictions, mean 1
        ("trust_grid", "f4"),  # 0..1 by channel
        ("trust_mediation", "f4"),
        ("trust_police", "f4"),
        ("adult", "i1"),
        ("migrant", "i1"),
        ("merchant", "i1"),
    ],
    align=True,
)

HOUSEHOLDS = np.dtype(
    [
        ("node", "i4"),
        ("grid", "i4"),
        ("community", "i4"),
        ("first_resident", "i4"),
        ("first_dispute", "i4"),  # head of the household's list of open disputes
        ("visits", "i4"),
        ("members", "i2"),
    ],
    align=True,
)

GRIDS = np.dtype(
    [
        ("community", "i4"),
        ("first_household", "i4"),
        ("end_household", "i4"),  # one past the last
        ("first_worker", "i4"),  # workers of a grid form a list through workers.next_in_grid
    ],
    align=True,
)

COMMUNITIES = np.dtype(
    [
        ("township", "i4"),
        ("county", "i4"),
        ("district", "i4"),  # row of the daily series
        ("first_household", "i4"),
        ("end_household", "i4"),
        ("first_resident", "i4"),
        ("end_resident", "i4"),
        ("township_first_resident", "i4"),
        ("township_end_resident", "i4"),
        ("county_first_resident", "i4"),
        ("county_end_resident", "i4"),
        ("office", "i4"),  # mediation office in charge
        ("merchants", "i4"),
    ],
    align=True,
)

WORKERS = np.dtype(
    [
        ("grid", "i4"),
        ("next_in_grid", "i4"),
        ("active", "i1"),
        ("task", "i1"),
        ("task_row", "i4"),  # household visited or case handled
        ("task_start", "f8"),
        ("rota_place", "i4"),  # household last visited, as offset within the grid
        ("visits_today", "i4"),
        ("today", "i4"),
        ("first_case", "i4"),  # queue of cases waiting for the worker
        ("last_case", "i4"),
        ("version", "i4"),
        ("visits", "i8"),
        ("cases", "i8"),
        ("visit_hours", "f8"),
        ("case_hours", "f8"),
        ("overtime_hours", "f8"),
        ("employed_days", "f8"),  # up to ``state.employment_booked``
    ],
    align=True,
)

OFFICES = np.dtype(
    [
        ("channel", "i1"),  # level: community, township, county or city
        ("township", "i4"),
        ("node", "i4"),
        ("first_mediator", "i4"),  # mediators of an office form a list through mediators.next_in_office
        ("first_case", "i4"),
        ("last_case", "i4"),
        ("opening_due", "i1"),  # an OFFICE_OPENS event is in the queue
    ],
    align=True,
)

MEDIATORS = np.dtype(
    [
        ("office", "i4"),
        ("next_in_office", "i4"),
        ("active", "i1"),
        ("session", "i4"),  # the session being held, or -1
        ("skill", "f8"),  # standard deviations from the mean mediator
        ("sessions", "i8"),
        ("hours", "f8"),
        ("employed_days", "f8"),  # up to ``state.employment_booked``
    ],
    align=True,
)

DISPUTES = np.dtype(
    [
        ("address", "i8"),  # of its draws: does not depend on any policy
        ("parent", "i4"),  # the settled dispute that came back as this one, or -1
        ("category", "i1"),
        ("tie", "i1"),
        ("first_stage", "i1"),
        ("stage", "i1"),
        ("peak_stage", "i1"),
        ("state", "i1"),
        ("end_channel", "i1"),
        ("settled", "i1"),  # ended by an agreement
        ("party_a", "i4"),
        ("party_b", "i4"),
        ("next_a", "i4"),  # links of the lists of the two parties' households
        ("next_b", "i4"),
        ("community", "i4"),  # of party a
        ("case", "i4"),  # the open case, or -1
        ("call", "i4"),  # the open call, or -1
        ("pending_risk", "i1"),  # the risk whose clock rings next
        ("left", "f4", (RISKS,)),  # on each risk's clock: what is left of its unit exponential
        ("rate", "f4", (RISKS,)),  # at which each clock has run since ``set_at``, 1/day
        ("rings", "i2", (RISKS,)),  # times that each clock has rung
        ("set_at", "f8"),
        ("version", "i4"),
        ("visits_missed", "i4"),  # visits to a party's household that did not find it
        ("handlings", "i4"),  # cases opened for it, in any channel
        ("calls", "i4"),
        ("violence", "i4"),
        ("found_by", "i1"),  # channel: GRID by a visit, SELF by a party's report, POLICE by a call
        ("born", "f8"),
        ("found", "f8"),  # first known to any channel
        ("reached_4", "f8"),
        ("reached_7", "f8"),
        ("ended", "f8"),
    ],
    align=True,
)

CASES = np.dtype(
    [
        ("dispute", "i4"),
        ("channel", "i1"),  # GRID or the office's level
        ("worker", "i4"),
        ("office", "i4"),
        ("next", "i4"),  # link of the queue it waits in
        ("passed_from", "i4"),  # the case in a lower channel that was passed up, or -1
        ("discovered", "i1"),  # opened by a visit (1) or by a report, a call or passing up (0)
        ("sessions", "i4"),
        ("reported", "f8"),  # the six steps of the closed loop
        ("opened", "f8"),
        ("assigned", "f8"),
        ("acted", "f8"),
        ("fed_back", "f8"),
        ("closed", "f8"),
        ("true_settled", "i1"),
        ("recorded_settled", "i1"),
        ("passed_up", "i1"),
        ("withdrawn", "i1"),  # the dispute ended elsewhere before the channel was done
    ],
    align=True,
)

SESSIONS = np.dtype(
    [
        ("case", "i4"),
        ("mediator", "i4"),
        ("number", "i4"),  # 1 for a case's first session
        ("start", "f8"),
        ("end", "f8"),
        ("settled", "i1"),
    ],
    align=True,
)

CALLS = np.dtype(
    [
        ("address", "i8"),
        ("source", "i1"),
        ("priority", "i1"),  # 0 urgent, 1 routine
        ("answer", "i1"),
        ("dispute", "i4"),
        ("stage", "i1"),  # of the dispute when the call was made, 0 for background calls
        ("node", "i4"),
        ("community", "i4"),
        ("unit", "i4"),
        ("unit_node", "i4"),  # where the unit was when it was sent
        ("next", "i4"),  # link of the waiting queue
        ("queue_met", "i4"),  # calls waiting when this one became ready
        ("defused", "i1"),
        ("received", "f8"),
        ("ready", "f8"),  # call-taking over
        ("dispatched", "f8"),
        ("departed", "f8"),  # turn-out over
        ("arrived", "f8"),
        ("cleared", "f8"),
        ("travel_metres", "f8"),
    ],
    align=True,
)

UNITS = np.dtype(
    [
        ("post", "i4"),
        ("status", "i1"),
        ("on_shift", "i1"),
        ("node", "i4"),  # where it is, or the next node on its way back
        ("node_time", "f8"),  # when it is (was) at ``node``
        ("call", "i4"),
        ("version", "i4"),
        ("shift_version", "i4"),
        ("shift_start_hour", "f8"),
        ("shift_hours", "f8"),
        ("shift_end", "f8"),  # when the shift under way ends, or ended
        ("since", "f8"),  # when its status began
        ("off_duty_days", "f8"),  # ledger: time spent in each status so far
        ("at_post_days", "f8"),
        ("to_scene_days", "f8"),
        ("on_scene_days", "f8"),
        ("returning_days", "f8"),
        ("overtime_days", "f8"),  # time on duty after the shift's end
        ("answered", "i8"),
    ],
    align=True,
)

POSTS = np.dtype([("node", "i4"), ("community", "i4")], align=True)

# The way back: for each (post, node) the time to the post and the next node towards it, shape (posts, nodes).
ROUTES = np.dtype([("seconds", "f4"), ("next", "i4")], align=True)

NODES = np.dtype(
    [
        ("x_metres", "f8"),
        ("y_metres", "f8"),
        ("community", "i4"),
        ("first_arc", "i4"),  # incoming arcs are rows first_arc..end_arc of ``arcs``
        ("end_arc", "i4"),
        ("first_unit", "i4"),  # scratch of a search: candidates that would pass here first
        ("stamp", "i8"),
        ("seconds", "f8"),
        ("metres", "f8"),
    ],
    align=True,
)

# Incoming arcs, sorted by head, for searches backwards from a call. Seconds are those of emergency driving.
ARCS = np.dtype([("tail", "i4"), ("seconds", "f8"), ("metres", "f8")], align=True)

# One row for each district and day: row = day * districts + district. Counts of that day.
SERIES = np.dtype(
    [
        ("true_born", "i4"),
        ("true_settled", "i4"),
        ("true_ended", "i4"),
        ("true_reached_4", "i4"),
        ("true_reached_7", "i4"),
        ("true_violence", "i4"),
        ("true_tension_sum", "f8"),  # over residents, at the day's end
        ("recorded_found", "i4"),
        ("recorded_opened", "i4"),
        ("recorded_closed", "i4"),
        ("recorded_settled", "i4"),
        ("visits", "i4"),
        ("sessions", "i4"),
        ("calls", "i4"),
        ("answered", "i4"),
        ("response_minutes_sum", "f8"),
        ("within_1", "i4"),
        ("within_3", "i4"),
        ("within_5", "i4"),
    ],
    align=True,
)

DISTRICTS = np.dtype(
    [
        ("residents", "i4"),
        ("tension_sum", "f8"),  # over residents, at ``tension_day``; decays as the residents' does
        ("tension_day", "f8"),
    ],
    align=True,
)


class World(NamedTuple):
    """All tables of a run, by name. ``parameters`` has one row, its fields are the ids of the parameter table."""

    parameters: Table
    state: Table
    days: Table
    residents: Table
    households: Table
    grids: Table
    communities: Table
    districts: Table
    workers: Table
    offices: Table
    mediators: Table
    disputes: Table
    cases: Table
    sessions: Table
    calls: Table
    units: Table
    posts: Table
    routes: Table
    nodes: Table
    arcs: Table
    frontier: Table  # scratch heap of road searches
    queue: Table
    series: Table


DTYPES: dict[str, np.dtype[Any]] = {
    "state": STATE,
    "days": DAYS,
    "residents": RESIDENTS,
    "households": HOUSEHOLDS,
    "grids": GRIDS,
    "communities": COMMUNITIES,
    "districts": DISTRICTS,
    "workers": WORKERS,
    "offices": OFFICES,
    "mediators": MEDIATORS,
    "disputes": DISPUTES,
    "cases": CASES,
    "sessions": SESSIONS,
    "calls": CALLS,
    "units": UNITS,
    "posts": POSTS,
    "routes": ROUTES,
    "nodes": NODES,
    "arcs": ARCS,
    "frontier": EVENT,
    "queue": EVENT,
    "series": SERIES,
}


@rule
def daily(world: Any, community: int, now: float) -> Any:
    """Return the row of the daily series for a community's district on the day of ``now``."""
    return world.series[int(now) * len(world.districts) + world.communities[community].district]


def empty_table(dtype: np.dtype[Any], *shape: int) -> Table:
    """Return a table of zeroed rows."""
    return np.zeros(shape, dtype=dtype).view(np.recarray)
