"""Many tasks over a few processes: bounded in flight, stopped cleanly, and not felled by a killed worker."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from sim.processes import begin_fork_server, interrupts_held

KILLED = (
    "the process that ran it was ended from outside again and again, the last time alone; most often the memory was "
    "used up: run a smaller scenario, or on a machine with more memory"
)
SPARE = 1  # tasks handed over beyond those being worked on, so that no worker waits for the next


@dataclass
class Pool[Task, Result]:
    """Works on tasks in processes of their own.

    Attributes:
        work: a function at the top of a module; it returns failures as values, so that what it raises is a defect.
        jobs: processes at once.
        done: called in this process with each task and its result, in the order in which they finish.
        lost: called with a task whose process was killed twice: with others running, and again alone.
        defect: called with a task and what ``work`` raised after all, such as a result that cannot be sent.
    """

    work: Callable[[Task], Result]
    jobs: int
    done: Callable[[Task, Result], None]
    lost: Callable[[Task], None]
    defect: Callable[[Task, BaseException], None]

    def run(self, tasks: Iterable[Task]) -> None:
        """Work on all tasks. When a process is killed, the tasks of that moment are tried again, each alone."""
        waiting: Iterator[Task] | None = iter(tasks)
        while waiting is not None:
            waiting, suspects = self._until_broken(waiting, self.jobs)
            for suspect in suspects:
                _, culprits = self._until_broken(iter([suspect]), 1)
                for culprit in culprits:
                    self.lost(culprit)
            # What was too much for so many at once may be right for fewer.
            self.jobs = max(1, self.jobs - 1)

    def _until_broken(self, waiting: Iterator[Task], jobs: int) -> tuple[Iterator[Task] | None, list[Task]]:
        """Work on tasks until none is left or a process is killed.

        Returns:
            The tasks not yet handed over, or None when all are done; and the tasks in flight when a process was
            killed, any of which may have been the cause.
        """
        others = set(multiprocessing.active_children())
        begin_fork_server()
        executor = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("forkserver"))
        in_flight: dict[Future[Result], Task] = {}
        try:
            while True:
                for task in itertools.islice(waiting, jobs + SPARE - len(in_flight)):
                    try:
                        with interrupts_held():
                            in_flight[executor.submit(self.work, task)] = task
                    except BrokenProcessPool:
                        return itertools.chain([task], waiting), self._collect(in_flight, wait(in_flight).done)
                if not in_flight:
                    return None, []
                suspects = self._collect(in_flight, wait(in_flight, return_when=FIRST_COMPLETED).done)
                if suspects:
                    return waiting, suspects + self._collect(in_flight, wait(in_flight).done)
        except BaseException:
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)

    def _collect(self, in_flight: dict[Future[Result], Task], finished: set[Future[Result]]) -> list[Task]:
        """Hand over what is finished; return the tasks that were lost with a killed process."""
        suspects = []
        for future in [one for one in in_flight if one in finished]:
            task = in_flight.pop(future)
            problem = future.exception()
            if problem is None:
                self.done(task, future.result())
            elif isinstance(problem, BrokenProcessPool):
                suspects.append(task)
            else:
                self.defect(task, problem)
        return suspects
