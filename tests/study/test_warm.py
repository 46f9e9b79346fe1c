"""The rules are compiled once on a machine, whoever comes first."""

from pathlib import Path

import pytest

from sim.scenario import Scenario
from sim.study import warm


def test_the_first_compiles_and_the_others_find_it_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    real = warm.smallest_scenario

    def counted() -> Scenario:
        made.append(1)
        return real()

    monkeypatch.setattr(warm, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(warm, "smallest_scenario", counted)
    assert not warm.is_compiled()
    warm.get_ready.__wrapped__()
    assert warm.is_compiled()
    warm.get_ready.__wrapped__()
    assert made == [1]


def test_what_goes_wrong_is_left_to_the_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(warm, "smallest_scenario", lambda: 1 / 0)
    warm.get_ready.__wrapped__()
    assert not warm.is_compiled()
