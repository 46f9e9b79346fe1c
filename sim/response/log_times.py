"""Times as a call log writes them: wall clocks that are put forward and back, zones, offsets.

A run's clock is the town's wall clock, since its hours of demand and its shifts are: a day has 24 hours on it. The hour
that a clock passes twice holds the calls of both passes, and times that no clock shows are refused. Differences between
two times of one row are true lengths of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1800, 2300  # calendars begin from 1900 to 2200 and last ten years
MICROSECOND = timedelta(microseconds=1)
MICROSECONDS_A_DAY = 86_400_000_000
MICROSECONDS_A_MINUTE = 60_000_000


class WrongTimeError(ValueError):
    """A text is no time, or one that the clock never showed.

    Attributes:
        message: what is wrong.
        remedy: what to do.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message, self.remedy = message, remedy


@dataclass(frozen=True)
class Reading:
    """A time of a log as it stands there.

    Attributes:
        moments: when it can have been, in microseconds since 1970 in UTC; two where the clock passed it twice.
    """

    moments: tuple[int, ...]

    def at_or_after(self, moment: int | None) -> int:
        """Return the earliest of its moments that is not before another one; the first where all are, or for None."""
        later = [own for own in self.moments if moment is not None and own >= moment]
        return later[0] if later else self.moments[0]


def microseconds(moment: datetime) -> int:
    """Return the microseconds from 1970 to a moment with a time zone."""
    return (moment - EPOCH) // MICROSECOND


@dataclass(frozen=True)
class LogClock:
    """The clock of a log and that of the town.

    Attributes:
        zone: of the log's clock; None for a log without one, whose days all have 24 hours.
        town_zone: of the town's clock; None where it is the log's.
        form: how times are written, for ``strptime``; None for ISO 8601.
    """

    zone: ZoneInfo | None
    town_zone: ZoneInfo | None = None
    form: str | None = None

    def read(self, text: str) -> Reading:
        """Return what a text can mean.

        Raises:
            WrongTimeError: it is no time, or one that was left out when the clock was put forward.
        """
        written = self.parsed(text)
        if written.tzinfo is not None:
            return Reading((microseconds(written),))
        if self.zone is None:
            return Reading((microseconds(written.replace(tzinfo=UTC)),))
        first, second = (written.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        moments = microseconds(first), microseconds(second)
        shown = (EPOCH + moments[0] * MICROSECOND).astimezone(self.zone).replace(tzinfo=None)
        if shown != written:
            raise WrongTimeError(
                f"{text[:40]!r} was never on the clock in {self.zone}, which was put forward over it",
                "mend the time, or state the time zone of the log's clock as calls.log.time_zone",
            )
        return Reading(moments if moments[0] < moments[1] else moments[:1])

    def parsed(self, text: str) -> datetime:
        """Return the time that a text writes, with a zone only where it has an offset of its own.

        Raises:
            WrongTimeError: it writes none, one beyond all logs, or has an offset although the log has no zone.
        """
        try:
            # The caller adds the zone of the log's clock.
            written = datetime.strptime(text, self.form) if self.form else datetime.fromisoformat(text)  # noqa: DTZ007
        except ValueError as error:
            wanted = "as 2023-01-31 17:05:00" if self.form is None else f"as {self.form}"
            raise WrongTimeError(
                f"{text[:40]!r} is no date and time" if text else "there is no time",
                f"write {wanted}, or say how times are written in calls.log.time_format",
            ) from error
        if not FIRST_YEAR <= written.year <= LAST_YEAR:
            raise WrongTimeError(f"{text[:40]!r} is in a year that no log has", f"give {FIRST_YEAR} to {LAST_YEAR}")
        if written.tzinfo is not None and self.zone is None:
            raise WrongTimeError(
                f"{text[:40]!r} has a time zone of its own, but calls.log.time_zone is none",
                "state the time zone of the town",
            )
        return written

    def wall_day(self, moment: int, start: date) -> float:
        """Return the days that the town's clock shows at a moment, since midnight of ``start``."""
        zone = self.town_zone or self.zone or UTC
        shown = (EPOCH + moment * MICROSECOND).astimezone(zone).replace(tzinfo=None)
        return (shown - datetime(start.year, start.month, start.day)) / timedelta(days=1)  # noqa: DTZ001 (a wall clock)


def resolved(readings: Sequence[Reading | None]) -> tuple[list[int | None], int, int]:
    """Return a moment for each reading in the order of a log, None for None.

    A time that the clock passed twice is taken as the second pass where the first would come before the row above (or
    below, in a log whose newest rows come first) and the second would not; else as the first.

    Returns:
        The moments, how many times had two passes, and how many of these were taken as the second.
    """
    certain = [reading.moments[0] for reading in readings if reading is not None and len(reading.moments) == 1]
    falls = sum(later < earlier for earlier, later in pairwise(certain))
    newest_first = 2 * falls > len(certain)
    moments: list[int | None] = []
    last: int | None = None
    twice = second = 0
    for reading in reversed(readings) if newest_first else readings:
        if reading is None:
            moments.append(None)
            continue
        last = reading.at_or_after(last)
        moments.append(last)
        twice += len(reading.moments) > 1
        second += len(reading.moments) > 1 and last == reading.moments[1]
    return (moments[::-1] if newest_first else moments), twice, second
