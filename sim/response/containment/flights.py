"""Flights from a scene: the fleeing drive the fastest way to an exit of the map, past check points that may be closed.

All flights of the calendar are drawn before the run, so they are the same whatever the police do. The fleeing do not
turn round before a closed point. Whoever is stopped at one is caught; who is let through drives on, and whether that
happens is drawn at the address (flight, node), which no order of events can change. That somebody has left the map is
not known to the police: units go on closing and holding points.
"""

from __future__ import annotations

import math
from typing import Any

from sim.codes import NOBODY, RING_KINDS, FlightEnd, Status
from sim.engine.compiled import rule
from sim.engine.draws import uniform
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose
from sim.response.containment.closing import has_point, release_all
from sim.response.travel import TICK, hour_of_week, ticks_between, way_row
from sim.town import next_on_way


@rule
def next_flight(world: Any, row: int) -> None:
    """Put a flight's start into the queue, if there is such a flight."""
    if row < len(world.flights):
        push(world.queue, world.flights[row].start, Kind.FLIGHT_STARTS, row, 0)


@rule
def on_flight_starts(world: Any, row: int, now: float) -> None:
    """Let somebody flee from a scene, and the alarm follow; they drive by the traffic of the hour."""
    next_flight(world, row + 1)
    flight = world.flights[row]
    hour = hour_of_week(world, now)
    flight.pattern = world.orders[0].pattern_of_hour[hour]
    flight.pace = TICK * world.orders[0].pace_of_hour[hour] / world.containment[0].speed_factor
    ticks = ticks_between(world, flight.pattern, flight.scene, flight.exit)
    flight.leaves = now + ticks * flight.pace if ticks >= 0 else math.inf
    push(world.queue, flight.alarm, Kind.ALARM, row, 0)
    if ticks >= 0:
        drive_on(world, row, flight.scene)


@rule
def drive_on(world: Any, row: int, node: int) -> None:
    """Let the fleeing, who are at ``node``, drive to the next check point on their way, or else to the exit."""
    flight = world.flights[row]
    goal = way_row(world, flight.pattern, flight.exit)
    while node != flight.exit:
        here = way_row(world, flight.pattern, node)
        node = next_on_way(world.ways, world.out_labels, world.in_labels, here, goal)
        if is_check_point(world, row, node):
            break
    flight.at_node = node
    left = ticks_between(world, flight.pattern, node, flight.exit)
    push(world.queue, flight.leaves - left * flight.pace, Kind.FLIGHT_CROSSES, row, 0)


@rule
def is_check_point(world: Any, row: int, node: int) -> bool:
    """Decide whether a node belongs to a ring around a flight."""
    flight = world.flights[row]
    for kind in range(RING_KINDS):  # noqa: SIM110 - compiled
        if has_point(world, flight.ring[kind], node):
            return True
    return False


@rule
def on_flight_crosses(world: Any, row: int, now: float) -> None:
    """Bring the fleeing to a check point, where they may be stopped, or out of the map."""
    flight = world.flights[row]
    for kind in range(RING_KINDS):
        if math.isnan(flight.reached[kind]) and has_point(world, flight.ring[kind], flight.at_node):
            flight.reached[kind] = now
    if is_closed(world, row, flight.at_node) and is_stopped(world, row, flight.at_node):
        flight.ended = now
        flight.end = FlightEnd.CAUGHT
        flight.caught_at = first_ring_at(world, row, flight.at_node)
        release_all(world, row, now)
    elif flight.at_node == flight.exit:
        flight.ended = now
        flight.end = FlightEnd.ESCAPED
    else:
        drive_on(world, row, flight.at_node)


@rule
def is_closed(world: Any, row: int, node: int) -> bool:
    """Decide whether a unit holds a check point for a flight's containment."""
    for unit_row in range(len(world.units)):
        unit = world.units[unit_row]
        if unit.flight == row and unit.check_point == node and unit.status == Status.AT_RING:
            return True
    return False


@rule
def is_stopped(world: Any, row: int, node: int) -> bool:
    """Decide whether the fleeing are stopped at a closed point."""
    draw = uniform(world.state[0].seed, Purpose.FLIGHT_STOPPED, row, node)
    return bool(draw < world.containment[0].stop_probability)


@rule
def first_ring_at(world: Any, row: int, node: int) -> int:
    """Return the kind of the first ring, in the order of closing, that has a point at a node."""
    for place in range(RING_KINDS):
        kind = world.containment[0].turn[place]
        if kind != NOBODY and has_point(world, world.flights[row].ring[kind], node):
            return int(kind)
    return NOBODY
