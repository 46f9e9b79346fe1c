"""Rings of check points around the areas of a town and inside the map's edge, as least node cuts of the road graph.

The ring of an area lies just outside its border, so that every way from a scene in the area to what lies beyond passes
a check point; where the area reaches to the map's edge, the exits there belong to the ring. The ring at the edge lies
between the interior and the exits, within a few streets of them: somebody who flees from a place still nearer to an
exit begins beyond it.
"""

from __future__ import annotations

import numpy as np

from sim.response.containment.cuts import Flags, Graph, Rows, layers, least_cut
from sim.world import RING_POINTS, RINGS, Table, empty_table

# How many arcs from the border a ring may lie. A wider band saves points, but they lie farther from the border.
BAND_ARCS = 4


def area_ring(graph: Graph, area: Flags, exits: Flags, band: int = BAND_ARCS) -> Rows:
    """Return the check points of an area's ring, rising; none where the area has no way out.

    Args:
        graph: n nodes.
        area: whether each node belongs to the area, shape (n,).
        exits: whether roads leave the map at a node, shape (n,).
        band: how many arcs outside the area points may lie.
    """
    around = layers(graph.onward, area, band + 1)
    # The last layer is what they shall not reach, so it has no points unless it is the only one.
    width = max(min(band, len(around) - 1), 1)
    candidates = np.concatenate((np.flatnonzero(area & exits), *around[:width]))
    return least_cut(graph, area & ~exits, candidates, exits)


def edge_ring(graph: Graph, exits: Flags, band: int = BAND_ARCS) -> Rows:
    """Return the check points between the interior of the map and its exits, as near to these as can be; rising."""
    ahead = [np.flatnonzero(exits), *layers(graph.backward, exits, band + 1)]
    width = min(band + 1, len(ahead) - 1)
    if not width:
        return np.zeros(0, dtype=np.int64)
    candidates = np.concatenate(ahead[:width])
    inside = np.ones(graph.nodes, dtype=bool)
    inside[candidates] = False
    return least_cut(graph, inside, candidates, exits, far=True)


def ring_tables(rings: list[tuple[int, int, Rows]]) -> tuple[Table, Table]:
    """Return the tables of rings and of their points from each ring's kind, area and points."""
    table = empty_table(RINGS, len(rings))
    points = empty_table(RING_POINTS, sum(len(nodes) for _, _, nodes in rings))
    end = 0
    for row, (kind, area, nodes) in enumerate(rings):
        table["kind"][row], table["area"][row] = kind, area
        table["first_point"][row], table["end_point"][row] = end, end + len(nodes)
        points["node"][end : end + len(nodes)] = nodes
        points["ring"][end : end + len(nodes)] = row
        end += len(nodes)
    return table, points
