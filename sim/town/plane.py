"""A square without streets, on which one travels along straight or right-angle lines.

It is the town of the closed forms: mean distances and the square-root law are known for it. Its nodes, a square
lattice joined by two-way streets, only carry homes, posts and the administration; travel goes from any place of the
square to any other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.engine.compiled import compiled
from sim.town.administration import settle_administration
from sim.town.network import Ints, RoadClass, Roads, Town

if TYPE_CHECKING:
    from sim.scenario import PlaneTown

LEAST_TO_WRAP = 3  # nodes a side; of two, the way round is the street that is there already


@dataclass(frozen=True)
class Plane:
    """How one travels on a square whose corners are (0, 0) and (side_metres, side_metres).

    Attributes:
        side_metres: length of a side.
        metric: as the crow flies, or east-west and then north-south.
        speed_kmh: of ordinary driving, everywhere.
        wrap: whether what leaves at a side comes in at the opposite one, so that no place is nearer an edge.
    """

    side_metres: float
    metric: Literal["euclidean", "right_angle"]
    speed_kmh: float
    wrap: bool

    @property
    def right_angle(self) -> bool:
        """Return whether one travels east-west and then north-south."""
        return self.metric == "right_angle"


@compiled
def shift(start: float, end: float, side: float, wrap: bool) -> float:
    """Return how far, and in which direction, the end lies from the start along one axis; the shorter way round.

    Both lie in 0..side. At exactly half a side round the way leads down.
    """
    way = end - start
    if wrap:
        way -= side * math.floor(way / side + 0.5)
    return way


@compiled
def plane_metres(x1: float, y1: float, x2: float, y2: float, side: float, right_angle: bool, wrap: bool) -> float:
    """Return the length of the way between two places of a square of that side, all in metres.

    Args:
        x1: first place, metres to the east, 0..side.
        y1: first place, metres to the north.
        x2: second place, east.
        y2: second place, north.
        side: length of a side.
        right_angle: along east-west and north-south lines, else as the crow flies.
        wrap: the square's opposite sides are one line (a torus).
    """
    east, north = shift(x1, x2, side, wrap), shift(y1, y2, side, wrap)
    if right_angle:
        return abs(east) + abs(north)
    return math.sqrt(east * east + north * north)


@compiled
def inside(place: float, side: float, wrap: bool) -> float:
    """Return a coordinate, at most a side outside, brought back into the square where its sides are one line."""
    if wrap and place < 0.0:
        place += side  # which rounds up to the side itself from just below 0
    return place - side if wrap and place >= side else place


@compiled
def along_plane(
    x1: float, y1: float, x2: float, y2: float, share: float, side: float, right_angle: bool, wrap: bool
) -> tuple[float, float]:
    """Return where one is after a share of the way between two places, x and y in metres.

    A right-angle way leads east or west first, then north or south. Arguments are those of ``plane_metres``; a share
    below 0 is the start, above 1 the end.
    """
    if share <= 0.0:
        return x1, y1
    if share >= 1.0:
        return x2, y2
    east, north = shift(x1, x2, side, wrap), shift(y1, y2, side, wrap)
    if right_angle:
        gone = share * (abs(east) + abs(north))
        if gone < abs(east):
            return inside(x1 + math.copysign(gone, east), side, wrap), y1
        return x2, inside(y1 + math.copysign(gone - abs(east), north), side, wrap)
    return inside(x1 + share * east, side, wrap), inside(y1 + share * north, side, wrap)


def lattice_pairs(nodes: int, wrap: bool) -> tuple[Ints, Ints]:
    """Return the ends of the streets of a square lattice with so many nodes a side, each street once.

    Node k lies in column k % nodes and row k // nodes. Around a torus the last node of a row is joined to the first.
    """
    number = np.arange(nodes * nodes, dtype=np.int32).reshape(nodes, nodes)
    east, north = np.roll(number, -1, axis=1), np.roll(number, -1, axis=0)
    joined = nodes if wrap and nodes >= LEAST_TO_WRAP else nodes - 1
    a = np.concatenate((number[:, :joined].ravel(), number[:joined].ravel()))
    return a, np.concatenate((east[:, :joined].ravel(), north[:joined].ravel()))


def plane_town(settings: PlaneTown) -> Town:
    """Return the plane as a town: a lattice of nodes in the middle of equal squares, homes spread evenly over it.

    Raises:
        TownError: where the counts of the administration cannot be met.
    """
    n, wrap = settings.lattice, settings.edges == "wrap"
    side = 1000.0 * math.sqrt(settings.area_km2)
    spacing = side / n
    a, b = lattice_pairs(n, wrap)
    middle = (np.arange(n) + 0.5) * spacing
    arcs = 2 * len(a)
    roads = Roads(
        node_ids=[f"{column + 1}/{row + 1}" for row in range(n) for column in range(n)],
        x_metres=np.tile(middle, n),
        y_metres=np.repeat(middle, n),
        lon=None,
        lat=None,
        open_to_access=np.ones(n * n, dtype=bool),
        tail=np.concatenate((a, b)),
        head=np.concatenate((b, a)),
        seconds=np.full(arcs, spacing / (settings.speed_kmh / 3.6)),
        metres=np.full(arcs, spacing),
        road_class=np.full(arcs, RoadClass.STREET, dtype=np.int8),
    )
    counts = (settings.counties, settings.townships, settings.communities)
    note = f"a plane of {side:,.0f} m a side; a lattice of {n} by {n} nodes carries homes and posts"
    town = settle_administration(roads, np.ones(n * n), counts, [note])
    plane = Plane(side, settings.metric, float(settings.speed_kmh), wrap)
    return Town(town.roads, town.administration, town.weight, town.notes, plane)
