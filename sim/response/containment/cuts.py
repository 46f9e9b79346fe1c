"""Least sets of nodes that lie on every way from one part of the road graph to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

if TYPE_CHECKING:
    from sim.town import Roads

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Rows = np.ndarray[Any, np.dtype[np.int64]]

SOURCE, SINK, FIRST = 0, 1, 2  # nodes of the flow: where it comes from, where it goes, and those of the candidates


class Neighbours(NamedTuple):
    """The nodes next to each node: ``node[first[k]:first[k + 1]]`` for node k."""

    first: Rows
    node: Rows


def neighbours(start: Any, end: Any, nodes: int) -> Neighbours:
    """Return for each node the ends of the arcs that start there."""
    order = np.argsort(start, kind="stable")
    first = np.concatenate(([0], np.cumsum(np.bincount(start, minlength=nodes))))
    return Neighbours(first.astype(np.int64), np.asarray(end, dtype=np.int64)[order])


class Graph(NamedTuple):
    """A road graph by its nodes' neighbours: those that arcs lead on to, and those that they come from."""

    onward: Neighbours
    backward: Neighbours

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.onward.first) - 1


def graph_of(roads: Roads) -> Graph:
    """Return the graph of a road network."""
    return Graph(neighbours(roads.tail, roads.head, len(roads)), neighbours(roads.head, roads.tail, len(roads)))


def next_to(near: Neighbours, nodes: Rows) -> tuple[Rows, Rows]:
    """Return the pairs of a node given and one of its neighbours: places in ``nodes``, and the neighbours."""
    counts = near.first[nodes + 1] - near.first[nodes]
    ends = np.cumsum(counts)
    arcs = np.arange(int(counts.sum())) + np.repeat(near.first[nodes] - (ends - counts), counts)
    return np.repeat(np.arange(len(nodes)), counts), near.node[arcs]


def layers(near: Neighbours, start: Flags, most: int) -> list[Rows]:
    """Return the nodes that lie 1, 2, ... steps away from a set of nodes, as far as there are any, at most ``most``.

    Args:
        near: steps lead from a node to its neighbours.
        start: whether each node belongs to the set, shape (n,).
        most: number of layers.
    """
    seen = start.copy()
    last = np.flatnonzero(start)
    found: list[Rows] = []
    while len(found) < most:
        last = np.unique(next_to(near, last)[1])
        last = last[~seen[last]]
        if not len(last):
            break
        seen[last] = True
        found.append(last)
    return found


def least_cut(graph: Graph, inside: Flags, candidates: Rows, exits: Flags, *, far: bool = False) -> Rows:
    """Return the fewest candidates that lie on every way out.

    A way out leads from a node inside, through candidates only, to a node that is neither or to a candidate that is
    an exit. By Menger's theorem (1927) the least cut is as large as the largest flow when each candidate lets one
    unit through, which splitting each into an arriving and a leaving half turns into a flow along arcs (Ford and
    Fulkerson 1956).

    Args:
        graph: n nodes.
        inside: whether ways begin at a node, shape (n,); false for every candidate.
        candidates: nodes that may belong to the cut. No arc may lead from inside to a node that is neither.
        exits: whether a node leads out of the map, shape (n,).
        far: of several such sets take the one farthest from the inside, else the nearest.

    Returns:
        The nodes of the cut, rising; none where there is no way out.
    """
    count = len(candidates)
    number = np.full(graph.nodes, -1, dtype=np.int64)
    number[candidates] = np.arange(count)
    arriving, leaving = FIRST + np.arange(count), FIRST + count + np.arange(count)
    place, head = next_to(graph.onward, candidates)
    within = number[head] >= 0
    beyond = ~within & ~inside[head]
    entered, tail = next_to(graph.backward, candidates)
    last = np.flatnonzero(exits[candidates])
    starts = (leaving[place[within]], leaving[place[beyond]], leaving[last])
    ends = (arriving[number[head[within]]], np.full(int(beyond.sum()) + len(last), SINK))
    entries = np.unique(arriving[entered[inside[tail]]])
    from_ = np.concatenate((arriving, *starts, np.full(len(entries), SOURCE)))
    to = np.concatenate((leaving, *ends, entries))
    # More than the whole flow can be: such an arc is never cut.
    room = np.concatenate((np.ones(count), np.full(len(from_) - count, count + 1))).astype(np.int32)
    size = FIRST + 2 * count
    capacity = coo_array((room, (from_, to)), shape=(size, size)).tocsr()
    left = capacity - maximum_flow(capacity, SOURCE, SINK, method="dinic").flow
    left.eliminate_zeros()
    before = reachable(left, SOURCE) if not far else ~reachable(left.T, SINK)
    return np.sort(candidates[before[arriving] & ~before[leaving]])


def reachable(arcs: Any, start: int) -> Flags:
    """Return which nodes can be reached from one of them."""
    reached = np.zeros(arcs.shape[0], dtype=bool)
    reached[breadth_first_order(csr_array(arcs), start, return_predecessors=False)] = True
    return reached
