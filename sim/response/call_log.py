"""Reading a recorded log of calls: whatever is wrong with it is told with file, line and remedy, before anything runs.

What a log says of the response (who was there when) is kept apart: it is for comparison and never enters a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from sim.engine.clock import SECOND
from sim.response.log_fields import addresses, priorities, takings, types, units
from sim.response.log_places import LogPlaces
from sim.response.log_rows import MINUTES_A_DAY, CallLogError, Floats, LogRows, days_written
from sim.response.log_times import (
    MICROSECONDS_A_DAY,
    MICROSECONDS_A_MINUTE,
    LogClock,
    Reading,
    WrongTimeError,
    resolved,
)
from sim.town import Problems, read_cells, refused, whole_name
from sim.world import LOG, Table, empty_table

if TYPE_CHECKING:
    from sim.engine.clock import Calendar
    from sim.response.pools import Pools
    from sim.scenario import CallLog
    from sim.town import Town

STAMPS = ("dispatched", "enroute", "on_scene", "closed")  # in the order in which they happen
NEARLY = 0.001 * SECOND  # days; a time written to the microsecond and the exact one are nearer than this


@dataclass(frozen=True)
class CallLogData:
    """A recorded log, ready to be replayed.

    Attributes:
        rows: table ``log``, in the order of receipt; ``further_first`` and ``further_end`` count in
            ``further_scene_days``.
        further_scene_days: times on scene of units after a call's first, in days.
        types: the words of the column of types; ``rows.type_`` counts in them, -1 where the log has no such column.
        recorded_response_minutes: from receipt to arrival as the log has it, shape (rows,), NaN where it does not say.
            It is for comparison and never enters a run.
        notes: what was left out, put in order or understood in one of two ways.
    """

    rows: Table
    further_scene_days: Floats
    types: tuple[str, ...]
    recorded_response_minutes: Floats
    notes: list[str]

    def table(self, pools: Pools) -> Table:
        """Return the table ``log`` of a new world, its lists put into the pools."""
        table = self.rows.copy()
        first, _ = pools.add_numbers(self.further_scene_days)
        table["further_first"] += first
        table["further_end"] += first
        return table


def read_call_log(settings: CallLog, town: Town, calendar: Calendar) -> CallLogData:
    """Return the calls of a log that fall into a run's days.

    Args:
        settings: the file, its columns and clock, and what to do with rows that are wrong.
        town: where places are looked up.
        calendar: the run's days; calls outside them are left out.

    Raises:
        CallLogError: rows are wrong and are not to be left out.
        TownError: the file cannot be read, lacks a column, or has no call in the run's days.
    """
    problems = Problems(str(settings.file))
    wanted = {meaning: name for meaning, name in settings.columns.model_dump().items() if name is not None}
    cells = read_cells(settings.file, wanted, problems, "name the right ones under calls.log.columns")
    return LogReader(LogRows(cells, problems), settings, town, calendar).data()


class LogReader:
    """Judges the rows of a log column by column; a row found wrong or not wanted is not looked at again."""

    def __init__(self, rows: LogRows, settings: CallLog, town: Town, calendar: Calendar) -> None:
        self.rows, self.settings, self.town, self.calendar = rows, settings, town, calendar
        self.notes: list[str] = []
        self.day: Floats = np.full(len(rows), np.nan)
        self.moment = np.zeros(len(rows), dtype=np.int64)
        self.response: Floats = np.full(len(rows), np.nan)
        self.scenes: dict[int, list[float]] = {}

    def data(self) -> CallLogData:
        """Return the log's table and what there is to say about it."""
        rows = self.rows
        self.leave_out_types()
        self.read_receipts()
        self.leave_out_days()
        for meaning in ("id", "address"):
            self.refuse_doubles(meaning)
        self.read_stamps()
        self.read_scenes()
        table = empty_table(LOG, len(rows))
        table["address"] = addresses(rows)
        table["priority"] = priorities(rows, self.settings)
        table["units_wanted"] = units(rows)
        table["taking_days"] = takings(rows)
        places = LogPlaces(rows, self.town, self.settings)
        self.settle_wrong_rows()
        table["node"], table["access_metres"] = places.node, places.access
        table["x_metres"], table["y_metres"], table["received"] = places.x, places.y, self.day
        order = self.order()
        words, table["type_"] = types(rows, order)
        further = self.write_scenes(table, order)
        return CallLogData(table[order].view(np.recarray), further, words, self.response[order], self.notes)

    def leave_out_types(self) -> None:
        """Leave out calls of types that are not wanted."""
        if self.settings.types is None:
            return
        wanted = set(self.settings.types)
        for row in self.rows.left:
            self.rows.unused[row] = self.rows.text("type_", row) not in wanted
        count = int(self.rows.unused.sum())
        if count:
            self.notes.append(f"{count:,} of {len(self.rows):,} calls left out: of other types than those wanted")
        absent = sorted(wanted.difference(self.rows.cells.columns["type_"]))
        if absent:
            self.notes.append(f"no call is of type {', '.join(repr(word) for word in absent[:10])}")

    def read_receipts(self) -> None:
        """Read when the calls were received, and note times that a clock passed twice."""
        readings = self.readings("received", needed=True)
        moments, twice, second = resolved([readings.get(row) for row in range(len(self.rows))])
        if twice:
            self.notes.append(
                f"{twice:,} times of receipt lie in an hour that the clock passed twice: {second:,} taken as its "
                "second pass by the order of the log, the others as its first"
            )
        exact = self.rows.numbers("received_day", -1e6, 1e6)
        for row in self.rows.left:
            moment = moments[row]
            if moment is None:
                continue
            self.moment[row] = moment
            self.day[row] = self.clock.wall_day(moment, self.calendar.start)
            if not np.isnan(exact[row]):
                self.take_exact(row, float(exact[row]))

    def take_exact(self, row: int, day: float) -> None:
        """Take the exact moment of receipt, if it is the one that the row's date and time say."""
        if abs(day - self.day[row]) > NEARLY:
            self.rows.refuse(
                row,
                f"{self.rows.cells.names['received_day']} is {day:g}, but the date and time of receipt are on day "
                f"{self.day[row]:g} of the run",
                "begin the run on the date on which the log's own run began, or name no column for received_day",
            )
        self.day[row] = day

    @property
    def clock(self) -> LogClock:
        """Return the clocks of log and town."""
        own, town = self.settings.time_zone, self.settings.town_time_zone
        zone = None if own == "none" else ZoneInfo(own)
        return LogClock(zone, None if town is None else ZoneInfo(town), self.settings.time_format)

    def readings(self, meaning: str, *, needed: bool = False) -> dict[int, Reading]:
        """Return what the times of a column can mean, by row; those that are no times are wrong."""
        found: dict[int, Reading] = {}
        clock = self.clock
        for row in self.rows.left if self.rows.has(meaning) else ():
            text = self.rows.text(meaning, row)
            if not text and not needed:
                continue
            try:
                found[row] = clock.read(text)
            except WrongTimeError as error:
                self.rows.refuse(row, f"{self.rows.cells.names[meaning]}: {error.message}", error.remedy)
        return found

    def leave_out_days(self) -> None:
        """Leave out calls before and after the run.

        Raises:
            TownError: none is left, although some rows are right.
        """
        left = np.array(self.rows.left, dtype=np.int64)
        outside = left[(self.day[left] < 0.0) | (self.day[left] >= self.calendar.days)]
        self.rows.unused[outside] = True
        if not len(outside):
            return
        edges = np.floor([self.day[left].min(), self.day[left].max()])
        first, last = (self.calendar.date_of(int(edge)) for edge in edges)
        if len(outside) == len(left):
            raise refused(
                str(self.settings.file),
                f"has no call in the run's days; its calls are from {first} to {last}",
                "set calendar.start_date and calendar.days to days of the log",
            )
        self.notes.append(f"{len(outside):,} calls left out: outside the run's days (the log has {first} to {last})")

    def refuse_doubles(self, meaning: str) -> None:
        """Refuse rows with a name or an address that a row before has."""
        seen: dict[str, int] = {}
        for row, text in self.rows.filled(meaning):
            before = seen.setdefault(whole_name(text), self.rows.cells.lines[row])
            if before != self.rows.cells.lines[row]:
                message = f"{self.rows.cells.names[meaning]} {text[:40]!r} was given before, in line {before}"
                self.rows.refuse(row, message, "keep one of the rows")

    def read_stamps(self) -> None:
        """Read when units were sent, set out, arrived and left; what happened before what must come first is wrong."""
        readings = {meaning: self.readings(meaning) for meaning in STAMPS}
        names = self.rows.cells.names
        for row in self.rows.left:
            last, before = int(self.moment[row]), "received"
            moments: dict[str, int] = {}
            for meaning in STAMPS:
                if row not in readings[meaning]:
                    continue
                moment = readings[meaning][row].at_or_after(last)
                if moment < last:
                    message = f"{names[meaning]} is before {names[before]}"
                    self.rows.refuse(row, message, "put the times of the row in order")
                    break
                moments[meaning], last, before = moment, moment, meaning
            if "on_scene" in moments:
                self.response[row] = (moments["on_scene"] - int(self.moment[row])) / MICROSECONDS_A_MINUTE
            if "on_scene" in moments and "closed" in moments:
                self.scenes[row] = [(moments["closed"] - moments["on_scene"]) / MICROSECONDS_A_DAY]

    def read_scenes(self) -> None:
        """Read the times on scene where the log has a column for them; several are of one unit each."""
        for row, text in self.rows.filled("scene_minutes"):
            try:
                self.scenes[row] = [days_written(part, MINUTES_A_DAY) for part in text.split(";")]
            except ValueError:
                self.rows.refuse_cell("scene_minutes", row, text, "write minutes of 0 or more, up to a year")

    def settle_wrong_rows(self) -> None:
        """Raise what is wrong, or note how many rows are left out for it."""
        wrong = int(self.rows.wrong.sum()) + self.rows.short
        problems = self.rows.problems.found
        if not wrong:
            return
        if self.settings.bad_rows == "refuse":
            raise CallLogError(problems, wrong)
        first = min(problems, key=lambda problem: problem.line)
        total = len(self.rows) + self.rows.short
        self.notes.append(f"{wrong:,} of {total:,} rows left out as wrong, the first: {first}")

    def order(self) -> list[int]:
        """Return the rows that are left in the order of receipt, and note how many stood out of it."""
        left = np.array(self.rows.left, dtype=np.int64)
        if not len(left):
            raise refused(str(self.settings.file), "has no row that is right", "mend the log")
        late = int(np.count_nonzero(np.diff(self.moment[left]) < 0))
        if late:
            self.notes.append(f"{late:,} of {len(left):,} calls stood after one received later; sorted by receipt")
        return left[np.lexsort((left, self.moment[left], self.day[left]))].tolist()

    def write_scenes(self, table: Table, order: list[int]) -> Floats:
        """Write the times on scene into the table and return those of further units, in the order of rows."""
        table["scene_days"] = np.nan
        further: list[float] = []
        for row in order:
            times = self.scenes.get(row)
            if times is None:
                continue
            table[row].scene_days = times[0]
            table[row].further_first = len(further)
            further += times[1:]
            table[row].further_end = len(further)
        return np.array(further, dtype=np.float64)
