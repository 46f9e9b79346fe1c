"""Main effects and interactions of a full factorial, replicated over shared seeds.

Every seed runs the whole design, so every seed gives its own estimate of every effect; these are independent, and
their mean has a t interval that asks nothing of the noise at single points. The shares of variance are those of a
two-way layout of points and seeds (randomised blocks): what the factors do, what the luck that all points share does,
and what luck does to each point alone.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.analysis.study import AnalysisError, Array, Study, point_frame, responses
from sim.study.statistics import LEVEL, estimate, holm, p_of_t

if TYPE_CHECKING:
    import pandas as pd

REST = "higher interactions"
SEED = "luck shared by all points"
NOISE = "luck of single runs"


@dataclass(frozen=True)
class Layout:
    """A full factorial as an array.

    Attributes:
        names: of the factors.
        levels: of each, in their order.
        seeds: those that ran every point.
        dropped: how many seeds were left out since a point lacks them.
        values: shape (levels of the first factor, ..., levels of the last, seeds).
    """

    names: list[str]
    levels: list[list[Any]]
    seeds: list[int]
    dropped: int
    values: Array


def layout(study: Study, outcome: str) -> Layout:
    """Return a factorial's values by level; only seeds that every point has.

    Raises:
        AnalysisError: the points are no full factorial, or no seed has run them all.
    """
    points = point_frame(study)
    names = [factor.name for factor in study.factors]
    levels = [levels_of(factor.levels, list(points[factor.name])) for factor in study.factors]
    rows = {tuple(point): row for row, point in enumerate(points.itertuples(index=False, name=None))}
    wanted = list(itertools.product(*levels))
    missing = sum(combination not in rows for combination in wanted)
    if missing:
        raise AnalysisError(
            f"{study.name} is no full factorial: {missing} of {len(wanted)} combinations of levels have no run; "
            "finish the experiment, or compare its points with the base"
        )
    found = responses(study, outcome)
    whole = found.complete()
    if not whole.seeds:
        raise AnalysisError(
            f"no seed defines {outcome} at every point of {study.name}: finish the experiment, run it for more days, "
            "or choose another outcome"
        )
    values = np.array([whole.values[rows[combination]] for combination in wanted])
    shape = (*(len(one) for one in levels), len(whole.seeds))
    return Layout(names, levels, list(whole.seeds), len(found.seeds) - len(whole.seeds), values.reshape(shape))


def levels_of(stated: Collection[Any] | None, used: Sequence[Any]) -> list[Any]:
    """Return the levels in use: numbers from the lowest to the highest, others in their stated order."""
    levels = [level for level in stated if level in used] if stated is not None else list(dict.fromkeys(used))
    return sorted(levels) if all(isinstance(level, int | float) for level in levels) else levels


def component(values: Array, axes: Sequence[int]) -> Array:
    """Return the part of a table that is due to some axes together and to no fewer of them.

    The mean over all other axes, less all parts of fewer axes; axes that are left out have length 1. The last axis,
    the seeds, is kept apart: every seed has its own parts.
    """
    others = tuple(axis for axis in range(values.ndim - 1) if axis not in axes)
    part = values.mean(axis=others, keepdims=True) if others else values
    for size in range(len(axes)):
        for fewer in itertools.combinations(axes, size):
            part = part - component(values, fewer)
    return part


def level_effects(study: Study, outcome: str, order: int = 2, level: float = LEVEL) -> pd.DataFrame:
    """Return the effect of every level, and of every combination of levels, as its distance from the overall mean.

    Args:
        study: a full factorial.
        outcome: its id.
        order: up to how many factors together.
        level: of the intervals.

    Returns:
        One row for each: term (``density`` or ``density x patrol``), level (text), effect, low, high (outcome's
        unit; NaN for one seed), replications.

    Raises:
        AnalysisError: the study is no full factorial.
    """
    import pandas as pd

    table = layout(study, outcome)
    rows = []
    for axes in terms(len(table.names), order):
        part = component(table.values, axes)
        for places in itertools.product(*(range(len(table.levels[axis])) for axis in axes)):
            index: list[Any] = [0] * (part.ndim - 1)
            for axis, place in zip(axes, places, strict=True):
                index[axis] = place
            made = estimate(part[tuple(index)], level)
            rows.append(
                {
                    "outcome": outcome,
                    "term": term_name(table.names, axes),
                    "level": ", ".join(
                        str(table.levels[axis][place]) for axis, place in zip(axes, places, strict=True)
                    ),
                    "effect": made.mean,
                    "low": made.low,
                    "high": made.high,
                    "replications": made.replications,
                }
            )
    return pd.DataFrame(rows)


def contrasts(study: Study, outcome: str, level: float = LEVEL) -> pd.DataFrame:
    """Return what going from each factor's first level to its last does, and how that hangs on the other factors.

    Numbers go from the lowest to the highest, other levels from the first to the last of the experiment file. A main
    effect is the mean at the last level less the mean at the first. An interaction is half the difference between that
    effect at the other factor's last level and at its first, as usual for two levels.

    Returns:
        One row for each term of one or two factors: outcome, term, order, first, last, effect, low, high, p_value,
        p_holm (over the rows), replications.

    Raises:
        AnalysisError: the study is no full factorial.
    """
    import pandas as pd

    table = layout(study, outcome)
    rows = []
    for axes in terms(len(table.names), 2):
        gaps: Any = table.values
        for axis in range(gaps.ndim - 2, -1, -1):
            gaps = gaps.take(-1, axis=axis) - gaps.take(0, axis=axis) if axis in axes else gaps.mean(axis=axis)
        gaps = gaps / (2.0 if len(axes) == 2 else 1.0)
        made = estimate(gaps, level)
        rows.append(
            {
                "outcome": outcome,
                "term": term_name(table.names, axes),
                "order": len(axes),
                "first": ", ".join(str(table.levels[axis][0]) for axis in axes),
                "last": ", ".join(str(table.levels[axis][-1]) for axis in axes),
                "effect": made.mean,
                "low": made.low,
                "high": made.high,
                "p_value": p_of_mean(made.mean, made.deviation, made.replications),
                "replications": made.replications,
            }
        )
    frame = pd.DataFrame(rows)
    frame.insert(len(frame.columns) - 1, "p_holm", holm(frame["p_value"].to_numpy()))
    return frame


def p_of_mean(mean: float, deviation: float, count: int) -> float:
    """Return the two-sided p of a mean that is truly zero; NaN below two values."""
    if count < 2:
        return float("nan")
    if deviation == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return p_of_t(mean / (deviation / math.sqrt(count)), count - 1)


def variance_shares(study: Study, outcome: str) -> pd.DataFrame:
    """Return what share of the variance of single runs each term makes, replicate noise as a share of its own.

    The components are unbiased (from mean squares, the noise taken off; a negative one counts as 0), so that a
    factor without influence gets no share for the noise in it. With one seed noise cannot be told: it is NaN, and the
    factors' shares are of what was seen.

    Returns:
        One row for each term: outcome, term, order (0 for luck), freedom, mean_square, f, p_value, variance (outcome's
        unit squared), share.

    Raises:
        AnalysisError: the study is no full factorial.
    """
    import pandas as pd
    from scipy.stats import f as f_law

    table = layout(study, outcome)
    values, factors = table.values, len(table.names)
    replications, points = values.shape[-1], values[..., 0].size
    means = values.mean(axis=-1, keepdims=True)
    grand = float(values.mean())
    sizes = [len(one) for one in table.levels]
    rows: list[dict[str, Any]] = []
    left, left_freedom = float(((means - grand) ** 2).sum()) * replications, points - 1
    for axes in terms(factors, 2):
        part = component(means, axes)
        squares = float((part**2).sum()) * values.size / part.size
        freedom = math.prod(sizes[axis] - 1 for axis in axes)
        left, left_freedom = left - squares, left_freedom - freedom
        rows.append({"term": term_name(table.names, axes), "order": len(axes), "squares": squares, "freedom": freedom})
    if left_freedom:
        rows.append({"term": REST, "order": 3, "squares": max(left, 0.0), "freedom": left_freedom})
    seed_means = values.mean(axis=tuple(range(factors)), keepdims=True)
    noise_freedom = (points - 1) * (replications - 1)
    noise = float(((values - means - seed_means + grand) ** 2).sum()) / noise_freedom if noise_freedom else math.nan
    for row in rows:
        square = float(row["squares"]) / max(int(row["freedom"]), 1)
        ratio = square / noise if noise > 0.0 else math.nan
        taken = 0.0 if math.isnan(noise) else noise
        row["mean_square"], row["f"] = square, ratio
        row["p_value"] = float(f_law.sf(ratio, row["freedom"], noise_freedom)) if noise > 0.0 else math.nan
        row["variance"] = max(0.0, int(row["freedom"]) * (square - taken) / values.size)
    if noise_freedom:
        seed_square = float(((seed_means - grand) ** 2).sum()) * points / (replications - 1)
        shared = max(0.0, (seed_square - noise) / points)
        rows.append(luck_row(SEED, replications - 1, seed_square, shared))
    rows.append(luck_row(NOISE, noise_freedom, noise, noise))
    frame = pd.DataFrame(rows).drop(columns="squares")
    total = float(np.nansum(frame["variance"]))
    frame["share"] = frame["variance"] / total if total > 0.0 else math.nan
    frame.insert(0, "outcome", outcome)
    return frame


def luck_row(term: str, freedom: int, square: float, variance: float) -> dict[str, Any]:
    """Return a row of the table of variances that no factor makes."""
    nan = math.nan
    return {
        "term": term,
        "order": 0,
        "squares": nan,
        "freedom": freedom,
        "mean_square": square,
        "f": nan,
        "p_value": nan,
        "variance": variance,
    }


def terms(factors: int, order: int) -> list[tuple[int, ...]]:
    """Return the factors alone, then in pairs, and so on up to ``order``, as tuples of their places."""
    return [axes for size in range(1, min(order, factors) + 1) for axes in itertools.combinations(range(factors), size)]


def term_name(names: Sequence[str], axes: Sequence[int]) -> str:
    """Return how a table names a term: ``density x patrol``."""
    return " × ".join(names[axis] for axis in axes)
