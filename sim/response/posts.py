"""Where patrol posts stand: near people by road, in every township, the same for every run of a town.

Posts are shared out among the townships by residents and then moved to lower the residents' mean driving time from
the nearest post: the p-median problem, here by recursive halving and the alternating improvement of Maranzana
(1964), "On the location of supply points to minimize transport costs", with road times instead of distances.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sim.town import driving_graph

if TYPE_CHECKING:
    from sim.town import Town

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]

ROUNDS = 6  # of improvement; later ones gain less than one in a hundred
TRIALS = 4  # nodes tried for a post in each round
REACH = 1.5  # a trial looks so many times as far as its post's farthest resident


def share_out(count: int, weight: Floats, room: Rows) -> Rows:
    """Share ``count`` seats among groups in proportion to weight (Webster), at most ``room`` in each.

    Where there are seats enough, every group with weight and room has one before any has two.

    Raises:
        ValueError: where the seats do not fit.
    """
    if count > int(room.sum()):
        raise ValueError(f"{count} posts do not fit on {int(room.sum())} nodes open to access")
    seats = np.zeros(len(weight), dtype=np.int64)
    served = np.flatnonzero((weight > 0.0) & (room > 0))
    if count >= len(served):
        seats[served] = 1
    for _ in range(count - int(seats.sum())):
        claim = np.where(seats < room, weight / (2.0 * seats + 1.0), -1.0)
        seats[int(np.argmax(claim))] += 1
    return seats


def halve(nodes: Rows, count: int, x: Floats, y: Floats, weight: Floats) -> list[Rows]:
    """Cut nodes into ``count`` compact parts of about equal weight, always across the longer side."""
    if count == 1:
        return [nodes]
    along = x if np.ptp(x[nodes]) >= np.ptp(y[nodes]) else y
    ordered = nodes[np.lexsort((nodes, along[nodes]))]
    left = count // 2
    passed = np.cumsum(weight[ordered])
    cut = len(nodes) * left // count
    if passed[-1] > 0.0:
        cut = int(np.searchsorted(passed, passed[-1] * left / count)) + 1
    cut = min(max(cut, left), len(nodes) - (count - left))  # each part keeps a node for each of its posts
    return halve(ordered[:cut], left, x, y, weight) + halve(ordered[cut:], count - left, x, y, weight)


def middle(nodes: Rows, choices: Rows, x: Floats, y: Floats, weight: Floats, number: int) -> Rows:
    """Return the ``number`` choices nearest, in a straight line, to the weighted centre of nodes."""
    load = weight[nodes] if weight[nodes].sum() > 0.0 else np.ones(len(nodes))
    centre_x, centre_y = np.average(x[nodes], weights=load), np.average(y[nodes], weights=load)
    away = (x[choices] - centre_x) ** 2 + (y[choices] - centre_y) ** 2
    return choices[np.lexsort((choices, away))[:number]]


def place_posts(town: Town, count: int) -> Rows:
    """Return the nodes of ``count`` patrol posts, all different, open to access, in the order of nodes.

    Raises:
        ValueError: for fewer than one post, or more posts than nodes open to access.
    """
    if count < 1:
        raise ValueError(f"a town has at least one post, not {count}")
    roads, tree = town.roads, town.administration
    allowed = np.asarray(roads.open_to_access, dtype=bool)
    township = np.asarray(tree.community_township)[np.asarray(tree.node_community)]
    groups = len(tree.township_county)
    weight = np.asarray(town.weight, dtype=np.float64)
    group_weight = np.bincount(township, weights=weight, minlength=groups)
    room = np.bincount(township[allowed], minlength=groups)
    if count < np.count_nonzero((group_weight > 0.0) & (room > 0)):
        # Too few posts for one in each township: the town is cut as a whole.
        township, group_weight, room = np.zeros_like(township), np.array([1.0]), np.array([int(allowed.sum())])
    posts: list[int] = []
    for group, seats in enumerate(share_out(count, group_weight, room).tolist()):
        if seats:
            nodes = np.flatnonzero((township == group) & allowed)
            parts = halve(nodes, seats, roads.x_metres, roads.y_metres, weight)
            posts.extend(int(middle(part, part, roads.x_metres, roads.y_metres, weight, 1)[0]) for part in parts)
    return improve(town, np.array(posts, dtype=np.int64), township)


def improve(town: Town, posts: Rows, group: Rows) -> Rows:
    """Move posts, each within its group of nodes, while that lowers the mean driving time of those they serve."""
    graph = driving_graph(town.roads)
    for _ in range(ROUNDS):
        seconds, _, nearest = dijkstra(graph, indices=posts, min_only=True, return_predecessors=True)
        moved = False
        for place, post in enumerate(posts.tolist()):
            better = best_node(town, graph, posts, post, group, np.flatnonzero(nearest == post), seconds)
            moved = moved or better != post
            posts[place] = better
        if not moved:
            break
    return np.sort(posts)


def best_node(
    town: Town, graph: csr_array[Any, tuple[int, int]], posts: Rows, post: int, group: Rows, cell: Rows, seconds: Floats
) -> int:
    """Return the node from which the residents of a post's cell are reached soonest on average, of a few tried."""
    roads, weight = town.roads, town.weight
    free = np.asarray(roads.open_to_access, dtype=bool)[cell] & (group[cell] == group[post]) & ~np.isin(cell, posts)
    if weight[cell].sum() <= 0.0 or not free.any():
        return post
    best, best_cost = post, float(weight[cell] @ seconds[cell])
    limit = max(float(seconds[cell].max()) * REACH, 1.0)
    trials = middle(cell, cell[free], roads.x_metres, roads.y_metres, weight, TRIALS)
    for trial, reached in zip(trials.tolist(), dijkstra(graph, indices=trials, limit=limit)[:, cell], strict=True):
        cost = float(weight[cell] @ np.minimum(reached, limit))
        if np.isfinite(reached).all() and cost < best_cost:
            best, best_cost = int(trial), cost
    return best


def spread_order(count: int) -> Rows:
    """Return 0..count-1 in an order of which every run of neighbours lies evenly over the whole.

    The numbers are sorted by their digits in base 2 read backwards (van der Corput 1935). Posts are numbered along
    the town's nodes, which follow the administrative tree, so an even run of posts is an even spread over places.
    """
    digits = max(count - 1, 1).bit_length()
    backwards = [int(format(number, f"0{digits}b")[::-1], 2) for number in range(1 << digits)]
    return np.array([number for number in backwards if number < count], dtype=np.int64)


def deal_posts(units: int, posts: int) -> Rows:
    """Return the post of each of ``units`` crews, given in the order of their shift starts, shape (units,).

    Crews that are on duty together follow each other in that order, so each shift is spread over all posts, and no
    post has two crews of a shift more than another.
    """
    return spread_order(posts)[np.arange(units) % posts]
