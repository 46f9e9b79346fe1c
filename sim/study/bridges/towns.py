"""What every bridge needs: a town as a function of its factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.scenario import Scenario
from sim.study.analysis import is_numeric
from sim.study.experiment import Experiment, Factor, design_points, load_experiment, make_experiment
from sim.study.experiment.designs import Table
from sim.study.experiment.sampling import value_at as from_unit
from sim.study.run import run_one

type Value = float | int | str | bool


@dataclass(frozen=True)
class TownFunction:
    """A town as a function: values of the factors go in, outcomes come out.

    It can be sent to other processes.

    Attributes:
        experiment: its base and factors.
        outcomes: ids of those to return.
        seeds: of the runs; outcomes are the means over them.
    """

    experiment: Experiment
    outcomes: tuple[str, ...]
    seeds: tuple[int, ...]

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factors, in their order."""
        return self.experiment.factors

    def scenario(self, values: Mapping[str, Value]) -> Scenario:
        """Return the scenario of some values.

        Raises:
            ExperimentError: they make none.
        """
        row = {factor.name: plain(values[factor.name]) for factor in self.factors}
        design = Table(kind="table", rows=(row,))
        return design_points(self.experiment.model_copy(update={"design": design}))[0].scenario

    def __call__(self, **values: Value) -> dict[str, float]:
        """Return the means of the outcomes over the seeds; NaN where one is undefined in any run.

        Raises:
            ExperimentError: the values make no scenario.
        """
        scenario = self.scenario(values)
        runs = [run_one(scenario, seed).outcomes for seed in self.seeds]
        return {id_: float(np.mean([run[id_] for run in runs])) for id_ in self.outcomes}

    def at(self, places: Sequence[float]) -> dict[str, Value]:
        """Return the factors' values at a place: numbers on a linear scale as they are, others from 0 to 1."""
        return {factor.name: value_at(factor, place) for factor, place in zip(self.factors, places, strict=True)}


def plain(value: Any) -> Value:
    """Return a number of NumPy's, as samplers give them, as one of Python's."""
    made: Value = value.item() if isinstance(value, np.generic) else value
    return made


def value_at(factor: Factor, place: float) -> Value:
    """Return a factor's value at a place of its bounds."""
    if factor.choices is not None or factor.scale == "log":
        return from_unit(factor, place)
    return round(place) if factor.whole else place


def bounds(factor: Factor) -> tuple[float, float]:
    """Return between which places a factor is sampled: its range, or 0 to 1 where that is logarithmic or has levels."""
    if factor.choices is not None or factor.scale == "log" or not is_numeric(factor):
        return 0.0, 1.0
    assert factor.low is not None  # noqa: S101 - a range has both ends, or the experiment is refused
    assert factor.high is not None  # noqa: S101
    # Rounding must leave both ends the same room as every number between them.
    return (factor.low - 0.499, factor.high + 0.499) if factor.whole else (factor.low, factor.high)


def town_function(
    source: str | Path | Experiment,
    factors: Sequence[Mapping[str, Any]] | None,
    outcomes: Sequence[str],
    seeds: Sequence[int],
) -> TownFunction:
    """Return the function of an experiment, or of a scenario with factors as experiment files have them.

    Raises:
        ExperimentError: everything that is wrong with it, outcomes that are none included.
        ScenarioError: there is no such scenario.
    """
    if isinstance(source, Experiment):
        experiment = source
    elif factors is None:
        experiment = load_experiment(source)
    else:
        design = {"kind": "latin-hypercube", "points": 2}
        tree = {"name": "bridge", "base": str(source), "factors": list(factors), "design": design}
        experiment = make_experiment({**tree, "replications": 1, "outcomes": list(outcomes)})
    return TownFunction(experiment, tuple(outcomes or experiment.outcomes), tuple(seeds))
