"""Studies made of functions whose answers are known, with luck that all points share and luck of single runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.study.analysis import Study, StudyFactor

SHARED = 2.0  # standard deviation of the luck that all points of a seed share


def study_of(
    points: Sequence[Sequence[Any]],
    factors: Sequence[StudyFactor],
    truth: Callable[..., float],
    *,
    seeds: int = 4,
    noise: float = 1.0,
    shared: float = SHARED,
    key: int = 0,
    outcome: str = "y",
    **design: Any,
) -> Study:
    """Return a study of a function of the factors, its outcome ``y``."""
    draws = np.random.Generator(np.random.Philox(key=key))
    luck = draws.normal(0.0, shared, seeds) if shared else np.zeros(seeds)
    names = [factor.name for factor in factors]
    rows = [
        {"experiment": "made-up", "point": number, "replication": seed, "seed": 1 + seed, "run": f"{number}-{seed}"}
        | dict(zip(names, values, strict=True))
        | {outcome: truth(*values) + luck[seed] + (draws.normal(0.0, noise) if noise else 0.0)}
        for number, values in enumerate(points)
        for seed in range(seeds)
    ]
    return Study(pd.DataFrame(rows), list(factors), design or {"kind": "table"}, [outcome], "made-up", "Made up")


@pytest.fixture(scope="session")
def made_up() -> Callable[..., Study]:
    """Return the function that makes a study."""
    return study_of
