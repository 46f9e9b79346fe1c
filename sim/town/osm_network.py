"""A town from an extract of OpenStreetMap, PBF or XML.

A way of the map goes on over many crossings. It is cut where it begins, ends or meets another road (or itself); what
lies between two cuts is an arc for each direction, as long as the line through all its points. Places of bends are
not kept.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.town.errors import Problems, refused
from sim.town.files import read_bytes
from sim.town.loaded import ROUNDING_METRES, ArcTable, NodeTable, loaded_town
from sim.town.network import Flags, Floats, Town
from sim.town.osm_tags import directions, drivable_class, limit_kmh
from sim.town.projection import globe_metres
from sim.town.streets import Speeds

if TYPE_CHECKING:
    from sim.scenario import OsmTown

Ids = np.ndarray[Any, np.dtype[np.int64]]

LARGEST_MISSING_SHARE = 0.10  # of the points; an extract cut without care for ways lacks those beyond its border
MOST_NAMED = 10  # ways without their points, of which a message names so many
UNITS_A_DEGREE = 1e7  # of OpenStreetMap's whole-numbered coordinates; divided by, so that 28.19 comes out as 28.19
KEEP_WAYS_WHOLE = "cut the extract with whole ways (osmium extract --strategy complete_ways)"


@dataclass
class Ways:
    """The roads for driving, as columns over w ways and their p points.

    Attributes:
        ids: of the ways in the map, w.
        points: numbers of the nodes that the ways lead through, one way after the other, p.
        counts: points of each way, w.
        forth, back: whether one may drive along and against it, w.
        road_class: a RoadClass for each, w.
        kmh: speed of each, w.
        left_out: other ways with the key highway.
        limited: ways whose speed is their speed limit.
    """

    ids: array[int] = field(default_factory=lambda: array("q"))
    points: array[int] = field(default_factory=lambda: array("q"))
    counts: array[int] = field(default_factory=lambda: array("q"))
    forth: array[int] = field(default_factory=lambda: array("b"))
    back: array[int] = field(default_factory=lambda: array("b"))
    road_class: array[int] = field(default_factory=lambda: array("b"))
    kmh: array[float] = field(default_factory=lambda: array("d"))
    left_out: int = 0
    limited: int = 0


def read_ways(buffer: Any, settings: OsmTown, speeds: Floats) -> Ways:
    """Return the roads that are for driving; speeds are those of the classes, shape (4,)."""
    from sim.scenario import highways

    ways = Ways()
    for way in highways(buffer):
        tags = dict(way.tags)
        road_class = drivable_class(tags)
        points = [node.ref for node in way.nodes]
        # A point given twice in a row is one point.
        points = [point for place, point in enumerate(points) if not place or point != points[place - 1]]
        if road_class is None or len(points) < 2:
            ways.left_out += 1
            continue
        limit = limit_kmh(tags) if settings.speed_limits == "driven" else None
        usual = float(settings.default_speed_kmh) if tags["highway"] == "road" else float(speeds[road_class])
        forth, back = directions(tags)
        ways.ids.append(way.id)
        ways.points.extend(points)
        ways.counts.append(len(points))
        ways.forth.append(forth)
        ways.back.append(back)
        ways.road_class.append(road_class)
        ways.kmh.append(usual if limit is None else limit)
        ways.limited += limit is not None
    return ways


def read_places(buffer: Any, wanted: Ids, problems: Problems) -> tuple[Floats, Floats, Flags]:
    """Return longitude, latitude and presence of the wanted nodes (numbers in rising order), shape (k,) each.

    A node given twice and one whose coordinates lie off the globe are noted.
    """
    import osmium

    from sim.scenario import things_in

    lon, lat = np.full(len(wanted), np.nan), np.full(len(wanted), np.nan)
    row_of = {number: row for row, number in enumerate(wanted.tolist())}
    # libosmium's filter knows no negative numbers, which editors give to what they have not yet uploaded.
    only = osmium.filter.IdFilter(row_of) if wanted[0] >= 0 else None
    present = np.zeros(len(wanted), dtype=bool)
    for node in things_in(buffer, osmium.osm.NODE, only):
        row = row_of.get(node.id)
        if row is None:
            continue
        if present[row]:
            problems.add(f"node {node.id} is given twice", "give an extract without history")
        present[row] = True
        if node.location.valid():
            lon[row], lat[row] = node.location.x / UNITS_A_DEGREE, node.location.y / UNITS_A_DEGREE
        else:
            problems.add(f"node {node.id} has no place on the globe", "give every node a lon and a lat in degrees")
    return lon, lat, present


def check_missing(ways: Ways, missing: Flags, problems: Problems, notes: list[str]) -> None:
    """Note roads that lead out of the extract; refuse one that lacks more than a tenth of its roads' points.

    ``missing`` tells for each of the p points whether its node is not in the file.
    """
    count = int(np.count_nonzero(missing))
    if not count:
        return
    way_of = np.repeat(np.arange(len(ways.ids)), np.array(ways.counts))
    cut = np.unique(way_of[missing])
    if count > LARGEST_MISSING_SHARE * len(missing):
        named = ", ".join(str(ways.ids[row]) for row in cut[:MOST_NAMED].tolist())
        problems.add(
            f"{count:,} of {len(missing):,} points of the roads are not in the file; of {len(cut):,} ways, as {named}",
            KEEP_WAYS_WHOLE,
        )
    notes.append(f"{len(cut):,} ways cut short: {count:,} of their points are not in the file")


@dataclass(frozen=True)
class Pieces:
    """What lies between two cuts of a way: the rows of its ends' nodes, its metres, the row of its way."""

    start: Ids
    end: Ids
    metres: Floats
    way: Ids


def pieces_of(ways: Ways, node: Ids, lon: Floats, lat: Floats, present: Flags) -> Pieces:
    """Return the ways' pieces between ends and junctions.

    Args:
        ways: the roads.
        node: the row of the node of each point, shape (p,).
        lon: of each node, shape (k,).
        lat: of each node, shape (k,).
        present: whether a node is in the file, shape (k,), most of them; a way is cut where one is not.
    """
    way = np.repeat(np.arange(len(ways.ids)), np.array(ways.counts))
    step = np.flatnonzero((way[1:] == way[:-1]) & present[node[1:]] & present[node[:-1]])  # from point k to k + 1
    goes_on, comes_from = np.zeros(len(node), dtype=bool), np.zeros(len(node), dtype=bool)
    goes_on[step], comes_from[step + 1] = True, True
    passed = np.bincount(node[goes_on | comes_from], minlength=len(lon))
    cut = passed > 1
    cut[node[goes_on != comes_from]] = True  # where a way begins or ends
    first = np.flatnonzero(cut[node[step]])  # of the steps of each piece
    a, b = node[step], node[step + 1]
    metres = np.add.reduceat(globe_metres(lon[a], lat[a], lon[b], lat[b]), first)
    last = np.append(first[1:], len(step)) - 1
    return Pieces(a[first], b[last], np.maximum(metres, ROUNDING_METRES / 10.0), way[step[first]])


def tables(ways: Ways, pieces: Pieces, wanted: Ids, lon: Floats, lat: Floats) -> tuple[NodeTable, ArcTable]:
    """Return the nodes at the cuts and an arc for each piece and direction."""
    rows = np.unique(np.concatenate((pieces.start, pieces.end)))
    names = [str(number) for number in wanted.tolist()]
    forth = np.array(ways.forth, dtype=bool)[pieces.way]
    back = np.array(ways.back, dtype=bool)[pieces.way]
    tail = np.concatenate((pieces.start[forth], pieces.end[back]))
    head = np.concatenate((pieces.end[forth], pieces.start[back]))
    way = np.concatenate((pieces.way[forth], pieces.way[back]))
    metres = np.concatenate((pieces.metres[forth], pieces.metres[back]))
    nodes = NodeTable(
        ids=[names[row] for row in rows.tolist()],
        x=lon[rows],
        y=lat[rows],
        open_to_access=np.ones(len(rows), dtype=bool),
        lines=[0] * len(rows),
        lonlat=True,
    )
    return nodes, ArcTable(
        tail=[names[row] for row in tail.tolist()],
        head=[names[row] for row in head.tolist()],
        seconds=metres / (np.array(ways.kmh)[way] / 3.6),
        metres=metres,
        road_class=np.array(ways.road_class, dtype=np.int8)[way],
        lines=[0] * len(tail),
    )


def osm_town(settings: OsmTown, speeds: Speeds) -> Town:
    """Return the town on an extract of OpenStreetMap.

    Raises:
        TownError: everything that is wrong, with the file and the way or node.
    """
    from sim.scenario import OsmFileError

    problems, notes = Problems(str(settings.file)), list[str]()
    try:
        nodes, arcs = read_tables(settings, speeds, problems, notes)
    except OsmFileError as error:
        raise refused(problems.file, error.message, error.remedy, error.line) from error
    return loaded_town(settings, nodes, arcs, speeds.by_class(), problems, Problems(problems.file), notes)


def read_tables(settings: OsmTown, speeds: Speeds, problems: Problems, notes: list[str]) -> tuple[NodeTable, ArcTable]:
    """Return the nodes and arcs of an extract's roads for driving.

    Raises:
        OsmFileError: the file cannot be read.
        TownError: it holds no roads for driving, or too few of their points.
    """
    from sim.scenario import osm_buffer

    buffer = osm_buffer(read_bytes(Path(settings.file)))
    ways = read_ways(buffer, settings, speeds.by_class())
    if not len(ways.ids):
        given = f"none of {ways.left_out:,} ways with the tag highway is" if ways.left_out else "no way is"
        problems.add(f"holds no road for driving: {given}", "give an extract with roads and their tags")
    if len(np.unique(np.array(ways.ids))) < len(ways.ids):
        problems.add("a way is given twice", "give an extract without history")
    problems.refuse_if_any()
    wanted, node = np.unique(np.array(ways.points), return_inverse=True)
    lon, lat, present = read_places(buffer, wanted, problems)
    check_missing(ways, ~present[node], problems, notes)
    problems.refuse_if_any()
    pieces = pieces_of(ways, node, lon, lat, present)
    notes.insert(
        0,
        f"{len(ways.ids):,} roads for driving, {ways.left_out:,} other ways with the tag highway left out; "
        f"{ways.limited:,} roads driven at their speed limit, the others at the speed of their class",
    )
    return tables(ways, pieces, wanted, lon, lat)
