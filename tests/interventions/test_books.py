"""The levers of triage and books: sizes of nothing, dates, and what they set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.codes import Category, Channel, Colour
from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

EVERY = [category.name.lower() for category in Category]
IDLE = {name: {"visits_per_month": 0} for name in ("blue", "green", "yellow", "orange", "red")}
LIVELY = {"report_per_day": [0.1] * 9}


def same(one: TownModel, other: TownModel) -> list[str]:
    """Return the names of the tables in which two runs differ."""
    return [
        name for name, table in one.world._asdict().items() if getattr(other.world, name).tobytes() != table.tobytes()
    ]


@pytest.mark.parametrize(
    "lever",
    [
        ("three_affairs", {"enabled": False}),
        ("three_affairs", {"from_day": 41}),
        ("colour_grading", {"enabled": False}),
        ("small_matters", {"stage_limit": 3}),
        ("recording_target", {"target": {"kind": "settlement_rate", "size": 0.0}}),
        ("recording_target", {"target": {"kind": "cut", "size": 0.0}, "from_day": 4.4}),
    ],
)
def test_a_size_of_nothing_changes_nothing(tiny_model: Maker, lever: tuple[str, dict[str, Any]]) -> None:
    assert same(tiny_model(parameters=LIVELY).run(), tiny_model(levers=[lever], parameters=LIVELY).run()) == []


def test_colours_that_bring_nothing_change_no_course(tiny_model: Maker) -> None:
    idle = ("colour_grading", {"grading": {"categories": EVERY, "colours": IDLE}})
    plain, coloured = tiny_model(parameters=LIVELY).run(), tiny_model(levers=[idle], parameters=LIVELY).run()
    for table in ("cases", "sessions", "calls", "residents", "workers"):
        assert getattr(plain.world, table).tobytes() == getattr(coloured.world, table).tobytes(), table
    for column in ("stage", "ended", "end_channel", "left", "found"):
        assert plain.world.disputes[column].tobytes() == coloured.world.disputes[column].tobytes(), column
    assert coloured.world.series["gradings"].sum() > 20


@pytest.mark.parametrize(
    "lever",
    [
        ("three_affairs", {}),
        ("colour_grading", {"grading": {"categories": EVERY}}),
        ("small_matters", {"stage_limit": 1}),
        ("recording_target", {"target": {"kind": "fewer_opened", "size": 0.8}}),
        ("recording_target", {"target": {"kind": "closed_in_time", "size": 1.0, "within_days": 1.0}}),
    ],
)
def test_before_its_day_a_lever_changes_nothing_and_then_something(
    tiny_model: Maker, lever: tuple[str, dict[str, Any]]
) -> None:
    name, fields = lever
    plain = tiny_model(parameters=LIVELY)
    changed = tiny_model(levers=[(name, {**fields, "from_day": 15})], parameters=LIVELY)
    for model in (plain, changed):
        model.run_until(15 - 1e-6)
    assert same(plain, changed) == []
    for model in (plain, changed):
        model.run()
    assert "cases" in same(plain, changed)


def test_levers_end_on_their_day(tiny_model: Maker) -> None:
    ends = {"until_day": 5.0}
    levers = [
        ("three_affairs", ends),
        ("small_matters", {"stage_limit": 5, **ends}),
        ("colour_grading", ends),
        ("recording_target", {"target": {"kind": "closed_in_time", "size": 0.5}, **ends}),
    ]
    model = tiny_model(levers=levers, books={"targets": [{"kind": "cut", "size": 1.0}]})
    handling = model.world.handling[0]
    during = (handling.triage, handling.grid_stage_limit, handling.graded.sum(), handling.close_early)
    assert during == (1, 5.0, 1, 0.5)
    assert handling.not_open == pytest.approx(0.15)
    model.run_until(6)
    handling = model.world.handling[0]
    after = (handling.triage, handling.grid_stage_limit, handling.graded.sum(), handling.close_early)
    assert after == (0, 3.0, 0, 0.0)
    assert handling.not_open == pytest.approx(0.15), "the scenario's own target stays"


def test_the_last_grading_counts(tiny_model: Maker) -> None:
    red = {**IDLE, "red": {"visits_per_month": 9, "refer_up": True}}
    levers = [
        ("colour_grading", {}),
        ("colour_grading", {"grading": {"categories": ["medical"], "colours": red}}),
    ]
    handling = tiny_model(levers=levers).world.handling[0]
    assert handling.graded.nonzero()[0].tolist() == [Category.MEDICAL]
    assert handling.visits_per_month.tolist() == [0.0] * Colour.RED + [9.0]
    assert handling.refer_up.tolist() == [0] * Colour.RED + [1]


def test_small_matters_stay_in_the_grid_up_to_the_limit(tiny_model: Maker, rows: Rows) -> None:
    seen = []
    for limit in (1, 9):
        model = tiny_model(levers=[("small_matters", {"stage_limit": limit})], parameters=LIVELY).run()
        cases = rows(model, "cases")
        reported = cases[(cases["discovered"] == 0) & (cases["passed_from"] == -1)]
        seen.append(float((reported["channel"] == Channel.GRID).mean()))
    assert seen[0] < seen[1]


def test_a_run_cut_and_resumed_equals_the_uncut_one(tiny_model: Maker, tmp_path: Path) -> None:
    levers = [
        ("three_affairs", {"from_day": 3}),
        ("colour_grading", {"grading": {"categories": EVERY}}),
        ("recording_target", {"target": {"kind": "closed_in_time", "size": 0.5, "within_days": 3.0}}),
    ]
    whole = tiny_model(levers=levers, parameters=LIVELY).run()
    cut = tiny_model(levers=levers, parameters=LIVELY)
    cut.run_until(12.4)
    cut.save(tmp_path / "state.npz")
    resumed = TownModel.resume(tmp_path / "state.npz").run()
    # Field by field: a file keeps no padding. Of a table that grows, the rows in use.
    for name in ("handling", "disputes", "cases", "sessions", "workers", "residents", "series"):
        one, other = getattr(whole.world, name), getattr(resumed.world, name)
        rows = int(whole.world.state[0][f"{name[:-1]}_rows"]) if name in ("disputes", "cases", "sessions") else len(one)
        for column in one.dtype.names:
            assert one[column][:rows].tobytes() == other[column][:rows].tobytes(), f"{name}.{column}"
    assert whole.world.series["true_closed_early"].sum() > 0
    assert whole.world.series["gradings"].sum() > 0
