"""The response side of a new world: posts, crews with their shifts, and the road tables that dispatch searches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from scipy.sparse.csgraph import dijkstra

from sim.codes import NOBODY, Status
from sim.engine.clock import HOURS_A_DAY
from sim.engine.queue import EVENT
from sim.response.posts import deal_posts, place_posts, road_graph
from sim.response.timing import ResponseSettings, wished_roster
from sim.world import ARCS, NODES, POSTS, ROUTES, UNITS, Table, empty_table

if TYPE_CHECKING:
    from sim.town import Roads, Town

Rows = np.ndarray[Any, np.dtype[np.int64]]


class ResponsePlan(Protocol):
    """The part of a scenario that the response side reads."""

    @property
    def response(self) -> ResponseSettings:
        """Crews, posts, shifts and their timing."""
        ...


def lay_out(scenario: ResponsePlan, town: Town, *, parameters: Any, seed: int) -> dict[str, Table]:
    """Return the response tables of a new world: posts near people, crews spread over posts and hours.

    Args:
        scenario: its ``response`` is read.
        town: roads, administration and homes; the roads must be strongly connected.
        parameters: a record of parameters (``emergency_speed_factor``, ``call_hour_weight``).
        seed: of the run. Nothing is drawn: a town and a scenario have the same layout under every seed.

    Returns:
        Tables for ``World`` by name: ``units`` (all off duty until ``start_shifts``), ``posts``, ``routes``, and
        for searches ``nodes``, ``arcs`` and ``frontier``.

    Raises:
        ValueError: for impossible counts, shifts or profiles, or a post that some node cannot reach.
    """
    settings = scenario.response
    count = settings.posts
    if count is None:
        open_nodes = int(np.count_nonzero(town.roads.open_to_access))
        count = posts_by_default(settings.units, settings.shift_hours, len(town.administration.township_county))
        count = min(count, open_nodes)
    post_nodes = place_posts(town, count)
    posts = empty_table(POSTS, len(post_nodes))
    posts["node"] = post_nodes
    posts["community"] = np.asarray(town.administration.node_community)[post_nodes]
    starts = wished_roster(settings, parameters).start_hours
    nodes, arcs, frontier = road_tables(town, float(parameters.emergency_speed_factor))
    return {
        "units": new_units(posts, starts, settings.shift_hours),
        "posts": posts,
        "routes": ways_back(town.roads, post_nodes),
        "nodes": nodes,
        "arcs": arcs,
        "frontier": frontier,
    }


def posts_by_default(units: int, shift_hours: float, townships: int) -> int:
    """Return one post for each crew on duty on average, at least one a township, but no more than crews."""
    on_duty = math.ceil(units * shift_hours / HOURS_A_DAY)
    return max(min(units, max(on_duty, townships)), 1)


def new_units(posts: Table, start_hours: Sequence[float] | np.ndarray[Any, Any], shift_hours: float) -> Table:
    """Return crews off duty at their posts, in the order of their shift starts."""
    units = empty_table(UNITS, len(start_hours))
    units["post"] = deal_posts(len(units), len(posts))
    units["status"] = Status.OFF_DUTY
    units["node"] = posts["node"][units["post"]]
    units["call"] = NOBODY
    units["shift_start_hour"] = start_hours
    units["shift_hours"] = shift_hours
    return units


def road_tables(town: Town, speed_factor: float) -> tuple[Table, Table, Table]:
    """Return nodes, incoming arcs sorted by head with seconds at emergency speed, and the frontier of searches.

    ``speed_factor`` divides the ordinary driving seconds.

    Raises:
        ValueError: for a speed factor that is not a number above 0.
    """
    if not (math.isfinite(speed_factor) and speed_factor > 0.0):
        raise ValueError(f"emergency driving is so many times as fast as ordinary driving, not {speed_factor}")
    roads = town.roads
    order = np.lexsort((roads.tail, roads.head))
    arcs = empty_table(ARCS, len(order))
    arcs["tail"] = roads.tail[order]
    arcs["seconds"] = np.asarray(roads.seconds, dtype=np.float64)[order] / speed_factor
    arcs["metres"] = roads.metres[order]
    nodes = empty_table(NODES, len(roads))
    nodes["x_metres"] = roads.x_metres
    nodes["y_metres"] = roads.y_metres
    nodes["community"] = town.administration.node_community
    heads = np.asarray(roads.head)[order]
    nodes["first_arc"] = np.searchsorted(heads, np.arange(len(roads)), side="left")
    nodes["end_arc"] = np.searchsorted(heads, np.arange(len(roads)), side="right")
    # A search puts each arc into the frontier once at most, and the call's node; row 0 is the header.
    return nodes, arcs, empty_table(EVENT, len(arcs) + 2)


def ways_back(roads: Roads, post_nodes: Rows) -> Table:
    """Return the table of routes to posts, shape (posts, nodes), at ordinary speed.

    Raises:
        ValueError: where some node cannot reach some post.
    """
    routes = empty_table(ROUTES, len(post_nodes), len(roads))
    backwards = road_graph(roads).T.tocsr()
    for post, node in enumerate(post_nodes.tolist()):
        seconds, onward = dijkstra(backwards, indices=node, return_predecessors=True)
        if not np.isfinite(seconds).all():
            cut_off = int(np.flatnonzero(~np.isfinite(seconds))[0])
            raise ValueError(f"node {cut_off} cannot reach the post at node {node}: the roads must hang together")
        onward[node] = node
        routes["seconds"][post] = seconds
        routes["next"][post] = onward
    return routes
