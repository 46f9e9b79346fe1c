"""The points that a search has tried, with all their runs, and what these say about objectives and targets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.study.search.wanted import Asked, Asking, Search, Target, Value
from sim.study.statistics import LEVEL, Estimate, estimate

HOPELESS = 10.0  # shortfall of a point that gives no figure
DOUBT = 1.64  # standard errors by which a shortfall may be wrong before a point is given up
PRIOR_RUNS = 4.0  # so many runs does the spread of all other points weigh against a point's own


@dataclass
class Tried:
    """A point and its runs.

    Attributes:
        number: in the order of trying.
        factors: its values.
        runs: outcomes by seed; None for a run that failed.
    """

    number: int
    factors: dict[str, Value]
    runs: dict[int, Mapping[str, float] | None] = field(default_factory=dict)

    def values(self, outcome: str) -> list[float]:
        """Return an outcome of all runs, NaN for one that failed or leaves it undefined."""
        return [math.nan if run is None else float(run.get(outcome, math.nan)) for run in self.runs.values()]

    def mean(self, outcome: str) -> Estimate:
        """Return an outcome's mean with its interval."""
        return estimate(self.values(outcome))

    def reaches(self, target: Target) -> float:
        """Return the limit that a target's share of the runs just keeps; NaN where so many runs have no figure.

        It keeps the target's own limit exactly if so many runs do.
        """
        known = sorted(value for value in self.values(target.outcome) if math.isfinite(value))
        counts = range(1, len(known) + 1)
        wanted = next((count for count in counts if count / len(self.runs) >= target.probability), None)
        if wanted is None:
            return math.nan
        return known[wanted - 1] if target.at_most else known[-wanted]


@dataclass(frozen=True)
class Share:
    """In what share of a point's runs a target is kept.

    Attributes:
        kept: runs that keep it.
        runs: of the point.
        low: lower end of the exact 95 % interval (Clopper, Pearson 1934) of the probability; of a finalist's fresh runs
            one that holds for all finalists together.
        high: upper end.
    """

    kept: int
    runs: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself; NaN without runs."""
        return self.kept / self.runs if self.runs else math.nan


def tail_of(points: int) -> float:
    """Return the probability left out at each end of intervals that hold for so many points together (Bonferroni)."""
    return (1.0 - LEVEL) / 2.0 / points


def share_kept(target: Target, values: Sequence[float], points: int = 1) -> Share:
    """Return in what share of some runs a target is kept; a run that failed does not keep it.

    Args:
        target: the limit to be kept.
        values: the target's outcome in each run, NaN where it failed.
        points: among how many points one is chosen by the interval, which then holds for all of them together.
    """
    from scipy.special import betaincinv

    runs, kept = len(values), sum(target.kept(value) for value in values)
    tail = tail_of(points)
    low = float(betaincinv(kept, runs - kept + 1, tail)) if kept else 0.0
    high = float(betaincinv(kept + 1, runs - kept, 1.0 - tail)) if kept < runs else 1.0
    return Share(kept, runs, low, high)


class Archive:
    """All points of a search; each combination of values is there once."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.points: list[Tried] = []
        self.made = 0
        self.failed = 0
        self._by_values: dict[tuple[Value, ...], Tried] = {}

    def key(self, factors: Mapping[str, Value]) -> tuple[Value, ...]:
        """Return what makes a point that point."""
        return tuple(factors[factor.name] for factor in self.search.factors)

    def known(self, factors: Mapping[str, Value]) -> Tried | None:
        """Return the point of some values, if it has been tried."""
        return self._by_values.get(self.key(factors))

    def add(self, factors: Mapping[str, Value]) -> Tried:
        """Return the point of some values, new if it has not been tried."""
        key = self.key(factors)
        if key not in self._by_values:
            self._by_values[key] = Tried(len(self.points), dict(factors))
            self.points.append(self._by_values[key])
        return self._by_values[key]

    def run(self, wanted: Mapping[int, int]) -> Asking[None]:
        """Bring points to so many runs each, all in one go; all points take the same seeds in the same order."""
        asked = [
            Asked(number, self.points[number].factors, self.search.seed + replication)
            for number, count in wanted.items()
            for replication in range(len(self.points[number].runs), count)
        ]
        runs = sorted(asked, key=lambda one: (one.seed, one.point))
        if not runs:
            return
        for one, found in zip(runs, (yield runs), strict=True):
            self.take(self.points[one.point], one.seed, found)

    def take(self, point: Tried, seed: int, found: Mapping[str, float] | None) -> None:
        """Take what a run of a point gave; None where it failed."""
        point.runs[seed] = found
        self.made += 1
        self.failed += found is None

    def spreads(self) -> dict[str, float]:
        """Return each outcome's standard deviation over seeds, pooled over the points; 0 where none has two runs."""
        pooled = {}
        for id_ in self.search.outcomes:
            squares, freedom = 0.0, 0
            for point in self.points:
                values = np.asarray(point.values(id_), dtype=np.float64)
                known = values[np.isfinite(values)]
                if len(known) > 1:
                    squares += float(((known - known.mean()) ** 2).sum())
                    freedom += len(known) - 1
            pooled[id_] = math.sqrt(squares / freedom) if freedom else 0.0
        return pooled

    def shortfall(self, point: Tried, target: Target, spreads: Mapping[str, float]) -> tuple[float, float]:
        """Return by how much a point seems to miss a target, and how far that may be wrong, in shares of the limit.

        The wanted quantile of single runs (normal, from the mean and a spread to which all points contribute) against
        the limit; 0 or less where it is kept. It points the way also where no run, or every run, keeps the limit. It
        guides the search only; finalists are judged by counting.
        """
        from scipy.special import ndtri

        values = np.asarray(point.values(target.outcome), dtype=np.float64)
        known = values[np.isfinite(values)]
        if len(known) * 2 <= len(values) or not len(known):
            return HOPELESS, 0.0  # most runs failed or leave it undefined
        own = float(((known - known.mean()) ** 2).sum())
        spread = math.sqrt((own + PRIOR_RUNS * spreads[target.outcome] ** 2) / (len(known) - 1 + PRIOR_RUNS))
        quantile = float(ndtri(target.probability))
        margin = quantile * spread
        gap = known.mean() + margin - target.limit if target.at_most else target.limit - known.mean() + margin
        doubt = DOUBT * spread * math.sqrt((1.0 + quantile**2 / 2.0) / len(known))
        scale = max(abs(target.limit), spread, 1e-12)
        return float(gap) / scale, doubt / scale

    def shortfalls(self, point: Tried, spreads: Mapping[str, float]) -> list[float]:
        """Return the shortfall of every target."""
        return [self.shortfall(point, target, spreads)[0] for target in self.search.targets]

    def may_keep(self, point: Tried, spreads: Mapping[str, float]) -> bool:
        """Decide whether a point that seems to miss a target may keep all of them after all: luck may have been bad."""
        misses = (self.shortfall(point, target, spreads) for target in self.search.targets)
        return all(gap <= doubt for gap, doubt in misses)

    def costs(self, point: Tried) -> list[float] | None:
        """Return the objectives' means, turned so that less is better; None where one is undefined."""
        means = [one.sign * point.mean(one.outcome).mean for one in self.search.objectives]
        return means if all(math.isfinite(one) for one in means) else None

    def frontier(self, spreads: Mapping[str, float]) -> list[Tried]:
        """Return the points that seem to keep all targets and that no other such point beats, cheapest first.

        Where none keeps them, the one that misses least.
        """
        costs = {point.number: cost for point in self.points if (cost := self.costs(point)) is not None}
        misses = {number: max([0.0, *self.shortfalls(self.points[number], spreads)]) for number in costs}
        good = [number for number in costs if misses[number] <= 0.0]
        if not good:
            return [self.points[min(misses, key=lambda one: (misses[one], costs[one]))]] if misses else []
        best = [one for one in good if not any(beats(costs[other], costs[one]) for other in good)]
        return [self.points[number] for number in sorted(best, key=lambda one: costs[one])]


def beats(one: Sequence[float], other: Sequence[float]) -> bool:
    """Decide whether costs are no higher anywhere and lower somewhere."""
    return all(a <= b for a, b in zip(one, other, strict=True)) and any(a < b for a, b in zip(one, other, strict=True))
