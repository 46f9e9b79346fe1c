"""What comes back from the replications of a comparison: told of as it comes, then put together into tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

from sim.outcomes import CATALOGUE
from sim.study.comparison import Failure
from sim.study.replication import Replication, Task

if TYPE_CHECKING:
    from sim.outcomes import Story

Step = Literal["building", "compiling", "connecting", "starting", "waiting", "finished", "lost"]


@dataclass(frozen=True)
class Progress:
    """How far a comparison has come.

    Attributes:
        done: replications finished, failed ones included.
        total: replications in all.
        failed: of those done.
        step: what has just been begun (``building``, ``compiling``, ``connecting`` to a scheduler, ``starting``,
            ``waiting`` for workers) or done (``finished``, ``lost``); its words are for whoever shows them.
        about: what the words of the step need: ``scenario``, ``seed``, ``seconds``, ``jobs``, ``type``, ``scheduler``.
        skipped: of those done, how many were stored before.
        seconds_left: expected until all is done, None while nothing is known.
    """

    done: int
    total: int
    failed: int
    step: Step
    about: Mapping[str, str | int | float]
    skipped: int = 0
    seconds_left: float | None = None


@dataclass
class Gathered:
    """What has come back so far, and who is told."""

    total: int
    tell: Callable[[Progress], None]
    finished: list[Replication] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def say(self, step: Step, **about: str | int | float) -> None:
        """Report how far things are."""
        done = len(self.finished) + len(self.failures)
        self.tell(Progress(done, self.total, len(self.failures), step, about))

    def take(self, task: Task, result: Replication | Failure) -> None:
        """Keep a result."""
        if isinstance(result, Failure):
            self.fail(result)
        else:
            self.finished.append(result)
            self.say("finished", scenario=task.scenario.name, seed=task.seed, seconds=result.seconds)

    def fail(self, failed: Failure) -> None:
        """Keep a failure."""
        self.failures.append(failed)
        self.say("lost", scenario=failed.scenario, seed=failed.seed, type=failed.type)


def long_table(finished: Sequence[Replication]) -> pd.DataFrame:
    """Return a row for each finished run and outcome: scenario, seed, outcome, value."""
    rows = [(one.scenario, one.seed, id_, value) for one in finished for id_, value in one.outcomes.items()]
    return pd.DataFrame(rows, columns=["scenario", "seed", "outcome", "value"]).astype({"value": "float64"})


def values_by_seed(
    finished: Sequence[Replication], names: Sequence[str], seeds: Sequence[int]
) -> dict[str, dict[str, list[float]]]:
    """Return each scenario's outcomes as lists in the order of the seeds, NaN for a run that failed."""
    known = {(one.scenario, one.seed): one.outcomes for one in finished}
    nan = float("nan")
    return {
        name: {id_: [known.get((name, seed), {}).get(id_, nan) for seed in seeds] for id_ in CATALOGUE}
        for name in names
    }


def stacked(finished: Sequence[Replication], what: str) -> pd.DataFrame:
    """Return one of the runs' frames, one below the other, with the scenario and the seed before it."""
    frames = []
    for one in finished:
        frame: pd.DataFrame = getattr(one, what).copy()
        frame.insert(0, "scenario", one.scenario)
        frame.insert(1, "seed", one.seed)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["scenario", "seed"])


def first_story(finished: Sequence[Replication], scenario: str) -> tuple[int, Story] | None:
    """Return the story of a scenario's first finished run that has one, with the run's seed before it."""
    told = ((one.seed, one.story) for one in finished if one.scenario == scenario and one.story is not None)
    return next(told, None)
