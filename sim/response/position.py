"""Where a unit is: at a node, or on its way back to its post, followed only when somebody asks."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import Status
from sim.engine.clock import SECOND
from sim.engine.compiled import rule


@rule
def advance(world: Any, row: int, now: float) -> None:
    """Move a returning unit to the next node that it reaches at or after ``now``, or to its post.

    The steps follow the route table, whose seconds add up to the time of the whole way back, so it does not matter
    how often a unit is looked at on its way.
    """
    unit = world.units[row]
    home = world.posts[unit.post].node
    while unit.node_time < now and unit.node != home:
        here = world.routes[unit.post, unit.node]
        beyond = world.routes[unit.post, here.next]
        unit.node_time += (np.float64(here.seconds) - np.float64(beyond.seconds)) * SECOND
        unit.node = here.next


@rule
def seconds_before_leaving(world: Any, row: int, now: float) -> float:
    """Return the seconds until a unit sent at ``now`` leaves ``unit.node`` for the scene.

    A crew at its post has to turn out. A crew on the road needs no turn-out, but drives on to its next node before
    it can turn.
    """
    unit = world.units[row]
    if unit.status == Status.AT_POST:
        return float(world.parameters[0].turn_out_seconds)
    return float(max(unit.node_time - now, 0.0) / SECOND)


@rule
def settle_at_post(world: Any, row: int, now: float) -> None:
    """Put a unit at its post's node."""
    unit = world.units[row]
    unit.node = world.posts[unit.post].node
    unit.node_time = now
