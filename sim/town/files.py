"""Reading tables from files: bounded in size, UTF-8, from a folder, gzipped, or from inside a ZIP archive."""

from __future__ import annotations

import csv
import gzip
import io
import lzma
import math
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.town.errors import Problems, refused

MOST_BYTES = 256 * 2**20
HEADER_WITHIN = 25  # lines
FULL_LIST = 2_000  # problems with one file after which reading stops
NETWORK_COLUMNS = "name the right ones under node_columns and arc_columns"


def archive_of(path: Path) -> tuple[Path, str] | None:
    """Return archive and member where a path leads through a ZIP file, as in roads.zip/nodes.csv."""
    for parent in path.parents:
        if parent.suffix.lower() == ".zip" and parent.is_file():
            return parent, path.relative_to(parent).as_posix()
    return None


def member_bytes(archive: Path, member: str, name: str) -> bytes:
    """Return the bytes of a file inside an archive, never more than the bound."""
    try:
        with zipfile.ZipFile(archive) as opened:
            if member not in opened.namelist():
                inside = ", ".join(opened.namelist()[:10]) or "nothing"
                raise refused(name, f"the archive holds no {member}", f"it holds {inside}")
            with opened.open(member) as stream:
                return stream.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError) as error:
        raise refused(name, f"cannot be unpacked ({error})", "make the archive anew, without a password") from error


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        TownError: when there is no such file, it cannot be read, is empty or larger than 256 MiB.
    """
    name = str(path)
    archive = archive_of(path)
    try:
        if archive:
            content = member_bytes(*archive, name)
        elif path.is_dir():
            raise refused(name, "is a folder", "name the file in it")
        elif path.suffix.lower() == ".gz":
            with gzip.open(path) as stream:
                content = stream.read(MOST_BYTES + 1)
        else:
            with path.open("rb") as stream:
                content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refused(name, f"cannot be read ({reason})", "check the path and its permissions") from error
    if len(content) > MOST_BYTES:
        raise refused(name, f"is larger than {MOST_BYTES // 2**20} MiB", "cut it to the town")
    if not content.strip():
        raise refused(name, "is empty", "give a file with a header and rows")
    return content


def read_text(path: Path) -> str:
    """Return a file's text; a byte order mark is dropped.

    Raises:
        TownError: also when it is not UTF-8 or holds NUL characters.
    """
    content = read_bytes(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refused(str(path), "is not UTF-8 text", "save it as UTF-8 (CSV UTF-8 in a spreadsheet)", line) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refused(str(path), "holds a NUL character, so it is no text", "save it as UTF-8 text", line)
    return text


@dataclass(frozen=True)
class Cells:
    """Rows of a table with the wanted columns only.

    Attributes:
        lines: each row's line in the file.
        columns: the cells of each wanted column, by what it means ("id", "x", ...).
        names: the column's name in the file, by what it means.
    """

    lines: list[int]
    columns: dict[str, list[str]]
    names: dict[str, str]


def read_cells(path: Path, wanted: Mapping[str, str], problems: Problems, remedy: str = NETWORK_COLUMNS) -> Cells:
    """Return the cells of the wanted columns.

    The header is the first of the first 25 lines that holds all the wanted names; what stands above it (a title, a
    small table of settings) is passed over, and so are lines without any content.

    Args:
        path: of the file.
        wanted: column name by meaning.
        problems: gets a row that is too short.
        remedy: what to do where a column is missing.

    Raises:
        TownError: when there is no such header or no row.
    """
    rows = csv.reader(io.StringIO(read_text(path)), strict=False)
    header: Sequence[str] = ()
    seen: list[list[str]] = []
    cells = Cells([], {meaning: [] for meaning in wanted}, dict(wanted))
    places: dict[str, int] = {}
    try:
        for row in rows:
            stripped = [cell.strip() for cell in row]
            if not any(stripped):
                continue
            if not header:
                seen.append(stripped)
                if all(name in stripped for name in wanted.values()):
                    header = stripped
                    places = {meaning: header.index(name) for meaning, name in wanted.items()}
                elif rows.line_num >= HEADER_WITHIN:
                    break
                continue
            if len(stripped) <= max(places.values()):
                problems.add(f"has {len(stripped)} cells, the header {len(header)}", "fill the row", rows.line_num)
                continue
            cells.lines.append(rows.line_num)
            for meaning, place in places.items():
                cells.columns[meaning].append(stripped[place])
    except csv.Error as error:
        raise refused(str(path), f"is no readable CSV ({error})", "check quotation marks", rows.line_num) from error
    refuse_headless(path, wanted, header, seen, remedy)
    if not cells.lines and not problems.found:
        raise refused(str(path), "has a header but no row", "give it rows")
    return cells


def refuse_headless(
    path: Path, wanted: Mapping[str, str], header: Sequence[str], seen: list[list[str]], remedy: str
) -> None:
    """Raise when no line held all the wanted column names; tell which are missing from the line that came nearest."""
    if header:
        return
    best: Sequence[str] = max(seen, key=lambda row: sum(name in row for name in wanted.values()), default=())
    missing = ", ".join(repr(name) for name in wanted.values() if name not in best)
    raise refused(
        str(path),
        f"no header with the column {missing}",
        f"its columns seem to be {', '.join(repr(name) for name in best[:12] if name)[:300] or 'empty'}; {remedy}",
    )


def whole_name(text: str) -> str:
    """Return an id as it is compared: 17.0 and 17 are one id."""
    head, point, tail = text.partition(".")
    return head if point and head.isdecimal() and not tail.strip("0") else text


def numbers(cells: Cells, meaning: str, problems: Problems) -> list[float]:
    """Return a column's numbers; a cell that is none is noted as a problem and becomes NaN."""
    found = []
    for line, text in zip(cells.lines, cells.columns[meaning], strict=True):
        number = finite_number(text)
        found.append(number)
        if math.isnan(number):
            problems.add(
                f"{cells.names[meaning]} is {text[:40]!r}, not a finite number",
                "write a plain number with a point",
                line,
            )
            if len(problems.found) > FULL_LIST:
                problems.refuse_if_any()
    return found


def finite_number(text: str) -> float:
    """Return the number that a text writes, NaN if it writes none or an infinite one."""
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan
