"""Flights from scenes, and the rings of check points that contain them."""

from __future__ import annotations

import numpy as np

from sim.codes import RING_KINDS

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
