"""The response side of a new world: posts, crews with their shifts, and the road tables that dispatch searches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim.codes import NOBODY, Status
from sim.engine.queue import EVENT
from sim.response.posts import deal_posts, place_posts
from sim.response.timing import ResponseSettings, wished_roster
from sim.scenario import default_posts
from sim.town import incoming_arcs, route_table
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
        count = default_posts(settings.units, settings.shift_hours, len(town.administration.township_county))
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
    incoming = incoming_arcs(town.roads, speed_factor)
    arcs = empty_table(ARCS, len(incoming.tail))
    arcs["tail"], arcs["seconds"], arcs["metres"] = incoming.tail, incoming.seconds, incoming.metres
    nodes = empty_table(NODES, len(town.roads))
    nodes["x_metres"], nodes["y_metres"] = town.roads.x_metres, town.roads.y_metres
    nodes["community"] = town.administration.node_community
    nodes["first_arc"], nodes["end_arc"] = incoming.first, incoming.end
    # A search puts each arc into the frontier once at most, and the call's node; row 0 is the header.
    return nodes, arcs, empty_table(EVENT, len(arcs) + 2)


def ways_back(roads: Roads, post_nodes: Rows) -> Table:
    """Return the table of routes to posts, shape (posts, nodes), at ordinary speed.

    Raises:
        ValueError: where some node cannot reach some post.
    """
    ways = route_table(roads, post_nodes.tolist())
    if not np.isfinite(ways.seconds).all():
        post, node = np.argwhere(~np.isfinite(ways.seconds))[0]
        raise ValueError(f"node {node} cannot reach the post at node {post_nodes[post]}: the roads must hang together")
    routes = empty_table(ROUTES, len(post_nodes), len(roads))
    routes["seconds"], routes["next"] = ways.seconds, ways.next
    return routes
