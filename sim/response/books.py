"""The daily series of calls: every figure is booked on the day and in the district of the call's receipt."""

from __future__ import annotations

from typing import Any

from sim.engine.clock import MINUTE
from sim.engine.compiled import rule
from sim.world import daily


@rule
def has_series(world: Any, moment: float) -> bool:
    """Decide whether the daily series reach to the day of a moment."""
    return (int(moment) + 1) * len(world.districts) <= len(world.series)


@rule
def book_call(world: Any, row: int) -> None:
    """Count a call that has come in."""
    call = world.calls[row]
    if has_series(world, call.received):
        daily(world, call.community, call.received).calls += 1


@rule
def response_minutes(world: Any, row: int) -> float:
    """Return the minutes from a call's receipt to its unit's arrival (NaN before it)."""
    call = world.calls[row]
    return float((call.arrived - call.received) / MINUTE)


@rule
def book_answer(world: Any, row: int) -> None:
    """Count a call whose unit has arrived, with its response time."""
    call = world.calls[row]
    if not has_series(world, call.received):
        return
    day = daily(world, call.community, call.received)
    minutes = response_minutes(world, row)
    day.answered += 1
    day.response_minutes_sum += minutes
    if minutes <= 1.0:
        day.within_1 += 1
    if minutes <= 3.0:
        day.within_3 += 1
    if minutes <= 5.0:
        day.within_5 += 1
