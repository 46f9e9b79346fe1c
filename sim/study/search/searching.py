"""The search itself: try points, give the promising more runs, re-check the finalists with seeds never used before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.study.analysis import write_one
from sim.study.search.archive import Archive, Tried, beats, share_kept
from sim.study.search.checking import Finalist, checks_needed, finalist, recheck, searched_costs
from sim.study.search.proposing import Proposals, combinations
from sim.study.search.wanted import Asking, Evaluate, Search, SearchError

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
class Found:
    """What a search found.

    Attributes:
        search: what was wanted.
        finalists: re-checked points, the cheapest (as searched) first.
        best: the first of them that holds for sure, else the first that holds (its ``is_sure`` tells which); None where
            none does.
        frontier: the finalists that hold and that no other such one beats by its searched means: chosen by fresh ones,
            those would be figures of the lucky again.
        points: one row for each point tried: point, the factors, runs, each objective's mean, for each target
            ``kept_<outcome>`` (share), ``misses`` (largest shortfall), finalist.
        runs: made in all.
        failed: of them.
        tried: the points with all their runs of the search.
        fresh: the finalists' runs with fresh seeds, by the point's number.
        ended: why the search ended: ``budget`` or ``every point tried``.
    """

    search: Search
    finalists: list[Finalist]
    best: Finalist | None
    frontier: list[Finalist]
    points: pd.DataFrame
    runs: int
    failed: int
    tried: list[Tried]
    fresh: dict[int, Tried]
    ended: str


type Course = Asking[Found]


def checks_wanting(found: Found) -> int | None:
    """Return how many fresh runs of each finalist could show that all targets are kept; None where there are enough."""
    search, finalists = found.search, len(found.finalists)
    needed = max((checks_needed(target.probability, finalists) for target in search.targets), default=0)
    return needed if needed > search.check else None


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
    return found_of(archive, (yield from recheck(archive, finalists)), ended)


def found_of(archive: Archive, fresh: dict[int, Tried], ended: str) -> Found:
    """Return what a search found.

    Args:
        archive: all points with their runs of the search.
        fresh: the finalists' runs with fresh seeds, by the point's number, the cheapest (as searched) first.
        ended: why the search ended.
    """
    search = archive.search
    checked = [finalist(archive.points[number], again, search, len(fresh)) for number, again in fresh.items()]
    holding = [one for one in checked if one.holds]
    costs = {one.number: searched_costs(one, search) for one in holding}
    sure = [one for one in holding if one.is_sure]
    return Found(
        search=search,
        finalists=checked,
        best=next(iter([*sure, *holding]), None),
        frontier=[one for one in holding if not any(beats(costs[two], costs[one.number]) for two in costs)],
        points=points_table(archive, {one.number for one in checked}),
        runs=archive.made + len(checked) * search.check,
        failed=archive.failed + sum(one.failed for one in checked),
        tried=archive.points,
        fresh=fresh,
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


def spread_out[Item](points: Sequence[Item], count: int) -> list[Item]:
    """Return so many points evenly along a frontier, both ends among them."""
    if len(points) <= count:
        return list(points)
    if count == 1:
        return [points[0]]
    return [points[round(place * (len(points) - 1) / (count - 1))] for place in range(count)]


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
