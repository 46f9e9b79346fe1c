"""Interventions of other packages are part of the model's version."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.study.plugins import hash_of_plugins

RULES = "from sim.interventions import Intervention\n\n\nclass Loan(Intervention):\n    name = 'loan'\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages: one of several files, one of a single module, one within a namespace."""
    for name, value in {
        "loan": "loans.levers:Loan",
        "single": "alone:Loan",
        "shared": "common.ours.inner:Loan",
    }.items():
        about = tmp_path / f"{name}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[gridtown.interventions]\n{name} = {value}\n")
    for file in ("loans/__init__.py", "loans/levers.py", "loans/deep/__init__.py", "loans/deep/rules.py", "alone.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(RULES)
    for file in ("common/ours/__init__.py", "common/ours/inner.py", "common/theirs/__init__.py", "loans/rates.csv"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("x = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "file", ["loans/deep/rules.py", "loans/levers.py", "loans/rates.csv", "alone.py", "common/ours/inner.py"]
)
def test_any_file_of_a_package_changes_it(site: Path, file: str) -> None:
    before = hash_of_plugins()
    assert hash_of_plugins() == before
    (site / file).write_text("x = 2\n")
    assert hash_of_plugins() != before
    (site / file).unlink()
    assert hash_of_plugins() != before


@pytest.mark.parametrize(
    "file",
    ["loans/__pycache__/levers.pyc", "loans/.levers.py.swp", "common/theirs/__init__.py", "other.py"],
)
def test_other_files_do_not(site: Path, file: str) -> None:
    before = hash_of_plugins()
    (site / file).parent.mkdir(exist_ok=True)
    (site / file).write_text("y = 3\n")
    assert hash_of_plugins() == before


def test_one_that_cannot_be_found_or_is_new_is_told_from_none(site: Path) -> None:
    before = hash_of_plugins()
    (site / "alone.py").unlink()
    gone = hash_of_plugins()
    (site / "single-1.0.dist-info" / "entry_points.txt").unlink()
    assert len({before, gone, hash_of_plugins()}) == 3


def test_without_any_there_is_nothing_to_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.plugins.entry_points", lambda **_: [])
    assert hash_of_plugins() == ""


def test_a_changed_package_makes_runs_anew(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / "single-1.0.dist-info" / "entry_points.txt").unlink()
    (site / "shared-1.0.dist-info" / "entry_points.txt").unlink()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), *sys.path]))

    def names() -> list[str]:
        program = (
            "from sim.interventions import catalogue\nfrom sim.scenario import find_scenario, load_scenario\n"
            "from sim.study import model_version, run_id\nfrom sim.study.runner.branching import warm_up_key\n"
            "classroom = load_scenario(find_scenario('classroom'), catalogue=catalogue())\n"
            "print(model_version(), run_id(classroom, 1), warm_up_key(classroom, 3))"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        return done.stdout.split()

    first = names()
    assert names() == first
    (site / "loans" / "deep" / "rules.py").write_text("x = 2\n")
    assert [one == other for one, other in zip(first, names(), strict=True)] == [False, False, False]
