"""The tables that answer how long it takes to drive from one node to another.

A label of a node is a list of hubs with the fastest way to (or from) each; every two nodes that are joined by a way
share a hub that lies on a fastest one (E. Cohen, E. Halperin, H. Kaplan and U. Zwick 2003, "Reachability and distance
queries via 2-hop labels", SIAM Journal on Computing 32). Times are whole ticks, so that equal ways are exactly equal.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.world import AIM

type Table = "np.recarray[Any, np.dtype[Any]]"

TICKS_PER_SECOND = 1000
# Lengths are counted in 1/32 m: sums are exact, and a 32-bit float holds up to 524 km without rounding.
STEPS_PER_METRE = 32


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
