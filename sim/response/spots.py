"""Hot spots found from calls: places around which many calls came in lately, none of them from the future.

Every call of the window counts for all nodes within the group's radius of its own. The node with most calls is a spot,
its neighbourhood is struck out, and so on (greedy; ties go to the lowest node): spots keep a radius apart. A spot that
is found again keeps its row, and with it the time of its last visit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind

FIRST_DAY = 1.0  # spots are first found after a day, where they are renewed more seldom


def start_spots(world: Any) -> None:
    """Plan when hot spots are first found, at the start of a run; spots at given nodes stay where they are."""
    for row in np.flatnonzero(world.groups["found"]).tolist():
        push(world.queue, min(float(world.groups[row].renew), FIRST_DAY), Kind.SPOTS_RENEWED.value, row, 0)


@rule
def on_spots_renewed(world: Any, row: int, now: float) -> None:
    """Find a group's hot spots from the calls received in its window before now, and plan when to do so again."""
    group = world.groups[row]
    count_calls(world, row, now)
    mark_spots(world, row)
    keep_spots(world, row)
    move_spots(world, row, now)
    push(world.queue, now + group.renew, Kind.SPOTS_RENEWED, row, 0)


@rule
def count_calls(world: Any, row: int, now: float) -> None:
    """Write into ``nodes.calls`` how many calls of a group's window came from within its radius."""
    group = world.groups[row]
    for node in range(len(world.nodes)):
        world.nodes[node].calls = 0.0
    call_row = world.state[0].call_rows - 1
    while call_row >= 0 and world.calls[call_row].received > now - group.window:
        where = group.first_near + world.calls[call_row].node
        for place in range(world.lists[where].row, world.lists[where + 1].row):
            world.nodes[world.lists[place].row].calls += 1.0
        call_row -= 1


@rule
def mark_spots(world: Any, row: int) -> None:
    """Turn the counts of the chosen nodes negative, and strike out those of the nodes around them."""
    group = world.groups[row]
    for _ in range(group.first_spot, group.end_spot):
        best = 0
        for node in range(len(world.nodes)):
            if world.nodes[node].calls > world.nodes[best].calls:
                best = node
        calls = world.nodes[best].calls
        if calls <= 0.0:
            return
        where = group.first_near + best
        for place in range(world.lists[where].row, world.lists[where + 1].row):
            near = world.nodes[world.lists[place].row]
            near.calls = min(near.calls, 0.0)
        world.nodes[best].calls = -calls


@rule
def keep_spots(world: Any, row: int) -> None:
    """Leave the spots that are chosen again in their rows, and free the rows of all others."""
    group = world.groups[row]
    for spot_row in range(group.first_spot, group.end_spot):
        spot = world.spots[spot_row]
        if spot.node != NOBODY and world.nodes[spot.node].calls < 0.0:
            spot.calls = -world.nodes[spot.node].calls
            world.nodes[spot.node].calls = spot.calls
        else:
            spot.node = NOBODY
            spot.bound_for = NOBODY


@rule
def move_spots(world: Any, row: int, now: float) -> None:
    """Give the chosen nodes that are no spots yet the free rows; a new spot is due for a visit."""
    group = world.groups[row]
    spot_row = int(group.first_spot)
    for node in range(len(world.nodes)):
        place = world.nodes[node]
        if place.calls < 0.0:
            while world.spots[spot_row].node != NOBODY:
                spot_row += 1
            spot = world.spots[spot_row]
            spot.node = node
            spot.x_metres = place.x_metres
            spot.y_metres = place.y_metres
            spot.visited = now - group.interval
            spot.calls = -place.calls
            place.calls = spot.calls
