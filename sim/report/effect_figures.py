"""Drawings of effects: percent differences with their intervals, and every replication's values side by side."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.outcomes import Outcome
from sim.report.drawing import Picture, picture
from sim.report.numbers import Numbers, scale
from sim.report.scheme import BETTER, GREY, INK, PALE, WORSE, Player
from sim.report.wording import Words
from sim.study import Comparison, Effect

MARKS = {
    "better": ("o", BETTER, BETTER),
    "worse": ("D", WORSE, WORSE),
    "different": ("s", INK, INK),
    "no difference seen": ("o", GREY, "white"),
    "undefined": ("x", GREY, GREY),
}
LEAST_RANGE = 0.01  # the axis shows at least so large a share of the base's mean to either side
CUT = 0.5  # differences beyond this share of the base's mean do not set the axis
ROW = 34  # pixels
STEPS = [1, 2, 2.5, 5, 10]  # between ticks


def common_range(effects: Sequence[Effect]) -> float:
    """Return how far the axis of percent differences goes to either side, so that a few far ones hide no others."""
    shares = [abs(one.difference / one.base_mean) for one in effects if one.base_mean and math.isfinite(one.difference)]
    return max([1.15 * share for share in shares if share <= CUT] + [LEAST_RANGE])


def label_of(outcome: Outcome, words: Words) -> str:
    """Return an outcome's title on as many short lines as it needs, with what kind of outcome it is."""
    title = words.maybe(f"outcome.{outcome.id}.title", outcome.title)
    kind = "" if outcome.kind == "neutral" else f" [{words(f'kind.{outcome.kind}')}]"
    return "\n".join(textwrap.wrap(title + kind, 30))


def forest(
    player: Player, effects: Sequence[Effect], outcomes: Sequence[Outcome], reach: float, words: Words
) -> Picture:
    """Return an option's percent differences from the base, a row for each outcome, better and worse by sign too."""
    numbers = Numbers(words)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.axvline(0.0, color=INK, linewidth=0.8)
        for row, effect in enumerate(effects):
            forest_row(axes, row, effect, reach, numbers)
        axes.set_yticks(range(len(effects)), [label_of(one, words) for one in outcomes])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_ylim(len(effects) - 0.4, -0.6)
        axes.set_xlim(-reach, reach)
        axes.xaxis.set_major_locator(MaxNLocator(5, symmetric=True, steps=STEPS))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: numbers.plain(round(100.0 * value, 6), 2, signed=True))
        )
        axes.grid(axis="x")
        axes.set_xlabel(words("forest.axis"))

    caption = words("forest.caption", code=player.code, option=player.short)
    told = words("forest.told", code=player.code, option=player.short, count=len(effects))
    return picture(f"forest-{player.code}", caption, (460, 70 + ROW * len(effects)), draw, told)


def forest_row(axes: Axes, row: int, effect: Effect, reach: float, numbers: Numbers) -> None:
    """Draw one outcome's difference: a sign, its interval, an arrow and the figure where it lies beyond the axis."""
    if row % 2:
        axes.axhspan(row - 0.5, row + 0.5, color="#f2f3f5", linewidth=0, zorder=0)
    sign, edge, face = MARKS[effect.verdict]
    base = abs(effect.base_mean)
    if not math.isfinite(effect.difference) or base == 0.0:
        said = numbers.words("number.undefined") if math.isnan(effect.difference) else numbers.words("forest.no_base")
        axes.text(0.02 * reach, row, said, va="center", fontsize=8.0, color=GREY)
        return
    value, low, high = effect.difference / base, effect.low / base, effect.high / base
    if math.isfinite(low):
        axes.plot([max(low, -reach), min(high, reach)], [row, row], color=edge, linewidth=1.6, solid_capstyle="butt")
    if abs(value) <= reach:
        axes.plot(
            [value],
            [row],
            sign,
            markeredgecolor=edge,
            markerfacecolor=face,
            markeredgewidth=1.2,
            zorder=3,
            clip_on=False,
        )
        return
    side = math.copysign(1.0, value)
    axes.plot([side * reach], [row], ">" if side > 0 else "<", color=edge, zorder=3, clip_on=False, markersize=6)
    axes.text(
        side * 0.94 * reach,
        row,
        numbers.relative(value),
        ha="right" if side > 0 else "left",
        va="center",
        fontsize=8.5,
        color=edge,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
    )


def values_by_seed(comparison: Comparison, outcome: str, everyone: Sequence[Player]) -> np.ndarray[Any, Any]:
    """Return an outcome's values, shape (seeds, scenarios); NaN for a run that failed or left it undefined."""
    rows = comparison.runs
    rows = rows[rows["outcome"] == outcome] if len(rows) else rows
    found = {
        (str(scenario), int(seed)): float(value)
        for scenario, seed, value in zip(rows["scenario"], rows["seed"], rows["value"], strict=True)
    }
    return np.array([[found.get((one.name, seed), math.nan) for one in everyone] for seed in comparison.seeds])


def replications(comparison: Comparison, outcome: Outcome, everyone: Sequence[Player], words: Words) -> Picture | None:
    """Return an outcome's value in every replication, one line for each seed; None where it is nowhere defined."""
    values = values_by_seed(comparison, outcome.id, everyone) * scale(outcome)
    if not np.isfinite(values).any():
        return None
    numbers = Numbers(words)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        places = np.arange(len(everyone))
        # One line with gaps for all seeds.
        across = np.tile(np.append(places, np.nan), len(values))
        along = np.column_stack([values, np.full(len(values), np.nan)]).ravel()
        axes.plot(across, along, color=PALE, linewidth=0.9, zorder=1, clip_on=False)
        for place, one in enumerate(everyone):
            column = values[:, place]
            axes.plot(
                np.full(len(column), place), column, one.sign, color=one.colour, alpha=0.75, zorder=2, clip_on=False
            )
            if np.isfinite(column).any():
                mean = float(np.nanmean(column))
                axes.plot([place - 0.28, place + 0.28], [mean, mean], color=one.colour, linewidth=2.2, zorder=3)
        axes.set_xticks(places, [one.code for one in everyone])
        axes.tick_params(axis="x", length=0, bottom=False)
        axes.set_xlim(-0.5, len(everyone) - 0.5)
        axes.grid(axis="y")
        axes.yaxis.set_major_locator(MaxNLocator(5, steps=STEPS))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: tick_text(value, axes, numbers)))

    title = words.maybe(f"outcome.{outcome.id}.title", outcome.title)
    kind = "" if outcome.kind == "neutral" else f" [{words(f'kind.{outcome.kind}')}]"
    caption = words("replications.caption", title=title + kind, unit=numbers.unit(outcome))
    return picture(
        f"seeds{comparison.shown.index(outcome.id)}",
        caption,
        (320, 200),
        draw,
        words("replications.told", title=caption),
    )


def tick_text(value: float, axes: Axes, numbers: Numbers) -> str:
    """Return a tick's label with the decimals that the distance between ticks asks for."""
    ticks = axes.get_yticks()
    step = float(abs(ticks[1] - ticks[0])) if len(ticks) > 1 else abs(value)
    decimals = 0 if step == 0.0 else max(0, -math.floor(math.log10(step) + 1e-9))
    # Steps such as 2.5 need one decimal more.
    needs_more = abs(round(step, decimals) - step) > 1e-9 * step
    return numbers.fixed(value, decimals + int(needs_more))
