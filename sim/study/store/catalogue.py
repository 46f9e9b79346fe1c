"""The catalogue: a row for each finished run with all its outcomes, in a few Parquet files that queries read.

It holds nothing that the runs' own files do not say, so it may be lost, be behind or name a run twice at any moment:
whoever reads it compares it with the files first and mends what differs. Each writer writes files of its own names, so
that several at once are never in each other's way.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.outcomes import StoreError, parquet_table
from sim.study.store.place import Place

CATALOGUE = "catalogue"
MOST_SHARDS = 24  # from which on they are made one
PREFIX = "outcome:"  # of the columns of outcomes, whose ids are not known beforehand

ABOUT = pa.schema(
    [
        ("run", pa.string()),
        ("scenario", pa.string()),
        ("seed", pa.int64()),
        ("days", pa.float64()),
        ("model_version", pa.string()),
        ("gridtown", pa.string()),
        ("started", pa.string()),
        ("finished", pa.string()),
        ("seconds", pa.float64()),
        ("command", pa.string()),
    ]
)


class NoRunError(StoreError):
    """There is no such run, or its record is damaged, so that it has to be made again."""


class Catalogue:
    """The rows of all finished runs.

    Args:
        place: of the store.
        record: gives a run's record by its name.
        finished: gives the names of all finished runs.
    """

    def __init__(self, place: Place, record: Callable[[str], dict[str, Any]], finished: Callable[[], set[str]]) -> None:
        self.place = place
        self.record = record
        self.finished = finished

    def append(self, ids: Sequence[str]) -> None:
        """Add finished runs by name; one whose record is damaged is left out.

        Raises:
            StoreError: the file system refuses.
        """
        rows = self.rows_of(ids)
        if len(rows):
            self.write(rows)
        if len(self.shards()) > MOST_SHARDS:
            self.compact()

    def rows_of(self, ids: Sequence[str]) -> pa.Table:
        """Return the rows of finished runs from their own files."""
        rows = []
        for id_ in ids:
            with contextlib.suppress(NoRunError):
                rows.append(row_of(id_, self.record(id_)))
        names = dict.fromkeys(name for row in rows for name in row if name.startswith(PREFIX))
        schema = pa.unify_schemas([ABOUT, pa.schema([(name, pa.float64()) for name in names])])
        return pa.Table.from_pylist(rows, schema=schema)

    def write(self, rows: pa.Table) -> str:
        """Write rows as a file of its own and return its name."""
        buffer = pa.BufferOutputStream()
        pq.write_table(rows, buffer, compression="zstd")
        # In the order of time, and like no other writer's.
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}.parquet"
        self.place.write(f"{CATALOGUE}/{name}", buffer.getvalue().to_pybytes())
        return name

    def shards(self) -> list[str]:
        """Return the names of the catalogue's files, oldest first."""
        return [name for name in self.place.names(CATALOGUE) if name.endswith(".parquet")]

    def read(self) -> tuple[pa.Table, list[str]]:
        """Return all rows, some perhaps twice, and the names of the files that they came from; damaged ones have none.

        Raises:
            StoreError: a file cannot be read.
        """
        while True:
            names = self.shards()
            tables = [ABOUT.empty_table()]
            try:
                for name in names:
                    content = self.place.read(f"{CATALOGUE}/{name}")
                    with contextlib.suppress(pa.ArrowException, OSError):  # Arrow raises either for a damaged file
                        tables.append(parquet_table(content))
            except FileNotFoundError:
                continue  # another process has made several files one
            return pa.concat_tables(tables, promote_options="permissive"), names

    def compact(self) -> pa.Table:
        """Make one file of all; files that come meanwhile stay beside it."""
        rows, names = self.read()
        rows = each_once(rows)
        if len(names) > 1:
            kept = self.write(rows)
            for name in names:
                if name != kept:
                    self.place.remove(f"{CATALOGUE}/{name}")
        return rows

    def current(self) -> pa.Table:
        """Return a row for each finished run; what the catalogue's files lack or have too much is mended on the way.

        In a store that cannot be written, the files stay as they are.

        Raises:
            StoreError: the store cannot be read.
        """
        rows, names = self.read()
        finished = self.finished()
        known = set(rows["run"].to_pylist())
        missing, gone = finished - known, known - finished
        if not missing and not gone and len(rows) == len(known):
            return rows
        added = self.rows_of(sorted(missing))
        rows = each_once(pa.concat_tables([rows, added], promote_options="permissive"))
        rows = rows.filter(pc.is_in(rows["run"], pa.array(sorted(finished), pa.string())))
        with contextlib.suppress(StoreError):
            if gone or len(names) > MOST_SHARDS:
                self.replace(rows, names)
            elif len(added):
                self.write(added)
        return rows

    def replace(self, rows: pa.Table, names: Sequence[str]) -> None:
        """Write rows in the place of files."""
        if len(rows):
            self.write(rows)
        for name in names:
            self.place.remove(f"{CATALOGUE}/{name}")

    def rebuild(self) -> int:
        """Make the catalogue anew from the runs' files and return how many runs it has.

        Raises:
            StoreError: the file system refuses.
        """
        names = self.shards()
        rows = self.rows_of(sorted(self.finished()))
        self.replace(rows, names)
        return len(rows)


def row_of(id_: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return a run's row.

    Raises:
        NoRunError: the record does not say what a row needs.
    """
    try:
        about = {
            "run": id_,
            "scenario": str(record.get("scenario_name", "")),
            "seed": int(record["seed"]),
            "days": float(record["scenario"]["calendar"]["days"]),
            "model_version": str(record["model_version"]),
            "gridtown": str(record["versions"]["gridtown"]),
            "started": str(record["started"]),
            "finished": str(record["finished"]),
            "seconds": float(record["seconds"]),
            "command": str(record["command"]),
        }
    except (KeyError, TypeError, ValueError) as problem:
        raise NoRunError(f"cannot read run {id_}: its record lacks {problem}") from problem
    return about | {f"{PREFIX}{name}": value for name, value in record["outcomes"].items()}


def each_once(rows: pa.Table) -> pa.Table:
    """Return the rows without those that name a run again."""
    runs = rows["run"].combine_chunks()
    if pc.count_distinct(runs).as_py() == len(runs):
        return rows
    table = pa.table({"run": runs, "row": pa.array(range(len(runs)))})
    first = table.group_by("run", use_threads=False).aggregate([("row", "min")])["row_min"]
    return rows.take(first)
