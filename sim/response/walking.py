"""Random patrol on the roads: at every node one of the outgoing arcs, each with the same chance.

The walk is followed only when somebody asks. Its turns are drawn at the unit's own address, one number for each, so it
does not matter how often a unit is looked at. On two-way streets the walk visits a node in proportion to its arcs and
comes back to it after (arcs of the town) / (arcs of the node) steps on average (Aleliunas et al. 1979).
"""

from __future__ import annotations

from typing import Any

from sim.engine.clock import HOURS_A_DAY, SECOND
from sim.engine.compiled import rule
from sim.engine.draws import uniform, whole_below
from sim.purposes import Purpose


@rule
def walk_on(world: Any, row: int, now: float) -> None:
    """Move a unit on random patrol to the next node that it reaches at or after ``now``."""
    while world.units[row].node_time < now:
        take_turn(world, row)


@rule
def take_turn(world: Any, row: int) -> None:
    """Let a unit at a node drive along one of its outgoing arcs, in the traffic of the hour in which it enters it."""
    unit = world.units[row]
    place = world.nodes[unit.node]
    draw = uniform(world.state[0].seed, Purpose.PATROL_TURN, row, unit.patrol_moves)
    arc = world.arcs[place.first_arc + whole_below(place.end_arc - place.first_arc, draw)]
    unit.patrol_moves += 1
    unit.node_time += arc.seconds * SECOND * walking_pace(world, row, arc.road_class, unit.node_time)
    unit.node = arc.head
    unit.to_node = arc.head


@rule
def walking_pace(world: Any, row: int, road_class: int, now: float) -> float:
    """Return the seconds that a unit needs for a second of an empty street of a class, in the traffic of the hour."""
    day = int(now)
    hour = min(int((now - day) * HOURS_A_DAY), HOURS_A_DAY - 1)
    of_week = (world.orders[0].first_weekday + day) % 7 * HOURS_A_DAY + hour
    return float(world.traffic[of_week].slower[road_class] / world.groups[world.units[row].group].speed_factor)
