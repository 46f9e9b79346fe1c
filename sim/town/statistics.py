"""The figures by which street networks are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import ConvexHull, QhullError

from sim.town.network import Floats, Roads

Rows = np.ndarray[Any, np.dtype[np.int64]]

SAMPLED_ORIGINS = 60
NEAREST_PAIR_METRES = 500.0


@dataclass(frozen=True)
class TownStatistics:
    """Figures of a street network, in which a bend (a node with two streets) is no node but part of a street.

    Attributes:
        nodes, arcs: rows of the road graph as it is stored, bends and both directions counted.
        mean_degree: streets that meet at a crossing or dead end, on average.
        circuity: road distance over straight distance, mean over pairs of nodes (60 origins, at least 500 m apart;
            all pairs where the town is smaller), directions ignored.
        mean_block_metres: length of a street between two crossings or dead ends.
        dead_end_share: share of dead ends among crossings and dead ends.
        intersections_per_km2: crossings of three or more streets for each square kilometre.
        area_km2: area of the smallest convex region that holds all nodes.
        one_way_share: share of the streets' length that leads in one direction only.
    """

    nodes: int
    arcs: int
    mean_degree: float
    circuity: float
    mean_block_metres: float
    dead_end_share: float
    intersections_per_km2: float
    area_km2: float
    one_way_share: float


def streets_of(roads: Roads) -> tuple[Rows, Rows, Floats, Floats]:
    """Return the undirected streets: ends a < b, metres (the shortest of parallel arcs), 1.0 if in one direction."""
    if not len(roads.tail):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0), np.empty(0)
    low, high = np.minimum(roads.tail, roads.head).astype(np.int64), np.maximum(roads.tail, roads.head).astype(np.int64)
    key = low * len(roads) + high
    order = np.lexsort((roads.metres, key))
    key = key[order]
    first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    forth = np.add.reduceat((roads.tail < roads.head)[order].astype(np.int64), first) > 0
    back = np.add.reduceat((roads.tail > roads.head)[order].astype(np.int64), first) > 0
    return low[order][first], high[order][first], roads.metres[order][first], (forth != back).astype(np.float64)


def circuity(roads: Roads, a: Rows, b: Rows, metres: Floats) -> float:
    """Return the mean of road distance over straight distance, NaN where no pair is connected."""
    n = len(roads)
    ends = (np.concatenate((a, b)), np.concatenate((b, a)))
    graph = coo_array((np.tile(metres, 2), ends), shape=(n, n)).tocsr()
    origins = np.unique(np.linspace(0, n - 1, min(n, SAMPLED_ORIGINS)).astype(np.int64))
    by_road = dijkstra(graph, indices=origins)
    straight = np.hypot(
        roads.x_metres[origins][:, None] - roads.x_metres, roads.y_metres[origins][:, None] - roads.y_metres
    )
    far = np.isfinite(by_road) & (straight >= min(NEAREST_PAIR_METRES, 0.5 * float(straight.max())))
    far &= straight > 0.0
    return float(np.mean(by_road[far] / straight[far])) if far.any() else float("nan")


def hull_km2(roads: Roads) -> float:
    """Return the area of the convex hull, 0 for nodes on one line."""
    try:
        return float(ConvexHull(np.column_stack((roads.x_metres, roads.y_metres))).volume) / 1e6
    except QhullError:
        return 0.0


def statistics(roads: Roads) -> TownStatistics:
    """Return the figures of a network.

    Merging a bend takes away one node and one street, so the figures of the merged network follow from the counts
    of nodes by degree without building it. A ring without any crossing counts as one street. What nothing can be said
    about in a network without streets is NaN.
    """
    a, b, metres, one_way = streets_of(roads)
    degree = np.bincount(np.concatenate((a, b)), minlength=len(roads))
    ends = int(np.count_nonzero((degree == 1) | (degree >= 3)))
    streets = max(len(a) - int(np.count_nonzero(degree == 2)), min(len(a), 1))
    area = hull_km2(roads)
    return TownStatistics(
        nodes=len(roads),
        arcs=len(roads.tail),
        mean_degree=2.0 * streets / ends if ends else 2.0 * bool(streets),
        circuity=circuity(roads, a, b, metres),
        mean_block_metres=float(metres.sum()) / streets if streets else float("nan"),
        dead_end_share=float(np.count_nonzero(degree == 1)) / ends if ends else 0.0,
        intersections_per_km2=float(np.count_nonzero(degree >= 3)) / area if area else float("nan"),
        area_km2=area,
        one_way_share=float(np.sum(metres * one_way) / metres.sum()) if len(metres) else float("nan"),
    )
