"""The page's figures, each a file of its own: white ground, one set of colours that the colour-blind can tell apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from walk_calls import KINDS, concentration
from walk_runs import BASE, OPTIONS

from sim.report.containment_figures import caught_by_ring
from sim.report.drawing import Picture, drawing_style, picture
from sim.report.numbers import Numbers
from sim.report.response_figures import GOALS_MINUTES, reached_by
from sim.report.scheme import GREY, INK
from sim.report.unit_figures import SHADES, stack
from sim.report.wording import load_words
from sim.study import Comparison

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


# Okabe and Ito (2008); signs and dashes say the same without colour.
LOOKS: Mapping[str, tuple[str, str, str, tuple[float, ...]]] = {
    "at-post": ("at post", "#000000", "o", ()),
    "random": ("random patrol", "#0072B2", "s", (5, 2)),
    "hot-spots": ("hot-spot rounds", "#D55E00", "^", (1.5, 1.5)),
}
KIND_LOOKS = {"quarrels": ("quarrels", "#D55E00", "-"), "others": ("other calls", "#0072B2", "--")}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CURVE_END_MINUTES = 12.0
FONTS = "font-family:'DejaVu Sans',Verdana,sans-serif"
LAND = "#E6E6E6"


def as_file(drawn: Picture) -> str:
    """Return a picture as the text of an SVG file, which needs no page around it."""
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawn.width}" style="{FONTS}" '
    head, rest = str(drawn.svg).replace("<svg ", opening, 1).split("</title>", 1)
    return f'{head}</title>\n<rect width="100%" height="100%" fill="white"/>\n{rest}\n'


def figure(key: str, told: str, size: tuple[int, int], draw: Callable[[Figure], None]) -> Picture:
    """Return a figure in the house's style; ``told`` is for those who cannot see it."""
    with drawing_style():
        return picture(key, told, size, draw)


def legend(axes: Axes, **where: Any) -> None:
    """Add a legend without a frame."""
    axes.legend(frameon=False, fontsize=8.5, **where)


def profile(calls: Mapping[str, Any]) -> Picture:
    """Draw the profile of the log's calls by hour and by weekday, the mean being 1."""

    def draw(whole: Figure) -> None:
        hours, days = whole.subplots(1, 2, sharey=True, width_ratios=(1.8, 1))
        for kind in KINDS:
            name, colour, line = KIND_LOOKS[kind]
            one = calls[kind]
            hours.step(range(25), [*one["hours"], one["hours"][-1]], line, where="post", color=colour, label=name)
            days.plot(range(7), one["weekdays"], line, marker="o", color=colour, label=name)
        hours.set_xlim(0, 24)
        hours.set_xticks(range(0, 25, 3))
        hours.set_xlabel("hour of the day")
        hours.set_ylabel("calls / mean")
        hours.set_ylim(bottom=0.0)
        days.set_xticks(range(7), WEEKDAYS)
        days.set_xlabel("weekday")
        for axes in (hours, days):
            axes.grid(axis="y")
        legend(hours, loc="lower right")

    return figure("profile", "Calls by hour of the day and by weekday, over their mean", (680, 260), draw)


def places(counts: Mapping[str, Any]) -> Picture:
    """Draw which share of places makes which share of calls.

    Args:
        counts: by name of a line, the calls in each cell.
    """
    lines, colours = ("-", "--", ":"), ("#000000", "#0072B2", "#D55E00")

    def draw(whole: Figure) -> None:
        axes = whole.add_subplot()
        points = np.linspace(0.0, 1.0, 201)
        for (name, found), line, colour in zip(counts.items(), lines, colours, strict=True):
            axes.plot(100.0 * points, 100.0 * concentration(found, points), line, color=colour, label=name)
        axes.axhline(50.0, color=GREY, linewidth=0.7, dashes=(1, 2))
        axes.set_xlim(0.0, 100.0)
        axes.set_ylim(0.0, 101.0)
        axes.grid(axis="y")
        axes.set_xlabel("places, % (those with most calls first)")
        axes.set_ylabel("quarrels, %")
        legend(axes, loc="lower right")

    return figure("places", "Share of quarrels made by each share of places", (460, 280), draw)


def curves(comparison: Comparison) -> Picture:
    """Draw the share of calls reached by each minute."""

    def draw(whole: Figure) -> None:
        axes = whole.add_subplot()
        minutes = np.linspace(0.0, CURVE_END_MINUTES, 241)
        for name in (BASE, *OPTIONS):
            said, colour, _, dashes = LOOKS[name]
            rows = comparison.calls[comparison.calls["scenario"] == name]
            (line,) = axes.plot(minutes, 100.0 * reached_by(rows, minutes), color=colour, label=said)
            if dashes:
                line.set_dashes(dashes)
        for goal in GOALS_MINUTES:
            axes.axvline(goal, color=GREY, linewidth=0.7, dashes=(1, 2))
        axes.set_xlim(0.0, CURVE_END_MINUTES)
        axes.set_xticks([0, 1, 3, 5, 7, 9, 11])
        axes.set_ylim(0.0, 100.0)
        axes.grid(axis="y")
        axes.set_xlabel("minutes from the call's receipt")
        axes.set_ylabel("calls reached, %")
        legend(axes, loc="lower right")

    return figure("curves", "Share of calls reached by each minute, by way of patrolling", (460, 290), draw)


def differences(effects: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Picture:
    """Draw the paired differences from crews at their posts, with their 95 % intervals: minutes, and shares."""
    panels = (
        (
            "minutes more than at post",
            1.0,
            {
                "mean": "response_minutes_mean",
                "90 % stay under": "response_minutes_p90",
                "urgent: 90 %": "urgent_response_minutes_p90",
            },
        ),
        (
            "percentage points more",
            100.0,
            {
                "within 1 minute": "within_1_minute_share",
                "within 3 minutes": "within_3_minutes_share",
                "within 5 minutes": "within_5_minutes_share",
            },
        ),
    )

    def draw(whole: Figure) -> None:
        both = whole.subplots(1, 2)
        for axes, (label, scale, rows) in zip(both, panels, strict=True):
            for shift, name in zip((-0.13, 0.13), OPTIONS, strict=True):
                said, colour, sign, _ = LOOKS[name]
                found = [effects[name][outcome] for outcome in rows.values()]
                middle = np.array([one["difference"] for one in found])
                ends = np.array([[one["difference"] - one["low"], one["high"] - one["difference"]] for one in found]).T
                axes.errorbar(
                    scale * middle,
                    np.arange(len(rows)) + shift,
                    xerr=scale * np.maximum(np.nan_to_num(ends), 0.0),
                    fmt=sign,
                    color=colour,
                    label=said,
                    elinewidth=1.2,
                    capsize=2.5,
                )
            axes.axvline(0.0, color=GREY, linewidth=0.8)
            axes.set_yticks(range(len(rows)), list(rows))
            axes.set_ylim(len(rows) - 0.5, -0.5)
            axes.set_xlabel(label)
            axes.grid(axis="x")
        legend(both[0], loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2)

    told = "Paired differences from crews at their posts, with 95 % intervals"
    return figure("differences", told, (680, 230), draw)


def turn_out(numbers: Mapping[str, Any]) -> Picture:
    """Draw the paired difference of the mean response time from crews at their posts, by how long turning out takes.

    Args:
        numbers: as ``walk_runs.turn_out_numbers`` returns it.
    """

    def draw(whole: Figure) -> None:
        axes = whole.add_subplot()
        seconds = list(numbers["seconds"].values())
        for name in OPTIONS:
            found = [numbers["effects"][word][name]["response_minutes_mean"] for word in numbers["seconds"]]
            middle = np.array([one["difference"] for one in found])
            ends = np.array([[one["difference"] - one["low"], one["high"] - one["difference"]] for one in found]).T
            line_with_ends(axes, name, seconds, middle, ends)
        axes.axhline(0.0, color=GREY, linewidth=0.8)
        axes.set_xlim(0.0, 1.05 * max(seconds))
        axes.grid(axis="y")
        axes.set_xlabel("turning out from a post, seconds")
        axes.set_ylabel("mean response time,\nminutes more than at post")
        legend(axes, loc="upper right")

    told = "Difference of the mean response time from crews at their posts, by seconds that turning out takes"
    return figure("turn-out", told, (460, 260), draw)


def line_with_ends(axes: Axes, name: str, places: Sequence[float], middle: Any, ends: Any) -> None:
    """Draw a way of patrolling as a line over places with its intervals, whose distances ``ends`` has, shape (2, n)."""
    said, colour, sign, dashes = LOOKS[name]
    drawn = axes.errorbar(
        places,
        middle,
        yerr=np.maximum(np.nan_to_num(ends), 0.0),
        fmt=sign,
        linestyle="-",
        color=colour,
        label=said,
        elinewidth=1.2,
        capsize=2.5,
    )
    drawn[0].set_dashes(dashes)


def unit_time(shares: Mapping[str, Mapping[str, float]]) -> Picture:
    """Draw how crews on duty spend their time, a bar for each way of patrolling."""
    names = [BASE, *OPTIONS]
    used = [status for status in SHADES if any(shares[name].get(status, 0.0) > 0.0 for name in names)]
    words = load_words()

    def draw(whole: Figure) -> None:
        axes = whole.add_subplot()
        left = np.zeros(len(names))
        for status in used:
            width = np.array([shares[name].get(status, 0.0) for name in names])
            stack(axes, left, width, status, Numbers(words))
            left = left + width
        axes.set_yticks(range(len(names)), [LOOKS[name][0] for name in names])
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_xlim(0.0, 1.0)
        axes.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0], ["0", "25", "50", "75", "100"])
        axes.set_xlabel("time on duty, %")
        boxes = [
            Patch(
                facecolor=SHADES[status][0],
                hatch=SHADES[status][1],
                edgecolor=INK,
                linewidth=0.4,
                label=words(f"status.{status}"),
            )
            for status in used
        ]
        axes.legend(handles=boxes, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, frameon=False, fontsize=8.5)

    return figure("unit-time", "Crews' time on duty by what they do, by way of patrolling", (560, 190), draw)


def presence(rows: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Picture:
    """Draw the share of calls that presence prevents, by its effect, with 95 % intervals."""

    def draw(whole: Figure) -> None:
        axes = whole.add_subplot()
        for name in OPTIONS:
            found = list(rows[name].values())
            effects = [0.0, *(one["effect"] for one in found)]
            middle = np.array([0.0, *(one["prevented"] for one in found)])
            ends = np.array([[0.0, *(abs(one["prevented"] - one[end]) for one in found)] for end in ("low", "high")])
            line_with_ends(axes, name, effects, 100.0 * middle, 100.0 * ends)
        axes.set_xlim(left=-0.01)
        axes.set_ylim(bottom=0.0)
        axes.yaxis.set_major_locator(MaxNLocator(5))
        axes.grid(axis="y")
        axes.set_xlabel("effect of full presence at a place (0: none; last: upper bound)")
        axes.set_ylabel("calls prevented, %")
        legend(axes, loc="upper left")

    return figure("presence", "Calls prevented by presence, by its effect", (460, 260), draw)


def containment(sweep: pd.DataFrame) -> Picture:
    """Draw the share of flights caught at each ring against alarm delay and units."""
    with drawing_style():
        return caught_by_ring(sweep, load_words())


def all_figures(drawn: Sequence[Picture]) -> dict[str, str]:
    """Return the text of each figure's file by its name."""
    return {f"{one.key}.svg": as_file(one) for one in drawn}
