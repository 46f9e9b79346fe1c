"""The place as arrays: roads, the administrative tree over them, and where the homes are."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import networkx as nx

    from sim.town.plane import Plane
    from sim.town.statistics import TownStatistics

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int32]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Bytes = np.ndarray[Any, np.dtype[np.int8]]


class RoadClass(IntEnum):
    """What kind of road an arc is; the order is from the fastest to the slowest."""

    TRUNK = 0
    MAIN = 1
    STREET = 2
    LANE = 3


@dataclass(frozen=True)
class Roads:
    """The directed road graph of n nodes and m arcs.

    Attributes:
        node_ids: the nodes' names in the source, n of them.
        x_metres, y_metres: places on a flat map, shape (n,).
        lon, lat: the same in degrees, shape (n,), or None for a town that lies nowhere.
        open_to_access: whether homes and posts may lie at a node, shape (n,).
        tail, head: the nodes that an arc leads from and to, shape (m,); arcs are sorted by tail, then head.
        seconds: ordinary driving time along an arc, shape (m,), more than 0.
        metres: length of an arc, shape (m,), more than 0.
        road_class: a RoadClass for each arc, shape (m,).
        origin: longitude and latitude of the flat map's middle, or None for a town that lies nowhere.
    """

    node_ids: list[str]
    x_metres: Floats
    y_metres: Floats
    lon: Floats | None
    lat: Floats | None
    open_to_access: Flags
    tail: Ints
    head: Ints
    seconds: Floats
    metres: Floats
    road_class: Bytes
    origin: tuple[float, float] | None = None

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.x_metres)

    def to_metres(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return x and y of places in degrees on this town's flat map, so that they lie right among its nodes.

        Raises:
            ValueError: the town's own places are metres, so nobody knows where on the globe it lies.
        """
        from sim.town.projection import flat_map

        if self.origin is None:
            raise ValueError("the town has no longitudes and latitudes; give places in metres on its own map")
        return flat_map(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64), self.origin)

    def to_networkx(self) -> nx.MultiDiGraph[int]:
        """Return the graph for networkx: nodes by number, with attributes in the units of their names."""
        import networkx

        graph: nx.MultiDiGraph[int] = networkx.MultiDiGraph()
        places = zip(self.node_ids, self.x_metres.tolist(), self.y_metres.tolist(), strict=True)
        for node, (name, x, y) in enumerate(places):
            graph.add_node(node, name=name, x_metres=x, y_metres=y, open_to_access=bool(self.open_to_access[node]))
        columns = (self.tail, self.head, self.seconds, self.metres, self.road_class)
        for tail, head, seconds, metres, road_class in zip(*(column.tolist() for column in columns), strict=True):
            graph.add_edge(tail, head, seconds=seconds, metres=metres, road_class=RoadClass(road_class).name.lower())
        return graph

    def part(self, nodes: Ints) -> Roads:
        """Return the roads among the given nodes, which are renumbered in the order given."""
        number = np.full(len(self), -1, dtype=np.int32)
        number[nodes] = np.arange(len(nodes), dtype=np.int32)
        tail, head = number[self.tail], number[self.head]
        kept = np.flatnonzero((tail >= 0) & (head >= 0))
        arcs = kept[np.lexsort((head[kept], tail[kept]))]
        return Roads(
            node_ids=[self.node_ids[node] for node in nodes.tolist()],
            x_metres=self.x_metres[nodes],
            y_metres=self.y_metres[nodes],
            lon=None if self.lon is None else self.lon[nodes],
            lat=None if self.lat is None else self.lat[nodes],
            open_to_access=self.open_to_access[nodes],
            tail=tail[arcs],
            head=head[arcs],
            seconds=self.seconds[arcs],
            metres=self.metres[arcs],
            road_class=self.road_class[arcs],
            origin=self.origin,
        )


@dataclass(frozen=True)
class Administration:
    """The tree county > township > community over the nodes.

    Each county's townships, each township's communities and each community's nodes have consecutive numbers.

    Attributes:
        node_community: the community of each node, shape (n,), never falling.
        community_township: the township of each community, never falling.
        township_county: the county of each township, never falling.
        county_names, township_names, community_names: a name for each.
    """

    node_community: Ints
    community_township: Ints
    township_county: Ints
    county_names: list[str]
    township_names: list[str]
    community_names: list[str]


@dataclass(frozen=True)
class Town:
    """A town: its roads, its administration, and the share of residents' homes at each node.

    Attributes:
        weight: shape (n,), 0 or more, adds up to 1; every community has some.
        notes: what was taken, left out or changed on the way from the source.
        plane: how one travels where the town is a plane, None in a town of streets.
    """

    roads: Roads
    administration: Administration
    weight: Floats
    notes: list[str] = field(default_factory=list)
    plane: Plane | None = None

    def statistics(self) -> TownStatistics:
        """Return the figures by which street networks are compared."""
        from sim.town.statistics import statistics

        return statistics(self.roads)


def name_all(kind: str, count: int) -> list[str]:
    """Return names such as "Township 12"."""
    return [f"{kind} {number + 1}" for number in range(count)]
