"""Tension: a resident's readiness to quarrel, 0..1.

It is stored with the day on which it was last changed and decays exponentially from there, so that only residents
to whom something happens cost anything. All residents decay at one rate, hence a district's sum decays at that rate
too and is kept exactly without a pass over its residents.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.compiled import compiled, rule


@compiled
def decayed(tension: float, days: float, half_life_days: float) -> float:
    """Return a tension after ``days`` of decay with a half-life."""
    return tension * math.exp(-math.log(2.0) * max(days, 0.0) / half_life_days)


@rule
def tension_at(world: Any, resident: int, now: float) -> float:
    """Return a resident's tension, 0..1, at a moment not before its last change."""
    row = world.residents[resident]
    return decayed(
        np.float64(row.tension), now - np.float64(row.tension_day), world.parameters[0].tension_half_life_days
    )


@rule
def district_tension_sum(world: Any, district: int, now: float) -> float:
    """Return the sum of tension over a district's residents at a moment."""
    row = world.districts[district]
    return decayed(row.tension_sum, now - row.tension_day, world.parameters[0].tension_half_life_days)


@rule
def set_tension(world: Any, resident: int, tension: float, now: float) -> None:
    """Give a resident a tension (cut to 0..1) and carry the change into the district's sum."""
    before = tension_at(world, resident, now)
    row = world.residents[resident]
    row.tension = np.float32(min(max(tension, 0.0), 1.0))
    row.tension_day = np.float32(now)
    district = world.communities[world.households[row.household].community].district
    # The stored day is rounded to 32 bits, so the change is measured on what is now stored.
    after = tension_at(world, resident, now)
    total = district_tension_sum(world, district, now) + after - before
    world.districts[district].tension_sum = max(total, 0.0)
    world.districts[district].tension_day = now


@rule
def add_tension(world: Any, resident: int, amount: float, now: float) -> None:
    """Raise (or with a negative amount lower) a resident's tension; it stays within 0..1."""
    set_tension(world, resident, tension_at(world, resident, now) + amount, now)


@rule
def relieve(world: Any, resident: int, share: float, now: float) -> None:
    """Take a share, 0..1, of a resident's tension away."""
    set_tension(world, resident, tension_at(world, resident, now) * (1.0 - share), now)
