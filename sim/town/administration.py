"""Laying county, township and community over any road network: compact, nested, of equal weight."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from sim.town.errors import Problem, TownError
from sim.town.network import Administration, Floats, Ints, Roads, Town, name_all

Rows = np.ndarray[Any, np.dtype[np.int64]]

HILBERT_BITS = 16
CHANGE_IT = "change town.counties, town.townships or town.communities"


def shares_of(whole: int, parts: int) -> list[int]:
    """Return whole numbers as equal as can be that add up to ``whole``, the larger ones first."""
    small, left = divmod(whole, parts)
    return [small + (part < left) for part in range(parts)]


def cut_place(cumulative: Floats, open_before: Rows, share: float, least_left: int, least_right: int) -> int:
    """Return after how many nodes to cut a row of nodes, so that the first part holds ``share`` of the weight.

    ``cumulative`` is the running weight and ``open_before`` the running number of nodes with weight, shape (n,).
    The cut is moved as little as possible so that each part keeps its least number of nodes with weight.
    """
    wanted = int(np.searchsorted(cumulative, share * cumulative[-1], side="left")) + 1
    earliest = int(np.searchsorted(open_before, least_left)) + 1
    latest = int(np.searchsorted(open_before, open_before[-1] - least_right, side="right"))
    return min(max(wanted, earliest), latest)


def compact_parts(nodes: Rows, targets: list[int], x: Floats, y: Floats, weight: Floats, least: int) -> list[Rows]:
    """Return the nodes in compact parts whose weights are in proportion to ``targets``.

    Recursive bisection: the nodes are cut across their longer extent, the parts' targets shared out, until each
    has its own. Each part keeps at least ``least`` nodes with weight for each unit of its target.
    """
    if len(targets) == 1:
        return [nodes]
    half = len(targets) // 2
    left, right = sum(targets[:half]), sum(targets[half:])
    wide = np.ptp(x[nodes]) >= np.ptp(y[nodes])
    along = nodes[np.lexsort((y[nodes], x[nodes]) if wide else (x[nodes], y[nodes]))]
    running = np.cumsum(weight[along])
    cut = cut_place(running, np.cumsum(weight[along] > 0.0), left / (left + right), least * left, least * right)
    return [
        *compact_parts(along[:cut], targets[:half], x, y, weight, least),
        *compact_parts(along[cut:], targets[half:], x, y, weight, least),
    ]


def hilbert_place(x: Ints, y: Ints, bits: int = HILBERT_BITS) -> Rows:
    """Return the places of whole-numbered points on Hilbert's curve: near on the curve is near on the map.

    Source: J. K. Lawder and P. J. H. King (2001), "Querying multi-dimensional data indexed using the Hilbert
    space-filling curve"; the usual rotation by quadrants. Coordinates are 0..2**bits - 1.
    """
    x, y = x.astype(np.int64), y.astype(np.int64)
    place = np.zeros(len(x), dtype=np.int64)
    side = 1 << (bits - 1)
    while side:
        right, upper = (x & side) > 0, (y & side) > 0
        place += side * side * ((3 * right) ^ upper)
        flip = ~upper & right
        x, y = (
            np.where(flip, side - 1 - (x & (side - 1)), x & (side - 1)),
            np.where(flip, side - 1 - (y & (side - 1)), y & (side - 1)),
        )
        x, y = np.where(upper, x, y), np.where(upper, y, x)
        side >>= 1
    return place


def walk_order(roads: Roads, community: Ints, communities: int) -> Rows:
    """Return the nodes by community and, within each, along Hilbert's curve over the community's own square.

    The longer side goes with the curve's second axis: the curve runs up the left half of its square before it
    crosses over, so that a long community is walked from end to end.
    """
    low = np.full((2, communities), np.inf)
    high = np.full((2, communities), -np.inf)
    places = (roads.x_metres, roads.y_metres)
    for axis, value in enumerate(places):
        np.minimum.at(low[axis], community, value)
        np.maximum.at(high[axis], community, value)
    side = np.maximum((high - low).max(axis=0), 1.0)
    x, y = (
        np.minimum((value - low[axis][community]) / side[community] * 2**HILBERT_BITS, 2**HILBERT_BITS - 1)
        for axis, value in enumerate(places)
    )
    wide = (high[0] - low[0] > high[1] - low[1])[community]
    first, second = np.where(wide, y, x).astype(np.int32), np.where(wide, x, y).astype(np.int32)
    return np.lexsort((hilbert_place(first, second), community))


def check_counts(counties: int, townships: int, communities: int, open_nodes: int, least: int) -> None:
    """Refuse counts that cannot be nested or have more communities than nodes for homes."""
    problems = []
    if not 1 <= counties <= townships <= communities:
        problems.append(
            Problem(
                f"{counties} counties, {townships} townships and {communities} communities cannot be nested",
                f"{CHANGE_IT} so that 1 <= counties <= townships <= communities",
            )
        )
    if open_nodes < communities * least:
        problems.append(
            Problem(
                f"{communities} communities need at least {communities * least} nodes open to access, "
                f"the network has {open_nodes}",
                "give fewer communities or a larger network",
            )
        )
    if problems:
        raise TownError(problems)


def administer(
    roads: Roads, weight: Floats, counties: int, townships: int, communities: int, *, least: int = 1
) -> tuple[Rows, Administration]:
    """Return the new order of the nodes and the administration of the nodes in that order.

    Args:
        roads: the network.
        weight: of each node, shape (n,), 0 where nobody can live.
        counties: how many there shall be.
        townships: how many; at least as many as counties.
        communities: how many; at least as many as townships.
        least: how many nodes with weight each community has at least.

    Raises:
        TownError: where the counts cannot be met.
    """
    check_counts(counties, townships, communities, int(np.count_nonzero(weight)), least)
    townships_of = shares_of(townships, counties)
    communities_of = shares_of(communities, townships)
    place = (roads.x_metres, roads.y_metres, weight, least)
    ends = np.cumsum([0, *townships_of])
    groups = [communities_of[a:b] for a, b in pairwise(ends.tolist())]
    node_community = np.empty(len(roads), dtype=np.int32)
    community = 0
    for group, county in zip(
        groups, compact_parts(np.arange(len(roads)), [sum(group) for group in groups], *place), strict=True
    ):
        for count, township in zip(group, compact_parts(county, group, *place), strict=True):
            for part in compact_parts(township, [1] * count, *place):
                node_community[part] = community
                community += 1
    order = walk_order(roads, node_community, communities)
    return order, Administration(
        node_community=node_community[order],
        community_township=np.repeat(np.arange(townships, dtype=np.int32), communities_of),
        township_county=np.repeat(np.arange(counties, dtype=np.int32), townships_of),
        county_names=name_all("County", counties),
        township_names=name_all("Township", townships),
        community_names=name_all("Community", communities),
    )


def settle_administration(
    roads: Roads, weight: Floats, counts: tuple[int, int, int], notes: list[str], *, least: int = 1
) -> Town:
    """Return the town: its nodes renumbered by county, township, community and walk, its weights adding up to 1.

    ``counts`` are counties, townships and communities.
    """
    order, administration = administer(roads, weight, *counts, least=least)
    numbers = order.astype(np.int32)
    return Town(roads.part(numbers), administration, weight[order] / weight.sum(), notes)
