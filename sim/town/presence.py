"""Police presence at places: a level from 0 to 1 that stops and passing patrols leave, and that decays.

The form follows Koper (1995), "Just enough police presence": what a stop leaves behind grows with its length up to an
optimum and is less after it; a car that only drives by leaves little. What is left halves in a fixed time. The level
lowers the rates of frictions and of calls at a place by at most ``presence_effect``, so that fixed bounds on rates
hold. The rates of the parameter table are those of a town whose crews stand at their posts: posts add nothing.
"""

from __future__ import annotations

import math
from typing import Any

from sim.engine.clock import MINUTE
from sim.engine.compiled import compiled, rule

HALVING = math.log(2.0)


@rule
def is_presence_felt(world: Any) -> bool:
    """Decide whether presence has any effect in this run."""
    return bool(world.parameters[0].presence_effect > 0.0)


@rule
def presence_level(world: Any, node: int, now: float) -> float:
    """Return the level of presence at a node, 0..1: what was left, halved once in each half-life."""
    place = world.nodes[node]
    if place.presence <= 0.0:
        return 0.0
    half_life = world.parameters[0].presence_half_life_minutes * MINUTE
    return float(place.presence * math.exp(-HALVING * (now - place.presence_time) / half_life))


@rule
def presence_factor(world: Any, node: int, now: float) -> float:
    """Return the factor on rates at a node: 1 - presence_effect x level; exactly 1 where the effect is 0."""
    if not is_presence_felt(world):
        return 1.0
    return float(1.0 - world.parameters[0].presence_effect * presence_level(world, node, now))


@compiled
def dose_of_stop(minutes: float, optimum_minutes: float) -> float:
    """Return what a stop leaves behind: minutes / optimum up to the optimum, optimum / minutes after it.

    The rise and the place of the optimum follow Koper (1995); the form of the fall is an assumption.
    """
    return minutes / optimum_minutes if minutes <= optimum_minutes else optimum_minutes / minutes


@rule
def leave_presence(world: Any, node: int, dose: float, now: float) -> None:
    """Let a dose of presence act at a node and at the nodes next to it along streets within the radius."""
    raise_level(world, node, dose, now)
    place = world.nodes[node]
    before = node
    for row in range(place.first_arc, place.end_arc):
        arc = world.arcs[row]
        # Arcs are sorted by head, so that parallel ones follow each other.
        if arc.metres <= world.parameters[0].presence_radius_metres and arc.head not in (node, before):
            raise_level(world, arc.head, dose, now)
        before = arc.head


@rule
def raise_level(world: Any, node: int, dose: float, now: float) -> None:
    """Add a dose to the level at a node; the nearer the level is to 1, the less it adds."""
    level = presence_level(world, node, now)
    place = world.nodes[node]
    place.presence = level + min(dose, 1.0) * (1.0 - level)
    place.presence_time = now
