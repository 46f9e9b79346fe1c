"""A search that is killed: the same command goes on where it was, and finds what an unbroken search finds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil
import pytest
from hamlets import HAMLET
from typer.testing import CliRunner

from sim.cli import app
from sim.study import Found, Progress, found_in, load_search, search_for
from sim.study.run import run_one

COMMAND = ["search", "enough.yaml", "--store", "store", "--jobs", "1", "--json"]
ROOT = Path(__file__).resolve().parents[3]
SEARCH = """\
name: enough
base: hamlet.yaml
factors:
  - {name: mediators, field: mediation.mediators, low: 1, high: 4, whole: true}
  - {name: grids, field: grid.grids, levels: [2, 4, 8]}
objectives: [{outcome: cost_total_yuan}]
targets: [{outcome: recorded_found_share, at_least: 0.1, probability: 0.5}]
replications: {first: 2, most: 4, check: 4, finalists: 2}
budget: {runs: 44}
"""


def started(folder: Path) -> subprocess.Popen[str]:
    """Start the command in processes of their own group."""
    program = "from sim.cli import app; app()"
    return subprocess.Popen(
        [sys.executable, "-c", program, *COMMAND],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def runs_in(store: Path) -> list[Path]:
    """Return the records of a store's finished runs."""
    return list((store / "runs").glob("*/*/run.json"))


def kill_at(process: subprocess.Popen[str], store: Path, runs: int) -> None:
    """Kill a command and all its processes as soon as its store has so many runs."""
    end = time.monotonic() + 60
    while len(runs_in(store)) < runs:
        assert time.monotonic() < end, "the search does not get on"
        assert process.poll() is None, "the search ended by itself"
        time.sleep(0.005)
    below = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    psutil.wait_procs(below, timeout=20)


def unbroken(folder: Path) -> Found:
    """Return what the search finds when its runs are made here, one after the other, without a store."""
    plan = load_search(folder / "enough.yaml")

    def here(asked: Any) -> Any:
        points = plan.points(asked)
        return [run_one(point.scenario, one.seed).outcomes for one, point in zip(asked, points, strict=True)]

    return search_for(plan.search, here)


@pytest.mark.slow
def test_a_killed_search_goes_on_and_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hamlet.yaml").write_text(json.dumps(HAMLET), encoding="utf-8")
    (tmp_path / "enough.yaml").write_text(SEARCH, encoding="utf-8")
    store = tmp_path / "store"
    kill_at(started(tmp_path), store, runs=18)  # when it has learnt from some
    there = len(runs_in(store))

    steps: list[Progress] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(import_module("sim.commands.search"), "follow", lambda step, _: steps.append(step))
    done = CliRunner().invoke(app, COMMAND, catch_exceptions=False)
    assert done.exit_code == 0
    said, whole = json.loads(done.stdout), unbroken(tmp_path)
    assert 18 <= there < whole.runs
    # Nothing was run twice.
    assert sum(step.step == "finished" for step in steps) == whole.runs - there
    assert len(runs_in(store)) == said["runs"] == whole.runs
    assert said["points"] == whole.points.to_dict(orient="records")
    kept = found_in(str(store), "enough")
    assert kept.found.points.equals(whole.points)
    assert kept.found.finalists == whole.finalists
    assert (kept.found.best, kept.found.ended, kept.failures) == (whole.best, whole.ended, [])
