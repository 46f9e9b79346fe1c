"""Worlds for disputes: many begun by hand at one moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.codes import Category
from sim.model import TownModel


@pytest.fixture(scope="session")
def many(tiny_model: Callable[..., TownModel], quiet: dict[str, Any]) -> Callable[..., TownModel]:
    """Return a function that gives a model in which ``count`` disputes begin at once and only named rates act."""

    def begin(
        count: int, stage: int = 1, days: int = 60, seed: int = 1, triage: bool = False, **parameters: Any
    ) -> TownModel:
        model = tiny_model(
            triage={"three_affairs": triage},
            seed=seed,
            calendar={"days": days},
            people={"residents": 600},
            grid={"visits_per_worker_per_day": 0.0},
            parameters={**quiet, **parameters},
        )
        for number in range(count):
            model.begin_dispute(number % 600, (number * 7 + 301) % 600, Category(number % 15), stage)
        return model

    return begin
