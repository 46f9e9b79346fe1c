"""What may be said of a reference and a simulated mean: a verdict that can fail, and that can say it does not know."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from sim.study.statistics import Estimate

LEVEL = 0.99
NARROW = 0.1  # half-width, as a share of the reference, up to which an interval shows something
NARROW_SHARE = 0.005  # half-width of a share that is narrow however small the share is
ROUNDING = 1e-9  # relative: differences of this size come from rounding

type Verdict = Literal["agrees", "differs", "wide", "unsteady", "one_log", "undefined"]


def judge(
    reference: float, found: Estimate, *, is_share: bool = False, rounding: float = 0.0, one_log: bool = False
) -> Verdict:
    """Return what may be said of a reference beside a simulated mean.

    Args:
        reference: the figure of the twin, or of a book.
        found: the simulated mean with its interval.
        is_share: the figure is a share; a tiny one need not be known to a tenth of itself.
        rounding: half a unit of the last digit to which the reference is known.
        one_log: all calls are those of one log, so that runs which are all the same say nothing of chance.

    Returns:
        ``differs`` where the interval leaves the reference out; ``agrees`` where it holds it and is narrow enough to
        tell; ``wide`` where it holds it but would hold much else; ``unsteady`` where the reference is infinite, so that
        no mean exists; ``one_log`` where one log gave one figure; ``undefined`` where either is not known.
    """
    if math.isinf(reference):
        return "unsteady"
    if math.isnan(reference) or math.isnan(found.mean):
        return "undefined"
    if one_log and is_same(found):
        return "one_log"
    if math.isnan(found.low):
        return "undefined"
    slack = rounding + ROUNDING * abs(reference)
    if not found.low - slack <= reference <= found.high + slack:
        return "differs"
    return "agrees" if found.half_width <= widest(reference, is_share) else "wide"


def with_rare_ends(found: Estimate, trials: float) -> Estimate:
    """Return the interval of a share that was 0, or 1, in every run, where the t interval has no width.

    What never happened in n trials may still have a probability of up to -log((1 - level) / 2) / n (the exact binomial
    bound for a small one).

    Args:
        found: the simulated share.
        trials: in all runs together.
    """
    if found.deviation != 0.0 or found.mean not in (0.0, 1.0) or not trials > 0.0:
        return found
    reach = rare_share(trials)
    low, high = (0.0, reach) if found.mean == 0.0 else (1.0 - reach, 1.0)
    return replace(found, low=low, high=high)


def rare_share(trials: float) -> float:
    """Return the probability up to which what never happened in so many trials may have."""
    return min(-math.log((1.0 - LEVEL) / 2.0) / trials, 1.0)


def with_rare_waits(found: Estimate, trials: float, minutes: float) -> Estimate:
    """Return the interval of a mean wait that was 0 in every run, where the t interval has no width.

    Args:
        found: the simulated mean wait; any but 0 is returned as it is.
        trials: calls in all runs together.
        minutes: mean wait, by the twin, of those who wait; NaN where it is not known, and then there is no upper end.
    """
    if found.deviation != 0.0 or found.mean != 0.0:
        return found
    known = trials > 0.0 and math.isfinite(minutes)
    return replace(found, high=rare_share(trials) * minutes if known else math.inf)


def is_same(found: Estimate) -> bool:
    """Decide whether every replication showed the same."""
    return found.deviation <= ROUNDING * abs(found.mean)


def widest(reference: float, is_share: bool) -> float:
    """Return the half-width up to which an interval is narrow enough to tell."""
    relative = NARROW * abs(reference)
    return max(relative, NARROW_SHARE) if is_share else relative
