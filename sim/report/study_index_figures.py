"""Pictures of sensitivity: Morris's mu* and sigma above the floor of luck, and Sobol indices with their intervals."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from sim.report.drawing import Picture, picture
from sim.report.numbers import scale
from sim.report.scheme import COLOURS, GREY, INK
from sim.report.study_option_figures import number_axis
from sim.report.study_words import difference_unit, wrapped
from sim.report.wording import Words
from sim.study import Analysis, outcome_of

ROW = 34  # pixels
MOST_FACTORS = 30


def morris_picture(analysis: Analysis, outcome: str, words: Words) -> Picture | None:
    """Return each factor's mu* with its interval, its sigma, and the floor below which luck explains it."""
    table = analysis.tables.get("morris")
    if table is None:
        return None
    rows = table[(table["outcome"] == outcome) & table["mu_star"].notna()].head(MOST_FACTORS)
    if rows.empty:
        return None
    factor = scale(outcome_of(outcome))

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for place, row in enumerate(rows.to_dict(orient="records")):
            if place % 2:
                axes.axhspan(place - 0.5, place + 0.5, color="#f2f3f5", linewidth=0, zorder=0)
            value, low, high, sigma, floor = (
                factor * float(row[name]) for name in ("mu_star", "low", "high", "sigma", "floor")
            )
            if np.isfinite(floor):
                axes.barh(
                    place, floor, height=0.8, color="#e3e5e8", edgecolor=GREY, linewidth=0.5, hatch="///", zorder=1
                )
            known = row["influential"] is not False
            face = COLOURS[0] if known else "white"
            axes.plot([low, high], [place, place], color=COLOURS[0], linewidth=1.8, solid_capstyle="butt", zorder=3)
            axes.plot([value], [place], "o", markerfacecolor=face, markeredgecolor=COLOURS[0], zorder=4)
            axes.plot([sigma], [place], "D", markerfacecolor="none", markeredgecolor=COLOURS[1], zorder=3)
        axes.set_yticks(range(len(rows)), [wrapped(name, 26, 2) for name in rows["factor"]])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(left=0.0)
        number_axis(axes, "x", words)
        axes.grid(axis="x")
        axes.set_xlabel(words("study.morris_axis", unit=difference_unit(outcome_of(outcome), words)))

    size = (460, 76 + ROW * len(rows))
    return picture(f"morris-{outcome}", words("study.morris"), size, draw)


def sobol_picture(analysis: Analysis, outcome: str, words: Words) -> Picture | None:
    """Return each factor's first-order and total index, with intervals."""
    if outcome not in analysis.sobol:
        return None
    rows = analysis.sobol[outcome].factors.head(MOST_FACTORS)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.axvline(0.0, color=INK, linewidth=0.8)
        for place, row in enumerate(rows.to_dict(orient="records")):
            if place % 2:
                axes.axhspan(place - 0.5, place + 0.5, color="#f2f3f5", linewidth=0, zorder=0)
            for kind, shift, colour, sign in (("total", 0.16, COLOURS[1], "D"), ("first", -0.16, COLOURS[0], "o")):
                value, low, high = (100.0 * float(row[name]) for name in (kind, f"{kind}_low", f"{kind}_high"))
                axes.barh(place + shift, value, height=0.26, color=colour, alpha=0.25, linewidth=0, zorder=1)
                axes.plot(
                    [low, high], [place + shift] * 2, color=colour, linewidth=1.6, solid_capstyle="butt", zorder=2
                )
                label = None if place else words("study.first" if kind == "first" else "study.total")
                axes.plot([value], [place + shift], sign, color=colour, label=label, zorder=3, linestyle="none")
        axes.set_yticks(range(len(rows)), [wrapped(name, 26, 2) for name in rows["factor"]])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        number_axis(axes, "x", words)
        axes.grid(axis="x")
        axes.set_xlabel(words("study.sobol_axis"))
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(
            handles[::-1], labels[::-1], frameon=False, fontsize=8.0, ncols=2, loc="lower left", bbox_to_anchor=(0, 1)
        )

    size = (460, 100 + (ROW + 6) * len(rows))
    return picture(f"sobol-{outcome}", words("study.sobol"), size, draw)
