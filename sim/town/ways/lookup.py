"""How long it takes to drive, and which node comes next: searches in the labels that other compiled code calls.

A node's row is its number plus the traffic pattern's number times the number of nodes; both ends of a way are rows of
one pattern. Of hubs that give equally long ways the first counts, so the answer is always the same; whichever it is,
the nodes that ``next_on_way`` gives one after the other make up a way of exactly the ticks and metres of ``driving``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.compiled import compiled

NO_WAY = -1


@compiled
def best_hub(ways: Any, out_labels: Any, in_labels: Any, row_a: int, row_b: int) -> tuple[int, int]:
    """Return the rows of the two labels whose common hub lies on a fastest way from a to b; -1, -1 where none does."""
    return best_hub_of(
        out_labels, in_labels, ways[row_a].first_out, ways[row_a].end_out, ways[row_b].first_in, ways[row_b].end_in
    )


@compiled
def best_hub_of(out_labels: Any, in_labels: Any, out: int, end_out: int, into: int, end_in: int) -> tuple[int, int]:
    """Return what ``best_hub`` returns, of the hubs in these parts of two labels."""
    best_out, best_in = NO_WAY, NO_WAY
    least = 2**62
    shortest = 0.0
    while out < end_out and into < end_in:
        hub_out, hub_in = out_labels[out].hub, in_labels[into].hub
        if hub_out == hub_in:
            ticks = int(out_labels[out].ticks) + int(in_labels[into].ticks)
            if ticks <= least:
                metres = np.float64(out_labels[out].metres) + np.float64(in_labels[into].metres)
                if ticks < least or metres < shortest:
                    best_out, best_in, least, shortest = out, into, ticks, metres
            out += 1
            into += 1
        elif hub_out < hub_in:
            out += 1
        else:
            into += 1
    return best_out, best_in


@compiled
def driving(ways: Any, out_labels: Any, in_labels: Any, row_a: int, row_b: int) -> tuple[int, float]:
    """Return the ticks and metres of the fastest way from a to b (the shortest of the fastest); -1, -1.0 if none."""
    out, into = best_hub(ways, out_labels, in_labels, row_a, row_b)
    if out == NO_WAY:
        return NO_WAY, float(NO_WAY)
    ticks = int(out_labels[out].ticks) + int(in_labels[into].ticks)
    return ticks, np.float64(out_labels[out].metres) + np.float64(in_labels[into].metres)


@compiled
def next_on_way(ways: Any, out_labels: Any, in_labels: Any, row_a: int, row_b: int) -> int:
    """Return the node after a on a fastest way to b, a itself where a is b, and -1 where there is no way."""
    out, into = best_hub(ways, out_labels, in_labels, row_a, row_b)
    if out == NO_WAY:
        return NO_WAY
    # No time to the hub: the hub is a.
    return int(in_labels[into].next_node) if out_labels[out].ticks == 0 else int(out_labels[out].next_node)


@compiled
def first_from_hub(labels: Any, first: int, end: int, hub: int, guess: int) -> int:
    """Return the first row of a label whose hub is ``hub`` or less important, looking from a guessed row."""
    row = min(guess, end - 1)
    while row < end and labels[row].hub < hub:
        row += 1
    while row > first and labels[row - 1].hub >= hub:
        row -= 1
    return row


@compiled
def step_on_way(
    ways: Any, out_labels: Any, in_labels: Any, first: int, node: int, row_b: int, out: int, into: int
) -> tuple[int, int, int]:
    """Return the node after ``node`` on a fastest way to b, and what ``best_hub`` gives from there.

    As far as its hub all nodes of a way have that hub, and beyond it only less important ones can follow, so that the
    labels need not be gone through anew at every node.

    Args:
        ways: where labels lie.
        out_labels: from nodes to their hubs.
        in_labels: from hubs to nodes.
        first: row of node 0 in the traffic pattern.
        node: where the way goes on from; not b itself.
        row_b: where it ends.
        out: what ``best_hub`` gives from ``node``: the row in its label,
        into: and in that of b.
    """
    hub = int(out_labels[out].hub)
    place = out - ways[first + node].first_out
    if out_labels[out].ticks == 0:  # the node is the hub
        node = int(in_labels[into].next_node)
        way = ways[first + node]
        start = first_from_hub(out_labels, way.first_out, way.end_out, hub + 1, way.first_out + place + 1)
        out, into = best_hub_of(out_labels, in_labels, start, way.end_out, into + 1, ways[row_b].end_in)
    else:
        node = int(out_labels[out].next_node)
        way = ways[first + node]
        out = first_from_hub(out_labels, way.first_out, way.end_out, hub, way.first_out + place)
    return node, out, into


@compiled
def aim(ways: Any, in_labels: Any, row_target: int, scratch: Any) -> None:
    """Spread the target's label over ``scratch`` (from ``empty_aim``), for ``driving_to_aim`` from many nodes."""
    last = len(scratch) - 1
    stamp = scratch[last].stamp + 1
    scratch[last].stamp = stamp
    for row in range(ways[row_target].first_in, ways[row_target].end_in):
        spread = scratch[in_labels[row].hub]
        spread.stamp = stamp
        spread.ticks = in_labels[row].ticks
        spread.metres = in_labels[row].metres


@compiled
def driving_to_aim(ways: Any, out_labels: Any, row_a: int, scratch: Any) -> tuple[int, float]:
    """Return what ``driving`` returns, to the target of the last ``aim``, which is of the same pattern."""
    stamp = scratch[len(scratch) - 1].stamp
    least = 2**62
    shortest = float(NO_WAY)
    for row in range(ways[row_a].first_out, ways[row_a].end_out):
        spread = scratch[out_labels[row].hub]
        if spread.stamp == stamp:
            ticks = int(out_labels[row].ticks) + int(spread.ticks)
            if ticks <= least:
                metres = np.float64(out_labels[row].metres) + np.float64(spread.metres)
                if ticks < least or metres < shortest:
                    least, shortest = ticks, metres
    return (NO_WAY, shortest) if shortest < 0.0 else (least, shortest)
