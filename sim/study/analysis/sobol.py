"""Sobol indices of what the factors do, with replicate noise as a share of its own.

An index of the mean over a few noisy replications mixes two things: noise swells the variance in every denominator,
and it goes straight into the total indices. Here every product of two points' means is replaced by the mean product of
runs with *different* seeds, whose luck is independent; what is left belongs to the factors. The estimators are those
of SALib: Saltelli et al. 2010 for the first order, Jansen for the total, Saltelli 2002 for the second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.analysis.study import AnalysisError, Array, Study, responses
from sim.study.statistics import BOOTSTRAP_KEY, LEVEL

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 500
FIRST, TOTAL = "first", "total"


@dataclass(frozen=True)
class Blocks:
    """A Saltelli sample's values, one row for each of its blocks.

    Attributes:
        a: values at the points of the first matrix, shape (blocks, seeds).
        b: of the second.
        ab: at those of the first with one factor of the second, shape (factors, blocks, seeds).
        ba: the other way round; None where the sample was made without second order.
    """

    a: Array
    b: Array
    ab: Array
    ba: Array | None

    def take(self, rows: Any) -> Blocks:
        """Return some of the blocks."""
        ba = None if self.ba is None else self.ba[:, rows]
        return Blocks(self.a[rows], self.b[rows], self.ab[:, rows], ba)

    def without_seed(self, seed: int) -> Blocks:
        """Return all blocks without one of the seeds."""
        kept = [place for place in range(self.a.shape[-1]) if place != seed]
        ba = None if self.ba is None else self.ba[..., kept]
        return Blocks(self.a[:, kept], self.b[:, kept], self.ab[..., kept], ba)


@dataclass(frozen=True)
class SobolIndices:
    """The indices of one outcome.

    Attributes:
        outcome: its id.
        factors: one row for each: factor, first, first_low, first_high, total, total_low, total_high (shares of the
            variance that the factors make), first_seen, total_seen (of the variance of the means, noise included, as
            SALib gives them).
        pairs: one row for each two factors: first_factor, second_factor, index, low, high; empty without second order.
        variance: that the factors make, the outcome's unit squared.
        noise_variance: of luck in single runs at one point, the same unit; NaN for one seed.
        noise_share: of noise in the variance of single runs; NaN for one seed.
        noise_share_of_mean: of noise in the variance of the means over the seeds.
        blocks: used.
        dropped: blocks left out since a run of theirs is missing or undefined.
        replications: seeds used.
    """

    outcome: str
    factors: pd.DataFrame
    pairs: pd.DataFrame
    variance: float
    noise_variance: float
    noise_share: float
    noise_share_of_mean: float
    blocks: int
    dropped: int
    replications: int


def sobol(study: Study, outcome: str, level: float = LEVEL, resamples: int = RESAMPLES) -> SobolIndices:
    """Return first, total and, where the sample has them, second-order Sobol indices.

    The intervals add the spread over the sample's blocks (bootstrap) and, from three seeds on, over the seeds
    (jackknife), since all blocks share their luck.

    Args:
        study: of the design ``saltelli``, points in SALib's order.
        outcome: its id.
        level: of the intervals.
        resamples: of the bootstrap.

    Raises:
        AnalysisError: the study is no Saltelli sample, too much of it is missing, or the outcome does not vary.
    """
    import pandas as pd

    blocks, dropped = blocks_of(study, outcome)
    names = [factor.name for factor in study.factors]
    seen = found_indices(blocks, corrected=False)
    count, seeds = blocks.a.shape
    found = found_indices(blocks, corrected=seeds > 1)
    if not seen["variance"] > 0.0:
        raise AnalysisError(f"{outcome} is the same at all points of {study.name}: there is nothing to be shared out")
    half = half_widths(blocks, found, level, resamples)
    frame = pd.DataFrame({"outcome": outcome, "factor": names})
    for kind in (FIRST, TOTAL):
        frame[kind] = found[kind]
        frame[f"{kind}_low"], frame[f"{kind}_high"] = found[kind] - half[kind], found[kind] + half[kind]
    frame["first_seen"], frame["total_seen"] = seen[FIRST], seen[TOTAL]
    pairs = [
        {
            "outcome": outcome,
            "first_factor": names[one],
            "second_factor": names[other],
            "index": found["second"][one, other],
            "low": found["second"][one, other] - half["second"][one, other],
            "high": found["second"][one, other] + half["second"][one, other],
        }
        for one in range(len(names))
        for other in range(one + 1, len(names))
        if blocks.ba is not None
    ]
    variance = float(found["variance"])
    luck = float(np.concatenate([blocks.a, blocks.b]).var(axis=1, ddof=1).mean()) if seeds > 1 else math.nan
    mean_luck = max(float(seen["variance"]) - variance, 0.0)
    return SobolIndices(
        outcome=outcome,
        factors=frame.sort_values(TOTAL, ascending=False, ignore_index=True),
        pairs=pd.DataFrame(pairs),
        variance=variance,
        noise_variance=luck,
        noise_share=luck / (max(variance, 0.0) + luck) if luck > 0.0 else 0.0 if luck == 0.0 else math.nan,
        noise_share_of_mean=mean_luck / float(seen["variance"]) if seeds > 1 else math.nan,
        blocks=count,
        dropped=dropped,
        replications=seeds,
    )


def blocks_of(study: Study, outcome: str) -> tuple[Blocks, int]:
    """Return a study's values as blocks, and how many had to be left out.

    Raises:
        AnalysisError: as ``sobol``.
    """
    found = responses(study, outcome)
    width = len(study.factors)
    second = bool(study.design.get("second_order", False))
    size = 2 * width + 2 if second else width + 2
    first = found.points[0]
    if list(found.points) != list(range(first, first + len(found.points))) or len(found.points) % size:
        raise AnalysisError(
            f"{study.name} has {len(found.points)} points with runs, which is no whole Saltelli sample "
            f"({size} for each block): finish the experiment"
        )
    values = found.values.reshape(len(found.points) // size, size, -1)
    known = np.isfinite(values).all(axis=1)
    seeds = known.mean(axis=0) > 0.5  # a seed that most blocks lack is no replication
    values, known = values[..., seeds], known[:, seeds]
    whole = known.all(axis=1) if known.shape[1] else np.zeros(len(values), dtype=bool)
    if whole.sum() < 2:
        raise AnalysisError(f"{outcome} is not defined at enough points of {study.name}: choose another outcome")
    values = values[whole]
    ab = values[:, 1 : width + 1].transpose(1, 0, 2)
    ba = values[:, width + 1 : -1].transpose(1, 0, 2) if second else None
    return Blocks(values[:, 0], values[:, -1], ab, ba), int((~whole).sum())


def product(one: Array, other: Array, corrected: bool) -> Array:
    """Return the product of two points' means over the last axis, by runs of different seeds where corrected."""
    seeds = one.shape[-1]
    both = one.mean(axis=-1) * other.mean(axis=-1)
    if not corrected:
        return np.asarray(both)
    return np.asarray((seeds * both - (one * other).mean(axis=-1)) / (seeds - 1))


def found_indices(blocks: Blocks, corrected: bool) -> dict[str, Any]:
    """Return variance, first, total and second-order indices.

    Shares are those of the estimators that SALib has; ``corrected`` takes the noise off every one of their terms.
    """
    # Far from zero, products lose their digits: the estimators are meant for centred values (Sobol' et al. 2007).
    centre = float(np.concatenate([blocks.a, blocks.b]).mean())
    a, b, ab = blocks.a - centre, blocks.b - centre, blocks.ab - centre
    ba = None if blocks.ba is None else blocks.ba - centre
    both = np.concatenate([a, b])
    variance = float(product(both, both, corrected).mean() - mean_squared(both, corrected))
    first = np.array([(product(b, one, corrected) - product(b, a, corrected)).mean() for one in ab])
    total = np.array([product(a - one, a - one, corrected).mean() / 2.0 for one in ab])
    scale = variance if variance > 0.0 else math.nan
    second = np.full((len(ab), len(ab)), np.nan)
    if ba is not None:
        for one in range(len(ab)):
            for other in range(one + 1, len(ab)):
                joint = (product(ba[one], ab[other], corrected) - product(a, b, corrected)).mean()
                second[one, other] = (joint - first[one] - first[other]) / scale
    return {"variance": variance, FIRST: first / scale, TOTAL: total / scale, "second": second}


def mean_squared(values: Array, corrected: bool) -> float:
    """Return the square of the overall mean, luck that all points share taken off as from every product."""
    return float(product(values.mean(axis=0), values.mean(axis=0), corrected))


def half_widths(blocks: Blocks, found: dict[str, Any], level: float, resamples: int) -> dict[str, Any]:
    """Return half the width of each index's interval."""
    from scipy.special import ndtri

    count, seeds = blocks.a.shape
    draws = np.random.Generator(np.random.Philox(key=BOOTSTRAP_KEY))
    samples = [found_indices(blocks.take(draws.integers(0, count, count)), seeds > 1) for _ in range(resamples)]
    left_out = [found_indices(blocks.without_seed(seed), True) for seed in range(seeds)] if seeds > 2 else []
    widths = {}
    for kind in (FIRST, TOTAL, "second"):
        if kind == "second" and blocks.ba is None:
            widths[kind] = np.full_like(found[kind], np.nan)
            continue
        spread = np.var([one[kind] for one in samples], axis=0, ddof=1)
        if left_out:
            spread = spread + (seeds - 1) * np.var([one[kind] for one in left_out], axis=0)
        widths[kind] = float(ndtri(0.5 + level / 2.0)) * np.sqrt(spread)
    return widths
