"""Verdicts: where a claimed figure lies beside what a simulated town's books say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sim.study.audit.claims import Claim
from sim.study.statistics import LEVEL, estimate, t_quantile

type Verdict = Literal[
    "within_interval",
    "within_range",
    "not_reproduced",
    "too_wide",
    "cannot_tell",
    "not_comparable",
    "input",
    "input_differs",
]
WIDEST_SHARE = 0.1  # half an interval of a share that still says something
WIDEST_COUNT = 0.5  # of a count, as a part of its mean


@dataclass(frozen=True)
class Spread:
    """A figure over replications.

    Attributes:
        replications: in which it is defined.
        mean: of them, NaN where there is none.
        low: lower end of the interval in which one more replication lies with 95 %; NaN for fewer than two.
        high: upper end.
    """

    replications: int
    mean: float
    low: float
    high: float


def spread(values: Sequence[float], factor: float, most: float = math.inf) -> Spread:
    """Return the mean of replications and the interval in which one more would lie.

    mean +/- t(n - 1) x s x sqrt(1 + 1/n), cut at 0 and ``most``. A claim is one year of one city, no mean of many, so
    it is held beside the spread of single runs (prediction interval of a normal sample; Hahn and Meeker 1991).

    Args:
        values: of the replications; NaN are left out.
        factor: by which every value is multiplied first.
        most: greatest value that is possible.
    """
    found = estimate([factor * value for value in values])
    if found.replications < 2:
        return Spread(found.replications, found.mean, found.low, found.high)
    half = t_quantile(LEVEL, found.replications - 1) * found.deviation * math.sqrt(1.0 + 1.0 / found.replications)
    return Spread(found.replications, found.mean, max(found.mean - half, 0.0), min(found.mean + half, most))


def is_wide(claim: Claim, recorded: Spread) -> bool:
    """Decide whether an interval is so wide that a claim inside it says nothing."""
    half = (recorded.high - recorded.low) / 2.0
    return half > (WIDEST_SHARE if claim.is_share else WIDEST_COUNT * recorded.mean)


def overlaps(claim: Claim, low: float, high: float) -> bool:
    """Decide whether what a claim's words allow meets a range; never where the range is not known."""
    return claim.low <= high and low <= claim.high


def judge(claim: Claim, recorded: Spread, swept: Sequence[float]) -> Verdict:
    """Return the verdict on a claim that runs answer.

    Args:
        claim: what is said.
        recorded: what the books of the simulated town say.
        swept: the recorded means with each parameter in turn at an end of its range.
    """
    if math.isnan(recorded.low):
        return "cannot_tell"
    if overlaps(claim, recorded.low, recorded.high):
        return "too_wide" if is_wide(claim, recorded) else "within_interval"
    means = [recorded.mean, *(value for value in swept if not math.isnan(value))]
    return "within_range" if overlaps(claim, min(means), max(means)) else "not_reproduced"


def judge_input(claim: Claim, value: float | None) -> Verdict:
    """Return the verdict on a claim that is an input: whether the preset holds the figure."""
    return "input" if value is not None and overlaps(claim, value, value) else "input_differs"
