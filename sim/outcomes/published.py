"""The books as an office would publish them: by year and level, beside what happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.codes import Channel
from sim.outcomes.levels import OFFICES
from sim.outcomes.measures import ratio
from sim.outcomes.records import Records
from sim.outcomes.settlements import concluded
from sim.outcomes.words import Column

ALL = "all"
COURT = Channel.COURT.name.lower()


@dataclass(frozen=True)
class BookLine:
    """One line of the published books, with the truth beside it.

    Attributes:
        year: calendar year of the entries.
        level: ``grid``, ``community``, ``township``, ``county``, ``city``, ``court``, or ``all`` of them.
        found: disputes booked for the first time (first case, or filing in court) at this level.
        opened: cases opened, those passed up or booked anew included; of the court filings, with those that come back
            from mediation.
        concluded: cases closed as the channel's own: neither withdrawn nor passed up.
        settled: of those, recorded as settled.
        rate: settled / concluded, as published; NaN without any.
        true_settled: of the concluded cases, those that truly settled.
        true_rate: true_settled / concluded; NaN without any.
        advice: matters booked as advice instead of a case; only of all levels together, else None.
        true_born: disputes born; only of all levels together, else None.
        true_known: disputes that became known to anybody; only of all levels together, else None.
        true_not_booked: known matters left out of the books; only of all levels together, else None.
    """

    year: int
    level: str
    found: int
    opened: int
    concluded: int
    settled: int
    rate: float
    true_settled: int
    true_rate: float
    advice: int | None = None
    true_born: int | None = None
    true_known: int | None = None
    true_not_booked: int | None = None


def years_of(records: Records) -> Column:
    """Return the calendar year of each day of a run, shape (days,)."""
    days = records.column("series", "day")
    years = records.column("series", "date").astype("datetime64[Y]").astype(np.int64) + 1970
    made = np.zeros(int(days.max()) + 1 if len(days) else 0, dtype=np.int64)
    made[days] = years
    return made


def year_at(years: Column, moments: Column) -> Column:
    """Return the year of each moment, 0 for one that has not come; the run's very end belongs to its last day."""
    known = ~np.isnan(moments)
    day = np.minimum(np.where(known, moments, 0.0).astype(np.int64), max(len(years) - 1, 0))
    return np.where(known, years[day], 0) if len(years) else np.zeros(len(moments), dtype=np.int64)


def first_cases(records: Records) -> Column:
    """Return which cases are their dispute's first, shape (cases,)."""
    first = np.zeros(records["cases"].num_rows, dtype=bool)
    first[np.unique(records.column("cases", "dispute"), return_index=True)[1]] = True
    return first


def published(records: Records) -> list[BookLine]:
    """Return the books by year: a line for each level and the court that opened a case, then one of all together."""
    years = years_of(records)
    opened = year_at(years, records.column("cases", "recorded_opened_day"))
    closed = year_at(years, records.column("cases", "recorded_closed_day"))
    used = [level for level in (*OFFICES, COURT) if records.says("cases", "channel", level).any()]
    lines = []
    for year in np.unique(years).tolist():
        masks = (opened == year, (closed == year) & concluded(records))
        for level in used:
            at_level = records.says("cases", "channel", level)
            lines.append(BookLine(year, level, *figures(records, masks[0] & at_level, masks[1] & at_level)))
        lines.append(BookLine(year, ALL, *figures(records, *masks), *truth(records, years, year)))
    return lines


def figures(records: Records, opened: Column, done: Column) -> tuple[int, int, int, int, float, int, float]:
    """Return a line's numbers from masks of the cases opened and concluded in its year and at its level."""
    settled = int(np.count_nonzero(records.column("cases", "recorded_settled")[done]))
    true_settled = int(np.count_nonzero(records.column("cases", "true_settled")[done]))
    ended = int(np.count_nonzero(done))
    found = int(np.count_nonzero(opened & first_cases(records)))
    opened_count = int(np.count_nonzero(opened))
    return found, opened_count, ended, settled, ratio(settled, ended), true_settled, ratio(true_settled, ended)


def truth(records: Records, years: Column, year: int) -> tuple[int, int, int, int]:
    """Return what no single level tells of a year: advice, disputes born, disputes known, matters not booked."""
    of_year = years[records.column("series", "day")] == year
    columns = ("recorded_advice", "true_born", "recorded_found", "true_not_booked")
    advice, born, known, left_out = (int(records.column("series", name)[of_year].sum()) for name in columns)
    return advice, born, known, left_out
