"""The calendar: time is a float in days since midnight of the first day; a field in another unit says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.units import DAY, HOUR, HOURS_A_DAY, MINUTE, SECOND, WEEK, YEAR

__all__ = [
    "DAY",
    "HOUR",
    "HOURS_A_DAY",
    "MINUTE",
    "SECOND",
    "WEEK",
    "YEAR",
    "Calendar",
    "cumulative_profile",
    "later_by_profile",
    "next_opening",
    "profile_clock",
]


@dataclass(frozen=True)
class Calendar:
    """The dates that a run covers.

    Attributes:
        start: the date of day 0.
        days: how many days the run lasts.
    """

    start: date
    days: int

    def date_of(self, day: int) -> date:
        """Return the date of a day number (0 is the first)."""
        return self.start + timedelta(days=day)

    def weekdays(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the weekday of every day, 0 = Monday, shape (days,)."""
        return (self.start.weekday() + np.arange(self.days)) % 7

    def months(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the month of every day, 0 = January, shape (days,)."""
        return np.array([self.date_of(day).month - 1 for day in range(self.days)], dtype=np.int64)


def cumulative_profile(weights: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the share of a day's events before each full hour, shape (25,), from 24 weights."""
    total = np.concatenate(([0.0], np.cumsum(np.asarray(weights, dtype=np.float64))))
    return np.asarray(total / total[-1], dtype=np.float64)


@compiled
def profile_clock(time: float, cumulative: Any) -> float:
    """Return a moment on the clock on which events with an hourly profile are evenly spread.

    Whole days last one unit on both clocks; within a day the clock runs in proportion to the hour's weight.
    """
    day = int(time)
    hours = (time - day) * 24.0
    hour = min(int(hours), 23)
    return day + cumulative[hour] + (hours - hour) * (cumulative[hour + 1] - cumulative[hour])


@compiled
def later_by_profile(time: float, amount: float, cumulative: Any) -> float:
    """Return the moment at which ``amount`` days have passed on the profile's clock since ``time``.

    With an exponential ``amount`` of rate r this is the next event of a Poisson process whose rate is r times the
    hour's weight (time change of a Poisson process; Cox and Lewis 1966). Hours of weight 0 are stepped over.
    """
    target = profile_clock(time, cumulative) + amount
    day = int(target)
    part = target - day
    hour = 0
    while hour < 23 and cumulative[hour + 1] <= part:
        hour += 1
    width = cumulative[hour + 1] - cumulative[hour]
    within = (part - cumulative[hour]) / width if width > 0.0 else 0.0
    return max(time, day + (hour + within) / 24.0)


@compiled
def next_opening(time: float, days: Any, opens: float, closes: float) -> float:
    """Return the first moment at or after ``time`` inside the opening hours of a working day.

    ``days`` is the table of days (field ``workday``); ``opens`` and ``closes`` are hours of the day. After the last
    day of the calendar the answer is infinite.
    """
    day = int(time)
    hour = (time - day) * 24.0
    if day < len(days) and days[day].workday and opens <= hour < closes:
        return time
    if day < len(days) and days[day].workday and hour < opens:
        return day + opens / 24.0
    day += 1
    while day < len(days):
        if days[day].workday:
            return day + opens / 24.0
        day += 1
    return np.inf
