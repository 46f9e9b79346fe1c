"""Saved states: there whole or not at all, and refused with a reason when they cannot be used."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import TownModel
from sim.codes import Task
from sim.events import Kind
from sim.saved_columns import CHANGED, EVENT_ROWS, GROWING, LAID_OUT, POINTS, RANGES
from sim.saving import SavedStateError, read_state, wrong_values
from sim.scenario import Scenario
from sim.world import DTYPES

Tiny = Callable[..., Scenario]


@pytest.fixture(scope="module")
def saved(tiny_scenario: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state saved on day 5 of the tiny town."""
    model = TownModel(tiny_scenario(), seed=2)
    model.run_until(5)
    path = tmp_path_factory.mktemp("saved") / "state.npz"
    model.save(path)
    return path


def test_a_saved_state_says_when_and_what_it_is(saved: Path) -> None:
    about, tables = read_state(saved)
    assert (about["time"], about["steps"], about["seed"]) == (5.0, 5, 2)
    assert about["scenario"]["people"]["residents"] == 500
    assert len(tables["residents"]) == 500


def test_a_resumed_model_knows_its_staff_and_goes_on_daily(saved: Path) -> None:
    model = TownModel.resume(saved)
    assert model.time == 5.0
    assert len(model.agents) == 500 + len(model.world.workers) + len(model.world.mediators) + len(model.world.units)
    model.step()
    assert (model.time, model.steps) == (6.0, 6)


def test_saving_over_a_state_replaces_it(tiny_scenario: Tiny, tmp_path: Path) -> None:
    model = TownModel(tiny_scenario(), seed=1)
    for day in (1, 3):
        model.run_until(day)
        model.save(tmp_path / "state.npz")
    assert read_state(tmp_path / "state.npz")[0]["time"] == 3.0
    assert [path.name for path in tmp_path.iterdir()] == ["state.npz"]


def test_nothing_is_left_behind_when_the_disk_is_full(
    tiny_scenario: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any, **_kws: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space left"):
        TownModel(tiny_scenario(), seed=1).save(tmp_path / "state.npz")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SavedStateError, match=r"nothing\.npz does not exist"):
        read_state(tmp_path / "nothing.npz")


@settings(max_examples=30, deadline=None)
@given(cut=st.floats(0, 0.999), noise=st.binary(min_size=0, max_size=64))
def test_a_damaged_file_is_refused(
    saved: Path, tmp_path_factory: pytest.TempPathFactory, cut: float, noise: bytes
) -> None:
    whole = saved.read_bytes()
    path = tmp_path_factory.mktemp("damaged") / "state.npz"
    path.write_bytes(whole[: int(len(whole) * cut)] + noise)
    with pytest.raises(SavedStateError, match=r"no saved state|damaged"):
        read_state(path)


def rewritten(saved: Path, path: Path, **changes: Any) -> Path:
    """Write a saved state again with other things said about it."""
    with np.load(saved, allow_pickle=False) as arrays:
        tables = {name: arrays[name] for name in arrays.files if name != "about"}
        about = {**json.loads(str(arrays["about"])), **changes}
    np.savez(path, allow_pickle=False, about=np.array(json.dumps(about)), **tables)
    return path


@pytest.mark.parametrize("changes", [{"source": "0123456789abcdef"}, {"format": 0}])
def test_a_state_of_another_version_is_refused(saved: Path, tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(SavedStateError, match="another version"):
        read_state(rewritten(saved, tmp_path / "state.npz", **changes))


def test_no_pickled_object_is_ever_loaded(saved: Path, tmp_path: Path) -> None:
    with np.load(saved, allow_pickle=False) as arrays:
        tables = {name: arrays[name] for name in arrays.files}
    tables["residents"] = np.array([{"a": 1}], dtype=object)
    np.savez(tmp_path / "state.npz", allow_pickle=True, **tables)
    with pytest.raises(SavedStateError, match="damaged"):
        read_state(tmp_path / "state.npz")


def test_a_table_of_another_shape_is_refused(saved: Path, tmp_path: Path) -> None:
    with np.load(saved, allow_pickle=False) as arrays:
        tables = {name: arrays[name] for name in arrays.files}
    tables["residents"] = np.zeros(3)
    np.savez(tmp_path / "state.npz", allow_pickle=False, **tables)
    with pytest.raises(SavedStateError, match="residents"):
        read_state(tmp_path / "state.npz")


@pytest.mark.parametrize("name", ["seed", "time", "steps", "bases", "words", "scenario"])
@pytest.mark.parametrize("value", [None, "text", [1], -1])
def test_a_state_that_says_too_little_about_itself_is_refused(
    saved: Path, tmp_path: Path, name: str, value: Any
) -> None:
    with pytest.raises(SavedStateError, match=name):
        TownModel.resume(rewritten(saved, tmp_path / "state.npz", **{name: value}))


def with_table(saved: Path, path: Path, name: str, table: Any) -> Path:
    """Write a saved state again with another array of a name."""
    with np.load(saved, allow_pickle=False) as arrays:
        tables = {one: arrays[one] for one in arrays.files}
    np.savez(path, allow_pickle=False, **{**tables, name: table})
    return path


@pytest.mark.parametrize("value", [[], "text", 3])
def test_a_state_that_says_something_else_is_refused(saved: Path, tmp_path: Path, value: Any) -> None:
    path = with_table(saved, tmp_path / "state.npz", "about", np.array(json.dumps(value)))
    with pytest.raises(SavedStateError, match="says nothing about itself"):
        read_state(path)


def test_a_scenario_that_cannot_be_used_is_refused(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(SavedStateError, match="cannot be used here"):
        TownModel.resume(rewritten(saved, tmp_path / "state.npz", scenario={"people": {"residents": -1}}))


@pytest.mark.parametrize("table", ["residents", "days", "series", "streams", "units", "queue", "state"])
def test_a_table_with_other_rows_is_refused(saved: Path, tmp_path: Path, table: str) -> None:
    rows = read_state(saved)[1][table][:0]
    with pytest.raises(SavedStateError, match=table):
        TownModel.resume(with_table(saved, tmp_path / "state.npz", table, rows))


COUNTS = {  # integers by which nothing is found, and those that are checked beside another column
    "residents": {"adult", "migrant", "merchant"},
    "households": {"visits", "members"},
    "communities": {"merchants"},
    "districts": {"residents"},
    "days": {"workday"},
    "handling": {"triage"},
    "workers": {"grid", "active", "task_row", "visits_today", "today", "version", "visits", "cases"}
    | {"waiting", "visits_by_order", "days_worked"},
    "regimes": {"micro_grid_households", "whistles_most", "whistles_open", "whistles", "handed_over"}
    | {"hand_overs_lost", "hearing_version", "list_version"},
    "helpers": {"active", "today", "visits_today", "version", "visits", "days"},
    "visit_order": {"cases"},
    "offices": {"opening_due", "working", "waiting", "passed_on"},
    "hand_overs": {"sent", "lost"},
    "practice": {"court"},
    "mediators": {"active", "sessions"},
    "disputes": {"address", "settled", "moves", "version", "visits_missed", "handlings", "calls", "violence"}
    | {"sortings", "gradings", "not_booked", "advised", "confirmed", "breached", "referred_colour"},
    "cases": {
        "urgent",
        "closed_early",
        "lost",
        "refused",
        "handling",
        "hurried",
        "discovered",
        "listed",
        "sessions",
        "true_settled",
        "recorded_settled",
        "passed_up",
        "withdrawn",
    },
    "sessions": {"number", "settled", "people"},
    "calls": {
        *("address", "queue_met", "version", "defused", "units_wanted", "units_sent", "units_engaged", "queued"),
    },
    "dispatches": {"number"},
    "units": {
        *("on_shift", "on_duty_at", "break_due", "break_taken", "surge", "shift_weekdays", "goal"),
        *("version", "shift_version", "patrol_moves", "answered"),
    },
    "spots": {"visits"},
    "flights": {"units"},
}


def test_every_column_of_rows_is_known() -> None:
    """A new column of the world is either checked or said to find nothing."""
    ranges = {(table, column) for table, first, end, _ in RANGES for column in (first, end)}
    for table, dtype in DTYPES.items():
        if table in ("state", "series", "queue", *LAID_OUT, *CHANGED):
            continue
        for column in dtype.names or ():
            if dtype[column].kind == "i" and (table, column) not in ranges:
                known = column in POINTS.get(table, {}), column in COUNTS.get(table, set())
                assert sum(known) == 1, f"{table}.{column}"


def test_every_kind_of_event_has_its_table() -> None:
    assert set(EVENT_ROWS) == set(Kind)


@pytest.fixture(scope="module")
def busy(tiny_scenario: Tiny) -> TownModel:
    """A town in which all kinds of rows are in use, and whose additional staff has gone again."""
    rates = {"dispute_rate_per_1000_per_year": 6000.0, "background_calls_per_1000_per_year": 6000.0}
    levers: list[tuple[str, dict[str, Any]]] = [("grid_density", {"factor": 2.0, "until_day": 8.0})]
    levers += [("mediators", {"factor": 2.0, "until_day": 7.0})]
    levers += [("seconded_staff", {"staff": 2, "visits_per_day": 3.0}), ("grid_rounds", {"rounds": "risk_first"})]
    rounds = {"name": "rounds", "units": 2, "posts": 1, "mode": "hot_spots"}
    part = {"groups": [rounds], "containment": {"flights_per_year": 400}}
    model = TownModel(tiny_scenario(parameters=rates, levers=levers, response=part), seed=4)
    model.run_until(12.3)
    return model


def copied(model: TownModel) -> dict[str, Any]:
    return {name: np.array(one).view(np.recarray) for name, one in model.world._asdict().items()}


def faults(model: TownModel, table: str, column: str, row: int, value: int) -> list[str]:
    """Return what is found wrong when one value of a model's tables is another."""
    tables = copied(model)
    part = tables[table].reshape(-1)
    part[column][row % len(part)] = value
    return wrong_values(model.plan, tables)


def test_what_a_run_writes_is_never_refused(busy: TownModel) -> None:
    assert wrong_values(busy.plan, copied(busy)) == []
    assert min(busy.world.state[0][count] for count in GROWING.values()) > 0


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_row_that_is_not_there_is_refused(busy: TownModel, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(POINTS)))
    column = data.draw(st.sampled_from(sorted(POINTS[table])))
    info = np.iinfo(getattr(busy.world, table).dtype[column].base)
    target = POINTS[table][column].target
    longest = len(getattr(busy.world, target)) if target in DTYPES else 20
    rows = int(busy.world.state[0][GROWING[table]]) if table in GROWING else getattr(busy.world, table).size
    wrong = st.integers(int(info.min), -2) | st.integers(min(longest, int(info.max)), int(info.max))
    assert f"{table}.{column}" in faults(busy, table, column, data.draw(st.integers(0, rows - 1)), data.draw(wrong))


@settings(max_examples=50, deadline=None)
@given(
    part=st.sampled_from([(table, column) for table, first, end, _ in RANGES for column in (first, end)]),
    row=st.integers(0, 1000),
    value=st.integers(-(2**31), -1) | st.integers(2**20, 2**31 - 1),
)
def test_a_range_that_leads_out_is_refused(busy: TownModel, part: tuple[str, str], row: int, value: int) -> None:
    assert f"{part[0]}.{part[1]}" in faults(busy, *part, row, value)


@pytest.mark.parametrize(
    ("table", "column", "row", "value", "fault"),
    [
        ("queue", "row", 0, -1, "queue.row"),
        ("queue", "row", 0, 10**6, "queue.row"),
        ("queue", "row", 1, -1, "queue.row"),
        ("queue", "row", 1, 10**6, "queue.row"),
        ("queue", "kind", 1, 99, "queue.kind"),
        ("queue", "kind", 1, -1, "queue.kind"),
        ("queue", "time", 1, -1, "queue.time"),
        ("state", "dispute_rows", 0, 10**6, "state.dispute_rows"),
        ("state", "call_rows", 0, -1, "state.call_rows"),
        ("state", "room", 0, 0, "state.room"),
        ("households", "members", 3, 30_000, "households.members"),
        ("workers", "grid", 0, 10**6, "workers.grid"),
    ],
)
def test_a_header_that_leads_out_is_refused(
    busy: TownModel, table: str, column: str, row: int, value: int, fault: str
) -> None:
    assert fault in faults(busy, table, column, row, value)


@pytest.mark.parametrize(("task", "table"), [(Task.VISIT, "households"), (Task.CASE, "cases")])
def test_a_task_that_is_not_there_is_refused(busy: TownModel, task: Task, table: str) -> None:
    tables = copied(busy)
    tables["workers"]["task"][0] = task
    tables["workers"]["task_row"][0] = len(tables[table])
    assert "workers.task_row" in wrong_values(busy.plan, tables)
    tables["workers"]["task_row"][0] = 0
    assert wrong_values(busy.plan, tables) == []


def test_a_moment_that_is_no_number_is_refused(busy: TownModel) -> None:
    tables = copied(busy)
    tables["queue"]["time"][1] = np.nan
    assert "queue.time" in wrong_values(busy.plan, tables)
