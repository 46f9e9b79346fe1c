"""Fitting a self-exciting process to points in space and time: how many of them others brought about, for how long.

The rate at a moment t and a place s is mu b(s) + theta sum_i w exp(-w (t - t_i)) g(s - s_i) over the points before t: a
background of density b, and from each point theta more points on average, after an exponential delay of rate w, at a
place normal about it with standard deviation sigma along each axis (Ogata 1988; Mohler et al. 2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.spatial import cKDTree
from scipy.special import expit, logit

FEWEST_POINTS = 10
MOST_A_DAY = 24.0  # greatest rate of decay

type Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NearRepeat:
    """What a fit says.

    Attributes:
        background_per_day: points a day that no point has brought about.
        branching_ratio: points that one point brings about on average.
        decay_per_day: rate of the delay, 1 over its mean in days.
        kernel_metres: spread in space along each axis.
        log_likelihood: at these values.
    """

    background_per_day: float
    branching_ratio: float
    decay_per_day: float
    kernel_metres: float
    log_likelihood: float


@dataclass(frozen=True)
class Points:
    """Points in the order of time, and the pairs of them that may have to do with each other.

    Attributes:
        days: moments, shape (points,).
        density: of the background at each point, per square metre.
        horizon: days that were watched, from 0.
        later: of each pair the number of the later point, shape (pairs,).
        lag: days between the two.
        squared_metres: squared distance between the two.
    """

    days: Floats
    density: Floats
    horizon: float
    later: NDArray[np.int64]
    lag: Floats
    squared_metres: Floats


def fit_near_repeat(
    days: ArrayLike,
    x_metres: ArrayLike,
    y_metres: ArrayLike,
    density_per_square_metre: ArrayLike,
    *,
    horizon_days: float,
    least_metres: float = 50.0,
    most_metres: float = 1000.0,
    most_days: float = 100.0,
) -> NearRepeat:
    """Return the self-exciting process that makes points in space and time most likely.

    Nothing is known of what lies beyond the border, and points there are missed: where many points lie near the
    border and the background is dense, the branching ratio comes out too low.

    Args:
        days: moments of the points, from 0 to ``horizon_days``, shape (points,).
        x_metres: their places to the east.
        y_metres: their places to the north.
        density_per_square_metre: of the background at each point, known beforehand (as 1 / area where it is even).
        horizon_days: how long was watched.
        least_metres: the spread is at least so much; take the step to which places are rounded, or points at one
            place look like each other's offspring.
        most_metres: pairs farther apart have nothing to do with each other.
        most_days: nor have those farther apart in time.

    Raises:
        ValueError: fewer than 10 points, columns of different lengths, a moment outside of what was watched, or a
            density that is not more than 0.
    """
    points = pair_up(
        *(np.asarray(one, dtype=np.float64) for one in (days, x_metres, y_metres, density_per_square_metre)),
        horizon=float(horizon_days),
        most_metres=most_metres,
        most_days=most_days,
    )
    limits = np.log([[1.0 / most_days, MOST_A_DAY], [least_metres, most_metres]])
    # In the middle of the limits, and with a fifth of the points brought about by others.
    first = [float(np.log(0.8 * len(points.days) / points.horizon)), float(logit(0.2)), 0.0, 0.0]
    options: Any = {"xatol": 1e-4, "fatol": 1e-4, "maxiter": 4000, "maxfev": 4000}

    def unlikeliness(chosen: Floats) -> float:
        return -log_likelihood(points, *values_of(chosen, limits))

    best = minimize(unlikeliness, first, method="Nelder-Mead", options=options)
    return NearRepeat(*values_of(best.x, limits), log_likelihood=-float(best.fun))


def values_of(chosen: Any, limits: Floats) -> tuple[float, float, float, float]:
    """Return background, branching ratio, decay and kernel from four numbers without bounds.

    ``limits`` are the logarithms of the least and the greatest decay and kernel, shape (2, 2).
    """
    decay, kernel = np.exp(limits[:, 0] + expit(chosen[2:]) * (limits[:, 1] - limits[:, 0]))
    return float(np.exp(chosen[0])), float(expit(chosen[1])), float(decay), float(kernel)


def pair_up(
    days: Floats, x: Floats, y: Floats, density: Floats, *, horizon: float, most_metres: float, most_days: float
) -> Points:
    """Return points in the order of time with all pairs within reach of each other."""
    if len({len(days), len(x), len(y), len(density)}) != 1 or len(days) < FEWEST_POINTS:
        raise ValueError(f"a fit needs {FEWEST_POINTS} points or more, each with moment, place and density")
    if not ((days >= 0.0) & (days <= horizon)).all():
        raise ValueError(f"all moments must lie within the {horizon:g} days that were watched")
    if not (density > 0.0).all():
        raise ValueError("the density of the background must be more than 0 at every point")
    order = np.argsort(days, kind="stable")
    days, places, density = days[order], np.column_stack([x, y])[order], density[order]
    near = cKDTree(places).query_pairs(most_metres, output_type="ndarray")
    earlier, later = near.min(axis=1), near.max(axis=1)
    lag = days[later] - days[earlier]
    kept = (lag > 0.0) & (lag <= most_days)
    apart = places[later[kept]] - places[earlier[kept]]
    return Points(days, density, horizon, later[kept], lag[kept], (apart**2).sum(axis=1))


def log_likelihood(points: Points, background: float, ratio: float, decay: float, kernel: float) -> float:
    """Return the log-likelihood of points: the sum of the logarithms of their rates, less the points expected."""
    excited = decay * np.exp(-decay * points.lag - 0.5 * points.squared_metres / kernel**2) / (2.0 * np.pi * kernel**2)
    rate = background * points.density + ratio * np.bincount(points.later, excited, minlength=len(points.days))
    expected = background * points.horizon + ratio * np.sum(1.0 - np.exp(-decay * (points.horizon - points.days)))
    return float(np.log(rate).sum() - expected)
