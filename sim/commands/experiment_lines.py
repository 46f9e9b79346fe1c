"""What ``gridtown experiment`` prints: the question, what it takes, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.commands.figures import console, gigabytes, place, short, table
from sim.commands.words import counted, say

if TYPE_CHECKING:
    from rich.console import Console

    from sim.study import Counts, Ending, Experiment, Factor, Failure, Forecast

MOST_FAILURES = 12
MOST_LEVELS = 8
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


def duration(seconds: float) -> str:
    """Return a time in words, in the unit in which it is a small number."""
    if seconds < 2 * MINUTE:
        return say("time.seconds", n=seconds)
    if seconds < 2 * HOUR:
        return say("time.minutes", n=seconds / MINUTE)
    if seconds < 2 * DAY:
        return say("time.hours", n=seconds / HOUR)
    return say("time.days", n=seconds / DAY)


def pace(seconds: float) -> str:
    """Return the time of one run, which may be a fraction of a second."""
    return f"{seconds:.2g} s" if seconds < 1 else duration(seconds)


def show_question(plan: Experiment) -> None:
    """Print what an experiment asks: its factors, where they act, and their values."""
    from rich.text import Text

    lines = console()
    factors = counted("factor", len(plan.factors))
    heading = say("experiment.heading", name=plan.name, design=plan.design.kind, factors=factors, base=plan.base)
    lines.print(Text(heading, "bold"))
    if plan.title:
        lines.print(plan.title)
    lines.print()
    rows = table()
    rows.add_column(say("experiment.factor"), no_wrap=True)
    rows.add_column(say("experiment.field"), ratio=1)
    rows.add_column(say("experiment.values"))
    for one in plan.factors:
        field = one.field
        if one.intervention is not None:
            field = say("experiment.of_intervention", intervention=one.intervention, field=one.field)
        rows.add_row(one.name, field, values_words(one))
    lines.print(rows)
    lines.print()


def values_words(one: Factor) -> str:
    """Return a factor's values in a few words."""
    if one.choices is not None:
        shown = [str(level) for level in one.choices[:MOST_LEVELS]]
        more = ["..."] if len(one.choices) > MOST_LEVELS else []
        return say("experiment.level_list", levels=", ".join(shown + more))
    if one.low is None or one.high is None:
        return say("experiment.range_table")
    key = "experiment.range_log" if one.scale == "log" else "experiment.range"
    return say("experiment.range_whole" if one.whole else key, low=short(one.low), high=short(one.high))


def show_forecast(expected: Forecast) -> None:
    """Print how many runs there are to make, and what they will take."""
    lines = console()
    rows = table(narrow=True)
    rows.show_header = False
    rows.add_column(no_wrap=True, style="dim", min_width=8)
    rows.add_column(ratio=1)
    for head, text in [*count_lines(expected.counts), *(sample_lines(expected) if expected.samples else [])]:
        rows.add_row(head, text)
    lines.print(rows)
    lines.print("\n" + say("experiment.dry" if expected.samples else "experiment.nothing_left"))


def count_lines(counts: Counts) -> list[tuple[str, str]]:
    """Return the lines about numbers of points and runs."""
    points = counted("point", counts.points)
    replications = counted("replication", counts.replications)
    runs = counted("run", counts.runs)
    if counts.most_runs > counts.runs:
        words = say("experiment.runs_precision", runs=runs, most=counted("run", counts.most_runs))
    else:
        words = say("experiment.runs_line", points=points, replications=replications, runs=runs)
    left = counted("run", counts.to_run)
    there = counted("run", counts.finished)
    store = say("experiment.store_line", finished=there, left=left)
    scenarios = counted("different_scenario", counts.scenarios)
    return [
        (say("experiment.points"), say("experiment.points_line", points=points, scenarios=scenarios)),
        (say("experiment.runs"), words),
        (say("experiment.store"), store if counts.finished else say("experiment.store_none", left=left)),
    ]


def sample_lines(expected: Forecast) -> list[tuple[str, str]]:
    """Return the lines about time and space."""
    low, mean, high = (pace(one) for one in expected.seconds_each)
    runs = counted("run", len(expected.samples))
    cut = [one for one in expected.samples if one.days < one.all_days]
    if cut:
        days, whole = cut[0].days, counted("day", cut[0].all_days)
        sample = say("experiment.sample_cut", runs=runs, days=days, all=whole, mean=mean, low=low, high=high)
    else:
        sample = say("experiment.sample_line", runs=runs, mean=mean, low=low, high=high)
    return [
        (say("experiment.sample"), sample),
        (say("experiment.time"), time_words(expected)),
        (say("experiment.space"), say("experiment.space_line", mean=gigabytes(round(expected.gigabytes[1] * 1e9)))),
    ]


def time_words(expected: Forecast) -> str:
    """Return how long the runs will take on so many processes."""
    if expected.workers == 0:
        return say("experiment.time_unknown")
    least, about, most = (duration(one * HOUR) for one in expected.hours)
    jobs = counted("job", expected.workers)
    return say("experiment.time_line", mean=about, jobs=jobs, low=least, high=most)


def forecast_content(plan: Experiment, expected: Forecast) -> dict[str, Any]:
    """Return what an experiment takes, as plain data."""
    counts = expected.counts
    names = ("least", "mean", "most")
    return {
        "experiment": plan.name,
        **vars(counts),
        "to_run": counts.to_run,
        "jobs": expected.workers,
        "sample": [vars(one) for one in expected.samples],
        "seconds_each": dict(zip(names, expected.seconds_each, strict=True)),
        "hours": dict(zip(names, expected.hours, strict=True)),
        "gigabytes": dict(zip(names, expected.gigabytes, strict=True)),
    }


def show_ending(ending: Ending, plan: Experiment, store: str, points: int) -> None:
    """Print how many runs were made, what failed with the commands that make it again, and what comes next."""
    from pathlib import Path

    from rich.text import Text

    lines = console()
    made = {"finished": counted("run", ending.finished), "skipped": counted("run", ending.skipped)}
    lines.print(Text(f"{plan.name}: {counted('point', points)}", "bold"))
    lines.print(say("experiment.stopped" if ending.stopped else "experiment.ended", **made))
    if ending.damaged:
        lines.print(say("experiment.damaged", runs=counted("run", ending.damaged)))
    if ending.failed:
        lines.print()
        lines.print(Text(say("experiment.failed", failed=counted("run", len(ending.failed))), "bold red"))
        show_failures(ending.failed, lines)
    lines.print()
    where = store if "://" in store else place(Path(store))
    lines.print(say("experiment.next", place=f"gridtown results {plan.name} --store {where}"), soft_wrap=True)


def show_failures(failed: Sequence[Failure], lines: Console) -> None:
    """Print the first of the runs that failed, each with the command that makes it again."""
    for one in failed[:MOST_FAILURES]:
        message = one.message.splitlines()[0] if one.message else ""
        told = say("experiment.failure", scenario=one.scenario, seed=one.seed, type=one.type, message=message)
        lines.print(told, soft_wrap=True)
        lines.print(say("failure.replay", command=one.command), soft_wrap=True)
    if len(failed) > MOST_FAILURES:
        lines.print(say("experiment.more_failures", n=len(failed) - MOST_FAILURES))
