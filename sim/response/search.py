"""Who can be there first: an exact search over the directed road graph, backwards from the call.

Dijkstra's search (1959) settles nodes in the order of their driving time to the call, over incoming arcs, so it
meets the units around the call and leaves the rest of the town alone. A unit is reached through the node at which
it stands or will be next; the time until it can leave that node counts. The search stops when no node still open
can lead to an earlier arrival. Equal arrivals go to the lowest row, so the answer does not depend on the search.

``nodes.stamp`` says which search wrote a node's scratch fields, so nothing is cleared between searches.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, Status
from sim.engine.compiled import rule
from sim.engine.queue import drop_first, push, size
from sim.response.position import advance, seconds_before_leaving


@rule
def nearest_free_unit(world: Any, node: int, now: float) -> int:
    """Return the free unit that would arrive first at ``node`` if sent at ``now``, or NOBODY.

    Free are units at their post and units on their way back to it. Afterwards ``nodes[units[row].node]`` holds the
    chosen unit's driving seconds and metres to the call.
    """
    begin_search(world)
    least = np.inf
    for row in range(len(world.units)):
        status = world.units[row].status
        if status == Status.RETURNING:
            advance(world, row, now)
        if status in (Status.RETURNING, Status.AT_POST):
            least = min(least, offer(world, row, now))
    if least == np.inf:
        return NOBODY
    return first_to_arrive(world, node, least, now)


@rule
def measure_way(world: Any, row: int, node: int, now: float) -> None:
    """Measure one unit's way to ``node``: ``nodes[units[row].node]`` then holds its driving seconds and metres."""
    begin_search(world)
    first_to_arrive(world, node, offer(world, row, now), now)


@rule
def begin_search(world: Any) -> None:
    """Make all nodes unseen and the frontier empty."""
    world.state[0].search_stamp += 1
    world.frontier[0].row = 0


@rule
def see(world: Any, node: int) -> None:
    """Give a node that this search has not seen fresh scratch fields."""
    place = world.nodes[node]
    if place.stamp != world.state[0].search_stamp:
        place.stamp = world.state[0].search_stamp
        place.first_unit = NOBODY
        place.seconds = np.inf
        place.metres = np.inf


@rule
def offer(world: Any, row: int, now: float) -> float:
    """Make a unit a candidate at its node, and return the seconds before it can leave there.

    Of several units at one node only the one that leaves first, then the one with the lowest row, can be chosen.
    """
    node = world.units[row].node
    see(world, node)
    place = world.nodes[node]
    delay = seconds_before_leaving(world, row, now)
    if place.first_unit == NOBODY:
        place.first_unit = row
    else:
        other = seconds_before_leaving(world, place.first_unit, now)
        if delay < other or (delay == other and row < place.first_unit):
            place.first_unit = row
    return delay


@rule
def first_to_arrive(world: Any, target: int, least_delay: float, now: float) -> int:
    """Return the candidate that reaches ``target`` first, or NOBODY where no candidate can reach it.

    ``least_delay`` is the smallest number of seconds that any candidate needs before it leaves its node.
    """
    see(world, target)
    world.nodes[target].seconds = 0.0
    world.nodes[target].metres = 0.0
    push(world.frontier, 0.0, 0, target, 0)
    best = NOBODY
    best_seconds = np.inf
    while size(world.frontier) > 0:
        seconds = world.frontier[1].time
        node = world.frontier[1].row
        drop_first(world.frontier)
        if seconds + least_delay > best_seconds:
            break
        if seconds > world.nodes[node].seconds:
            continue  # the node was reached faster since
        unit = world.nodes[node].first_unit
        if unit != NOBODY:
            arrival = seconds + seconds_before_leaving(world, unit, now)
            if arrival < best_seconds or (arrival == best_seconds and unit < best):
                best_seconds = arrival
                best = unit
        extend(world, node, best_seconds - least_delay)
    return best


@rule
def extend(world: Any, node: int, enough: float) -> None:
    """Carry the search over a node's incoming arcs to nodes within ``enough`` seconds of the call."""
    place = world.nodes[node]
    for row in range(place.first_arc, place.end_arc):
        arc = world.arcs[row]
        seconds = place.seconds + arc.seconds
        see(world, arc.tail)
        tail = world.nodes[arc.tail]
        if seconds < tail.seconds and seconds <= enough:
            tail.seconds = seconds
            tail.metres = place.metres + arc.metres
            push(world.frontier, seconds, 0, arc.tail, 0)
