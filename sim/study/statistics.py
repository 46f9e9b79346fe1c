"""Statistics of means and paired differences: intervals, tests, what pairing gained, how many replications are enough.

Those of pairs take the values of runs that share seeds: ``base[i]`` and ``option[i]`` come from seed i. A pair of which
either is NaN is left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

type Values = np.ndarray[Any, np.dtype[np.float64]]

LEVEL = 0.95
ALPHA = 0.05
ROUNDING = 1e-9  # differences that vary less than this share of the values' size vary by rounding only
BOOTSTRAPS = 2000
BOOTSTRAP_KEY = 0x6772696474  # fixed, so that the same runs always give the same interval
MOST_REPLICATIONS = 1_000_000


@dataclass(frozen=True)
class Paired:
    """Summary of a paired difference.

    Attributes:
        pairs: number of pairs in which both values are defined.
        base_mean: mean of the base over these pairs.
        option_mean: mean of the option over these pairs.
        difference: mean of option minus base.
        deviation: standard deviation (n - 1) of the differences; NaN for fewer than two pairs.
        low: lower end of the t interval of the mean difference; NaN for fewer than two pairs.
        high: upper end.
        p_value: two-sided paired t test of no difference; NaN for fewer than two pairs.
        variance_ratio: var(base) + var(option) over var(differences); NaN where the latter is 0 or unknown.
    """

    pairs: int
    base_mean: float
    option_mean: float
    difference: float
    deviation: float
    low: float
    high: float
    p_value: float
    variance_ratio: float


NO_PAIRS = Paired(0, *([float("nan")] * 8))


def defined_pairs(base: Sequence[float] | Values, option: Sequence[float] | Values) -> tuple[Values, Values]:
    """Return the two samples without the pairs of which either value is NaN.

    Raises:
        ValueError: they differ in length, so they are no pairs.
    """
    first, second = np.asarray(base, dtype=np.float64), np.asarray(option, dtype=np.float64)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"paired samples must have one length, not {first.shape} and {second.shape}")
    known = ~(np.isnan(first) | np.isnan(second))
    return first[known], second[known]


def paired(base: Sequence[float] | Values, option: Sequence[float] | Values, level: float = LEVEL) -> Paired:
    """Return the paired difference with its t interval and test.

    Differences that do not vary at all give an interval of zero width; the test then says 1 where they are 0 and 0
    where they are not, since every pair showed the same difference.
    """
    first, second = defined_pairs(base, option)
    count = len(first)
    if count == 0:
        return NO_PAIRS
    means = float(first.mean()), float(second.mean())
    gaps = second - first
    difference = float(gaps.mean())
    if count == 1:
        nan = float("nan")
        return Paired(1, *means, difference, nan, nan, nan, nan, nan)
    deviation = float(gaps.std(ddof=1))
    size = max(float(np.abs(first).max()), float(np.abs(second).max()))
    if deviation <= ROUNDING * size:
        constant = difference if abs(difference) > ROUNDING * size else 0.0
        return Paired(count, *means, constant, 0.0, constant, constant, 1.0 if constant == 0.0 else 0.0, float("nan"))
    half = t_quantile(level, count - 1) * deviation / math.sqrt(count)
    unpaired = float(first.var(ddof=1) + second.var(ddof=1))
    return Paired(
        count,
        *means,
        difference,
        deviation,
        difference - half,
        difference + half,
        p_of_t(difference / (deviation / math.sqrt(count)), count - 1),
        unpaired / deviation**2,
    )


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its t interval.

    Attributes:
        replications: number of values that are defined.
        mean: of them; NaN where there is none.
        deviation: standard deviation (n - 1); NaN for fewer than two.
        low: lower end of the interval; NaN for fewer than two.
        high: upper end.
    """

    replications: int
    mean: float
    deviation: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the interval's width."""
        return (self.high - self.low) / 2.0


def estimate(values: Sequence[float] | Values, level: float = LEVEL) -> Estimate:
    """Return the mean of independent replications with its t interval; values that are NaN are left out."""
    given = np.asarray(values, dtype=np.float64)
    known = given[~np.isnan(given)]
    nan = float("nan")
    if len(known) < 2:
        return Estimate(len(known), float(known[0]) if len(known) else nan, nan, nan, nan)
    mean, deviation = float(known.mean()), float(known.std(ddof=1))
    half = t_quantile(level, len(known) - 1) * deviation / math.sqrt(len(known))
    return Estimate(len(known), mean, deviation, mean - half, mean + half)


def t_quantile(level: float, freedom: int) -> float:
    """Return Student's t beyond which (1 - level) / 2 of the distribution lie on each side."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + level / 2.0))


def p_of_t(statistic: float, freedom: int) -> float:
    """Return the two-sided probability of a value of Student's t at least as far from 0."""
    from scipy.special import stdtr

    return float(2.0 * stdtr(freedom, -abs(statistic)))


def bootstrap(
    base: Sequence[float] | Values,
    option: Sequence[float] | Values,
    level: float = LEVEL,
    resamples: int = BOOTSTRAPS,
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of the mean paired difference, resampling pairs.

    For outcomes that are quantiles, whose differences over few replications need not be near normal (Efron 1979).
    The resampling is fixed: the same pairs in the same order always give the same interval. NaN below two pairs.
    """
    first, second = defined_pairs(base, option)
    gaps = second - first
    if len(gaps) < 2:
        return float("nan"), float("nan")
    draws = np.random.Generator(np.random.Philox(key=BOOTSTRAP_KEY))
    means = gaps[draws.integers(0, len(gaps), size=(resamples, len(gaps)))].mean(axis=1)
    low, high = np.quantile(means, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(low), float(high)


def holm(p_values: Sequence[float] | Values) -> Values:
    """Return Holm's (1979) corrected p-values in the order given.

    The k-th smallest of m is multiplied by m - k + 1, made monotone and cut at 1. NaN (no test made) stays NaN and
    does not count towards m.
    """
    raw = np.asarray(p_values, dtype=np.float64)
    corrected = np.full(raw.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(raw))
    order = tested[np.argsort(raw[tested], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    corrected[order] = np.minimum(np.maximum.accumulate(raw[order] * factors), 1.0)
    return corrected


def replications_needed(deviation: float, half_width: float, level: float = LEVEL) -> float:
    """Return the least number of replications whose expected t interval has at most this half-width.

    The least n >= 2 with t(n - 1) x deviation / sqrt(n) <= half_width.

    Args:
        deviation: standard deviation of the paired differences, from runs made so far.
        half_width: wanted, in the outcome's unit.
        level: of the interval.

    Returns:
        A whole number; infinity beyond a million; NaN where the deviation is unknown or the half-width not positive.
    """
    if math.isnan(deviation) or not half_width > 0.0:
        return float("nan")
    low, high = 2, MOST_REPLICATIONS
    if not is_enough(high, deviation, half_width, level):
        return float("inf")
    while low < high:
        middle = (low + high) // 2
        if is_enough(middle, deviation, half_width, level):
            high = middle
        else:
            low = middle + 1
    return float(low)


def is_enough(replications: int, deviation: float, half_width: float, level: float) -> bool:
    """Decide whether so many replications give at most this half-width."""
    return t_quantile(level, replications - 1) * deviation / math.sqrt(replications) <= half_width
