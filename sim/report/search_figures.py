"""Pictures of a search: the winner's luck, cost against what it buys, and how the search went."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes import Outcome
from sim.report.drawing import Picture, picture
from sim.report.numbers import scale
from sim.report.scheme import COLOURS, GREY, INK, PALE
from sim.report.search_words import Runner, possible, target_words
from sim.report.study_option_figures import number_axis
from sim.report.study_words import outcome_title, with_unit, wrapped
from sim.report.wording import Words
from sim.study import Estimate, Found, Objective, Share, outcome_of

ROW = 44  # pixels
BEST, FRESH = COLOURS[1], COLOURS[0]
STRIPE = "#f2f3f5"
ASIDE = ((11, -9), (11, 9), (-11, 9), (-11, -9))  # where finalists' letters stand, in turn: they often lie together


def colour(runner: Runner) -> str:
    """Return a finalist's colour."""
    return BEST if runner.is_best else FRESH


def bar(axes: Axes, ends: Sequence[float], across: float, along: str, shade: str, width: float = 1.6) -> None:
    """Draw an interval along x or y, where the other coordinate is ``across``."""
    if all(map(math.isfinite, ends)):
        places = (ends, [across] * 2) if along == "x" else ([across] * 2, ends)
        axes.plot(*places, color=shade, linewidth=width, solid_capstyle="butt", zorder=4)


@dataclass(frozen=True)
class Seen:
    """A figure with its interval, as an axis shows it."""

    value: float
    low: float
    high: float


def of_mean(one: Estimate, outcome: Outcome) -> Seen:
    """Return an outcome's mean as it is shown."""
    factor, (low, high) = scale(outcome), possible(outcome, one.low, one.high)
    return Seen(factor * one.mean, factor * low, factor * high)


def of_share(one: Share) -> Seen:
    """Return a share in percent."""
    return Seen(100.0 * one.share, 100.0 * one.low, 100.0 * one.high)


def luck_pictures(found: Found, shown: Sequence[Runner], words: Words) -> list[Picture]:
    """Return every objective, and every target's share, of the finalists: as the search saw it and by fresh seeds."""
    made = []
    for place, objective in enumerate(found.search.objectives):
        gaps, outcome = [one.one.objectives[place] for one in shown], outcome_of(objective.outcome)
        pairs = [(of_mean(gap.searched, outcome), of_mean(gap.fresh, outcome)) for gap in gaps]
        caption = words("search.luck", title=outcome_title(objective.outcome, words))
        axis = with_unit(objective.outcome, words)
        made.append(pair_picture(f"luck-{objective.outcome}", caption, axis, shown, pairs, None, words))
    for place, target in enumerate(found.search.targets):
        pairs = [(of_share(one.one.searched[place]), of_share(one.one.fresh[place])) for one in shown]
        caption = words("search.luck_kept", target=target_words(target, words))
        axis, wanted = words("search.kept_axis"), 100.0 * target.probability
        made.append(pair_picture(f"luck-target-{place}", caption, axis, shown, pairs, wanted, words))
    return made


def pair_picture(
    key: str,
    caption: str,
    axis: str,
    shown: Sequence[Runner],
    pairs: Sequence[tuple[Seen, Seen]],
    wanted: float | None,
    words: Words,
) -> Picture:
    """Return a figure of every finalist as the search saw it above the same by fresh seeds.

    Args:
        key: of the picture.
        caption: of the picture.
        axis: what is along it.
        shown: the finalists.
        pairs: of each, as searched and by fresh seeds.
        wanted: where a line is drawn; None for none.
        words: of the page.
    """
    ends = reach(pairs)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        if wanted is not None:
            label = words("search.wanted")
            axes.axvline(wanted, color=INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=1, label=label)
        for row, (runner, (searched, fresh)) in enumerate(zip(shown, pairs, strict=True)):
            if row % 2:
                axes.axhspan(row - 0.5, row + 0.5, color=STRIPE, linewidth=0, zorder=0)
            sides = ((searched, -0.16, GREY, "white"), (fresh, 0.16, colour(runner), colour(runner)))
            for one, shift, edge, face in sides:
                bar(axes, (one.low, one.high), row + shift, "x", edge)
                axes.plot([one.value], [row + shift], "o", markerfacecolor=face, markeredgecolor=edge, zorder=5)
        for face, edge, name in (("white", GREY, "search.by_search"), (FRESH, FRESH, "search.by_fresh")):
            axes.plot([], [], "o", markerfacecolor=face, markeredgecolor=edge, label=words(name), linestyle="none")
        names = [words("search.named", code=one.code, values=one.values) for one in shown]
        axes.set_yticks(range(len(shown)), [wrapped(name, 30, 3) for name in names])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_xlim(*(ends if wanted is None else (-3.0, 103.0)))
        number_axis(axes, "x", words, 4)
        axes.grid(axis="x")
        axes.set_xlabel(wrapped(axis, 50, 2))
        figure.legend(frameon=False, fontsize=8.0, ncols=3, loc="upper left", columnspacing=1.0)
        axes.set_title(" ", fontsize=14.0)  # room for the legend, which is as wide as the figure

    return picture(key, caption, (470, 96 + ROW * len(shown)), draw)


def reach(pairs: Sequence[tuple[Seen, Seen]]) -> tuple[float, float]:
    """Return how far an axis reaches: over all figures and fresh intervals; those of two or three runs are cut."""
    inner = [one.value for pair in pairs for one in pair] + [
        end for _, fresh in pairs for end in (fresh.low, fresh.high)
    ]
    outer = [end for searched, _ in pairs for end in (searched.low, searched.high)]
    known = [one for one in inner if math.isfinite(one)] or [0.0]
    low, high = min(known), max(known)
    room = 0.4 * (high - low) or 0.05 * abs(high) or 1.0
    ends = [min(max(one, low - room), high + room) for one in outer if math.isfinite(one)]
    low, high = min([low, *ends]), max([high, *ends])
    room = 0.05 * (high - low) or room
    return low - room, high + room


def undominated(rows: Sequence[tuple[float, float]]) -> list[int]:
    """Return which of some pairs of costs no other is below or beside in both, in the order of the first cost."""
    order = sorted((row for row in range(len(rows)) if all(map(math.isfinite, rows[row]))), key=lambda row: rows[row])
    kept: list[int] = []
    for row in order:
        if not kept or rows[row][1] < rows[kept[-1]][1]:
            kept.append(row)
    return kept


def bought(found: Found) -> list[tuple[str, float]]:
    """Return what is held against the first objective: the other objectives and the targets, with the sign of better.

    The sign is 1 where less is better.
    """
    first, *others = found.search.objectives
    signs = {one.outcome: one.sign for one in others}
    for target in found.search.targets:
        signs.setdefault(target.outcome, 1.0 if target.at_most else -1.0)
    return [(id_, sign) for id_, sign in signs.items() if id_ != first.outcome]


def trade_picture(found: Found, shown: Sequence[Runner], id_: str, sign: float, words: Words) -> Picture:
    """Return the first objective over another outcome: all points as searched, the finalists by fresh seeds.

    Args:
        found: by the search.
        shown: the finalists.
        id_: of the outcome across.
        sign: 1 where less of it is better, -1 where more is.
        words: of the page.
    """
    cost: Objective = found.search.objectives[0]
    x_scale, y_scale = (scale(outcome_of(one)) for one in (id_, cost.outcome))
    places = [(point.mean(id_).mean, point.mean(cost.outcome).mean) for point in found.tried]
    edge = undominated([(cost.sign * y, sign * x) for x, y in places])
    targets = [one for one in found.search.targets if one.outcome == id_]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        xs, ys = (by * np.array([place[axis] for place in places]) for axis, by in ((0, x_scale), (1, y_scale)))
        axes.plot(xs, ys, "o", color=PALE, markersize=3.0, zorder=1, label=words("search.beaten"), linestyle="none")
        axes.plot(
            xs[edge],
            ys[edge],
            "o-",
            color=GREY,
            markersize=3.4,
            linewidth=0.8,
            zorder=2,
            label=words("search.unbeaten"),
        )
        if len(found.search.objectives) == 2 and len(found.frontier) > 1:
            course = [(found.fresh[one.number].mean(id_).mean, one.objectives[0].fresh.mean) for one in found.frontier]
            line = np.array(course) * (x_scale, y_scale)
            axes.plot(line[:, 0], line[:, 1], color=FRESH, linewidth=1.2, label=words("search.frontier_line"))
        for place, runner in enumerate(shown):
            fresh, shade = found.fresh[runner.one.number], colour(runner)
            across, up = fresh.mean(id_), fresh.mean(cost.outcome)
            if not (math.isfinite(across.mean) and math.isfinite(up.mean)):
                continue
            x, y = x_scale * across.mean, y_scale * up.mean
            bar(axes, (x_scale * across.low, x_scale * across.high), y, "x", shade, 2.4)
            bar(axes, (y_scale * up.low, y_scale * up.high), x, "y", shade, 2.4)
            for target in targets:
                end = x_scale * fresh.reaches(target)
                if math.isfinite(end):
                    axes.plot([x, end], [y, y], color=shade, linewidth=0.9, zorder=3)
                    axes.plot([end], [y], "|", color=shade, markersize=7.0, zorder=4)
            face, mark = shade if runner.one.holds else "white", "D" if runner.is_best else "o"
            order = 7 if runner.is_best else 6
            axes.plot([x], [y], mark, markerfacecolor=face, markeredgecolor=shade, markersize=6.0, zorder=order)
            letter(axes, runner, (x, y), ASIDE[place % len(ASIDE)])
        for target in targets:
            limit_line(axes, x_scale * target.limit, "x", words("search.limit"), target.at_most)
        for target in (one for one in found.search.targets if one.outcome == cost.outcome):
            limit_line(axes, y_scale * target.limit, "y", words("search.limit"), target.at_most)
        low, high = axes.get_ylim()
        axes.set_ylim(low - 0.04 * (high - low), high)  # room for a letter below the cheapest
        number_axis(axes, "x", words)
        number_axis(axes, "y", words)
        axes.grid()
        axes.set_xlabel(wrapped(with_unit(id_, words), 60, 2))
        axes.set_ylabel(wrapped(with_unit(cost.outcome, words), 40, 2))
        axes.legend(
            frameon=False, fontsize=8.0, ncols=3, loc="lower left", bbox_to_anchor=(-0.02, 1), columnspacing=1.0
        )

    said = {"cost": outcome_title(cost.outcome, words), "title": outcome_title(id_, words)}
    caption = words("search.trade", **said)
    if targets:
        limits = words.listing([target_words(one, words) for one in targets])
        caption = words("search.trade_target", trade=caption, target=limits)
    return picture(f"trade-{id_}", caption, (500, 380), draw)


def letter(axes: Axes, runner: Runner, place: tuple[float, float], aside: tuple[int, int]) -> None:
    """Write a finalist's letter beside its sign, so many points aside."""
    axes.annotate(
        runner.code,
        place,
        xytext=aside,
        textcoords="offset points",
        ha="center",
        va="center",
        color=colour(runner),
        fontsize=8.5,
        fontweight="bold",
        zorder=8,
    )


def limit_line(axes: Axes, limit: float, along: str, label: str, at_most: bool) -> None:
    """Draw a target's limit, and shade what it excludes."""
    line, span = (axes.axvline, axes.axvspan) if along == "x" else (axes.axhline, axes.axhspan)
    low, high = axes.get_xlim() if along == "x" else axes.get_ylim()
    room = 0.05 * (high - low)
    low, high = min(low, limit - room), max(high, limit + room)
    line(limit, color=INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=3, label=label)
    span(*((limit, high) if at_most else (low, limit)), color=STRIPE, linewidth=0, zorder=0)
    (axes.set_xlim if along == "x" else axes.set_ylim)(low, high)


def course_picture(found: Found, shown: Sequence[Runner], place: int, words: Words) -> Picture:
    """Return an objective of every point in the order of trying, and the best so far of those that seem to do.

    Args:
        found: by the search.
        shown: the finalists.
        place: of the objective among the search's.
        words: of the page.
    """
    objective = found.search.objectives[place]
    factor, table = scale(outcome_of(objective.outcome)), found.points
    values = factor * table[objective.outcome].to_numpy(dtype=np.float64)
    seems = (table["misses"] <= 0.0).to_numpy() & np.isfinite(values)
    numbers = table["point"].to_numpy() + 1
    so_far = list(itertools.accumulate(np.where(seems, objective.sign * values, np.inf), min))
    steps = objective.sign * np.array(so_far)
    steps[~np.isfinite(steps)] = np.nan
    row_of: dict[Any, int] = {number: row for row, number in enumerate(table["point"])}

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        if not seems.all():
            label = words("search.seems_not" if found.search.targets else "search.undefined")
            hollow: dict[str, Any] = {
                "markerfacecolor": "white",
                "markeredgecolor": PALE,
                "markersize": 3.4,
                "linestyle": "none",
            }
            axes.plot(numbers[~seems], values[~seems], "o", zorder=1, label=label, **hollow)
        label = words("search.seems" if found.search.targets else "search.tried")
        axes.plot(numbers[seems], values[seems], "o", color=GREY, markersize=3.4, zorder=2, label=label)
        axes.plot(
            numbers, steps, color=INK, linewidth=1.4, drawstyle="steps-post", zorder=3, label=words("search.so_far")
        )
        for runner in shown:
            row, shade = row_of[runner.one.number], colour(runner)
            axes.plot(
                [numbers[row]],
                [values[row]],
                "o",
                markerfacecolor="none",
                markeredgecolor=shade,
                markersize=7.0,
                zorder=4,
            )
            letter(axes, runner, (numbers[row], values[row]), (0, -9))
        number_axis(axes, "y", words)
        number_axis(axes, "x", words)
        axes.set_xlim(0.0, max(len(numbers) + 1, 4))
        axes.margins(y=0.12)
        axes.grid(axis="y")
        axes.set_xlabel(words("search.trial"))
        axes.set_ylabel(wrapped(with_unit(objective.outcome, words), 40, 2))
        axes.legend(
            frameon=False, fontsize=8.0, ncols=3, loc="lower left", bbox_to_anchor=(-0.02, 1), columnspacing=1.0
        )

    title = outcome_title(objective.outcome, words)
    return picture(f"course-{objective.outcome}", words("search.course", title=title), (500, 290), draw)
