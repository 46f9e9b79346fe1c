"""Traffic over the week, brought down to few patterns: hours in which all roads slow down alike share one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.town.errors import Problem, TownError
from sim.town.network import Bytes, Floats, RoadClass, Roads

HOURS_A_WEEK = 168
# More would not fit into the table's column, and the tables of so many would not fit into memory.
MOST_PATTERNS = 127
# Factors that differ by less, relatively, are the same: a thousandth of a tick on a way of some hours.
SAME = 1e-10


@dataclass(frozen=True)
class TrafficPatterns:
    """The week's traffic for p patterns over m arcs.

    At hour h of the week (0 is Monday from midnight to one) an arc takes ``seconds[pattern_of_hour[h]] *
    pace_of_hour[h]``; the same holds for whole ways and their ticks, since all arcs slow down alike.

    Attributes:
        pattern_of_hour: shape (168,), i1, each 0..p - 1.
        pace_of_hour: shape (168,), f8, more than 0: what times of the pattern are multiplied by.
        seconds: time along each arc under each pattern, shape (p, m), f8.
    """

    pattern_of_hour: Bytes
    pace_of_hour: Floats
    seconds: Floats


def traffic_patterns(roads: Roads, speed_factors: Floats | None = None) -> TrafficPatterns:
    """Return the patterns of a week's traffic; without traffic one, at ordinary times, with pace 1.

    Only the road classes that the network has count. A pattern's fastest class drives at its ordinary speed.

    Args:
        roads: the network, with ordinary times.
        speed_factors: shape (168, 4): at each hour of the week, for each RoadClass, how many times as fast as
            ordinarily one drives; more than 0.

    Raises:
        TownError: factors of another shape, hours with factors that are no positive numbers, or more than 127
            patterns.
    """
    if speed_factors is None:
        speed_factors = np.ones((HOURS_A_WEEK, len(RoadClass)))
    factors = np.asarray(speed_factors, dtype=np.float64)
    _refuse_wrong(factors)
    present = np.unique(roads.road_class) if len(roads.road_class) else np.arange(len(RoadClass))
    fastest = factors[:, present].max(axis=1)
    relative = factors / fastest[:, None]
    kinds, pattern_of_hour = _alike(relative[:, present])
    if len(kinds) > MOST_PATTERNS:
        problem = (
            f"traffic has {len(kinds)} different patterns of speed factors, and at most {MOST_PATTERNS} can be kept"
        )
        raise TownError([Problem(problem, "give hours with like traffic the same factors")])
    return TrafficPatterns(
        pattern_of_hour=pattern_of_hour,
        pace_of_hour=1.0 / fastest,
        seconds=roads.seconds / relative[kinds][:, roads.road_class],
    )


def _refuse_wrong(factors: Floats) -> None:
    """Refuse factors of a wrong shape or value, naming all hours concerned."""
    shape = (HOURS_A_WEEK, len(RoadClass))
    if factors.shape != shape:
        problem = f"traffic has speed factors of shape {factors.shape}"
        raise TownError(
            [Problem(problem, f"give {shape[0]} hours of the week with a factor for each of {shape[1]} classes")]
        )
    wrong = np.flatnonzero(~np.all(np.isfinite(factors) & (factors > 0.0), axis=1))
    remedy = "give factors that are positive numbers"
    if len(wrong):
        raise TownError(
            Problem(f"traffic in hour {hour} of the week is {factors[hour]}", remedy) for hour in wrong.tolist()
        )


def _alike(relative: Floats) -> tuple[list[int], Bytes]:
    """Return the first hour of each kind of row, and for each hour the number of its kind."""
    kinds: list[int] = []
    kind_of = np.empty(len(relative), dtype=np.int64)
    for hour, row in enumerate(relative):
        like = np.flatnonzero(np.all(np.abs(relative[kinds] - row) <= SAME * row, axis=1)) if kinds else kinds
        if len(like):
            kind_of[hour] = like[0]
        else:
            kind_of[hour] = len(kinds)
            kinds.append(hour)
    return kinds, kind_of.astype(np.int8)
