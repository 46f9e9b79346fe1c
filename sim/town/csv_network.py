"""A town from two CSV files, one of nodes and one of arcs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.town.errors import Problems, TownError
from sim.town.files import Cells, numbers, read_cells, whole_name
from sim.town.highways import CLASS_WORDS, road_class_of
from sim.town.loaded import ArcTable, NodeTable, loaded_town
from sim.town.network import Bytes, Floats, RoadClass, Town
from sim.town.streets import Speeds

if TYPE_CHECKING:
    from sim.scenario import CsvTown

SECONDS_IN = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86_400.0}
ANSWERS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def read_nodes(settings: CsvTown, problems: Problems) -> NodeTable:
    """Return the table of nodes; cells that are wrong are noted."""
    columns = settings.node_columns
    wanted = {"id": columns.id, "x": columns.x, "y": columns.y}
    if columns.open_to_access:
        wanted["open"] = columns.open_to_access
    cells = read_cells(Path(settings.nodes_file), wanted, problems)
    return NodeTable(
        ids=[whole_name(text) for text in cells.columns["id"]],
        x=np.array(numbers(cells, "x", problems)),
        y=np.array(numbers(cells, "y", problems)),
        open_to_access=np.array(answers(cells, "open", problems), dtype=bool),
        lines=cells.lines,
        lonlat=settings.coordinates == "lonlat",
    )


def answers(cells: Cells, meaning: str, problems: Problems) -> list[bool]:
    """Return a column of yes and no, all yes where there is no such column; other words are noted."""
    if meaning not in cells.columns:
        return [True] * len(cells.lines)
    found = []
    for line, text in zip(cells.lines, cells.columns[meaning], strict=True):
        answer = ANSWERS.get(whole_name(text).lower())
        if answer is None:
            problems.add(f"{cells.names[meaning]} is {text[:40]!r}", "write 1 or 0, true or false, yes or no", line)
        found.append(bool(answer))
    return found


def classes(cells: Cells, problems: Problems) -> Bytes:
    """Return the column of road classes, all streets where there is none; unknown words are noted."""
    if "class" not in cells.columns:
        return np.full(len(cells.lines), RoadClass.STREET, dtype=np.int8)
    found = []
    for line, text in zip(cells.lines, cells.columns["class"], strict=True):
        road_class = road_class_of(text)
        if road_class is None:
            problems.add(f"road class {text[:40]!r} is unknown", f"use one of {', '.join(CLASS_WORDS)}", line)
        found.append(RoadClass.STREET if road_class is None else road_class)
    return np.array(found, dtype=np.int8)


def read_arcs(settings: CsvTown, problems: Problems) -> ArcTable:
    """Return the table of arcs in seconds and metres; cells that are wrong are noted."""
    columns = settings.arc_columns
    wanted = {"tail": columns.tail, "head": columns.head}
    optional = {"seconds": columns.seconds, "metres": columns.metres, "class": columns.class_}
    wanted.update({meaning: name for meaning, name in optional.items() if name})
    cells = read_cells(Path(settings.arcs_file), wanted, problems)
    seconds = optional_numbers(cells, "seconds", problems)
    return ArcTable(
        tail=[whole_name(text) for text in cells.columns["tail"]],
        head=[whole_name(text) for text in cells.columns["head"]],
        seconds=None if seconds is None else seconds * SECONDS_IN[settings.time_unit],
        metres=optional_numbers(cells, "metres", problems),
        road_class=classes(cells, problems),
        lines=cells.lines,
    )


def optional_numbers(cells: Cells, meaning: str, problems: Problems) -> Floats | None:
    """Return a column's numbers, or None where the scenario names no such column."""
    return np.array(numbers(cells, meaning, problems)) if meaning in cells.columns else None


def attempt[Table](read: Callable[[CsvTown, Problems], Table], settings: CsvTown, problems: Problems) -> Table | None:
    """Return what is read, or None with the reason noted, so that the other file's problems are told as well."""
    try:
        return read(settings, problems)
    except TownError as refusal:
        problems.found = list(dict.fromkeys([*problems.found, *refusal.problems]))
        return None


def csv_town(settings: CsvTown, speeds: Speeds) -> Town:
    """Return the town on a network given as CSV.

    Arcs are directed. Where no column of seconds is named, an arc takes its length at the speed of its class, or at
    ``default_speed_kmh`` where no class is named either.

    Raises:
        TownError: everything that is wrong, with file and line.
    """
    node_problems, arc_problems = Problems(str(settings.nodes_file)), Problems(str(settings.arcs_file))
    nodes = attempt(read_nodes, settings, node_problems)
    arcs = attempt(read_arcs, settings, arc_problems)
    if nodes is None or arcs is None:
        raise TownError([*node_problems.found, *arc_problems.found])
    kmh = speeds.by_class() if settings.arc_columns.class_ else np.full(4, float(settings.default_speed_kmh))
    return loaded_town(settings, nodes, arcs, kmh, node_problems, arc_problems, [])
