"""Drawings of the course of a run: weekly means a day, with the range over replications of the base."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.drawing import Picture, picture
from sim.report.effect_figures import STEPS, tick_text
from sim.report.numbers import Numbers
from sim.report.response_figures import dash, line_width
from sim.report.scheme import Player
from sim.report.wording import Words
from sim.study import Comparison

KEYS = ("scenario", "seed", "day", "days")
FEW_WEEKS = 6  # so few points are marked
MOST_TICKS = 6
LEAST_DAYS = 4  # a last week cut shorter is too noisy to stand beside whole ones


def per_day(column: str) -> Callable[[pd.DataFrame], pd.Series]:
    """Return what turns a week's sum into a mean a day."""
    return lambda weeks: weeks[column] / weeks["days"]


def response_mean(weeks: pd.DataFrame) -> pd.Series:
    """Return the week's mean response time over answered calls, minutes; NaN without any."""
    return weeks["response_minutes_sum"] / weeks["answered"].where(weeks["answered"] > 0)


MEASURES: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "true_born": per_day("true_born"),
    "recorded_found": per_day("recorded_found"),
    "true_settled": per_day("true_settled"),
    "visits": per_day("visits"),
    "calls": per_day("calls"),
    "response": response_mean,
}


def weeks_of(comparison: Comparison) -> pd.DataFrame:
    """Return the series summed over districts, a row for each scenario, seed and week; empty without any run."""
    rows = comparison.series
    if not len(rows):
        return rows
    weeks = rows.drop(columns=["district"]).groupby(list(KEYS), as_index=False).sum()
    return weeks[(weeks["days"] >= LEAST_DAYS) | (weeks["day"] == 0)]


def courses(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[Picture]:
    """Return a drawing for each measure of how it went over the run; none of what never happened in any scenario."""
    weeks = weeks_of(comparison)
    if not len(weeks):
        return []
    starts = {name: scenario.calendar.start_date for name, scenario in comparison.scenarios.items()}
    values = {key: weeks.assign(value=measure(weeks)) for key, measure in MEASURES.items()}
    return [course(key, rows, starts, everyone, words) for key, rows in values.items() if (rows["value"] > 0.0).any()]


def course(
    key: str,
    values: pd.DataFrame,
    starts: dict[str, date],
    everyone: Sequence[Player],
    words: Words,
) -> Picture:
    """Return a measure's weekly mean over replications, a line for each scenario.

    Args:
        key: of the measure.
        values: the measure by scenario, seed and week, in the column ``value``.
        starts: each scenario's first day.
        everyone: the scenarios.
        words: of the report.
    """

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        numbers = Numbers(words)
        for one in everyone:
            rows = values[values["scenario"] == one.name]
            if not len(rows):
                continue
            table = rows.pivot_table(index="day", columns="seed", values="value", dropna=False)
            # A week stands at its middle.
            days = [starts[one.name].toordinal() + int(day) + 3.5 for day in table.index]
            sign = one.sign if len(days) <= FEW_WEEKS else "None"
            mean = table.mean(axis=1).to_numpy()
            if not one.dashes and table.shape[1] > 1:
                low, high = table.min(axis=1).to_numpy(), table.max(axis=1).to_numpy()
                axes.fill_between(np.array(days), low, high, color=one.colour, alpha=0.13, linewidth=0)
            (drawn,) = axes.plot(days, mean, color=one.colour, linewidth=line_width(one) - 0.4, marker=sign)
            dash(drawn, one)
        axes.set_xticks(*date_ticks(*axes.get_xlim()))
        axes.set_ylim(bottom=0.0)
        axes.yaxis.set_major_locator(MaxNLocator(5, steps=STEPS))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: tick_text(value, axes, numbers)))
        axes.grid(axis="y")
        axes.set_ylabel(words(f"course.{key}.unit"))

    return picture(
        f"course-{key}",
        words(f"course.{key}.caption"),
        (460, 240),
        draw,
        words("course.told", title=words(f"course.{key}.caption")),
    )


def date_ticks(first: float, last: float) -> tuple[list[int], list[str]]:
    """Return the places and labels of at most some six dates on an axis of days, at first days of months if it is long.

    Args:
        first: ordinal of the axis' first day, as ``date.toordinal`` counts.
        last: of its last.
    """
    days = [date.fromordinal(number) for number in range(math.ceil(first), math.floor(last) + 1)]
    months = [day for day in days if day.day == 1]
    if len(months) >= MOST_TICKS // 2:
        chosen, shape = months[:: -(-len(months) // MOST_TICKS)], "%Y-%m"
    else:
        chosen, shape = days[:: max(-(-len(days) // MOST_TICKS), 1)], "%m-%d"
    return [day.toordinal() for day in chosen], [day.strftime(shape) for day in chosen]
