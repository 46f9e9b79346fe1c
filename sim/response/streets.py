"""The nodes and arcs of the town as tables, and what kind of place each node is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import PlaceClass
from sim.world import ARCS, NODES, Table, empty_table

if TYPE_CHECKING:
    from sim.town import Town

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]

CELL_METRES = 1000.0
M2_A_KM2 = 1e6


def place_classes(town: Town, residents: int, parameters: Any) -> np.ndarray[Any, np.dtype[np.int8]]:
    """Return for each node whether it lies in a centre, in a town or in the country, as ``PlaceClass``.

    By the residents of its square kilometre, with the thresholds of the degree of urbanisation for its cells of 1 km2:
    ``place_centre_per_km2`` and ``place_town_per_km2``. Where nobody lives, every street node stands for
    ``place_residents_per_node`` residents. The cells are counted from the town's south-western corner; a town smaller
    than a cell is one cell of its own size.
    """
    roads = town.roads
    columns, column, width = cells_along(np.asarray(roads.x_metres))
    _, line, height = cells_along(np.asarray(roads.y_metres))
    cell = line * columns + column
    people = np.asarray(town.weight) * residents
    if residents == 0:
        people = np.full(len(roads), float(parameters.place_residents_per_node))
    density = (np.bincount(cell, weights=people) / (width * height / M2_A_KM2))[cell]
    classes = np.full(len(roads), PlaceClass.COUNTRY, dtype=np.int8)
    classes[density >= parameters.place_town_per_km2] = PlaceClass.TOWN
    classes[density >= parameters.place_centre_per_km2] = PlaceClass.CENTRE
    return classes


def cells_along(places: Floats) -> tuple[int, Rows, float]:
    """Return how many cells lie along one axis, the cell of each place, and their length in metres."""
    away = places - places.min()
    length = min(CELL_METRES, max(float(away.max()), 1.0))
    count = max(math.ceil(float(away.max()) / length), 1)
    return count, np.minimum(away // length, count - 1).astype(np.int64), length


def lay_streets(town: Town, residents: int, parameters: Any) -> tuple[Table, Table]:
    """Return the tables of nodes, their sectors not yet known, and of outgoing arcs, sorted by tail, then head.

    Args:
        town: the place.
        residents: who live there, 0 for a response alone.
        parameters: a record of parameters (``place_...``).
    """
    roads = town.roads
    arcs = empty_table(ARCS, len(roads.tail))
    arcs["head"], arcs["road_class"] = roads.head, roads.road_class
    arcs["seconds"], arcs["metres"] = roads.seconds, roads.metres
    nodes = empty_table(NODES, len(roads))
    nodes["x_metres"], nodes["y_metres"] = roads.x_metres, roads.y_metres
    nodes["community"] = town.administration.node_community
    offsets = np.searchsorted(roads.tail, np.arange(len(roads) + 1))
    nodes["first_arc"], nodes["end_arc"] = offsets[:-1], offsets[1:]
    nodes["place_class"] = place_classes(town, residents, parameters)
    return nodes, arcs
