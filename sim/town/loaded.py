"""What every loaded network goes through: one table of nodes, one of arcs, the same checks, then a town."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sim.town.administration import settle_administration
from sim.town.errors import Problems
from sim.town.network import Bytes, Flags, Floats, Ints, RoadClass, Roads, Town
from sim.town.projection import flat_map, middle_of

if TYPE_CHECKING:
    from sim.scenario import LoadedTown

WIDEST_METRES = 500_000.0
FASTEST_KMH = 200.0
SLOWEST_KMH = 1.0  # of the network as a whole
LONGEST_SECONDS = 86_400.0  # of one arc
SHORTEST_BY_LINE = 0.5  # a network whose lengths are less than half of the straight lines is in another unit
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


def on_flat_map(nodes: NodeTable) -> tuple[Floats, Floats, tuple[float, float] | None]:
    """Return the nodes' metres east and north, and the map's origin where they were degrees."""
    if not nodes.lonlat:
        return nodes.x, nodes.y, None
    origin = middle_of(nodes.x, nodes.y)
    return *flat_map(nodes.x, nodes.y, origin), origin


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
        x, y, _ = on_flat_map(nodes)
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
    x, y, origin = on_flat_map(nodes)
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
        origin=origin,
    )


def largest_part(roads: Roads, least_share: float, problems: Problems, notes: list[str]) -> Roads:
    """Return the largest part in which every node can be reached from every other; a note says what is left out.

    Raises:
        TownError: when it holds less than ``least_share`` of the nodes.
    """
    graph = coo_array((np.ones(len(roads.tail)), (roads.tail, roads.head)), shape=(len(roads), len(roads)))
    count, part = connected_components(graph.tocsr(), directed=True, connection="strong")
    if count == 1:
        return roads
    nodes = np.bincount(part)
    kept = np.flatnonzero(part == np.argmax(nodes)).astype(np.int32)
    share = len(kept) / len(roads)
    if share < least_share:
        problems.add(
            f"the network falls into {count:,} parts between which one cannot drive there and back; the largest "
            f"holds {len(kept):,} of {len(roads):,} nodes ({share:.1%}, at least {least_share:.1%} are asked for)",
            "join the parts, give both directions of two-way streets, or take the largest part alone by setting "
            f"town.least_part_share to {math.floor(1000 * share) / 1000:g}",
        )
        problems.refuse_if_any()
    taken = roads.part(kept)
    lost_km = (float(roads.metres.sum()) - float(taken.metres.sum())) / 1000.0
    notes.append(
        f"{len(roads) - len(taken):,} of {len(roads):,} nodes, {len(roads.tail) - len(taken.tail):,} of "
        f"{len(roads.tail):,} arcs and {lost_km:,.1f} km of them left out: one cannot drive from there to the largest "
        "part of the network and back"
    )
    return taken


def homes_along(roads: Roads) -> Floats:
    """Return the weight of homes at each node: half the length of its streets, trunk roads left out, 0 if closed.

    No more than 300 m of an arc count. Where that leaves nothing, all open nodes weigh alike.
    """
    metres = np.where(roads.road_class == RoadClass.TRUNK, 0.0, np.minimum(roads.metres, HOMES_METRES))
    weight = np.bincount(roads.tail, metres, len(roads)) + np.bincount(roads.head, metres, len(roads))
    weight = np.where(roads.open_to_access, weight, 0.0)
    return weight if weight.any() else roads.open_to_access.astype(np.float64)


def loaded_town(
    settings: LoadedTown,
    nodes: NodeTable,
    arcs: ArcTable,
    class_kmh: Floats,
    node_problems: Problems,
    arc_problems: Problems,
    notes: list[str],
) -> Town:
    """Return the town on a network as read: its largest part, homes along its streets, administration over it.

    Args:
        settings: counts of the administration, and the least share of the nodes that the largest part must hold.
        nodes: as read.
        arcs: as read; a missing time is the length at the speed of the class.
        class_kmh: speed of each RoadClass, shape (4,).
        node_problems: what was found wrong with the nodes so far.
        arc_problems: what was found wrong with the arcs so far.
        notes: what the reader has to say; they come first.

    Raises:
        TownError: everything that is wrong in both tables, a network in parts, counts that cannot be met.
    """
    roads = join_network(nodes, arcs, class_kmh, node_problems, arc_problems)
    notes = [*notes, f"read {len(nodes.ids)} nodes and {len(arcs.tail)} arcs"]
    if len(roads.tail) < len(arcs.tail):
        notes.append(f"{len(arcs.tail) - len(roads.tail)} arcs from a node to itself left out")
    roads = largest_part(roads, settings.least_part_share, arc_problems, notes)
    if not roads.open_to_access.any():
        arc_problems.add("no node is open to access", "check the column named by node_columns.open_to_access")
        arc_problems.refuse_if_any()
    weight = homes_along(roads)
    notes.append(f"homes spread along the streets; {int(np.count_nonzero(weight))} of {len(roads)} nodes have some")
    return settle_administration(roads, weight, (settings.counties, settings.townships, settings.communities), notes)
