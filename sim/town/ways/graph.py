"""The graph that is contracted: its tables, and what is done to it.

A distance is one whole number, the key: ticks in the upper half, steps of length in the lower, so that of ways that
take equally long the shorter one counts, and everything adds up exactly.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.engine.compiled import compiled
from sim.town.errors import Problem, TownError
from sim.town.ways.heap import drop_least, empty_out, set_key
from sim.town.ways.tables import Table

NONE = -1
LENGTH_BITS = 32
LENGTH_MASK = 2**LENGTH_BITS - 1
# A distance may have so much of each, so that the sum of two neither overflows nor carries from one to the other.
MOST_TICKS = 2**29
MOST_STEPS = 2**31 - 1

# Arcs form two lists through each node. A contracted node's own lists keep what they held when it was taken out: its
# arcs to and from more important nodes.
ARC = np.dtype(
    [
        ("key", "i8"),
        ("tail", "i4"),
        ("head", "i4"),
        ("first_node", "i4"),  # the node after the tail, on the way that the arc stands for
        ("arcs", "i4"),  # how many arcs of the network it stands for
        ("next_out", "i4"),  # next arc with this tail
        ("next_in", "i4"),  # next arc with this head
    ],
    align=True,
)

NODE = np.dtype(
    [
        ("first_out", "i4"),
        ("first_in", "i4"),
        ("turn", "i4"),  # when it was contracted: 0, 1, ...; NONE before that
        ("level", "i4"),  # more than that of every contracted neighbour
        ("search", "i8"),  # the search that wrote ``key``
        ("key", "i8"),  # shortest distance found by it
        ("reviewed", "i8"),  # the contraction after which its importance was last computed
    ],
    align=True,
)

PROGRESS = np.dtype(
    [
        ("arcs", "i8"),  # rows of the arcs in use
        ("waiting", "i8"),  # nodes not yet contracted, all in the heap
        ("turns", "i8"),  # nodes contracted
        ("searches", "i8"),  # searches made
        ("too_far", "i8"),  # whether a distance passed the bounds
    ],
    align=True,
)


class Graph(NamedTuple):
    """The graph while it is contracted, and what the searches in it need."""

    nodes: Table  # NODE
    arcs: Table  # ARC
    progress: Table  # PROGRESS, one row
    heap: Table  # KEYED: nodes that a search has reached
    place: Any
    order: Table  # KEYED: nodes not yet contracted, the least important first
    order_place: Any


def too_far() -> TownError:
    """Return the error for a way that takes longer, or is longer, than the tables can hold."""
    problem = "a way in the road network takes more than 6 days or is longer than 67,000 km"
    return TownError([Problem(problem, "check the times and lengths of its arcs, and their units")])


@compiled
def is_too_far(key: int) -> bool:
    """Decide whether a distance passes the bounds within which sums are exact."""
    return bool(key >> LENGTH_BITS >= MOST_TICKS or (key & LENGTH_MASK) > MOST_STEPS)


@compiled
def add_arc(graph: Graph, tail: int, head: int, key: int, first_node: int, count: int) -> None:
    """Add an arc, or shorten the one between the same nodes if it is longer. The caller has made sure of room."""
    arc = int(graph.nodes[tail].first_out)
    while arc != NONE and graph.arcs[arc].head != head:
        arc = int(graph.arcs[arc].next_out)
    if arc == NONE:
        arc = int(graph.progress[0].arcs)
        graph.progress[0].arcs = arc + 1
        graph.arcs[arc].tail = tail
        graph.arcs[arc].head = head
        graph.arcs[arc].next_out = graph.nodes[tail].first_out
        graph.nodes[tail].first_out = arc
        graph.arcs[arc].next_in = graph.nodes[head].first_in
        graph.nodes[head].first_in = arc
    elif graph.arcs[arc].key <= key:
        return
    graph.arcs[arc].key = key
    graph.arcs[arc].first_node = first_node
    graph.arcs[arc].arcs = count


@compiled
def add_all(graph: Graph, tail: Any, head: Any, key: Any) -> None:
    """Add the network's arcs; those from a node to itself are left out."""
    for row in range(len(tail)):
        if tail[row] != head[row]:
            if is_too_far(key[row]):
                graph.progress[0].too_far = 1
            add_arc(graph, tail[row], head[row], key[row], head[row], 1)


@compiled
def look_round(graph: Graph, source: int, without: int, limit: int, most: int) -> None:
    """Write the distances from ``source`` up to ``limit``, as far as found, into the nodes' keys.

    The search passes by ``without`` and ends when it has looked at ``most`` arcs; every key it wrote is some way's.
    """
    search = graph.progress[0].searches + 1
    graph.progress[0].searches = search
    graph.nodes[source].search = search
    graph.nodes[source].key = 0
    count = set_key(graph.heap, graph.place, 0, source, 0)
    looked_at = 0
    while count > 0 and looked_at < most:
        node = int(graph.heap[0].node)
        key = int(graph.heap[0].key)
        if key > limit:
            break
        count = drop_least(graph.heap, graph.place, count)
        arc = int(graph.nodes[node].first_out)
        while arc != NONE:
            looked_at += 1
            head = int(graph.arcs[arc].head)
            reached = key + int(graph.arcs[arc].key)
            known = graph.nodes[head].search == search
            if head != without and reached <= limit and (not known or reached < graph.nodes[head].key):
                graph.nodes[head].search = search
                graph.nodes[head].key = reached
                count = set_key(graph.heap, graph.place, count, head, reached)
            arc = int(graph.arcs[arc].next_out)
    empty_out(graph.heap, graph.place, count)


@compiled
def unlink(graph: Graph, node: int) -> None:
    """Take the node's arcs out of its neighbours' lists; its own lists stay."""
    leaving = int(graph.nodes[node].first_out)
    while leaving != NONE:
        head = int(graph.arcs[leaving].head)
        arc = int(graph.nodes[head].first_in)
        if arc == leaving:
            graph.nodes[head].first_in = graph.arcs[leaving].next_in
        else:
            while graph.arcs[arc].next_in != leaving:
                arc = int(graph.arcs[arc].next_in)
            graph.arcs[arc].next_in = graph.arcs[leaving].next_in
        leaving = int(graph.arcs[leaving].next_out)
    arriving = int(graph.nodes[node].first_in)
    while arriving != NONE:
        tail = int(graph.arcs[arriving].tail)
        arc = int(graph.nodes[tail].first_out)
        if arc == arriving:
            graph.nodes[tail].first_out = graph.arcs[arriving].next_out
        else:
            while graph.arcs[arc].next_out != arriving:
                arc = int(graph.arcs[arc].next_out)
            graph.arcs[arc].next_out = graph.arcs[arriving].next_out
        arriving = int(graph.arcs[arriving].next_in)


def with_room(table: Table, rows: int) -> Table:
    """Return a copy of a table with so many zeroed rows more."""
    longer = np.zeros(len(table) + rows, dtype=table.dtype).view(np.recarray)
    longer[: len(table)] = table
    return longer
