"""When there are enough replications: sequential stopping on the half-widths of paired differences.

After every round each point is held beside the base point, replication by replication, over which they share their
seeds. A point is done once the t interval of every named outcome's mean paired difference is as narrow as wanted. Where
it is not, the spread seen so far says how many replications would do; the next round goes there, though never to more
than twice the present number, since a spread from few replications is itself uncertain. Stopping by what has been seen
makes the interval cover slightly less often than 95 % (Chow and Robbins 1965 show that it does in the limit); the least
number of replications bounds the loss.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.study.experiment.schema import Precision
from sim.study.statistics import paired, replications_needed

if TYPE_CHECKING:
    import pandas as pd

GROWTH = 2  # most that a round multiplies the replications by


@dataclass(frozen=True)
class Reached:
    """How precisely a point's difference from the base point is known.

    Attributes:
        point: number of the point.
        outcome: id.
        pairs: replications in which both have the outcome.
        half_width: of the 95 % interval of the mean paired difference; NaN for fewer than two pairs.
        wanted: half-width to reach.
        needed: replications that the spread seen so far asks for; NaN where it cannot be said.
    """

    point: int
    outcome: str
    pairs: int
    half_width: float
    wanted: float
    needed: float

    @property
    def is_enough(self) -> bool:
        """Whether the interval is narrow enough."""
        return self.half_width <= self.wanted


def reached(frame: pd.DataFrame, precision: Precision, points: Sequence[int], base: int = 0) -> list[Reached]:
    """Return how precisely every point's difference from the base is known, for each named outcome.

    Args:
        frame: a row for each finished run: ``point``, ``replication``, and a column for each named outcome.
        precision: what is wanted.
        points: numbers of all points; the base's own is left out.
        base: number of the point that the others are compared with.
    """
    tables = {id_: frame.pivot_table(index="replication", columns="point", values=id_) for id_ in precision.outcomes}
    found = []
    for point in points:
        if point == base:
            continue
        for id_, wanted in precision.outcomes.items():
            table = tables[id_]
            if point not in table or base not in table:
                found.append(Reached(point, id_, 0, math.nan, wanted, math.nan))
                continue
            pair = paired(table[base].to_numpy(), table[point].to_numpy())
            half = (pair.high - pair.low) / 2.0
            needed = replications_needed(pair.deviation, wanted)
            found.append(Reached(point, id_, pair.pairs, half, wanted, needed))
    return found


def next_replications(
    frame: pd.DataFrame, precision: Precision, points: Sequence[int], asked: Mapping[int, int], base: int = 0
) -> dict[int, int]:
    """Return how many replications each point should have after the next round; empty when all is known well enough.

    Points that are done are not named. The base has as many as any point that is compared with it. An outcome that is
    undefined in all runs of a pair asks for more up to ``at_most``, as does one whose runs fail.

    Args:
        frame: a row for each finished run: ``point``, ``replication``, and a column for each named outcome.
        precision: what is wanted.
        points: numbers of all points.
        asked: replications that each point was asked for so far, failed ones included; none for the first round.
        base: number of the point that the others are compared with.
    """
    short = [point for point in points if asked.get(point, 0) < precision.at_least]
    if short:
        return dict.fromkeys(short, precision.at_least)
    wanted: dict[int, int] = {}
    for one in reached(frame, precision, points, base):
        now = asked[one.point]
        if one.is_enough or now >= precision.at_most:
            continue
        # Pairs are missing where runs failed or left the outcome undefined.
        missing = now - one.pairs
        aim = one.needed + missing if math.isfinite(one.needed) else math.inf
        target = int(min(max(aim, now + 1), GROWTH * now, precision.at_most))
        wanted[one.point] = max(wanted.get(one.point, 0), target)
    most = max(wanted.values(), default=0)
    if most > asked.get(base, 0):
        wanted[base] = most
    return wanted
