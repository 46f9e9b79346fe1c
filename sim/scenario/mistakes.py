"""What is wrong with a scenario: every mistake with its place, what was given, and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_SHOWN = 40
LONGEST_GIVEN = 80
MOST_NAMES = 24  # a longer list of valid names is cut; the nearest is told in any case


@dataclass(frozen=True)
class Place:
    """Where something was written.

    Attributes:
        file: the file's name as a reader can find it, or the text of an option of the command line.
        line: the line, 1 for the first; 0 where there are no lines.
        folder: the folder of the file; None for the command line and for trees made in Python.
    """

    file: str
    line: int = 0
    folder: Path | None = None


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong.

    Attributes:
        file: the file's name, or the option of the command line.
        line: the line, 1 for the first; 0 where there are no lines.
        field: the field, as ``grid.grids`` or ``interventions.0.factor``; "" for the whole file.
        given: what was given, shortened.
        allowed: what is allowed.
        nearest: the valid name nearest to what was given, or "".
    """

    file: str
    line: int
    field: str
    given: str
    allowed: str
    nearest: str = ""

    def __str__(self) -> str:
        """Return "file:line: field: given ...; allowed: ...; did you mean ...?"."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f"{self.field}: " if self.field else ""
        nearest = f'; did you mean "{self.nearest}"?' if self.nearest else ""
        return f"{place}: {field}given {self.given}; allowed: {self.allowed}{nearest}"


class ScenarioError(Exception):
    """A scenario cannot be used; nothing was run.

    Attributes:
        mistakes: everything that was found wrong, in the order of files and lines.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        """Keep the mistakes; at most 40 are shown, the number of all of them is told."""
        self.mistakes = tuple(dict.fromkeys(mistakes))
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        """Return a line for each mistake."""
        lines = [str(mistake) for mistake in self.mistakes[:MOST_SHOWN]]
        if len(self.mistakes) > MOST_SHOWN:
            lines.append(f"... and {len(self.mistakes) - MOST_SHOWN} more")
        return "\n".join(lines)


def shown(value: Any) -> str:
    """Return a value as a message shows it: short, on one line, in the words of YAML."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return f"a mapping of {len(value)} fields"
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return text if len(text) <= LONGEST_GIVEN else text[: LONGEST_GIVEN - 4] + " ..."


def nearest_name(given: object, names: Iterable[str]) -> str:
    """Return the valid name most like what was given, "" where none is like it."""
    if given is None:
        return ""
    text = str(given)[:LONGEST_GIVEN].strip().lower().replace(" ", "_")
    found = difflib.get_close_matches(text, list(names), n=1, cutoff=0.6)
    return found[0] if found else ""


def one_of(names: Sequence[str]) -> str:
    """Return in words that one of these names is wanted."""
    listed = ", ".join(names[:MOST_NAMES])
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"one of {listed}{more}" if len(names) > 1 else listed or "nothing"


def mistake_at(place: Place, field: str, given: Any, allowed: str, nearest: str = "") -> Mistake:
    """Return a mistake at a place, its value shortened for the message."""
    return Mistake(place.file, place.line, field, shown(given), allowed, nearest)
