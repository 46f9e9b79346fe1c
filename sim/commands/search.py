"""``gridtown search``: the cheapest mix of levers that meets targets, and the frontier of cost against outcomes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.ending import DONE, SOME_FAILED, make_sure_of_file
from sim.commands.experiment import follow
from sim.commands.experiment_lines import show_failures
from sim.commands.figures import console, figure, place, print_json, short
from sim.commands.progress import Progress
from sim.commands.words import counted, say
from sim.processes import begin_fork_server

if TYPE_CHECKING:
    from rich.console import Console

    from sim.study import Finalist, Found, Kept
    from sim.study import Progress as Step

MOST_IMPOSSIBLE = 6


@dataclass(frozen=True)
class SearchRequest:
    """What the user asked of a search.

    Attributes:
        file: the search file.
        jobs: runs at once; None for as many as there are processors.
        scheduler: address of a Dask scheduler; None for processes of this machine.
        store: address of the store; None for the usual one.
        report: file of the page; None for none.
        export: file for the points tried; None for none.
        as_json: print data instead of text.
    """

    file: str
    jobs: int | None
    scheduler: str | None
    store: str | None
    report: Path | None
    export: Path | None
    as_json: bool


class SearchProgress(Progress):
    """Says of everything that is told at what stage of the search it is."""

    stage = ""

    def reach(self, stage: str, done: int, total: int) -> None:
        """Say what the search does from now on, and how many of its runs are made."""
        self.stage = stage
        super().tell(stage, done, total)

    def tell(self, text: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done now, and how much of how much is done."""
        super().tell(say("progress.of_search", stage=self.stage, text=text), done, total)


def search(asked: SearchRequest) -> int:
    """Make a search and show what it found.

    Raises:
        ExperimentError: the file has mistakes.
        SearchError: the budget is too small, or no run gives the objectives.
        StoreError: the store cannot be used.
        SchedulerError: the scheduler cannot be reached.
    """
    for file in (asked.report, asked.export):
        if file is not None:
            make_sure_of_file(file)
    if asked.scheduler is None:
        begin_fork_server()
    with SearchProgress() as progress:
        kept = made(asked, progress)
        written = write(kept, asked.report, asked.export)
    show(kept, written, as_json=asked.as_json)
    return SOME_FAILED if kept.found.failed else DONE


def show_again(name: str, store: str, report: Path | None, export: Path | None, *, as_json: bool) -> int:
    """Show what a search in a store found, without running anything.

    Raises:
        SearchError: it is not finished.
        StoreError: the store cannot be read, or a file not written.
        UnknownExperimentError: the store has no such search.
    """
    from sim.study import found_in

    with Progress() as progress:
        progress.tell(say("progress.analysing", name=name))
        kept = found_in(store, name)
        written = write(kept, report, export)
    show(kept, written, as_json=as_json)
    return DONE


def made(asked: SearchRequest, progress: SearchProgress) -> Kept:
    """Make the search.

    Raises:
        KeyboardInterrupt: the user stopped it; what was run is in the store.
    """
    from sim.study import DEFAULT_STORE, Stopped, load_search, search_in

    plan = load_search(asked.file)
    name = plan.search.name

    def tell(reached: Any) -> None:
        """Say how far the search has come."""
        words = say("progress.check", name=name)
        if reached.stage == "searching":
            words = say("progress.search", name=name, points=reached.points)
        progress.reach(words, reached.runs, reached.most)

    progress.reach(say("progress.search", name=name, points=0), 0, plan.search.runs)
    store = asked.store or DEFAULT_STORE
    try:
        return search_in(
            store,
            plan,
            scheduler=asked.scheduler,
            workers=asked.jobs,
            progress=tell,
            follow=lambda step: follow(of_whole(step, plan.search.runs), progress),
        )
    except Stopped as problem:
        raise KeyboardInterrupt from problem


def of_whole(step: Step, most: int) -> Step:
    """Return a step of the runner, which knows no more runs than were asked for, as one of so many that may be."""
    waiting = step.total - step.done
    each = step.seconds_left / waiting if step.seconds_left is not None and waiting > 0 else None
    return dataclasses.replace(step, total=most, seconds_left=None if each is None else each * (most - step.done))


def write(kept: Kept, report: Path | None, export: Path | None) -> dict[str, str]:
    """Write the page and the points that were tried; return where they are."""
    written = {}
    if report is not None:
        from sim.report import write_search

        written["page"] = place(write_search(kept, report))
    if export is not None:
        from sim.study import write_points

        written["tables"] = place(write_points(kept.found, export))
    return written


def content(kept: Kept, written: dict[str, str]) -> dict[str, Any]:
    """Return what a search found as plain data."""
    from sim.study import checks_wanting

    found = kept.found
    return {
        "search": found.search.name,
        "runs": found.runs,
        "failed": found.failed,
        "ended": found.ended,
        "best": None if found.best is None else found.best.number,
        "best_is_sure": None if found.best is None else found.best.is_sure,
        "checks_needed": checks_wanting(found),
        "frontier": [one.number for one in found.frontier],
        "finalists": [dataclasses.asdict(one) for one in found.finalists],
        "points": found.points.to_dict(orient="records"),
        "failures": [vars(one) for one in kept.failures],
        "impossible": [
            {"point": number, "factors": found.tried[number].factors, "reason": reason}
            for number, reason in kept.impossible.items()
        ],
        "files": written,
    }


def show(kept: Kept, written: dict[str, str], *, as_json: bool) -> None:
    """Print what a search found, as text or as data."""
    if as_json:
        print_json(content(kept, written))
        return
    lines = console()
    show_found(kept, lines)
    for name, file in written.items():
        lines.print(say(f"analyse.{name}", place=file), soft_wrap=True)


def show_found(kept: Kept, lines: Console) -> None:
    """Print the best point, the frontier where there are several objectives, and every finalist's figures."""
    from rich.text import Text

    from sim.study import checks_wanting

    found = kept.found
    ended = say("search.everything") if found.ended == "every point tried" else say("search.budget")
    counts = {"runs": counted("run", found.runs), "points": counted("point", len(found.points))}
    lines.print(Text(say("search.heading", name=found.search.name, ended=ended, **counts), "bold"))
    if found.best is None:
        lines.print(say("search.none"), soft_wrap=True)
    elif len(found.search.objectives) == 1:
        words = "search.best" if found.best.is_sure else "search.best_not_sure"
        lines.print(Text(say(words, values=values_of(found.best.factors)), "bold"))
    else:
        lines.print(Text(say("search.frontier", points=counted("point", len(found.frontier))), "bold"))
    needed = checks_wanting(found)
    if needed is not None:
        lines.print(say("search.checks", check=found.search.check, needed=needed), soft_wrap=True)
    for one in found.finalists:
        show_finalist(one, found, lines)
    if found.failed:
        lines.print(say("search.failed", runs=counted("run", found.failed)))
        show_failures(kept.failures, lines)
        show_impossible(kept, lines)


def show_impossible(kept: Kept, lines: Console) -> None:
    """Print the first of the points that could not be run, each with the reason."""
    if not kept.impossible:
        return
    lines.print(say("search.impossible", points=counted("point", len(kept.impossible))))
    for number, reason in list(kept.impossible.items())[:MOST_IMPOSSIBLE]:
        values = values_of(kept.found.tried[number].factors)
        lines.print(say("search.impossible_point", values=values, reason=reason), soft_wrap=True)
    if len(kept.impossible) > MOST_IMPOSSIBLE:
        lines.print(say("search.impossible_more", n=len(kept.impossible) - MOST_IMPOSSIBLE))


def values_of(factors: Mapping[str, Any]) -> str:
    """Return a point's factors in words."""
    said = (f"{name} {short(value) if isinstance(value, float) else value}" for name, value in factors.items())
    return ", ".join(said)


def show_finalist(one: Finalist, found: Found, lines: Console) -> None:
    """Print a finalist's objectives and targets, as searched and by fresh seeds."""
    from rich.text import Text

    verdict = say("search.sure") if one.is_sure else say("search.holds") if one.holds else say("search.fails")
    head = say("search.point", values=values_of(one.factors))
    lines.print(Text("\n" + (f"{head}: {verdict}" if found.search.targets else head), "bold"))
    for gap in one.objectives:
        figures = {
            "fresh": figure(gap.fresh.mean),
            "low": figure(gap.fresh.low),
            "high": figure(gap.fresh.high),
            "searched": figure(gap.searched.mean),
            "gap": figure(gap.gap),
        }
        lines.print(say("search.objective", outcome=gap.outcome, **figures), soft_wrap=True)
    for target, share in zip(found.search.targets, one.fresh, strict=True):
        about = {
            "outcome": target.outcome,
            "limit": short(target.limit),
            "kept": share.kept,
            "runs": share.runs,
            "low": f"{100.0 * share.low:.0f}",
            "high": f"{100.0 * share.high:.0f}",
            "wanted": short(100.0 * target.probability),
        }
        words = say("search.target_most", **about) if target.at_most else say("search.target_least", **about)
        lines.print(words, soft_wrap=True)
