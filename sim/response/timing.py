"""Patrol timing: which hours of the day the crews' shifts follow, from the start or from a policy's first day on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np

from sim.engine.clock import HOURS_A_DAY
from sim.engine.compiled import from_python
from sim.response.roster import Roster, blend, roster
from sim.response.shifts import set_shift

Floats = np.ndarray[Any, np.dtype[np.float64]]

Wish = tuple[str, Sequence[float] | None, float]  # profile, its weights, how far to go towards it


class PatrolTiming(Protocol):
    """When patrol crews are on duty."""

    @property
    def profile(self) -> str:
        """``flat``, ``demand`` or ``weights``."""
        ...

    @property
    def weights(self) -> Sequence[float] | None:
        """24 weights, where the profile is ``weights``."""
        ...


class ResponseSettings(Protocol):
    """What a scenario says of the response side."""

    @property
    def units(self) -> int:
        """Number of patrol crews."""
        ...

    @property
    def posts(self) -> int | None:
        """Number of posts, or None for the default."""
        ...

    @property
    def shift_hours(self) -> float:
        """Length of a crew's daily shift."""
        ...

    @property
    def patrol_timing(self) -> PatrolTiming:
        """When the crews are on duty."""
        ...


def demand_by_hour(parameters: Any) -> Floats:
    """Return the expected calls in each hour of the day, mean 1, shape (24,).

    Calls of disputes, the smaller part, are taken to come at the hours of the others.
    """
    return blend(np.asarray(parameters.call_hour_weight), 1.0)


def profile_weights(profile: str, weights: Sequence[float] | None, parameters: Any) -> Floats:
    """Return the 24 weights of mean 1 that a named profile stands for.

    Raises:
        ValueError: for an unknown profile, or the profile ``weights`` without any.
    """
    if profile == "flat":
        return np.ones(HOURS_A_DAY)
    if profile == "demand":
        return demand_by_hour(parameters)
    if profile == "weights" and weights is not None:
        return blend(weights, 1.0)
    raise ValueError(f"no weights for the patrol timing {profile!r}")


def wished_roster(settings: ResponseSettings, parameters: Any, wishes: Iterable[Wish] = ()) -> Roster:
    """Return the roster of a scenario's own timing, moved towards each wish in turn by its share.

    Args:
        settings: the scenario's ``response``.
        parameters: a record of parameters (``call_hour_weight``).
        wishes: (profile, weights or None, share between 0 and 1) of policies, in their order.
    """
    timing = settings.patrol_timing
    weights = profile_weights(timing.profile, timing.weights, parameters)
    for profile, own, share in wishes:
        towards = profile_weights(profile, own, parameters)
        weights = (1.0 - share) * weights + share * towards
    return roster(settings.units, settings.shift_hours, weights)


def set_timing(world: Any, settings: ResponseSettings, wishes: Iterable[Wish], now: float) -> None:
    """Let the crews' shifts follow a scenario's timing and the wishes of policies from ``now`` on.

    Crews keep their posts and their order by shift start, so each shift stays spread over the town; a crew whose
    hours stay the same notices nothing. Up to two events a crew are added to the queue, which must have room.
    """
    starts = wished_roster(settings, world.parameters[0], wishes).start_hours
    for row, start in enumerate(starts.tolist()):
        unit = world.units[row]
        if unit.shift_start_hour != start:
            from_python(set_shift)(world, row, start, float(unit.shift_hours), now)


def start_shifts(world: Any) -> None:
    """Start the shifts of a run at time 0: who is within its hours comes on duty, all others wait for theirs."""
    for row in range(len(world.units)):
        unit = world.units[row]
        from_python(set_shift)(world, row, float(unit.shift_start_hour), float(unit.shift_hours), 0.0)


def uncovered_hours(settings: ResponseSettings, parameters: Any, wishes: Iterable[Wish] = ()) -> list[int]:
    """Return the hours of the day that no crew covers from beginning to end; calls then wait for the next shift.

    With the wishes of policies, the hours are those after the policies' first day.
    """
    return wished_roster(settings, parameters, wishes).uncovered_hours
