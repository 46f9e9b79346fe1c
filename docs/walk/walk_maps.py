"""The page's maps: where one waits longest, and where hot spots lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.patches import PathPatch
from matplotlib.path import Path as MapPath
from matplotlib.ticker import MaxNLocator
from walk_figures import LOOKS, figure, legend
from walk_runs import BASE, OPTIONS

from sim.report.district_maps import Cells, closed, lay_cells, length_bar
from sim.report.drawing import Picture
from sim.report.numbers import Numbers
from sim.report.scheme import INK
from sim.report.wording import load_words
from sim.study import Comparison

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.outcomes import Records
    from sim.town import Roads

LAND = "#E6E6E6"
BIN_HOURS = 0.05


def maps(comparison: Comparison) -> Picture:
    """Draw the time that 90 % of calls stay under in each district, a map for each way of patrolling."""
    names = [BASE, *OPTIONS]
    rows = comparison.districts
    cells = Cells(comparison.calls["x_metres"].to_numpy(), comparison.calls["y_metres"].to_numpy())
    owners = cells.districts(comparison.calls)
    means = rows.groupby(["scenario", "district"])["response_minutes_p90"].mean().dropna()
    norm = Normalize(float(means.min()), float(means.max()))
    words = load_words()

    def draw(whole: Figure) -> None:
        for axes, name in zip(whole.subplots(1, 3), names, strict=True):
            others = set(whole.axes)
            known = means.loc[name].to_dict()
            filled = {cell: known[number] for cell, number in owners.items() if number in known}
            lay_cells(axes, cells, filled, norm, None, words)
            axes.add_collection(LineCollection(cells.borders(owners), colors=INK, linewidths=0.8, zorder=3))
            axes.set_title(LOOKS[name][0], loc="center")
            # One scale for all, so one bar of colours under the middle map.
            for bar in set(whole.axes) - others:
                bar.set_xlabel("minutes that 90 % of calls stay under")
                bar.set_visible(name == names[1])

    told = "Minutes that 90 % of calls stay under, by district, a map for each way of patrolling"
    return figure("maps", told, (640, 420), draw)


def hot_spots(records: Records, roads: Roads, aimed_hours: float) -> Picture:
    """Draw where the hot spots of one run lie at its end, and the mean time between two stops at each.

    Args:
        records: of the run.
        roads: of the town.
        aimed_hours: the longest time between two stops that rounds aim at.
    """
    east, north = records.column("spots", "x_metres"), records.column("spots", "y_metres")
    stops = records.column("spots", "visits")
    hours = 24.0 * records.fact("elapsed_days") / np.maximum(stops, 1)

    def draw(whole: Figure) -> None:
        place, times = whole.subplots(1, 2, width_ratios=(1, 1.2))
        place.add_patch(PathPatch(land(roads), facecolor=LAND, edgecolor=LAND, linewidth=0.3))
        place.plot(east, north, "o", color="#D55E00", markersize=4.0, markeredgecolor="white", markeredgewidth=0.4)
        place.set_aspect("equal")
        place.autoscale_view()
        place.set_axis_off()
        length_bar(place, Numbers(load_words()))
        ends = np.floor(hours.min() / BIN_HOURS), np.ceil(hours.max() / BIN_HOURS) + 1.0
        times.hist(
            hours, bins=BIN_HOURS * np.arange(ends[0], ends[1] + 1.0), color="#56B4E9", edgecolor="white", linewidth=0.4
        )
        times.axvline(aimed_hours, color=INK, linewidth=0.9, dashes=(4, 2), label="at most, as aimed at")
        times.set_xlabel("mean hours between two stops at a spot")
        times.set_ylabel("hot spots")
        times.grid(axis="y")
        times.yaxis.set_major_locator(MaxNLocator(integer=True))
        legend(times, loc="lower right", bbox_to_anchor=(1.0, 1.0))

    return figure("hot-spots", "Hot spots of one run, and hours between two stops at each", (600, 420), draw)


def land(roads: Roads) -> MapPath:
    """Return where there are roads, as one path of hexagons, metres."""
    cells = Cells(roads.x_metres, roads.y_metres)
    found = np.unique(cells.of(roads.x_metres, roads.y_metres), axis=0)
    corners = [corner for column, row in found.tolist() for corner in closed(cells.corners((column, row)))]
    codes = np.tile([MapPath.MOVETO, *[MapPath.LINETO] * 5, MapPath.CLOSEPOLY], len(found))
    return MapPath(corners, codes)
