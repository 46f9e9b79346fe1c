"""The textbook cases on the terminal: each reference beside the simulated figure with its interval and a verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sim.commands.figures import MOST_DECIMALS, console, decimals, table
from sim.commands.verdicts import show_failures
from sim.commands.words import counted, say

if TYPE_CHECKING:
    from rich.table import Table

    from sim.study import Case, Check, Estimate, Row, Verification

BAD, GOOD = "bold red", "green"
STYLES = {"agrees": GOOD, "differs": BAD, **dict.fromkeys(("wide", "unsteady", "one_log", "undefined"), "yellow")}
DIGITS = 2  # of half an interval's width; two more of a number without one


def cases_content(found: Verification, checks: Sequence[Check], properties: Sequence[Check]) -> dict[str, Any]:
    """Return what came of the cases as plain data."""
    rows = [
        {
            "case": row.case,
            "source": say(f"source.{row.source}"),
            "figure": row.reference.id,
            **row.reference.about,
            "unit": row.reference.unit,
            "reference": row.reference.value,
            **estimate_content(row.simulated),
            "verdict": row.verdict,
        }
        for row in found.rows
    ]
    agree = all(row.verdict not in ("differs", "undefined") for row in found.rows)
    agree = agree and all(check.agrees for check in (*checks, *properties))
    return {
        "all_agree": agree and not found.failures and not found.broken_books,
        "rows": rows,
        "formulas": [{**vars(check), "agrees": check.agrees} for check in checks],
        "properties": [{**vars(check), "agrees": check.agrees} for check in properties],
        "runs": found.runs,
        "broken_books": found.broken_books,
        "failures": [vars(failure) for failure in found.failures],
    }


def estimate_content(simulated: Estimate) -> dict[str, float | int]:
    """Return a simulated mean with its interval as plain data."""
    return {
        "simulated": simulated.mean,
        "low": simulated.low,
        "high": simulated.high,
        "replications": simulated.replications,
    }


def figure_words(id_: str, unit: str, about: Any) -> str:
    """Return what a figure is, with its unit."""
    return say(f"in.{unit}", figure=say(f"figure.{id_}", **about))


def number_words(value: float, half_width: float) -> str:
    """Return a number with as many decimals as its interval deserves."""
    places = decimals(half_width, DIGITS) if 0.0 < half_width < math.inf else decimals(value, DIGITS + 2)
    return f"{value:,.{min(places, MOST_DECIMALS)}f}"


def verdict_words(verdict: str, reference: float, simulated: Estimate) -> str:
    """Return a verdict; a difference with its size."""
    if verdict != "differs":
        return say(f"judged.{verdict}")
    percent = f"{100.0 * (simulated.mean / reference - 1.0):+.1f}" if reference else say("none")
    return say("judged.differs", percent=percent)


def columns(first: str, reference: str) -> Table:
    """Return the empty table of a case or a twin."""
    rows = table(narrow=True)
    rows.add_column(first, ratio=1, min_width=26)
    rows.add_column(reference, justify="right", no_wrap=True)
    rows.add_column(say("column.simulated"), justify="right", no_wrap=True)
    rows.add_column(say("column.half_width"), justify="right", no_wrap=True)
    return rows


def show_cases(
    found: Verification, cases: Sequence[Case], checks: Sequence[Check], properties: Sequence[Check], *, with_data: bool
) -> None:
    """Print all cases, then what else was checked, then how many are right."""
    from rich.text import Text

    lines = console()
    made = max((row.simulated.replications for row in found.rows), default=0)
    lines.print(Text(say("cases.heading", replications=counted("run", made), last=made), "bold"))
    titles = {case.scenario: case.load(None).title for case in cases}
    for name, rows in groupby(found.rows, lambda row: row.case):
        show_case(titles[name] or name, list(rows))
    lines.print()
    if found.failures:
        show_failures(found.failures, found.runs + len(found.failures), lines)
    show_checks("cases.formulas", checks)
    show_checks("cases.properties", properties)
    key = "cases.books" if found.broken_books else "cases.books_good"
    lines.print(say(key, broken=found.broken_books, runs=counted("run", found.runs)))
    if not with_data:
        lines.print(say("cases.skipped"))
    lines.print(say("cases.elsewhere"))
    show_summary(found.rows)


def show_case(title: str, rows: Sequence[Row]) -> None:
    """Print one case."""
    from rich.text import Text

    lines = console()
    source = say(f"source.{rows[0].source}")
    lines.print(Text("\n" + say("cases.source", title=title, source=source), "bold"))
    shown = columns(say("column.figure"), say("column.reference"))
    shown.add_column(say("column.verdict"), no_wrap=True, min_width=16)
    for row in rows:
        reference, simulated = row.reference, row.simulated
        half = simulated.half_width
        shown.add_row(
            figure_words(reference.id, reference.unit, reference.about),
            number_words(reference.value, half),
            number_words(simulated.mean, half),
            say("half_width", width=number_words(half, half)),
            Text(verdict_words(row.verdict, reference.value, simulated), STYLES[row.verdict]),
        )
    lines.print(shown)


def show_checks(key: str, checks: Sequence[Check]) -> None:
    """Print how many checks hold, and those that do not."""
    lines = console()
    lines.print(say(key, good=sum(check.agrees for check in checks), all=len(checks)))
    for check in checks:
        if not check.agrees:
            lines.print(say("cases.check_wrong", id=check.id, published=check.published, computed=check.computed))


def show_summary(rows: Sequence[Row]) -> None:
    """Print how many references lie in their intervals."""
    from rich.text import Text

    lines = console()
    bad = sum(row.verdict in ("differs", "undefined") for row in rows)
    wide = sum(row.verdict == "wide" for row in rows)
    summary = say("cases.summary", good=len(rows) - bad, all=len(rows))
    lines.print(Text("\n" + summary, BAD if bad else "bold"))
    if bad:
        lines.print(say("cases.wrong", bad=bad))
    if wide:
        lines.print(say("cases.wide", wide=wide))
