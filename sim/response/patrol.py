"""Patrol: what a unit does while it has no call, by the mode of its group.

- at post: it stands at its post, or drives back there;
- random: it drives at random, on the roads arc by arc (``walking``), on a plane from place to place;
- beat: it drives a closed round through its post, again and again;
- hot spots: it drives from spot to spot and stops at each.

Units on patrol are free: driving they are PATROLLING, at a stop DWELLING. A unit that was called away goes on where
its mode says: with its beat at the stop it was bound for, with its round at the spot that waits longest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import NOBODY, Back, Geometry, Mode, Status
from sim.engine.compiled import from_python, rule
from sim.engine.draws import uniform_pair
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose
from sim.response.dispatch import serve_at_post
from sim.response.leaving import has_no_task
from sim.response.ledger import change_status
from sim.response.stops import leave_patrol, pass_by
from sim.response.travel import aim_at, days_to, halt, stand_at, start_leg
from sim.response.walking import take_turn
from sim.town import is_presence_felt

if TYPE_CHECKING:
    from sim.scenario import Scenario


@rule
def go_idle(world: Any, row: int, now: float) -> None:
    """Let a unit that is on shift and has nothing to do go to its duty, its post or its patrol."""
    unit = world.units[row]
    unit.version += 1  # a way back or a stop of before is void
    if unit.on_duty_at:
        go_to_duty(world, row, now)
    elif unit.mode == Mode.RANDOM:
        drive_at_random(world, row, now)
    elif unit.mode == Mode.BEAT:
        drive_beat(world, row, now)
    elif unit.mode == Mode.HOT_SPOTS:
        go_round(world, row, now)
    else:
        go_to_post(world, row, now)


@rule
def on_patrol_moves(world: Any, row: int, now: float) -> None:
    """Let a unit do the next thing of its patrol: it has come to a place, or a stop is over."""
    unit = world.units[row]
    if unit.on_duty_at:
        halt(world, row, now)
        change_status(world, row, Status.AT_POST.value, now)
        serve_at_post(world, row, now)
    elif unit.status == Status.PATROLLING and unit.mode == Mode.HOT_SPOTS:
        begin_stop(world, row, now)
    elif unit.status == Status.PATROLLING and unit.mode == Mode.RANDOM and world.orders[0].geometry == Geometry.ROADS:
        pass_by(world, row, now)
        take_turn(world, row)
        push(world.queue, unit.node_time, Kind.PATROL_MOVES, row, unit.version)
    elif unit.status == Status.PATROLLING and unit.mode == Mode.BEAT:
        halt(world, row, now)
        pass_by(world, row, now)
        go_idle(world, row, now)
    else:
        if unit.status == Status.DWELLING:
            end_stop(world, row, now)
        go_idle(world, row, now)


@rule
def change_mode(world: Any, row: int, mode: int, now: float) -> None:
    """Let a unit patrol in another mode from now on, or from when it next has nothing to do."""
    unit = world.units[row]
    idle = unit.on_shift and has_no_task(world, row)
    if idle:
        leave_patrol(world, row, now)
        halt(world, row, now)
    unit.mode = mode
    unit.goal = NOBODY
    if idle:
        go_idle(world, row, now)


def set_modes(world: Any, scenario: Scenario, modes: Mapping[str, Mode], now: float) -> None:
    """Let the crews of each group, by name, patrol in a mode from ``now`` on; where it is theirs already, they go on.

    The queue must have room for two more events a crew.
    """
    for number, group in enumerate(scenario.response.all_groups()):
        row, mode = world.groups[number], modes[group.name]
        if row.mode != mode:
            row.mode = mode
            for unit in np.flatnonzero(world.units["group"] == number).tolist():
                from_python(change_mode)(world, unit, mode.value, now)


# --- standing ------------------------------------------------------------------------------------------------------


@rule
def stands_at(world: Any, row: int, node: int, x: float, y: float, now: float) -> bool:
    """Decide whether a unit is at a place and not on its way."""
    unit = world.units[row]
    if unit.node_time > now:
        return False
    if world.orders[0].geometry == Geometry.ROADS:
        return bool(unit.node == node and unit.to_node == node)
    return bool(unit.to_x == x and unit.to_y == y and unit.leg_end <= now)


@rule
def go_to_post(world: Any, row: int, now: float) -> None:
    """Let a unit stand at its post: it drives there, is there at once, or stays where it is, as orders say.

    After anything else than standing at a post it goes home, also where it covered another post before.
    """
    unit = world.units[row]
    back = world.orders[0].back
    post = world.posts[unit.post]
    there = stands_at(world, row, post.node, post.x_metres, post.y_metres, now)
    if unit.status == Status.AT_POST and (there or back == Back.STAY):
        return
    unit.post = unit.home_post
    post = world.posts[unit.post]
    if back == Back.STAY:
        halt(world, row, now)
        change_status(world, row, Status.AT_POST.value, now)
    elif (
        back == Back.AT_ONCE
        or world.orders[0].geometry == Geometry.NONE
        or stands_at(world, row, post.node, post.x_metres, post.y_metres, now)
    ):
        stand_at(world, row, post.node, post.x_metres, post.y_metres, now)
        change_status(world, row, Status.AT_POST.value, now)
    else:
        start_leg(world, row, post.node, post.x_metres, post.y_metres, False, 0.0, now)
        change_status(world, row, Status.RETURNING.value, now)
        push(world.queue, unit.leg_end, Kind.UNIT_AT_POST, row, unit.version)


@rule
def go_to_duty(world: Any, row: int, now: float) -> None:
    """Let a unit drive to the place of its duty and stand there."""
    unit = world.units[row]
    place = world.nodes[unit.duty_node]
    if unit.status == Status.AT_POST and stands_at(world, row, unit.duty_node, place.x_metres, place.y_metres, now):
        return
    leave_patrol(world, row, now)
    start_leg(world, row, unit.duty_node, place.x_metres, place.y_metres, False, 0.0, now)
    change_status(world, row, Status.RETURNING.value, now)
    push(world.queue, unit.leg_end, Kind.PATROL_MOVES, row, unit.version)


# --- driving at random, and beats ----------------------------------------------------------------------------------


@rule
def drive_at_random(world: Any, row: int, now: float) -> None:
    """Let a unit drive at random: from its node along the roads, or to a place of the plane drawn evenly.

    On the roads nothing is planned, unless presence is felt at every node on the way. Where no way leads anywhere, it
    goes to its post.
    """
    unit = world.units[row]
    orders = world.orders[0]
    if orders.geometry == Geometry.ROADS:
        place = world.nodes[unit.node]
        if place.first_arc == place.end_arc:
            go_to_post(world, row, now)
            return
        halt(world, row, now)
        change_status(world, row, Status.PATROLLING.value, now)
        if is_presence_felt(world):
            push(world.queue, unit.node_time, Kind.PATROL_MOVES, row, unit.version)
    elif orders.geometry == Geometry.NONE or orders.side_metres <= 0.0:
        go_to_post(world, row, now)
    else:
        x, y = uniform_pair(world.state[0].seed, Purpose.PATROL_TURN, row, unit.patrol_moves)
        unit.patrol_moves += 1
        start_leg(world, row, unit.to_node, x * orders.side_metres, y * orders.side_metres, False, 0.0, now)
        change_status(world, row, Status.PATROLLING.value, now)
        push(world.queue, unit.leg_end, Kind.PATROL_MOVES, row, unit.version)


@rule
def drive_beat(world: Any, row: int, now: float) -> None:
    """Let a unit drive to the next stop of its beat, which it only passes."""
    unit = world.units[row]
    post = world.posts[unit.home_post]
    if post.end_stop - post.first_stop < 2 or world.orders[0].geometry == Geometry.NONE:
        go_to_post(world, row, now)
        return
    if not post.first_stop <= unit.goal < post.end_stop:
        unit.goal = post.first_stop
    node = world.lists[unit.goal].row
    if stands_at(world, row, node, world.nodes[node].x_metres, world.nodes[node].y_metres, now):
        unit.goal = unit.goal + 1 if unit.goal + 1 < post.end_stop else post.first_stop
        node = world.lists[unit.goal].row
    place = world.nodes[node]
    start_leg(world, row, node, place.x_metres, place.y_metres, False, 0.0, now)
    change_status(world, row, Status.PATROLLING.value, now)
    push(world.queue, unit.leg_end, Kind.PATROL_MOVES, row, unit.version)


# --- rounds of hot spots -------------------------------------------------------------------------------------------


@rule
def go_round(world: Any, row: int, now: float) -> None:
    """Let a unit drive to the hot spot that is next, or wait at its post for one that nobody else has taken."""
    unit = world.units[row]
    spot_row = next_spot(world, row, now)
    unit.goal = spot_row
    if spot_row == NOBODY:
        go_to_post(world, row, now)
        push(world.queue, now + world.groups[unit.group].dwell, Kind.PATROL_MOVES, row, unit.version)
        return
    spot = world.spots[spot_row]
    spot.bound_for = row
    start_leg(world, row, spot.node, spot.x_metres, spot.y_metres, False, 0.0, now)
    change_status(world, row, Status.PATROLLING.value, now)
    push(world.queue, unit.leg_end, Kind.PATROL_MOVES, row, unit.version)


@rule
def is_taken(world: Any, spot_row: int, row: int) -> bool:
    """Decide whether another unit is on its way to a spot, or stops there."""
    other = world.spots[spot_row].bound_for
    if other in (NOBODY, row):
        return False
    unit = world.units[other]
    return bool(unit.status in (Status.PATROLLING, Status.DWELLING) and unit.goal == spot_row)


@rule
def next_spot(world: Any, row: int, now: float) -> int:
    """Return the spot of a unit's group that it visits next, or NOBODY where all are taken.

    The spot with the most time since its last stop for each day that a stop costs, the way included; spots whose time
    exceeds the interval aimed at come before all others. Ties go to the lowest row.
    """
    group = world.groups[world.units[row].group]
    best = NOBODY
    best_claim = -math.inf
    best_late = False
    for spot_row in range(group.first_spot, group.end_spot):
        spot = world.spots[spot_row]
        if spot.node == NOBODY or is_taken(world, spot_row, row):
            continue
        waiting = now - spot.visited
        late = waiting > group.interval
        if best_late and not late:
            continue
        aim_at(world, spot.node, now)
        way = days_to(world, row, spot.node, spot.x_metres, spot.y_metres, False, now)
        claim = waiting / (way + group.dwell)
        if (late and not best_late) or claim > best_claim:
            best, best_claim, best_late = spot_row, claim, late
    return best


@rule
def begin_stop(world: Any, row: int, now: float) -> None:
    """Let a unit that has come to its hot spot stop there for as long as its group does."""
    unit = world.units[row]
    halt(world, row, now)
    change_status(world, row, Status.DWELLING.value, now)
    push(world.queue, now + world.groups[unit.group].dwell, Kind.PATROL_MOVES, row, unit.version)


@rule
def end_stop(world: Any, row: int, now: float) -> None:
    """Note a visit that was not cut short; a spot that was moved meanwhile has had none."""
    unit = world.units[row]
    if unit.goal != NOBODY and world.spots[unit.goal].bound_for == row:
        world.spots[unit.goal].visited = now
        world.spots[unit.goal].visits += 1
    leave_patrol(world, row, now)
