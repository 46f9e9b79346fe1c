"""A self-exciting process fitted to simulated points gives its branching ratio, decay and spread back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.model import TownModel
from sim.scenario import PlaneTown
from sim.study import fit_near_repeat

RATIO, DECAY, KERNEL = 0.35, 0.15, 400.0
DAYS, SIDE_KM, LATTICE = 300, 40.0, 160  # so wide that few points have neighbours that they owe nothing
SHARES = [1.0] + [0.0] * 14


def wide_plane(scenario: Callable[..., Any], quiet: dict[str, Any], **disputes: Any) -> TownModel:
    """Return a model of a wide plane in which disputes are born, all residents are alike, and nothing else happens."""
    alike = {"temper_sigma": 0.0, "friction_tension_gain": 0.0, "tension_per_friction": 0.0, "category_share": SHARES}
    alike |= {"friction_weekday_weight": [1.0] * 7, "friction_month_weight": [1.0] * 12}
    return TownModel(
        scenario(
            calendar={"days": DAYS},
            town=PlaneTown.model_validate({"kind": "plane", "area_km2": SIDE_KM**2, "lattice": LATTICE}),
            people={"residents": 14_400, "merchants": 0, "household_size_mean": 1.0},
            grid={"grids": 4, "visits_per_worker_per_day": 0.0},
            disputes=disputes,
            parameters={**quiet, **alike, "dispute_rate_per_1000_per_year": 450.0},
        ),
        seed=5,
    )


@pytest.fixture(scope="module")
def fitted(tiny_scenario: Callable[..., Any], quiet: dict[str, Any], rows: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that gives the fit to a run's births, and their number."""

    def fit(**disputes: Any) -> tuple[Any, int]:
        model = wide_plane(tiny_scenario, quiet, **disputes).run()
        born = rows(model, "disputes")
        node = model.world.households["node"][model.world.residents["household"][born["party_a"]]]
        x, y = model.world.nodes["x_metres"][node], model.world.nodes["y_metres"][node]
        density = np.full(len(born), 1.0 / (SIDE_KM * 1000.0) ** 2)
        return fit_near_repeat(
            born["born"], x, y, density, horizon_days=DAYS, least_metres=250.0, most_metres=1600.0
        ), len(born)

    return fit


def test_simulated_points_give_their_process_back(fitted: Callable[..., Any]) -> None:
    process = {"branching_ratio": RATIO, "decay_per_day": DECAY, "kernel_metres": KERNEL}
    fit, count = fitted(contagion=process)
    assert fit.branching_ratio == pytest.approx(RATIO, abs=0.04)
    assert fit.decay_per_day == pytest.approx(DECAY, rel=0.15)
    assert fit.kernel_metres == pytest.approx(KERNEL, rel=0.12)
    assert count == pytest.approx(0.45 * 14_400 / 365 * DAYS, rel=0.06), "the total rate stays the stated one"
    assert fit.background_per_day * DAYS == pytest.approx((1 - RATIO) * count, rel=0.08)


def test_points_without_contagion_have_next_to_no_offspring(fitted: Callable[..., Any]) -> None:
    fit, count = fitted()
    assert fit.branching_ratio < 0.03
    assert fit.background_per_day * DAYS == pytest.approx(count, rel=0.04)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ([[1.0] * 5] * 4, "10 points or more"),
        ([[1.0] * 12, [0.0] * 12, [0.0] * 11, [1.0] * 12], "each with moment, place and density"),
        ([[1.0] * 11 + [31.0], [0.0] * 12, [0.0] * 12, [1.0] * 12], "within the 30 days"),
        ([[1.0] * 11 + [np.nan], [0.0] * 12, [0.0] * 12, [1.0] * 12], "within the 30 days"),
        ([[1.0] * 12, [0.0] * 12, [0.0] * 12, [0.0] * 12], "more than 0 at every point"),
    ],
)
def test_points_that_cannot_be_fitted_are_refused(columns: list[list[float]], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        fit_near_repeat(*columns, horizon_days=30.0)
