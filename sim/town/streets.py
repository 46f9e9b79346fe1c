"""The road graph through a generated town's nodes: which are joined, by what kind of road, in which direction.

The candidates are the Gabriel graph of the nodes (K. R. Gabriel and R. R. Sokal 1969): two nodes are joined when no
third lies in the circle that has them at its ends. It holds the shortest tree, has no crossings and looks like
streets. A random shortest tree of it keeps everything connected; of the rest so many streets are added that the
mean degree, the detours and the share of dead ends are those of real street networks (see docs/town.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay

from sim.engine.compiled import allocating
from sim.engine.queue import EVENT, drop_first, push, size
from sim.town.luck import Stage, normals, uniforms
from sim.town.network import Bytes, Floats, Ints, RoadClass
from sim.town.places import Flags, Places, River, Rows

WAY = np.dtype([("neighbour", "i4"), ("pair", "i4"), ("metres", "f8")], align=True)

# A road is left out where the way round is shorter than so many times its length (drawn for each road between the two).
LEAST_WAY_ROUND, MOST_WAY_ROUND = 1.3, 3.2
DEAD_END_SHARE = 0.075  # of the nodes
BRIDGES_EVERY_METRES = 900.0  # or a third of the town's radius, where that is less
FORBIDDEN = 1e9  # metres added to a crossing of a river that is no bridge
MAIN_PART, STREET_PART = 0.15, 0.58  # parts of the length of roads other than trunk roads, up to and with each class
ONE_WAY_SHARE = 0.10  # of the streets and lanes inside towns


@dataclass(frozen=True)
class Speeds:
    """Ordinary driving speed, km/h, on each kind of road, with the stops at crossings in it."""

    trunk_kmh: float
    main_kmh: float
    street_kmh: float
    lane_kmh: float

    def by_class(self) -> Floats:
        """Return the speeds in the order of RoadClass."""
        return np.array([self.trunk_kmh, self.main_kmh, self.street_kmh, self.lane_kmh])


@dataclass(frozen=True)
class Arcs:
    """Directed arcs as columns, shape (m,) each."""

    tail: Ints
    head: Ints
    metres: Floats
    road_class: Bytes


def gabriel_pairs(points: Floats) -> Rows:
    """Return the pairs of nodes joined in the Gabriel graph, lower number first, shape (e, 2), sorted.

    An edge of the Delaunay triangulation is kept unless it lies opposite a right or obtuse angle.
    """
    corners = Delaunay(points).simplices
    pairs, obtuse = [], []
    for a, b, apex in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        one = points[corners[:, a]] - points[corners[:, apex]]
        other = points[corners[:, b]] - points[corners[:, apex]]
        pairs.append(np.sort(corners[:, (a, b)], axis=1))
        obtuse.append(np.einsum("ij,ij->i", one, other) <= 0.0)
    edges, number = np.unique(np.vstack(pairs), axis=0, return_inverse=True)
    blocked = np.bincount(number.ravel(), weights=np.concatenate(obtuse)) > 0.0
    # Points that rounding has left out of the triangulation do not occur: all are well apart.
    return np.asarray(edges[~blocked], dtype=np.int64)


def forbidden_crossings(points: Floats, pairs: Rows, waters: list[River]) -> Flags:
    """Decide which pairs cross a river where there is no bridge; bridges keep a distance from each other."""
    gap = min(BRIDGES_EVERY_METRES, float(np.abs(points).max()) / 3.0)
    forbidden = np.zeros(len(pairs), dtype=bool)
    for water in waters:
        beside, along = water.beside(points)[pairs], water.along(points)[pairs]
        crossing = np.flatnonzero(beside[:, 0] * beside[:, 1] < 0.0)
        near_part = np.abs(beside[crossing, 0]) / np.abs(beside[crossing]).sum(axis=1)
        place = along[crossing, 0] + near_part * (along[crossing, 1] - along[crossing, 0])
        last = -np.inf
        for index in np.argsort(place, kind="stable"):
            if place[index] - last < gap:
                forbidden[crossing[index]] = True
            else:
                last = place[index]
    return forbidden


def shortest_tree(nodes: int, pairs: Rows, lengths: Floats) -> Flags:
    """Decide which pairs belong to the tree of least total length that joins all nodes."""
    # The tree of csgraph names its edges by their ends; numbers of rows are found again by sorting.
    graph = coo_array((lengths, (pairs[:, 0], pairs[:, 1])), shape=(nodes, nodes)).tocsr()
    tree = minimum_spanning_tree(graph).tocoo()
    low, high = np.minimum(tree.row, tree.col).astype(np.int64), np.maximum(tree.row, tree.col).astype(np.int64)
    return np.isin(pairs[:, 0] * nodes + pairs[:, 1], low * nodes + high)


@allocating
def way_round(roads: Any, ways: Any, first: Any, start: int, end: int, limit: float, scratch: Any, heap: Any) -> bool:
    """Decide whether the roads chosen so far join two nodes within ``limit`` metres (Dijkstra 1959, cut off).

    ``ways`` has the columns neighbour, pair and metres of all candidate pairs, by node from ``first``; ``scratch`` is
    infinite everywhere and left so; ``heap`` is an empty event queue.
    """
    touched = [start]
    scratch[start] = 0.0
    push(heap, 0.0, 0, start, 0)
    found = False
    while size(heap) > 0:
        node, gone = heap[1].row, heap[1].time
        if node == end:
            found = True
            break
        drop_first(heap)
        if gone > scratch[node]:
            continue
        for way in range(first[node], first[node + 1]):
            new = gone + ways[way].metres
            other = ways[way].neighbour
            if roads[ways[way].pair] and new <= limit and new < scratch[other]:
                scratch[other] = new
                touched.append(other)
                push(heap, new, 0, other, 0)
    heap[0].row = 0
    for node in touched:
        scratch[node] = np.inf
    return found


@allocating
def add_roads(roads: Any, pairs: Any, order: Any, limits: Any, ways: Any, first: Any, scratch: Any, heap: Any) -> None:
    """Add each pair in the order given whose ends the roads so far do not join within the pair's limit.

    The greedy spanner of I. Althofer et al. (1993), with a limit of its own for each pair.
    """
    for pair in order:
        if not way_round(roads, ways, first, pairs[pair, 0], pairs[pair, 1], limits[pair], scratch, heap):
            roads[pair] = True


def choose_pairs(points: Floats, pairs: Rows, forbidden: Flags, seed: int) -> Flags:
    """Decide which pairs become roads: a tree, and every pair whose way round would otherwise be too long.

    A part of the tree's leaves is kept as dead ends.
    """
    nodes = len(points)
    lengths = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    uneven = lengths * np.exp(0.15 * normals(seed, Stage.TREE, len(pairs)))
    roads = shortest_tree(nodes, pairs, uneven + FORBIDDEN * forbidden)
    leaves = np.flatnonzero(np.bincount(pairs[roads].ravel(), minlength=nodes) == 1)
    kept = leaves[np.argsort(uniforms(seed, Stage.DEAD_END, nodes)[leaves], kind="stable")]
    dead_end = np.zeros(nodes, dtype=bool)
    dead_end[kept[: round(DEAD_END_SHARE * nodes)]] = True
    usable = ~roads & ~forbidden & ~dead_end[pairs].any(axis=1)
    order = np.argsort(uneven, kind="stable")
    patience = LEAST_WAY_ROUND + (MOST_WAY_ROUND - LEAST_WAY_ROUND) * uniforms(seed, Stage.WAY_ROUND, len(pairs))
    ends = np.concatenate((pairs[:, 0], pairs[:, 1]))
    by_node = np.argsort(ends, kind="stable")
    ways = np.zeros(2 * len(pairs), dtype=WAY)
    ways["neighbour"] = np.concatenate((pairs[:, 1], pairs[:, 0]))[by_node]
    ways["pair"] = by_node % len(pairs)
    ways["metres"] = np.tile(lengths, 2)[by_node]
    first = np.searchsorted(ends[by_node], np.arange(nodes + 1))
    heap = np.zeros(2 * len(pairs) + 2, dtype=EVENT)
    add_roads(
        roads,
        pairs,
        order[usable[order]],
        patience * lengths,
        ways.view(np.recarray),
        first,
        np.full(nodes, np.inf),
        heap.view(np.recarray),
    )
    return roads


def road_metres(points: Floats, pairs: Rows, seed: int) -> Floats:
    """Return the roads' lengths: straight lines stretched by bends, a little in town, more in the country."""
    straight = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    largest = 0.03 + 0.20 * np.minimum(straight / 1500.0, 1.0)
    return np.asarray(straight * (1.0 + largest * uniforms(seed, Stage.BEND, len(pairs))), dtype=np.float64)


@allocating
def gather(order: Any, before: Any, flow: Any) -> None:
    """Add each node's flow to the node before it on the way from the root, the farthest nodes first."""
    for node in order:
        if before[node] >= 0:
            flow[before[node]] += flow[node]


def traffic(nodes: int, pairs: Rows, metres: Floats, weight: Floats, roots: Rows) -> Floats:
    """Return how much traffic each road carries when everybody drives the shortest way to each of the roots."""
    ends = (np.concatenate((pairs[:, 0], pairs[:, 1])), np.concatenate((pairs[:, 1], pairs[:, 0])))
    graph = coo_array((np.tile(metres, 2), ends), shape=(nodes, nodes)).tocsr()
    load = np.zeros(len(pairs))
    key = pairs[:, 0] * nodes + pairs[:, 1]
    for root in roots:
        distance, before = dijkstra(graph, indices=int(root), return_predecessors=True)
        flow = weight.copy()
        gather(np.argsort(-distance, kind="stable"), before, flow)
        child = np.flatnonzero(before >= 0)
        parent = before[child].astype(np.int64)
        rows = np.searchsorted(key, np.minimum(child, parent) * nodes + np.maximum(child, parent))
        load[rows] += flow[child]
    return load


def through_roads(nodes: int, pairs: Rows, metres: Floats, centre: int, targets: Rows) -> Flags:
    """Decide which roads lie on the shortest ways from the centre to the other towns and out of the region."""
    ends = (np.concatenate((pairs[:, 0], pairs[:, 1])), np.concatenate((pairs[:, 1], pairs[:, 0])))
    graph = coo_array((np.tile(metres, 2), ends), shape=(nodes, nodes)).tocsr()
    _, before = dijkstra(graph, indices=centre, return_predecessors=True)
    key = pairs[:, 0] * nodes + pairs[:, 1]
    through = np.zeros(len(pairs), dtype=bool)
    for target in targets.tolist():
        node = target
        while before[node] >= 0:
            other = int(before[node])
            through[np.searchsorted(key, min(node, other) * nodes + max(node, other))] = True
            node = other
    return through


def classify(load: Floats, metres: Floats, through: Flags) -> Bytes:
    """Return the roads' classes: through roads are trunk roads, of the rest those with the most traffic main roads."""
    order = np.lexsort((-load, through))
    part = np.cumsum(metres[order]) / max(float(metres[~through].sum()), 1.0)
    by_part = np.where(
        part <= MAIN_PART, RoadClass.MAIN, np.where(part <= STREET_PART, RoadClass.STREET, RoadClass.LANE)
    )
    classes = np.empty(len(load), dtype=np.int8)
    classes[order] = by_part
    classes[through] = RoadClass.TRUNK
    return classes


def one_way_arcs(arcs: Arcs, pairs: int, candidates: Flags, nodes: int, seed: int) -> Flags:
    """Decide which arcs stay when some of the candidate roads become one-way, so that all can reach all.

    Arc r and arc r + ``pairs`` are the two directions of road r.
    """
    chosen = candidates & (uniforms(seed, Stage.ONE_WAY, pairs) < ONE_WAY_SHARE)
    backwards = uniforms(seed, Stage.DIRECTION, pairs) < 0.5
    while True:
        stays = np.concatenate((~chosen | backwards, ~chosen | ~backwards))
        graph = coo_array((np.ones(int(stays.sum())), (arcs.tail[stays], arcs.head[stays])), shape=(nodes, nodes))
        parts, part = connected_components(graph.tocsr(), directed=True, connection="strong")
        if parts == 1:
            return stays
        # A one-way road between two parts is what separates them: it gets its other direction back.
        chosen &= part[arcs.tail[:pairs]] == part[arcs.head[:pairs]]


def draw_streets(places: Places, waters: list[River], seed: int) -> Arcs:
    """Return the arcs through the places; every node can be reached from every other."""
    points, nodes = places.points, len(places.points)
    pairs = gabriel_pairs(points)
    pairs = pairs[choose_pairs(points, pairs, forbidden_crossings(points, pairs, waters), seed)]
    metres = road_metres(points, pairs, seed)
    exits = [int(np.argmax(side)) for side in (points[:, 0], points[:, 1], -points[:, 0], -points[:, 1])]
    load = traffic(nodes, pairs, metres, places.homes, np.concatenate((places.hubs, exits)))
    through = through_roads(nodes, pairs, metres, int(places.hubs[0]), np.concatenate((places.hubs[1:], exits)))
    classes = classify(load, metres, through)
    both = Arcs(
        tail=np.concatenate((pairs[:, 0], pairs[:, 1])).astype(np.int32),
        head=np.concatenate((pairs[:, 1], pairs[:, 0])).astype(np.int32),
        metres=np.tile(metres, 2),
        road_class=np.tile(classes, 2),
    )
    small = (classes >= RoadClass.STREET) & places.urban[pairs].all(axis=1)
    stays = one_way_arcs(both, len(pairs), small, nodes, seed)
    return Arcs(both.tail[stays], both.head[stays], both.metres[stays], both.road_class[stays])
