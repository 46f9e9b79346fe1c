"""The way between a place and the road: where one leaves the street, and how far it is from there."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from sim.town.network import Floats, Ints, Roads


def snap_places(roads: Roads, x_metres: Floats, y_metres: Floats) -> tuple[Ints, Floats]:
    """Return for each place the nearest node that is open to access, and the straight metres off the road to it.

    Args:
        roads: the network.
        x_metres: of k places on the town's flat map, shape (k,); ``roads.to_metres`` puts longitudes there.
        y_metres: of the same places, shape (k,).

    Returns:
        Node numbers, shape (k,), i4; metres as the crow flies, shape (k,).

    Raises:
        ValueError: a place is no finite number, or no node is open to access.
    """
    places = np.column_stack((np.asarray(x_metres, dtype=np.float64), np.asarray(y_metres, dtype=np.float64)))
    unknown = np.flatnonzero(~np.isfinite(places).all(axis=1))
    if len(unknown):
        raise ValueError(f"{len(unknown)} of {len(places)} places are no finite numbers, the first is {unknown[0]}")
    open_nodes = np.flatnonzero(roads.open_to_access)
    if not len(open_nodes):
        raise ValueError("no node of the network is open to access")
    tree = cKDTree(np.column_stack((roads.x_metres, roads.y_metres))[open_nodes])
    metres, found = tree.query(places)
    return open_nodes[found].astype(np.int32), np.asarray(metres, dtype=np.float64)
