"""Drawings of response times: distributions, the hours of the day, and the map with its differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as MapPath
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.engine.clock import HOURS_A_DAY
from sim.report.drawing import Picture, picture
from sim.report.effect_figures import STEPS
from sim.report.numbers import Numbers
from sim.report.scheme import BETTER, GREY, INK, WORSE, Player
from sim.report.wording import Words
from sim.study import Comparison

GOALS_MINUTES = (1, 3, 5)
CURVE_POINTS = 201
SHOWN_QUANTILE = 0.95  # the axis ends at the slowest scenario's
LEAST_CALLS = 5  # in a cell or an hour; fewer are mostly luck
CALLS_A_CELL = 60  # aimed at on average
MOST_CELLS = 160.0
MOST_STREETS = 4000  # drawn behind a map; more could not be told apart
DIVERGING = LinearSegmentedColormap.from_list("faster-slower", [BETTER, "#80cdc1", "#f5f5f5", "#dfc27d", WORSE])


def answered(calls: pd.DataFrame, player: Player, priority: str | None = None) -> pd.DataFrame:
    """Return a scenario's calls that a unit reached, of one priority if asked for."""
    if not len(calls):
        return calls
    chosen = (calls["scenario"] == player.name) & calls["response_minutes"].notna()
    if priority is not None:
        chosen &= calls["priority"] == priority
    return calls.loc[chosen]


def distributions(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[Picture]:
    """Return the distribution of response times of all and of urgent calls, and their mean by hour of the day."""
    pictures = []
    for key, priority in (("all", None), ("urgent", "urgent")):
        samples = [(one, answered(comparison.calls, one, priority)) for one in everyone]
        samples = [(one, rows) for one, rows in samples if len(rows) >= LEAST_CALLS]
        if samples:
            pictures.append(curves(key, samples, words))
    samples = [(one, answered(comparison.calls, one)) for one in everyone]
    samples = [(one, rows) for one, rows in samples if len(rows) >= LEAST_CALLS]
    if samples:
        pictures.append(by_hour(samples, words))
    return pictures


def curves(key: str, samples: Sequence[tuple[Player, pd.DataFrame]], words: Words) -> Picture:
    """Return the share of calls answered within so many minutes, a line for each scenario."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        shares = np.linspace(0.0, 1.0, CURVE_POINTS)
        quantiles = [np.quantile(rows["response_minutes"], shares) for _, rows in samples]
        furthest = max(float(line[int(SHOWN_QUANTILE * (CURVE_POINTS - 1))]) for line in quantiles)
        furthest = max(furthest, GOALS_MINUTES[-1] + 0.5)
        for minutes in GOALS_MINUTES:
            axes.axvline(minutes, color=GREY, linewidth=0.7, dashes=(1, 2))
            said = words("curves.goal" if minutes == GOALS_MINUTES[-1] else "curves.goal_bare", minutes=minutes)
            axes.text(minutes, 1.03, said, ha="center", va="bottom", fontsize=8, transform=axes.get_xaxis_transform())
        for (one, _), line in zip(samples, quantiles, strict=True):
            (drawn,) = axes.plot(line, 100.0 * shares, color=one.colour, linewidth=line_width(one))
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


def streets(comparison: Comparison) -> MapPath | None:
    """Return the streets as one path of lines, metres; None where the town could not be built."""
    if not comparison.roads:
        return None
    ends = np.stack([comparison.roads["x"], comparison.roads["y"]], axis=-1)[:MOST_STREETS].reshape(-1, 2)
    return MapPath(ends, np.tile(np.array([MapPath.MOVETO, MapPath.LINETO], dtype=np.uint8), len(ends) // 2))


class Cells:
    """Hexagons over the town, of a size at which an average one holds enough calls.

    Attributes:
        side: distance between the centres of neighbours, metres.
    """

    def __init__(self, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> None:
        self.left, self.bottom = float(x.min()), float(y.min())
        width, height = float(np.ptp(x)), float(np.ptp(y))
        cells = min(max(len(x) / CALLS_A_CELL, 12.0), MOST_CELLS)
        area = max(width * height, 1.0) / cells
        self.side = math.sqrt(2.0 * area / math.sqrt(3.0))

    def of(self, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the (column, row) of the nearest centre for each point, shape (points, 2); odd rows are shifted."""
        rise = self.side * math.sqrt(3.0) / 2.0
        row = np.rint((y - self.bottom) / rise)
        best = np.zeros((len(x), 2), dtype=np.int64)
        nearest = np.full(len(x), np.inf)
        for candidate in (row - 1, row, row + 1):
            shift = np.where(candidate % 2, 0.5, 0.0)
            column = np.rint((x - self.left) / self.side - shift)
            distance = (x - self.left - (column + shift) * self.side) ** 2 + (y - self.bottom - candidate * rise) ** 2
            closer = distance < nearest
            nearest = np.where(closer, distance, nearest)
            best[closer] = np.column_stack([column, candidate]).astype(np.int64)[closer]
        return best

    def centre(self, cell: tuple[int, int]) -> tuple[float, float]:
        """Return a cell's centre, metres."""
        shift = 0.5 if cell[1] % 2 else 0.0
        return (
            self.left + (cell[0] + shift) * self.side,
            self.bottom + cell[1] * self.side * math.sqrt(3.0) / 2.0,
        )

    def corners(self, cell: tuple[int, int]) -> list[tuple[float, float]]:
        """Return a cell's six corners, metres."""
        x, y = self.centre(cell)
        radius = self.side / math.sqrt(3.0)
        angles = [math.radians(30.0 + 60.0 * corner) for corner in range(6)]
        return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]

    def means(self, rows: pd.DataFrame) -> dict[tuple[int, int], float]:
        """Return the mean response time of each cell with enough calls, minutes."""
        places = self.of(rows["x_metres"].to_numpy(), rows["y_metres"].to_numpy())
        frame = pd.DataFrame(
            {"column": places[:, 0], "row": places[:, 1], "minutes": rows["response_minutes"].to_numpy()}
        )
        grouped = frame.groupby(["column", "row"])["minutes"].agg(["count", "mean"])
        kept = grouped[grouped["count"] >= LEAST_CALLS]
        cells = [(int(column), int(row)) for column, row in kept.index.tolist()]
        return dict(zip(cells, kept["mean"].tolist(), strict=True))


def maps(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[Picture]:
    """Return the map of mean response times in the base, and for each option the map of differences from it."""
    base = answered(comparison.calls, everyone[0])
    if len(base) < LEAST_CALLS:
        return []
    cells = Cells(base["x_metres"].to_numpy(), base["y_metres"].to_numpy())
    lines, base_means = streets(comparison), cells.means(base)
    pictures = [base_map(cells, base_means, lines, words)]
    differences = []
    for one in everyone[1:]:
        rows = answered(comparison.calls, one)
        means = cells.means(rows) if len(rows) else {}
        differences.append((one, {cell: means[cell] - base_means[cell] for cell in means if cell in base_means}))
    sizes = np.array([abs(value) for _, found in differences for value in found.values()])
    reach = max(float(np.quantile(sizes, 0.95)) if len(sizes) else 0.0, 0.1)
    return pictures + [difference_map(one, cells, found, lines, reach, words) for one, found in differences if found]


def base_map(cells: Cells, means: dict[tuple[int, int], float], lines: MapPath | None, words: Words) -> Picture:
    """Return the map of mean response times, minutes."""
    values = np.array(list(means.values()))
    # A few cells far off leave the others their colours.
    low, high = np.quantile(values, [0.02, 0.98]).tolist() if len(values) else (0.0, 1.0)
    norm = Normalize(low, high if high > low else low + 1.0)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        lay_cells(axes, cells, means, "cividis_r", norm, words("map.minutes"), lines, words)

    return picture("map-base", words("map.base"), (400, 430), draw, words("map.told_base"))


def difference_map(
    player: Player, cells: Cells, found: dict[tuple[int, int], float], lines: MapPath | None, reach: float, words: Words
) -> Picture:
    """Return the map of differences from the base, minutes; large ones bear a plus or minus sign besides colour."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        lay_cells(axes, cells, found, DIVERGING, Normalize(-reach, reach), words("map.difference"), lines, words)
        for sign, side, colour in (("+", 1.0, "white"), ("_", -1.0, "white")):
            places = [cells.centre(cell) for cell, value in found.items() if side * value >= 0.5 * reach]
            if places:
                x, y = zip(*places, strict=True)
                axes.plot(x, y, sign, color=INK, markersize=6.5, markeredgewidth=2.6, zorder=4)
                axes.plot(x, y, sign, color=colour, markersize=5.5, markeredgewidth=1.1, zorder=5)

    caption = words("map.option", code=player.code, option=player.short)
    return picture(
        f"map-{player.code}", caption, (400, 430), draw, words("map.told_option", code=player.code, option=player.short)
    )


def lay_cells(
    axes: Axes,
    cells: Cells,
    values: dict[tuple[int, int], float],
    colours: str | LinearSegmentedColormap,
    norm: Normalize,
    label: str,
    lines: MapPath | None,
    words: Words,
) -> None:
    """Draw coloured cells under the streets, with a bar of colours and one of length."""
    numbers = Numbers(words)
    shapes = PolyCollection(
        [cells.corners(cell) for cell in values],
        cmap=colours,
        norm=norm,
        edgecolors="white",
        linewidths=0.4,
        clip_on=False,
    )
    shapes.set_array(np.array(list(values.values())))
    axes.add_collection(shapes)
    if lines is not None:
        axes.add_patch(PathPatch(lines, edgecolor=GREY, facecolor="none", linewidth=0.45, alpha=0.75, zorder=2))
    axes.set_aspect("equal")
    axes.autoscale_view()
    axes.margins(0.02)
    axes.set_axis_off()
    length_bar(axes, numbers)
    bar = axes.figure.colorbar(
        shapes, ax=axes, orientation="horizontal", extend="both", shrink=0.8, aspect=28, pad=0.02
    )
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(5, steps=STEPS)
    is_difference = norm.vmin is not None and norm.vmin < 0.0
    bar.formatter = FuncFormatter(lambda value, _: signed_tick(value, numbers, is_difference))
    bar.set_label(label)


def signed_tick(value: float, numbers: Numbers, signed: bool) -> str:
    """Return the label of a colour bar's tick; differences bear their sign."""
    return numbers.setting(round(value, 6)) if not signed or value <= 0.0 else f"+{numbers.setting(round(value, 6))}"


def length_bar(axes: Axes, numbers: Numbers) -> None:
    """Draw a bar of a round length below the map, about a fifth of its width."""
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    wanted = (right - left) / 5.0
    unit = 10.0 ** math.floor(math.log10(max(wanted, 1.0)))
    length = max(step for step in (1.0, 2.0, 5.0) if step * unit <= max(wanted, 1.0)) * unit
    y = bottom - 0.03 * (top - bottom)
    axes.plot([left, left + length], [y, y], color=INK, linewidth=2.0, solid_capstyle="butt", clip_on=False)
    text = (
        numbers.words("map.kilometres", number=numbers.plain(length / 1000.0))
        if length >= 1000.0
        else numbers.words("map.metres", number=numbers.whole(length))
    )
    axes.text(left + length * 1.06, y, text, va="center", fontsize=8.0)
