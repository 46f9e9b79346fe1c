"""When a category's frictions differ from the general profile: its months, weekdays and hours, and the lunar new year.

A factor is relative to the general rate of that day and hour, and has a mean of about 1 over a year, so that a
category's rate stays the stated one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario import CATEGORY_NAMES, days_from_lunar_new_year

if TYPE_CHECKING:
    from sim.engine.clock import Calendar
    from sim.scenario import Scenario
    from sim.world import Table

DAYS_A_LUNAR_YEAR = 365.25  # on average, leap months included


def relative(weights: Any, general: Any) -> Any:
    """Return a profile over the general one, both scaled to mean 1; 0 where the general one is 0."""
    own, usual = np.asarray(weights, dtype=np.float64), np.asarray(general, dtype=np.float64)
    own, usual = own / own.mean(), usual / usual.mean()
    return np.divide(own, usual, out=np.zeros_like(own), where=usual > 0.0)


def season_days(days: Table, scenario: Scenario, calendar: Calendar, parameters: Any) -> None:
    """Write into the table of days how the rate of each category differs from the general rate of the day.

    Own month and weekday weights replace the general ones; the lunar new year comes on top.
    """
    weekdays, months = calendar.weekdays(), calendar.months()
    for name, part in scenario.disputes.categories.items():
        factor = days["category_factor"][:, CATEGORY_NAMES.index(name)]
        if part.weekday_weights is not None:
            factor *= relative(part.weekday_weights, parameters.friction_weekday_weight)[weekdays]
        if part.month_weights is not None:
            factor *= relative(part.month_weights, parameters.friction_month_weight)[months]
    if scenario.disputes.lunar_new_year:
        away = np.array(days_from_lunar_new_year(calendar.start, calendar.days))
        days["category_factor"] *= lunar_factors(away, parameters)


def lunar_factors(away: Any, parameters: Any) -> Any:
    """Return the factor on each category's rate for days that lie ``away`` from the lunar new year, shape (days, 15).

    One factor in the days before it, another in its days, 1 elsewhere, all over their mean over a year.
    """
    before, during = float(parameters.lunar_before_days), float(parameters.lunar_during_days)
    early, late = np.asarray(parameters.lunar_before_factor), np.asarray(parameters.lunar_during_factor)
    mean = 1.0 + (before * (early - 1.0) + during * (late - 1.0)) / DAYS_A_LUNAR_YEAR
    factors = np.ones((len(away), len(CATEGORY_NAMES)))
    factors[(away >= -before) & (away < 0)] = early
    factors[(away >= 0) & (away < during)] = late
    return factors / mean


def hour_factors(scenario: Scenario, parameters: Any) -> Any:
    """Return the factor on each category's rate at each hour of the day, shape (15, 24)."""
    factors = np.ones((len(CATEGORY_NAMES), 24))
    for name, part in scenario.disputes.categories.items():
        if part.hour_weights is not None:
            factors[CATEGORY_NAMES.index(name)] = relative(part.hour_weights, parameters.friction_hour_weight)
    return factors
