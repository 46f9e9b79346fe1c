"""Closing rings after an alarm: which unit goes to which check point, how long it stays.

Rings are closed in turn. Within a ring the points come in the order in which the fleeing could be there, and each gets
the free unit that arrives first; units on calls are left there. Nobody knows which way the fleeing take. Every ring is
closed as far as units go, in time or not, unless orders leave out points that the fleeing can have passed before a unit
is there; they are then thought to drive as others do.

A containment counts as a call of priority 0 when it comes to which units may be sent; help from across a border is not
asked for.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, RING_KINDS, Status
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.response.cover import cover_bare_posts
from sim.response.ledger import change_status, is_free
from sim.response.stops import leave_patrol
from sim.response.travel import aim_at, days_to, stand_at, start_leg, ticks_between, turn_out_days
from sim.response.units import becomes_free

NO_WAY_TICKS = 2**62  # points that cannot be reached come last


@rule
def has_point(world: Any, ring: int, node: int) -> bool:
    """Decide whether a ring has a check point at a node (a search by halving); a ring that is NOBODY has none."""
    if ring == NOBODY:
        return False
    low, high = world.rings[ring].first_point, world.rings[ring].end_point
    while low < high:
        middle = (low + high) // 2
        if world.ring_points[middle].node < node:
            low = middle + 1
        else:
            high = middle
    return bool(low < world.rings[ring].end_point and world.ring_points[low].node == node)


@rule
def on_alarm(world: Any, row: int, now: float) -> None:
    """Send units to the rings around a flight in turn, until there are no more units or no more points."""
    order = world.containment[0]
    left = order.units
    for place in range(RING_KINDS):
        kind = order.turn[place]
        if kind != NOBODY and world.flights[row].ring[kind] != NOBODY:
            left = man_ring(world, row, world.flights[row].ring[kind], left, now)
    if left < order.units:
        cover_bare_posts(world, now)


@rule
def man_ring(world: Any, row: int, ring: int, left: int, now: float) -> int:
    """Send units, at most ``left``, to the points of a ring that have none yet; return how many may still be sent."""
    time_points(world, row, ring)
    point = next_point(world, ring, NOBODY)
    while point != NOBODY and left > 0:
        node = world.ring_points[point].node
        if not is_posted(world, row, node):
            unit = first_to_arrive(world, node, now)
            if unit != NOBODY and (not world.containment[0].in_time_only or is_in_time(world, unit, row, point, now)):
                send_to_point(world, unit, row, node, now)
                left -= 1
        point = next_point(world, ring, point)
    return left


@rule
def time_points(world: Any, row: int, ring: int) -> None:
    """Work out for each point of a ring how long the fleeing need from the scene to there."""
    flight = world.flights[row]
    for point in range(world.rings[ring].first_point, world.rings[ring].end_point):
        ticks = ticks_between(world, flight.pattern, flight.scene, world.ring_points[point].node)
        world.ring_points[point].ticks = ticks if ticks >= 0 else NO_WAY_TICKS


@rule
def next_point(world: Any, ring: int, last: int) -> int:
    """Return the point of a ring that the fleeing can reach next after ``last`` (NOBODY: at all), or NOBODY."""
    chosen = NOBODY
    for point in range(world.rings[ring].first_point, world.rings[ring].end_point):
        if (last == NOBODY or is_sooner(world, last, point)) and (chosen == NOBODY or is_sooner(world, point, chosen)):
            chosen = point
    return chosen


@rule
def is_sooner(world: Any, point: int, other: int) -> bool:
    """Decide whether the fleeing can reach one point before another; of two at once the lower row counts as sooner."""
    mine, theirs = world.ring_points[point].ticks, world.ring_points[other].ticks
    return bool(mine < theirs or (mine == theirs and point < other))


@rule
def is_posted(world: Any, row: int, node: int) -> bool:
    """Decide whether a unit of a flight's containment holds a point or is on its way there."""
    for unit in range(len(world.units)):
        if world.units[unit].flight == row and world.units[unit].check_point == node:
            return True
    return False


@rule
def may_join(world: Any, unit_row: int, node: int) -> bool:
    """Decide whether a unit can be sent to a check point: one that is free for calls of priority 0 there, no aid."""
    unit = world.units[unit_row]
    group = world.groups[unit.group]
    if group.aid or (np.int64(group.priorities) & 1) == 0:
        return False
    if group.own_sector_only and unit.sector != world.nodes[node].sector:
        return False
    return is_free(world, unit_row)


@rule
def first_to_arrive(world: Any, node: int, now: float) -> int:
    """Return the unit that would be at a check point first if sent now, of several the lowest row, or NOBODY."""
    aim_at(world, node, now)
    place = world.nodes[node]
    chosen = NOBODY
    least = math.inf
    for unit in range(len(world.units)):
        if may_join(world, unit, node):
            days = days_to(world, unit, node, place.x_metres, place.y_metres, True, now)
            if days < least:
                chosen, least = unit, days
    return chosen


@rule
def is_in_time(world: Any, unit: int, row: int, point: int, now: float) -> bool:
    """Decide whether a unit can be at a point before the fleeing, if these drive as others do at that hour.

    The labels of the point must have been aimed at.
    """
    flight = world.flights[row]
    node = world.ring_points[point].node
    place = world.nodes[node]
    ordinary = flight.pace * world.containment[0].speed_factor
    reached = flight.start + world.ring_points[point].ticks * ordinary
    return bool(now + days_to(world, unit, node, place.x_metres, place.y_metres, True, now) <= reached)


@rule
def send_to_point(world: Any, unit_row: int, row: int, node: int, now: float) -> None:
    """Send a unit to a check point; whatever it had planned is void."""
    unit = world.units[unit_row]
    place = world.nodes[node]
    delay = turn_out_days(world, unit_row, now)
    leave_patrol(world, unit_row, now)
    unit.version += 1
    start_leg(world, unit_row, node, place.x_metres, place.y_metres, True, delay, now)
    change_status(world, unit_row, Status.TO_RING.value, now)
    unit.flight = row
    unit.check_point = node
    world.flights[row].units += 1
    push(world.queue, unit.leg_end, Kind.RING_REACHED, unit_row, unit.version)


@rule
def on_ring_reached(world: Any, unit_row: int, now: float) -> None:
    """Close the point that a unit has come to; note the moment at which its ring is wholly closed."""
    unit = world.units[unit_row]
    flight = world.flights[unit.flight]
    flight.unit_days += now - unit.since
    place = world.nodes[unit.check_point]
    stand_at(world, unit_row, unit.check_point, place.x_metres, place.y_metres, now)
    change_status(world, unit_row, Status.AT_RING.value, now)
    for kind in range(RING_KINDS):
        if has_point(world, flight.ring[kind], unit.check_point):
            ring = world.rings[flight.ring[kind]]
            flight.held[kind] += 1
            if flight.held[kind] == ring.end_point - ring.first_point and math.isnan(flight.closed[kind]):
                flight.closed[kind] = now
    push(world.queue, now + world.containment[0].hold, Kind.RING_LEFT, unit_row, unit.version)


@rule
def on_ring_left(world: Any, unit_row: int, now: float) -> None:
    """Release a unit from a containment, on the way to its point or at it, and let it see what is next."""
    unit = world.units[unit_row]
    flight = world.flights[unit.flight]
    flight.unit_days += now - unit.since
    if unit.status == Status.AT_RING:
        for kind in range(RING_KINDS):
            if has_point(world, flight.ring[kind], unit.check_point):
                flight.held[kind] -= 1
    unit.version += 1
    unit.flight = NOBODY
    unit.check_point = NOBODY
    becomes_free(world, unit_row, now)


@rule
def release_all(world: Any, row: int, now: float) -> None:
    """Release every unit of a flight's containment."""
    for unit_row in range(len(world.units)):
        if world.units[unit_row].flight == row:
            on_ring_left(world, unit_row, now)
