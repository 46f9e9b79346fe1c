"""A drawing of how patrol units spend their time on duty: a bar for each scenario, or each of its groups of units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.outcomes import ON_DUTY
from sim.report.drawing import Picture, picture
from sim.report.numbers import Numbers
from sim.report.scheme import INK, Player
from sim.report.wording import Words, shortened, tidy
from sim.study import Comparison

# Busy ones first. Okabe and Ito (2008), with two tints and hatches, so that neighbours differ without colour too.
SHADES = {
    "to_scene": ("#E69F00", ""),
    "on_scene": ("#D55E00", ""),
    "to_ring": ("#CC79A7", "///"),
    "at_ring": ("#CC79A7", ""),
    "returning": ("#b9e0f5", ""),
    "patrolling": ("#56B4E9", ""),
    "dwelling": ("#0072B2", ""),
    "at_post": ("#dfe3e8", ""),
    "on_break": ("#ffffff", "...."),
}
DARK = ("#D55E00", "#0072B2")  # on which white is read
MOST_BARS = 24  # with more, groups are put together
LEAST_LABELLED = 0.06  # of a bar's length: a narrower part has no room for its figure
BAR = 30  # pixels
NAME_LENGTH = 22
ENTRIES_A_ROW = 2

type Shares = "np.ndarray[Any, np.dtype[np.float64]]"


def shares(comparison: Comparison, everyone: Sequence[Player]) -> pd.DataFrame:
    """Return the hours of each bar by status on duty: one row for each scenario and group, hours summed over runs.

    With only one group, or too many bars, the groups of a scenario are put together (group "").
    """
    rows = comparison.unit_time
    if not len(rows):
        return pd.DataFrame()
    rows = rows[rows["status"].isin(ON_DUTY)]
    bars, groups = rows.groupby(["scenario", "group"]).ngroups, len(set(rows["group"]))
    if groups == 1 or bars > MOST_BARS:
        rows = rows.assign(group="")
    hours = rows.pivot_table(index=["scenario", "group"], columns="status", values="hours", aggfunc="sum", sort=False)
    hours = hours.reindex(columns=list(SHADES)).fillna(0.0)
    order = {one.name: place for place, one in enumerate(everyone)}
    places = np.argsort([order[str(scenario)] for scenario, _ in hours.index], kind="stable")
    return hours.iloc[places]


def unit_time(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[Picture]:
    """Return the drawing, or nothing where no unit was on duty."""
    hours = shares(comparison, everyone)
    if not len(hours) or not hours.to_numpy().sum() > 0.0:
        return []
    used = [status for status in SHADES if hours[status].sum() > 0.0]
    codes = {one.name: one.code for one in everyone}
    names = [
        words("load.bar", code=codes[str(scenario)], group=shortened(tidy(str(group)), NAME_LENGTH))
        if group
        else codes[str(scenario)]
        for scenario, group in hours.index
    ]
    legend_rows = -(-len(used) // ENTRIES_A_ROW)
    numbers = Numbers(words)
    part = hours[used].to_numpy() / np.maximum(hours.to_numpy().sum(axis=1, keepdims=True), 1e-12)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        left = np.zeros(len(part))
        for status, width in zip(used, part.T, strict=True):
            stack(axes, left, width, status, numbers)
            left = left + width
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_xlim(0.0, 1.0)
        axes.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0], [numbers.whole(one) for one in (0, 25, 50, 75, 100)])
        axes.set_xlabel(words("load.axis"))
        axes.spines["left"].set_visible(False)
        handles = [
            Patch(facecolor=SHADES[status][0], hatch=SHADES[status][1], edgecolor=INK, linewidth=0.4) for status in used
        ]
        said = [words(f"status.{status}") for status in used]
        axes.legend(
            handles,
            said,
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            ncols=ENTRIES_A_ROW,
            frameon=False,
            fontsize=8.5,
        )

    size = (460, 62 + BAR * len(names) + 19 * legend_rows)
    told = [
        words("load.told_bar", bar=name, list=words("list.comma").join(spoken(used, row, words)))
        for name, row in zip(names, part, strict=True)
    ]
    caption = words("load.caption")
    return [picture("unit-time", caption, size, draw, words("load.told", caption=caption, bars=" ".join(told)))]


def spoken(used: Sequence[str], row: Shares, words: Words) -> list[str]:
    """Return a bar's parts in words, for those who cannot see it."""
    return [
        words("load.told_part", status=words(f"status.{status}"), share=Numbers(words).percent(share, digits=2))
        for status, share in zip(used, row, strict=True)
    ]


def stack(axes: Axes, left: Shares, width: Shares, status: str, numbers: Numbers) -> None:
    """Draw one status in every bar, with its percentage where there is room for it."""
    colour, hatch = SHADES[status]
    rows = np.arange(len(left))
    axes.barh(rows, width, left=left, height=0.72, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.4)
    for row in rows[width >= LEAST_LABELLED]:
        axes.text(
            left[row] + width[row] / 2.0,
            row,
            numbers.whole(100.0 * width[row]),
            ha="center",
            va="center",
            fontsize=8.0,
            color="white" if colour in DARK else INK,
        )
