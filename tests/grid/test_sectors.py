"""Sector grids: layers over the same households with as many grids as all-in-one, and matters handed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from griddy import sectors
from scipy import stats

from sim.codes import NOBODY, Category, Channel, Finding
from sim.engine.compiled import from_python
from sim.grid.sectors import grid_for
from sim.model import TownModel
from sim.world import World

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]


def layered(shares: tuple[float, ...], **more: Any) -> dict[str, Any]:
    return {"layout": "sectors", "sectors": sectors(*shares), **more}


@pytest.mark.parametrize(
    ("grids", "shares"), [(4, (1.0, 1.0)), (9, (1.0, 2.0, 1.0)), (7, (5.0, 1.0)), (15, (1.0,) * 15)]
)
def test_each_layer_partitions_the_households_and_grids_are_as_many(
    tiny_world: Callable[..., World], grids: int, shares: tuple[float, ...]
) -> None:
    world = tiny_world(grid=layered(shares, grids=grids))
    assert len(world.grids) == grids
    assert len(world.workers) == grids
    for layer in range(len(shares)):
        mine = world.grids[world.grids["layer"] == layer]
        assert mine["first_household"][0] == 0
        assert mine["end_household"][-1] == len(world.households)
        assert np.array_equal(mine["first_household"][1:], mine["end_household"][:-1])
        assert np.ptp(mine["end_household"] - mine["first_household"]) <= 1


def test_a_matter_belongs_to_the_grid_of_its_layer_around_the_household(tiny_world: Callable[..., World]) -> None:
    world = tiny_world(grid=layered((1.0, 2.0, 3.0), grids=11))
    for category in (Category.NEIGHBOUR, Category.CONSUMER, Category.PUBLIC_ORDER):
        for household in range(len(world.households)):
            grid = world.grids[from_python(grid_for)(world, household, category)]
            assert grid.layer == category % 3
            assert grid.first_household <= household < grid.end_household
    plain = tiny_world(grid={"grids": 11})
    assert (plain.grids["layer"] == NOBODY).all()
    for household in (0, 50, len(plain.households) - 1):
        assert from_python(grid_for)(plain, household, Category.SCHOOL) == plain.households["grid"][household]


def test_borders_of_layers_cross(tiny_world: Callable[..., World]) -> None:
    world = tiny_world(grid=layered((2.0, 3.0), grids=5))
    first, second = (set(world.grids["first_household"][world.grids["layer"] == layer].tolist()) for layer in (0, 1))
    assert first - second
    assert second - first


def found(workers_only: Maker, rows: Rows, **more: Any) -> tuple[TownModel, Any]:
    """Return a model in which all neighbours' disputes are looked for by two sectors, one of which has them."""
    settings = {"discovery_probability": 0.5, "visit_minutes": 5.0, "walking_speed_kmh": 50.0, "grid_case_hours": 0.01}
    grid = layered((1.0, 1.0), grids=6, visits_per_worker_per_day=40.0)
    model = workers_only(900, days=9, grid=grid, **(settings | more)).run()
    cases = rows(model, "cases")
    return model, cases[cases["channel"] == Channel.GRID]


def test_other_sectors_matters_are_found_seldom_late_and_may_get_lost(workers_only: Maker, rows: Rows) -> None:
    model, cases = found(workers_only, rows, sector_find_share=0.5, sector_hand_over_loss=0.25, sector_hand_over_days=2)
    handed = int(model.world.regimes["handed_over"].sum())
    lost = int(model.world.regimes["hand_overs_lost"].sum())
    assert handed > 100
    assert stats.binomtest(lost, handed + lost, 0.25).pvalue > 0.001
    late = cases[cases["found_how"] == Finding.HAND_OVER]
    assert 0 < len(late) <= handed
    assert late["opened"].min() >= 1 + 9 / 24 + 2
    assert (model.world.grids["layer"][model.world.workers["grid"][cases["worker"]]] == 0).all()


@pytest.mark.parametrize("setting", [{"sector_find_share": 0.0}, {"sector_hand_over_loss": 1.0}])
def test_limits_without_hand_over(workers_only: Maker, rows: Rows, setting: dict[str, float]) -> None:
    model, cases = found(workers_only, rows, **setting)
    assert (cases["found_how"] == Finding.VISIT).all()
    assert model.world.regimes["handed_over"].sum() == 0
    assert (model.world.regimes["hand_overs_lost"].sum() > 0) == ("sector_hand_over_loss" in setting)


def test_sectors_find_less_than_all_in_one_with_the_same_staff(workers_only: Maker, rows: Rows) -> None:
    finds = []
    for layout in ("all_in_one", "sectors"):
        grid = layered((1.0, 1.0), grids=6) | {"layout": layout}
        model = workers_only(900, days=20, grid=grid, discovery_probability=0.5, grid_case_hours=0.01).run()
        assert len(model.world.workers) == 6
        finds.append(int((~np.isnan(rows(model, "disputes")["found"])).sum()))
    assert finds[1] < finds[0]
