"""Drawings of response times: the share of calls reached by minute, and the hours of the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.engine.clock import HOURS_A_DAY
from sim.report.drawing import Picture, picture
from sim.report.scheme import GREY, Player
from sim.report.wording import Words
from sim.study import Comparison

GOALS_MINUTES = (1, 3, 5)
CURVE_POINTS = 201
SHOWN_QUANTILE = 0.95  # the axis ends where the slowest scenario has answered so many of those it answers
LEAST_CALLS = 5  # in an hour or a curve; fewer are mostly luck


def calls_of(calls: pd.DataFrame, player: Player, priority: str | None = None) -> pd.DataFrame:
    """Return a scenario's calls, of one priority if asked for."""
    if not len(calls):
        return calls
    chosen = calls["scenario"] == player.name
    if priority is not None:
        chosen &= calls["priority"] == priority
    return calls.loc[chosen]


def answered(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the calls that a unit reached."""
    return calls.loc[calls["response_minutes"].notna()] if len(calls) else calls


def reached_by(rows: pd.DataFrame, minutes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the share of calls reached by each minute, shape (minutes,), over the calls that can be judged then.

    The rule is that of the outcomes within some minutes: a call that nobody reached counts as not reached, one still
    open at the run's end from that age on; younger ones are left out.
    """
    response = rows["response_minutes"].to_numpy()
    is_open = np.isnan(response) & ~rows["given_up"].to_numpy(dtype=bool)
    times = np.sort(response[~np.isnan(response)])
    ages = np.sort(rows["watched_minutes"].to_numpy()[is_open])
    older = len(ages) - np.searchsorted(ages, minutes, side="right")
    judged = len(rows) - len(ages) + older
    return np.asarray(np.searchsorted(times, minutes, side="right") / np.maximum(judged, 1))


def distributions(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[Picture]:
    """Return the share of all and of urgent calls reached by minute, and the mean time by hour of the day."""
    pictures = []
    for key, priority in (("all", None), ("urgent", "urgent")):
        samples = [(one, calls_of(comparison.calls, one, priority)) for one in everyone]
        samples = [(one, rows) for one, rows in samples if len(answered(rows)) >= LEAST_CALLS]
        if samples:
            pictures.append(curves(key, samples, words))
    samples = [(one, answered(calls_of(comparison.calls, one))) for one in everyone]
    samples = [(one, rows) for one, rows in samples if len(rows) >= LEAST_CALLS]
    if samples:
        pictures.append(by_hour(samples, words))
    return pictures


def curves(key: str, samples: Sequence[tuple[Player, pd.DataFrame]], words: Words) -> Picture:
    """Return the share of calls reached by minute, a line for each scenario."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        furthest = max(float(answered(rows)["response_minutes"].quantile(SHOWN_QUANTILE)) for _, rows in samples)
        furthest = max(furthest, GOALS_MINUTES[-1] + 0.5)
        minutes = np.linspace(0.0, furthest, CURVE_POINTS)
        for goal in GOALS_MINUTES:
            axes.axvline(goal, color=GREY, linewidth=0.7, dashes=(1, 2))
            said = words("curves.goal" if goal == GOALS_MINUTES[-1] else "curves.goal_bare", minutes=goal)
            axes.text(goal, 1.03, said, ha="center", va="bottom", fontsize=8, transform=axes.get_xaxis_transform())
        for one, rows in samples:
            (drawn,) = axes.plot(
                minutes, 100.0 * reached_by(rows, minutes), color=one.colour, linewidth=line_width(one)
            )
            dash(drawn, one)
        axes.set_xlim(0.0, furthest)
        axes.set_ylim(0.0, 100.0)
        axes.grid(axis="y")
        axes.set_xlabel(words("curves.minutes"))
        axes.set_ylabel(words("curves.share"))

    return picture(f"curves-{key}", words(f"curves.{key}"), (460, 290), draw)


def by_hour(samples: Sequence[tuple[Player, pd.DataFrame]], words: Words) -> Picture:
    """Return the mean response time by hour of the call's receipt; hours with few calls are left out."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        hours = np.arange(int(HOURS_A_DAY))
        for one, rows in samples:
            counts = np.bincount(rows["hour"], minlength=len(hours))
            sums = np.bincount(rows["hour"], weights=rows["response_minutes"], minlength=len(hours))
            means = np.where(counts >= LEAST_CALLS, sums / np.maximum(counts, 1), np.nan)
            (drawn,) = axes.plot(
                hours + 0.5, means, one.sign, linestyle="-", color=one.colour, linewidth=line_width(one)
            )
            dash(drawn, one)
        axes.set_xlim(0, len(hours))
        axes.set_xticks(range(0, len(hours) + 1, 3))
        axes.set_ylim(bottom=0.0)
        axes.grid(axis="y")
        axes.set_xlabel(words("hours.hour"))
        axes.set_ylabel(words("hours.minutes"))

    return picture("hours", words("hours.caption"), (460, 290), draw)


def line_width(player: Player) -> float:
    """Return the width of a scenario's line: the base's is broad, so that one drawn over it leaves it seen."""
    return 1.6 if player.dashes else 2.6


def dash(line: Any, player: Player) -> None:
    """Give a line its scenario's dashes."""
    if player.dashes:
        line.set_dashes(player.dashes)
