"""Calls, the units sent to them, and where calls come from."""

from __future__ import annotations

import numpy as np

from sim.codes import PRIORITIES

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
