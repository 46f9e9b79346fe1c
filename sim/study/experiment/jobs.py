"""The runs of an experiment, in balanced order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.scenario import Scenario
from sim.study.experiment.parts import Scalar
from sim.study.experiment.schema import Experiment


@dataclass(frozen=True)
class Point:
    """One point of a design.

    Attributes:
        number: its row in the design, from 0.
        factors: value of each factor by name, as tables hold it (the name of a level that has one).
        scenario: what is run.
    """

    number: int
    factors: dict[str, Scalar]
    scenario: Scenario


@dataclass(frozen=True)
class Job:
    """One run of an experiment.

    Attributes:
        point: number of its point.
        replication: from 0; replications with one number share their seed.
        seed: of the run.
        scenario: what is run; that of the point.
        branch_day: day up to which the run is the base's of the same seed, or None. Until then no intervention acts
            that the points do not share, so the base is the scenario without those that begin on this day or later.
    """

    point: int
    replication: int
    seed: int
    scenario: Scenario
    branch_day: int | None = None


def jobs_of(
    experiment: Experiment,
    points: Sequence[Point],
    replications: int | Mapping[int, int],
    done: Mapping[int, int] | None = None,
) -> Iterator[Job]:
    """Yield the runs in balanced order: every point's first replication before any second.

    Args:
        experiment: whose seed and warm-up hold.
        points: of its design.
        replications: how many of each point, or how many by the point's number (none where it is not named).
        done: by the point's number, how many replications are left out because they were asked for before.
    """
    wanted = {
        point.number: replications if isinstance(replications, int) else replications.get(point.number, 0)
        for point in points
    }
    before = done or {}
    for replication in range(max(wanted.values(), default=0)):
        for point in points:
            if before.get(point.number, 0) <= replication < wanted[point.number]:
                seed = experiment.seed + replication
                yield Job(point.number, replication, seed, point.scenario, experiment.warm_up_days)
