"""The model as a SALib problem: a dictionary to sample from, and a function of the sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.study.bridges.towns import bounds, town_function
from sim.study.experiment import Experiment

type Matrix = np.ndarray[Any, np.dtype[np.float64]]


def salib_problem(
    source: str | Path | Experiment,
    factors: Sequence[Mapping[str, Any]] | None = None,
    outcomes: Sequence[str] = (),
    *,
    seeds: Sequence[int] = (1,),
) -> tuple[dict[str, Any], Callable[[Matrix], Matrix]]:
    """Return a problem of SALib and the function that evaluates its samples.

    A factor with a linear range has its own bounds; one with a logarithmic range, or with levels, has the bounds 0 and
    1, which the function turns into its values. Whole numbers are rounded.

    Args:
        source: an experiment, its file or its name; with ``factors``, a scenario's name or file.
        factors: as in experiment files.
        outcomes: ids; the experiment's when left out.
        seeds: of the runs of each row; outcomes are means over them.

    Returns:
        The problem, with the outcomes' ids under ``outputs``; and a function from a sample of shape (rows, factors) to
        values of shape (rows,), or (rows, outcomes) for several.

    Raises:
        ExperimentError: everything that is wrong.
    """
    town = town_function(source, factors, outcomes, seeds)
    problem = {
        "num_vars": len(town.factors),
        "names": [factor.name for factor in town.factors],
        "bounds": [list(bounds(factor)) for factor in town.factors],
        "outputs": list(town.outcomes),
    }

    def evaluate(sample: Matrix) -> Matrix:
        """Return the outcomes of each row of a sample."""
        rows = [town(**town.at([float(place) for place in row])) for row in np.atleast_2d(sample)]
        values = np.array([[row[id_] for id_ in town.outcomes] for row in rows])
        return np.asarray(values[:, 0] if len(town.outcomes) == 1 else values)

    return problem, evaluate
