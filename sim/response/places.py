"""Places of calls: homes, open nodes, nodes by weight, or any point of a plane."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Any

from sim.engine.compiled import rule
from sim.engine.draws import uniform, uniform_pair, whole_below
from sim.purposes import Purpose


class Places(IntEnum):
    """Where the calls of a stream come from."""

    HOMES = 0  # of residents drawn evenly, so that places follow people
    NODES = 1  # of a list, each as likely as any other
    WEIGHTS = 2  # nodes of a list, by weight
    PLANE = 3  # any point of the square, each as likely as any other


@rule
def draw_place(world: Any, stream: int, address: int) -> tuple[int, float, float, float]:
    """Return the place of a potential call: node, x and y in metres, and metres off the road.

    The node is where a unit leaves the road, and to which administration and figures by place count the call; on a
    plane it is the nearest node of the lattice. The place is drawn at the call's address.
    """
    source = world.streams[stream]
    seed = world.state[0].seed
    if source.places == Places.PLANE:
        a, b = uniform_pair(seed, Purpose.CALL_PLACE, address, 0)
        side = world.orders[0].side_metres
        return lattice_node(world, stream, a * side, b * side), a * side, b * side, 0.0
    luck = uniform(seed, Purpose.CALL_PLACE, address, 0)
    if source.places == Places.HOMES:
        resident = whole_below(len(world.residents), luck)
        node = int(world.households[world.residents[resident].household].node)
    elif source.places == Places.NODES:
        node = int(world.lists[source.first_place + whole_below(source.end_place - source.first_place, luck)].row)
    else:
        node = int(world.lists[source.first_place + weighted_place(world, stream, luck)].row)
    return node, float(world.nodes[node].x_metres), float(world.nodes[node].y_metres), 0.0


@rule
def weighted_place(world: Any, stream: int, luck: float) -> int:
    """Return the first place of a stream's list whose summed weight is beyond a uniform draw, by binary search."""
    source = world.streams[stream]
    low, high = 0, source.end_place - source.first_place - 1
    while low < high:
        middle = (low + high) // 2
        if world.numbers[source.first_number + middle].value > luck:
            high = middle
        else:
            low = middle + 1
    return int(low)


@rule
def lattice_node(world: Any, stream: int, x: float, y: float) -> int:
    """Return the node of the plane's lattice that is nearest to a point.

    The stream's list holds the nodes row by row from the south-west corner; the lattice is square and even.
    """
    source = world.streams[stream]
    count = source.end_place - source.first_place
    side = int(math.sqrt(count) + 0.5)
    corner = world.nodes[world.lists[source.first_place].row]
    if side == 1:
        return int(world.lists[source.first_place].row)
    spacing = world.nodes[world.lists[source.first_place + 1].row].x_metres - corner.x_metres
    column = min(max(int((x - corner.x_metres) / spacing + 0.5), 0), side - 1)
    line = min(max(int((y - corner.y_metres) / spacing + 0.5), 0), side - 1)
    return int(world.lists[source.first_place + line * side + column].row)
