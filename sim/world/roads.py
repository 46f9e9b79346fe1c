"""The road graph and the labels that tell driving times on it."""

from __future__ import annotations

import numpy as np

ROAD_CLASSES = 4  # trunk, main, street, lane

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

# Traffic at each hour of the week, row 0 = Monday 0:00 to 1:00: how many times as long as ordinarily the arcs of each
# class of road take. Whole ways have it in their labels.
TRAFFIC = np.dtype([("slower", "f8", (ROAD_CLASSES,))], align=True)

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
