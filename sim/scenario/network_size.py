"""How large the road network in a town's files is, counted without reading it as a network."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from sim.scenario.loading import containing_file
from sim.scenario.schema import CsvTown, GraphmlTown

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


def marks_in_file(path: Path, *marks: bytes) -> list[int]:
    """Return how often each of some marks occurs in a file or in a member of a zip file.

    A file that cannot be read counts as empty: the town's own loader says what is wrong with it.
    """
    file = containing_file(path)
    try:
        if file is None or file == path:
            with path.open("rb") as stream:
                return marks_in(stream, marks)
        with zipfile.ZipFile(file) as archive, archive.open(path.relative_to(file).as_posix()) as stream:
            return marks_in(stream, marks)
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return [0] * len(marks)


def network_size(town: CsvTown | GraphmlTown) -> tuple[int, int]:
    """Return at most how many nodes and arcs a network's files describe; at least one of each.

    A line of a CSV file is a node or an arc. An edge of an undirected GraphML graph is two arcs.
    """
    if isinstance(town, CsvTown):
        nodes, arcs = marks_in_file(town.nodes_file, b"\n")[0], marks_in_file(town.arcs_file, b"\n")[0]
    else:
        nodes, edges, undirected = marks_in_file(town.file, b"<node ", b"<edge ", b'edgedefault="undirected"')
        arcs = 2 * edges if undirected else edges
    return nodes + 1, arcs + 1
