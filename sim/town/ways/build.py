"""From arcs with times and lengths to the tables of driving times."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.town.network import Floats, Ints
from sim.town.ways.contraction import hierarchy
from sim.town.ways.graph import LENGTH_BITS, MOST_STEPS, MOST_TICKS
from sim.town.ways.labels import Side, hub_labels
from sim.town.ways.tables import LABEL, STEPS_PER_METRE, TICKS_PER_SECOND, WAY, Table, Ways

Whole = np.ndarray[Any, np.dtype[np.int64]]


def ticks_of(seconds: Floats) -> Whole:
    """Return arcs' times in whole ticks, at least 1 each."""
    return np.clip(np.rint(seconds * TICKS_PER_SECOND), 1, MOST_TICKS).astype(np.int64)


def steps_of(metres: Floats) -> Whole:
    """Return arcs' lengths in whole steps."""
    return np.clip(np.rint(metres * STEPS_PER_METRE), 0, MOST_STEPS).astype(np.int64)


def pattern_ways(tail: Ints, head: Ints, ticks: Whole, steps: Whole, nodes: int) -> Ways:
    """Return the tables for one traffic pattern.

    Raises:
        TooFarError: a way takes more than six days or is longer than 67,000 km.
    """
    key = (ticks << LENGTH_BITS) + steps
    node_of, outs, ins = hub_labels(*hierarchy(tail.astype(np.int64), head.astype(np.int64), key, nodes))
    ways = np.zeros(nodes, dtype=WAY).view(np.recarray)
    ways["first_out"][node_of], ways["end_out"][node_of] = outs.start[:-1], outs.start[1:]
    ways["first_in"][node_of], ways["end_in"][node_of] = ins.start[:-1], ins.start[1:]
    return Ways(ways, _labels(outs), _labels(ins))


def _labels(side: Side) -> Table:
    """Return the entries in use with times and lengths taken apart."""
    entries = side.entries[: int(side.start[-1])]
    labels = np.empty(len(entries), dtype=LABEL).view(np.recarray)
    labels["hub"], labels["next_node"] = entries["hub"], entries["next_node"]
    labels["ticks"] = entries["key"] >> LENGTH_BITS
    labels["metres"] = (entries["key"] & (2**LENGTH_BITS - 1)) / STEPS_PER_METRE
    return labels
