"""``gridtown audit``: what newspaper articles claim, beside what simulated books say and what truly happened."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.audit_lines import finding_content, lines_of, summary
from sim.commands.audit_page import page_of
from sim.commands.ending import DONE, SOME_FAILED, RequestError, make_sure_of_file, make_sure_of_seeds
from sim.commands.figures import console, finite, place, print_json, table
from sim.commands.lists import write_text
from sim.commands.progress import Progress
from sim.commands.verdicts import show_failures
from sim.commands.words import counted, say

if TYPE_CHECKING:
    from sim.study import Audit, Finding


@dataclass(frozen=True)
class AuditRequest:
    """What the user asked of an audit.

    Attributes:
        scenarios: files or names of presets; none for all.
        replications: runs of each city.
        days: instead of the claims' own.
        residents: of which at most are simulated.
        jobs: processes at once.
        sweep: whether parameters are swept.
        page: file of the page, or None.
        as_json: print data instead of text.
        as_csv: print a table of data instead of text.
    """

    scenarios: Sequence[str]
    replications: int
    days: int | None
    residents: int
    jobs: int | None
    sweep: bool
    page: Path | None
    as_json: bool
    as_csv: bool


def audit(asked: AuditRequest) -> int:
    """Make an audit and show it.

    Raises:
        RequestError: the options do not go together.
        AuditError: no claim is about a scenario.
        ScenarioError: a scenario has mistakes.
        StoreError: the page cannot be written.
    """
    if asked.as_json and asked.as_csv:
        raise RequestError(say("wrong.json_and_csv"))
    make_sure_of_seeds(1, asked.replications)
    if asked.page is not None:
        make_sure_of_file(asked.page)
    with Progress() as progress:
        from sim.study import audit as study

        found = study(
            asked.scenarios,
            asked.replications,
            asked.jobs,
            progress.follow,
            days=asked.days,
            residents=asked.residents,
            sweep=asked.sweep,
        )
    deliver(found, asked)
    if asked.page is not None:
        write_text(page_of(found), asked.page)
        console(errors=True).print(say("audit.written", place=place(asked.page)), soft_wrap=True)
    return SOME_FAILED if found.failures else DONE


def deliver(found: Audit, asked: AuditRequest) -> None:
    """Print an audit in the form that was asked for."""
    if asked.as_json:
        print_json(
            {
                "claims": [finding_content(one) for one in found.findings],
                "seeds": list(found.seeds),
                "runs": found.runs,
                "failures": [vars(one) for one in found.failures],
                "provenance": dict(found.provenance),
            }
        )
    elif asked.as_csv:
        sys.stdout.write(as_csv(found.findings))
    else:
        show(found)


def as_csv(findings: Sequence[Finding]) -> str:
    """Return findings as CSV, a row for each claim; what has parts is put into one cell, or into columns."""
    rows = [flat(finite(finding_content(one))) for one in findings]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return a finding without nesting: sweeps and lists as text, the size as columns."""
    swept = "; ".join(f"{one['parameter']} {one['low']} {one['high']}" for one in row["sweeps"])
    size = {f"size_{name}": value for name, value in (row["size"] or {}).items()}
    plain = {name: value for name, value in row.items() if name != "size"}
    return {**plain, "sweeps": swept, "fitted": "; ".join(row["fitted"]), **size}


def show(found: Audit) -> None:
    """Print every finding, then how many have which verdict."""
    from rich.text import Text

    lines = console()
    lines.print(Text(say("audit.heading", claims=counted("claim", len(found.findings))), "bold"))
    for one in found.findings:
        claim = one.claim
        lines.print(Text("\n" + say("audit.claim", id=claim.id, city=claim.city, claim=claim.claim), "bold"))
        rows = table(narrow=True)
        rows.show_header = False
        rows.add_column(no_wrap=True, style="dim", min_width=9)
        rows.add_column(ratio=1)
        for name, text in lines_of(one):
            rows.add_row(name, text)
        lines.print(rows)
    lines.print()
    if found.failures:
        show_failures(found.failures, found.runs, lines)
    lines.print(Text(summary(found), "bold"))
