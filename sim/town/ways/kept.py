"""Tables of driving times that are made once and kept on disk, in ``gridtown/ways/`` of the user's cache folder.

A file's name is a hash of what its content follows from: the arcs, their ticks and lengths, and the sources that make
the tables. So a file is never stale, and one that is no longer needed is only in the way: beyond 4 GB in all, those
that were used longest ago are removed.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine.files import cache_home, replacing
from sim.town.network import Roads
from sim.town.ways.build import Network, network_of, ways_over
from sim.town.ways.tables import Table, Ways
from sim.town.ways.traffic import TrafficPatterns
from sim.world import LABEL, WAY

# The modules that decide what is in a file.
MAKERS = ("build", "contraction", "graph", "heap", "kept", "labels", "tables")
MOST_BYTES = 4 * 2**30
DTYPES = {"ways": WAY, "out_labels": LABEL, "in_labels": LABEL}
# A file is a line of JSON, filled up to whole blocks, then the tables one after the other.
BLOCK = 4096


def ways_of(roads: Roads, patterns: TrafficPatterns) -> Ways:
    """Return the tables of driving times, from disk where they are kept.

    The tables are private maps of the file: processes on one machine share its memory, and what one of them writes
    into its tables the others do not see. Of processes that need the same tables at once one makes them and the others
    wait. A damaged file is made anew. Where the disk refuses, the tables are made in memory, with a warning.

    Raises:
        TownError: a way takes more than six days or is longer than 67,000 km.
    """
    network = network_of(roads, patterns.seconds)
    path = cache_home() / "gridtown" / "ways" / f"{key_of(network)}.tables"
    kept = read(path)
    if kept is not None:
        return kept
    with building_alone(path) as alone:
        # Another process may have made them in the meantime.
        kept = read(path) if alone else None
        if kept is not None:
            return kept
        made = ways_over(network)
        if alone and write(path, made):
            return read(path) or made
        return made


def key_of(network: Network) -> str:
    """Return the hash, 64 hexadecimal digits, of a network's content and of the sources that make its tables."""
    digest = hashlib.sha256(makers_digest())
    digest.update(json.dumps([network.nodes, *network.ticks.shape]).encode())
    for column in (network.tail, network.head, network.ticks, network.steps):
        digest.update(np.ascontiguousarray(column, dtype="<i8").tobytes())
    return digest.hexdigest()


@functools.cache
def makers_digest() -> bytes:
    """Return a hash of the sources that decide what is in a file."""
    digest = hashlib.sha256()
    digest.update(repr([(name, kind.descr) for name, kind in DTYPES.items()]).encode())
    for name in MAKERS:
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return digest.digest()


@contextmanager
def building_alone(path: Path) -> Iterator[bool]:
    """Hold the lock of a file that is to be made; False where the folder allows none, with a warning.

    The lock belongs to the open file, so it ends with the process, however that ends.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_suffix(".lock").open("ab")
    except OSError as error:
        warn_of_loss(error)
        yield False
        return
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as error:
            warn_of_loss(error)
            yield False
            return
        for left_behind in path.parent.glob(f".{path.name}.*.part"):
            with suppress(OSError):
                left_behind.unlink()
        yield True


def write(path: Path, made: Ways) -> bool:
    """Keep tables in a file and tell whether that went well; a refusal of the disk is only a warning."""
    parts = [memoryview(getattr(made, name).view(np.uint8)) for name in DTYPES]
    rows = {name: len(getattr(made, name)) for name in DTYPES}
    header = json.dumps({"rows": rows, "checksum": checksum(rows, parts)}).encode()
    try:
        with replacing(path) as file:
            file.write(header.ljust(BLOCK))
            file.writelines(parts)
        make_room(path.parent)
    except OSError as error:
        warn_of_loss(error)
        return False
    return True


def read(path: Path) -> Ways | None:
    """Return the tables kept in a file, or None where there is none, or, with a warning, where it is damaged."""
    try:
        tables = load(path)
        # Which files were used last decides which ones stay.
        with suppress(OSError):
            os.utime(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        warnings.warn(f"kept driving times in {path.name} are damaged and are made anew: {error}", stacklevel=3)
        return None
    return tables


def load(path: Path) -> Ways:
    """Return the tables kept in a file.

    Raises:
        OSError, ValueError, KeyError, TypeError: there is none, or it is not as it was written.
    """
    with path.open("rb") as file:
        header = json.loads(file.read(BLOCK))
    content = np.memmap(path, dtype=np.uint8, mode="c", offset=BLOCK)
    if checksum(header["rows"], [memoryview(content)]) != header["checksum"]:
        raise ValueError("the content is not what was written")
    return tables_in(content, header["rows"])


def tables_in(content: Any, rows: dict[str, int]) -> Ways:
    """Return the tables that lie in a map of bytes one after the other."""
    tables: dict[str, Table] = {}
    first = 0
    for name, dtype in DTYPES.items():
        end = first + rows[name] * dtype.itemsize
        tables[name] = content[first:end].view(np.ndarray).view(dtype).view(np.recarray)
        first = end
    return Ways(**tables)


def checksum(rows: dict[str, int], parts: list[memoryview]) -> str:
    """Return a hash of tables' numbers of rows and content."""
    digest = hashlib.sha256(json.dumps(rows).encode())
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def make_room(folder: Path) -> None:
    """Remove the files that were used longest ago until what is left is at most 4 GB, or a single file.

    Processes that have a removed file mapped keep it. Two that wait for a lock removed with its file may both make the
    tables, which costs time only.
    """
    listed = []
    for path in (*folder.glob("*.tables"), *folder.glob(".*.part")):
        with suppress(FileNotFoundError):
            state = path.stat()
            listed.append((state.st_mtime_ns, state.st_size, path))
    total = 0
    for _, size, path in sorted(listed, reverse=True):
        total += size
        if total > MOST_BYTES and total > size:
            path.unlink(missing_ok=True)
            path.with_suffix(".lock").unlink(missing_ok=True)


def warn_of_loss(error: OSError) -> None:
    """Warn that tables are not kept."""
    warnings.warn(f"driving times are made for this run only, since they cannot be kept: {error}", stacklevel=3)
