"""From the arcs of a network, with their times under each traffic pattern, to the tables of driving times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.compiled import compiled
from sim.town.network import Floats, Roads
from sim.town.ways.contraction import hierarchy
from sim.town.ways.graph import LENGTH_BITS, LENGTH_MASK, MOST_STEPS, MOST_TICKS
from sim.town.ways.labels import Side, hub_labels
from sim.town.ways.tables import STEPS_PER_METRE, TICKS_PER_SECOND, Table, Ways
from sim.world import LABEL, WAY

Whole = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Network:
    """What the tables of n nodes follow from, for m arcs and p traffic patterns; whole numbers only.

    Attributes:
        nodes: how many there are.
        tail, head: the nodes of each arc, shape (m,).
        ticks: time along each arc under each pattern, shape (p, m), at least 1.
        steps: length of each arc in 1/32 m, shape (m,).
    """

    nodes: int
    tail: Whole
    head: Whole
    ticks: Whole
    steps: Whole


def network_of(roads: Roads, seconds: Floats) -> Network:
    """Return the network in whole numbers.

    Args:
        roads: the network.
        seconds: time along each arc under each pattern, shape (p, m).
    """
    # Without an upper bound the conversion could overflow; what lies above it is refused when the tables are made.
    ticks = np.clip(np.rint(seconds * TICKS_PER_SECOND), 1, MOST_TICKS)
    steps = np.clip(np.rint(roads.metres * STEPS_PER_METRE), 0, MOST_STEPS + 1)
    tail, head = roads.tail.astype(np.int64), roads.head.astype(np.int64)
    return Network(len(roads), tail, head, ticks.astype(np.int64), steps.astype(np.int64))


def ways_over(network: Network) -> Ways:
    """Return the tables for all traffic patterns of a network, one after the other.

    Raises:
        TownError: a way takes more than six days or is longer than 67,000 km.
    """
    made = [pattern_ways(network, pattern) for pattern in range(len(network.ticks))]
    first_out, first_in = 0, 0
    for ways, out_labels, in_labels in made:
        for field in ("first_out", "end_out"):
            ways[field] += first_out
        for field in ("first_in", "end_in"):
            ways[field] += first_in
        first_out, first_in = first_out + len(out_labels), first_in + len(in_labels)
    if len(made) == 1:
        return made[0]
    return Ways(*(np.concatenate(tables).view(np.recarray) for tables in zip(*made, strict=True)))


def pattern_ways(network: Network, pattern: int) -> Ways:
    """Return the tables for one traffic pattern.

    Raises:
        TownError: as ``ways_over`` does.
    """
    key = (network.ticks[pattern] << LENGTH_BITS) + network.steps
    node_of, outs, ins = hub_labels(*hierarchy(network.tail, network.head, key, network.nodes))
    ways = np.zeros(network.nodes, dtype=WAY).view(np.recarray)
    ways["first_out"][node_of], ways["end_out"][node_of] = outs.start[:-1], outs.start[1:]
    ways["first_in"][node_of], ways["end_in"][node_of] = ins.start[:-1], ins.start[1:]
    return Ways(ways, labels_of(outs), labels_of(ins))


def labels_of(side: Side) -> Table:
    """Return the labels of one direction with times and lengths taken apart, in the same memory."""
    labels = side.entries[: int(side.start[-1])].view(np.ndarray).view(LABEL).view(np.recarray)
    take_apart(side.entries, labels)
    return labels


@compiled
def take_apart(entries: Any, labels: Any) -> None:
    """Write each entry (ENTRY) as a row of a label (LABEL), which may be the same bytes."""
    for row in range(len(labels)):
        key, hub, next_node = int(entries[row].key), int(entries[row].hub), int(entries[row].next_node)
        labels[row].hub = hub
        labels[row].ticks = key >> LENGTH_BITS
        labels[row].next_node = next_node
        labels[row].metres = (key & LENGTH_MASK) / STEPS_PER_METRE
