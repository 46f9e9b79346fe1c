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
from sim.saving import SavedStateError, read_state
from sim.scenario import Scenario

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
