"""``gridtown compare``: options against a base over runs that share their luck."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from sim.commands.figures import finite, print_json
from sim.commands.progress import Progress
from sim.commands.verdicts import show
from sim.commands.words import say
from sim.processes import begin_fork_server

if TYPE_CHECKING:
    from sim.scenario import Mistake, Scenario
    from sim.study import Comparison

HASH_DIGITS = 8
AS_CSV = ("runs", "effects", "districts", "unit_time")
COMPARISON_FILE = "comparison.json"
REPORT_FILE = "report.html"
ALL = "all"


@dataclass(frozen=True)
class CompareRequest:
    """What the user asked of a comparison.

    Attributes:
        base: file or library name.
        options: the same of each option.
        settings: ``path=value`` each, for all scenarios.
        days: instead of the scenarios'.
        replications: of each scenario.
        seed: of the first.
        jobs: processes at once; None for as many as there are processors.
        out: folder below which the comparison's own folder is written.
        report: file of the report; None puts it beside the tables.
        shown: outcomes, as ``id,id``; None for the headline.
        as_json: print what ``comparison.json`` holds instead of tables.
        keep_runs: write every run's records.
        replace: write over different runs.
    """

    base: str
    options: Sequence[str]
    settings: Sequence[str]
    days: int | None
    replications: int
    seed: int
    jobs: int | None
    out: Path
    report: Path | None
    shown: str | None
    as_json: bool
    keep_runs: bool
    replace: bool


def compare(asked: CompareRequest) -> int:
    """Run the scenarios, write tables and report, and show what differs."""
    if asked.jobs != 1:
        begin_fork_server()
    scenarios, arguments = loaded(asked)
    shown = shown_outcomes(asked.shown, any(scenario.people.residents for scenario in scenarios))
    make_sure_of_folder(asked.out)
    if asked.report is not None:
        make_sure_of_file(asked.report)
    with Progress() as progress:
        made = comparison(asked, scenarios, arguments, shown, progress)
        progress.tell(say("progress.report"))
        written, trouble = write(made, asked)
    content = {**contents(made), **{name: str(path) for name, path in written.items()}}
    if asked.as_json:
        print_json(content)
    else:
        show(made, written)
    if trouble:
        complain(say("wrong.not_all_written", problem=trouble))
    return SOME_FAILED if trouble or made.failures else DONE


def loaded(asked: CompareRequest) -> tuple[list[Scenario], dict[str, str]]:
    """Return the scenarios, base first, and by name what follows ``gridtown run`` to name each.

    Raises:
        ScenarioError: all mistakes of all scenarios.
        TownError: the files of a road network cannot be used.
        RequestError: two have one name, or the seeds do not exist.
    """
    from sim import load
    from sim.build import town_of
    from sim.scenario import ScenarioError

    make_sure_of_seeds(asked.seed, asked.replications)
    settings = [*asked.settings, *([f"calendar.days={asked.days}"] if asked.days is not None else [])]
    scenarios: list[Scenario] = []
    arguments: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for given in (asked.base, *asked.options):
        try:
            scenario = load(given, *settings)
        except ScenarioError as problem:
            mistakes += problem.mistakes
            continue
        if scenario.name in arguments:
            raise RequestError(say("wrong.twice", name=scenario.name))
        scenarios.append(scenario)
        arguments[scenario.name] = shlex.join([given, *(word for one in settings for word in ("--set", one))])
    if mistakes:
        raise ScenarioError(mistakes)
    for scenario in scenarios:
        if scenario.town.kind != "synthetic":
            town_of(scenario)  # or a wrong file would fail every replication
        warn_of_late_policies(scenario)
    return scenarios, arguments


def shown_outcomes(given: str | None, peopled: bool) -> list[str]:
    """Return the ids of the outcomes to show; where nobody lives, `all` is those of the response.

    Raises:
        UnknownOutcomeError: there is no such outcome.
        RequestError: none is named.
    """
    from sim.outcomes import find_outcome, headline, meaningful

    if given is None:
        return list(headline(peopled=peopled))
    if given.strip() == ALL:
        return list(meaningful(peopled=peopled))
    ids = [id_.strip() for id_ in given.split(",") if id_.strip()]
    if not ids:
        raise RequestError(say("wrong.no_outcomes"))
    return list(dict.fromkeys(find_outcome(id_).id for id_ in ids))


def comparison(
    asked: CompareRequest,
    scenarios: Sequence[Scenario],
    arguments: dict[str, str],
    shown: Sequence[str],
    progress: Progress,
) -> Comparison:
    """Run all scenarios and return their comparison."""
    from sim.study import compare as study

    return study(
        scenarios[0],
        scenarios[1:],
        asked.replications,
        asked.seed,
        asked.jobs,
        progress.follow,
        shown=shown,
        folder=asked.out / "runs" if asked.keep_runs else None,
        arguments=arguments,
        replace=asked.replace,
    )


def contents(made: Comparison) -> dict[str, Any]:
    """Return all of a comparison that is no large table, as plain data."""
    from sim.scenario import canonical

    return {
        "base": made.base,
        "options": made.options,
        "seeds": made.seeds,
        "shown": made.shown,
        "effects": [vars(effect) for effect in made.effects],
        "changes": {option: [vars(change) for change in changes] for option, changes in made.changes.items()},
        "failures": [vars(failure) for failure in made.failures],
        "scenarios": {
            name: {"title": scenario.title, **canonical(scenario)} for name, scenario in made.scenarios.items()
        },
        "parameters": [vars(parameter) for parameter in made.parameters],
        "provenance": made.provenance,
    }


def comparison_folder(made: Comparison, out: Path) -> Path:
    """Return where a comparison's files go: a folder named by the base and by what was compared under which rules."""
    asked = [made.options, made.seeds, made.shown, made.provenance["scenario_hashes"], made.provenance["source_hash"]]
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    return out / f"compare-{made.base}-{digest[:HASH_DIGITS]}"


def write(made: Comparison, asked: CompareRequest) -> tuple[dict[str, Path], str]:
    """Write tables, ``comparison.json`` and the report.

    Returns:
        What was written where, and what went wrong, "" for nothing.
    """
    from sim.outcomes import StoreError, staged_folder
    from sim.report import write_report

    folder = comparison_folder(made, asked.out)
    written: dict[str, Path] = {}
    troubles = []
    try:
        with staged_folder(folder) as staged:
            write_tables(made, staged)
            if asked.report is None:
                write_report(made, staged / REPORT_FILE)
        written["folder"] = folder
        written["report"] = folder / REPORT_FILE
    except StoreError as problem:
        troubles.append(str(problem))
    if asked.report is not None:
        written.pop("report", None)
        try:
            write_report(made, asked.report)
            written["report"] = asked.report
        except OSError as problem:
            troubles.append(str(problem))
    return written, "; ".join(troubles)


def write_tables(made: Comparison, folder: Path) -> None:
    """Write a comparison's tables as Parquet, the smaller ones as CSV too, and everything else as JSON.

    Raises:
        OSError: the file system refuses.
    """
    import pandas as pd

    effects = pd.DataFrame([vars(effect) for effect in made.effects])
    tables = {
        "runs": made.runs,
        "effects": effects,
        "districts": made.districts,
        "series": made.series,
        "unit_time": made.unit_time,
        "calls": made.calls,
    }
    for name, frame in tables.items():
        with (folder / f"{name}.parquet").open("wb") as file:
            frame.to_parquet(file, index=False)
        if name in AS_CSV:
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as text:
                frame.to_csv(text, index=False)
    text_of = json.dumps(finite(contents(made)), indent=2, ensure_ascii=False, allow_nan=False)
    (folder / COMPARISON_FILE).write_text(text_of + "\n", encoding="utf-8")
