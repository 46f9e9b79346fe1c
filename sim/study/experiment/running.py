"""Running an experiment into a store, from wherever it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sim.scenario import scenario_hash
from sim.study.experiment.jobs import Point
from sim.study.experiment.points import base_point, design_points, experiment_hash, study_record
from sim.study.experiment.rounds import Rounds
from sim.study.experiment.schema import Experiment
from sim.study.runner import Ending, run_jobs
from sim.study.store import Store, named

if TYPE_CHECKING:
    from sim.study.gathering import Progress


def run_experiment(
    experiment: Experiment,
    store: Store | str,
    *,
    points: Sequence[Point] | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    retry_failures: bool = False,
    progress: Callable[[Progress], None] | None = None,
    command: str | None = None,
) -> Ending:
    """Run what an experiment asks for and the store does not hold yet.

    Args:
        experiment: what is asked.
        store: a store, or its address.
        points: of the design, where they are known already.
        scheduler: address of a Dask scheduler; processes of this machine when left out.
        workers: processes of this machine; as many as it has processors and memory for when left out.
        retry_failures: try again also what failed before by a fault of its own.
        progress: told of every step.
        command: what the user typed, for the run records.

    Returns:
        How it ended.

    Raises:
        ExperimentError: the experiment has mistakes.
        StoreError: the store cannot be read or written.
        SchedulerError: the scheduler cannot be reached, or has gone.
    """
    store = store if isinstance(store, Store) else Store(store)
    points = design_points(experiment) if points is None else points
    store.prepare()
    folder = store.experiments.begin(
        experiment.name, experiment_hash(experiment), study_record(experiment), points_frame(points)
    )
    rounds = Rounds(
        experiment, points, lambda: finished_frame(store, experiment, points, rounds.asked), base_point(experiment)
    )
    return run_jobs(
        store,
        rounds.first(),
        scheduler=scheduler,
        workers=workers,
        progress=progress,
        experiment=folder,
        tables=experiment.records == "tables",
        retry_failures=retry_failures,
        then=rounds.further,
        command=command,
    )


def points_frame(points: Sequence[Point]) -> pd.DataFrame:
    """Return a row for each point: its number and a column for each factor."""
    return pd.DataFrame([{"point": point.number, **point.factors} for point in points])


def finished_frame(
    store: Store, experiment: Experiment, points: Sequence[Point], asked: dict[int, int]
) -> pd.DataFrame:
    """Return the outcomes whose precision counts, of all finished replications that were asked for.

    Returns:
        A row for each: point, replication, and a column for each outcome, NaN where no run in the store has it.
    """
    ids = list(experiment.precision.outcomes) if experiment.precision is not None else []
    hashes = [(point.number, scenario_hash(point.scenario)) for point in points]
    rows = [
        (number, replication, named(hash_, experiment.seed + replication))
        for number, hash_ in hashes
        for replication in range(asked.get(number, 0))
    ]
    asked_for = pd.DataFrame(rows, columns=["point", "replication", "run"])
    with store.connect() as connection:
        columns = ", ".join(["run", *(f'"{id_}"' for id_ in ids)])
        known = connection.execute(f"SELECT {columns} FROM outcomes").df()  # noqa: S608 (ids are those of the catalogue)
    return asked_for.merge(known, on="run").drop(columns="run")
