"""What is in a store, in a few rows: its experiments, and the means of one's outcomes at each point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from sim.study.loading import load
from sim.study.search import SEARCH
from sim.study.store import Store, model_version
from sim.study.store.experiments import RUN_COLUMNS

EXPERIMENTS = """
SELECT experiments.experiment, any_value(experiments.title) AS title, any_value(experiments.kind) AS kind,
       any_value(experiments.begun) AS begun, any_value(experiments.ended) AS ended,
       count(DISTINCT replications.point) AS points,
       count(replications.run) AS asked,
       count(runs.run) AS finished,
       count(failures.run) AS failed,
       count(runs.run) FILTER (runs.model_version <> ?) AS older
FROM experiments
LEFT JOIN {replications} AS replications USING (experiment)
LEFT JOIN runs ON runs.run = replications.run
LEFT JOIN failures ON failures.run = replications.run
GROUP BY experiments.experiment
ORDER BY begun, experiments.experiment
"""
RUNS = "SELECT count(*), count(*) FILTER (model_version <> ?) FROM runs"


def experiments_in(store: Store, version: str | None = None) -> pd.DataFrame:
    """Return a row for each experiment, of its runs under one version of the model, as ``load`` takes it.

    Columns: ``experiment`` (its folder), ``title``, ``kind`` (of its design, or ``search``), ``begun``, ``state``,
    ``points``, and of its replications how many were ``asked`` for, are ``finished``, have ``failed``, and, of those
    finished, how many were made under ``older`` rules. The state is ``done`` when a search has ended, or when no run
    that an experiment has asked for is missing; else ``open``.

    Raises:
        StoreError: there is no store, or it cannot be read.
    """
    with store.connect() as connection:
        if version is None:
            found = connection.execute(EXPERIMENTS.format(replications="replications"), [model_version()]).df()
        else:
            of_version = "(SELECT * FROM all_replications WHERE model_version = ?)"
            query = EXPERIMENTS.format(replications=of_version)
            found = connection.execute(query, [model_version(), version]).df()
    is_done = found["ended"].notna() | (
        (found["kind"] != SEARCH) & (found["finished"] + found["failed"] >= found["asked"])
    )
    return found.drop(columns="ended").assign(state=is_done.map({True: "done", False: "open"}))


def runs_in(store: Store) -> tuple[int, int]:
    """Return how many runs a store has, and how many of them were made under older rules.

    Raises:
        StoreError: there is no store, or it cannot be read.
    """
    with store.connect() as connection:
        found = connection.execute(RUNS, [model_version()]).fetchone()
    return (0, 0) if found is None else (int(found[0]), int(found[1]))


def point_table(store: Store, folder: str, outcomes: Sequence[str], version: str | None = None) -> pd.DataFrame:
    """Return a row for each point of an experiment, those without a finished run included.

    The runs are those under one version of the model, as ``load`` takes it.

    Columns: ``point``, the factors, ``runs`` (finished), and for each outcome ``<id>`` with its mean over the runs that
    define it and ``<id>_se`` with the standard error of that mean, NaN where fewer than two do.

    Raises:
        StoreError: the store cannot be read.
        UnknownVersionError: the experiment was never asked for under that version.
    """
    frame = load(store, folder, version)
    points = store.experiments.points(folder).set_index("point")
    found = frame.groupby("point")
    columns: dict[str, Any] = {"runs": found.size()}
    for id_ in outcomes:
        if id_ in frame.columns and id_ not in RUN_COLUMNS:
            columns[id_] = found[id_].mean()
            columns[f"{id_}_se"] = found[id_].sem()
    means = pd.DataFrame(columns, index=found.size().index)
    table = points.join(means).reset_index()
    table["runs"] = table["runs"].fillna(0).astype("int64")
    return table
