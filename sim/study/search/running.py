"""A search whose runs are made by the runner and kept in the store: what was run before is not run again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.study.experiment import ExperimentError, Job, Point
from sim.study.search.file import SearchPlan
from sim.study.search.keeping import Keeper, Kept, Outcomes
from sim.study.search.searching import Course, Found, Progress, course
from sim.study.search.wanted import Asked, Results, SearchError
from sim.study.store import Store, model_version, run_id


class Stopped(Exception):  # noqa: N818 - no error: the user stopped it
    """The search was stopped before it was finished; its runs are in the store."""


class StoredSearch:
    """A search under way that the runner asks for jobs."""

    def __init__(self, plan: SearchPlan, store: Store, progress: Callable[[Progress], None] | None) -> None:
        self.plan = plan
        self.outcomes = Outcomes(store)
        self.course: Course = course(plan.search, progress)
        self.asked: list[Asked] = next(self.course)
        self.points: list[Point | str] = []
        self.found: Found | None = None
        self.keeper = Keeper(store, plan)

    def jobs(self) -> list[Job]:
        """Return what is to be run now; a point whose values make no scenario is left out and counts as failed."""
        self.points = self._points()
        return [
            Job(asked.point, asked.seed - self.plan.search.seed, asked.seed, point.scenario)
            for asked, point in zip(self.asked, self.points, strict=True)
            if not isinstance(point, str)
        ]

    def _points(self) -> list[Point | str]:
        """Return the scenario of every run asked for; where its point has none, why."""
        try:
            return list(self.plan.points(self.asked))
        except ExperimentError:
            made: dict[int, Point | str] = {}
            for one in self.asked:
                if one.point not in made:
                    made[one.point] = self._alone(one)
            return [made[one.point] for one in self.asked]

    def _alone(self, asked: Asked) -> Point | str:
        """Return a point's scenario; where it has none, why."""
        try:
            return self.plan.points([asked])[0]
        except ExperimentError as problem:
            return reason(problem)

    def then(self) -> list[Job]:
        """Take the outcomes of what was run and return what is to be run next; nothing when the search is over."""
        while self.found is None:
            try:
                self.asked = self.course.send(self._outcomes())
            except StopIteration as over:
                self.found = over.value
                self.keeper.end(over.value)
                return []
            jobs = self.jobs()
            self.keeper.add(self.asked, self.points)
            if jobs:
                return jobs
        return []

    def _outcomes(self) -> Results:
        """Return the outcomes of the runs asked for last."""
        return self.outcomes.of(
            [
                None if isinstance(point, str) else run_id(point.scenario, asked.seed)
                for asked, point in zip(self.asked, self.points, strict=True)
            ]
        )


def reason(problem: ExperimentError) -> str:
    """Return why the values of a single point make no scenario, without the places that only tables of points have."""
    told = ((one.field.rpartition(": ")[2], one) for one in problem.mistakes)
    return ", ".join(f"{field}: given {one.given}; allowed: {one.allowed}" for field, one in told)


def search_in(
    store: Any,
    plan: SearchPlan,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    follow: Callable[[Any], None] | None = None,
) -> Kept:
    """Make a search whose runs go into a store.

    The same search on the same store goes the same way without running anything again. It is written down there as an
    experiment whose kind is ``search``; ``found_in`` reads what it found.

    Args:
        store: a store or its address.
        plan: of a search file.
        scheduler: address of a Dask scheduler; processes of this machine when left out.
        workers: of this machine.
        progress: is told how far the search has come.
        follow: is told how far the runs asked for have come.

    Returns:
        What was found, as the store has it.

    Raises:
        SearchError: the search cannot be made.
        StoreError: the store cannot be used.
        SchedulerError: the scheduler cannot be reached.
        Stopped: the user stopped it.
    """
    from sim.study.runner import run_jobs

    kept = Store(store) if isinstance(store, str) else store
    under_way = StoredSearch(plan, kept, progress)
    first = under_way.jobs()
    if not first:
        raise SearchError(f"no point that {plan.search.name} tried first makes a scenario: look at its factors")
    kept.prepare()
    under_way.keeper.add(under_way.asked, under_way.points)
    ending = run_jobs(kept, first, scheduler=scheduler, workers=workers, progress=follow, then=under_way.then)
    if under_way.found is None:
        raise Stopped
    return Kept(
        found=under_way.found,
        failures=ending.failed,
        impossible=under_way.keeper.impossible,
        file=under_way.keeper.about(under_way.found.ended),
        folder=under_way.keeper.folder,
        model_version=model_version(),
    )
