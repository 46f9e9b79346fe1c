"""Morris's screening with replicate noise told apart from what the factors do.

An elementary effect is what one step of one factor does, over the step's length on the unit interval (so: in the
outcome's unit for the factor's whole range). Trajectories share their seeds, so each seed gives its own elementary
effects; how these vary over seeds is noise, and by it the figures are corrected and judged.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.analysis.study import AnalysisError, Array, Study, coded_matrix, responses
from sim.study.statistics import BOOTSTRAP_KEY, LEVEL

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 1000
SAME = 1e-9  # of the unit interval


def elementary_effects(matrix: Array, values: Array) -> Array:
    """Return the elementary effects of a Morris sample.

    Args:
        matrix: points on the unit cube in the sample's order, shape (trajectories x (factors + 1), factors).
        values: of the outcome, shape (points, seeds).

    Returns:
        Shape (trajectories, factors, seeds); NaN where a step was lost, as when rounding to whole numbers undid it.

    Raises:
        AnalysisError: the points are no Morris sample.
    """
    size = matrix.shape[1] + 1
    if len(matrix) % size:
        raise AnalysisError(f"a Morris sample of {size - 1} factors has a multiple of {size} points, not {len(matrix)}")
    trajectories = len(matrix) // size
    places = matrix.reshape(trajectories, size, -1)
    levels = values.reshape(trajectories, size, -1)
    steps, changes = np.diff(places, axis=1), np.diff(levels, axis=1)
    moved = np.abs(steps) > SAME
    if (moved.sum(axis=2) > 1).any():
        raise AnalysisError("the points are no Morris sample: a step changes more than one factor")
    found = np.full((trajectories, size - 1, values.shape[1]), np.nan)
    for trajectory, step, factor in np.argwhere(moved):
        found[trajectory, factor] = changes[trajectory, step] / steps[trajectory, step, factor]
    return found


def morris(study: Study, outcome: str, level: float = LEVEL, resamples: int = RESAMPLES) -> pd.DataFrame:
    """Return each factor's Morris figures, corrected for replicate noise.

    Args:
        study: of the design ``morris``, points in the sample's order.
        outcome: its id.
        level: of the interval of mu*, a bootstrap over trajectories, and of the floor.
        resamples: of the bootstraps.

    Returns:
        One row for each factor, the most influential first (all in the outcome's unit for the whole range, apart
        from the counts): outcome, factor, mu, mu_star, low, high, sigma (spread of the elementary effects over the
        town's settings, noise taken off: interaction or curvature), sigma_seen (with the noise), noise (spread due to
        luck of an elementary effect averaged over the seeds), floor (the mu* that luck alone exceeds in 5 of 100
        designs; NaN for fewer than two seeds), influential (True where mu* is above the floor; None where that
        cannot be told), trajectories, replications.

    Raises:
        AnalysisError: the study is no Morris sample, or too much of it is missing.
    """
    import pandas as pd

    matrix, values, seeds = sample_of(study, outcome)
    effects = elementary_effects(matrix, values)
    rows = []
    for place, factor in enumerate(study.factors):
        known = effects[:, place][np.isfinite(effects[:, place]).all(axis=1)]
        rows.append({"outcome": outcome, "factor": factor.name, **figures(known, level, resamples)})
    frame = pd.DataFrame(rows)
    frame["replications"] = seeds
    return frame.sort_values("mu_star", ascending=False, ignore_index=True)


def sample_of(study: Study, outcome: str) -> tuple[Array, Array, int]:
    """Return a Morris study's points and values, and how many seeds it has; steps with a gap have NaN.

    A seed that most trajectories lack is no replication, as where points have different numbers of them; of the seeds
    that stay, a step must have all.

    Raises:
        AnalysisError: points of the sample are missing altogether, so that the others cannot be placed.
    """
    found = responses(study, outcome)
    size = len(study.factors) + 1
    first = found.points[0]
    if list(found.points) != list(range(first, first + len(found.points))) or len(found.points) % size:
        raise AnalysisError(f"points of {study.name} have no finished run: a Morris sample is read whole; finish it")
    trajectories = found.values.reshape(len(found.points) // size, size, -1)
    whole = np.isfinite(trajectories).all(axis=1)
    seeds = whole.mean(axis=0) > 0.5
    if not seeds.any():
        raise AnalysisError(f"{outcome} is not defined along most trajectories of {study.name}: choose another outcome")
    return coded_matrix(study), found.values[:, seeds], int(seeds.sum())


def figures(effects: Array, level: float, resamples: int) -> dict[str, Any]:
    """Return the Morris figures of one factor from its elementary effects, shape (trajectories, seeds)."""
    nan = math.nan
    trajectories = len(effects)
    if trajectories < 2:
        names = ("mu", "mu_star", "low", "high", "sigma", "sigma_seen", "noise", "floor")
        return {**dict.fromkeys(names, nan), "influential": None, "trajectories": trajectories}
    draws = np.random.Generator(np.random.Philox(key=BOOTSTRAP_KEY))
    seeds = effects.shape[1]
    means = effects.mean(axis=1)
    mu_star = float(np.abs(means).mean())
    chosen = draws.integers(0, trajectories, size=(resamples, trajectories))
    tails = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
    low, high = np.quantile(np.abs(means)[chosen].mean(axis=1), tails)
    variance = float(effects.var(axis=1, ddof=1).mean()) / seeds if seeds > 1 else nan
    seen = float(means.var(ddof=1))
    floor = noise_floor(effects, level, resamples, draws)
    return {
        "mu": float(means.mean()),
        "mu_star": mu_star,
        "low": float(low),
        "high": float(high),
        "sigma": math.sqrt(max(seen - shared_off(effects, variance), 0.0)) if seeds > 1 else math.sqrt(seen),
        "sigma_seen": math.sqrt(seen),
        "noise": math.sqrt(variance) if seeds > 1 else nan,
        "floor": floor,
        "influential": None if math.isnan(floor) else mu_star > floor,
        "trajectories": trajectories,
    }


def shared_off(effects: Array, variance: float) -> float:
    """Return how much of the noise spreads the effects over trajectories: what all trajectories share does not."""
    seeds = effects.shape[1]
    shared = float(effects.mean(axis=0).var(ddof=1)) / seeds
    # The mean over n trajectories still holds 1/n of the noise that they do not share.
    trajectories = len(effects)
    own = (variance - shared) * trajectories / (trajectories - 1)
    return float(np.clip(own, 0.0, variance))


def noise_floor(effects: Array, level: float, resamples: int, draws: np.random.Generator) -> float:
    """Return the mu* that luck alone exceeds with probability 1 - level, by a bootstrap of the seeds' deviations.

    All trajectories take the same resampled seeds, since they share their luck.
    """
    seeds = effects.shape[1]
    if seeds < 2:
        return math.nan
    deviations = (effects - effects.mean(axis=1, keepdims=True)) * math.sqrt(seeds / (seeds - 1))
    chosen = draws.integers(0, seeds, size=(resamples, seeds))
    counts = np.stack([(chosen == seed).sum(axis=1) for seed in range(seeds)])  # (seeds, resamples)
    null = np.abs(deviations @ (counts / seeds)).mean(axis=0)
    return float(np.quantile(null, level))
