"""``gridtown experiment`` and ``experiments``: what they say, refuse, and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

import sim.study
from sim.commands.experiment_lines import duration
from sim.study import Ending, Failure, experiments

Command = Callable[..., Result]

STUDY = """\
title: Grids and mediators
base: tiny.yaml
set: {calendar.days: 4}
factors:
  - {name: density, field: grid.grids, levels: [4, 8]}
  - {name: staff, field: mediation.mediators, levels: [1, 2]}
design: {kind: factorial}
replications: 2
"""


@pytest.fixture
def study(folder: Path) -> Path:
    """Return an experiment file about the tiny town."""
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return folder / "study.yaml"


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """Let experiments end as told, without running; return what was asked of the runner."""

    def end(ending: Ending) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = []

        def run(plan: Any, store: Any, **options: Any) -> Ending:
            asked.append({"plan": plan, "store": store, **options})
            return ending

        monkeypatch.setattr(sim.study, "run_experiment", run)
        return asked

    return end


def test_a_dry_run_says_what_it_takes_and_stores_nothing(gridtown: Command, study: Path) -> None:
    done = gridtown("experiment", study.name, "--dry-run")
    assert done.exit_code == 0
    assert "study: factorial of 2 factors on tiny.yaml" in done.stdout
    assert "4 points x 2 replications = 8 runs" in done.stdout
    assert "none there; 8 runs to make" in done.stdout
    assert "4 runs made to judge by" in done.stdout
    assert "about" in done.stdout
    assert not (study.parent / "results").exists()
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80


def test_a_dry_run_as_data(gridtown: Command, study: Path) -> None:
    told = json.loads(gridtown("experiment", study.name, "--dry-run", "--json", "--jobs", "1").stdout)
    assert (told["points"], told["runs"], told["to_run"], told["jobs"]) == (4, 8, 8, 1)
    assert len(told["sample"]) == 4
    assert told["hours"]["least"] <= told["hours"]["mean"] <= told["hours"]["most"]


def test_an_experiment_is_run_and_gone_on_with(gridtown: Command, study: Path) -> None:
    done = gridtown("experiment", study.name, "--jobs", "1", "--store", "kept")
    assert done.exit_code == 0, done.stderr
    assert "8 runs made, 0 runs there before." in done.stdout
    assert "gridtown results study --store kept" in done.stdout
    again = gridtown("experiment", study.name, "--jobs", "1", "--store", "kept", "--json")
    assert json.loads(again.stdout)["skipped"] == 8
    refused = gridtown("experiment", study.name, "--store", "kept", "--no-resume")
    assert refused.exit_code == 2
    assert "8 of the 8 runs already" in refused.stderr
    dry = gridtown("experiment", study.name, "--store", "kept", "--dry-run")
    assert "nothing to make" in dry.stdout


def test_mistakes_are_told_before_anything_runs(gridtown: Command, study: Path) -> None:
    study.write_text(STUDY.replace("grid.grids", "grid.gridz") + "budget: {runs: 7}\n", encoding="utf-8")
    done = gridtown("experiment", study.name)
    assert done.exit_code == 2
    assert "study.yaml:5: factors.0.field" in done.stderr
    assert 'did you mean "grids"?' in done.stderr
    assert "study.yaml:9: budget.runs" in done.stderr
    assert not (study.parent / "results").exists()


def test_an_intervention_that_never_acts_is_told(gridtown: Command, study: Path, ended: Any) -> None:
    ended(Ending(0, 0, []))
    lever = "  - {name: x, intervention: grid_density, settings: {from_day: 4}, field: factor, levels: [1, 2]}\n"
    study.write_text(STUDY.replace("design:", lever + "design:"), encoding="utf-8")
    done = gridtown("experiment", study.name)
    assert done.exit_code == 0
    assert done.stderr.count("begins on day 4, after the run's 4 days") == 1


def test_what_a_cluster_without_workers_takes_is_not_known(
    gridtown: Command, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.workers_at", {"tcp://there:8786": 0}.__getitem__)
    told = gridtown("experiment", str(study), "--dry-run", "--scheduler", "tcp://there:8786")
    assert told.exit_code == 0
    assert "not known: the cluster has no workers yet" in told.stdout


def test_a_budget_of_time_or_space_is_held_by_a_sample(gridtown: Command, study: Path) -> None:
    study.write_text(STUDY + "budget: {hours: 0.0000001, gigabytes: 0.0000001}\n", encoding="utf-8")
    done = gridtown("experiment", study.name)
    assert done.exit_code == 2
    assert "budget.hours: given 8 runs of" in done.stderr
    assert "budget.gigabytes: given 8 runs: about" in done.stderr
    dry = gridtown("experiment", study.name, "--dry-run")
    assert dry.exit_code == 2
    assert "8 runs to make" in dry.stdout
    assert not (study.parent / "results").exists()


def test_failed_runs_are_listed_with_their_commands(gridtown: Command, study: Path, ended: Any) -> None:
    failed = [
        Failure(f"study-p{row}", row, "ValueError", "no such\nthing", "", f"gridtown run f{row}.yaml")
        for row in range(14)
    ]
    ended(Ending(finished=2, skipped=0, failed=failed))
    done = gridtown("experiment", study.name)
    assert done.exit_code == 1
    assert "14 runs failed" in done.stdout
    assert "study-p3, seed 3: ValueError: no such" in done.stdout
    assert "gridtown run f11.yaml" in done.stdout
    assert "f12.yaml" not in done.stdout
    assert "and 2 more" in done.stdout
    told = json.loads(gridtown("experiment", study.name, "--json").stdout)
    assert len(told["failed"]) == 14


def test_a_stop_keeps_what_is_there(gridtown: Command, study: Path, ended: Any) -> None:
    ended(Ending(finished=3, skipped=1, failed=[], stopped=True))
    done = gridtown("experiment", study.name)
    assert done.exit_code == 130
    assert "the same command goes on from here" in " ".join(done.stdout.split())


def test_options_reach_the_runner(gridtown: Command, study: Path, ended: Any) -> None:
    asked = ended(Ending(0, 0, []))
    assert gridtown("experiment", study.name, "--scheduler", "tcp://x:1", "--retry-failures").exit_code == 0
    assert (asked[0]["scheduler"], asked[0]["retry_failures"], asked[0]["workers"]) == ("tcp://x:1", True, None)
    both = gridtown("experiment", study.name, "--scheduler", "tcp://x:1", "--jobs", "2")
    assert both.exit_code == 2
    assert "leave one of both out" in " ".join(both.stderr.split())


def test_the_library_is_listed(gridtown: Command) -> None:
    done = gridtown("experiments")
    assert all(name in done.stdout for name in experiments())
    told = json.loads(gridtown("experiments", "--json").stdout)["experiments"]
    assert {one["name"] for one in told} == experiments().keys()
    assert next(one for one in told if one["name"] == "screening")["design"] == "morris"


def test_the_schema_of_experiments(gridtown: Command) -> None:
    assert "factors" in json.loads(gridtown("schema", "--experiment").stdout)["properties"]


@pytest.mark.parametrize(
    ("seconds", "words"), [(3.2, "3 s"), (119, "119 s"), (600, "10 min"), (9000, "2.5 h"), (400_000, "4.6 days")]
)
def test_times_are_small_numbers(seconds: float, words: str) -> None:
    assert duration(seconds) == words
