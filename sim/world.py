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

from sim.codes import PRIORITIES, RING_KINDS, RISKS, STATUSES
from sim.engine.compiled import rule
from sim.engine.passing import pass_as_pointer
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
        ("dispatch_rows", "i8"),
        ("friction_hours", "f8", (25,)),  # share of a day's frictions before each full hour
        ("friction_bound_per_day", "f8"),  # fixed bound of the thinned frictions
        ("friction_ratio_bound", "f8"),
        ("bounds_broken", "i8"),  # times a rate exceeded its stream's bound: must stay 0
        ("room", "i8"),  # rows that every growing table keeps free before an event
        ("waiting_calls", "i8"),  # heads of the queue of waiting calls, by priority below
        ("waiting_first", "i4", (PRIORITIES,)),
        ("waiting_last", "i4", (PRIORITIES,)),
        ("free_units", "i8"),  # units that can be sent now
        ("grid_visit_quota", "f8"),  # visits a grid worker aims at on a working day
        ("circuity", "f8"),  # walked metres per straight metre, measured on the town's roads
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
        ("received", "f8"),
        ("ready", "f8"),  # call-taking over
        ("dispatched", "f8"),  # the first unit was sent; so below
        ("departed", "f8"),  # turn-out over
        ("arrived", "f8"),
        ("cleared", "f8"),  # the last unit left, or the call was given up
        ("travel_metres", "f8"),
        ("x_metres", "f8"),
        ("y_metres", "f8"),
        ("access_metres", "f8"),  # between the road and the place
        ("scene_days", "f8"),  # time on scene as recorded in a log, NaN where it is drawn
        ("scene_left", "f8"),  # what a unit called off the scene left to do, NaN otherwise
        ("stream", "i4"),  # what its laws and its type are; row of ``streams``
        ("dispute", "i4"),
        ("log_row", "i4"),  # the row of ``log`` that it replays, or NOBODY
        ("node", "i4"),
        ("community", "i4"),
        ("unit", "i4"),  # the first unit sent
        ("unit_node", "i4"),  # where it was when it was sent
        ("first_dispatch", "i4"),  # dispatches of a call form a list through dispatches.next
        ("next", "i4"),  # links of the waiting queue
        ("previous", "i4"),
        ("queue_met", "i4"),  # calls waiting when this one became ready
        ("version", "i4"),
        ("source", "i1"),
        ("priority", "i1"),  # 0 the most urgent
        ("first_priority", "i1"),  # before it stepped up
        ("answer", "i1"),
        ("reason", "i1"),  # why the first unit was sent
        ("stage", "i1"),  # of the dispute when the call was made, 0 for other calls
        ("defused", "i1"),
        ("units_wanted", "i1"),
        ("units_sent", "i1"),  # those called off again do not count
        ("units_engaged", "i1"),  # under way or on scene now
        ("queued", "i1"),  # in the waiting queue
        ("tier", "i1"),  # of the first unit on scene, -1 before it
    ],
    align=True,
)

# A unit sent to a call.
DISPATCHES = np.dtype(
    [
        ("call", "i4"),
        ("unit", "i4"),
        ("next", "i4"),
        ("from_node", "i4"),
        ("metres", "f8"),
        ("dispatched", "f8"),
        ("departed", "f8"),
        ("arrived", "f8"),
        ("cleared", "f8"),  # left the scene, or was called off
        ("reason", "i1"),
        ("leg", "i1"),  # how far it came
        ("number", "i1"),  # 0 for the first unit of the call
    ],
    align=True,
)

UNITS = np.dtype(
    [
        # Where it is: the leg it drives, from one place and time to another; at rest both ends are one place.
        ("leg_start", "f8"),
        ("leg_end", "f8"),
        ("from_x", "f8"),
        ("from_y", "f8"),
        ("to_x", "f8"),
        ("to_y", "f8"),
        ("node", "i4"),  # the next node on its leg, or where it is
        ("to_node", "i4"),  # the leg's last node
        ("node_time", "f8"),  # when it is (was) at ``node``
        ("pace", "f8"),  # days that it takes for a tick of the pattern of its leg
        ("due", "f8"),  # when it arrives at the scene, or leaves it, as planned
        ("pattern", "i1"),
        ("status", "i1"),
        ("on_shift", "i1"),
        ("mode", "i1"),
        ("tier", "i1"),
        ("on_duty_at", "i1"),  # a duty at fixed places is under way
        ("break_due", "i1"),
        ("break_taken", "i1"),
        ("post", "i4"),  # where it stands now
        ("home_post", "i4"),  # where it belongs; differs during a cover move
        ("group", "i4"),
        ("sector", "i4"),
        ("call", "i4"),
        ("dispatch", "i4"),
        ("flight", "i4"),  # the containment that it takes part in
        ("check_point", "i4"),  # the node that it closes there
        ("version", "i4"),
        ("shift_version", "i4"),
        ("patrol_moves", "i4"),  # made so far: the occasion of the next draw
        ("goal", "i4"),  # of its patrol: a place in ``lists``, or a row of ``spots``
        ("duty_node", "i4"),  # where it stands during a duty at fixed hours
        ("surge", "i1"),  # works only while a surge calls it
        ("shift_start_hour", "f8"),
        ("shift_hours", "f8"),
        ("shift_weekdays", "i2"),  # bit k: a shift starts on weekday k, 0 = Monday
        ("shift_end", "f8"),  # when the shift under way ends, or ended
        ("since", "f8"),  # when its status began
        ("spent", "f8", (STATUSES,)),  # ledger: days in each status so far
        ("overtime_days", "f8"),  # time on duty after the shift's end
        ("driven_metres", "f8"),  # to scenes
        ("answered", "i8"),
    ],
    align=True,
)

# A group of units of one kind.
GROUPS = np.dtype(
    [
        ("first_unit", "i4"),  # its crews; rows that levers may call in come after all groups
        ("end_unit", "i4"),
        ("crew", "i4"),
        ("tier", "i1"),
        ("mode", "i1"),
        ("own_sector_only", "i1"),
        ("aid", "i1"),
        ("duty", "i1"),
        ("leave_for", "i1"),  # during a duty calls up to this priority are answered
        ("priorities", "i2"),  # bit k: calls of priority k are answered
        ("duty_weekdays", "i2"),
        ("duty_from_hour", "f8"),
        ("duty_until_hour", "f8"),
        ("speed_factor", "f8"),
        ("presence", "f8"),
        ("aid_delay", "f8"),  # days
        ("break_days", "f8"),  # 0: no break
        ("break_after", "f8"),  # days after the shift's start
        ("dwell", "f8"),  # days
        ("interval", "f8"),  # days
        ("beat_metres", "f8"),
        ("window", "f8"),  # days of calls from which hot spots are found
        ("renew", "f8"),  # days
        ("radius_metres", "f8"),
        ("found", "i1"),  # hot spots are found from calls
        ("first_spot", "i4"),
        ("end_spot", "i4"),
        ("first_near", "i8"),  # in ``lists``: where each node's list of nodes within the radius begins, then the lists
    ],
    align=True,
)

# What the response does by order; one row.
ORDERS = np.dtype(
    [
        ("geometry", "i1"),
        ("policy", "i1"),
        ("on_the_move", "i1"),
        ("redirect", "i1"),
        ("preempt", "i1"),
        ("travel_is_busy", "i1"),
        ("back", "i1"),
        ("cover", "i1"),
        ("wrap", "i1"),  # the plane is a torus
        ("side_metres", "f8"),  # of the plane
        ("plane_metres_per_second", "f8"),
        ("metres_per_second", "f8"),  # the fastest that anybody drives on the roads: bounds ways from below
        ("off_road_metres_per_second", "f8"),
        ("queue_capacity", "i8"),
        ("keep_free", "i4", (PRIORITIES,)),
        ("patience", "f8", (PRIORITIES,)),  # mean, days; infinite: for ever
        ("step_up", "f8", (PRIORITIES,)),  # days; infinite: never
        ("longest_move", "f8"),  # days
        ("cover_first", "i8"),  # compliance table in ``lists``: first and end of the posts for each number of units
        ("cover_lines", "i8"),
        ("cells", "i8"),  # of people; their weights, and how many units reach them, in ``numbers``
        ("weight_first", "i8"),
        ("reach_first", "i8"),
        ("pattern_of_hour", "i1", (168,)),  # traffic by hour of the week, 0 = Monday 0h
        ("pace_of_hour", "f8", (168,)),
        ("first_weekday", "i4"),  # of day 0
    ],
    align=True,
)

# Where calls come from. Row 0: residents' other reasons; row 1: disputes; row 2: a log; then the scenario's streams.
STREAMS = np.dtype(
    [
        ("number", "i8"),  # of the next potential call
        ("address", "i8"),  # of call number 0
        ("bound_per_day", "f8"),  # rate of potential calls
        ("hours", "f8", (25,)),  # share of a day's calls before each full hour
        ("day_share", "f8", (7,)),  # chance that a potential call of a weekday is one, where no table of days says
        ("by_day", "i1"),  # the table of days says
        ("places", "i1"),  # PLACES_* of sim.response.places
        ("units_wanted", "i1"),
        ("scene_law", "i1"),
        ("taking_law", "i1"),
        ("first_place", "i4"),  # of the nodes in ``lists`` and their summed weights in ``numbers``
        ("end_place", "i4"),
        ("first_number", "i4"),  # of the weights
        ("scene_days", "f8"),  # mean
        ("scene_shape", "f8"),  # sigma of a lognormal law, shape of a gamma law
        ("scene_first", "i4"),  # of the observed times in ``numbers``
        ("scene_end", "i4"),
        ("taking_days", "f8"),  # mean
        ("priority_share", "f8", (PRIORITIES,)),  # summed
    ],
    align=True,
)

# A recorded log of calls, in the order of receipt.
LOG = np.dtype(
    [
        ("address", "i8"),
        ("received", "f8"),
        ("x_metres", "f8"),
        ("y_metres", "f8"),
        ("access_metres", "f8"),
        ("taking_days", "f8"),  # NaN: drawn
        ("scene_days", "f8"),  # of the first unit; NaN: drawn
        ("further_first", "i4"),  # scene times of further units in ``numbers``; none: that of the first holds
        ("further_end", "i4"),
        ("node", "i4"),
        ("type_", "i4"),
        ("priority", "i1"),
        ("units_wanted", "i1"),
    ],
    align=True,
)

POSTS = np.dtype(
    [
        ("node", "i4"),
        ("community", "i4"),
        ("group", "i4"),
        ("first_cell", "i4"),  # cells of people within reach, in ``lists``; for cover moves
        ("end_cell", "i4"),
        ("first_stop", "i4"),  # of the beat around it, in ``lists``
        ("end_stop", "i4"),
        ("x_metres", "f8"),
        ("y_metres", "f8"),
    ],
    align=True,
)

# A node's sector is nodes.sector; a sector's units in order of preference are ``lists``[first..end].
SECTORS = np.dtype([("first", "i4"), ("end", "i4")], align=True)

# Hot spots of the groups that make rounds.
SPOTS = np.dtype(
    [
        ("node", "i4"),
        ("group", "i4"),
        ("x_metres", "f8"),
        ("y_metres", "f8"),
        ("visited", "f8"),  # end of the last stop
        ("bound_for", "i4"),  # the unit on its way there, or NOBODY
        ("visits", "i8"),
        ("calls", "f8"),  # by which it was chosen
    ],
    align=True,
)

# How flights from scenes are contained; one row, none where there are no flights.
CONTAINMENT = np.dtype(
    [
        ("turn", "i1", (RING_KINDS,)),  # the kinds of rings in the order in which they are closed, NOBODY after them
        ("in_time_only", "i1"),  # leave out points that the fleeing can have passed before a unit is there
        ("units", "i8"),  # most of them for one containment
        ("hold", "f8"),  # days for which a point is held
        ("stop_probability", "f8"),
        ("speed_factor", "f8"),  # of the fleeing, as a multiple of ordinary driving
    ],
    align=True,
)

RINGS = np.dtype(
    [
        ("kind", "i4"),
        ("area", "i4"),  # number of the township or county, 0 for the map
        ("first_point", "i4"),  # its points are rows first_point..end_point of ``ring_points``
        ("end_point", "i4"),
    ],
    align=True,
)

# Check points, by ring and then by node. What a containment works out about them is scratch.
RING_POINTS = np.dtype(
    [
        ("node", "i4"),
        ("ring", "i4"),
        ("ticks", "i8"),  # scratch: how long the fleeing need from the scene to here
    ],
    align=True,
)

# All flights of the calendar in the order of their starts, drawn before the run.
FLIGHTS = np.dtype(
    [
        ("start", "f8"),
        ("alarm", "f8"),
        ("leaves", "f8"),  # when the fleeing would be at the exit
        ("ended", "f8"),  # when they were caught, or came through the exit
        ("pace", "f8"),  # days that it takes for a tick of the pattern of traffic
        ("unit_days", "f8"),  # that units spent on the way to points and at them, up to their last change of status
        ("reached", "f8", (RING_KINDS,)),  # by kind of ring: when the fleeing first came to a point of it
        ("closed", "f8", (RING_KINDS,)),  # when all points of it were first held at once
        ("held", "i4", (RING_KINDS,)),  # points of it held now
        ("ring", "i4", (RING_KINDS,)),  # row of ``rings``, NOBODY for a kind that is not in use
        ("scene", "i4"),
        ("exit", "i4"),
        ("at_node", "i4"),  # the next point on the way, or the exit; where they were caught
        ("units", "i4"),  # sent to points
        ("pattern", "i4"),
        ("end", "i1"),
        ("caught_at", "i1"),  # kind of ring, or NOBODY
    ],
    align=True,
)

NODES = np.dtype(
    [
        ("x_metres", "f8"),
        ("y_metres", "f8"),
        ("community", "i4"),
        ("sector", "i4"),
        ("first_arc", "i4"),  # outgoing arcs are rows first_arc..end_arc of ``arcs``
        ("end_arc", "i4"),
        ("place_class", "i1"),
        ("presence", "f8"),  # level of police presence at ``presence_time``, 0..1; decays from there
        ("presence_time", "f8"),
        ("calls", "f8"),  # scratch while hot spots are found: calls from here that no spot has yet
        ("heat", "f8"),  # the same from within a spot's radius
    ],
    align=True,
)

# Outgoing arcs, sorted by tail. Seconds are those of ordinary driving.
ARCS = np.dtype([("head", "i4"), ("road_class", "i1"), ("seconds", "f8"), ("metres", "f8")], align=True)

# Driving times: where the labels of a node in a traffic pattern lie (see ``sim.town.ways``), and the labels.
# Hubs are numbered from the most important node, 0, downwards. A search touches the same few important hubs again and
# again, so that numbering by rank keeps them together in the processor's cache; numbers of nodes would scatter them.
LABEL = np.dtype(
    [
        ("hub", "i4"),  # rank of the hub, 0 for the highest; rising within a label, the node itself last
        ("ticks", "i4"),  # driving time between the node and the hub, in milliseconds
        ("next_node", "i4"),  # the node after where the way starts: after the node (out) or after the hub (in)
        ("metres", "f4"),  # length of that way: the shortest of the fastest
    ],
    align=True,
)

WAY = np.dtype([("first_out", "i8"), ("end_out", "i8"), ("first_in", "i8"), ("end_in", "i8")], align=True)

AIM = np.dtype([("stamp", "i8"), ("ticks", "i4"), ("metres", "f4")], align=True)

# Two pools for lists of any length; the rows that own them say from where to where.
LISTS = np.dtype([("row", "i4")], align=True)
NUMBERS = np.dtype([("value", "f8")], align=True)

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
    dispatches: Table
    groups: Table
    orders: Table
    streams: Table
    log: Table
    posts: Table
    sectors: Table
    spots: Table
    containment: Table
    rings: Table
    ring_points: Table
    flights: Table
    nodes: Table
    arcs: Table
    lists: Table
    numbers: Table
    ways: Table  # where a node's labels are, see sim.town.ways
    out_labels: Table
    in_labels: Table
    aim: Table  # scratch of a search: the labels of its target, by hub
    queue: Table
    series: Table


pass_as_pointer(World)

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
    "dispatches": DISPATCHES,
    "groups": GROUPS,
    "orders": ORDERS,
    "streams": STREAMS,
    "log": LOG,
    "posts": POSTS,
    "sectors": SECTORS,
    "spots": SPOTS,
    "containment": CONTAINMENT,
    "rings": RINGS,
    "ring_points": RING_POINTS,
    "flights": FLIGHTS,
    "nodes": NODES,
    "arcs": ARCS,
    "lists": LISTS,
    "numbers": NUMBERS,
    "ways": WAY,
    "out_labels": LABEL,
    "in_labels": LABEL,
    "aim": AIM,
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
