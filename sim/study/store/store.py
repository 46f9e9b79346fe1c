"""The store: every run that was ever finished, by the hash of what makes it that run."""

from __future__ import annotations

import functools
import json
import math
import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.outcomes import store_error
from sim.study.provenance import moment, version
from sim.study.run import RUN_FILE, to_json
from sim.study.store.catalogue import Catalogue, NoRunError, row_of
from sim.study.store.experiments import Experiments
from sim.study.store.place import Place, Writer
from sim.study.store.views import connect

if TYPE_CHECKING:
    import duckdb

STORE_FORMAT = 1
STORE_FILE = "store.json"
RUNS = "runs"
FAILURES = "failures"
OUTCOMES_FILE = "outcomes.parquet"
TABLES_MARK = "run.parquet"  # of the tables that a run may keep, the one that is written last
KEPT_TABLES = ("series",)  # that are kept of every run: daily series by district
DEFAULT_STORE = "results/store"


class Store:
    """A folder or an fsspec address that holds runs, experiments, failures, and a catalogue of them.

    Many processes on many machines may use it at once: a run's files are the same whoever writes them, and come into
    their place whole.

    Args:
        address: a path, or a URL that fsspec knows, such as ``s3://bucket/studies``.

    Attributes:
        place: where it is.
        address: the same from any working folder.
        catalogue: a row for each run, for queries.
        experiments: which runs belong together.

    Raises:
        StoreError: the address cannot be used, holds something else, or a store of a newer version.
    """

    def __init__(self, address: str = DEFAULT_STORE) -> None:
        self.place = Place(str(address))
        self.address = self.place.address
        self.catalogue = Catalogue(self.place, self.record, self.finished)
        self.experiments = Experiments(self.place)
        self.about = self._read_about()

    def _read_about(self) -> dict[str, Any] | None:
        """Return what the store says about itself, None where there is none yet."""
        try:
            about = json.loads(self.place.read(STORE_FILE))
        except FileNotFoundError:
            return None
        except ValueError as problem:
            raise store_error("use", self.address, f"its {STORE_FILE} is damaged ({problem})") from problem
        if not isinstance(about, dict) or not isinstance(about.get("format"), int):
            raise store_error("use", self.address, f"its {STORE_FILE} is none of gridtown's: choose another folder")
        if about["format"] > STORE_FORMAT:
            raise store_error(
                "use",
                self.address,
                f"it was made by a newer gridtown ({about.get('made_by', 'unknown')}, format {about['format']}; this "
                f"one knows {STORE_FORMAT}): bring gridtown up to date, or choose another --store",
            )
        return about

    @property
    def is_there(self) -> bool:
        """Whether anything was ever stored here."""
        return self.about is not None

    @property
    def id(self) -> str:
        """A name of its own, by which processes on other machines know that they see the same store.

        It is read whenever it is asked for: where a file system cannot tell the first of two who make a store, the last
        gives it its name.

        Raises:
            StoreError: there is no store here, or it cannot be read.
        """
        self.about = self._read_about()
        return str(self.must_exist()["id"])

    def must_exist(self) -> dict[str, Any]:
        """Return what the store says about itself.

        Raises:
            StoreError: there is no store here.
        """
        if self.about is None:
            raise store_error(
                "read", self.address, "there is no store: run `gridtown experiment` first, or name it with --store"
            )
        return self.about

    def prepare(self) -> None:
        """Make the store where there is none, and make sure that it can be written, before anything is run.

        Raises:
            StoreError: it cannot.
        """
        about = {"format": STORE_FORMAT, "id": uuid.uuid4().hex, "made": moment(), "made_by": version("gridtown")}
        if self.place.folder is not None:
            with self.place.telling("write", ""):
                self.place.folder.mkdir(parents=True, exist_ok=True)
        if self.about is None:
            others = self.place.names("")
            if others and STORE_FILE not in others:
                raise store_error(
                    "use", self.address, f"the folder holds other things ({others[0]}): choose another --store"
                )
            self.place.write_first(STORE_FILE, to_json(about).encode())
            self.about = self._read_about()
        elif self.place.folder is not None:
            with self.place.telling("write", ""), self.place.staged() as staged:
                (staged / "probe").write_bytes(b"x")
        self.place.sweep()

    # --- runs -------------------------------------------------------------------------------------------------

    def folder_of(self, id_: str) -> str:
        """Return where a run's files are, below the store's address."""
        return f"{RUNS}/{id_[:2]}/{id_}"

    def has(self, id_: str, *, tables: bool = False) -> bool:
        """Decide whether a run is finished with a record that is whole, and all its tables where those are asked for.

        Raises:
            StoreError: the store cannot be read.
        """
        try:
            row_of(id_, self.record(id_))
        except NoRunError:
            return False
        return not tables or self.place.holds(f"{self.folder_of(id_)}/{TABLES_MARK}")

    def finished(self, *, tables: bool = False) -> set[str]:
        """Return the names of all finished runs, by the files that are there and not by the catalogue.

        What is in the files is not looked at: of one whose record is damaged only ``has`` says so.
        """
        return set(self.place.marked(RUNS, TABLES_MARK if tables else RUN_FILE))

    def sound(self, *, tables: bool = False) -> set[str]:
        """Return the names of the finished runs whose records were whole when they came into the catalogue.

        Raises:
            StoreError: the store cannot be read.
        """
        known = set(self.catalogue.current()["run"].to_pylist())
        return known & self.finished(tables=True) if tables else known

    def write(
        self,
        id_: str,
        record: Mapping[str, Any],
        kept: Mapping[str, pa.Table] | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> None:
        """Write a finished run; a failure of the same run is forgotten.

        Args:
            id_: its name.
            record: the run record, its ``outcomes`` among it.
            kept: tables that are kept of every run.
            tables: all tables of the run, where they are to be kept.

        Raises:
            StoreError: the file system refuses; nothing is left half written.
        """
        numbers = record["outcomes"]
        long = pa.table({"outcome": list(numbers), "value": pa.array(numbers.values(), pa.float64())})
        files: dict[str, Writer] = {OUTCOMES_FILE: parquet_writer(long)}
        everything = {**(kept or {}), **(tables or {})}
        files |= {f"{name}.parquet": parquet_writer(table) for name, table in everything.items()}
        text = to_json({**record, "run": id_}).encode()
        files[RUN_FILE] = lambda file: file.write(text)
        folder = self.folder_of(id_)
        if tables and self.has(id_) and not self.has(id_, tables=True):
            self._add_tables(folder, files)
        else:
            self.place.write_folder(folder, files, RUN_FILE, lambda: self.has(id_))
        self.forget_failure(id_)

    def _add_tables(self, folder: str, files: dict[str, Writer]) -> None:
        """Put the tables of a run beside what is there of it, the one that marks them as whole last."""
        names = sorted(set(files) - {RUN_FILE, OUTCOMES_FILE}, key=lambda name: name == TABLES_MARK)
        for name in names:
            buffer = pa.BufferOutputStream()
            files[name](buffer)
            self.place.write(f"{folder}/{name}", buffer.getvalue().to_pybytes())

    def record(self, id_: str) -> dict[str, Any]:
        """Return a run's record; undefined outcomes are NaN.

        Raises:
            NoRunError: there is no such run, or its record is damaged.
            StoreError: the store cannot be read.
        """
        path = f"{self.folder_of(id_)}/{RUN_FILE}"
        try:
            content = self.place.read(path)
        except FileNotFoundError:
            raise NoRunError(f"cannot read {self.place.shown(path)}: there is no such run") from None
        try:
            record = json.loads(content)
            record["outcomes"] = {
                name: math.nan if value is None else float(value) for name, value in record["outcomes"].items()
            }
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise NoRunError(f"cannot read {self.place.shown(path)}: it is damaged ({problem})") from problem
        whole: dict[str, Any] = record
        return whole

    # --- failures ---------------------------------------------------------------------------------------------

    def write_failure(self, id_: str, record: Mapping[str, Any], scenario: Mapping[str, Any]) -> None:
        """Write a failed run's record, and its scenario as a file that ``gridtown run`` takes.

        Raises:
            StoreError: the file system refuses.
        """
        self.place.write(f"{FAILURES}/{id_}.yaml", to_json(scenario).encode())
        self.place.write(f"{FAILURES}/{id_}.json", to_json({**record, "scenario": scenario}).encode())

    def forget_failure(self, id_: str) -> None:
        """Remove a failure whose run has been finished after all."""
        for suffix in ("json", "yaml"):
            self.place.remove(f"{FAILURES}/{id_}.{suffix}")

    def failure(self, id_: str) -> dict[str, Any] | None:
        """Return a failed run's record, None where there is none."""
        try:
            record: dict[str, Any] = json.loads(self.place.read(f"{FAILURES}/{id_}.json"))
        except (FileNotFoundError, ValueError):
            return None
        return record

    def failures(self) -> dict[str, dict[str, Any]]:
        """Return the records of all failed runs that are not finished by now, by name."""
        names = [name.removesuffix(".json") for name in self.place.names(FAILURES) if name.endswith(".json")]
        found = {name: self.failure(name) for name in names if not self.has(name)}
        return {name: record for name, record in found.items() if record is not None}

    # --- all together -----------------------------------------------------------------------------------------

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Return a DuckDB connection with the views ``runs``, ``outcomes``, ``experiments``, ``replications``,
        ``all_replications``, ``points``, ``results`` and ``failures``; it reaches no file.

        Raises:
            StoreError: there is no store here, or it cannot be read.
        """
        self.must_exist()
        return connect(self.catalogue.current(), self.experiments, self.failures())

    def rebuild(self) -> int:
        """Make the catalogue anew from the runs' files and return how many runs it has.

        Raises:
            StoreError: there is no store here, or it cannot be read or written.
        """
        self.must_exist()
        return self.catalogue.rebuild()

    def catalogued(self, ids: Iterable[str]) -> None:
        """Append finished runs to the catalogue."""
        self.catalogue.append(list(ids))


def parquet_writer(table: pa.Table) -> Writer:
    """Return a function that writes a table into an open file."""
    return functools.partial(pq.write_table, table, compression="zstd")
