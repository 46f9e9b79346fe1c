"""A drawing of what containment achieves: the share of flights caught at each ring, by alarm delay and units."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.drawing import Picture, picture
from sim.report.numbers import Numbers
from sim.report.scheme import COLOURS, INK
from sim.report.wording import Words
from sim.study import RING_COLUMNS

HATCHES = ("", "///", "...")  # of the rings, besides their colours
PANEL = 130  # pixels of width for each number of units
MARGINS = 230  # for the axis and the legend
BAR = 0.72
NORMAL_975 = 1.959964  # 97.5 % quantile of the standard normal


def wilson(hits: float, total: float) -> tuple[float, float]:
    """Return the 95 % interval of a share, after Wilson (1927); 0 to 1 for nothing counted."""
    if total <= 0:
        return 0.0, 1.0
    square = NORMAL_975**2
    middle = (hits + 0.5 * square) / (total + square)
    half = NORMAL_975 / (total + square) * math.sqrt(hits * (total - hits) / total + 0.25 * square)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def caught_by_ring(sweep: pd.DataFrame, words: Words) -> Picture:
    """Return the share of flights caught, stacked by ring, over the alarm's delay; a panel for each number of units.

    Args:
        sweep: as ``sim.study.sweep_containment`` returns it.
        words: of the page.
    """
    numbers = Numbers(words)
    counts = sorted(sweep["units"].unique().tolist())

    def draw(figure: Figure) -> None:
        panels = figure.subplots(1, len(counts), sharey=True, squeeze=False)[0]
        for axes, count in zip(panels, counts, strict=True):
            rows = sweep[sweep["units"] == count].sort_values("alarm_delay_minutes")
            draw_panel(axes, rows, numbers, words)
            axes.set_title(words.plural("containment.units", int(count)))
        panels[0].set_ylabel(words("containment.share"))
        panels[-1].legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), reverse=True, frameon=False, fontsize=8.5)
        figure.supxlabel(words("containment.delay"), fontsize=9.0)

    flights = numbers.whole(float(sweep["flights"].min()))
    return picture(
        "containment", words("containment.caption", flights=flights), (MARGINS + PANEL * len(counts), 260), draw
    )


def draw_panel(axes: Axes, rows: pd.DataFrame, numbers: Numbers, words: Words) -> None:
    """Draw the stacked bars of one number of units, with the interval of their sum."""
    places = range(len(rows))
    total = rows["flights"].clip(lower=1)
    below = pd.Series(0.0, index=rows.index)
    for ring, colour, hatch in zip(RING_COLUMNS, COLOURS, HATCHES, strict=False):
        part = 100.0 * rows[ring] / total
        axes.bar(
            places,
            part,
            BAR,
            bottom=below,
            label=words(f"containment.{ring}"),
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.4,
        )
        below += part
    for place, (_, row) in zip(places, rows.iterrows(), strict=True):
        low, high = wilson(float(row[list(RING_COLUMNS)].sum()), float(row["flights"]))
        axes.plot([place, place], [100.0 * low, 100.0 * high], color=INK, linewidth=0.9)
    axes.set_xticks(places, [numbers.setting(delay) for delay in rows["alarm_delay_minutes"]])
    axes.set_ylim(0.0, 100.0)
    axes.grid(axis="y")
