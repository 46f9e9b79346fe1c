"""Running many jobs into a store: those that are there already are not run again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

from sim.outcomes import StoreError
from sim.study.comparing import jobs_used
from sim.study.comparison import Failure
from sim.study.gathering import Progress
from sim.study.pool import KILLED
from sim.study.provenance import command_line
from sim.study.runner.cluster import Crew, SchedulerError, crew
from sim.study.runner.dispatch import Dispatch
from sim.study.runner.orders import Ending, Made, Namer, Order, Runnable
from sim.study.runner.work import write_failure
from sim.study.store import Store
from sim.study.warm import is_compiled

BATCH = 200  # finished runs that are put into the catalogue together
BATCH_SECONDS = 20.0

Tell = Callable[[Progress], None]


def run_jobs(
    store: Store | str,
    jobs: Iterable[Runnable],
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Tell | None = None,
    experiment: str | None = None,
    tables: bool = False,
    retry_failures: bool = False,
    then: Callable[[], Iterable[Runnable]] | None = None,
    command: str | None = None,
) -> Ending:
    """Run jobs that are not in the store yet, and store them.

    Nothing but names comes back from the workers; they write to the store themselves. Finished runs are safe whatever
    happens to a worker, the scheduler or this process, and the same call goes on where the last one stopped. A script
    that calls it needs ``if __name__ == "__main__":``, as with every process that Python starts.

    Args:
        store: a store or its address.
        jobs: in the order in which they are to be made; equal ones are made once.
        scheduler: address of a Dask scheduler; processes of this machine when left out.
        workers: of this machine, as many as it has processors (and memory for) when left out; 1 or more.
        progress: told of every step.
        experiment: folder of the experiment (``store.experiments.begin``) whose replications the jobs are.
        tables: keep all tables of every run, not only its outcomes and its daily series by district.
        retry_failures: try again also what failed before by a fault of its own. What failed for want of memory, disk
            or because its process was killed is tried again in any case.
        then: asked for further jobs when all are done, until it has none; sees all that is finished.
        command: what the user typed, for the run records; this process's command line when left out.

    Returns:
        How it ended; ``stopped`` where Ctrl-C ended it before all was done.

    Raises:
        StoreError: the store cannot be read or written; what was finished is safe.
        SchedulerError: the scheduler cannot be reached or has gone; what was finished is safe.
    """
    store = store if isinstance(store, Store) else Store(store)
    store.prepare()
    sound = store.sound(tables=tables)
    study = Running(
        store=store,
        namer=Namer(store.address, store.id, tables, command_line() if command is None else command),
        tell=progress or (lambda _: None),
        done_before=sound,
        damaged_before=store.finished(tables=tables) - sound,
        failed_before=store.failures(),
        retry_failures=retry_failures,
    )
    stopped = False
    with ExitStack() as stack:
        hired: Crew | None = None
        try:
            wanted = list(jobs)
            while wanted:
                waiting = study.sort_out(wanted, experiment)
                if waiting:
                    if hired is None:
                        processes = count_of(waiting, workers)
                        study.say_of_start(scheduler, processes)
                        hired = stack.enter_context(crew(scheduler, processes))
                    study.work_off(waiting, hired)
                wanted = list(then()) if then is not None else []
        except KeyboardInterrupt:
            stopped = True
            if hired is not None:
                hired.drop()
        except BaseException:
            if hired is not None:
                hired.drop()
            raise
        finally:
            with suppress(StoreError):
                study.put_into_catalogue()
                if study.made and not stopped:
                    store.catalogue.compact()  # one file is read several times as fast as twenty
    return Ending(study.made, len(study.skipped), study.failures(), stopped, study.damaged)


def count_of(jobs: Sequence[Runnable], workers: int | None) -> int:
    """Return how many workers of this machine are of use."""
    scenarios = list({id(job.scenario): job.scenario for job in jobs}.values())
    return min(jobs_used(workers, scenarios, len(jobs)), len(jobs))


@dataclass
class Running:
    """A study under way."""

    store: Store
    namer: Namer
    tell: Tell
    done_before: set[str]
    damaged_before: set[str]
    failed_before: dict[str, dict[str, Any]]
    retry_failures: bool = False
    made: int = 0
    damaged: int = 0
    skipped: set[str] = field(default_factory=set)
    asked: dict[str, Runnable] = field(default_factory=dict)
    failed: dict[str, Failure] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)
    _written: float = field(default_factory=time.monotonic)
    _begun: float = field(default_factory=time.monotonic)
    _before: int = 0

    def sort_out(self, jobs: Sequence[Runnable], experiment: str | None) -> list[Runnable]:
        """Return the jobs that must be run, each once; write down which runs are the experiment's."""
        waiting = []
        rows = []
        for job in jobs:
            name = self.namer.name(job)
            rows.append((job.point, job.replication, job.seed, name))
            if name in self.asked:
                continue
            self.asked[name] = job
            if name in self.done_before:
                self.skipped.add(name)
            elif self.failed_before.get(name, {}).get("lasting") and not self.retry_failures:
                self.failed[name] = told_of(self.failed_before[name])
            else:
                self.damaged += name in self.damaged_before
                waiting.append(job)
        if experiment is not None:
            self.store.experiments.plan(experiment, rows)
        return waiting

    def work_off(self, jobs: Sequence[Runnable], hired: Crew) -> None:
        """Have jobs run.

        Raises:
            StoreError: the store cannot be written.
            SchedulerError: the scheduler or its workers cannot be used.
        """
        self._before = self.ended
        Dispatch(hired, self.take, self.lost, self.defect, self.idle).work_off(self.orders(jobs), len(jobs))
        self.put_into_catalogue()

    def orders(self, jobs: Sequence[Runnable]) -> Iterator[Order]:
        """Yield what the workers are told."""
        for job in jobs:
            attempts = int(self.failed_before.get(self.namer.name(job), {}).get("attempts", 0))
            yield self.namer.order(job, attempts)

    @property
    def ended(self) -> int:
        """Runs that were finished, failed or there before."""
        return self.made + len(self.skipped) + len(self.failed)

    def say(self, step: Any, **about: str | int | float) -> None:
        """Report how far things are."""
        # From the first answer on: until then the workers were starting.
        since_first = self.ended - self._before - 1
        self._begun = time.monotonic() if since_first <= 0 else self._begun
        left = len(self.asked) - self.ended
        each = (time.monotonic() - self._begun) / since_first if since_first > 0 else None
        self.tell(
            Progress(
                self.ended,
                len(self.asked),
                len(self.failed),
                step,
                about,
                skipped=len(self.skipped),
                seconds_left=0.0 if left == 0 else None if each is None else each * left,
            )
        )

    def say_of_start(self, scheduler: str | None, processes: int) -> None:
        """Report what is waited for before the first run."""
        if scheduler is not None:
            self.say("connecting", scheduler=scheduler)
        else:
            self.say("starting" if is_compiled() else "compiling", jobs=processes)

    def take(self, order: Order, made: Made) -> None:
        """Take a worker's answer.

        Raises:
            StoreError: it could not write.
            SchedulerError: it is another's worker.
        """
        if made.state == "full":
            raise StoreError(made.message)
        if made.state == "foreign":
            raise SchedulerError(made.message)
        if made.state == "failed":
            self.fail(order)
            return
        self.made += 1
        self.fresh.append(order.run)
        if len(self.fresh) >= BATCH or time.monotonic() - self._written > BATCH_SECONDS:
            self.put_into_catalogue()
        self.say("finished", scenario=self.asked[order.run].scenario.name, seed=order.seed, seconds=made.seconds)

    def fail(self, order: Order) -> None:
        """Take a failed run, whose record is written."""
        self.failed[order.run] = told_of(self.store.failure(order.run) or {"seed": order.seed})
        told = self.failed[order.run]
        self.say("lost", scenario=told.scenario, seed=told.seed, type=told.type)

    def lost(self, order: Order) -> None:
        """Write down a run whose worker was killed twice."""
        write_failure(order, self.store, RuntimeError(KILLED), lasting=False, type_="ProcessKilled")
        self.fail(order)

    def defect(self, order: Order, problem: BaseException) -> None:
        """Write down a run of which a worker raised what it should have caught."""
        write_failure(order, self.store, problem, lasting=False)
        self.fail(order)

    def idle(self, workers: int) -> None:
        """Say that a cluster has no workers yet; use the time to write the catalogue."""
        if workers == 0:
            self.say("waiting")
        if self.fresh and time.monotonic() - self._written > BATCH_SECONDS:
            self.put_into_catalogue()

    def put_into_catalogue(self) -> None:
        """Add the finished runs to the catalogue."""
        names, self.fresh = self.fresh, []
        self._written = time.monotonic()
        if names:
            self.store.catalogued(names)

    def failures(self) -> list[Failure]:
        """Return the failed runs in the order in which they were asked for."""
        return [self.failed[name] for name in self.asked if name in self.failed]


def told_of(record: dict[str, Any]) -> Failure:
    """Return a failed run from its record."""
    type_, message, trace, command = (str(record.get(name) or "") for name in ("type", "message", "trace", "replay"))
    return Failure(str(record.get("scenario_name", "")), int(record["seed"]), type_, message, trace, command)
