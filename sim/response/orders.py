"""The standing orders of the response: what a scenario says of travel, dispatch, queue and cover, as one row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import PRIORITIES, Back, Cover, Geometry, Policy
from sim.engine.clock import MINUTE
from sim.response.pools import Pools
from sim.response.posts import halve, middle
from sim.town import Ways, driving, plane_metres
from sim.world import ORDERS, Table, empty_table

if TYPE_CHECKING:
    from sim.scenario import CoverPart, Scenario
    from sim.town import Town

POLICIES = {"nearest": Policy.NEAREST, "sector_first": Policy.SECTOR_FIRST, "preference": Policy.PREFERENCE}
BACKS = {"drive": Back.DRIVE, "at_once": Back.AT_ONCE, "stay": Back.STAY}
COVERS = {"none": Cover.NONE, "table": Cover.TABLE, "coverage": Cover.COVERAGE}
NO_LIMIT = 1 << 62
MOST_CELLS = 400  # of people, for the coverage rule
TICKS_A_MINUTE = 60_000.0


def geometry_of(scenario: Scenario, town: Town) -> Geometry:
    """Return how the times of ways are found."""
    if scenario.response.travel.none:
        return Geometry.NONE
    if town.plane is None:
        return Geometry.ROADS
    return Geometry.RIGHT_ANGLE if town.plane.metric == "right_angle" else Geometry.STRAIGHT


def minutes_by_priority(given: tuple[float | None, ...]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return days for each priority, infinite where a list of minutes says nothing."""
    days = np.full(PRIORITIES, math.inf)
    for priority, minutes in enumerate(given):
        if minutes is not None:
            days[priority] = minutes * MINUTE
    return days


def lay_orders(scenario: Scenario, town: Town, first_weekday: int) -> Table:
    """Return the row of orders, without traffic and cover tables.

    Args:
        scenario: its ``response`` is read.
        town: its plane is read, where it is one.
        first_weekday: of day 0, 0 = Monday.
    """
    response = scenario.response
    orders = empty_table(ORDERS, 1)
    row = orders[0]
    row.geometry = geometry_of(scenario, town)
    row.policy = POLICIES[response.dispatch.policy]
    row.on_the_move = response.dispatch.on_the_move
    row.redirect = response.dispatch.redirect
    row.preempt = response.dispatch.preempt
    row.travel_is_busy = response.travel.counts_as_busy
    row.back = BACKS[response.travel.back]
    row.off_road_metres_per_second = response.travel.off_road_kmh / 3.6
    row.queue_capacity = NO_LIMIT if response.queue.capacity is None else response.queue.capacity
    keep = response.dispatch.keep_free
    row.keep_free[: len(keep)] = keep
    row.patience[:] = minutes_by_priority(response.queue.renege_minutes)
    row.step_up[:] = minutes_by_priority(response.queue.step_up_minutes)
    row.cover = COVERS[response.cover.rule]
    row.longest_move = response.cover.longest_move_minutes * MINUTE
    row.first_weekday = first_weekday
    row.pace_of_hour[:] = 1.0
    if town.plane is not None:
        row.side_metres = town.plane.side_metres
        row.plane_metres_per_second = town.plane.speed_kmh / 3.6
        row.wrap = town.plane.wrap
    return orders


def lay_compliance(orders: Table, cover: CoverPart, posts: Table, pools: Pools) -> None:
    """Write the compliance table into the pools; a number of units without a line of its own takes the next smaller.

    Raises:
        ValueError: a post's number is not 1 to the number of posts.
    """
    lines = cover.table or {}
    wrong = sorted({post for line in lines.values() for post in line if not 1 <= post <= len(posts)})
    if wrong:
        raise ValueError(f"response.cover.table names posts {wrong}; there are posts 1 to {len(posts)}")
    ends: list[int] = []
    wanted: tuple[int, ...] = ()
    for free in range(max(lines, default=0) + 1):
        wanted = lines.get(free, wanted)
        ends.extend(pools.add_rows([post - 1 for post in wanted]))
    orders[0].cover_first, _ = pools.add_rows(ends)
    orders[0].cover_lines = len(ends) // 2


def lay_coverage(orders: Table, cover: CoverPart, town: Town, posts: Table, ways: Ways, pools: Pools) -> None:
    """Cut the town into cells of about equally many people, and note for each post which of them it reaches in time.

    A cell counts as reached where its middle is, at ordinary speed and without traffic.
    """
    roads = town.roads
    weight = np.asarray(town.weight, dtype=np.float64)
    nodes = np.flatnonzero((weight > 0.0) & np.asarray(roads.open_to_access, dtype=bool))
    parts = halve(nodes, min(MOST_CELLS, len(nodes)), roads.x_metres, roads.y_metres, weight)
    middles = [int(middle(part, part, roads.x_metres, roads.y_metres, weight, 1)[0]) for part in parts]
    within = cover.minutes * TICKS_A_MINUTE
    for post in range(len(posts)):
        reached = [cell for cell, node in enumerate(middles) if is_reached(town, ways, posts, post, node, within)]
        posts[post].first_cell, posts[post].end_cell = pools.add_rows(reached)
    row = orders[0]
    row.cells = len(parts)
    row.weight_first, _ = pools.add_numbers([float(weight[part].sum()) for part in parts])
    row.reach_first, _ = pools.add_numbers(np.zeros(len(parts)))


def is_reached(town: Town, ways: Ways, posts: Table, post: int, node: int, within: float) -> bool:
    """Decide whether a node is within so many ticks of a post."""
    if town.plane is not None:
        here, there = posts[post], (float(town.roads.x_metres[node]), float(town.roads.y_metres[node]))
        plane = town.plane
        metres = plane_metres(
            float(here.x_metres), float(here.y_metres), *there, plane.side_metres, plane.right_angle, plane.wrap
        )
        return metres / (town.plane.speed_kmh / 3.6) * 1000.0 <= within
    ticks, _ = driving(ways.ways, ways.out_labels, ways.in_labels, int(posts[post].node), node)
    return 0 <= ticks <= within
