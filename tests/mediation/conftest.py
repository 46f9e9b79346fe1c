"""Towns in which mediation is the only channel: disputes begin by hand, are reported, and nothing else moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.codes import Category
from sim.model import TownModel


@pytest.fixture(scope="session")
def offices_only(tiny_model: Callable[..., TownModel], quiet: dict[str, Any]) -> Callable[..., TownModel]:
    """Return a function that gives a model with ``count`` disputes that are reported at about 0.1 a day each."""

    def make(
        count: int = 0,
        mediators: int = 2,
        days: int = 60,
        stage: int = 4,
        category: Category = Category.ROAD_TRAFFIC,
        seed: int = 1,
        offices: str = "township",
        **parameters: Any,
    ) -> TownModel:
        model = tiny_model(
            seed=seed,
            calendar={"days": days},
            people={"residents": 600},
            grid={"visits_per_worker_per_day": 0.0},
            mediation={"mediators": mediators, "offices": offices},
            parameters={
                **quiet,
                "report_per_day": [0.1] * 9,
                "grid_stage_limit": 3,
                "mediation_start_hour": 10.0,
                "mediation_hours_per_day": 6.0,
                "session_hours": 2.0,
                "session_hours_sigma": 0.5,
                "sessions_most": 1,
                "mediation_skill_slope": 0.0,
                "mediation_delay_slope": 0.0,
                **parameters,
            },
        )
        for number in range(count):
            model.begin_dispute(number % 600, (number + 301) % 600, category, stage)
        return model

    return make
