"""``gridtown experiment``: a designed set of scenarios, run into a store from wherever that stands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.commands.check import too_late, warn_of_late_policies
from sim.commands.ending import DONE, INTERRUPTED, SOME_FAILED, RequestError
from sim.commands.experiment_lines import duration, forecast_content, show_ending, show_forecast, show_question
from sim.commands.figures import print_json
from sim.commands.progress import Progress
from sim.commands.words import say
from sim.processes import begin_fork_server

if TYPE_CHECKING:
    from sim.study import Counts, Ending, Experiment, Forecast, Point, Store
    from sim.study import Progress as Step


@dataclass(frozen=True)
class ExperimentRequest:
    """What the user asked of an experiment.

    Attributes:
        experiment: file or library name.
        jobs: processes at once; None for as many as there are processors.
        scheduler: address of a Dask scheduler, or None for processes of this machine.
        resume: whether runs that are in the store are taken as they are.
        retry_failures: whether what failed before by a fault of its own is tried again.
        dry_run: only say what it would take.
        store: address of the store; None for the usual one.
        as_json: print data instead of text.
    """

    experiment: str
    jobs: int | None
    scheduler: str | None
    resume: bool
    retry_failures: bool
    dry_run: bool
    store: str | None
    as_json: bool


def experiment(asked: ExperimentRequest) -> int:
    """Run an experiment, or say what it would take.

    Raises:
        ExperimentError: the experiment has mistakes, or takes more than its budget.
        RequestError: the options do not go together.
        StoreError: the store cannot be used.
        SchedulerError: the scheduler cannot be reached, or has gone.
        TownError: a road network cannot be used.
    """
    if asked.jobs is not None and asked.scheduler is not None:
        raise RequestError(say("wrong.jobs_and_scheduler"))
    if asked.scheduler is None and not asked.dry_run:
        begin_fork_server()
    with Progress() as progress:
        progress.tell(say("progress.points", name=asked.experiment))
        plan, points = loaded(asked.experiment)
        store = store_of(asked.store)
        limited = plan.budget.hours is not None or plan.budget.gigabytes is not None
        expected = None
        if asked.dry_run or limited or not asked.resume:
            counts = counted_runs(plan, points, store)
            if counts.finished and not asked.resume:
                raise RequestError(say("wrong.no_resume", finished=counts.finished, different=counts.different))
            if asked.dry_run or limited:
                expected = sampled(plan, points, counts, asked, progress)
        ending = None if asked.dry_run else finished(asked, plan, points, store, expected, progress)
    if ending is None:
        return tell_forecast(asked, plan, expected)
    if asked.as_json:
        print_json(ending_content(ending, len(points)))
    else:
        show_ending(ending, plan, store.address, len(points))
    if ending.stopped:
        return INTERRUPTED
    return SOME_FAILED if ending.failed else DONE


def loaded(name: str) -> tuple[Experiment, list[Point]]:
    """Return an experiment and its points, all of them sound.

    Raises:
        ExperimentError: everything that is wrong.
        TownError: a road network cannot be used; or each of its runs would fail.
    """
    from sim.build import town_of
    from sim.study import design_points, load_experiment

    plan = load_experiment(name)
    points = design_points(plan)
    late = next((point.scenario for point in points if too_late(point.scenario)), None)
    if late is not None:
        warn_of_late_policies(late)
    seen = set()
    for point in points:
        town = point.scenario.town
        if town.kind != "synthetic" and town.model_dump_json() not in seen:
            seen.add(town.model_dump_json())
            town_of(point.scenario)
    return plan, points


def store_of(address: str | None) -> Store:
    """Return the store at an address, or the usual one.

    Raises:
        StoreError: it cannot be used.
    """
    from sim.study import DEFAULT_STORE, Store

    return Store(DEFAULT_STORE if address is None else address)


def counted_runs(plan: Experiment, points: list[Point], store: Store) -> Counts:
    """Return how many runs an experiment asks for, and how many are in the store."""
    from sim.study import count_runs, named

    there = store.sound(tables=plan.records == "tables") if store.is_there else set()
    return count_runs(plan, points, lambda hash_, seed: bool(there) and named(hash_, seed) in there)


def sampled(
    plan: Experiment, points: list[Point], counts: Counts, asked: ExperimentRequest, progress: Progress
) -> Forecast:
    """Return what an experiment will take, from a few runs that are made now.

    Raises:
        SchedulerError: the scheduler cannot be reached.
    """
    from sim.study import forecast, is_compiled, workers_at

    if not is_compiled():
        progress.tell(say("progress.compiling"))

    def tell(number: int, of: int) -> None:
        progress.tell(say("progress.sample"), number - 1, of)

    workers = None if asked.scheduler is None else workers_at(asked.scheduler)
    return forecast(plan, points, counts, jobs=asked.jobs, workers=workers, tell=tell)


def finished(
    asked: ExperimentRequest,
    plan: Experiment,
    points: list[Point],
    store: Store,
    expected: Forecast | None,
    progress: Progress,
) -> Ending:
    """Run what is not in the store yet.

    Raises:
        ExperimentError: it would take more than the budget.
        StoreError: the store cannot be written; what was finished is safe.
        SchedulerError: the scheduler cannot be reached, or has gone.
    """
    from sim.study import check_budget, run_experiment

    if expected is not None:
        check_budget(plan, expected)
    return run_experiment(
        plan,
        store,
        points=points,
        scheduler=asked.scheduler,
        workers=asked.jobs,
        retry_failures=asked.retry_failures,
        progress=lambda step: follow(step, progress),
    )


def follow(step: Step, progress: Progress) -> None:
    """Say how far the runs have come, and how long the others will take."""
    text = say(f"progress.{step.step}", **step.about)
    text = say("progress.failed", text=text, failed=step.failed) if step.failed else text
    left = step.seconds_left
    text = text if left is None or not math.isfinite(left) else say("progress.left", text=text, left=duration(left))
    progress.tell(text, step.done, step.total)


def tell_forecast(asked: ExperimentRequest, plan: Experiment, expected: Forecast | None) -> int:
    """Print what an experiment takes.

    Raises:
        ExperimentError: it is more than the budget.
    """
    from sim.study import check_budget

    if expected is None:
        return DONE
    if asked.as_json:
        print_json(forecast_content(plan, expected))
    else:
        show_question(plan)
        show_forecast(expected)
    check_budget(plan, expected)
    return DONE


def ending_content(ending: Ending, points: int) -> dict[str, Any]:
    """Return how an experiment ended, as plain data."""
    return {
        "points": points,
        "finished": ending.finished,
        "skipped": ending.skipped,
        "failed": [vars(one) for one in ending.failed],
        "stopped": ending.stopped,
        "damaged": ending.damaged,
    }
