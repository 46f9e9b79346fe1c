"""Places as a scenario names them: weights by node, and the order of a plane's lattice."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.town import Problem, Problems, numbers, read_cells, whole_name

if TYPE_CHECKING:
    from sim.scenario import CallPlaces
    from sim.town import Roads

Rows = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

MOST_COMPARED = 20_000  # names; among more, looking for one that is alike takes too long
OPEN_WANTED = "name a node where one may stop"


def node_rows(roads: Roads) -> dict[str, int]:
    """Return the row of each node by its name."""
    return {name: row for row, name in enumerate(roads.node_ids)}


def weights_of(places: CallPlaces, field: str, roads: Roads, problems: list[Problem]) -> tuple[Rows, Floats]:
    """Return the nodes with a weight above 0, in their order, and the weights; what is wrong is noted.

    Args:
        places: weights by name, in the scenario or in a file.
        field: where they stand in the scenario, for messages.
        roads: the network.
        problems: gets names that are no node, nodes closed to access or named twice, and weights that are none.
    """
    found = Problems("" if places.file is None else str(places.file))
    if places.file is None:
        names, given = list(places.weights or {}), list((places.weights or {}).values())
        lines: list[int] = [0] * len(names)
    else:
        wanted = {"node": "node", "weight": "weight"}
        cells = read_cells(Path(places.file), wanted, found, "call them node and weight")
        names, given, lines = cells.columns["node"], numbers(cells, "weight", found), cells.lines
    weight = np.zeros(len(roads))
    rows = node_rows(roads)
    named: set[int] = set()
    for text, value, line in zip(names, given, lines, strict=True):
        row = rows.get(whole_name(text))
        if row is None:
            found.add(f"{at(field, line)}{text[:40]!r} is no node of the town", name_another(text, rows), line)
        elif row in named:
            found.add(f"{at(field, line)}node {text[:40]!r} was given before", "give one weight for each node", line)
        elif value < 0.0:
            found.add(f"{at(field, line)}the weight of {text[:40]!r} is {value:g}", "give weights of 0 or more", line)
        elif value > 0.0 and not roads.open_to_access[row]:
            found.add(f"{at(field, line)}node {text[:40]!r} is closed to access", OPEN_WANTED, line)
        else:
            named.add(row)
            weight[row] = value
    if not found.found and not weight.any():
        found.add("no node has a weight above 0", f"give {field} a weight above 0 for some node")
    problems += found.found
    nodes = np.flatnonzero(weight > 0.0)
    return nodes, weight[nodes]


def at(field: str, line: int) -> str:
    """Return the field as the beginning of a message, where no line of a file says where a mistake is."""
    return "" if line else f"{field}: "


def name_another(text: str, names: dict[str, int]) -> str:
    """Return what to do about a name that is no node: the name most like it, or why nodes may be missing."""
    near = difflib.get_close_matches(text, names, n=1, cutoff=0.8) if len(names) <= MOST_COMPARED else []
    if near:
        return f'did you mean "{near[0]}"?'
    return "name a node as the network's file does; nodes outside its largest part are left out"


def lattice_order(roads: Roads) -> Sequence[int] | Rows:
    """Return a plane's nodes row by row from the south-west corner."""
    return np.lexsort((roads.x_metres, roads.y_metres))
