"""One replication of a comparison, as a task that a process of its own can take and a value that it can send back."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from sim.study.comparison import Failure
from sim.study.run import run_one
from sim.study.summaries import call_sample, district_frame, telling_story, unit_frame, weekly_series

if TYPE_CHECKING:
    import pandas as pd

    from sim.outcomes import Story
    from sim.scenario import Scenario
    from sim.town import Town


@dataclass(frozen=True)
class Task:
    """A replication to be made.

    Attributes:
        scenario: what to run.
        seed: of the replication.
        town: built once for all that share it.
        folder: below which the run's records are written; None writes nothing.
        most_calls: how many calls of the run a report may show.
        command: of the whole comparison, for the run record.
        replay: a command that makes just this run.
        replace: write over a different run that is in the way.
    """

    scenario: Scenario
    seed: int
    town: Town
    folder: Path | None
    most_calls: int
    command: str
    replay: str
    replace: bool = False


@dataclass(frozen=True)
class Replication:
    """A replication that was made: its outcomes and what a report shows of it."""

    scenario: str
    seed: int
    outcomes: Mapping[str, float]
    calls: pd.DataFrame
    series: pd.DataFrame
    districts: pd.DataFrame
    unit_time: pd.DataFrame
    story: Story | None
    seconds: float


class Caught:
    """Keeps what a block raises as a value, so that one failed replication does not end the others.

    Interrupts and exits pass through.
    """

    problem: Exception | None = None

    def __enter__(self) -> Caught:
        """Begin to watch."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Keep an error and go on after the block."""
        if isinstance(problem, Exception):
            self.problem = problem
            return True
        return False


def failure(scenario: str, seed: int, replay: str, problem: BaseException) -> Failure:
    """Return a failed replication as a value."""
    message = str(problem) or type(problem).__name__
    if isinstance(problem, MemoryError):
        message += "; use fewer --jobs, or a machine with more memory"
    return Failure(
        scenario, seed, type(problem).__name__, message, "".join(traceback.format_exception(problem)), replay
    )


def replicate(task: Task) -> Replication | Failure:
    """Make a replication; whatever goes wrong comes back as a value."""
    clock = time.perf_counter()
    with Caught() as caught:
        result = run_one(
            task.scenario, task.seed, task.folder, town=task.town, command=task.command, replace=task.replace
        )
        return Replication(
            scenario=task.scenario.name,
            seed=task.seed,
            outcomes=result.outcomes,
            calls=call_sample(result.records, task.seed, task.most_calls),
            series=weekly_series(result.records),
            districts=district_frame(result.records),
            unit_time=unit_frame(result.records),
            story=telling_story(result.records),
            seconds=time.perf_counter() - clock,
        )
    # Reached only when the block above raised.
    return failure(task.scenario.name, task.seed, task.replay, caught.problem or RuntimeError("no error was kept"))
