"""Which parameters a scenario uses, with what each rests on."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.scenario import Scenario, parameter_table, parameter_values
from sim.study.comparison import ParameterUse


def plain(value: Any) -> float | list[float]:
    """Return a number, or a list of numbers, of plain Python; NaN for None."""
    numbers = np.asarray(value, dtype=np.float64)
    return float(numbers) if numbers.ndim == 0 else [float(number) for number in numbers]


def parameters_used(scenario: Scenario) -> list[ParameterUse]:
    """Return every parameter of the model in the order of its table, with the value that a scenario gives it.

    Households a grid and workers a grid are NaN where the scenario states the number of grids or workers instead, and
    those of containment where it has none.
    """
    values = parameter_values(scenario)
    return [
        ParameterUse(
            id=one.id,
            meaning=one.meaning,
            default=plain(one.default),
            value=plain(values[one.id]),
            low=plain(one.low),
            high=plain(one.high),
            unit=one.unit,
            source=one.source,
            status=one.status,
            note=one.note,
        )
        for one in parameter_table().values()
    ]
