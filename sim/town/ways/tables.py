"""The tables that answer how long it takes to drive from one node to another.

A label of a node is a list of hubs with the fastest way to (or from) each; every two nodes that are joined by a way
share a hub that lies on a fastest one (E. Cohen, E. Halperin, H. Kaplan and U. Zwick 2003, "Reachability and distance
queries via 2-hop labels", SIAM Journal on Computing 32). Times are whole ticks, so that equal ways are exactly equal.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

type Table = "np.recarray[Any, np.dtype[Any]]"

TICKS_PER_SECOND = 1000
# Lengths are counted in 1/32 m: sums are exact, and a 32-bit float holds up to 524 km without rounding.
STEPS_PER_METRE = 32

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


class Ways(NamedTuple):
    """Driving times and ways for n nodes under p traffic patterns.

    Attributes:
        ways: WAY, shape (p * n,): where the labels of node k under pattern q lie, in row q * n + k.
        out_labels: LABEL: from each node to its hubs.
        in_labels: LABEL: from its hubs to each node.
    """

    ways: Table
    out_labels: Table
    in_labels: Table


def empty_aim(nodes: int) -> Table:
    """Return the scratch table that ``aim`` fills: AIM, a row for each hub and one for the number of the last aim."""
    return np.zeros(nodes + 1, dtype=AIM).view(np.recarray)
