"""``gridtown analyse``: what a finished experiment shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.ending import DONE, RequestError, make_sure_of_file
from sim.commands.figures import console, place, print_json
from sim.commands.progress import Progress
from sim.commands.search import show_again
from sim.commands.words import counted, say

if TYPE_CHECKING:
    from sim.study import Analysis

LIMIT = re.compile(r"\s*([a-z0-9_]+)\s*(<=|>=)\s*([-+0-9.eE]+)\s*")


@dataclass(frozen=True)
class AnalyseRequest:
    """What the user asked of an analysis.

    Attributes:
        experiment: name in the store.
        store: its address; None for the usual one.
        version: of the model whose runs are analysed; None for the one that an experiment shows.
        outcomes: as ``id,id``; None for those that the experiment names.
        find: what scenario discovery looks for, as ``id>=x``.
        report: file of the page; None for none.
        export: file of the tables; None for none.
        as_json: print the tables as data instead of text.
    """

    experiment: str
    store: str | None
    version: str | None
    outcomes: str | None
    find: Sequence[str]
    report: Path | None
    export: Path | None
    as_json: bool


def analyse(asked: AnalyseRequest) -> int:
    """Analyse an experiment, or show again what a search found; write what was asked for.

    Raises:
        AnalysisError: there is nothing to analyse, or the export's ending names no format.
        StoreError: the store cannot be read, or a file not written.
        UnknownExperimentError: the store has no such experiment.
        UnknownVersionError: it was never asked for under that version.
        UnknownOutcomeError: there is no such outcome.
        RequestError: ``--find`` cannot be read, or is asked of a design that does not fill a space; or it, outcomes or
            a version are asked of a search.
        SearchError: the search is not finished.
    """
    from sim.study import DEFAULT_STORE, is_search

    limits, store = limits_of(asked.find), asked.store or DEFAULT_STORE
    for file in (asked.report, asked.export):
        if file is not None:
            make_sure_of_file(file)
    if is_search(store, asked.experiment):
        if asked.outcomes is not None or asked.version is not None or limits:
            raise RequestError(say("wrong.of_search", name=asked.experiment))
        return show_again(asked.experiment, store, asked.report, asked.export, as_json=asked.as_json)
    with Progress() as progress:
        progress.tell(say("progress.analysing", name=asked.experiment))
        made = analysed(asked, limits)
        written = write(made, asked)
    if asked.as_json:
        tables = {name: table.to_dict(orient="records") for name, table in made.tables.items()}
        print_json({"experiment": made.study.name, "kind": made.kind, "tables": tables, "files": written})
    else:
        show(made, written)
    return DONE


def limits_of(find: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return what scenario discovery looks for, by outcome.

    Raises:
        RequestError: one of them cannot be read.
        UnknownOutcomeError: there is no such outcome.
    """
    from sim.outcomes import find_outcome

    limits = {}
    for given in find:
        read = LIMIT.fullmatch(given)
        try:
            limit = float(read[3]) if read else None
        except ValueError:
            limit = None
        if read is None or limit is None:
            raise RequestError(say("wrong.find", given=given))
        limits[find_outcome(read[1]).id] = {"at_most" if read[2] == "<=" else "at_least": limit}
    return limits


def analysed(asked: AnalyseRequest, limits: dict[str, dict[str, float]]) -> Analysis:
    """Return the analysis of what the store holds of an experiment.

    Raises:
        RequestError: scenario discovery is asked of a design that does not fill a space.
    """
    from sim.outcomes import find_outcome
    from sim.study import DEFAULT_STORE, OF_SPACE, kind_of, study_of
    from sim.study import analyse as of_study

    ids = None if asked.outcomes is None else [find_outcome(one.strip()).id for one in asked.outcomes.split(",")]
    study = study_of(asked.store or DEFAULT_STORE, asked.experiment, asked.version)
    if limits and kind_of(study) not in OF_SPACE:
        raise RequestError(say("wrong.find_design", name=asked.experiment))
    shown = ids if ids is not None or not limits else list(dict.fromkeys([*study.outcomes, *limits]))
    return of_study(study, shown, limits)


def write(made: Analysis, asked: AnalyseRequest) -> dict[str, str]:
    """Write the page and the tables; return where they are."""
    written = {}
    if asked.report is not None:
        from sim.report import write_analysis

        written["page"] = place(write_analysis(made, asked.report))
    if asked.export is not None:
        from sim.study import export

        written["tables"] = place(export(made, asked.export)[0])
    return written


def show(made: Analysis, written: dict[str, str]) -> None:
    """Print what each outcome says, what could not be made, and what was written."""
    from rich.text import Text

    from sim.report import told_findings

    lines = console()
    counts = {
        "points": counted("point", int(made.study.frame["point"].nunique())),
        "runs": counted("run", len(made.study.frame)),
    }
    lines.print(Text(say("analyse.heading", name=made.study.name, **counts), "bold"))
    if made.study.missing:
        lines.print(say("analyse.missing", missing=counted("run", made.study.missing)))
    for title, sentences in told_findings(made):
        lines.print(Text("\n" + title, "bold"))
        for sentence in sentences or [say("analyse.nothing")]:
            lines.print(sentence)
    for _, concerned, reason in made.gathered_notes():
        lines.print(say("analyse.note", outcome=", ".join(concerned), reason=reason), style="dim")
    if written:
        lines.print()
    if "page" in written:
        lines.print(say("analyse.page", place=written["page"]), soft_wrap=True)
    if "tables" in written:
        lines.print(say("analyse.tables", place=written["tables"]), soft_wrap=True)
