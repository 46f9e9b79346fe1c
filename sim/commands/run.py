"""``gridtown run``: one run, from the start or from a saved state, to its end or to a day at which it is saved."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.check import warn_of_late_policies
from sim.commands.ending import (
    DONE,
    SOME_FAILED,
    RequestError,
    complain,
    make_sure_of_file,
    make_sure_of_folder,
    make_sure_of_seeds,
)
from sim.commands.figures import console, figure, place, print_json, table, unit_words
from sim.commands.progress import Progress
from sim.commands.words import counted, say

if TYPE_CHECKING:
    from sim.model import TownModel
    from sim.scenario import Scenario
    from sim.study import RunResult


@dataclass(frozen=True)
class RunRequest:
    """What the user asked of one run; None where an option was not given.

    Attributes:
        scenario: file or library name.
        seed: of the run.
        days: instead of the scenario's.
        settings: ``path=value`` each.
        out: folder below which the run's own folder is written.
        as_json: print the run record instead of a table.
        everything: show all outcomes.
        save_state: file for the state at the day ``until``.
        until: day after which to stop and save.
        resume: saved state to go on with.
        replace: write over a different run.
    """

    scenario: str | None
    seed: int | None
    days: int | None
    settings: Sequence[str]
    out: Path
    as_json: bool
    everything: bool
    save_state: Path | None
    until: int | None
    resume: Path | None
    replace: bool


def run(asked: RunRequest) -> int:
    """Run a scenario once and show its outcomes, or stop on the way and save."""
    check_request(asked)
    if asked.save_state is not None:
        make_sure_of_file(asked.save_state)
    else:
        make_sure_of_folder(asked.out)
    with Progress() as progress:
        plan, seed, begin = beginning(asked, progress)
        if asked.save_state is not None and asked.until is not None:
            saved = save(begin, asked.save_state, asked.until, plan, progress)
        else:
            saved, result = False, finish(begin, plan, seed, asked, progress)
    if saved:
        show_saved(asked, plan, seed)
        return DONE
    if result is None:
        return SOME_FAILED
    if asked.as_json:
        print_json({**result.record, "folder": str(result.folder)})
    else:
        show(result, plan, asked.everything)
    return DONE


def check_request(asked: RunRequest) -> None:
    """Make sure that the options go together.

    Raises:
        RequestError: they do not.
    """
    if asked.scenario is None and asked.resume is None:
        raise RequestError(say("wrong.nothing_to_run"))
    if (asked.until is None) != (asked.save_state is None):
        raise RequestError(say("wrong.until_pair"))
    if asked.seed is not None:
        make_sure_of_seeds(asked.seed)
    if asked.resume is not None:
        given = {
            "SCENARIO": asked.scenario is not None,
            "--seed": asked.seed is not None,
            "--days": asked.days is not None,
            "--set": bool(asked.settings),
        }
        others = [name for name, is_given in given.items() if is_given]
        if others:
            raise RequestError(say("wrong.resume_alone", others=", ".join(others)))


def with_days(settings: Sequence[str], days: int | None) -> list[str]:
    """Return the settings of the command line, the number of days among them."""
    return [*settings, *([f"calendar.days={days}"] if days is not None else [])]


def beginning(asked: RunRequest, progress: Progress) -> tuple[Scenario, int, Callable[[], TownModel]]:
    """Return the scenario, the seed, and how to come by the model as far as it is.

    Raises:
        ScenarioError: the scenario has mistakes.
        SavedStateError: the saved state cannot be used.
    """
    if asked.resume is not None:
        from sim.model import TownModel

        progress.tell(say("progress.resuming", name=asked.resume.name))
        model = TownModel.resume(asked.resume)
        return model.plan, model.seed, lambda: model
    from sim import load

    plan = load(asked.scenario or "", *with_days(asked.settings, asked.days))
    warn_of_late_policies(plan)
    seed = 1 if asked.seed is None else asked.seed
    return plan, seed, lambda: begun(plan, seed, progress)


def begun(plan: Scenario, seed: int, progress: Progress) -> TownModel:
    """Return the model of a scenario on its first day.

    Raises:
        TownError: the scenario's road network cannot be used.
    """
    progress.tell(say("progress.town", name=plan.name))
    from sim.build import town_of
    from sim.model import TownModel

    town = town_of(plan)
    residents = plan.people.residents
    progress.tell(say("progress.people" if residents else "progress.crews", name=plan.name, residents=residents))
    return TownModel(plan, seed=seed, town=town)


def advanced(model: TownModel, until: int, progress: Progress) -> TownModel:
    """Let a model's time pass up to a day, and say how far it is after each."""
    while model.time < until:
        model.run_until(min(math.floor(model.time) + 1, until))
        progress.tell(say("progress.days", name=model.plan.name), int(model.time), model.calendar.days)
    return model


def save(begin: Callable[[], TownModel], file: Path, until: int, plan: Scenario, progress: Progress) -> bool:
    """Run up to a day and write the state.

    Raises:
        RequestError: the run does not have that day, or is past it.
        StoreError: the file cannot be written.
    """
    from sim.outcomes import store_error

    if not 1 <= until <= plan.calendar.days:
        raise RequestError(say("wrong.until_range", given=until, first=0, last=plan.calendar.days))
    model = begin()
    if until <= model.time:
        raise RequestError(say("wrong.until_range", given=until, first=f"{model.time:g}", last=plan.calendar.days))
    advanced(model, until, progress)
    try:
        model.save(file)
    except OSError as problem:
        raise store_error("write", file, problem) from problem
    return True


def finish(
    begin: Callable[[], TownModel], plan: Scenario, seed: int, asked: RunRequest, progress: Progress
) -> RunResult | None:
    """Run to the end and write the records; None where they could not be written after all.

    Raises:
        StoreError: before anything was run: the run's folder holds something else.
    """
    from sim.outcomes import StoreError
    from sim.study import run_one

    done = False

    def to_the_end() -> TownModel:
        nonlocal done
        model = advanced(begin(), plan.calendar.days, progress)
        progress.tell(say("progress.records", name=plan.name))
        done = True
        return model

    try:
        return run_one(plan, seed, asked.out, replace=asked.replace, finished=to_the_end)
    except StoreError as problem:
        if not done:
            raise
        complain(say("wrong.not_written", problem=problem))
        return None


def show_saved(asked: RunRequest, plan: Scenario, seed: int) -> None:
    """Say where the run stands and how it goes on."""
    file = place(asked.save_state or Path())
    if asked.as_json:
        print_json({"scenario": plan.name, "seed": seed, "day": asked.until, "days": plan.calendar.days, "state": file})
        return
    lines = console()
    lines.print(say("run.saved", name=plan.name, seed=seed, day=asked.until, days=plan.calendar.days))
    lines.print(say("run.saved_file", place=file), soft_wrap=True)
    lines.print(say("run.go_on", place=file), soft_wrap=True)


def show(result: RunResult, plan: Scenario, everything: bool) -> None:
    """Print a run's outcomes and where its records are."""
    from rich.text import Text

    from sim.outcomes import CATALOGUE, headline, meaningful
    from sim.scenario import FULL, waits_for_ever

    lines = console()
    heading = say("run.heading", name=result.scenario, seed=result.seed, days=counted("day", plan.calendar.days))
    lines.print(Text.assemble((heading, "bold"), f"\n{plan.title}" if plan.title else "", "\n"))
    rows = table()
    rows.add_column(say("column.outcome"), ratio=1)
    rows.add_column(say("column.value"), justify="right", no_wrap=True)
    rows.add_column(say("column.unit"))
    rows.add_column(say("column.kind"), no_wrap=True)
    peopled = plan.people.residents > 0
    every = meaningful(peopled=peopled)
    shown = every if everything else headline(peopled=peopled)
    group = ""
    for id_ in shown:
        one = CATALOGUE[id_]
        if everything and one.group != group:
            group = one.group
            rows.add_row(Text(say(f"group.{group}"), "bold"))
        rows.add_row(one.title, figure(result.outcomes[id_]), unit_words(one.unit), say(f"kind.{one.kind}"))
    lines.print(rows)
    lines.print("\n" + say("run.kinds"))
    if result.outcomes["unit_load"] >= FULL and waits_for_ever(plan):
        lines.print("\n" + say("run.load", load=figure(result.outcomes["unit_load"])))
    if not everything:
        lines.print(say("run.more", shown=len(shown), all=len(every)))
    for note in result.record["log_notes"]:
        lines.print("\n" + say("run.log_note", note=note))
    if result.folder is not None:
        lines.print("\n" + say("run.records", place=place(result.folder)), soft_wrap=True)
