"""Experiments as frames: what the store holds of them, a row for each finished run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.study.store import DEFAULT_STORE, Store
from sim.study.store.catalogue import PREFIX
from sim.study.store.experiments import RUN_COLUMNS, VERSION, shown_version

if TYPE_CHECKING:
    from sim.study.analysis import Study, StudyFactor


def load(store: Store | str = DEFAULT_STORE, experiment: str | None = None, version: str | None = None) -> pd.DataFrame:
    """Return the finished runs of an experiment, or of all experiments in a store, one row for each replication.

    Args:
        store: a store or its address.
        experiment: name of an experiment, or of its folder in the store; of several of one name the one begun last.
            All of them when left out.
        version: of the model, of an experiment that was run under several; when left out the present one, or the
            newest that has finished runs. ``gridtown query "select distinct model_version from all_replications"``
            lists them.

    Returns:
        Columns ``experiment, point, replication, seed, run``, one for each factor by its name, and one for each
        outcome by its id, NaN where it is undefined. Sorted by experiment, point and replication. Of a factor that
        another experiment has not, its rows have None or NaN.

    Raises:
        StoreError: there is no store, or it cannot be read.
        UnknownExperimentError: there is no such experiment.
        UnknownVersionError: the experiment that is named was never asked for under that version.
    """
    store = opened(store)
    folders = store.experiments.names() if experiment is None else [store.experiments.find(experiment)]
    if experiment is not None:
        store.experiments.must_have(folders[0], version)
    outcomes = outcome_frame(store)
    frames = [frame_of(store, folder, outcomes, version) for folder in folders]
    frames = [frame for frame in frames if len(frame)] or frames[:1]
    if not frames:
        return outcomes.iloc[:0].assign(**{name: None for name in RUN_COLUMNS if name != "run"})[
            [*RUN_COLUMNS, *(name for name in outcomes.columns if name != "run")]
        ]
    # Factors stand before outcomes also where the experiments' factors differ, or are called like an outcome.
    factors = [name for folder in folders for name in store.experiments.points(folder).columns]
    first = list(dict.fromkeys([*RUN_COLUMNS, *factors]))
    whole = pd.concat(frames, ignore_index=True)
    return whole[[*first, *(name for name in whole.columns if name not in first)]]


def study_of(store: Store | str, experiment: str, version: str | None = None) -> Study:
    """Return an experiment with its finished runs, as the analyses take it.

    Args:
        store: a store or its address.
        experiment: name of an experiment, or of its folder in the store.
        version: of the model, as ``load`` takes it.

    Raises:
        StoreError: there is no store, or it cannot be read.
        UnknownExperimentError: there is no such experiment.
        UnknownVersionError: it was never asked for under that version.
    """
    from sim.study.analysis import Study

    store = opened(store)
    folder = store.experiments.find(experiment)
    record = store.experiments.about(folder)
    asked: dict[str, Any] = record["experiment"]
    frame = load(store, folder, version)
    asked_for = store.experiments.all_runs(folder)
    shown = shown_version(asked_for, frame["run"]) if version is None else version
    return Study(
        frame=frame,
        factors=[study_factor(one) for one in asked.get("factors") or ()],
        design=dict(asked.get("design") or {}),
        outcomes=list(asked.get("outcomes") or ()),
        name=str(record["name"]),
        title=str(asked.get("title") or ""),
        base_point=int(asked.get("base_point") or 0),
        experiment=asked,
        model_version=shown,
        days=days_of(store, frame),
        missing=int((asked_for[VERSION] == shown).sum()) - len(frame),
    )


def days_of(store: Store, frame: pd.DataFrame) -> tuple[float, ...]:
    """Return how many days runs have, each number once, ascending."""
    rows = store.catalogue.current().select(["run", "days"]).to_pandas()
    return tuple(sorted(float(one) for one in rows[rows["run"].isin(frame["run"])]["days"].unique()))


def study_factor(record: dict[str, Any]) -> StudyFactor:
    """Return a factor from an experiment's record; of levels with names, the names, as the frame holds them."""
    from sim.study.analysis import StudyFactor

    levels = record.get("levels")
    return StudyFactor(
        name=str(record["name"]),
        low=record.get("low"),
        high=record.get("high"),
        levels=None if levels is None else list(levels),
        whole=bool(record.get("whole", False)),
        scale=str(record.get("scale") or "linear"),
    )


def opened(store: Store | str) -> Store:
    """Return a store that is there.

    Raises:
        StoreError: there is none, or it cannot be used.
    """
    store = store if isinstance(store, Store) else Store(store)
    store.must_exist()
    return store


def outcome_frame(store: Store) -> pd.DataFrame:
    """Return the outcomes of all finished runs: ``run``, then a column for each outcome by its id."""
    rows = store.catalogue.current()
    kept = [name for name in rows.column_names if name == "run" or name.startswith(PREFIX)]
    frame: pd.DataFrame = rows.select(kept).rename_columns([name.removeprefix(PREFIX) for name in kept]).to_pandas()
    return frame


def frame_of(store: Store, folder: str, outcomes: pd.DataFrame, version: str | None = None) -> pd.DataFrame:
    """Return the finished runs of one experiment, all of one version of the model."""
    points = store.experiments.points(folder)
    runs = store.experiments.runs(folder, set(outcomes["run"]), version)
    factors = runs.merge(points, on="point", how="inner", validate="many_to_one")
    # A factor may be called like an outcome; the factor is what was asked for, and keeps the name.
    clashing = [name for name in points.columns if name in outcomes.columns and name != "run"]
    frame = factors.merge(outcomes.drop(columns=clashing), on="run", how="inner", validate="many_to_one")
    return frame.sort_values(["point", "replication"], ignore_index=True)
