"""Response surfaces: what an outcome would be between the points that were run, and whether that can be said at all."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.study.analysis.study import (
    AnalysisError,
    Array,
    FactorLike,
    Study,
    coded,
    is_numeric,
    point_frame,
    responses,
)

if TYPE_CHECKING:
    import pandas as pd

Method = Literal["auto", "quadratic", "gaussian process"]
FOLDS = 10
GOOD = 0.7  # of the variance that is no noise, predicted at points left out, from which on a surface is said to fit
MOST_FOR_GAUSSIAN = 600  # points; beyond, the fit takes minutes and a quadratic has enough of them
LEAST_POINTS = 8


@dataclass(frozen=True)
class Surface:
    """A response surface of one outcome.

    Attributes:
        outcome: its id.
        method: ``quadratic`` (regression with squares and products) or ``gaussian process``.
        points: fitted to.
        error: root mean squared error at points left out (cross-validation), the outcome's unit; the noise that is
            in the points' means is part of it.
        noise: standard error of a point's mean, the same unit; NaN for one seed.
        explained: share of the variance between points predicted at points left out; below 0 where the mean predicts
            better.
        explained_of_signal: the same with noise taken off both sides; NaN for one seed.
        fits: whether the surface may be used: ``explained_of_signal`` (or ``explained``) of at least 0.7.
        verdict: in words.
        candidates: the error of each method tried.
    """

    outcome: str
    method: str
    points: int
    error: float
    noise: float
    explained: float
    explained_of_signal: float
    fits: bool
    verdict: str
    candidates: dict[str, float]
    factors: tuple[FactorLike, ...]
    _model: Any
    _others: tuple[Mapping[str, Any], ...] = ()

    def predict(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the outcome expected at some values of the factors: columns ``mean`` and ``deviation``.

        The deviation is the surface's own doubt: that of the Gaussian process, or the cross-validated error.

        Args:
            table: one column for each factor.
        """
        import pandas as pd

        matrix = features(table, self.factors)
        if self.method == "gaussian process":
            mean, deviation = self._model.predict(matrix, return_std=True)
        else:
            mean, deviation = self._model.predict(matrix), np.full(len(matrix), self.error)
        return pd.DataFrame({"mean": mean, "deviation": deviation}, index=table.index)


def features(table: pd.DataFrame, factors: Sequence[FactorLike]) -> Array:
    """Return the columns that a surface is fitted to: numbers on the unit interval, other levels one column each."""
    columns = []
    for factor in factors:
        if is_numeric(factor):
            columns.append(coded(factor, table[factor.name]))
        else:
            # The first level is what the others differ from.
            columns += [
                np.asarray([value == level for value in table[factor.name]], dtype=np.float64)
                for level in list(factor.levels or ())[1:]
            ]
    return np.column_stack(columns)


def response_surface(study: Study, outcome: str, method: Method = "auto") -> Surface:
    """Fit a response surface to the means of a study's points and say how well it predicts points left out.

    Args:
        study: any design with enough points; a Latin hypercube or a Sobol sequence is made for it.
        outcome: its id.
        method: one of the two, or whichever predicts better.

    Raises:
        AnalysisError: there are too few points, or the outcome does not vary.
    """
    table, found = point_frame(study), responses(study, outcome)
    known = np.isfinite(found.values)
    means = found.means()
    used = np.isfinite(means)
    if used.sum() < LEAST_POINTS:
        raise AnalysisError(
            f"{outcome} has {int(used.sum())} points in {study.name}: a response surface needs at least {LEAST_POINTS}"
        )
    matrix, target = features(table[used], study.factors), means[used]
    if np.ptp(target) <= 1e-12 * max(float(np.abs(target).max()), 1e-300):
        raise AnalysisError(f"{outcome} is the same at all points of {study.name}: there is no surface to fit")
    counts = known.sum(axis=1)[used]
    luck = mean_variance(found.values[used], counts)
    tried = ["quadratic", "gaussian process"] if method == "auto" else [method]
    if len(target) > MOST_FOR_GAUSSIAN and method == "auto":
        tried = ["quadratic"]
    predictions = {name: left_out(name, matrix, target, luck) for name in tried}
    errors = {name: float(np.sqrt(((guess - target) ** 2).mean())) for name, guess in predictions.items()}
    best = min(errors, key=lambda name: errors[name])
    variance = float(target.var())
    explained = 1.0 - errors[best] ** 2 / variance
    noise = float(np.sqrt(luck.mean())) if np.isfinite(luck).all() else math.nan
    signal = variance - noise**2
    of_signal = 1.0 - max(errors[best] ** 2 - noise**2, 0.0) / signal if signal > 0.0 else math.nan
    fits = signal_is_there(signal, noise, len(target)) and (explained if math.isnan(of_signal) else of_signal) >= GOOD
    return Surface(
        outcome=outcome,
        method=best,
        points=len(target),
        error=errors[best],
        noise=noise,
        explained=explained,
        explained_of_signal=of_signal,
        fits=fits,
        verdict=verdict(fits, explained, of_signal, signal, noise, len(target)),
        candidates=errors,
        factors=tuple(study.factors),
        _model=fitted(best, matrix, target, luck),
    )


def mean_variance(values: Array, counts: Any) -> Array:
    """Return the variance of each point's mean, pooled over points; NaN where no point has two runs.

    What luck moves all points alike does not bend a surface, so it is taken off where the seeds are shared.
    """
    whole = values[:, np.isfinite(values).all(axis=0)]
    if whole.shape[1] > 1 and len(whole) > 1:
        rest = whole - whole.mean(axis=1, keepdims=True) - whole.mean(axis=0) + whole.mean()
        pooled = float((rest**2).sum()) / ((whole.shape[0] - 1) * (whole.shape[1] - 1))
        return np.asarray(pooled / counts, dtype=np.float64)
    repeated = values[counts > 1]
    pooled = float(np.nanmean(np.nanvar(repeated, axis=1, ddof=1))) if len(repeated) else math.nan
    return np.asarray(pooled / counts, dtype=np.float64)


def signal_is_there(signal: float, noise: float, points: int) -> bool:
    """Decide whether the points differ by more than their luck: by two standard errors of a variance of pure noise."""
    if math.isnan(noise):
        return True
    return signal > 2.0 * noise**2 * math.sqrt(2.0 / points)


def verdict(fits: bool, explained: float, of_signal: float, signal: float, noise: float, points: int) -> str:
    """Return in words whether a surface may be used."""
    if not signal_is_there(signal, noise, points):
        return "does not fit: the points differ by no more than luck; more replications, or wider ranges, are needed"
    share = explained if math.isnan(of_signal) else of_signal
    if fits:
        return f"fits: it predicts {100.0 * share:.0f} % of what the factors do at points left out"
    return (
        f"does not fit: it predicts only {100.0 * max(share, 0.0):.0f} % of what the factors do at points left out; "
        "more points are needed, or fewer factors"
    )


def model_of(method: str, width: int, luck: Array) -> Any:
    """Return an unfitted model of scikit-learn."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    if method == "quadratic":
        # A hardly felt ridge keeps fewer points than terms, and terms that repeat each other, from blowing up.
        return make_pipeline(
            PolynomialFeatures(2, include_bias=False), StandardScaler(), RidgeCV(alphas=np.logspace(-6.0, 2.0, 9))
        )
    kernel = ConstantKernel(1.0, (1e-3, 1e3)) * Matern(np.ones(width), (0.05, 50.0), nu=2.5)
    kernel += WhiteKernel(0.1, (1e-6, 10.0))
    return GaussianProcessRegressor(kernel, normalize_y=True, random_state=0)


def fitted(method: str, matrix: Array, target: Array, luck: Array) -> Any:
    """Return a model fitted to all points."""
    from sklearn.exceptions import ConvergenceWarning

    model = model_of(method, matrix.shape[1], luck)
    with warnings.catch_warnings():
        # A length scale at its bound is a factor without influence, which is an answer.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix, target)
    return model


def left_out(method: str, matrix: Array, target: Array, luck: Array) -> Array:
    """Return what models fitted to the other points say of each point."""
    from sklearn.base import clone
    from sklearn.model_selection import KFold

    folds = KFold(min(FOLDS, len(target)), shuffle=True, random_state=0)
    whole = fitted(method, matrix, target, luck) if method != "quadratic" else None
    guesses = np.empty(len(target))
    for kept, out in folds.split(matrix):
        if whole is None:
            model = fitted(method, matrix[kept], target[kept], luck[kept])
        else:
            # The kernel's few numbers come from all points, as usual; the fit itself does not see those left out.
            model = clone(whole).set_params(kernel=whole.kernel_, optimizer=None).fit(matrix[kept], target[kept])
        guesses[out] = model.predict(matrix[out])
    return guesses
