"""Routing: which channel a known dispute belongs to. Small things stay in the grid, big ones go upward."""

from __future__ import annotations

from typing import Any

from sim.codes import Affair, Channel
from sim.engine.compiled import rule


@rule
def channel_of_stage(world: Any, stage: int) -> int:
    """Return the channel that a matter of this stage belongs to: up to the grid's limit the grid, else mediation."""
    return Channel.GRID if stage <= world.handling[0].grid_stage_limit else Channel.COMMUNITY


@rule
def goes_up(world: Any, row: int) -> bool:
    """Decide whether a dispute's colour sends it upward."""
    return bool(world.handling[0].refer_up[world.disputes[row].colour])


@rule
def route(world: Any, row: int, usual: int) -> int:
    """Return the least channel that a known dispute is given to.

    Where its colour sends it upward or it counts as a big affair, the township. As a small affair, the grid up to its
    limit and the village above; one that is big in truth looks small enough for the grid. Unsorted, ``usual``.
    """
    dispute = world.disputes[row]
    if goes_up(world, row) or dispute.affair == Affair.BIG:
        return Channel.TOWNSHIP.value
    if dispute.affair == Affair.NONE:
        return usual
    looks_small = dispute.true_affair == Affair.BIG or dispute.stage <= world.handling[0].grid_stage_limit
    return Channel.GRID.value if looks_small else Channel.COMMUNITY.value
