from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.scenario import ScenarioError, library, load_scenario
from sim.scenario.library import find_scenario


def test_names_are_found() -> None:
    assert {"classroom", "chaoyang-street", "jincheng"} <= set(library())
    assert find_scenario("classroom") == library()["classroom"]


def test_a_path_is_a_path(write: Callable[..., Path], valid: str, catalogue: Any) -> None:
    assert load_scenario(str(write(valid)), catalogue=catalogue).people.residents == 5000


def test_a_shipped_name_wins_over_a_folder_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "classroom").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_scenario("classroom") == library()["classroom"]


@pytest.mark.parametrize(
    ("given", "nearest"),
    [("chaoyang-stret", "chaoyang-street"), ("clasroom.yaml", "classroom"), ("x" * 5000, ""), ("a\0b", ""), ("", "")],
)
def test_an_unknown_name_is_told_the_nearest(catalogue: Any, given: str, nearest: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(given, catalogue=catalogue)
    assert caught.value.mistakes[0].nearest == nearest
