"""What is wrong with a town's network, all at once, each with the place and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_SHOWN = 40


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        message: what is wrong and with which value.
        remedy: what the user can do about it.
        file: the file's name as the user gave it, or "" where no file is to blame.
        line: the line in that file, 1 for the first, or 0 where no single line is to blame.
    """

    message: str
    remedy: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        """Return "file:line: message; remedy"."""
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return f"{place}{self.message}; {self.remedy}"


class TownError(Exception):
    """A town cannot be built from what was given.

    Attributes:
        problems: everything that was found wrong, in the order of files and lines.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems; at most 40 are shown, the number of all of them is told."""
        self.problems = tuple(problems)
        shown = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        if len(self.problems) > MOST_SHOWN:
            shown.append(f"... and {len(self.problems) - MOST_SHOWN} more")
        super().__init__("\n".join(shown))

    def __reduce__(self) -> tuple[type[TownError], tuple[tuple[Problem, ...]]]:
        """Return how to make the error again in another process."""
        return TownError, (self.problems,)


class Problems:
    """A growing list of problems with one file."""

    def __init__(self, file: str) -> None:
        """Start an empty list for a file (its name as the user gave it)."""
        self.file = file
        self.found: list[Problem] = []

    def add(self, message: str, remedy: str, line: int = 0) -> None:
        """Note one problem."""
        self.found.append(Problem(message, remedy, self.file, line))

    def refuse_if_any(self) -> None:
        """Raise all problems found so far as one TownError."""
        if self.found:
            raise TownError(self.found)


def refused(file: str, message: str, remedy: str, line: int = 0) -> TownError:
    """Return the error for a single problem that makes reading on pointless."""
    return TownError([Problem(message, remedy, file, line)])
