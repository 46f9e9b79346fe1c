"""Scenario discovery: in which box of the factors' values an outcome is of interest, by PRIM (Friedman, Fisher 1999).

The peeling is that of EMA Workbench. Boxes found by looking look better than they are, so each has its figures at
points that had no part in finding it.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.analysis.study import AnalysisError, Array, Study, outcome_of, point_frame, responses

if TYPE_CHECKING:
    import pandas as pd

PEEL = 0.05
LEAST_MASS = 0.05
FOLDS = 5
MOST_BOXES = 3
MARK = "factor "  # before the factors' names
SURE = 0.05  # greatest quasi-p with which a limit is kept


@dataclass(frozen=True)
class Box:
    """One box of PRIM.

    Attributes:
        limits: one row for each factor that the box limits: factor, low, high (None for one that has no order), levels
            (those kept of a factor that has no order, else None), p_value (that its surer end is due to chance; over
            points, each with its share of runs of interest, since runs of one point are no further evidence of where
            the box lies).
        coverage: share of all runs of interest that lie in the box.
        density: share of runs in the box that are of interest.
        mass: share of all runs that lie in the box.
        held_out_density: the density at points that had no part in finding the box (cross-validation); NaN where no
            such point lay in a box.
        trajectory: how peeling went: coverage, density, mass, limits (number of factors limited), chosen.
    """

    limits: pd.DataFrame
    coverage: float
    density: float
    mass: float
    held_out_density: float
    trajectory: pd.DataFrame


@dataclass(frozen=True)
class Discovery:
    """What scenario discovery found.

    Attributes:
        outcome: its id.
        condition: in words, as ``calls at least 12``.
        at_most: whether the limit is an upper one.
        limit: in the outcome's unit.
        share: of the runs that are of interest.
        runs: that define the outcome.
        boxes: the boxes, each of what those before left over; empty where nothing stands out.
        points: one row for each point: the factors, share (of its runs that are of interest), box (number, 1 for the
            first; 0 for none).
    """

    outcome: str
    condition: str
    at_most: bool
    limit: float
    share: float
    runs: int
    boxes: tuple[Box, ...]
    points: pd.DataFrame


def discover(
    study: Study,
    outcome: str,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    least_mass: float = LEAST_MASS,
    most_boxes: int = MOST_BOXES,
) -> Discovery:
    """Find boxes in which an outcome is at most, or at least, so much.

    Every run counts by itself, so that a box's density is a probability under luck as well as over its settings. Where
    neither limit is given the worst tenth of the runs is of interest (the highest, of an outcome without direction).
    Of each peeling the box with the greatest harmonic mean of coverage and density is chosen.

    Raises:
        AnalysisError: both limits are given, or no run or every run is of interest.
    """
    import pandas as pd

    table, found = point_frame(study), responses(study, outcome)
    rows, _ = np.nonzero(np.isfinite(found.values))
    values = found.values[np.isfinite(found.values)]
    is_upper, limit = chosen(outcome, values, at_most, at_least)
    wanted = values <= limit if is_upper else values >= limit
    condition = f"{outcome} {'at most' if is_upper else 'at least'} {limit:g}"
    if not 0 < wanted.sum() < len(wanted):
        which = "every" if wanted.all() else "no"
        raise AnalysisError(f"{which} run of {study.name} has {condition}: choose another limit")
    inputs = prepared(study, table).iloc[rows].reset_index(drop=True)
    boxes = [
        Box(**{**one, "held_out_density": density})
        for one, density in found_boxes(study, inputs, wanted, rows, least_mass, most_boxes)
    ]
    shares = table.copy()
    known = np.isfinite(found.values).sum(axis=1)
    hits = np.bincount(rows, weights=wanted, minlength=len(table))
    shares["share"] = np.divide(hits, known, out=np.full(len(table), np.nan), where=known > 0)
    shares["box"] = 0
    for number, box in enumerate(boxes, start=1):
        shares.loc[(shares["box"] == 0) & within(table, box.limits), "box"] = number
    return Discovery(
        outcome, condition, is_upper, limit, float(wanted.mean()), len(wanted), tuple(boxes), pd.DataFrame(shares)
    )


def chosen(outcome: str, values: Array, at_most: float | None, at_least: float | None) -> tuple[bool, float]:
    """Return whether the limit of what is of interest is an upper one, and the limit.

    Raises:
        AnalysisError: both limits are given.
    """
    if at_most is not None and at_least is not None:
        raise AnalysisError("give at_most or at_least, not both")
    if at_most is None and at_least is None and outcome_of(outcome).better == "higher":
        at_most = float(np.quantile(values, 0.1))
    if at_most is not None:
        return True, at_most
    return False, float(np.quantile(values, 0.9)) if at_least is None else at_least


def prepared(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Return the factors as PRIM takes them: numbers as floats, whole ones as integers, all else as categories."""
    from sim.study.analysis.study import is_numeric

    inputs = table.copy()
    for factor in study.factors:
        column = inputs[factor.name]
        inputs[factor.name] = column.astype(float) if is_numeric(factor) else column.astype(str).astype("category")
    return inputs.reset_index(drop=True)


def found_boxes(
    study: Study, inputs: pd.DataFrame, wanted: Any, points: Any, least_mass: float, most_boxes: int
) -> Sequence[tuple[dict[str, Any], float]]:
    """Return the boxes of all runs, each with its density at points left out."""
    whole = peeled(inputs, wanted, points, least_mass, most_boxes)
    hits, runs = np.zeros(len(whole)), np.zeros(len(whole))
    order = np.random.Generator(np.random.Philox(key=1)).permutation(int(points.max()) + 1)
    folds = order[points] % FOLDS
    for fold in range(FOLDS):
        kept = folds != fold
        if not 0 < wanted[kept].sum() < kept.sum():
            continue
        found = peeled(inputs[kept].reset_index(drop=True), wanted[kept], points[kept], least_mass, len(whole))
        left = np.flatnonzero(~kept)
        for number, box in enumerate(found):
            inside = np.asarray(within(inputs.iloc[left], box["limits"]))
            hits[number] += wanted[left[inside]].sum()
            runs[number] += inside.sum()
            left = left[~inside]
    densities = np.divide(hits, runs, out=np.full(len(whole), np.nan), where=runs > 0)
    return [(one, float(density)) for one, density in zip(whole, densities, strict=True)]


def peeled(inputs: pd.DataFrame, wanted: Any, points: Any, least_mass: float, most_boxes: int) -> list[dict[str, Any]]:
    """Return the boxes that EMA Workbench's PRIM finds; a box that is no denser than the rest is none."""
    with warnings.catch_warnings():
        # It warns at import of optional packages that it lacks, later of pandas' plans that concern its own code.
        warnings.simplefilter("ignore")
        from ema_workbench.analysis import prim

        logging.getLogger("EMA").setLevel(logging.ERROR)
        # It takes columns of some names for its own.
        marked = inputs.rename(columns=lambda name: MARK + name)
        algorithm = prim.Prim(marked, wanted, peel_alpha=PEEL, mass_min=least_mass)
        boxes: list[dict[str, Any]] = []
        for _ in range(most_boxes):
            box = algorithm.find_box()
            made = None if box is None else described(box, marked, points)
            if made is None or made["density"] <= rest_density(boxes, wanted):
                break
            boxes.append(made)
    return boxes


def rest_density(boxes: list[dict[str, Any]], wanted: Any) -> float:
    """Return the share of runs of interest outside all boxes."""
    left = float(wanted.sum()) * (1.0 - sum(one["coverage"] for one in boxes))
    return float(left / max(len(wanted) * (1.0 - sum(one["mass"] for one in boxes)), 1.0))


def described(box: Any, inputs: pd.DataFrame, points: Any) -> dict[str, Any] | None:
    """Return the best box of a peeling with its limits and figures; None where nothing is limited."""
    steps = box.peeling_trajectory
    balance = 2.0 * steps["coverage"] * steps["density"] / (steps["coverage"] + steps["density"])
    best = int(balance.fillna(0.0).to_numpy().argmax())
    box.select(best)
    limits = sure_limits(box, best, inputs, points)
    if limits.empty:
        return None
    # Dropping limits has added rows that are no peeling.
    trajectory = steps[["coverage", "density", "mass", "res_dim"]].rename(columns={"res_dim": "limits"})
    trajectory = trajectory.assign(chosen=np.arange(len(steps)) == best)
    figures = {name: float(getattr(box, name)) for name in ("coverage", "density", "mass")}
    return {"limits": limits, **figures, "trajectory": trajectory}


def sure_limits(box: Any, step: int, inputs: pd.DataFrame, points: Any) -> pd.DataFrame:
    """Return a box's limits, those that may be due to chance dropped from it one after the other."""
    limits = limits_of(box, step, inputs, points)
    while len(limits) > 1 and limits["p_value"].max() > SURE:
        box.drop_restriction(MARK + str(limits["factor"].iloc[int(limits["p_value"].to_numpy().argmax())]))
        limits = limits_of(box, len(box.box_lims) - 1, inputs, points)
    return limits


def limits_of(box: Any, step: int, inputs: pd.DataFrame, points: Any) -> pd.DataFrame:
    """Return which factors a box limits, and to what."""
    import pandas as pd

    limits, widest = box.box_lims[step], box.box_lims[0]
    names = list(box.p_values[step])
    # What earlier boxes have left, each point's runs weighing as one: they are all in a box or all out of it.
    left = box.prim.yi_remaining
    weights = 1.0 / np.bincount(points[left])[points[left]]
    left_inputs, hits = inputs.iloc[left], box.prim.y[left] * weights
    inside = {name: inside_ends(left_inputs[name], limits[name], widest[name]) for name in names}
    all_ends = [end for ends in inside.values() for end in ends]
    rows = []
    for name in names:
        values = limits[name]
        p_values = [chance(hits, weights, all_ends, end) for end in inside[name]]
        is_category = isinstance(inputs[name].dtype, pd.CategoricalDtype)
        rows.append(
            {
                "factor": name.removeprefix(MARK),
                "low": None if is_category else float(values.iloc[0]),
                "high": None if is_category else float(values.iloc[1]),
                "levels": sorted(values.iloc[0]) if is_category else None,
                "p_value": min(p_values) if p_values else float("nan"),  # of the surer end
            }
        )
    return pd.DataFrame(rows, columns=["factor", "low", "high", "levels", "p_value"])


def inside_ends(column: pd.Series, limits: pd.Series, widest: pd.Series) -> list[Any]:
    """Return for each end at which a factor is limited which rows lie on its inner side."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return [column.isin(limits.iloc[0]).to_numpy()]
    numbers, sides = column.to_numpy(dtype=np.float64), []
    if limits.iloc[0] > widest.iloc[0]:
        sides.append(numbers >= float(limits.iloc[0]))
    if limits.iloc[1] < widest.iloc[1]:
        sides.append(numbers <= float(limits.iloc[1]))
    return sides


def chance(hits: Any, weights: Any, ends: Sequence[Any], end: Any) -> float:
    """Return how likely a box is by luck as dense as it is, if one of its ends says nothing (Bryant, Lempert 2010).

    The one-sided binomial test of the box against the box without that end; its counts may be broken numbers.
    """
    from scipy.special import betainc

    wider = np.logical_and.reduce([np.ones(len(hits), dtype=bool), *(one for one in ends if one is not end)])
    box = wider & end
    of_interest, count = float(hits[box].sum()), float(weights[box].sum())
    if of_interest <= 0.0:
        return 1.0
    return float(betainc(of_interest, count - of_interest + 1.0, hits[wider].sum() / weights[wider].sum()))


def within(table: pd.DataFrame, limits: pd.DataFrame) -> Any:
    """Return which rows of the factors lie in a box."""
    inside = np.ones(len(table), dtype=bool)
    for limit in limits.to_dict(orient="records"):
        column, levels = table[limit["factor"]], limit["levels"]
        if isinstance(levels, list):
            inside &= column.astype(str).isin(levels).to_numpy()
        else:
            numbers = column.to_numpy(dtype=np.float64)
            inside &= (numbers >= limit["low"]) & (numbers <= limit["high"])
    return inside
