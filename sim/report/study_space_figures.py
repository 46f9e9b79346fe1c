"""Pictures of designs that fill the space of the factors: scatter with the surface's course, its map, and boxes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from sim.report.drawing import Picture, picture
from sim.report.numbers import Numbers, scale
from sim.report.scheme import COLOURS, GREY, INK, PALE
from sim.report.study_option_figures import number_axis
from sim.report.study_words import level_text, outcome_title, quantity, with_unit, wrapped
from sim.report.wording import Words
from sim.study import (
    Analysis,
    Discovery,
    FactorLike,
    Study,
    Surface,
    coded,
    decoded,
    is_numeric,
    outcome_of,
    point_frame,
    responses,
    span,
)

COLUMNS = 3
MOST_PANELS = 9
STEPS = 41
POINTS_SHOWN = 2000


def middle_of(study: Study) -> dict[str, Any]:
    """Return a point in the middle of all factors: of levels the one in the middle."""
    middle: dict[str, Any] = {}
    for factor in study.factors:
        levels = list(factor.levels or ())
        middle[factor.name] = decoded(factor, np.array([0.5]))[0] if is_numeric(factor) else levels[len(levels) // 2]
    return middle


def along(study: Study, factor: FactorLike, steps: int = STEPS) -> list[Any]:
    """Return values of a factor from one end to the other."""
    return list(decoded(factor, np.linspace(0.0, 1.0, steps))) if is_numeric(factor) else list(factor.levels or ())


def influence(study: Study, surface: Surface) -> dict[str, float]:
    """Return by how much a surface varies along each factor, the others in the middle: the strongest first."""
    found = {}
    for factor in study.factors:
        values = along(study, factor)
        table = pd.DataFrame([{**middle_of(study), factor.name: value} for value in values])
        found[factor.name] = float(np.ptp(surface.predict(table)["mean"].to_numpy()))
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def positions(factor: FactorLike, values: Any) -> Any:
    """Return where values of a factor stand on an axis."""
    if is_numeric(factor):
        return np.asarray(values, dtype=np.float64)
    places = {level: row for row, level in enumerate(factor.levels or ())}
    return np.array([places[value] for value in values], dtype=np.float64)


def factor_axis(axes: Any, which: str, factor: FactorLike, words: Words) -> None:
    """Write a numeric factor's axis on its own scale: of a logarithmic one the ends and the middle."""
    if factor.scale != "log":
        number_axis(axes, which, words, 4)
        return
    low, high = span(factor)
    ticks = [low, math.sqrt(low * high), high]
    axes.set(**{f"{which}scale": "log"})
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_minor_locator(NullLocator())
    axis.set_ticks(ticks, labels=[Numbers(words).plain(one, 2) for one in ticks])


def scatter(analysis: Analysis, outcome: str, words: Words) -> Picture | None:
    """Return an outcome's means over each factor, with the surface's course where it fits."""
    study, factor_scale = analysis.study, scale(outcome_of(outcome))
    if analysis.kind not in ("latin-hypercube", "sobol-sequence", "saltelli"):
        return None
    surface = analysis.surfaces.get(outcome)
    course = surface if surface is not None and surface.fits else None
    order = list(influence(study, course)) if course is not None else [one.name for one in study.factors]
    by_name = {one.name: one for one in study.factors}
    factors = [by_name[name] for name in order[:MOST_PANELS]]
    points, means = point_frame(study), factor_scale * responses(study, outcome).means()
    shown = np.linspace(0, len(points) - 1, min(POINTS_SHOWN, len(points))).astype(int)
    rows = math.ceil(len(factors) / COLUMNS)

    def draw(figure: Figure) -> None:
        panels = np.atleast_1d(figure.subplots(rows, min(COLUMNS, len(factors)), sharey=True, squeeze=False)).ravel()
        for axes, factor in zip(panels, factors, strict=False):
            places = positions(factor, points[factor.name])
            axes.plot(places[shown], means[shown], "o", color=COLOURS[0], alpha=0.35, markersize=2.6, zorder=1)
            if course is not None:
                values = along(study, factor)
                table = pd.DataFrame([{**middle_of(study), factor.name: value} for value in values])
                line = factor_scale * course.predict(table)["mean"].to_numpy()
                axes.plot(positions(factor, values), line, color=COLOURS[1], linewidth=2.0, zorder=2)
            if is_numeric(factor):
                factor_axis(axes, "x", factor, words)
            else:
                levels = list(factor.levels or ())
                axes.set_xticks(range(len(levels)), [wrapped(level_text(one, words), 9, 2) for one in levels])
            axes.set_xlabel(wrapped(factor.name, 26, 2))
            axes.grid(axis="y")
        for axes in panels[len(factors) :]:
            axes.set_visible(False)
        number_axis(panels[0], "y", words)
        for row in range(rows):
            panels[row * min(COLUMNS, len(factors))].set_ylabel(wrapped(with_unit(outcome, words), 30, 3), fontsize=8.0)

    caption = words("study.scatter") if course is not None else words("study.scatter_only")
    return picture(f"scatter-{outcome}", caption, (80 + 200 * min(COLUMNS, len(factors)), 210 * rows), draw)


def surface_map(analysis: Analysis, outcome: str, words: Words) -> Picture | None:
    """Return a surface over the two factors along which it varies most, the others in the middle."""
    surface = analysis.surfaces.get(outcome)
    if surface is None or not surface.fits:
        return None
    study, factor_scale = analysis.study, scale(outcome_of(outcome))
    numeric = {one.name: one for one in study.factors if is_numeric(one)}
    names = [name for name in influence(study, surface) if name in numeric][:2]
    if len(names) < 2:
        return None
    first, second = (numeric[name] for name in names)
    across, up = along(study, first), along(study, second)
    cells = [{**middle_of(study), first.name: x, second.name: y} for y in up for x in across]
    heights = factor_scale * surface.predict(pd.DataFrame(cells))["mean"].to_numpy().reshape(len(up), len(across))
    points = point_frame(study)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        filled = axes.contourf(across, up, heights, levels=9, cmap="cividis")
        axes.contour(across, up, heights, levels=filled.levels, colors="white", linewidths=0.5)
        axes.plot(points[first.name], points[second.name], ".", color="white", markersize=1.8, alpha=0.6)
        for factor, axis in ((first, "x"), (second, "y")):
            factor_axis(axes, axis, factor, words)
        axes.set_xlim(*span(first))
        axes.set_ylim(*span(second))
        axes.set_xlabel(first.name)
        axes.set_ylabel(second.name)
        bar = figure.colorbar(filled, ax=axes)
        bar.outline.set_visible(False)
        bar.ax.yaxis.set_major_formatter(lambda value, _: Numbers(words).plain(round(value, 9), 3))
        bar.set_label(wrapped(with_unit(outcome, words), 34, 3), fontsize=8.0)

    others = words.listing([one.name for one in study.factors if one.name not in names])
    caption = words("study.map", first=first.name, second=second.name)
    caption += words("study.map_others", others=others) if others else ""
    return picture(f"map-{outcome}", caption, (460, 320), draw)


def box_picture(analysis: Analysis, outcome: str, words: Words) -> Picture | None:
    """Return the limits of the first box that scenario discovery found, each on its factor's whole range."""
    found = analysis.discoveries.get(outcome)
    if found is None or not found.boxes:
        return None
    study, limits = analysis.study, found.boxes[0].limits.to_dict(orient="records")
    by_name = {one.name: one for one in study.factors}

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for place, limit in enumerate(limits):
            factor = by_name[str(limit["factor"])]
            axes.plot([0.0, 1.0], [place, place], color=PALE, linewidth=7.0, solid_capstyle="butt", zorder=1)
            if limit["levels"] is not None:
                levels = [level_text(one, words) for one in factor.levels or ()]
                for row, level in enumerate(factor.levels or ()):
                    inside = str(level) in limit["levels"]
                    where = row / max(len(levels) - 1, 1)
                    face = COLOURS[1] if inside else "white"
                    axes.plot([where], [place], "s", markerfacecolor=face, markeredgecolor=COLOURS[1], zorder=2)
                    axes.text(where, place - 0.24, levels[row], ha="center", va="bottom", fontsize=8.0)
                continue
            ends = [min(max(float(one), span(factor)[0]), span(factor)[1]) for one in (limit["low"], limit["high"])]
            low, high = (float(one) for one in coded(factor, ends))
            axes.plot([low, high], [place, place], color=COLOURS[1], linewidth=7.0, solid_capstyle="butt", zorder=2)
            for where, end, side in ((low, ends[0], "left"), (high, ends[1], "right")):
                if 0.005 < where < 0.995:
                    text = Numbers(words).plain(end)
                    axes.text(where, place - 0.24, text, ha=side, va="bottom", fontsize=8.0, color=INK)
            for where, end in zip((0.0, 1.0), span(factor), strict=True):
                text = Numbers(words).setting(float(end))
                axes.text(
                    where, place + 0.22, text, ha="left" if where == 0 else "right", va="top", fontsize=8.0, color=GREY
                )
        axes.set_yticks(range(len(limits)), [wrapped(str(one["factor"]), 22, 2) for one in limits])
        axes.set_xticks([])
        axes.tick_params(axis="y", length=0)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        axes.set_ylim(len(limits) - 0.4, -0.7)
        axes.set_xlim(-0.02, 1.02)

    caption = words("study.box_caption", condition=condition_words(found, words))
    return picture(f"box-{outcome}", caption, (460, 40 + 56 * len(limits)), draw)


def condition_words(found: Discovery, words: Words) -> str:
    """Return what scenario discovery looked for, with the outcome's title and unit."""
    outcome = outcome_of(found.outcome)
    said = {"title": outcome_title(found.outcome, words), "limit": quantity(found.limit, outcome, words)}
    return words("study.at_most", **said) if found.at_most else words("study.at_least", **said)
