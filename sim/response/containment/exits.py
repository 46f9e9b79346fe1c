"""Where the roads leave the map: the nodes for which the fleeing make.

A network says nothing of what lies beyond it, so its outline does. The outline is the convex hull of all nodes; a road
leaves the map where a trunk or main road comes to its outermost node in a narrow band along the hull. Where fewer than
two roads do (a network without classes of road), the corners of the hull count instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.spatial import ConvexHull, QhullError

from sim.town import RoadClass

if TYPE_CHECKING:
    from sim.town import Roads

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]

BAND = 0.05  # width of the band along the hull, as a share of the radius of a circle of the hull's area
LEAST_EXITS = 2


def hull_corners(x: Floats, y: Floats) -> Rows:
    """Return the nodes at the corners of the convex hull, in order round it; of nodes on one line the two ends."""
    try:
        return np.asarray(ConvexHull(np.column_stack((x, y))).vertices, dtype=np.int64)
    except (QhullError, ValueError):
        along = np.lexsort((y, x))
        return np.unique(along[[0, -1]])


def depths(x: Floats, y: Floats, corners: Rows) -> Floats:
    """Return how far each node lies inside the hull, metres, shape (n,); 0 where the hull is a line."""
    if len(corners) < 3:
        return np.zeros(len(x))
    start_x, start_y = x[corners], y[corners]
    side_x, side_y = np.roll(start_x, -1) - start_x, np.roll(start_y, -1) - start_y
    length = np.hypot(side_x, side_y)
    depth = np.full(len(x), np.inf)
    for corner in np.flatnonzero(length > 0.0).tolist():
        across = (y - start_y[corner]) * side_x[corner] - (x - start_x[corner]) * side_y[corner]
        np.minimum(depth, np.abs(across) / length[corner], out=depth)
    return depth


def hull_radius(x: Floats, y: Floats, corners: Rows) -> float:
    """Return the radius of a circle as large as the hull, metres."""
    corner_x, corner_y = x[corners], y[corners]
    area = 0.5 * abs(float(np.dot(corner_x, np.roll(corner_y, -1)) - np.dot(corner_y, np.roll(corner_x, -1))))
    return float(np.sqrt(area / np.pi))


def exits(roads: Roads) -> Rows:
    """Return the nodes at which roads leave the map, rising; at least one for a network with a node."""
    corners = hull_corners(roads.x_metres, roads.y_metres)
    depth = depths(roads.x_metres, roads.y_metres, corners)
    through = roads.road_class <= RoadClass.MAIN
    tail, head = roads.tail[through], roads.head[through]
    touched = np.zeros(len(roads), dtype=bool)
    touched[tail] = touched[head] = True
    # Of a road's nodes the outermost is the exit; of two equally far out the one with the lower number.
    is_exit = touched & (depth <= BAND * hull_radius(roads.x_metres, roads.y_metres, corners))
    farther_out = (depth[tail] < depth[head]) | ((depth[tail] == depth[head]) & (tail < head))
    is_exit[np.where(farther_out, head, tail)] = False
    found = np.flatnonzero(is_exit)
    return found if len(found) >= LEAST_EXITS else np.unique(corners)
