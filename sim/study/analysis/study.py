"""What an analysis works on: the runs of an experiment as one frame, and what its factors and its design are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim.outcomes import CATALOGUE, Outcome

if TYPE_CHECKING:
    import pandas as pd

type Array = np.ndarray[Any, np.dtype[np.float64]]


class AnalysisError(ValueError):
    """A study cannot be analysed in the way asked for; the message says why and what to do."""


class FactorLike(Protocol):
    """What an analysis needs to know of a factor."""

    @property
    def name(self) -> str:
        """Name of its column."""

    @property
    def low(self) -> float | None:
        """Lower end of its range; None for a factor with levels only."""

    @property
    def high(self) -> float | None:
        """Upper end of its range."""

    @property
    def levels(self) -> Collection[Any] | None:
        """Its levels in their order, or a mapping from their names; None for a factor with a range only."""

    @property
    def whole(self) -> bool:
        """Whether it takes whole numbers only."""

    @property
    def scale(self) -> str:
        """``linear`` or ``log``: on which scale its range is covered evenly."""


@dataclass(frozen=True)
class StudyFactor:
    """A factor by itself, for frames that come from no experiment file.

    Attributes:
        name: of its column.
        low: lower end of its range; None for a factor with levels only.
        high: upper end.
        levels: in their order; None for a factor with a range only.
        whole: it takes whole numbers only.
        scale: ``linear`` or ``log``.
    """

    name: str
    low: float | None = None
    high: float | None = None
    levels: Collection[Any] | None = None
    whole: bool = False
    scale: str = "linear"


@dataclass(frozen=True)
class Study:
    """The finished runs of an experiment.

    Attributes:
        frame: one row for each run: experiment, point, replication, seed, run, one column for each factor by its
            name, then one for each outcome by its id. Points are in the design's order; NaN where undefined.
        factors: of the design.
        design: as the experiment file has it: ``kind`` and its settings.
        outcomes: ids of those to be shown.
        name: of the experiment.
        title: in words.
        base_point: number of the point that is the base; of comparisons it is the reference.
        experiment: the whole file, for the record.
        model_version: of the rules under which the runs were made; "" where it is not known.
        days: how many each run has; several where the runs differ.
        missing: how many runs have been asked for under these rules and are not finished.
    """

    frame: pd.DataFrame
    factors: Sequence[FactorLike]
    design: dict[str, Any]
    outcomes: list[str]
    name: str
    title: str = ""
    base_point: int = 0
    experiment: dict[str, Any] = field(default_factory=dict)
    model_version: str = ""
    days: tuple[float, ...] = ()
    missing: int = 0


@dataclass(frozen=True)
class Responses:
    """One outcome over the points and seeds of a study.

    Attributes:
        points: their numbers, ascending.
        seeds: ascending.
        values: shape (points, seeds); NaN where a run is missing or leaves the outcome undefined.
    """

    points: Sequence[int]
    seeds: Sequence[int]
    values: Array

    def complete(self) -> Responses:
        """Return it with those seeds only that every point has."""
        whole = np.isfinite(self.values).all(axis=0)
        seeds = [seed for seed, kept in zip(self.seeds, whole, strict=True) if kept]
        return Responses(self.points, seeds, self.values[:, whole])

    def means(self) -> Array:
        """Return the mean of each point over the seeds that it has; NaN where it has none."""
        known = np.isfinite(self.values)
        counts = known.sum(axis=1)
        sums = np.where(known, self.values, 0.0).sum(axis=1)
        return np.asarray(np.divide(sums, counts, out=np.full(len(counts), np.nan), where=counts > 0))


def responses(study: Study, outcome: str) -> Responses:
    """Return an outcome's values by point and seed.

    Raises:
        AnalysisError: the frame has no such column, or no runs.
    """
    frame = study.frame
    if outcome not in frame.columns:
        raise AnalysisError(f"the runs of {study.name} have no outcome {outcome!r}; `gridtown outcomes` lists them")
    if not len(frame):
        raise AnalysisError(f"{study.name} has no finished run yet: run `gridtown experiment` first")
    table = frame.pivot_table(index="point", columns="seed", values=outcome, aggfunc="first", dropna=False)
    table = table.sort_index().sort_index(axis=1)
    return Responses(
        [int(one) for one in table.index], [int(one) for one in table.columns], table.to_numpy(dtype=np.float64)
    )


def point_frame(study: Study) -> pd.DataFrame:
    """Return the factors' values of each point that has runs, indexed by its number, ascending."""
    names = [factor.name for factor in study.factors]
    return study.frame.drop_duplicates("point").set_index("point").sort_index()[names]


def outcome_of(id_: str) -> Outcome:
    """Return an outcome of the catalogue, or a plain one for a column that it does not know."""
    if id_ in CATALOGUE:
        return CATALOGUE[id_]
    return Outcome(id_, "", "none", id_, "", "disputes", "neutral", lambda _: float("nan"))


def span(factor: FactorLike) -> tuple[float, float]:
    """Return the ends of a factor's range; of numeric levels the least and the greatest.

    Raises:
        AnalysisError: it has neither.
    """
    if factor.low is not None and factor.high is not None:
        return float(factor.low), float(factor.high)
    if is_numeric(factor):
        numbers = [float(level) for level in factor.levels or ()]
        return min(numbers), max(numbers)
    raise AnalysisError(f"factor {factor.name} has no range of numbers")


def is_numeric(factor: FactorLike) -> bool:
    """Decide whether a factor's values are numbers (yes and no are none)."""
    if factor.levels is None:
        return factor.low is not None
    return all(isinstance(level, int | float) and not isinstance(level, bool) for level in factor.levels)


def coded(factor: FactorLike, column: Sequence[Any] | pd.Series) -> Array:
    """Return a factor's values on the unit interval: 0 at the low end, 1 at the high end, even on its own scale.

    Levels that are no numbers are spread evenly in their order.

    Raises:
        AnalysisError: a value is none of its levels.
    """
    if not is_numeric(factor):
        places = {level: row for row, level in enumerate(factor.levels or ())}
        steps = max(len(places) - 1, 1)
        try:
            return np.array([places[value] / steps for value in column], dtype=np.float64)
        except KeyError as problem:
            raise AnalysisError(f"factor {factor.name} has no level {problem.args[0]!r}") from problem
    low, high = span(factor)
    numbers = np.asarray(column, dtype=np.float64)
    if factor.scale == "log":
        low, high, numbers = np.log(low), np.log(high), np.log(numbers)
    return (numbers - low) / (high - low) if high > low else np.zeros(len(numbers))


def decoded(factor: FactorLike, places: Array) -> Array:
    """Return a numeric factor's values at places of the unit interval; whole numbers are rounded."""
    low, high = span(factor)
    if factor.scale == "log":
        values = np.exp(np.log(low) + places * (np.log(high) - np.log(low)))
    else:
        values = low + places * (high - low)
    return np.asarray(np.round(values) if factor.whole else values)


def coded_matrix(study: Study) -> Array:
    """Return the points of a study on the unit cube, shape (points, factors)."""
    points = point_frame(study)
    return np.column_stack([coded(factor, points[factor.name]) for factor in study.factors])


def kind_of(study: Study) -> str:
    """Return what kind of design a study has; an unnamed one is a table."""
    return str(study.design.get("kind", "table"))
