"""How large the road network in a town's files is, counted without building it."""

from __future__ import annotations

import functools
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from sim.scenario.loading import containing_file
from sim.scenario.osm_file import OsmFileError, highways, osm_buffer
from sim.scenario.schema import CsvTown, GraphmlTown, OsmTown

BLOCK_BYTES = 1 << 20
MOST_BYTES = 512 * BLOCK_BYTES  # the town's loader reads less; no archive can hold this up for long


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield a file's bytes block by block, up to a bound."""
    for _ in range(MOST_BYTES // BLOCK_BYTES):
        block = stream.read(BLOCK_BYTES)
        if not block:
            return
        yield block


def marks_in(stream: IO[bytes], marks: Sequence[bytes]) -> list[int]:
    """Return how often each of some marks occurs, those across blocks included; no mark may overlap itself."""
    counts = [0] * len(marks)
    tails = [b""] * len(marks)
    for block in blocks(stream):
        for row, mark in enumerate(marks):
            text = tails[row] + block
            counts[row] += text.count(mark)
            tails[row] = text[max(len(text) - len(mark) + 1, 0) :]
    return counts


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file or a member of a zip file."""
    file = containing_file(path)
    if file is None or file == path:
        with path.open("rb") as stream:
            yield stream
    else:
        with zipfile.ZipFile(file) as archive, archive.open(path.relative_to(file).as_posix()) as stream:
            yield stream


UNREADABLE = (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, OsmFileError)


def marks_in_file(path: Path, *marks: bytes) -> list[int]:
    """Return how often each of some marks occurs in a file or in a member of a zip file.

    A file that cannot be read counts as empty: the town's own loader says what is wrong with it.
    """
    try:
        with opened(path) as stream:
            return marks_in(stream, marks)
    except UNREADABLE:
        return [0] * len(marks)


def osm_size(path: Path) -> tuple[int, int]:
    """Return at most how many nodes and arcs the roads of an extract of OpenStreetMap make, 0 if it cannot be read.

    A node is where a road begins, ends or meets another, an arc a direction of the road between two of them. Roads
    that are not for driving are counted too. The answer is kept until the file changes.
    """
    file = containing_file(path)
    if file is None:
        return 0, 0
    stamp = file.stat()
    return counted_roads(path, stamp.st_mtime_ns, stamp.st_size)


@functools.lru_cache(maxsize=16)
def counted_roads(path: Path, *_stamp: int) -> tuple[int, int]:
    """Return the nodes and arcs of an extract's roads, 0 if it cannot be read."""
    points, ends = array("q"), array("q")
    try:
        with opened(path) as stream:
            buffer = osm_buffer(stream.read(MOST_BYTES))
        for way in highways(buffer):
            refs = [node.ref for node in way.nodes]
            points.extend(refs)
            ends.extend((refs[0], refs[-1]) if refs else ())
    except UNREADABLE:
        return 0, 0
    names, times = np.unique(np.array(points), return_counts=True)
    is_node = (times > 1) | np.isin(names, np.array(ends))
    passed = int(times[is_node].sum()) - len(ends) // 2  # from each node that a road passes, one to the next
    return int(np.count_nonzero(is_node)), 2 * max(passed, 0)


def network_size(town: CsvTown | GraphmlTown | OsmTown) -> tuple[int, int]:
    """Return at most how many nodes and arcs a network's files describe; at least one of each.

    A line of a CSV file is a node or an arc. An edge of an undirected GraphML graph is two arcs.
    """
    if isinstance(town, CsvTown):
        nodes, arcs = marks_in_file(town.nodes_file, b"\n")[0], marks_in_file(town.arcs_file, b"\n")[0]
    elif isinstance(town, GraphmlTown):
        nodes, edges, undirected = marks_in_file(town.file, b"<node ", b"<edge ", b'edgedefault="undirected"')
        arcs = 2 * edges if undirected else edges
    else:
        nodes, arcs = osm_size(town.file)
    return nodes + 1, arcs + 1
