"""The rota of a week: which crews start when and on which weekdays, and which hours of the week nobody covers.

A row of a rota is a crew with a shift that starts at one hour on some weekdays. Without weekday weights every crew
works every day, as the roster of a day says. With them whole crew-days move between weekdays: the roster is made for
the day with most crews, and every other day takes so many of its rows, evenly spread over the starts. The number of
crew-days of a week, and with it the unit-hours, stays seven for each crew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.clock import HOURS_A_DAY, WEEK
from sim.response.roster import roster
from sim.scenario import EVERY_DAY, crew_days

if TYPE_CHECKING:
    from sim.scenario import ShiftPart

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]

ALL_WEEK = (1 << len(EVERY_DAY)) - 1
HOURS_A_WEEK = HOURS_A_DAY * int(WEEK)
SHORTEST_GAP = 1e-6  # hours; what is less is rounding


@dataclass(frozen=True)
class Rota:
    """The shifts of a group's crews in a week.

    Attributes:
        start_hours: hour of the day at which each row's shifts start, shape (rows,).
        hours: their length, shape (rows,).
        weekdays: bit k is set where a shift starts on weekday k, 0 = Monday, shape (rows,).
    """

    start_hours: Floats
    hours: Floats
    weekdays: Rows

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.start_hours)

    def unit_hours(self) -> float:
        """Return the hours on duty of all rows in a week."""
        return sum(hours * int(days).bit_count() for hours, days in zip(self.hours, self.weekdays, strict=True))

    def spans(self) -> list[tuple[float, float]]:
        """Return when each shift of the week starts and ends, in hours since Monday 0:00; the last may pass 168."""
        return [
            (HOURS_A_DAY * day + start, HOURS_A_DAY * day + start + hours)
            for start, hours, days in zip(
                self.start_hours.tolist(), self.hours.tolist(), self.weekdays.tolist(), strict=True
            )
            for day in range(len(EVERY_DAY))
            if days >> day & 1
        ]


def weekday_bits(names: Iterable[str] | None) -> int:
    """Return the bits of weekdays by their names, all where none are given."""
    return ALL_WEEK if names is None else sum(1 << EVERY_DAY.index(name) for name in set(names))


def week_rota(
    crews: int, shift_hours: float, hour_weights: Sequence[float] | Floats, weekday_weights: Sequence[float] | None
) -> Rota:
    """Return the rota of crews with equal shifts that follow weights by hour and by weekday.

    Args:
        crews: each works seven shifts a week on average.
        shift_hours: length of a shift, in (0, 24].
        hour_weights: demand in each hour of the day, in any unit.
        weekday_weights: demand on each weekday, Monday first, in any unit; None: every day alike.

    Raises:
        ValueError: for an impossible number of crews, shift or profile.
    """
    of_day = crew_days(crews, weekday_weights)
    rows = max(of_day)
    weekdays = np.zeros(rows, dtype=np.int64)
    for day, count in enumerate(of_day):
        # Each day begins at another row, so that the days off are shared out.
        chosen = np.floor((np.arange(count) + day / len(of_day)) * rows / max(count, 1)).astype(np.int64)
        weekdays[chosen] |= 1 << day
    return Rota(roster(rows, shift_hours, hour_weights), np.full(rows, float(shift_hours)), weekdays)


def stated_rota(shifts: Iterable[ShiftPart]) -> Rota:
    """Return the rota of shifts that a scenario states one by one, in their order."""
    rows = [(one.start_hour, one.hours, weekday_bits(one.weekdays)) for one in shifts for _ in range(one.units)]
    starts, hours, weekdays = zip(*rows, strict=True)
    return Rota(np.array(starts, dtype=np.float64), np.array(hours, dtype=np.float64), np.array(weekdays))


def uncovered_spans(rotas: Iterable[Rota]) -> list[tuple[float, float]]:
    """Return the parts of a week in which no crew is on duty, as hours since Monday 0:00, in order.

    A gap that passes Sunday's midnight is told in two parts.
    """
    ends: list[tuple[float, float]] = []
    for first, last in (span for rota in rotas for span in rota.spans()):
        ends.append((first, min(last, HOURS_A_WEEK)))
        if last > HOURS_A_WEEK:
            ends.append((0.0, last - HOURS_A_WEEK))
    gaps: list[tuple[float, float]] = []
    covered = 0.0
    for first, last in [*sorted(ends), (float(HOURS_A_WEEK), float(HOURS_A_WEEK))]:
        if first - covered > SHORTEST_GAP:
            gaps.append((covered, first))
        covered = max(covered, last)
    return gaps
