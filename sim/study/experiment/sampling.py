"""The points of a design: how many they are, their place in the unit cube, and the values that follow from it."""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.study.experiment.designs import (
    Factorial,
    LatinHypercube,
    Morris,
    OneAtATime,
    Saltelli,
    SobolSequence,
    Table,
)
from sim.study.experiment.factors import Factor
from sim.study.experiment.machinery import plain_scalar
from sim.study.experiment.parts import Scalar

type Matrix = np.ndarray[Any, np.dtype[np.float64]]

SAMPLED = (LatinHypercube, SobolSequence, Saltelli, Morris)  # designs drawn in the unit cube
DIGITS = 12  # of values within a range: enough for any model, few enough to be the same on every machine


def count_points(design: Any, factors: Sequence[Factor], base: Mapping[str, Scalar]) -> int:
    """Return how many points a design has, without making them."""
    if isinstance(design, Factorial):
        return math.prod(len(one.choices or ()) for one in factors)
    if isinstance(design, OneAtATime):
        return 1 + sum(len(others(one, base[one.name])) for one in factors)
    if isinstance(design, Saltelli):
        return design.n * ((2 if design.second_order else 1) * len(factors) + 2)
    if isinstance(design, Morris):
        return design.trajectories * (len(factors) + 1)
    if isinstance(design, Table):
        return len(design.rows or ())
    return int(design.points)


def others(factor: Factor, base: Scalar) -> tuple[Scalar, ...]:
    """Return the values that a factor takes in turn: its levels, or the ends of its range, but for that of the base."""
    given = factor.choices if factor.choices is not None else ends(factor)
    return tuple(value for value in given if not same(value, base))


def same(one: Scalar, other: Scalar) -> bool:
    """Decide whether two values are one; a truth value is no number."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def ends(factor: Factor) -> tuple[Scalar, ...]:
    """Return the two ends of a factor's range."""
    return tuple(within(factor, place) for place in (0.0, 1.0))


def unit_sample(design: Any, dimensions: int) -> Matrix | None:
    """Return a design's points in the unit cube, a row each, in the order of the points; None where it has none.

    Rows of Saltelli's and Morris's designs are in SALib's order, as its analysis wants them.
    """
    if not isinstance(design, SAMPLED):
        return None
    if isinstance(design, LatinHypercube | SobolSequence):
        from scipy.stats import qmc

        if isinstance(design, LatinHypercube):
            drawn = qmc.LatinHypercube(d=dimensions, rng=np.random.default_rng(design.seed)).random(design.points)
        else:
            sequence = qmc.Sobol(d=dimensions, rng=np.random.default_rng(design.seed))
            drawn = sequence.random_base2(int(design.points).bit_length() - 1)
        return np.asarray(drawn, dtype=np.float64)
    names = [f"x{row}" for row in range(dimensions)]
    problem = {"num_vars": dimensions, "names": names, "bounds": [[0.0, 1.0]] * dimensions}
    if isinstance(design, Saltelli):
        from SALib.sample import sobol

        drawn = sobol.sample(problem, design.n, calc_second_order=design.second_order, seed=design.seed)
    else:
        from SALib.sample import morris

        drawn = morris.sample(problem, design.trajectories, num_levels=design.levels, seed=design.seed)
    return np.asarray(drawn, dtype=np.float64)


def design_rows(design: Any, factors: Sequence[Factor], base: Mapping[str, Scalar]) -> list[dict[str, Scalar]]:
    """Return the factors' values at every point, in the order of the points.

    Args:
        design: which points.
        factors: with levels or a whole range each, but for tables.
        base: value of each factor at the base point, for one-at-a-time designs.
    """
    names = [one.name for one in factors]
    if isinstance(design, Factorial):
        levels = [one.choices or () for one in factors]
        return [dict(zip(names, values, strict=True)) for values in itertools.product(*levels)]
    if isinstance(design, OneAtATime):
        start = {name: base[name] for name in names}
        return [start, *({**start, one.name: value} for one in factors for value in others(one, base[one.name]))]
    if isinstance(design, Table):
        return [{name: row[name] for name in names} for row in design.rows or ()]
    cube = unit_sample(design, len(factors))
    at_grid = isinstance(design, Morris)
    return [
        {one.name: value_at(one, float(place), at_grid=at_grid) for one, place in zip(factors, row, strict=True)}
        for row in (() if cube is None else cube)
    ]


def value_at(factor: Factor, place: float, *, at_grid: bool = False) -> Scalar:
    """Return a factor's value at a place from 0 to 1.

    Levels and whole numbers share the places evenly among them; on a grid that holds both ends (``at_grid``) they are
    taken by the nearest, so that the ends of the grid are those of the range.
    """
    if factor.choices is not None:
        return factor.choices[share(place, len(factor.choices), at_grid=at_grid)]
    if factor.whole and factor.scale == "linear" and not at_grid:
        low, high = round(factor.low or 0.0), round(factor.high or 0.0)
        return low + share(place, high - low + 1, at_grid=False)
    return within(factor, place)


def share(place: float, count: int, *, at_grid: bool) -> int:
    """Return which of so many equal things a place from 0 to 1 belongs to."""
    return math.floor(place * (count - 1) + 0.5) if at_grid else min(math.floor(place * count), count - 1)


def within(factor: Factor, place: float) -> float | int:
    """Return the value at a place from 0 to 1 of a factor's range, by its scale."""
    low, high = float(factor.low or 0.0), float(factor.high or 0.0)
    value = low * (high / low) ** place if factor.scale == "log" else low + place * (high - low)
    value = min(max(value, low), high)
    return round(value) if factor.whole else float(f"{value:.{DIGITS}g}")


def read_rows(text: str) -> tuple[list[str], list[dict[str, Scalar]], list[tuple[int, str]]]:
    """Return the columns and rows of a CSV file's text, cells read as YAML reads plain words, and what is wrong.

    Returns:
        Columns; rows; lines with what is wrong with each.
    """
    lines = csv.reader(io.StringIO(text))
    columns = [name.strip() for name in next(lines, [])]
    rows: list[dict[str, Scalar]] = []
    wrong: list[tuple[int, str]] = []
    if len(set(columns)) < len(columns):
        wrong.append((1, "a column twice"))
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        values = [plain_scalar(cell.strip()) for cell in cells]
        if len(cells) != len(columns):
            wrong.append((lines.line_num, f"{len(cells)} cells"))
        elif any(value is None or (isinstance(value, float) and not math.isfinite(value)) for value in values):
            wrong.append((lines.line_num, "an empty cell, or a number that is not finite"))
        else:
            rows.append({name: value for name, value in zip(columns, values, strict=True) if value is not None})
    return columns, rows, wrong
