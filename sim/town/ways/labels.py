"""Hub labels from a contraction hierarchy.

From the most important node down, a node's label is put together from those of its more important neighbours; a hub is
left out when a more important one gives a way that is as short (I. Abraham, D. Delling, A. V. Goldberg and
R. F. Werneck 2012, "Hierarchical hub labelings for shortest paths", ESA 2012). What stays are exactly the hubs that are
the most important node on all shortest ways to them. Such labels are the smallest for their order, and they hang
together: where a shortest way to a hub begins through a neighbour, the neighbour has that hub too, with the rest of
the way.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.engine.compiled import compiled
from sim.town.ways.graph import NONE, is_too_far, too_far, with_room
from sim.town.ways.tables import Table

# A label while it is made: distances as keys (see ``graph``); hubs are numbered by rank, nodes as in the network.
ENTRY = np.dtype([("key", "i8"), ("hub", "i4"), ("next_node", "i4")], align=True)

# The distance of a hub from the node at hand; ``stamp`` tells for which label it was written.
SPREAD = np.dtype([("key", "i8"), ("stamp", "i8")], align=True)

# Room at the start, more than towns need: what is never written takes no memory, and copying would take it twice.
ENTRIES_A_NODE = 128


class Side(NamedTuple):
    """The labels made so far in one direction: from the nodes to their hubs, or from the hubs to the nodes.

    The label of the node of rank r is rows start[r]..start[r + 1] - 1 of the entries.
    """

    entries: Table  # ENTRY
    start: Any


class Work(NamedTuple):
    """What making a label needs."""

    rank: Any  # of each node
    merged: Table  # ENTRY, room for a whole label
    known: Table  # the same
    spread: Table  # SPREAD, by rank


@compiled
def copy_entry(source: Any, target: Any) -> None:
    """Copy one entry's fields."""
    target.key = source.key
    target.hub = source.hub
    target.next_node = source.next_node


@compiled
def extend(work: Work, count: int, side: Side, neighbour: int, key: int, first_node: int, outward: bool) -> int:
    """Merge the ``count`` hubs known so far with those of a neighbour at distance ``key``; return how many there are.

    Of a hub in both the shorter way stays. The node after the way's start is ``first_node`` outward; for the way from a
    hub it is that of the neighbour's label, unless the hub is the neighbour itself.
    """
    known, merged = work.known, work.merged
    ours, length = 0, 0
    for theirs in range(side.start[neighbour], side.start[neighbour + 1]):
        entry = side.entries[theirs]
        reached = key + int(entry.key)
        while ours < count and known[ours].hub < entry.hub:
            copy_entry(known[ours], merged[length])
            ours += 1
            length += 1
        if ours < count and known[ours].hub == entry.hub:
            ours += 1
            if known[ours - 1].key <= reached:
                copy_entry(known[ours - 1], merged[length])
                length += 1
                continue
        merged[length].key = reached
        merged[length].hub = entry.hub
        merged[length].next_node = first_node if outward or entry.key == 0 else entry.next_node
        length += 1
    while ours < count:
        copy_entry(known[ours], merged[length])
        ours += 1
        length += 1
    for row in range(length):
        copy_entry(merged[row], known[row])
    return length


@compiled
def gather(nodes: Any, arcs: Any, work: Work, side: Side, node: int, outward: bool) -> int:
    """Write into ``work.known`` the hubs of all more important neighbours; return how many there are."""
    count = 0
    arc = int(nodes[node].first_out) if outward else int(nodes[node].first_in)
    while arc != NONE:
        neighbour = int(work.rank[arcs[arc].head]) if outward else int(work.rank[arcs[arc].tail])
        count = extend(work, count, side, neighbour, int(arcs[arc].key), int(arcs[arc].first_node), outward)
        arc = int(arcs[arc].next_out) if outward else int(arcs[arc].next_in)
    return count


@compiled
def is_covered(work: Work, stamp: int, facing: Side, hub: int, key: int) -> bool:
    """Decide whether a more important hub joins the hub and the node at hand by a way of ``key`` or less."""
    # Only more important hubs are spread so far: the hub's own entry, its last, finds none.
    for row in range(facing.start[hub], facing.start[hub + 1]):
        entry = facing.entries[row]
        spread = work.spread[entry.hub]
        if spread.stamp == stamp and spread.key + entry.key <= key:
            return True
    return False


@compiled
def settle(work: Work, count: int, side: Side, facing: Side, node: int, outward: bool) -> bool:
    """Append the node's label: the gathered hubs that none above them covers, and the node; decide whether it may be.

    It may not where a way is too far. ``facing`` has the labels of the other direction.
    """
    rank = int(work.rank[node])
    stamp = 2 * rank + 2 if outward else 2 * rank + 1
    at = int(side.start[rank])
    for row in range(count):
        hub, key = int(work.known[row].hub), int(work.known[row].key)
        if not is_covered(work, stamp, facing, hub, key):
            if is_too_far(key):
                return False
            work.spread[hub].key = key
            work.spread[hub].stamp = stamp
            copy_entry(work.known[row], side.entries[at])
            at += 1
    side.entries[at].key = 0
    side.entries[at].hub = rank
    side.entries[at].next_node = node
    side.start[rank + 1] = at + 1
    return True


@compiled
def label_down(nodes: Any, arcs: Any, node_of: Any, done: int, work: Work, outs: Side, ins: Side) -> tuple[int, bool]:
    """Label the nodes from rank ``done`` down until there may be no room; return how many are done, and if all is well.

    A label has room when every node above could be a hub of it.
    """
    for rank in range(done, len(node_of)):
        if outs.start[rank] + rank >= len(outs.entries) or ins.start[rank] + rank >= len(ins.entries):
            return rank, True
        node = int(node_of[rank])
        count = gather(nodes, arcs, work, outs, node, True)
        if not settle(work, count, outs, ins, node, True):
            return rank, False
        count = gather(nodes, arcs, work, ins, node, False)
        if not settle(work, count, ins, outs, node, False):
            return rank, False
    return len(node_of), True


def hub_labels(nodes: Table, arcs: Table) -> tuple[Any, Side, Side]:
    """Return the node of each rank, and the labels from the nodes to their hubs and from the hubs to the nodes.

    Args:
        nodes, arcs: the contracted graph as ``hierarchy`` returns it.

    Raises:
        TownError: as ``hierarchy`` does.
    """
    count = len(nodes)
    rank = (count - 1 - nodes["turn"]).astype(np.int64)
    node_of = np.empty(count, dtype=np.int64)
    node_of[rank] = np.arange(count)
    merged, known = (np.zeros(count, dtype=ENTRY).view(np.recarray) for _ in range(2))
    work = Work(rank, merged, known, np.zeros(count, dtype=SPREAD).view(np.recarray))
    outs, ins = (
        Side(np.zeros(ENTRIES_A_NODE * count + 1, dtype=ENTRY).view(np.recarray), np.zeros(count + 1, dtype=np.int64))
        for _ in range(2)
    )
    done, well = 0, True
    while done < count and well:
        done, well = label_down(nodes, arcs, node_of, done, work, outs, ins)
        outs, ins = with_room_after(outs, done), with_room_after(ins, done)
    if not well:
        raise too_far()
    return node_of, outs, ins


def with_room_after(side: Side, done: int) -> Side:
    """Return the labels with room for that of rank ``done`` and half as many as there are; whole ones as they are."""
    used = int(side.start[done])
    if done == len(side.start) - 1 or used + done < len(side.entries):
        return side
    return side._replace(entries=with_room(side.entries, max(done + 1, used // 2)))
