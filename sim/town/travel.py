"""Exact driving times over the road graph, computed once when a run is set up.

The searches are SciPy's Dijkstra over sparse matrices; what the loop searches while it runs is in the response's
folder and works on the tables that ``incoming_arcs`` and ``route_table`` fill.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sim.town.network import Floats, Ints, Roads

Rows = np.ndarray[Any, np.dtype[np.int64]]

NO_WAY = -1  # there is no next node: at the post itself
ROWS_AT_ONCE = 16  # posts searched together; bounds the memory of a search


def driving_graph(roads: Roads, *, backwards: bool = False) -> csr_array[Any, tuple[int, int]]:
    """Return the seconds between adjacent nodes as a sparse matrix [from, to]; of parallel arcs the fastest counts.

    ``backwards`` turns every arc round, so that a search from a node finds the times to it.
    """
    tail, head = (roads.head, roads.tail) if backwards else (roads.tail, roads.head)
    order = np.lexsort((roads.seconds, head, tail))
    tail, head = tail[order], head[order]
    fastest = np.ones(len(order), dtype=bool)
    fastest[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    arcs = (roads.seconds[order][fastest], (tail[fastest], head[fastest]))
    return csr_array(arcs, shape=(len(roads), len(roads)))


@dataclass(frozen=True)
class RouteTable:
    """The ways to the posts, for p posts and n nodes.

    Attributes:
        seconds: driving time from each node to each post, shape (p, n), f4; infinite where there is no way.
        next: the next node on the fastest way to the post, shape (p, n), i4; -1 at the post and where there is none.
    """

    seconds: np.ndarray[Any, np.dtype[np.float32]]
    next: Ints


def route_table(roads: Roads, posts: Ints | list[int], speed_factor: float = 1.0) -> RouteTable:
    """Return the fastest ways from every node to each of the posts.

    Args:
        roads: the network.
        posts: node numbers.
        speed_factor: driving is so many times as fast as ordinary driving.
    """
    graph = driving_graph(roads, backwards=True)
    where = np.asarray(posts, dtype=np.int64)
    seconds = np.empty((len(where), len(roads)), dtype=np.float32)
    following = np.empty((len(where), len(roads)), dtype=np.int32)
    for start in range(0, len(where), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        times, before = dijkstra(graph, indices=where[rows], return_predecessors=True)
        seconds[rows] = times / speed_factor
        following[rows] = np.where(before < 0, NO_WAY, before)
    return RouteTable(seconds, following)


def nearest_seconds(roads: Roads, stations: Ints | list[int], speed_factor: float = 1.0) -> Floats:
    """Return the driving time to each node from the station that reaches it first, shape (n,), infinite if none."""
    times = dijkstra(driving_graph(roads), indices=np.unique(np.asarray(stations, dtype=np.int64)), min_only=True)
    return np.asarray(times / speed_factor, dtype=np.float64)


@dataclass(frozen=True)
class IncomingArcs:
    """The arcs sorted by the node they lead to, for searches backwards.

    Attributes:
        tail: where each arc comes from, shape (m,), i4.
        seconds, metres: of each arc, shape (m,), f8; seconds at the speed asked for.
        first, end: the arcs into node k are rows first[k]..end[k] - 1, shape (n,), i4.
        arc: the number of the arc in ``roads``, shape (m,).
    """

    tail: Ints
    seconds: Floats
    metres: Floats
    first: Ints
    end: Ints
    arc: Rows


def incoming_arcs(roads: Roads, speed_factor: float = 1.0) -> IncomingArcs:
    """Return the arcs by head, then tail, with times for driving ``speed_factor`` times as fast as ordinarily."""
    order = np.lexsort((roads.seconds, roads.tail, roads.head))
    offsets = np.searchsorted(roads.head[order], np.arange(len(roads) + 1)).astype(np.int32)
    return IncomingArcs(
        tail=roads.tail[order],
        seconds=roads.seconds[order] / speed_factor,
        metres=roads.metres[order],
        first=offsets[:-1],
        end=offsets[1:],
        arc=order,
    )
