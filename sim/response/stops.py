"""Stops of patrols: what they leave behind at a place, whether they end as planned or with a call."""

from __future__ import annotations

from typing import Any

from sim.codes import NOBODY, Mode, Status
from sim.engine.clock import MINUTE
from sim.engine.compiled import rule
from sim.town import dose_of_stop, is_presence_felt, leave_presence


@rule
def pass_by(world: Any, row: int, now: float) -> None:
    """Let a unit on patrol be seen at the node that it passes."""
    if is_presence_felt(world):
        unit = world.units[row]
        presence = world.groups[unit.group].presence
        leave_presence(world, unit.node, presence * world.parameters[0].presence_drive_by, now)


@rule
def leave_patrol(world: Any, row: int, now: float) -> None:
    """Note that a unit gives up its patrol for now: a stop leaves its presence, a spot is free for others.

    Whoever gives a unit on patrol something else to do calls this before its status changes.
    """
    unit = world.units[row]
    if unit.status == Status.DWELLING and is_presence_felt(world):
        minutes = (now - unit.since) / MINUTE
        dose = dose_of_stop(minutes, world.parameters[0].presence_optimum_minutes)
        leave_presence(world, unit.node, world.groups[unit.group].presence * dose, now)
    if unit.mode == Mode.HOT_SPOTS and unit.goal != NOBODY and world.spots[unit.goal].bound_for == row:
        world.spots[unit.goal].bound_for = NOBODY
