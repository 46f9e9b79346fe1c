"""What a log says of each call besides time and place: its draws, urgency, units, type, and time of call-taking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import PRIORITIES
from sim.response.calls import LOG_STREAM
from sim.response.log_rows import SECONDS_A_DAY, Floats, LogRows, days_written
from sim.response.streams import ADDRESS_SHIFT
from sim.town import whole_name

if TYPE_CHECKING:
    from sim.scenario import CallLog

Rows = np.ndarray[Any, np.dtype[np.int64]]

MOST_UNITS = 20


def addresses(rows: LogRows) -> Rows:
    """Return the addresses of the calls' draws; where the log gives none they go by its rows."""
    found = (np.int64(LOG_STREAM) << ADDRESS_SHIFT) + np.arange(len(rows), dtype=np.int64)
    for row, text in rows.filled("address"):
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else -1
        if 0 <= number < 1 << 63:
            found[row] = number
        else:
            rows.refuse_cell("address", row, text, "write a whole number from 0 to 2**63 - 1")
    return found


def priorities(rows: LogRows, settings: CallLog) -> Rows:
    """Return the priority of each call: of its word, of its type, or the default."""
    found = np.full(len(rows), settings.default_priority, dtype=np.int64)
    words = settings.priorities
    numbers = {str(number): number for number in range(PRIORITIES)} if words is None else words
    for row, text in rows.filled("type_"):
        found[row] = (words or {}).get(text, found[row])
    for row, text in rows.filled("priority"):
        word = text if text in numbers else whole_name(text)
        if word in numbers:
            found[row] = numbers[word]
        else:
            remedy = f"write one of {', '.join(numbers)[:200]}, or add it to calls.log.priorities"
            rows.refuse_cell("priority", row, text, remedy)
    return found


def units(rows: LogRows) -> Floats:
    """Return how many units each call wants; one where the log does not say."""
    found = rows.numbers("units", 1.0, float(MOST_UNITS))
    for row in rows.left:
        if found[row] % 1.0 > 0.0:
            rows.refuse_cell("units", row, rows.text("units", row), "write a whole number")
    return np.where(np.isnan(found), 1.0, found).round()


def types(rows: LogRows, order: list[int]) -> tuple[tuple[str, ...], Rows]:
    """Return the words for types in use, and which of them each row has."""
    found = np.full(len(rows), -1, dtype=np.int64)
    if not rows.has("type_"):
        return (), found
    column = rows.cells.columns["type_"]
    words = tuple(sorted({column[row] for row in order}))
    number = {word: place for place, word in enumerate(words)}
    found[order] = [number[column[row]] for row in order]
    return words, found


def takings(rows: LogRows) -> Floats:
    """Return the times of call-taking in days, NaN where they are drawn."""
    days = np.full(len(rows), np.nan)
    for row, text in rows.filled("call_taking_seconds"):
        try:
            days[row] = days_written(text, SECONDS_A_DAY)
        except ValueError:
            rows.refuse_cell("call_taking_seconds", row, text, "write seconds of 0 or more, up to a year")
    return days
