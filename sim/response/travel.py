"""How units get about: on the roads along fastest ways, on a plane along lines, or in no time at all.

A unit drives a *leg*, from where it is to a node or a place of a plane. On the roads it is followed node by node, and
only when somebody asks (``advance``); ways and times come from the labels of ``sim.town.ways`` and are those of the
hour in which the leg begins. On a plane its place follows from the leg's ends and times.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Geometry, Mode, Status
from sim.engine.clock import HOURS_A_DAY, SECOND
from sim.engine.compiled import from_python, inner_rule, rule
from sim.response.walking import walk_on
from sim.town import aim, along_plane, best_hub, driving, driving_to_aim, plane_metres, step_on_way

TICK = 0.001 * SECOND  # of the labels, in days


@rule
def hour_of_week(world: Any, now: float) -> int:
    """Return the hour of the week of a moment, 0 = Monday 0:00 to 1:00."""
    day = int(now)
    hour = int((now - day) * HOURS_A_DAY)
    return int((world.orders[0].first_weekday + day) % 7 * 24 + min(hour, 23))


@rule
def speed_multiple(world: Any, row: int, emergency: bool) -> float:
    """Return how many times as fast as ordinary traffic a unit drives."""
    factor = world.groups[world.units[row].group].speed_factor
    return float(factor * world.parameters[0].emergency_speed_factor if emergency else factor)


@rule
def set_pace(world: Any, row: int, emergency: bool, now: float) -> None:
    """Let a unit drive by the traffic of the present hour: its pattern, and the days that a tick of it takes."""
    unit = world.units[row]
    hour = hour_of_week(world, now)
    unit.pattern = world.orders[0].pattern_of_hour[hour]
    unit.pace = TICK * world.orders[0].pace_of_hour[hour] / speed_multiple(world, row, emergency)


@rule
def way_row(world: Any, pattern: int, node: int) -> int:
    """Return the row of ``ways`` of a node in a traffic pattern."""
    return int(np.int64(pattern) * len(world.nodes) + node)


@rule
def ticks_between(world: Any, pattern: int, start: int, end: int) -> int:
    """Return the ticks of the fastest way between two nodes, less than 0 where there is none."""
    found = driving(
        world.ways, world.out_labels, world.in_labels, way_row(world, pattern, start), way_row(world, pattern, end)
    )
    return int(found[0])


@rule
def advance(world: Any, row: int, now: float) -> None:
    """Move a unit along its leg to where it can next turn: the first node that it reaches at or after ``now``."""
    unit = world.units[row]
    if world.orders[0].geometry != Geometry.ROADS:
        advance_on_plane(world, row, now)
        return
    if unit.status == Status.PATROLLING and unit.mode == Mode.RANDOM:
        walk_on(world, row, now)
        return
    goal = way_row(world, unit.pattern, unit.to_node)
    first = way_row(world, unit.pattern, 0)
    while unit.node_time < now and unit.node != unit.to_node:
        unit.node, unit.hub_out, unit.hub_in = step_on_way(
            world.ways, world.out_labels, world.in_labels, first, unit.node, goal, unit.hub_out, unit.hub_in
        )
        unit.node_time = unit.leg_end - ticks_left(world, row) * unit.pace


@rule
def find_hub(world: Any, row: int) -> None:
    """Find the hub of a unit's way from its node to the end of its leg."""
    unit = world.units[row]
    start, end = way_row(world, unit.pattern, unit.node), way_row(world, unit.pattern, unit.to_node)
    unit.hub_out, unit.hub_in = best_hub(world.ways, world.out_labels, world.in_labels, start, end)


@rule
def ticks_left(world: Any, row: int) -> int:
    """Return the ticks from a unit's node to the end of its leg, by way of their hub."""
    unit = world.units[row]
    return int(world.out_labels[unit.hub_out].ticks) + int(world.in_labels[unit.hub_in].ticks)


@rule
def advance_on_plane(world: Any, row: int, now: float) -> None:
    """Cut a leg on a plane where the unit is now: what is left of it becomes the leg."""
    unit = world.units[row]
    if unit.leg_end <= now:
        unit.from_x, unit.from_y = unit.to_x, unit.to_y
        unit.leg_start = unit.leg_end
    elif unit.leg_start < now:
        orders = world.orders[0]
        share = (now - unit.leg_start) / (unit.leg_end - unit.leg_start)
        bent = orders.geometry == Geometry.RIGHT_ANGLE
        unit.from_x, unit.from_y = along_plane(
            unit.from_x, unit.from_y, unit.to_x, unit.to_y, share, orders.side_metres, bent, orders.wrap
        )
        unit.leg_start = now


@rule
def stand_at(world: Any, row: int, node: int, x: float, y: float, now: float) -> None:
    """Let a unit stand at a node, or at a place of a plane."""
    unit = world.units[row]
    unit.node = node
    unit.to_node = node
    unit.node_time = now
    unit.leg_start = now
    unit.leg_end = now
    unit.from_x, unit.from_y = x, y
    unit.to_x, unit.to_y = x, y


@rule
def halt(world: Any, row: int, now: float) -> None:
    """End a unit's leg where it can next turn: at its next node, or where it is on a plane.

    One that still turns out, or comes back to the road, is there when it is done (``units.node_time``).
    """
    advance(world, row, now)
    unit = world.units[row]
    moment = unit.node_time
    if world.orders[0].geometry == Geometry.ROADS:
        place = world.nodes[unit.node]
        stand_at(world, row, unit.node, place.x_metres, place.y_metres, now)
    else:
        stand_at(world, row, unit.to_node, unit.from_x, unit.from_y, now)
    unit.node_time = max(moment, now)


@rule
def leave_place(world: Any, row: int, now: float) -> None:
    """Let a unit leave the scene of its call: it is on the road when it has gone back the metres between them."""
    unit = world.units[row]
    unit.node_time = now + off_road_days(world, world.calls[unit.call].access_metres)


@rule
def start_leg(world: Any, row: int, node: int, x: float, y: float, emergency: bool, delay: float, now: float) -> float:
    """Send a unit on its way to a node, or to a place of a plane, and return the metres of the leg.

    ``delay`` are the days before it sets out. It arrives at ``units.leg_end``. On the roads it drives on to its next
    node before it can turn. The way off the road at the end is the caller's.
    """
    halt(world, row, now)
    unit = world.units[row]
    geometry = world.orders[0].geometry
    metres = 0.0
    unit.leg_start = max(unit.node_time, now + delay)
    unit.to_x, unit.to_y, unit.to_node = x, y, node
    if geometry == Geometry.ROADS:
        set_pace(world, row, emergency, now)
        find_hub(world, row)
        out, into = world.out_labels[unit.hub_out], world.in_labels[unit.hub_in]
        metres = np.float64(out.metres) + np.float64(into.metres)
        unit.leg_end = unit.leg_start + ticks_left(world, row) * unit.pace
    elif geometry == Geometry.NONE:
        unit.leg_end = unit.leg_start
    else:
        metres = line_metres(world, unit.from_x, unit.from_y, x, y)
        unit.leg_end = unit.leg_start + line_days(world, row, metres, emergency, pace_now(world, now))
    unit.node_time = unit.leg_start
    return metres


@rule
def line_metres(world: Any, x: float, y: float, to_x: float, to_y: float) -> float:
    """Return the metres between two places of a plane."""
    orders = world.orders[0]
    bent = orders.geometry == Geometry.RIGHT_ANGLE
    return float(plane_metres(x, y, to_x, to_y, orders.side_metres, bent, orders.wrap))


@rule
def pace_now(world: Any, now: float) -> float:
    """Return how many times as long as ordinarily ways take by the traffic of the present hour."""
    return float(world.orders[0].pace_of_hour[hour_of_week(world, now)])


@rule
def line_days(world: Any, row: int, metres: float, emergency: bool, slower: float) -> float:
    """Return the days that a unit needs for some metres of a plane; ``slower`` is the pace of the hour."""
    speed = world.orders[0].plane_metres_per_second * speed_multiple(world, row, emergency)
    return float(metres * slower / speed * SECOND)


@rule
def off_road_days(world: Any, metres: float) -> float:
    """Return the days that the last metres between the road and a place take, there or back."""
    if world.orders[0].geometry == Geometry.NONE or metres == 0.0:
        return 0.0
    return float(metres / world.orders[0].off_road_metres_per_second * SECOND)


@inner_rule
def turn_out_days(world: Any, row: int, now: float) -> float:
    """Return the days until a unit can set out.

    A crew at its post, or one that is turning out, takes its time. One that has left the road, or is at a place off it,
    has to come back first, in the time that it took to get there.
    """
    unit = world.units[row]
    if unit.status == Status.AT_POST:
        return float(world.parameters[0].turn_out_seconds * SECOND + world.groups[unit.group].aid_delay)
    if unit.status == Status.TO_SCENE:
        return float(max(unit.leg_start - now, now - unit.leg_end, 0.0))
    if unit.status == Status.ON_SCENE and unit.call != NOBODY:
        return off_road_days(world, world.calls[unit.call].access_metres)
    return 0.0


@inner_rule
def least_days(world: Any, row: int, x: float, y: float, emergency: bool, slower: float, now: float) -> float:
    """Return days within which a unit cannot be at a place: the straight line at the fastest speed there is.

    ``slower`` is the pace of the hour. On a plane, and where ways take no time, this is the time itself. A unit on the
    road is looked at where it was last seen, and may have come nearer since.
    """
    if world.orders[0].geometry != Geometry.ROADS:
        return days_along_line(world, row, x, y, emergency, slower, now)
    unit = world.units[row]
    place = world.nodes[unit.node]
    metres = math.hypot(place.x_metres - x, place.y_metres - y)
    fastest = world.orders[0].metres_per_second * speed_multiple(world, row, emergency)
    ahead = now - unit.node_time  # more than 0: it may have driven on since; less: it is still on its way there
    if unit.status in (Status.RETURNING, Status.PATROLLING, Status.TO_SCENE):
        metres -= max(ahead, 0.0) / SECOND * fastest
    delay = turn_out_days(world, row, now)
    return float(max(delay, -min(ahead, 0.0)) + max(metres, 0.0) / fastest * SECOND)


@inner_rule
def days_along_line(world: Any, row: int, x: float, y: float, emergency: bool, slower: float, now: float) -> float:
    """Return the days until a unit sent now would be at a place of a plane, or where ways take no time."""
    unit = world.units[row]
    delay = max(turn_out_days(world, row, now), unit.node_time - now)
    if world.orders[0].geometry == Geometry.NONE:
        return delay
    if unit.leg_start < unit.leg_end:  # it drives, or has just arrived
        advance_on_plane(world, row, now)
    metres = line_metres(world, unit.from_x, unit.from_y, x, y)
    return delay + line_days(world, row, metres, emergency, slower)


@rule
def days_to(world: Any, row: int, node: int, x: float, y: float, emergency: bool, now: float) -> float:
    """Return the days until a unit sent now would be at a node, or at a place of a plane; infinite without a way.

    On the roads the labels of the node must have been aimed at (``aim_at``) at the present hour.
    """
    slower = pace_now(world, now)
    if world.orders[0].geometry != Geometry.ROADS:
        return days_along_line(world, row, x, y, emergency, slower, now)
    advance(world, row, now)
    unit = world.units[row]
    pattern = world.orders[0].pattern_of_hour[hour_of_week(world, now)]
    ticks, _ = driving_to_aim(world.ways, world.out_labels, way_row(world, pattern, unit.node), world.aim)
    if ticks < 0:
        return math.inf
    pace = TICK * slower / speed_multiple(world, row, emergency)
    return float(max(turn_out_days(world, row, now), unit.node_time - now) + ticks * pace)


@rule
def aim_at(world: Any, node: int, now: float) -> None:
    """Prepare ``days_to`` for a node at the present hour."""
    if world.orders[0].geometry == Geometry.ROADS:
        pattern = world.orders[0].pattern_of_hour[hour_of_week(world, now)]
        aim(world.ways, world.in_labels, way_row(world, pattern, node), world.aim)


def find_hubs(world: Any) -> None:
    """Find the hubs of the ways of all units that are under way anew, in a world read from a file.

    A file could name others, from which no way leads on. Nothing follows the hub of a unit that stands.
    """
    if world.orders[0].geometry == Geometry.ROADS:
        units = world.units
        for row in np.flatnonzero((units["hub_out"] != NOBODY) & (units["node"] != units["to_node"])).tolist():
            from_python(find_hub)(world, row)
