"""Where a generated town's nodes lie: an outline, rivers, a centre, county seats, villages, and homes in them.

Streets of settlements lie on turned and disturbed lattices, so that the road graph that is drawn through them has
crossings like a planned quarter's; density falls from each settlement's middle outwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from sim.town.luck import Stage, normals, uniforms
from sim.town.network import Floats

Rows = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

BLOCK_METRES = 150.0  # lattice of a town centre, where there is room
VILLAGE_BLOCK_METRES = 110.0
BLOCKS_FILLED = 0.86  # share of a full lattice's places that are used
OUTLINE_WAVES = (2, 3, 5)
OUTLINE_SIZE = 0.09  # of a wave, as a share of the radius
CENTRE_DENSER = 1.18  # exponent that pulls places towards a centre
JITTER = 0.15  # standard deviation, as a share of the lattice
NEAREST = 0.42  # two nodes are at least this share of the lattice apart
RIVER_METRES = 45.0  # half width of the strip without nodes
SEAT_ROUNDS = 20
CENTRE_SHARE = 0.55  # of the urban nodes and homes, where there are county seats


@dataclass(frozen=True)
class Outline:
    """A round region with a wavy edge: radius(angle) = mean + sum of waves; metres from the centre (0, 0)."""

    radius: float
    sizes: Floats
    phases: Floats

    def edge(self, angle: Floats) -> Floats:
        """Return the distance of the edge from the centre in each direction."""
        waves = sum(
            size * np.cos(wave * angle + phase)
            for wave, size, phase in zip(OUTLINE_WAVES, self.sizes, self.phases, strict=True)
        )
        return np.asarray(self.radius * (1.0 + waves), dtype=np.float64)

    def depth(self, points: Floats) -> Floats:
        """Return how far out each point lies: 0 at the centre, 1 on the edge; points has shape (n, 2)."""
        return np.asarray(np.hypot(*points.T) / self.edge(np.arctan2(points[:, 1], points[:, 0])), dtype=np.float64)


def outline(area_km2: float, seed: int) -> Outline:
    """Return an outline that encloses exactly the given area."""
    sizes = OUTLINE_SIZE * normals(seed, Stage.OUTLINE, 2 * len(OUTLINE_WAVES))[: len(OUTLINE_WAVES)].clip(-1.5, 1.5)
    phases = 2.0 * np.pi * uniforms(seed, Stage.OUTLINE, 2 * len(OUTLINE_WAVES))[len(OUTLINE_WAVES) :]
    # The integral of (1 + sum of cosines)^2 / 2 over the circle is pi (1 + sum of squares / 2).
    radius = float(np.sqrt(area_km2 * 1e6 / (np.pi * (1.0 + 0.5 * np.sum(sizes**2)))))
    return Outline(radius, sizes, phases)


@dataclass(frozen=True)
class River:
    """A winding line across the town: v = offset + size sin(wave u + phase) in axes turned by ``angle``."""

    angle: float
    offset: float
    size: float
    wave: float
    phase: float

    def along(self, points: Floats) -> Floats:
        """Return the coordinate u along the river, metres."""
        return np.asarray(points @ (np.cos(self.angle), np.sin(self.angle)), dtype=np.float64)

    def beside(self, points: Floats) -> Floats:
        """Return how far each point lies beside the river, metres; the sign tells the bank."""
        u = self.along(points)
        v = points @ (-np.sin(self.angle), np.cos(self.angle))
        return np.asarray(v - self.offset - self.size * np.sin(self.wave * u + self.phase), dtype=np.float64)


def river_width(region: Outline) -> float:
    """Return half the width of the strip along a river that stays without nodes, metres."""
    return min(RIVER_METRES, 0.04 * region.radius)


def rivers(count: int, radius: float, seed: int) -> list[River]:
    """Return winding rivers, none of them through the very centre."""
    draws = uniforms(seed, Stage.RIVER, 4 * count).reshape(count, 4)
    found = []
    for number, (turn, away, bank, phase) in enumerate(draws):
        side = 1.0 if bank < 0.5 else -1.0
        found.append(
            River(
                angle=float(np.pi * (number + 0.8 * turn) / max(count, 1)),
                offset=float(side * radius * (0.18 + 0.3 * away)),
                size=0.07 * radius,
                wave=float(2.0 * np.pi / radius),
                phase=float(2.0 * np.pi * phase),
            )
        )
    return found


@dataclass(frozen=True)
class Settlement:
    """A centre, a county seat or a village."""

    x: float
    y: float
    nodes: int
    homes: float  # share of the town's homes
    block_metres: float
    turn: float  # of its lattice, radians
    urban: bool  # the centre or a county seat


def whole_shares(total: int, sizes: Floats, least: int) -> Rows:
    """Return whole numbers of at least ``least`` that add up to ``total``, as near to the sizes' shares as can be."""
    exact = sizes / sizes.sum() * (total - least * len(sizes))
    whole = np.floor(exact).astype(np.int64)
    missing = total - least * len(sizes) - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:missing]] += 1
    return whole + least


def village_sites(count: int, region: Outline, waters: list[River], clear_of: float, seed: int) -> Floats:
    """Return ``count`` places for villages, apart from each other and outside the centre, shape (count, 2).

    A six-sided lattice, disturbed, pulled towards the centre so that villages lie denser there, thinned to the count.
    """
    spacing = np.sqrt(np.pi * region.radius**2 / count) * 0.86
    bank = 3.0 * river_width(region)
    while True:
        steps = int(1.5 * region.radius / spacing) + 2
        i, j = (axis.ravel() for axis in np.meshgrid(np.arange(-steps, steps + 1), np.arange(-steps, steps + 1)))
        sites = np.column_stack((i + 0.5 * (j % 2), j * np.sqrt(0.75))) * spacing
        moved = normals(seed, Stage.VILLAGE_PLACE, sites.size).reshape(sites.shape)
        sites = sites + 0.22 * spacing * moved.clip(-2.0, 2.0)
        depth = region.depth(sites)
        sites = sites * (depth**0.22)[:, None]
        dry = np.all([np.abs(water.beside(sites)) > bank for water in waters], axis=0)
        fits = np.flatnonzero((region.depth(sites) < 0.96) & (np.hypot(*sites.T) > clear_of) & dry)
        if len(fits) >= count:
            kept = fits[np.argsort(uniforms(seed, Stage.VILLAGE_KEPT, len(sites))[fits], kind="stable")[:count]]
            return np.asarray(sites[np.sort(kept)], dtype=np.float64)
        spacing, bank = spacing * 0.93, bank * 0.9


def county_seats(sites: Floats, counties: int) -> Rows:
    """Return which sites become county seats: one for each county but the centre's, spread over the town."""
    if counties == 1 or not len(sites):
        return np.zeros(0, dtype=np.int64)
    middles = np.zeros((1, 2))
    for _ in range(counties - 1):
        away = np.hypot(*(sites[:, None] - middles).transpose(2, 0, 1)).min(axis=1)
        middles = np.vstack((middles, sites[int(np.argmax(away))]))
    for _ in range(SEAT_ROUNDS):  # Lloyd's method; the centre stays where it is
        _, nearest = cKDTree(middles).query(sites)
        count = np.bincount(nearest, minlength=counties)
        sums = np.column_stack([np.bincount(nearest, axis, counties) for axis in sites.T])
        filled = count > 0
        filled[0] = False
        middles[filled] = sums[filled] / count[filled, None]
    _, seats = cKDTree(sites).query(middles[1:])
    return np.unique(np.asarray(seats, dtype=np.int64))


@dataclass(frozen=True)
class Plan:
    """How many settlements of which size a town gets."""

    area_km2: float
    counties: int
    communities: int
    nodes: int
    urban_share: float
    least_nodes: int  # in a community

    def villages(self) -> int:
        """Return how many villages there are: a community each, outside the urban share."""
        return self.communities - max(1, round(self.urban_share * self.communities))

    def urban_nodes(self) -> int:
        """Return how many nodes lie in the centre and the county seats."""
        most = self.nodes - self.least_nodes * self.villages()
        return self.nodes if not self.villages() else min(round(self.urban_share * self.nodes) + 1, most)


def settlements(plan: Plan, region: Outline, waters: list[River], seed: int) -> list[Settlement]:
    """Return the town's settlements, the centre first, then the county seats, then the villages."""
    urban = plan.urban_nodes()
    block = min(
        BLOCK_METRES, float(np.sqrt(BLOCKS_FILLED * plan.area_km2 * 1e6 * max(urban / plan.nodes, 0.1) / urban))
    )
    centre_radius = float(np.sqrt(urban * block**2 / BLOCKS_FILLED / np.pi)) * (1.0 if plan.counties == 1 else 0.75)
    clear_of = min(centre_radius, 0.85 * region.radius)
    count = plan.villages()
    sites = village_sites(count, region, waters, clear_of, seed) if count else np.zeros((0, 2))
    seats = county_seats(sites, plan.counties)
    turns = 0.5 * np.pi * uniforms(seed, Stage.TURN, count + 1)
    size = np.exp(0.5 * normals(seed, Stage.VILLAGE_SIZE, count + 1))
    towns = np.concatenate(([0], seats + 1))
    share = np.concatenate(([size[0]], size[towns[1:]]))
    share[0] = share[1:].sum() * CENTRE_SHARE / (1.0 - CENTRE_SHARE) if len(seats) else 1.0
    urban_homes = max(plan.urban_share, 0.5 * urban / plan.nodes)  # somebody lives at every crossing
    nodes = np.zeros(count + 1, dtype=np.int64)
    homes = np.zeros(count + 1)
    if count:
        nodes[1:] = whole_shares(plan.nodes - urban, size[1:], plan.least_nodes)
        homes[1:] = (1.0 - urban_homes) * size[1:] / size[1:].sum()
    nodes[towns] += whole_shares(urban, share, 0)
    homes[towns] += (urban_homes if count else 1.0) * share / share.sum()
    country_km2 = plan.area_km2 * (1.0 - urban / plan.nodes)
    room = float(np.sqrt(BLOCKS_FILLED * country_km2 * 1e6 / max(plan.nodes - urban, 1)))
    blocks = np.full(count + 1, min(VILLAGE_BLOCK_METRES, room))
    blocks[towns] = block
    urban_of = np.isin(np.arange(count + 1), towns).tolist()
    xs, ys = np.vstack((np.zeros(2), sites)).T
    return [Settlement(*row) for row in zip(xs, ys, nodes.tolist(), homes, blocks, turns, urban_of, strict=True)]


def lattice_around(settlement: Settlement, spare: float) -> tuple[Floats, Floats]:
    """Return a settlement's lattice places, shape (k, 2), and their distances from its middle, shape (k,)."""
    wanted = spare * settlement.nodes / BLOCKS_FILLED + 8.0
    reach = int(np.ceil(np.sqrt(wanted / np.pi))) + 1
    steps = np.arange(-reach, reach + 1)
    i, j = (axis.ravel() for axis in np.meshgrid(steps, steps))
    away = np.hypot(i, j)
    order = np.lexsort((j, i, away))[: int(wanted)]
    cosine, sine = np.cos(settlement.turn), np.sin(settlement.turn)
    places = np.column_stack((cosine * i - sine * j, sine * i + cosine * j))[order] * settlement.block_metres
    return places, away[order] * settlement.block_metres


def apart(points: Floats, gaps: Floats, rank: Floats) -> Flags:
    """Decide which points stay when of two that are too near each other the one of higher rank goes."""
    pairs = cKDTree(points).query_pairs(float(gaps.max()), output_type="ndarray")
    distance = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    close = pairs[distance < np.minimum(gaps[pairs[:, 0]], gaps[pairs[:, 1]])]
    stays = np.ones(len(points), dtype=bool)
    stays[np.where(rank[close[:, 0]] >= rank[close[:, 1]], close[:, 0], close[:, 1])] = False
    return stays


@dataclass(frozen=True)
class Places:
    """The generated nodes.

    Attributes:
        points: metres, shape (n, 2).
        homes: share of the homes at each node, shape (n,), adds up to 1.
        urban: whether a node belongs to the centre or a county seat, shape (n,).
        hubs: the node nearest to the middle of the centre, then those of the county seats.
    """

    points: Floats
    homes: Floats
    urban: Flags
    hubs: Rows


def candidates(towns: list[Settlement], seed: int, spare: float) -> tuple[Floats, Floats, Rows]:
    """Return more disturbed lattice places than needed: points, rank (lower is wanted more), settlement."""
    parts = [lattice_around(town, spare) for town in towns]
    owner = np.repeat(np.arange(len(towns)), [len(part[1]) for part in parts])
    block = np.array([town.block_metres for town in towns])[owner]
    around, away = np.vstack([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    reach = np.sqrt(np.array([town.nodes for town in towns]) / BLOCKS_FILLED / np.pi)[owner] * block
    pulled = around * (np.maximum(away / reach, 1e-9) ** (CENTRE_DENSER - 1.0)).clip(0.6, 1.15)[:, None]
    jitter = np.column_stack([normals(seed, stage, len(owner)) for stage in (Stage.JITTER_X, Stage.JITTER_Y)])
    middle = np.array([(town.x, town.y) for town in towns])[owner]
    points = middle + pulled + JITTER * block[:, None] * jitter.clip(-2.0, 2.0)
    rank = away / reach + 0.30 * np.abs(normals(seed, Stage.RAGGED, len(owner)))
    return points, rank, owner


def place_nodes(plan: Plan, seed: int, region: Outline, waters: list[River]) -> Places:
    """Return exactly ``plan.nodes`` places, inside the outline, off the rivers and apart from each other."""
    towns = settlements(plan, region, waters, seed)
    spare, gap, bank = 1.6, NEAREST, river_width(region)
    while True:
        points, rank, owner = candidates(towns, seed, spare)
        block = np.array([town.block_metres for town in towns])[owner]
        dry = np.all([np.abs(water.beside(points)) > bank for water in waters], axis=0)
        fits = np.flatnonzero((region.depth(points) < 1.0) & dry)
        fits = fits[apart(points[fits], gap * block[fits], rank[fits])]
        if len(fits) >= plan.nodes:
            break
        # Too little room at the edge or along the water: everything moves closer together.
        towns = [replace(town, block_metres=0.93 * town.block_metres) for town in towns]
        spare, gap, bank = spare * 1.05, gap * 0.95, bank * 0.8
    # Each settlement takes its own best places first; what one lacks, for water or the edge, others make up for.
    fits = fits[np.lexsort((rank[fits], owner[fits]))]
    first = np.searchsorted(owner[fits], np.arange(len(towns)))
    position = np.arange(len(fits)) - first[owner[fits]]
    beyond = np.maximum(position - np.array([town.nodes for town in towns])[owner[fits]] + 1, 0)
    kept = fits[np.lexsort((rank[fits], beyond))[: plan.nodes]]
    kept.sort()
    return settle_homes(towns, points[kept], rank[kept], owner[kept], seed)


def settle_homes(towns: list[Settlement], points: Floats, rank: Floats, owner: Rows, seed: int) -> Places:
    """Return the places with the share of homes at each: denser in the middle of a settlement, uneven."""
    weight = np.exp(-0.7 * rank) * np.exp(0.35 * normals(seed, Stage.HOMES, len(points)))
    of_settlement = np.bincount(owner, weights=weight, minlength=len(towns))
    homes = np.array([town.homes for town in towns])[owner] * weight / of_settlement[owner]
    seats = np.flatnonzero([town.urban for town in towns])
    hubs = [int(np.argmin(np.hypot(points[:, 0] - towns[seat].x, points[:, 1] - towns[seat].y))) for seat in seats]
    return Places(points, homes / homes.sum(), np.isin(owner, seats), np.array(hubs, dtype=np.int64))
