"""Levers on grid work: nothing at size zero, only what they say on their dates, township by township."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from griddy import sectors
from hypothesis import given, settings
from hypothesis import strategies as st
from in_full import GRID as ALL_ON
from in_full import STEPS

from sim.codes import Layout, Rounds
from sim.grid.redraw import waiting_cases
from sim.model import TownModel
from sim.world import World

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]
type Levers = list[tuple[str, dict[str, Any]]]

LEVERS: Levers = [
    ("grid_layout", {"layout": "all_in_one", "from_day": 12, "until_day": 18}),
    ("grid_campaign", {"share": 0.5, "dates": ["2023-01-05", "2023-01-25"]}),
    ("seconded_staff", {"staff": 3, "visits_per_day": 4, "weekdays": ["sat", "tue"]}),
    ("micro_grids", {"hear_per_day": 0.1, "from_day": 15}),
    ("case_list", {"after_days": 1.5, "from_day": 16}),
]
SETTINGS = ("regimes",)


def differ(one: TownModel, other: TownModel, besides: tuple[str, ...] = ()) -> list[str]:
    """Return the names of the tables in which two runs differ."""
    tables = {name: table for name, table in one.world._asdict().items() if name not in besides}
    return [name for name, table in tables.items() if getattr(other.world, name).tobytes() != table.tobytes()]


@pytest.mark.parametrize(
    "levers",
    [
        [("grid_layout", {"layout": "all_in_one", "from_day": 3})],
        [("grid_rounds", {"rounds": "rota"})],
        [("grid_rounds", {"rounds": "random", "townships_share": 0})],
        [("grid_hours", {"activity_factor": 1.0, "overtime_hours_most": 0.0, "from_day": 9})],
        [("micro_grids", {"hear_per_day": 0, "from_day": 4})],
        [("micro_grids", {"hear_per_day": 1, "enabled": False})],
        [("whistle", {"at_once_per_township": 0})],
        [("case_list", {"after_days": 2, "townships_share": 0})],
        [("grid_campaign", {"share": 0, "dates": ["2023-01-05"]})],
        [("seconded_staff", {"staff": 0, "visits_per_day": 5})],
    ],
)
def test_a_size_of_nothing_changes_nothing(tiny_model: Maker, levers: Levers) -> None:
    assert differ(tiny_model().run(), tiny_model(levers=levers).run()) == []


@pytest.mark.parametrize(
    ("grid", "parameters"),
    [
        ({"micro_grids": {"hear_per_day": 0}, "whistle": {"at_once_per_township": 0}}, {}),
        ({"activity_rate": 1.0, "overtime_hours_most": 0.0, "list_after_days": 3000.0}, {}),
        ({"sectors": sectors(1, 1)}, {"sector_find_share": 0.9, "risk_visit_days": 7, "whistle_settlement_gain": 2}),
    ],
)
def test_a_mechanism_at_size_zero_is_as_if_it_were_left_out(
    tiny_model: Maker, grid: dict[str, Any], parameters: dict[str, float]
) -> None:
    given_grid = {"grids": 4, **grid}
    plain, neutral = tiny_model().run(), tiny_model(grid=given_grid, parameters=parameters).run()
    assert differ(plain, neutral, ("regimes", "parameters")) == []


@pytest.mark.parametrize(
    ("lever", "grid"),
    [
        (("grid_layout", {"layout": "sectors"}), {"sectors": sectors(1, 1)}),
        (("grid_rounds", {"rounds": "random"}), {}),
        (("grid_hours", {"activity_factor": 0.5}), {}),
        (("micro_grids", {"hear_per_day": 0.1}), {}),
        (("whistle", {"at_once_per_township": 5}), {}),
        (("seconded_staff", {"staff": 5, "visits_per_day": 9}), {}),
        (("grid_campaign", {"share": 0.8}), {}),
    ],
)
def test_before_its_day_a_lever_changes_nothing_and_then_something(
    tiny_model: Maker, rows: Rows, lever: tuple[str, dict[str, Any]], grid: dict[str, Any]
) -> None:
    name, fields = lever
    parts: dict[str, Any] = {"calendar": {"days": 60}, "grid": {"grids": 4, **grid}}
    plain, changed = tiny_model(**parts), tiny_model(levers=[(name, {**fields, "from_day": 20})], **parts)
    for model in (plain, changed):
        model.run_until(20 - 1e-6)
    assert differ(plain, changed, ("helpers", "regimes", "queue")) == []
    for model in (plain, changed):
        model.run()
    assert rows(plain, "disputes").tobytes() != rows(changed, "disputes").tobytes()


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (1 / 3, 1), (0.5, 2), (1.0, 3)])
def test_a_roll_out_reaches_a_share_of_townships_and_then_all(
    tiny_world: Callable[..., World], tiny_model: Maker, share: float, expected: int
) -> None:
    town = {"townships": 3, "communities": 6, "road_nodes": 60}
    fields = {"rounds": "risk_first", "townships_share": share, "from_day": 2, "all_from_day": 5, "until_day": 8}
    levers = [("grid_rounds", fields), ("whistle", {"at_once_per_township": 4, "townships_share": share})]
    model = tiny_model(town=town, grid={"grids": 9}, levers=levers, calendar={"days": 10})
    found = []
    for day in (1.5, 2.5, 5.5, 8.5):
        model.run_until(day)
        found.append((model.world.regimes["rounds"] == Rounds.RISK_FIRST).sum())
        assert (model.world.regimes["whistles_most"] == 4).sum() == expected
    assert found == [0, expected, 3, 0]


def test_sectors_come_to_some_townships_first(tiny_model: Maker) -> None:
    town = {"townships": 2, "communities": 4, "road_nodes": 60}
    levers = [("grid_layout", {"layout": "sectors", "townships_share": 0.5, "from_day": 1})]
    model = tiny_model(town=town, grid={"grids": 8, "sectors": sectors(1, 1)}, levers=levers, calendar={"days": 4})
    model.run_until(2)
    assert model.world.regimes["layers"].tolist() == [2, 0]
    layer_of = model.world.grids["layer"]
    township = model.world.communities["township"][model.world.grids["community"]]
    assert set(layer_of[township == 0].tolist()) == {0, 1}
    assert set(layer_of[township == 1].tolist()) == {-1}
    assert len(model.world.grids) == 8
    assert model.world.workers["active"].sum() == 8


def check_books(model: TownModel, rows: Rows) -> None:
    """Check that every waiting case waits once, where its matter belongs, and that counts and lists agree."""
    world = model.world
    waiting = waiting_cases(world)
    assert len(set(waiting.tolist())) == len(waiting)
    posted = world.grids[world.workers["grid"][world.cases["worker"][waiting]]]
    homes = world.residents["household"][world.disputes["party_a"][world.cases["dispute"][waiting]]]
    assert ((posted["first_household"] <= homes) & (homes < posted["end_household"])).all()
    if world.regimes["layout"][0] == Layout.SECTORS:
        category = world.disputes["category"][world.cases["dispute"][waiting]].astype(int)
        assert np.array_equal(posted["layer"], world.regimes["sector_of"][0][category] % world.regimes["layers"][0])
    queued = np.bincount(world.cases["worker"][waiting], minlength=len(world.workers))
    assert np.array_equal(world.workers["waiting"], queued)
    assert set(world.workers["grid"][world.workers["active"] == 1].tolist()) == set(range(len(world.grids)))


@settings(max_examples=6)
@given(factors=st.lists(st.sampled_from([0.5, 1.0, 1.5, 2.0, 4.0]), min_size=1, max_size=4), seed=st.integers(1, 99))
def test_with_all_of_it_on_redrawing_loses_no_case(
    tiny_model: Maker, rows: Rows, factors: list[float], seed: int
) -> None:
    rates = {"dispute_rate_per_1000_per_year": 6000.0, "report_per_day": [0.2] * 9, **STEPS}
    model = tiny_model(seed=seed, grid=ALL_ON, levers=LEVERS, parameters=rates, calendar={"days": 30})
    for day, factor in enumerate(factors, start=10):
        model.run_until(day + 0.45)
        before = set(waiting_cases(model.world).tolist())
        model.set_grid_factor(factor)
        after = set(waiting_cases(model.world).tolist())
        assert after == before
        check_books(model, rows)
    model.run()
    check_books(model, rows)
    cases = rows(model, "cases")
    of_grid = cases["worker"] != -1
    begun = ~np.isnan(cases["acted"])
    in_hand = int((model.world.workers["task"] == 2).sum())
    assert model.world.workers["cases"].sum() + in_hand == (of_grid & begun).sum(), "no case is worked on twice"
    regime = model.world.regimes[0]
    open_joint = (cases["joined"] != 0) & np.isnan(cases["closed"]) & (cases["withdrawn"] == 0)
    assert 0 <= regime.whistles_open <= 2
    assert regime.whistles_open <= open_joint.sum() + (cases["withdrawn"] & (cases["joined"] != 0)).sum()


def test_a_run_with_all_of_it_on_is_cut_and_resumed_without_a_difference(tiny_model: Maker, tmp_path: Any) -> None:
    rates = {"dispute_rate_per_1000_per_year": 6000.0, **STEPS}
    parts: dict[str, Any] = {"grid": ALL_ON, "levers": LEVERS, "parameters": rates, "calendar": {"days": 26}}
    whole = tiny_model(**parts).run()
    cut = tiny_model(**parts)
    cut.run_until(13.4)
    cut.save(tmp_path / "state.npz")
    resumed = TownModel.resume(tmp_path / "state.npz").run()
    for name in ("cases", "disputes", "workers", "helpers", "regimes", "visit_order", "grids", "series", "households"):
        mine, theirs = (getattr(model.world, name) for model in (whole, resumed))
        length = min(len(mine), len(theirs))
        for field in mine.dtype.names:  # what lies between the fields is not saved
            assert mine[field][:length].tobytes() == theirs[field][:length].tobytes(), f"{name}.{field}"
