"""A case in the grid: settled by its closed form, never above the limit, else passed up or closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import special, stats

from sim.codes import NOBODY, Channel
from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]


def first_cases(workers_only: Maker, rows: Rows, stage: int, **more: Any) -> Any:
    """Return the closed first cases in the grid of many disputes found at a stage."""
    settings = {
        "grid_case_hours": 0.1,
        "grid_settlement_logit": 0.8,
        "grid_settlement_stage_slope": -0.4,
        "grid_stage_limit": 4,
        "grid_pass_up_probability": 0.35,
        "discovery_probability": 0.999,
        "visit_minutes": 2.0,
        "walking_speed_kmh": 50.0,
    }
    model = workers_only(
        1200, stage, days=14, grid={"visits_per_worker_per_day": 90.0, "grids": 12}, **(settings | more)
    )
    cases = rows(model.run(), "cases")
    of_grid = cases[(cases["channel"] == Channel.GRID) & (cases["discovered"] == 1) & ~np.isnan(cases["closed"])]
    assert len(of_grid) > 700
    return of_grid


@pytest.mark.parametrize("stage", [1, 2, 4])
def test_settled_with_the_probability_of_the_stage_and_then_passed_up_or_not(
    workers_only: Maker, rows: Rows, stage: int
) -> None:
    cases = first_cases(workers_only, rows, stage)
    settled = cases["true_settled"] == 1
    probability = special.expit(0.8 - 0.4 * (stage - 1))
    assert stats.binomtest(int(settled.sum()), len(cases), probability).pvalue > 0.001
    passed = cases["passed_up"][~settled] == 1
    assert stats.binomtest(int(passed.sum()), len(passed), 0.35).pvalue > 0.001
    assert cases["passed_up"][settled].sum() == 0


@pytest.mark.parametrize("stage", [5, 9])
def test_nothing_above_the_limit_is_settled_and_all_is_passed_up(workers_only: Maker, rows: Rows, stage: int) -> None:
    cases = first_cases(workers_only, rows, stage, grid_settlement_logit=30.0, grid_pass_up_probability=0.0)
    assert cases["true_settled"].sum() == 0
    assert (cases["passed_up"] == 1).all()
    assert (cases["recorded_settled"] == 0).all()


def test_a_case_takes_its_hours(workers_only: Maker, rows: Rows) -> None:
    cases = first_cases(workers_only, rows, 1, grid_case_hours=0.1)
    assert cases["closed"] - cases["acted"] == pytest.approx(0.1 / 24)
    assert (cases["worker"] != NOBODY).all()


def test_limits_of_passing_up(workers_only: Maker, rows: Rows) -> None:
    for share in (0.0, 1.0):
        cases = first_cases(workers_only, rows, 1, grid_settlement_logit=-30.0, grid_pass_up_probability=share)
        assert cases["true_settled"].sum() == 0
        assert (cases["passed_up"] == share).all()
