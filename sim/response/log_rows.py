"""The rows of a call log while they are judged: cells, which rows are wrong, and the numbers in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Context, Decimal
from typing import Any

import numpy as np

from sim.town import Cells, Problems, TownError

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

MOST_SHOWN = 20
SECONDS_A_DAY = 86_400
MINUTES_A_DAY = 1_440
# Days written in seconds or minutes with 20 digits, and divided again with 40, are the same float64.
WRITTEN_DIGITS = Context(prec=20)
READ_DIGITS = Context(prec=40)


class CallLogError(TownError):
    """A call log has rows that are wrong.

    Attributes:
        problems: everything that was found wrong, in the order of lines within each column.
        rows: how many rows are wrong.
    """

    def __init__(self, problems: Iterable[Any], rows: int) -> None:
        """Keep the problems; the first 20 are shown, the number of all rows is told."""
        super().__init__(sorted(problems, key=lambda problem: problem.line))
        self.rows = rows
        shown = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        more = len(self.problems) - len(shown)
        shown += [f"... and {more} more"] if more else []
        count = "1 row is" if rows == 1 else f"{rows:,} rows are"
        shown.append(f"{count} wrong: mend the log, or set calls.log.bad_rows: leave_out to go on without them")
        self.args = ("\n".join(shown),)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make the error again in another process."""
        return CallLogError, (self.problems, self.rows)


class LogRows:
    """The rows of a log as text, and which of them are of use.

    Attributes:
        cells: the cells of the wanted columns, by what they mean.
        problems: everything found wrong.
        wrong: rows with a mistake, shape (rows,).
        left: rows that are of use and not wrong so far, in the order of the file; a row left out by choice is not.
    """

    def __init__(self, cells: Cells, problems: Problems) -> None:
        self.cells = cells
        self.problems = problems
        self.short = len(problems.found)  # rows that were too short to be read
        self.wrong: Flags = np.zeros(len(cells.lines), dtype=bool)
        self.unused: Flags = np.zeros(len(cells.lines), dtype=bool)

    def __len__(self) -> int:
        """Return the number of rows in the file, those too short apart."""
        return len(self.cells.lines)

    @property
    def left(self) -> list[int]:
        """Return the rows that are of use and not wrong so far, in the order of the file."""
        return np.flatnonzero(~(self.wrong | self.unused)).tolist()

    def has(self, meaning: str) -> bool:
        """Decide whether the log has a column of this meaning."""
        return meaning in self.cells.columns

    def text(self, meaning: str, row: int) -> str:
        """Return a cell, empty where the log has no such column."""
        return self.cells.columns[meaning][row] if meaning in self.cells.columns else ""

    def refuse(self, row: int, message: str, remedy: str) -> None:
        """Note that a row is wrong."""
        self.wrong[row] = True
        self.problems.add(message, remedy, self.cells.lines[row])

    def numbers(self, meaning: str, low: float, high: float) -> Floats:
        """Return a column's numbers, NaN in empty cells; others than from ``low`` to ``high`` are wrong."""
        found = np.full(len(self), np.nan)
        for row, text in self.filled(meaning):
            try:
                found[row] = float(text)
            except ValueError:
                found[row] = np.nan
            if not low <= found[row] <= high:
                self.refuse_cell(meaning, row, text, f"write a number from {low:g} to {high:g}")
        return found

    def refuse_cell(self, meaning: str, row: int, text: str, remedy: str) -> None:
        """Note that a cell is wrong."""
        self.refuse(row, f"{self.cells.names[meaning]} is {text[:40]!r}", remedy)

    def filled(self, meaning: str) -> Iterator[tuple[int, str]]:
        """Yield row and text of a column's cells that are not empty, of rows that are left."""
        if not self.has(meaning):
            return
        column = self.cells.columns[meaning]
        for row in self.left:
            if column[row]:
                yield row, column[row]


def days_written(text: str, in_a_day: int) -> float:
    """Return the days of a text that holds seconds (86,400 in a day) or minutes (1,440), to the last bit.

    Raises:
        ValueError: it holds no number from 0 to a year.
    """
    try:
        days = float(READ_DIGITS.divide(READ_DIGITS.create_decimal(text.strip()), Decimal(in_a_day)))
    except ArithmeticError as error:
        raise ValueError(text) from error
    if not 0.0 <= days <= 366.0:
        raise ValueError(text)
    return days


def written_days(days: float, in_a_day: int) -> str:
    """Return days as seconds or minutes in a form from which ``days_written`` makes the same number again."""
    return str(WRITTEN_DIGITS.multiply(Decimal(days), Decimal(in_a_day)))
