"""``gridtown books``: a run's books as offices would publish them, by year and level, beside what happened."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.ending import DONE
from sim.commands.figures import console, print_json, table
from sim.commands.words import say

if TYPE_CHECKING:
    from sim.outcomes import BookLine

COLUMNS = ("found", "opened", "concluded", "settled", "rate", "true_settled", "true_rate")


def books(run: Path, as_json: bool) -> int:
    """Print the published books of a run that was written to a folder.

    Raises:
        StoreError: the folder holds no run's records, or damaged ones.
    """
    from sim.outcomes import published, read_records

    lines = published(read_records(run))
    if as_json:
        print_json({"run": str(run), "books": [asdict(line) for line in lines]})
        return DONE
    show(lines)
    return DONE


def show(lines: list[BookLine]) -> None:
    """Print the table, and for each year a sentence that sets the published rate beside the true one."""
    from sim.outcomes import ALL

    rows = table(narrow=True)
    for name in ("year", "level", *COLUMNS):
        # A head of two words may stand in two lines; no word is broken.
        least = max(len(word) for word in say(f"books.{name}").split())
        rows.add_column(say(f"books.{name}"), justify="left" if name == "level" else "right", min_width=least)
    for line in lines:
        figures = [shown(getattr(line, name), "books.percent_in_table") for name in COLUMNS]
        whole = line.level == ALL
        style = "bold" if whole else ""
        rows.add_row(str(line.year), say(f"level.{line.level}"), *figures, style=style, end_section=whole)
    console().print(rows)
    console().print("\n" + say("books.columns"))
    for line in lines:
        if line.level == ALL:
            console().print("\n" + sentence(line))


def shown(value: float, percent: str = "books.percent") -> str:
    """Return a count, or a share in percent by a key of the words."""
    if isinstance(value, int):
        return f"{value:,}"
    return say("none") if math.isnan(value) else say(percent, value=100.0 * value)


def sentence(line: BookLine) -> str:
    """Return what a year's books say and what happened, in a sentence or two."""
    told = {
        "year": line.year,
        "born": shown(line.true_born or 0),
        "known": shown(line.true_known or 0),
        "found": shown(line.found),
        "advice": shown(line.advice or 0),
        "left_out": shown(line.true_not_booked or 0),
    }
    if not line.concluded:
        return say("books.nothing", **told)
    return say("books.told", rate=shown(line.rate), true_rate=shown(line.true_rate), **told)
