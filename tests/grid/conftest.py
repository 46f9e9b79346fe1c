"""Towns in which grid workers are the only ones at work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.codes import Category
from sim.model import TownModel


@pytest.fixture(scope="session")
def workers_only(tiny_model: Callable[..., TownModel], quiet: dict[str, Any]) -> Callable[..., TownModel]:
    """Return a function that gives a model with ``count`` disputes begun at once, and only grid workers at work."""

    def make(
        count: int = 0, stage: int = 1, days: int = 28, residents: int = 600, grid: Any = None, **more: Any
    ) -> TownModel:
        levers, seed = more.pop("levers", None), more.pop("seed", 1)
        model = tiny_model(
            seed=seed,
            levers=levers,
            calendar={"days": days},
            people={"residents": residents},
            grid=grid or {},
            parameters={**quiet, "work_start_hour": 9.0, "work_hours_per_day": 8.0, "walking_speed_kmh": 4.5, **more},
        )
        for number in range(count):
            model.begin_dispute(
                number % residents, (number + residents // 2) % residents, stage=stage, category=Category.NEIGHBOUR
            )
        return model

    return make
