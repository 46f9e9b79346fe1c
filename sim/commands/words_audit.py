"""What ``gridtown audit`` says: part of the catalogue of ``words``."""

from __future__ import annotations

AUDIT: dict[str, str] = {
    "help.audit": "Hold what newspaper articles claim of the cities beside simulated books and simulated truth.",
    "example.audit": "Example: gridtown audit daye --replications 5",
    "option.audit_scenarios": "Presets of cities, or files that have a preset's name. (default: all)",
    "option.audit_replications": "Runs of each city, with seeds 1, 2, ...",
    "option.audit_residents": "Most residents to simulate; a larger city is scaled down, and its counts up again.",
    "option.audit_days": "Days to simulate instead of a claim's own time; counts are scaled up.",
    "option.no_sweep": "Do not set parameters to both ends of their ranges.",
    "option.csv": "Print CSV on standard output instead of text.",
    "option.page": "File in which to write the audit as a page in Markdown.",
    "wrong.json_and_csv": "--json and --csv are two ways to print one thing: leave one of them out",
    # verdicts
    "audited.within_interval": "within the interval",
    "audited.within_range": "within the swept range only",
    "audited.not_reproduced": "not reproduced",
    "audited.too_wide": "cannot be told: the interval holds the claim and much else",
    "audited.cannot_tell": "cannot be told: fewer than two runs have the figure",
    "audited.not_comparable": "cannot be compared: {reason}",
    "audited.input": "an input of the preset, not a result",
    "audited.input_differs": "an input, but the preset has {given}",
    "audited.times": "{verdict}: the books have {times} times the claim",
    # text
    "audit.heading": "{claims} of newspaper articles beside simulated towns",
    "audit.claim": "{id}  {city}: {claim}",
    "audit.source": "printed",
    "audit.recorded": "recorded",
    "audit.true": "true",
    "audit.swept": "swept",
    "audit.verdict": "verdict",
    "audit.size": "size",
    "audit.rests": "rests on",
    "audit.fitted": "fitted",
    "audit.note": "note",
    "audit.spread": "{mean}  ({low} to {high} in 95 of 100 runs)",
    "audit.mean": "{mean}",
    "audit.sweep": "{parameter} ({status}): {low} to {high}",
    "audit.size_whole": "{simulated:,} residents, {length}, {runs}",
    "audit.size_scaled": "scaled down from {residents:,} to {simulated:,} residents, {length}, {runs}",
    "audit.rests_line": "{unsourced} of {parameters} parameters without a source, {assumptions} of the preset",
    "audit.fitted_line": "{parameters} set by such figures: agreement is no evidence for the claim",
    "audit.percent": "{number} %",
    "audit.summary": "{within} within the interval, {range} within the swept range only, {not_reproduced} not "
    "reproduced, {cannot_tell} cannot be told; {inputs} are inputs, {not_comparable} cannot be compared.",
    "audit.written": "page     {place}",
    "count.claim": "1 claim|{n:,} claims",
    "count.marked": "1 marked assumption|{n:,} marked assumptions",
    # the page
    "page.title": "# Audit: what the articles claim",
    "page.intro": "Five newspaper articles say what five cities run and what came of it. Their figures are officials' "
    "figures and are held here beside simulated towns: beside what the simulated offices *record*, since that is all "
    "that an office can publish, and beside what *truly* happened there. The page is written by",
    "page.how": "How to read it:",
    "page.interval": "- The interval is the one in which one more run lies with 95 % (prediction interval over the "
    "replications): a claim is one city's figure, no mean of many. Counts of a town that was scaled down are scaled up "
    "again; the interval is then wider than the whole city's would be.",
    "page.verdicts": "- *Within the interval*, whose half is at most half the mean of counts or ten points of shares: "
    'what the printed words allow ("over 1,300": 1,300 to 1,400) meets the interval. *Within the swept range only*: it '
    "meets the range over which the recorded mean moves when one parameter after the other is set to both ends of its "
    "range. *Not reproduced*: neither.",
    "page.sweeps": "- A sweep moves one parameter at a time, all elements of a list together; each end is the mean of "
    "two runs. F found, D denominator to check, M from memory, N no source.",
    "page.fitted": "- *Fitted*: the parameter was set by published figures of this kind, so agreement says nothing for "
    "the claim. No parameter was set by one of these articles' own figures unless a note says so.",
    "page.limits": "- Every run starts without an open dispute. The presets' figures that no article gives are marked "
    "assumptions in their files. A town scaled down keeps at least one office and one mediator of each kind, which "
    "is more than its share. Reproducing a figure of the books says nothing of whether the figure is true.",
    "page.made": "Made {made} with {runs} of each city (seeds {first} to {last}), rules {source}.",
    "page.short": "## In short",
    "page.short_text": "What the articles print, what the simulated books say, and what is true of the simulated "
    "city, each with its interval. (*) fitted: agreement is no evidence.",
    "page.short_head": "| id | city | claim | simulated books | simulated truth | verdict |",
    "page.short_spread": "{mean} ({low} to {high})",
    "page.short_fitted": "{verdict} (*)",
    "page.results": "## Claims that runs answer",
    "page.inputs": "## Claims that are inputs",
    "page.inputs_text": "Counts of staff and places go into the presets; that a preset has them is no result.",
    "page.inputs_head": "| id | city | claim | printed | preset | verdict |",
    "page.not_comparable": "## Claims that cannot be compared",
    "page.not_comparable_head": "| id | city | claim | printed | why |",
    "page.subject": "### {id} {city}: {claim}",
    "page.line": "- {name}: {text}",
}
