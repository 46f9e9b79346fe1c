"""Maps of the time that 90 % of calls stay under, by district: one for each scenario, all on one scale."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as MapPath
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.districts import by_seed, effect_of, mean
from sim.report.drawing import Picture, picture
from sim.report.effect_figures import STEPS
from sim.report.numbers import Numbers
from sim.report.scheme import GREY, INK, Player
from sim.report.wording import Words, shortened, tidy
from sim.study import Comparison

MEASURE = "response_minutes_p90"
CALLS_A_CELL = 60  # aimed at on average
MOST_CELLS = 240.0
MOST_STREETS = 4000  # drawn behind a map; more could not be told apart
LABEL_LENGTH = 24
COLOURS = "cividis_r"

type Cell = tuple[int, int]
type Point = tuple[float, float]


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

    def centre(self, cell: Cell) -> Point:
        """Return a cell's centre, metres."""
        shift = 0.5 if cell[1] % 2 else 0.0
        return (
            self.left + (cell[0] + shift) * self.side,
            self.bottom + cell[1] * self.side * math.sqrt(3.0) / 2.0,
        )

    def corners(self, cell: Cell) -> list[Point]:
        """Return a cell's six corners, metres."""
        x, y = self.centre(cell)
        radius = self.side / math.sqrt(3.0)
        angles = [math.radians(30.0 + 60.0 * corner) for corner in range(6)]
        return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]

    def districts(self, rows: pd.DataFrame) -> dict[Cell, int]:
        """Return the district of each cell with calls: that of most of them, the lowest number among equals."""
        places = self.of(rows["x_metres"].to_numpy(), rows["y_metres"].to_numpy())
        counts: dict[Cell, Counter[int]] = {}
        for column, row, district in zip(*places.T.tolist(), rows["district"].tolist(), strict=True):
            counts.setdefault((column, row), Counter())[int(district)] += 1
        return {cell: min(found, key=lambda one: (-found[one], one)) for cell, found in sorted(counts.items())}

    def borders(self, districts: Mapping[Cell, int]) -> list[tuple[Point, Point]]:
        """Return the sides of cells on whose two hands lie different districts."""
        sides: dict[frozenset[Cell], tuple[set[int], tuple[Point, Point]]] = {}
        for cell, district in districts.items():
            corners = self.corners(cell)
            for one, other in zip(corners, corners[1:] + corners[:1], strict=True):
                # Corners of neighbours agree but for rounding.
                ends = frozenset((round(8 * x / self.side), round(8 * y / self.side)) for x, y in (one, other))
                sides.setdefault(ends, (set(), (one, other)))[0].add(district)
        return [side for found, side in sides.values() if len(found) > 1]


def streets(comparison: Comparison) -> MapPath | None:
    """Return the streets as one path of lines, metres; None where the town could not be built."""
    if not comparison.roads:
        return None
    ends = np.stack([comparison.roads["x"], comparison.roads["y"]], axis=-1)[:MOST_STREETS].reshape(-1, 2)
    return MapPath(ends, np.tile(np.array([MapPath.MOVETO, MapPath.LINETO], dtype=np.uint8), len(ends) // 2))


def district_numbers(comparison: Comparison) -> dict[str, int]:
    """Return the number of each district by its name, as the base has them."""
    rows = comparison.districts
    rows = rows[rows["scenario"] == comparison.base]
    return {str(name): int(number) for name, number in zip(rows["name"], rows["district"], strict=True)}


def values_by_district(comparison: Comparison, scenario: str) -> dict[str, float]:
    """Return a scenario's mean over seeds of each district's figure, minutes; districts without one are left out."""
    means = {name: mean(values) for name, values in by_seed(comparison, scenario, MEASURE).items()}
    return {name: value for name, value in means.items() if not math.isnan(value)}


def maps(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[Picture]:
    """Return a map for each scenario that has figures in at least two districts; nothing where the base has not."""
    shown = {one.name: values_by_district(comparison, one.name) for one in everyone}
    drawn = [one for one in everyone if len(shown[one.name]) > 1]
    if comparison.base not in {one.name for one in drawn} or not len(comparison.calls):
        return []
    cells = Cells(comparison.calls["x_metres"].to_numpy(), comparison.calls["y_metres"].to_numpy())
    districts, lines = cells.districts(comparison.calls), streets(comparison)
    figures = [value for one in drawn for value in shown[one.name].values()]
    norm = Normalize(min(figures), max(figures) if max(figures) > min(figures) else min(figures) + 1.0)
    return [district_map(comparison, one, shown[one.name], cells, districts, lines, norm, words) for one in drawn]


def district_map(
    comparison: Comparison,
    player: Player,
    values: Mapping[str, float],
    cells: Cells,
    districts: Mapping[Cell, int],
    lines: MapPath | None,
    norm: Normalize,
    words: Words,
) -> Picture:
    """Return a scenario's map: districts by colour, the worst and the best by name, clear changes by sign."""
    numbers, rows = Numbers(words), district_numbers(comparison)
    by_number = {rows[name]: value for name, value in values.items() if name in rows}
    worst, best = max(values, key=lambda name: values[name]), min(values, key=lambda name: values[name])
    filled = {cell: by_number[number] for cell, number in districts.items() if number in by_number}

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        lay_cells(axes, cells, filled, norm, lines, words)
        for colour, width in (("white", 2.4), (INK, 1.0)):  # seen on light and on dark
            axes.add_collection(LineCollection(cells.borders(districts), colors=colour, linewidths=width, zorder=3))
        for name, key in ((worst, "map.worst_mark"), (best, "map.best_mark")):
            place = middle(cells, districts, rows.get(name, -1))
            if place is not None:
                said = words(key, name=shortened(tidy(name), LABEL_LENGTH), value=numbers.fixed(values[name], 1))
                label(axes, place, said)
        for sign, place in changed_places(comparison, player, cells, districts, rows):
            axes.plot(*place, sign, color="white", markersize=9.5, markeredgewidth=3.6, zorder=5)
            axes.plot(*place, sign, color=INK, markersize=8.0, markeredgewidth=1.8, zorder=6)

    said = {
        "worst": tidy(worst),
        "best": tidy(best),
        "high": numbers.fixed(values[worst], 1),
        "low": numbers.fixed(values[best], 1),
        "gap": numbers.fixed(values[worst] - values[best], 1),
    }
    named = words("map.option", code=player.code, option=player.short) if player.dashes else player.code
    caption = words("map.caption", scenario=named, **said)
    return picture(f"map-{player.code}", caption, (400, 440), draw, words("map.told", caption=caption))


def middle(cells: Cells, districts: Mapping[Cell, int], number: int) -> Point | None:
    """Return the centre of a district's cell that is nearest to the middle of them all; None for one without cells."""
    centres = np.array([cells.centre(cell) for cell, district in districts.items() if district == number])
    if not len(centres):
        return None
    nearest = centres[np.argmin(((centres - centres.mean(axis=0)) ** 2).sum(axis=1))]
    return float(nearest[0]), float(nearest[1])


def changed_places(
    comparison: Comparison, player: Player, cells: Cells, districts: Mapping[Cell, int], rows: Mapping[str, int]
) -> list[tuple[str, Point]]:
    """Return where an option's paired interval lies wholly above zero ("+") or below ("_"), a cell below the middle."""
    if player.name == comparison.base:
        return []
    base, option = (by_seed(comparison, name, MEASURE) for name in (comparison.base, player.name))
    found = []
    for name, number in rows.items():
        place = middle(cells, districts, number)
        if place is None or name not in option:
            continue
        effect = effect_of(MEASURE, player.name, base[name], option[name])
        sign = "+" if effect.low > 0.0 else "_" if effect.high < 0.0 else ""
        if sign:
            found.append((sign, (place[0], place[1] - 0.5 * cells.side)))
    return found


def label(axes: Axes, place: Point, text: str) -> None:
    """Write a name on the map, readable on any colour."""
    ground = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.0}
    axes.text(*place, text, ha="center", va="bottom", fontsize=8.0, bbox=ground, zorder=7)


def closed(corners: list[Point]) -> list[Point]:
    """Return a ring's corners with the first again at its end."""
    return [*corners, corners[0]]


def lay_cells(
    axes: Axes, cells: Cells, values: Mapping[Cell, float], norm: Normalize, lines: MapPath | None, words: Words
) -> None:
    """Draw coloured cells under the streets, with a bar of colours and one of length."""
    numbers = Numbers(words)
    colours = ScalarMappable(norm, COLOURS)
    # One path for all cells of one value, which is a district's: a cell each would make the page large.
    for value in np.unique(list(values.values())):
        ring = [corner for cell in values if values[cell] == value for corner in closed(cells.corners(cell))]
        codes = np.tile([MapPath.MOVETO, *[MapPath.LINETO] * 5, MapPath.CLOSEPOLY], len(ring) // 7)
        colour = colours.to_rgba(np.array([value]))[0]
        axes.add_patch(
            PathPatch(MapPath(ring, codes), facecolor=colour, edgecolor=colour, linewidth=0.3, clip_on=False)
        )
    if lines is not None:
        axes.add_patch(PathPatch(lines, edgecolor=GREY, facecolor="none", linewidth=0.4, alpha=0.6, zorder=2))
    axes.set_aspect("equal")
    axes.autoscale_view()
    axes.margins(0.02)
    axes.set_axis_off()
    length_bar(axes, numbers)
    bar = axes.figure.colorbar(colours, ax=axes, orientation="horizontal", shrink=0.8, aspect=28, pad=0.02)
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(5, steps=STEPS)
    bar.formatter = FuncFormatter(lambda value, _: numbers.setting(round(value, 6)))
    bar.set_label(words("map.minutes"))


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
        numbers.words("map.kilometres", number=numbers.whole(length / 1000.0))
        if length >= 1000.0
        else numbers.words("map.metres", number=numbers.whole(length))
    )
    axes.text(left + length * 1.06, y, text, va="center", fontsize=8.0)
