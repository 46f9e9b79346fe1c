"""The order of the nodes and the shortcuts between them: a contraction hierarchy.

Nodes are taken out of the graph one by one, the least important first; wherever a node lay on the only best way between
two neighbours, a shortcut joins them, so that distances among those that remain never change (R. Geisberger,
P. Sanders, D. Schultes and D. Delling 2008, "Contraction hierarchies: faster and simpler hierarchical routing in road
networks", WEA 2008). A node is the less important the fewer shortcuts it leaves behind.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.compiled import compiled
from sim.town.ways.graph import (
    ARC,
    NODE,
    NONE,
    PROGRESS,
    Graph,
    add_all,
    add_arc,
    is_too_far,
    look_round,
    too_far,
    unlink,
    with_room,
)
from sim.town.ways.heap import ABSENT, KEYED, drop_least, set_key
from sim.town.ways.tables import Table

# A search for a way round ends after so many arcs; one not found only costs a shortcut too many.
MOST_ARCS_TRYING = 300
MOST_ARCS_CONTRACTING = 2000
# With more pairs of neighbours nothing is tried: each is taken to need a shortcut.
MOST_PAIRS_TRIED = 10_000
# The scale on which quotients are compared as whole numbers, and how much a level counts.
QUOTIENT_SCALE = 1000
LEVEL_WEIGHT = 1000


@compiled
def bridge(graph: Graph, node: int, really: bool) -> tuple[int, int]:
    """Count the shortcuts that taking a node out makes necessary, and how many arcs of the network they stand for.

    With ``really`` they are added. A pair of neighbours needs none when another way is at most as long.
    """
    shortcuts, stands_for = 0, 0
    most = MOST_ARCS_CONTRACTING if really else MOST_ARCS_TRYING
    arriving = int(graph.nodes[node].first_in)
    while arriving != NONE:
        tail = int(graph.arcs[arriving].tail)
        before = int(graph.arcs[arriving].key)
        longest = -1
        leaving = int(graph.nodes[node].first_out)
        while leaving != NONE:
            if graph.arcs[leaving].head != tail:
                longest = max(longest, int(graph.arcs[leaving].key))
            leaving = int(graph.arcs[leaving].next_out)
        if longest >= 0:
            look_round(graph, tail, node, before + longest, most)
        leaving = int(graph.nodes[node].first_out)
        while leaving != NONE:
            head = int(graph.arcs[leaving].head)
            through = before + int(graph.arcs[leaving].key)
            round_it = graph.nodes[head].search == graph.progress[0].searches and graph.nodes[head].key <= through
            if head != tail and not round_it:
                count = int(graph.arcs[arriving].arcs) + int(graph.arcs[leaving].arcs)
                shortcuts += 1
                stands_for += count
                if really:
                    if is_too_far(through):
                        graph.progress[0].too_far = 1
                    add_arc(graph, tail, head, through, graph.arcs[arriving].first_node, count)
            leaving = int(graph.arcs[leaving].next_out)
        arriving = int(graph.arcs[arriving].next_in)
    return shortcuts, stands_for


@compiled
def arcs_at(graph: Graph, node: int) -> tuple[int, int, int]:
    """Return how many arcs leave a node, how many arrive, and how many of the network they all stand for."""
    leaving, arriving, stood_for = 0, 0, 0
    arc = int(graph.nodes[node].first_out)
    while arc != NONE:
        leaving += 1
        stood_for += int(graph.arcs[arc].arcs)
        arc = int(graph.arcs[arc].next_out)
    arc = int(graph.nodes[node].first_in)
    while arc != NONE:
        arriving += 1
        stood_for += int(graph.arcs[arc].arcs)
        arc = int(graph.arcs[arc].next_in)
    return leaving, arriving, stood_for


@compiled
def importance(graph: Graph, node: int) -> int:
    """Return the node's level, plus shortcuts made per arc removed, plus what these stand for per what those do."""
    leaving, arriving, stood_for = arcs_at(graph, node)
    level = LEVEL_WEIGHT * int(graph.nodes[node].level)
    pairs, removed = leaving * arriving, leaving + arriving
    if pairs == 0:
        return level
    if pairs > MOST_PAIRS_TRIED:
        return level + 2 * (QUOTIENT_SCALE * pairs // removed)
    shortcuts, stands_for = bridge(graph, node, False)
    return level + QUOTIENT_SCALE * shortcuts // removed + QUOTIENT_SCALE * stands_for // stood_for


@compiled
def reconsider(graph: Graph, node: int, level: int) -> None:
    """Compute a neighbour's importance again after a contraction, once for each contraction."""
    graph.nodes[node].level = max(int(graph.nodes[node].level), level)
    if graph.nodes[node].reviewed != graph.progress[0].turns:
        graph.nodes[node].reviewed = graph.progress[0].turns
        key = importance(graph, node)
        set_key(graph.order, graph.order_place, graph.progress[0].waiting, node, key)


@compiled
def rank_all(graph: Graph) -> None:
    """Put all nodes into the order by importance."""
    for node in range(len(graph.nodes)):
        key = importance(graph, node)
        graph.progress[0].waiting = set_key(graph.order, graph.order_place, graph.progress[0].waiting, node, key)


@compiled
def contract(graph: Graph) -> int:
    """Contract nodes, the least important first, until all are; return how many more arcs need room, if they do."""
    while graph.progress[0].waiting > 0 and not graph.progress[0].too_far:
        node = int(graph.order[0].node)
        leaving, arriving, _ = arcs_at(graph, node)
        needed = graph.progress[0].arcs + leaving * arriving
        if needed > len(graph.arcs):
            return int(needed - len(graph.arcs))
        graph.progress[0].waiting = drop_least(graph.order, graph.order_place, graph.progress[0].waiting)
        bridge(graph, node, True)
        unlink(graph, node)
        graph.nodes[node].turn = graph.progress[0].turns
        graph.progress[0].turns += 1
        level = int(graph.nodes[node].level) + 1
        arc = int(graph.nodes[node].first_out)
        while arc != NONE:
            reconsider(graph, int(graph.arcs[arc].head), level)
            arc = int(graph.arcs[arc].next_out)
        arc = int(graph.nodes[node].first_in)
        while arc != NONE:
            reconsider(graph, int(graph.arcs[arc].tail), level)
            arc = int(graph.arcs[arc].next_in)
    return 0


def hierarchy(tail: Any, head: Any, key: Any, count: int) -> tuple[Table, Table]:
    """Return the contracted nodes and the arcs of the hierarchy (NODE and ARC).

    Args:
        tail, head: nodes of each arc, shape (m,), i8.
        key: the arcs' distances, shape (m,), i8, more than 0.
        count: number of nodes.

    Raises:
        TownError: where a way takes more than six days or is longer than 67,000 km.
    """
    nodes = np.zeros(count, dtype=NODE).view(np.recarray)
    nodes["first_out"], nodes["first_in"], nodes["turn"], nodes["reviewed"] = NONE, NONE, NONE, NONE
    arcs = np.zeros(2 * len(tail) + 16, dtype=ARC).view(np.recarray)
    progress = np.zeros(1, dtype=PROGRESS).view(np.recarray)
    heap, order = (np.zeros(count, dtype=KEYED).view(np.recarray) for _ in range(2))
    place, order_place = (np.full(count, ABSENT, dtype=np.int32) for _ in range(2))
    graph = Graph(nodes, arcs, progress, heap, place, order, order_place)
    add_all(graph, tail, head, key)
    rank_all(graph)
    while lacking := contract(graph):
        graph = graph._replace(arcs=with_room(graph.arcs, max(lacking, len(graph.arcs) // 2)))
    if progress[0].too_far:
        raise too_far()
    arcs = graph.arcs[: int(progress[0].arcs)].view(np.recarray)
    return nodes, arcs
