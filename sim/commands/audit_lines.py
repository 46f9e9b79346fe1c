"""A finding of the audit as lines of text and as plain data, for the terminal and the page alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.commands.figures import short
from sim.commands.words import counted, say

if TYPE_CHECKING:
    from sim.study import Audit, Claim, Finding, Spread

DIGITS = 3


def claim_number(value: float, claim: Claim) -> str:
    """Return a figure of a claim: a share in percent, a count to three digits."""
    if math.isnan(value):
        return say("none")
    if claim.is_share:
        return say("audit.percent", number=f"{100.0 * value:.1f}")
    if value == 0.0:
        return short(value)
    step = 10.0 ** max(math.floor(math.log10(abs(value))) - DIGITS + 1, 0)
    return f"{round(value / step) * step:,.0f}"


def spread_words(found: Spread, claim: Claim, key: str = "audit.spread") -> str:
    """Return a figure over replications with its interval, where it has one."""
    mean = claim_number(found.mean, claim)
    if math.isnan(found.low):
        return say("audit.mean", mean=mean)
    return say(key, mean=mean, low=claim_number(found.low, claim), high=claim_number(found.high, claim))


def verdict_words(found: Finding) -> str:
    """Return a verdict in words: with the reason, the preset's figure, or by how much a count is missed."""
    claim, given = found.claim, short(float("nan") if found.given is None else float(found.given))
    verdict = say(f"audited.{found.verdict}", reason=claim.reason, given=given)
    if found.verdict == "not_reproduced" and found.recorded is not None and not claim.is_share:
        times = f"{found.recorded.mean / ((claim.low + claim.high) / 2.0):.2g}"
        return say("audited.times", verdict=verdict, times=times)
    return verdict


def is_fitted(found: Finding) -> bool:
    """Decide whether agreement with a claim is no evidence, since a parameter was set by such figures."""
    return bool(found.claim.fitted) and found.verdict in ("within_interval", "within_range")


def lines_of(found: Finding) -> list[tuple[str, str]]:
    """Return what is said of a finding: pairs of a name and a text."""
    claim = found.claim
    lines = [(say("audit.source"), claim.source)]
    if found.recorded is not None and found.true is not None:
        lines.append((say("audit.recorded"), spread_words(found.recorded, claim)))
        lines.append((say("audit.true"), spread_words(found.true, claim)))
    lines += [
        (
            say("audit.swept"),
            say(
                "audit.sweep",
                parameter=one.parameter,
                status=one.status,
                low=claim_number(one.low, claim),
                high=claim_number(one.high, claim),
            ),
        )
        for one in found.sweeps
    ]
    lines.append((say("audit.verdict"), verdict_words(found)))
    if is_fitted(found):
        lines.append((say("audit.fitted"), say("audit.fitted_line", parameters=", ".join(claim.fitted))))
    lines += provenance_lines(found)
    if claim.note:
        lines.append((say("audit.note"), claim.note))
    return lines


def provenance_lines(found: Finding) -> list[tuple[str, str]]:
    """Return how a city was simulated and on what that rests; nothing where it was not."""
    size, recorded = found.size, found.recorded
    if size is None or recorded is None:
        return []
    key = "audit.size_scaled" if size.simulated < size.residents else "audit.size_whole"
    length, runs = counted("day", size.days), counted("run", recorded.replications)
    assumptions = counted("marked", size.assumptions)
    return [
        (say("audit.size"), say(key, residents=size.residents, simulated=size.simulated, length=length, runs=runs)),
        (
            say("audit.rests"),
            say("audit.rests_line", unsourced=size.unsourced, parameters=size.parameters, assumptions=assumptions),
        ),
    ]


def summary(found: Audit) -> str:
    """Return how many claims have which verdict."""
    verdicts = [one.verdict for one in found.findings]
    return say(
        "audit.summary",
        within=verdicts.count("within_interval"),
        range=verdicts.count("within_range"),
        not_reproduced=verdicts.count("not_reproduced"),
        cannot_tell=verdicts.count("cannot_tell") + verdicts.count("too_wide"),
        inputs=verdicts.count("input") + verdicts.count("input_differs"),
        not_comparable=verdicts.count("not_comparable"),
    )


def finding_content(found: Finding) -> dict[str, Any]:
    """Return a finding as plain data."""
    return {
        **vars(found.claim),
        "sweeps": [vars(one) for one in found.sweeps],
        "verdict": found.verdict,
        "verdict_words": verdict_words(found),
        "given": found.given,
        **spread_content("recorded", found.recorded),
        **spread_content("true", found.true),
        "size": None if found.size is None else vars(found.size),
    }


def spread_content(name: str, found: Spread | None) -> dict[str, float | None]:
    """Return a figure and its interval as fields of one table; none where nothing was run."""
    ends = ("mean", "low", "high")
    return {f"{name}_{end}": None if found is None else float(getattr(found, end)) for end in ends}
