"""The model as one of EMA Workbench's, for its samplers, its optimisers and its scenario discovery."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.study.bridges.towns import town_function
from sim.study.experiment import Experiment, Factor


def ema_model(
    source: str | Path | Experiment,
    factors: Sequence[Mapping[str, Any]] | None = None,
    outcomes: Sequence[str] = (),
    *,
    levers: Sequence[str] = (),
    seeds: Sequence[int] = (1,),
) -> Any:
    """Return an EMA Workbench ``Model`` that runs a town.

    Args:
        source: an experiment, its file or its name; with ``factors``, a scenario's name or file.
        factors: as in experiment files, ``{"name": ..., "field": ..., "low": ..., "high": ...}``.
        outcomes: ids; the experiment's when left out.
        levers: names of the factors that are policy; all others are uncertainties.
        seeds: of the runs of each experiment; outcomes are means over them.

    Raises:
        ExperimentError: everything that is wrong.
    """
    with warnings.catch_warnings():
        # It says at import which optional packages it lacks.
        warnings.simplefilter("ignore")
        from ema_workbench import Model, ScalarOutcome

    town = town_function(source, factors, outcomes, seeds)
    model = Model("gridtown", function=town)
    model.uncertainties = [parameter(one) for one in town.factors if one.name not in levers]
    model.levers = [parameter(one) for one in town.factors if one.name in levers]
    model.outcomes = [ScalarOutcome(id_) for id_ in town.outcomes]
    return model


def parameter(factor: Factor) -> Any:
    """Return a factor as one of EMA Workbench's parameters; it knows no log scale and samples the range evenly."""
    from ema_workbench import CategoricalParameter, IntegerParameter, RealParameter

    if factor.choices is not None:
        return CategoricalParameter(factor.name, list(factor.choices))
    if factor.whole:
        return IntegerParameter(factor.name, int(factor.low or 0), int(factor.high or 0))
    return RealParameter(factor.name, factor.low, factor.high)
