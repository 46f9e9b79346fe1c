"""The order of visits: in turn whoever comes, by the books alone, or any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.engine.compiled import from_python
from sim.grid.order import first_due, lay_visit_order, set_due
from sim.model import TownModel
from sim.world import World

type Maker = Callable[..., TownModel]


@settings(max_examples=40)
@given(
    households=st.integers(1, 40),
    layers=st.integers(1, 3),
    moves=st.lists(st.tuples(st.integers(0, 39), st.integers(0, 2), st.integers(0, 5), st.floats(0, 300)), max_size=30),
    ends=st.tuples(st.integers(0, 40), st.integers(0, 40)),
)
def test_the_tournament_names_the_household_that_is_due_first(
    tiny_world: Callable[..., World],
    households: int,
    layers: int,
    moves: list[tuple[int, int, int, float]],
    ends: tuple[int, int],
) -> None:
    world = tiny_world()
    order = lay_visit_order(households, layers, 180.0)
    world = world._replace(households=world.households[:households].view(np.recarray), visit_order=order)
    due = np.full((layers, households), 180.0)
    for place, layer, cases, moment in moves:
        household, own = place % households, layer % layers
        leaf = order[own * 2 * households + households + household]
        leaf.cases, leaf.last_visit = cases, moment
        from_python(set_due)(world, own, household)
        due[own, household] = moment + 180.0 / (1.0 + 2.0 * cases)
    first, end = sorted(min(one, households) for one in ends)
    for layer in range(layers):
        expected = first + int(np.argmin(due[layer, first:end])) if end > first else -1
        assert from_python(first_due)(world, layer, first, end) == expected


def visits_by_grid(model: TownModel) -> list[Any]:
    homes = model.world.households["visits"]
    return [homes[grid.first_household : grid.end_household] for grid in model.world.grids]


@pytest.mark.parametrize("rounds", ["rota", "risk_first"])
def test_several_workers_visit_no_household_twice_in_a_round(workers_only: Maker, rounds: str) -> None:
    # Only the first worker of a grid has cases, so that the two do not keep pace.
    model = workers_only(
        60,
        days=20,
        grid={"grids": 3, "workers_per_grid": 1.65, "visits_per_worker_per_day": 7.0, "rounds": rounds},
        report_per_day=[0.3] * 9,
        grid_case_hours=2.9,
        risk_case_weight=0.0,
    )
    for day in range(1, 21):
        model.run_until(day)
        assert all(np.ptp(visits) <= 1 for visits in visits_by_grid(model))
    assert model.world.households["visits"].max() >= 2
    assert sorted(np.bincount(model.world.workers["grid"])) == [1, 2, 2]


@pytest.mark.parametrize("rounds", ["rota", "risk_first"])
def test_a_round_takes_households_over_visits_a_day(workers_only: Maker, rounds: str) -> None:
    model = workers_only(days=40, grid={"grids": 2, "visits_per_worker_per_day": 10.0, "rounds": rounds})
    workdays = np.flatnonzero(model.world.days["workday"])
    first_round = [int(workdays[-(-len(visits) // 10) - 1]) for visits in visits_by_grid(model)]
    for day in range(40):
        model.run_until(day + 1)
        done = [bool(visits.min() >= 1) for visits in visits_by_grid(model)]
        assert done == [day >= last for last in first_round]


def test_random_visits_are_spread_as_chance_has_it(workers_only: Maker) -> None:
    model = workers_only(
        days=60, grid={"grids": 2, "visits_per_worker_per_day": 20.0, "rounds": "random"}, visit_minutes=5.0
    )
    model.run()
    for visits in visits_by_grid(model):
        assert visits.sum() == 20 * int(model.world.days["workday"].sum())
        assert stats.chisquare(visits).pvalue > 0.001
        assert visits.min() < visits.max() - 2
    assert model.world.workers["visits_by_order"][:, 2].sum() == model.world.workers["visits"].sum()


def test_risk_first_goes_oftener_where_the_books_hold_cases(workers_only: Maker) -> None:
    settled = {"grid_settlement_logit": 30.0, "report_per_day": [1000.0] * 9, "grid_case_hours": 0.01}
    grid = {"grids": 2, "visits_per_worker_per_day": 8.0, "rounds": "risk_first"}
    model = workers_only(20, days=120, grid=grid, risk_visit_days=60.0, risk_case_weight=3.0, **settled).run()
    world = model.world
    disputes = world.disputes[: int(world.state[0].dispute_rows)]
    parties = np.concatenate([disputes["party_a"], disputes["party_b"]])
    known = np.isin(np.arange(len(world.households)), world.residents["household"][parties])
    visits = world.households["visits"]
    assert visits[known].mean() > 2.0 * visits[~known].mean()
    assert visits[~known].min() >= 1


def test_true_tension_and_hidden_disputes_do_not_move_the_rounds(workers_only: Maker) -> None:
    grid = {"grids": 2, "visits_per_worker_per_day": 5.0, "rounds": "risk_first"}
    visits = []
    for hidden in (0, 200):
        model = workers_only(hidden, stage=6, days=30, grid=grid)
        model.world.residents["tension"][: hidden * 3] = 0.9
        visits.append(model.run().world.households["visits"])
    assert np.array_equal(visits[0], visits[1])
