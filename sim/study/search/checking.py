"""The re-check of finalists with seeds that a search has never used, since whoever wins a noisy race was also lucky."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.study.search.archive import Archive, Share, Tried, share_kept, tail_of
from sim.study.search.wanted import Asked, Asking, Search, Value
from sim.study.statistics import Estimate, t_quantile


@dataclass(frozen=True)
class Gap:
    """An objective as the search saw it and as fresh seeds show it.

    Attributes:
        outcome: its id.
        searched: mean over the search's runs of the point; for a finalist as a rule too good, since it was chosen.
        fresh: mean over runs with fresh seeds: the figure to report.
        gap: fresh less searched, in the outcome's unit.
        low: lower end of the 95 % interval of the gap (both means vary); NaN where one has a single run.
        high: upper end.
    """

    outcome: str
    searched: Estimate
    fresh: Estimate
    gap: float
    low: float
    high: float


@dataclass(frozen=True)
class Finalist:
    """A point that was re-checked.

    Attributes:
        number: of the point.
        factors: its values.
        objectives: as searched and as fresh seeds show them.
        searched: for each target, in what share of the search's runs it was kept.
        fresh: the same of runs with fresh seeds; the intervals hold for all finalists together.
        holds: every target is kept in at least its share of the fresh runs.
        is_sure: besides, the lower end of each interval is at least the target's probability.
        failed: fresh runs that failed; they keep no target.
    """

    number: int
    factors: dict[str, Value]
    objectives: list[Gap]
    searched: list[Share]
    fresh: list[Share]
    holds: bool
    is_sure: bool
    failed: int


def recheck(archive: Archive, finalists: Sequence[Tried]) -> Asking[dict[int, Tried]]:
    """Run the finalists with seeds that no run of the search has used, which all share; return them by number."""
    asked = [Asked(point.number, point.factors, seed) for seed in archive.search.fresh_seeds for point in finalists]
    fresh = {point.number: Tried(point.number, point.factors) for point in finalists}
    for one, found in zip(asked, (yield asked), strict=True):
        fresh[one.point].runs[one.seed] = found
    return fresh


def finalist(searched: Tried, fresh: Tried, search: Search, finalists: int) -> Finalist:
    """Return a point as searched beside the same point with fresh seeds, one of so many finalists.

    The first that is sure is named, so the intervals are such that all of them are right together with 95 %
    confidence: with each by itself at that level, several finalists would be several chances of a false one. A point
    is sure only where all targets are, so their number needs no such care.
    """
    kept = [share_kept(target, fresh.values(target.outcome), finalists) for target in search.targets]
    return Finalist(
        number=searched.number,
        factors=searched.factors,
        objectives=[gap_of(searched, fresh, one.outcome) for one in search.objectives],
        searched=[share_kept(target, searched.values(target.outcome)) for target in search.targets],
        fresh=kept,
        holds=all(share.share >= target.probability for share, target in zip(kept, search.targets, strict=True)),
        is_sure=all(share.low >= target.probability for share, target in zip(kept, search.targets, strict=True)),
        failed=sum(run is None for run in fresh.runs.values()),
    )


def gap_of(searched: Tried, fresh: Tried, outcome: str) -> Gap:
    """Return an objective as searched and as fresh seeds show it."""
    old, new = searched.mean(outcome), fresh.mean(outcome)
    gap = new.mean - old.mean
    parts = [one.deviation**2 / one.replications if one.replications > 1 else math.nan for one in (old, new)]
    variance = sum(parts)
    half = math.nan
    if variance > 0.0:
        # Welch and Satterthwaite's degrees of freedom: the two samples share no seed.
        freedom = variance**2 / sum(
            part**2 / (one.replications - 1) for part, one in zip(parts, (old, new), strict=True)
        )
        half = t_quantile(0.95, max(1, math.floor(freedom))) * math.sqrt(variance)
    elif variance == 0.0:
        half = 0.0
    return Gap(outcome, old, new, gap, gap - half, gap + half)


def searched_costs(one: Finalist, search: Search) -> list[float]:
    """Return a finalist's objectives as searched, turned so that less is better."""
    return [
        objective.sign * gap.searched.mean for objective, gap in zip(search.objectives, one.objectives, strict=True)
    ]


def checks_needed(probability: float, finalists: int) -> int:
    """Return of how many fresh runs all must keep a target, so that its probability is sure: fewer never show it.

    So it is for one of so many finalists that are checked.

    The lower end of the exact interval (Clopper, Pearson 1934) of n of n runs is the n-th root of its tail.
    """
    return math.ceil(math.log(tail_of(finalists)) / math.log(probability))
