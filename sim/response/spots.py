"""Hot spots found from calls: places around which many calls came in lately, none of them from the future.

Every call of the window counts for all nodes within the group's radius of its own. The node with most calls is a spot,
and so on (greedy; ties go to the lowest node): spots keep more than a radius apart, and no call counts for two. A spot
that is found again keeps its row, and with it the time of its last visit.
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
    """Write into the nodes how many calls of a group's window came from each, and from within its radius of each."""
    group = world.groups[row]
    for node in range(len(world.nodes)):
        world.nodes[node].calls = 0.0
        world.nodes[node].heat = 0.0
    call_row = world.state[0].call_rows - 1
    while call_row >= 0 and world.calls[call_row].received > now - group.window:
        node = world.calls[call_row].node
        world.nodes[node].calls += 1.0
        warm(world, row, node, 1.0)
        call_row -= 1


@rule
def warm(world: Any, row: int, node: int, calls: float) -> None:
    """Add calls from a node to the heat of all nodes within a group's radius of it."""
    where = world.groups[row].first_near + node
    for place in range(world.lists[where].row, world.lists[where + 1].row):
        world.nodes[world.lists[place].row].heat += calls


@rule
def mark_spots(world: Any, row: int) -> None:
    """Choose the spots: what is left at the nodes chosen is the number of their calls, less than 0."""
    group = world.groups[row]
    for _ in range(group.first_spot, group.end_spot):
        best = 0
        for node in range(len(world.nodes)):
            if world.nodes[node].heat > world.nodes[best].heat:
                best = node
        calls = world.nodes[best].heat
        if calls <= 0.0:
            return
        take_calls(world, row, best)
        world.nodes[best].calls = -calls


@rule
def take_calls(world: Any, row: int, spot_node: int) -> None:
    """Count the calls within a new spot's radius for no other, and let no other spot lie there."""
    where = world.groups[row].first_near + spot_node
    for place in range(world.lists[where].row, world.lists[where + 1].row):
        node = world.lists[place].row
        if world.nodes[node].calls > 0.0:
            warm(world, row, node, -world.nodes[node].calls)
            world.nodes[node].calls = 0.0
        world.nodes[node].heat = -np.inf


@rule
def keep_spots(world: Any, row: int) -> None:
    """Leave the spots that are chosen again in their rows, and free the rows of all others."""
    group = world.groups[row]
    for spot_row in range(group.first_spot, group.end_spot):
        spot = world.spots[spot_row]
        if spot.node != NOBODY and world.nodes[spot.node].calls < 0.0:
            spot.calls = -world.nodes[spot.node].calls
            world.nodes[spot.node].calls = 0.0
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
            place.calls = 0.0
