"""Cover moves: free units that stand at posts move to posts that are bare (move-up).

Two rules. A compliance table says for each number of free units which posts are to be manned. The coverage rule knows
for each post the people within some minutes of it: a unit moves to the bare post that adds more people within reach of
a free unit than its own post loses, as long as one does. A unit goes home after its next call.
"""

from __future__ import annotations

import math
from typing import Any

from sim.codes import NOBODY, Cover, Mode, Status
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.response.ledger import change_status
from sim.response.travel import aim_at, days_to, start_leg, turn_out_days


@rule
def covers(world: Any, row: int) -> bool:
    """Decide whether a unit mans its post, or will soon: free, at a post or on its way to one."""
    unit = world.units[row]
    stands = unit.status in (Status.AT_POST, Status.RETURNING)
    return bool(stands and unit.mode == Mode.AT_POST and not unit.on_duty_at and not world.groups[unit.group].aid)


@rule
def cover_bare_posts(world: Any, now: float) -> None:
    """Move free units to bare posts as the rule in force says."""
    rule_in_force = world.orders[0].cover
    if rule_in_force == Cover.TABLE:
        comply(world, now)
    elif rule_in_force == Cover.COVERAGE:
        while close_largest_gap(world, now):
            pass


@rule
def move_to_post(world: Any, row: int, post: int, now: float) -> None:
    """Let a free unit drive to another post at ordinary speed; it can be sent to a call on the way."""
    unit = world.units[row]
    place = world.posts[post]
    delay = turn_out_days(world, row, now)
    unit.post = post
    unit.version += 1
    start_leg(world, row, place.node, place.x_metres, place.y_metres, False, delay, now)
    change_status(world, row, Status.RETURNING.value, now)
    push(world.queue, unit.leg_end, Kind.UNIT_AT_POST, row, unit.version)


@rule
def count_covering(world: Any, post: int) -> int:
    """Return how many free units man a post or are on their way to it."""
    count = 0
    for row in range(len(world.units)):
        if world.units[row].post == post and covers(world, row):
            count += 1
    return count


@rule
def comply(world: Any, now: float) -> None:
    """Man the posts that the compliance table wants for the present number of free units."""
    free = 0
    for row in range(len(world.units)):
        if covers(world, row):
            free += 1
    orders = world.orders[0]
    line = orders.cover_first + 2 * min(free, orders.cover_lines - 1)
    first, end = world.lists[line].row, world.lists[line + 1].row
    for place in range(first, end):
        post = world.lists[place].row
        if count_covering(world, post) == 0:
            row = nearest_spare(world, post, first, end, now)
            if row != NOBODY:
                move_to_post(world, row, post, now)


@rule
def is_spare(world: Any, row: int, first: int, end: int) -> bool:
    """Decide whether a unit's post is not wanted by the table's line, or has another unit."""
    post = world.units[row].post
    for place in range(first, end):
        if world.lists[place].row == post:
            return bool(count_covering(world, post) > 1)
    return True


@rule
def nearest_spare(world: Any, post: int, first: int, end: int, now: float) -> int:
    """Return the unit to spare that would be at a post first, within the longest move, or NOBODY."""
    place = world.posts[post]
    aim_at(world, place.node, now)
    best = NOBODY
    least = world.orders[0].longest_move
    for row in range(len(world.units)):
        if covers(world, row) and is_spare(world, row, first, end):
            days = days_to(world, row, place.node, place.x_metres, place.y_metres, False, now)
            if days < least or (best == NOBODY and days <= least):
                best, least = row, days
    return best


@rule
def count_reach(world: Any) -> None:
    """Count for each cell of people the free units that are within reach of it."""
    orders = world.orders[0]
    for cell in range(orders.cells):
        world.numbers[orders.reach_first + cell].value = 0.0
    for row in range(len(world.units)):
        if covers(world, row):
            add_reach(world, world.units[row].post, 1.0)


@rule
def add_reach(world: Any, post: int, change: float) -> None:
    """Add to the count of the cells within reach of a post."""
    for place in range(world.posts[post].first_cell, world.posts[post].end_cell):
        world.numbers[world.orders[0].reach_first + world.lists[place].row].value += change


@rule
def people_reached_by(world: Any, post: int, others: float) -> float:
    """Return the people within reach of a post whose cells exactly ``others`` free units reach."""
    orders = world.orders[0]
    people = 0.0
    for place in range(world.posts[post].first_cell, world.posts[post].end_cell):
        cell = world.lists[place].row
        if world.numbers[orders.reach_first + cell].value == others:
            people += world.numbers[orders.weight_first + cell].value
    return people


@rule
def close_largest_gap(world: Any, now: float) -> bool:
    """Move the one unit whose move brings most additional people within reach; say whether one was moved."""
    count_reach(world)
    best_gain = 1e-9
    best_unit = NOBODY
    best_post = NOBODY
    for row in range(len(world.units)):
        if not covers(world, row):
            continue
        old = world.units[row].post
        add_reach(world, old, -1.0)
        loss = people_reached_by(world, old, 0.0)
        for post in range(len(world.posts)):
            gain = people_reached_by(world, post, 0.0) - loss
            if gain > best_gain and days_of_move(world, row, post, now) <= world.orders[0].longest_move:
                best_gain, best_unit, best_post = gain, row, post
        add_reach(world, old, 1.0)
    if best_unit == NOBODY:
        return False
    move_to_post(world, best_unit, best_post, now)
    return True


@rule
def days_of_move(world: Any, row: int, post: int, now: float) -> float:
    """Return the days that a unit would need to another post at ordinary speed; infinite to a neighbour's."""
    place = world.posts[post]
    if world.groups[place.group].aid:
        return math.inf
    aim_at(world, place.node, now)
    return float(days_to(world, row, place.node, place.x_metres, place.y_metres, False, now))
