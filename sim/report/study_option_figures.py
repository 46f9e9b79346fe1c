"""Pictures of designs whose points are options: differences from the base, effects of levels, shares of variance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.drawing import Picture, picture
from sim.report.effect_figures import MARKS, STEPS
from sim.report.numbers import Numbers, scale
from sim.report.scheme import COLOURS, DASHES, GREY, INK, PALE, SIGNS
from sim.report.study_words import difference_unit, level_text, outcome_title, point_labels, with_unit, wrapped
from sim.report.wording import Words
from sim.study import Analysis, Study, outcome_of, point_frame, responses

if TYPE_CHECKING:
    import pandas as pd

ROW, LINE = 26, 10  # pixels: a row of one line, and what each further line takes
LABEL_WIDTH, LABEL_LINES = 34, 4  # letters, lines: two points must not come to look alike
MOST_ROWS = 40
MOST_OF_FACTORIAL = 12  # its effects of levels say more than its many points
PANEL = 200
TINTS = (*COLOURS, "#999999", "#332288", "#117733")
HATCHES = ("", "///", "...", "\\\\\\", "xx", "++", "oo", "--", "**")


def number_axis(axes: Axes, along: str, words: Words, ticks: int = 5) -> None:
    """Give an axis a few round ticks, written in the manner of the page."""
    axis = axes.yaxis if along == "y" else axes.xaxis
    axis.set_major_locator(MaxNLocator(ticks, steps=STEPS))
    numbers = Numbers(words)

    def text(value: float, _: Any) -> str:
        places = axis.get_majorticklocs()
        step = float(abs(places[1] - places[0])) if len(places) > 1 else abs(value)
        decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0.0 else 0
        # Steps such as 2.5 need one decimal more.
        return numbers.fixed(value, decimals + int(abs(round(step, decimals) - step) > 1e-9 * step))

    axis.set_major_formatter(FuncFormatter(text))


def differences(analysis: Analysis, outcome: str, words: Words) -> Picture | None:
    """Return every point's difference from the base in an outcome, with intervals; the largest first."""
    table = analysis.tables.get("base")
    if table is None:
        return None
    rows = table[(table["outcome"] == outcome) & table["difference"].notna()]
    if rows.empty:
        return None
    rows = rows.reindex(rows["difference"].abs().sort_values(ascending=False, kind="stable").index)
    most = MOST_ROWS if analysis.kind != "factorial" else MOST_OF_FACTORIAL
    caption = words("study.differences") if len(rows) <= most else words("study.differences_cut", count=most)
    rows = rows.head(most)
    labels, factor = point_labels(analysis.study, words), scale(outcome_of(outcome))
    names = [wrapped(labels[int(point)], LABEL_WIDTH, LABEL_LINES) for point in rows["point"]]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.axvline(0.0, color=INK, linewidth=0.8)
        for place, row in enumerate(rows.to_dict(orient="records")):
            sign, edge, face = MARKS[row["verdict"]]
            value, low, high = (factor * float(row[name]) for name in ("difference", "low", "high"))
            if place % 2:
                axes.axhspan(place - 0.5, place + 0.5, color="#f2f3f5", linewidth=0, zorder=0)
            axes.plot([0.0, value], [place, place], color=PALE, linewidth=5.0, solid_capstyle="butt", zorder=1)
            if np.isfinite(low):
                axes.plot([low, high], [place, place], color=edge, linewidth=1.6, solid_capstyle="butt", zorder=2)
            axes.plot([value], [place], sign, markeredgecolor=edge, markerfacecolor=face, markeredgewidth=1.2, zorder=3)
        axes.set_yticks(range(len(rows)), names)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        number_axis(axes, "x", words)
        axes.grid(axis="x")
        axes.set_xlabel(words("study.difference_axis", unit=difference_unit(outcome_of(outcome), words)))

    title = outcome_title(outcome, words)
    most_lines = max(name.count("\n") for name in names)
    size = (500, 70 + (ROW + LINE * most_lines) * len(rows))
    return picture(f"difference-{outcome}", caption, size, draw, words("study.differences_told", title=title))


def main_effects(analysis: Analysis, outcome: str, words: Words) -> Picture | None:
    """Return the mean at every level of every factor, one panel for each, all with one vertical axis."""
    levels = analysis.tables.get("levels")
    if levels is None or levels[levels["outcome"] == outcome].empty:
        return None
    mine, factor = levels[levels["outcome"] == outcome], scale(outcome_of(outcome))
    names = [one.name for one in analysis.study.factors]
    middle = factor * float(np.nanmean(responses(analysis.study, outcome).complete().values))

    def draw(figure: Figure) -> None:
        panels = np.atleast_1d(figure.subplots(1, len(names), sharey=True))
        for number, (axes, name) in enumerate(zip(panels, names, strict=True)):
            rows = mine[mine["term"] == name]
            rows = rows.iloc[in_order(list(rows["level"]))]
            places = np.arange(len(rows))
            axes.axhline(middle, color=GREY, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
            low, high = (middle + factor * rows[end].to_numpy() for end in ("low", "high"))
            axes.vlines(places, low, high, color=COLOURS[0], linewidth=1.6, zorder=2)
            axes.plot(places, middle + factor * rows["effect"].to_numpy(), "-o", color=COLOURS[0], zorder=3)
            axes.set_xticks(places, [wrapped(text, 10, 2) for text in rows["level"]])
            axes.set_xlim(-0.5, len(rows) - 0.5)
            axes.set_xlabel(wrapped(name, 24, 2))
            axes.grid(axis="y")
            if number:
                axes.spines["left"].set_visible(False)
        number_axis(panels[0], "y", words)
        panels[0].set_ylabel(wrapped(with_unit(outcome, words), 34, 3), fontsize=8.0)

    caption = words("study.main_effects")
    size = (90 + min(PANEL, 640 // max(len(names), 1)) * len(names), 240)
    return picture(f"main-{outcome}", caption, size, draw)


def interaction(analysis: Analysis, outcome: str, words: Words) -> Picture | None:
    """Return the two factors that hang together most, as lines that would be parallel if they did not."""
    table = analysis.tables.get("variance")
    if table is None:
        return None
    rows = table[(table["outcome"] == outcome) & (table["order"] == 2)]
    if rows.empty or not float(rows["share"].max()) > 0.0:
        return None
    first, second = str(rows["term"].iloc[int(rows["share"].to_numpy().argmax())]).split(" × ")
    means = cell_means(analysis.study, outcome, first, second) * scale(outcome_of(outcome))

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        places = np.arange(len(means.index))
        for number, name in enumerate(means.columns):
            colour, sign = COLOURS[number % len(COLOURS)], SIGNS[number % len(SIGNS)]
            style = (0, DASHES[number - 1]) if 0 < number <= len(DASHES) else "-"
            label = words("study.value", factor=second, value=level_text(name, words))
            axes.plot(places, means[name], marker=sign, color=colour, linestyle=style, label=label)
        axes.set_xticks(places, [wrapped(level_text(one, words), 12, 2) for one in means.index])
        axes.set_xlim(-0.3, len(places) - 0.7)
        axes.set_xlabel(first)
        number_axis(axes, "y", words)
        axes.grid(axis="y")
        axes.set_ylabel(wrapped(with_unit(outcome, words), 34, 3), fontsize=8.0)
        axes.legend(frameon=False, fontsize=8.0, loc="upper left", bbox_to_anchor=(1.0, 1.0))

    caption = words("study.interaction", first=first, second=second)
    return picture(f"interaction-{outcome}", caption, (460, 240), draw)


def cell_means(study: Study, outcome: str, first: str, second: str) -> pd.DataFrame:
    """Return the mean of an outcome by the levels of two factors, numbers ascending, others in the file's order."""
    points = point_frame(study)
    frame = points.assign(mean=responses(study, outcome).means())
    means = frame.pivot_table(index=first, columns=second, values="mean", sort=False)
    orders = {factor.name: list(factor.levels) for factor in study.factors if factor.levels is not None}
    rows = [one for one in orders.get(first, sorted(means.index)) if one in means.index]
    columns = [one for one in orders.get(second, sorted(means.columns)) if one in means.columns]
    return means.loc[[rows[one] for one in in_order(rows)], [columns[one] for one in in_order(columns)]]


def in_order(levels: Sequence[Any]) -> list[int]:
    """Return the places of levels as a line goes through them: numbers ascending, others as they stand.

    Files name the base's level first; a line through levels in that order would go back and forth.
    """
    try:
        values = [float(level) for level in levels]
    except (TypeError, ValueError):
        return list(range(len(levels)))
    return sorted(range(len(values)), key=values.__getitem__)


def variance(analysis: Analysis, outcomes: Sequence[str], words: Words) -> Picture | None:
    """Return for each outcome what makes the variance of single runs: factors, interactions, luck."""
    table = analysis.tables.get("variance")
    if table is None:
        return None
    shares = table.pivot_table(index="outcome", columns="term", values="share", sort=False).fillna(0.0)
    shares = shares.loc[[one for one in outcomes if one in shares.index]]
    shares = merged_small(shares, words)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        start = np.zeros(len(shares))
        for number, term in enumerate(shares.columns):
            width = 100.0 * shares[term].to_numpy()
            luck = term in (words("study.seed_luck"), words("study.run_luck"))
            tint = (
                ("#e3e5e8" if term == words("study.seed_luck") else "#f6f7f8") if luck else TINTS[number % len(TINTS)]
            )
            hatch = HATCHES[number % len(HATCHES)] if number >= len(COLOURS) and not luck else ""
            axes.barh(
                range(len(shares)),
                width,
                left=start,
                color=tint,
                edgecolor=GREY if luck else "white",
                linewidth=0.6,
                hatch=hatch,
                label=term,
                height=0.66,
            )
            for row, one in enumerate(width):
                if one >= 9.0:
                    colour = INK if luck or tint in ("#E69F00", "#56B4E9", "#CC79A7") else "white"
                    axes.text(
                        start[row] + one / 2, row, f"{one:.0f}", ha="center", va="center", fontsize=8, color=colour
                    )
            start += width
        axes.set_yticks(range(len(shares)), [wrapped(outcome_title(one, words), 28, 3) for one in shares.index])
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(len(shares) - 0.5, -0.5)
        axes.set_xlim(0.0, 100.0)
        axes.set_xlabel(words("study.variance_axis"))
        axes.spines["left"].set_visible(False)
        axes.legend(frameon=False, fontsize=8.0, loc="upper left", bbox_to_anchor=(1.0, 1.02))

    return picture("variance", words("study.variance"), (660, 80 + max(3, len(shares)) * 40), draw)


def merged_small(shares: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return shares with the terms that nowhere make a fiftieth put together, luck named in words and put last."""
    names = {"luck shared by all points": words("study.seed_luck"), "luck of single runs": words("study.run_luck")}
    luck = [name for name in names if name in shares.columns]
    terms = [name for name in shares.columns if name not in names]
    small = [name for name in terms if float(shares[name].max()) < 0.02]
    kept = shares[[name for name in terms if name not in small]]
    if small:
        kept = kept.assign(**{words("study.other_terms"): shares[small].sum(axis=1)})
    return kept.join(shares[luck]).rename(columns=names)
