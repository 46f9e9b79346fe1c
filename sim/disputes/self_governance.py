"""Self-governance: norms that keep frictions from becoming disputes, and talks in which open ones end by themselves."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import State
from sim.disputes.escalation import reconsider
from sim.engine.compiled import from_python, rule
from sim.world import World

Factors = np.ndarray[Any, np.dtype[np.float64]]


@rule
def reconsider_all(world: Any, now: float) -> None:
    """Set the rates of all open disputes anew."""
    for row in range(world.state[0].dispute_rows):
        if world.disputes[row].state != State.ENDED:
            reconsider(world, row, now)


def open_disputes(world: World) -> int:
    """Return how many disputes have not ended."""
    states = world.disputes["state"][: int(world.state[0].dispute_rows)]
    return int(np.count_nonzero(states != State.ENDED))


def set_self_governance(world: World, friction: Factors, fade: Factors, now: float) -> None:
    """Set what self-governance does from now on, and the rates of open disputes where that changes.

    Args:
        world: with room in its queue for an event of each open dispute.
        friction: by community and category, the share of potential frictions that become disputes, 0..1.
        fade: by community and category, a factor on the rate of ending by itself.
        now: the moment, in days.
    """
    world.communities["friction_factor"] = friction
    if np.array_equal(world.communities["fade_factor"], fade):
        return
    world.communities["fade_factor"] = fade
    from_python(reconsider_all)(world, now)
