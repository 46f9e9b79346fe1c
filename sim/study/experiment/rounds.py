"""The jobs of an experiment round by round: all at once, or until a precision is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.study.experiment.jobs import Job, Point, jobs_of
from sim.study.experiment.schema import Experiment
from sim.study.experiment.stopping import next_replications

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Rounds:
    """What to run next.

    Attributes:
        experiment: what is asked.
        points: of its design.
        frame: gives a row for each finished run: ``point``, ``replication``, and the outcomes whose precision counts.
        base: number of the point that others are compared with.
        asked: replications that each point was asked for so far, by its number.
    """

    experiment: Experiment
    points: Sequence[Point]
    frame: Callable[[], pd.DataFrame]
    base: int = 0
    asked: dict[int, int] = field(default_factory=dict)

    def first(self) -> Iterator[Job]:
        """Give the jobs that are made in any case."""
        count = self.experiment.first_replications
        self.asked = {point.number: count for point in self.points}
        return jobs_of(self.experiment, self.points, count)

    def further(self) -> list[Job]:
        """Return the jobs that the precision still asks for; none where all is known well enough, or none is asked."""
        precision = self.experiment.precision
        if precision is None:
            return []
        numbers = [point.number for point in self.points]
        wanted = next_replications(self.frame(), precision, numbers, self.asked, self.base)
        jobs = list(jobs_of(self.experiment, self.points, wanted, done=self.asked))
        self.asked |= wanted
        return jobs
