"""How many calls come, when, and how much work each is: as the scenario sets it, or as the runs show it.

The rates of streams and of residents' other reasons, and the laws of the time on scene, are the scenario's own. How
many calls disputes make is known only from runs, and so are those of a log; the twin then takes the runs' figure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import PRIORITIES, Law, Source
from sim.engine.clock import MINUTE

if TYPE_CHECKING:
    from sim.model import TownModel
    from sim.world import World

type Values = np.ndarray[Any, np.dtype[np.float64]]

HOURS_A_WEEK = 168


@dataclass(frozen=True)
class Kind:
    """Calls of one stream.

    Attributes:
        source: what causes them.
        law: of the time on scene.
        scene_minutes: its mean.
        variation: standard deviation of the time on scene over its mean.
        units: that a call wants.
        per_day: mean number of calls; NaN where only runs can tell.
        by_hour: shares of the hours of the week, 0 = Monday 0:00, sum 1, shape (168,).
        by_priority: shares of the priorities, sum 1, shape (priorities,).
    """

    source: Source
    law: Law
    scene_minutes: float
    variation: float
    units: int
    per_day: float
    by_hour: Values
    by_priority: Values


def kinds_of(model: TownModel) -> tuple[Kind, ...]:
    """Return the kinds of calls that a model's run can have, in the order of its table of streams."""
    world = model.world
    weekdays = model.calendar.weekdays()
    return tuple(kind_of(world, row, weekdays) for row in range(len(world.streams)))


def kind_of(world: World, row: int, weekdays: Any) -> Kind:
    """Return what the table of streams says of one of them."""
    stream = world.streams[row]
    source = (Source.BACKGROUND, Source.DISPUTE, Source.LOG)[row] if row < 3 else Source.STREAM
    law = Law(stream.scene_law)
    mean, variation = scene_moments(world, stream, law)
    days = np.asarray(stream.day_share, dtype=np.float64)
    per_day = float(stream.bound_per_day)
    if stream.by_day:
        # Residents' calls follow the table of days; the bound is at the day with the most of them.
        factors = world.days["call_factor"] / world.days["call_factor"].max()
        days = np.array([factors[weekdays == day].mean() if (weekdays == day).any() else 0.0 for day in range(7)])
        per_day *= float(factors.mean())
    else:
        per_day *= float(days.mean())
    if source in (Source.DISPUTE, Source.LOG):
        per_day = math.nan
    by_hour = np.outer(days, np.diff(stream.hours)).ravel()
    shares = np.diff(np.asarray(stream.priority_share), prepend=0.0)
    return Kind(
        source=source,
        law=law,
        scene_minutes=mean / MINUTE,
        variation=variation,
        units=max(int(stream.units_wanted), 1),
        per_day=per_day,
        by_hour=by_hour / by_hour.sum() if by_hour.sum() > 0.0 else np.full(HOURS_A_WEEK, 1.0 / HOURS_A_WEEK),
        by_priority=np.maximum(shares, 0.0),
    )


def scene_moments(world: World, stream: Any, law: Law) -> tuple[float, float]:
    """Return a stream's mean time on scene in days, and its standard deviation over that mean."""
    mean, shape = float(stream.scene_days), float(stream.scene_shape)
    if law == Law.EMPIRICAL:
        observed = world.numbers["value"][int(stream.scene_first) : int(stream.scene_end)]
        mean = float(observed.mean())
        return mean, float(observed.std()) / mean if mean > 0.0 else 0.0
    if law == Law.LOGNORMAL:
        return mean, math.sqrt(math.expm1(shape**2))
    if law == Law.GAMMA:
        return mean, 1.0 / math.sqrt(shape)
    return mean, {Law.CONSTANT: 0.0, Law.EXPONENTIAL: 1.0, Law.ERLANG_2: math.sqrt(0.5)}[law]


@dataclass(frozen=True)
class Demand:
    """All calls together.

    Attributes:
        calls_per_day: mean number of calls.
        requests_per_day: mean number of units wanted.
        by_hour: units wanted a day at each hour of the week, shape (168,).
        by_priority: calls a day of each priority, shape (priorities,).
        scene_minutes: mean time on scene of a unit.
        variation: standard deviation of that time over its mean.
        from_runs: share of the calls whose number was taken from the runs.
        from_log: share of the calls that a recorded log holds.
        several: share of the calls that want more than one unit.
    """

    calls_per_day: float
    requests_per_day: float
    by_hour: Values
    by_priority: Values
    scene_minutes: float
    variation: float
    from_runs: float
    from_log: float
    several: float


def demand_of(kinds: tuple[Kind, ...], observed: Mapping[str, float]) -> Demand:
    """Return the sum of all kinds; what has no rate of its own comes as often as in the runs.

    Args:
        kinds: of calls.
        observed: means over the runs, as ``observe`` names them.
    """
    known = [as_in_runs(kind, row, observed) for row, kind in enumerate(kinds)]
    rates = np.array([kind.per_day for kind in known])
    units = np.array([kind.units for kind in known])
    requests = rates * units
    total, wanted = float(rates.sum()), float(requests.sum())
    means = np.array([kind.scene_minutes for kind in known])
    squares = means**2 * (1.0 + np.array([kind.variation for kind in known]) ** 2)
    mean = float(requests @ means) / wanted if wanted else 0.0
    second = float(requests @ squares) / wanted if wanted else 0.0
    taken = np.array([math.isnan(kind.per_day) for kind in kinds])
    logged = np.array([kind.source == Source.LOG for kind in kinds])
    by_priority = np.asarray(rates @ np.array([kind.by_priority for kind in known]))
    if rates[taken].sum() > 0.0:
        by_priority = np.array([observed[f"calls_per_day_{priority}"] for priority in range(PRIORITIES)])
    return Demand(
        calls_per_day=total,
        requests_per_day=wanted,
        by_hour=np.asarray(requests * HOURS_A_WEEK @ np.array([kind.by_hour for kind in known])),
        by_priority=by_priority,
        scene_minutes=mean,
        variation=math.sqrt(max(second / mean**2 - 1.0, 0.0)) if mean > 0.0 else 0.0,
        from_runs=float(rates[taken].sum()) / total if total else 0.0,
        from_log=float(rates[logged].sum()) / total if total else 0.0,
        several=float(rates[units > 1].sum()) / total if total else 0.0,
    )


def as_in_runs(kind: Kind, row: int, observed: Mapping[str, float]) -> Kind:
    """Return a kind with what only runs can tell: how often disputes and logs call, how long a log's calls take."""
    if not math.isnan(kind.per_day):
        return kind
    rate = observed[f"stream_{row}"]
    if rate == 0.0:
        return replace(kind, per_day=0.0, scene_minutes=0.0, variation=0.0)
    if kind.source != Source.LOG:
        return replace(kind, per_day=rate)
    times = observed[f"scene_{row}"], observed[f"scene_variation_{row}"]
    return replace(kind, per_day=rate, scene_minutes=times[0], variation=times[1])
