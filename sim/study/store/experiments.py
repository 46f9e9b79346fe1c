"""The experiments of a store: what each asked, its points, and which runs are its replications."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.outcomes import StoreError, parquet_table, store_error
from sim.study.provenance import moment
from sim.study.run import without_nan
from sim.study.store.identity import model_version
from sim.study.store.place import Place

EXPERIMENTS = "experiments"
ABOUT_FILE = "experiment.json"
POINTS_FILE = "points.parquet"
RUNS_FILE = "runs.parquet"
RUN_COLUMNS = ("experiment", "point", "replication", "seed", "run")  # beside which factors' columns stand
VERSION = "model_version"  # of the rules under which a run was asked for; "" where that was not written down
AS_JSON = b"gridtown.json"  # marks a column whose values are of several kinds, each written as JSON


class UnknownExperimentError(StoreError):
    """A name is that of no experiment in the store; the message lists those that are there."""


class UnknownVersionError(StoreError):
    """An experiment was never asked for under a version of the model; the message lists those that it was."""


@dataclass(frozen=True)
class Experiments:
    """The experiments of a store, each in a folder ``<name>-<8 digits of its hash>``."""

    place: Place

    def begin(self, name: str, hash_: str, about: Mapping[str, Any], points: pd.DataFrame) -> str:
        """Write what an experiment asks; the same experiment again changes nothing but how it is shown.

        Args:
            name: of the experiment.
            hash_: of all that its runs depend on; its title and the outcomes that it shows may change.
            about: the experiment as plain JSON: ``title``, ``factors``, ``design``, ``outcomes``, ``base_point`` and
                whatever else it says.
            points: a row for each point: ``point``, then a column for each factor.

        Returns:
            The name of its folder.

        Raises:
            StoreError: the file system refuses.
        """
        folder = folder_name(name, hash_)
        path, record = f"{EXPERIMENTS}/{folder}/{ABOUT_FILE}", {"name": name, "hash": hash_, "experiment": dict(about)}
        if self.place.holds(path):
            text = as_text({**record, "begun": self.about(folder).get("begun")})
            if text.encode() != self.place.read(path):
                self.place.write(path, text.encode())
        else:
            self._write(f"{folder}/{POINTS_FILE}", packed(points))
            self.place.write(path, as_text({**record, "begun": moment()}).encode())
        return folder

    def plan(self, folder: str, rows: Iterable[tuple[int, int, int, str]], version: str | None = None) -> None:
        """Write which runs are an experiment's; those written before stay, also those of other versions of the model.

        Args:
            folder: of the experiment.
            rows: point, replication, seed, run.
            version: of the model; the present one when left out.

        Raises:
            StoreError: the file system refuses.
        """
        before, new = self.all_runs(folder), runs_frame(folder, rows, version)
        both = pd.concat([before, new], ignore_index=True) if len(before) else new
        ages = {one: age for age, one in enumerate(dict.fromkeys(both[VERSION]))}
        # A changed rule gives every run another name: what was asked before stays beside it, under its own version.
        both = both.drop_duplicates(["point", "replication", "run"], keep="last")
        both = both.drop_duplicates(["point", "replication", VERSION], keep="last")
        both = both.assign(age=both[VERSION].map(ages))
        both = both.sort_values(["age", "replication", "point"], ignore_index=True).drop(columns="age")
        if not both.equals(before):
            self._write(f"{folder}/{RUNS_FILE}", pa.Table.from_pandas(both, preserve_index=False))

    def tell_again(self, folder: str, points: pd.DataFrame, rows: Iterable[tuple[int, int, int, str | None]]) -> None:
        """Write points and runs in place of those written before: of a search, which finds its points as it goes.

        Args:
            folder: of the experiment.
            points: a row for each point, as ``begin`` takes them.
            rows: point, replication, seed, run; None for the run of a point that makes no scenario.

        Raises:
            StoreError: the file system refuses.
        """
        self._write(f"{folder}/{POINTS_FILE}", packed(points))
        self._write(f"{folder}/{RUNS_FILE}", pa.Table.from_pandas(runs_frame(folder, rows), preserve_index=False))

    def _write(self, path: str, table: pa.Table) -> None:
        """Write a table below the folder of experiments."""
        buffer = pa.BufferOutputStream()
        pq.write_table(table, buffer, compression="zstd")
        self.place.write(f"{EXPERIMENTS}/{path}", buffer.getvalue().to_pybytes())

    def _read(self, path: str) -> pa.Table | None:
        """Return a table below the folder of experiments, None where there is none."""
        try:
            content = self.place.read(f"{EXPERIMENTS}/{path}")
        except FileNotFoundError:
            return None
        try:
            return parquet_table(content)
        except (pa.ArrowException, OSError) as problem:  # Arrow raises either for a damaged file
            raise store_error("read", self.place.shown(EXPERIMENTS, path), f"it is damaged ({problem})") from problem

    def names(self) -> list[str]:
        """Return the folders of all experiments; one whose record was never written has not begun."""
        names = self.place.names(EXPERIMENTS)
        return [name for name in names if self.place.holds(f"{EXPERIMENTS}/{name}/{ABOUT_FILE}")]

    def about(self, folder: str) -> dict[str, Any]:
        """Return what an experiment's record says: ``name``, ``hash``, ``begun``, ``experiment``.

        Raises:
            StoreError: it is missing or damaged.
        """
        path = f"{EXPERIMENTS}/{folder}/{ABOUT_FILE}"
        try:
            record: dict[str, Any] = json.loads(self.place.read(path))
        except (FileNotFoundError, ValueError) as problem:
            raise store_error("read", self.place.shown(path), f"it is missing or damaged ({problem})") from problem
        return record

    def points(self, folder: str) -> pd.DataFrame:
        """Return an experiment's points: ``point``, then a column for each factor."""
        table = self._read(f"{folder}/{POINTS_FILE}")
        return pd.DataFrame({"point": pd.Series(dtype="int64")}) if table is None else unpacked(table)

    def all_runs(self, folder: str) -> pd.DataFrame:
        """Return an experiment's runs under all versions of the model, oldest first, with ``model_version``."""
        table = self._read(f"{folder}/{RUNS_FILE}")
        if table is None:
            return pd.DataFrame(columns=[*RUN_COLUMNS, VERSION])
        frame: pd.DataFrame = table.to_pandas()
        return frame if VERSION in frame.columns else frame.assign(**{VERSION: ""})

    def versions(self, folder: str) -> list[str]:
        """Return the versions of the model under which an experiment's runs were asked for, oldest first."""
        return [str(one) for one in dict.fromkeys(self.all_runs(folder)[VERSION])]

    def must_have(self, folder: str, version: str | None) -> None:
        """Make sure that an experiment was asked for under a version of the model; None is the one that is shown.

        Raises:
            UnknownVersionError: it was not.
        """
        versions = self.versions(folder)
        if version is not None and version not in versions:
            there = ", ".join(versions) if versions else "none yet"
            raise UnknownVersionError(f"{folder} has no runs of the model version {version!r}; there: {there}")

    def runs(self, folder: str, finished: Collection[str] = (), version: str | None = None) -> pd.DataFrame:
        """Return an experiment's runs under one version of the model, since runs of different rules do not compare.

        Args:
            folder: of the experiment.
            finished: names of runs, by which it is known which versions have any.
            version: which one; when left out the present one if it has a finished run, else the last asked for that
                has one, else the last asked for.

        Returns:
            A row for each run, finished or not: experiment, point, replication, seed, run.
        """
        frame = self.all_runs(folder)
        return frame.loc[frame[VERSION] == (shown_version(frame, finished) if version is None else version)][
            list(RUN_COLUMNS)
        ].reset_index(drop=True)

    def find(self, given: str) -> str:
        """Return the folder of an experiment by that name or by the experiment's; of several the one begun last.

        Of those begun in the same second it is the one whose folder's name comes last.

        Raises:
            UnknownExperimentError: there is none.
        """
        names = self.names()
        if given in names:
            return given
        fitting = [name for name in names if name.rpartition("-")[0] == given]
        if not fitting:
            there = ", ".join(names) if names else "none yet"
            raise UnknownExperimentError(f"{self.place.address} has no experiment {given!r}; there: {there}")
        return max(fitting, key=lambda name: (str(self.about(name).get("begun", "")), name))


def folder_name(name: str, hash_: str) -> str:
    """Return in what folder an experiment of a name and a hash is kept."""
    return f"{name}-{hash_[:8]}"


def runs_frame(
    folder: str, rows: Iterable[tuple[int, int, int, str | None]], version: str | None = None
) -> pd.DataFrame:
    """Return runs as an experiment's table has them; of the present version of the model when none is given."""
    frame = pd.DataFrame([(folder, *row) for row in rows], columns=list(RUN_COLUMNS)).astype(
        {"point": "int64", "replication": "int64", "seed": "int64"}
    )
    frame[VERSION] = model_version() if version is None else version
    return frame


def as_text(record: Mapping[str, Any]) -> str:
    """Return an experiment's record as JSON; not sorted: levels that have names are a mapping, in an order meant."""
    return json.dumps(without_nan(dict(record)), indent=2, ensure_ascii=False, allow_nan=False)


def shown_version(runs: pd.DataFrame, finished: Collection[str]) -> str:
    """Return the version of the model whose runs stand for an experiment; see ``Experiments.runs``."""
    versions = list(dict.fromkeys(runs[VERSION]))
    if len(versions) < 2:
        return str(versions[0]) if versions else ""
    with_runs = set(runs.loc[runs["run"].isin(list(finished)), VERSION])
    of_now = [one for one in versions if one == model_version()]
    fitting = [one for one in [*versions, *of_now] if one in with_runs]
    return str([*versions, *fitting][-1])


def packed(frame: pd.DataFrame) -> pa.Table:
    """Return a frame as a table; a column of several kinds of values as JSON, which its field says."""
    fields, columns = [], []
    for name in frame.columns:
        values = frame[name].tolist()
        kinds = {float if type(value) is int else type(value) for value in values}
        try:
            column = pa.array(values)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            column = None
        if column is None or len(kinds) > 1:
            columns.append(pa.array([json.dumps(value) for value in values]))
            fields.append(pa.field(str(name), pa.string(), metadata={AS_JSON: b"1"}))
        else:
            columns.append(column)
            fields.append(pa.field(str(name), column.type))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def unpacked(table: pa.Table) -> pd.DataFrame:
    """Return the frame that ``packed`` was given."""
    frame: pd.DataFrame = table.to_pandas()
    for field in table.schema:
        if AS_JSON in (field.metadata or {}):
            frame[field.name] = [json.loads(value) for value in frame[field.name]]
    return frame
