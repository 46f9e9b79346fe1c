"""The audit as a page in Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.commands.audit_lines import is_fitted, lines_of, spread_words, summary, verdict_words
from sim.commands.figures import short
from sim.commands.words import counted, say

if TYPE_CHECKING:
    from sim.study import Audit, Finding

WIDTH = 120
HOW_TO_READ = ("page.interval", "page.verdicts", "page.sweeps", "page.fitted", "page.limits")


def page_of(found: Audit) -> str:
    """Return the page of an audit."""
    answered = [one for one in found.findings if one.recorded is not None]
    inputs = [one for one in found.findings if one.claim.setting]
    others = [one for one in found.findings if one.verdict == "not_comparable"]
    paragraphs = [
        say("page.title"),
        say("page.intro"),
        f"```sh\n{found.provenance['command']}\n```",
        say("page.how"),
        "\n".join(wrapped(say(key)) for key in HOW_TO_READ),
        made(found),
        say("page.short"),
        say("page.short_text"),
        table_of(say("page.short_head"), [short_cells(one) for one in answered]),
        summary(found),
        say("page.results"),
        *(subject(one) for one in answered),
        say("page.inputs"),
        say("page.inputs_text"),
        table_of(say("page.inputs_head"), [input_cells(one) for one in inputs]),
        say("page.not_comparable"),
        table_of(say("page.not_comparable_head"), [other_cells(one) for one in others]),
    ]
    return "\n\n".join(wrapped(one) for one in paragraphs) + "\n"


def wrapped(text: str) -> str:
    """Return a paragraph with lines of the pages' width; tables, lists and blocks stay as they are."""
    if "\n" in text or text.startswith(("|", "#")):
        return text
    indent = "  " if text.startswith("- ") else ""
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def made(found: Audit) -> str:
    """Return when and with what the audit was made."""
    runs, seeds = counted("run", len(found.seeds)), found.seeds
    about = found.provenance
    return say("page.made", made=about["made"], runs=runs, first=seeds[0], last=seeds[-1], source=about["source_hash"])


def subject(found: Finding) -> str:
    """Return what is said of a claim that runs answer."""
    claim = found.claim
    head = say("page.subject", id=claim.id, city=claim.city, claim=claim.claim)
    lines = [wrapped(say("page.line", name=name, text=text)) for name, text in lines_of(found)]
    return "\n".join([head, "", *lines])


def table_of(head: str, rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    rule = "| --- " * (head.count("|") - 1) + "|"
    return "\n".join([head, rule, *("| " + " | ".join(row) + " |" for row in rows)])


def short_cells(found: Finding) -> list[str]:
    """Return the cells of a claim that runs answer, in one line."""
    claim, verdict = found.claim, verdict_words(found)
    spreads = [spread_words(one, claim, "page.short_spread") for one in (found.recorded, found.true) if one]
    if is_fitted(found):
        verdict = say("page.short_fitted", verdict=verdict)
    return [claim.id, claim.city, claim.claim, *spreads, verdict]


def input_cells(found: Finding) -> list[str]:
    """Return the cells of a claim that is an input."""
    claim = found.claim
    given = short(float("nan") if found.given is None else float(found.given))
    verdict = f"{verdict_words(found)}. {claim.note}".removesuffix(". ")
    return [claim.id, claim.city, claim.claim, claim.source, given, verdict]


def other_cells(found: Finding) -> list[str]:
    """Return the cells of a claim that cannot be compared."""
    claim = found.claim
    return [claim.id, claim.city, claim.claim, claim.source, claim.reason]
