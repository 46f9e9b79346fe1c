"""Patrol units, their groups, orders, posts, sectors and hot spots."""

from __future__ import annotations

import numpy as np

from sim.codes import PRIORITIES, STATUSES

UNITS = np.dtype(
    [
        # What a search for the nearest unit reads of every one stands together, in one line of the cache.
        ("status", "i1"),
        ("mode", "i1"),
        ("on_duty_at", "i1"),  # a duty at fixed places is under way
        ("pattern", "i1"),
        ("group", "i4"),
        ("sector", "i4"),
        ("node", "i4"),  # the next node on its leg, or where it is
        ("idle_place", "i4"),  # its row of ``idle``, or NOBODY
        ("node_time", "f8"),  # when it is (was) at ``node``, or on a plane at its leg's start, able to turn
        # Where it is: the leg it drives, from one place and time to another; at rest both ends are one place.
        ("leg_start", "f8"),
        ("leg_end", "f8"),
        ("from_x", "f8"),
        ("from_y", "f8"),
        ("to_x", "f8"),
        ("to_y", "f8"),
        ("pace", "f8"),  # days that it takes for a tick of the pattern of its leg
        ("due", "f8"),  # when it arrives at the scene, or leaves it, as planned
        ("hub_out", "i8"),  # the hub of the rest of its leg: row of ``out_labels`` from ``node``,
        ("hub_in", "i8"),  # and of ``in_labels`` to ``to_node``
        ("to_node", "i4"),  # the leg's last node
        ("on_shift", "i1"),
        ("tier", "i1"),
        ("break_due", "i1"),
        ("break_taken", "i1"),
        ("post", "i4"),  # where it stands now
        ("home_post", "i4"),  # where it belongs; differs during a cover move
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

# The units that have nothing to do and could be sent, in no order: a search need not look at all the others.
IDLE = np.dtype([("row", "i4")], align=True)

# Scratch of a search: the units that may be sent, with days within which they cannot be there.
CANDIDATES = np.dtype([("least_days", "f8"), ("row", "i4")], align=True)

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
