"""Records on disk: one Parquet file for each table, there whole or not at all.

A folder is written under a temporary name beside its place and renamed when everything is in it. Equal records give
equal bytes: no time, no path and no machine goes into a file.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.engine.files import umask
from sim.outcomes.records import TABLES, Records

REMEDIES = {
    errno.ENOSPC: "the disk is full: free some space or choose another folder",
    errno.EDQUOT: "your disk quota is used up: free some space or choose another folder",
    errno.EACCES: "you may not write there: choose another folder",
    errno.EPERM: "you may not write there: choose another folder",
    errno.EROFS: "that file system is read-only: choose another folder",
    errno.ENOTDIR: "a part of the path is a file: choose another folder",
    errno.EEXIST: "something else is in its place: choose another folder",
}


class StoreError(OSError):
    """Results cannot be written or read; the message says where, why and what to do. Nothing is left half written."""


def store_error(act: str, path: Path | str, problem: OSError | str) -> StoreError:
    """Return the error for an act ("write", "read") on a path or address, with the remedy where one is known."""
    if isinstance(problem, OSError):
        number = problem.errno or 0
        problem = REMEDIES.get(number, problem.strerror or str(problem))
    return StoreError(f"cannot {act} {path}: {problem}")


def put_in_place(staged: Path, folder: Path) -> None:
    """Give a finished folder its name; an older version is removed only after the new one is in its place.

    Raises:
        StoreError: what stands there holds files that the new folder does not, so it is no older version of it.
    """
    if not folder.exists():
        staged.rename(folder)
        return
    others = sorted({path.name for path in folder.iterdir()} - {path.name for path in staged.iterdir()})
    if others:
        raise store_error("write", folder, f"the folder holds other files ({others[0]}): choose another folder")
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.old.") as aside:
        old = Path(aside) / folder.name
        folder.rename(old)
        try:
            staged.rename(folder)
        except OSError:
            old.rename(folder)
            raise


@contextmanager
def staged_folder(folder: Path) -> Iterator[Path]:
    """Give a temporary folder to fill; on leaving, it takes the name ``folder``, or vanishes if anything failed.

    Parent folders are made where they are missing. An older version of the folder is replaced as a whole; one that
    holds other files is not touched.

    Raises:
        StoreError: the file system refuses; a full disk and missing rights are named.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.part."))
    except OSError as problem:
        raise store_error("write", folder, problem) from problem
    try:
        # Only the owner may enter a temporary folder; the finished one is as open as any other.
        staged.chmod(0o777 & ~umask())
        yield staged
        put_in_place(staged, folder)
    except StoreError:
        raise
    except OSError as problem:
        raise store_error("write", folder, problem) from problem
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def write_tables(tables: dict[str, pa.Table], folder: Path) -> None:
    """Write tables as ``<name>.parquet`` (zstd) into an existing folder.

    Raises:
        OSError: the file system refuses.
    """
    for name, table in tables.items():
        with (folder / f"{name}.parquet").open("wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())


def write_records(records: Records, folder: Path) -> None:
    """Write a run's records into a folder, one Parquet file for each table; an older folder is replaced as a whole.

    Raises:
        StoreError: the file system refuses; what was there before is still there.
    """
    with staged_folder(Path(folder)) as staged:
        write_tables(records.tables, staged)


def parquet_table(source: bytes | pa.NativeFile) -> pa.Table:
    """Return the table in the bytes of a Parquet file, or in one that Arrow itself has opened.

    Arrow's threads would hold a Python file for a moment longer than the reading, and a process that ends in that
    moment is aborted.

    Raises:
        pyarrow.ArrowException, OSError: it is no Parquet file, or damaged.
    """
    reader: Any = pa.BufferReader(source) if isinstance(source, bytes) else source
    return pq.ParquetFile(reader, pre_buffer=False).read(use_threads=not isinstance(source, bytes))


def read_table(path: Path) -> pa.Table:
    """Return a table from a Parquet file, each column in one piece.

    Raises:
        StoreError: the file is missing, unreadable or damaged.
    """
    try:
        with pa.OSFile(str(path)) as file:
            table = parquet_table(file)
    except pa.ArrowInvalid as problem:
        raise store_error("read", path, f"it is no Parquet file, or damaged ({problem})") from problem
    except OSError as problem:
        raise store_error("read", path, problem) from problem
    return table.unify_dictionaries().combine_chunks()


def read_records(folder: Path) -> Records:
    """Return the records of a run from its folder.

    Raises:
        StoreError: a table is missing, unreadable or damaged.
    """
    return Records({name: read_table(Path(folder) / f"{name}.parquet") for name in TABLES})
