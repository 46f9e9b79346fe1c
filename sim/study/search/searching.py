"""The search itself: try points, give the promising more runs, re-check the finalists with seeds never used before."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.study.analysis import write_one
from sim.study.search.archive import Archive, Share, Tried, beats, share_kept
from sim.study.search.proposing import Proposals, combinations
from sim.study.search.wanted import Asked, Asking, Evaluate, Search, SearchError, Value
from sim.study.statistics import Estimate

if TYPE_CHECKING:
    import pandas as pd

BATCH = 8  # points tried at once
LEAST_START = 10  # points drawn at random before the sampler learns from them
START_A_FACTOR = 3

type Stage = Literal["searching", "checking"]


@dataclass(frozen=True)
class Progress:
    """How far a search has come.

    Attributes:
        stage: ``searching`` or ``checking``.
        runs: made so far.
        most: that may be made.
        points: tried so far.
    """

    stage: Stage
    runs: int
    most: int
    points: int


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
        fresh: the same of runs with fresh seeds.
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


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes:
        search: what was wanted.
        finalists: re-checked points, the cheapest (as searched) first.
        best: the first of them that holds; None where none does.
        frontier: the finalists that hold and that no other such one beats by its fresh means.
        points: one row for each point tried: point, the factors, runs, each objective's mean, for each target
            ``kept_<outcome>`` (share), ``misses`` (largest shortfall), finalist.
        runs: made in all.
        failed: of them.
        ended: why the search ended: ``budget`` or ``every point tried``.
    """

    search: Search
    finalists: list[Finalist]
    best: Finalist | None
    frontier: list[Finalist]
    points: pd.DataFrame
    runs: int
    failed: int
    ended: str


type Course = Asking[Found]


def search_for(search: Search, evaluate: Evaluate, progress: Callable[[Progress], None] | None = None) -> Found:
    """Make a search whose runs a function makes; see ``course``.

    Args:
        search: what is wanted.
        evaluate: makes runs.
        progress: is told how far it has come.

    Raises:
        SearchError: as ``course``.
    """
    steps = course(search, progress)
    asked = next(steps)
    while True:
        try:
            asked = steps.send(evaluate(asked))
        except StopIteration as over:
            found: Found = over.value
            return found


def course(search: Search, progress: Callable[[Progress], None] | None = None) -> Course:
    """Make a search step by step: asks for runs, is sent their outcomes, and returns what was found.

    Points are tried with a few runs; the best so far get more, up to ``most``, so that luck alone keeps none in front;
    when what is left of the budget is what the re-check needs, the finalists are run with fresh seeds. The same search
    with the same results of runs always goes the same way.

    Args:
        search: what is wanted.
        progress: is told how far it has come.

    Raises:
        SearchError: the budget is too small for the first points and a re-check, or no run gave the objectives.
    """
    tell = progress or (lambda _: None)
    archive = Archive(search)
    reserve = search.finalists * search.check
    start = max(LEAST_START, START_A_FACTOR * len(search.factors))
    everything = combinations(search.factors)
    start = start if everything is None else min(start, everything)
    least = start * search.first + reserve
    if search.runs < least:
        raise SearchError(
            f"{search.runs} runs are too few: {start} first points of {search.first} runs and a re-check of "
            f"{search.finalists} finalists with {search.check} runs take {least}; allow more runs, or fewer finalists "
            "or checks"
        )
    proposals, ended = Proposals(archive), "budget"
    while (left := search.runs - reserve - archive.made) >= search.first:
        new = proposals.next(min(BATCH, left // search.first), start, front(archive))
        if new:
            yield from archive.run({archive.add(one).number: search.first for one in new})
        tell(Progress("searching", archive.made, search.runs, len(archive.points)))
        if not (yield from improve(archive, search.runs - reserve)) and not new:
            ended = "every point tried"
            break
    finalists = front(archive)
    if not finalists:
        raise SearchError(f"no run of {search.name} defines {search.objectives[0].outcome}: choose other objectives")
    tell(Progress("checking", archive.made, search.runs, len(archive.points)))
    checked = yield from recheck(archive, finalists)
    holding = [one for one in checked if one.holds]
    costs = {one.number: fresh_costs(one, search) for one in holding}
    return Found(
        search=search,
        finalists=checked,
        best=holding[0] if holding else None,
        frontier=[one for one in holding if not any(beats(costs[two], costs[one.number]) for two in costs)],
        points=points_table(archive, {one.number for one in checked}),
        runs=archive.made + len(checked) * search.check,
        failed=archive.failed + sum(one.failed for one in checked),
        ended=ended,
    )


def improve(archive: Archive, most: int) -> Asking[bool]:
    """Give the points in front more runs, twice as many as they have; return whether any were made.

    So do those that would be in front, had they not missed a target by so little that bad luck may be the reason.
    """
    search = archive.search
    wanted: dict[int, int] = {}
    left = most - archive.made
    for point in [*front(archive), *doubtful(archive)]:
        have = len(point.runs)
        more = min(2 * have, search.most) - have
        if 0 < more <= left:
            wanted[point.number] = have + more
            left -= more
    yield from archive.run(wanted)
    return bool(wanted)


def front(archive: Archive) -> list[Tried]:
    """Return the points that may be finalists: those of the frontier, the cheapest first, as many as will be checked.

    With one objective the frontier is one point; then the next cheapest that seem to keep the targets come too.
    """
    spreads, search = archive.spreads(), archive.search
    best = archive.frontier(spreads)
    if len(search.objectives) > 1:
        return spread_out(best, search.finalists)
    costs = {point.number: cost for point in archive.points if (cost := archive.costs(point)) is not None}
    good = [number for number in costs if max([0.0, *archive.shortfalls(archive.points[number], spreads)]) <= 0.0]
    others = [archive.points[number] for number in sorted(good, key=lambda one: costs[one])]
    return (others or best)[: search.finalists]


def doubtful(archive: Archive) -> list[Tried]:
    """Return the points that seem to miss a target but may not, and that no point which keeps them all beats.

    Those that miss least come first.
    """
    spreads, search = archive.spreads(), archive.search
    costs = {point.number: cost for point in archive.points if (cost := archive.costs(point)) is not None}
    misses = {number: max([0.0, *archive.shortfalls(archive.points[number], spreads)]) for number in costs}
    good = [costs[number] for number, miss in misses.items() if miss <= 0.0]
    unsure = [
        archive.points[number]
        for number, miss in misses.items()
        if miss > 0.0
        and len(archive.points[number].runs) < search.most
        and archive.may_keep(archive.points[number], spreads)
        and not any(beats(cost, costs[number]) for cost in good)
    ]
    return sorted(unsure, key=lambda point: misses[point.number])[: search.finalists]


def spread_out(points: Sequence[Tried], count: int) -> list[Tried]:
    """Return so many points evenly along a frontier, both ends among them."""
    if len(points) <= count:
        return list(points)
    if count == 1:
        return [points[0]]
    return [points[round(place * (len(points) - 1) / (count - 1))] for place in range(count)]


def recheck(archive: Archive, finalists: Sequence[Tried]) -> Asking[list[Finalist]]:
    """Run the finalists with seeds that no run of the search has used; all finalists share them."""
    search = archive.search
    first = search.seed + search.most
    asked = [
        Asked(point.number, point.factors, seed) for seed in range(first, first + search.check) for point in finalists
    ]
    fresh = {point.number: Tried(point.number, point.factors) for point in finalists}
    for one, found in zip(asked, (yield asked), strict=True):
        fresh[one.point].runs[one.seed] = found
    return [finalist(point, fresh[point.number], search) for point in finalists]


def finalist(searched: Tried, fresh: Tried, search: Search) -> Finalist:
    """Return a point as searched beside the same point with fresh seeds."""
    kept = [share_kept(target, fresh.values(target.outcome)) for target in search.targets]
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
    from sim.study.statistics import t_quantile

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


def fresh_costs(one: Finalist, search: Search) -> list[float]:
    """Return a finalist's objectives by fresh seeds, turned so that less is better."""
    return [objective.sign * gap.fresh.mean for objective, gap in zip(search.objectives, one.objectives, strict=True)]


def points_table(archive: Archive, finalists: set[int]) -> pd.DataFrame:
    """Return one row for each point tried."""
    import pandas as pd

    spreads, search = archive.spreads(), archive.search
    rows: list[Mapping[str, object]] = [
        {
            "point": point.number,
            **point.factors,
            "runs": len(point.runs),
            **{one.outcome: point.mean(one.outcome).mean for one in search.objectives},
            **{
                f"kept_{target.outcome}": share_kept(target, point.values(target.outcome)).share
                for target in search.targets
            },
            "misses": max([0.0, *archive.shortfalls(point, spreads)]),
            "finalist": point.number in finalists,
        }
        for point in archive.points
    ]
    return pd.DataFrame(rows)


def write_points(found: Found, path: Path) -> Path:
    """Write the points that a search tried, in the format that a file's ending names.

    Raises:
        AnalysisError: the ending names no format.
        StoreError: the file system refuses.
    """
    return write_one(found.points, path)
