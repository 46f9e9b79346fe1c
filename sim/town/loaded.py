"""What every loaded network goes through: one table of nodes, one of arcs, the same checks, then a town."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sim.town.administration import settle_administration
from sim.town.errors import Problems
from sim.town.network import Bytes, Flags, Floats, Ints, RoadClass, Roads, Town

EARTH_RADIUS_METRES = 6_371_008.8  # mean radius, IUGG
WIDEST_METRES = 500_000.0
FASTEST_KMH = 200.0
SLOWEST_KMH = 1.0  # of the network as a whole
LONGEST_SECONDS = 86_400.0  # of one arc
SHORTEST_BY_LINE = 0.5  # a network whose lengths are less than half of the straight lines is in another unit
LARGEST_PART_SHARE = 0.90
HOMES_METRES = 300.0  # of an arc's length at most count for homes: long roads without crossings lead through fields
ROUNDING_METRES = 1.0


@dataclass(frozen=True)
class NodeTable:
    """Nodes as read: ids, coordinates (lon, lat in degrees or x, y in metres), access, line in the file."""

    ids: list[str]
    x: Floats
    y: Floats
    open_to_access: Flags
    lines: list[int]
    lonlat: bool


@dataclass(frozen=True)
class ArcTable:
    """Arcs as read: ids of the ends, seconds and metres (NaN column: not given), road class, line in the file."""

    tail: list[str]
    head: list[str]
    seconds: Floats | None
    metres: Floats | None
    road_class: Bytes
    lines: list[int]


def flat_map(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return metres east and north of the middle of the extent on an equirectangular map.

    Lengths are true along the middle latitude; 50 km north or south of it, at 45 degrees, they are 0.8 % off.
    """
    middle_lon, middle_lat = 0.5 * (lon.min() + lon.max()), 0.5 * (lat.min() + lat.max())
    x = np.radians(lon - middle_lon) * np.cos(np.radians(middle_lat)) * EARTH_RADIUS_METRES
    return np.asarray(x), np.asarray(np.radians(lat - middle_lat) * EARTH_RADIUS_METRES)


def check_nodes(nodes: NodeTable, problems: Problems) -> dict[str, int]:
    """Return the row of each id; note duplicate ids, coordinates off the globe and a town wider than 500 km."""
    row_of: dict[str, int] = {}
    for row, (name, line) in enumerate(zip(nodes.ids, nodes.lines, strict=True)):
        if not name:
            problems.add("the node has no id", "give every node an id", line)
        elif name in row_of:
            problems.add(
                f"node id {name[:40]!r} was given before, in line {nodes.lines[row_of[name]]}", "make ids unique", line
            )
        row_of.setdefault(name, row)
    if nodes.lonlat:
        outside = (np.abs(nodes.x) > 180.0) | (np.abs(nodes.y) > 90.0)
        for row in np.flatnonzero(outside).tolist():
            problems.add(
                f"longitude {nodes.x[row]:g}, latitude {nodes.y[row]:g} lie off the globe",
                "x is the longitude, y the latitude; for metres set coordinates: metres",
                nodes.lines[row],
            )
    elif np.any(np.maximum(np.abs(nodes.x), np.abs(nodes.y)) > 1e8):
        problems.add("coordinates are beyond 100,000 km", "give metres")
    if not problems.found:
        x, y = flat_map(nodes.x, nodes.y) if nodes.lonlat else (nodes.x, nodes.y)
        check_width(float(max(np.ptp(x), np.ptp(y))), problems)
    return row_of


def check_width(width: float, problems: Problems) -> None:
    """Note a town that is wider than 500 km, or has no extent."""
    if width > WIDEST_METRES:
        problems.add(
            f"the town is {width / 1000.0:,.0f} km wide, more than {WIDEST_METRES / 1000.0:.0f}",
            "check the unit of the coordinates, or cut the network to the town",
        )
    if width <= 0.0:
        problems.add("all nodes lie in one place", "check the columns of the coordinates")


def joined_rows(arcs: ArcTable, row_of: dict[str, int], problems: Problems) -> tuple[Ints, Ints]:
    """Return the rows of the arcs' ends; note arcs to unknown nodes (row -1)."""
    ends = []
    for what, names in (("starts", arcs.tail), ("ends", arcs.head)):
        rows = np.array([row_of.get(name, -1) for name in names], dtype=np.int32)
        for row in np.flatnonzero(rows < 0).tolist():
            problems.add(
                f"the arc {what} at node {names[row][:40]!r}, which is not among the nodes",
                "add the node or drop the arc",
                arcs.lines[row],
            )
        ends.append(rows)
    return ends[0], ends[1]


def check_size(values: Floats | None, what: str, most: float, unit: str, lines: list[int], problems: Problems) -> None:
    """Note zero and negative lengths or times, and those beyond all measure."""
    if values is None:
        return
    for row in np.flatnonzero(values <= 0.0).tolist():
        problems.add(f"the {what} is {values[row]:g}", f"give a {what} above 0, or drop the arc", lines[row])
    for row in np.flatnonzero(values > most).tolist():
        problems.add(
            f"the {what} is {values[row]:g} {unit}, more than {most:g}", f"check the unit of the {what}s", lines[row]
        )


def check_units(straight: Floats, metres: Floats | None, seconds: Floats, lines: list[int], problems: Problems) -> None:
    """Note lengths far below the straight lines between their ends, and arcs driven faster than 200 km/h."""
    if metres is not None and float(metres.sum()) < SHORTEST_BY_LINE * float(straight.sum()):
        problems.add(
            f"the arcs' lengths add up to {metres.sum():,.0f} m, the straight lines between their ends to "
            f"{straight.sum():,.0f} m",
            "give lengths in metres",
        )
        return
    driven = straight if metres is None else metres
    if float(driven.sum()) / float(seconds.sum()) * 3.6 < SLOWEST_KMH:
        problems.add(
            f"{driven.sum():,.0f} m of arcs take {seconds.sum():,.0f} s, slower than {SLOWEST_KMH:g} km/h",
            "check time_unit and the unit of the lengths",
        )
    # Coordinates are rounded in many files; one metre of it must not make a very short arc too fast.
    kmh = 3.6 * np.maximum(driven - ROUNDING_METRES, 0.0) / seconds
    for row in np.flatnonzero(kmh > FASTEST_KMH).tolist():
        problems.add(
            f"{driven[row]:,.0f} m in {seconds[row]:.3g} s is {kmh[row]:,.0f} km/h, more than {FASTEST_KMH:.0f}",
            "check time_unit and the unit of the lengths",
            lines[row],
        )


def join_network(
    nodes: NodeTable, arcs: ArcTable, class_kmh: Floats, node_problems: Problems, arc_problems: Problems
) -> Roads:
    """Return the roads in the order of the files, with missing times and lengths filled in.

    A missing length is the straight line between the ends; a missing time is the length at the speed of the class.

    Raises:
        TownError: everything that is wrong in both tables.
    """
    row_of = check_nodes(nodes, node_problems)
    tail, head = joined_rows(arcs, row_of, arc_problems)
    check_size(arcs.metres, "length", WIDEST_METRES, "m", arcs.lines, arc_problems)
    check_size(arcs.seconds, "time", LONGEST_SECONDS, "s", arcs.lines, arc_problems)
    node_problems.found.extend(arc_problems.found)
    node_problems.refuse_if_any()
    x, y = flat_map(nodes.x, nodes.y) if nodes.lonlat else (nodes.x, nodes.y)
    kept = np.flatnonzero(tail != head)  # an arc from a node to itself leads nowhere
    if not len(kept):
        arc_problems.add("no arc joins two different nodes", "check the columns of the arcs' ends")
        arc_problems.refuse_if_any()
    tail, head = tail[kept], head[kept]
    lines = [arcs.lines[row] for row in kept.tolist()]
    straight = np.hypot(x[tail] - x[head], y[tail] - y[head])
    metres = None if arcs.metres is None else arcs.metres[kept]
    length = np.maximum(straight, ROUNDING_METRES / 10.0) if metres is None else metres
    given = None if arcs.seconds is None else arcs.seconds[kept]
    seconds = length / (class_kmh[arcs.road_class[kept]] / 3.6) if given is None else given
    check_units(straight, metres, seconds, lines, arc_problems)
    arc_problems.refuse_if_any()
    return Roads(
        node_ids=nodes.ids,
        x_metres=x,
        y_metres=y,
        lon=nodes.x if nodes.lonlat else None,
        lat=nodes.y if nodes.lonlat else None,
        open_to_access=nodes.open_to_access,
        tail=tail,
        head=head,
        seconds=seconds,
        metres=length,
        road_class=arcs.road_class[kept],
    )


def largest_part(roads: Roads, problems: Problems, notes: list[str]) -> Roads:
    """Return the largest part in which every node can be reached from every other.

    Raises:
        TownError: when it holds less than 90 % of the nodes.
    """
    graph = coo_array((np.ones(len(roads.tail)), (roads.tail, roads.head)), shape=(len(roads), len(roads)))
    count, part = connected_components(graph.tocsr(), directed=True, connection="strong")
    if count == 1:
        return roads
    nodes = np.bincount(part)
    kept = np.flatnonzero(part == np.argmax(nodes)).astype(np.int32)
    share = len(kept) / len(roads)
    if share < LARGEST_PART_SHARE:
        problems.add(
            f"the network falls into {count} parts between which one cannot drive there and back; "
            f"the largest holds {len(kept)} of {len(roads)} nodes ({share:.0%}, at least 90 % are needed)",
            "join the parts, give both directions of two-way streets, or keep the largest part only",
        )
        problems.refuse_if_any()
    notes.append(
        f"{len(roads) - len(kept)} of {len(roads)} nodes left out: one cannot drive from them to the largest part of "
        "the network and back"
    )
    return roads.part(kept)


def homes_along(roads: Roads) -> Floats:
    """Return the weight of homes at each node: half the length of its streets, trunk roads left out, 0 if closed.

    No more than 300 m of an arc count. Where that leaves nothing, all open nodes weigh alike.
    """
    metres = np.where(roads.road_class == RoadClass.TRUNK, 0.0, np.minimum(roads.metres, HOMES_METRES))
    weight = np.bincount(roads.tail, metres, len(roads)) + np.bincount(roads.head, metres, len(roads))
    weight = np.where(roads.open_to_access, weight, 0.0)
    return weight if weight.any() else roads.open_to_access.astype(np.float64)


def loaded_town(roads: Roads, counts: tuple[int, int, int], problems: Problems, notes: list[str]) -> Town:
    """Return the town on a loaded network: its largest part, homes along its streets, administration over it.

    ``counts`` are counties, townships and communities.
    """
    roads = largest_part(roads, problems, notes)
    if not roads.open_to_access.any():
        problems.add("no node is open to access", "check the column named by node_columns.open_to_access")
        problems.refuse_if_any()
    weight = homes_along(roads)
    notes.append(f"homes spread along the streets; {int(np.count_nonzero(weight))} of {len(roads)} nodes have some")
    return settle_administration(roads, weight, counts, notes)
