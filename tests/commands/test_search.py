"""``gridtown search`` and what ``analyse`` and ``results`` say of a search afterwards."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from sim.commands import progress
from sim.study import Failure, Kept, Progress, SchedulerError, Store, search_for

type Command = Callable[..., Result]

ENOUGH = """\
name: enough
title: The cheapest grids
base: tiny.yaml
factors:
  - {name: grids, field: grid.grids, levels: [2, 4]}
objectives: [{outcome: cost_total_yuan}]
targets: [{outcome: recorded_found_share, at_least: 0.0, probability: 0.5}]
replications: {first: 2, most: 2, check: 3, finalists: 1}
budget: {runs: 20}
"""


SEARCH = """\
base: tiny.yaml
factors:
  - {name: mediators, field: mediation.mediators, levels: [1, 3]}
  - {name: grids, field: grid.grids, levels: [2, 6]}
objectives: [{outcome: cost_total_yuan}]
targets: [{outcome: visits_per_household, at_most: 100, probability: 0.5}]
replications: {first: 2, most: 2, check: 2, finalists: 1}
budget: {runs: 12}
"""


def words_of(done: Result) -> str:
    return " ".join(done.stdout.split())


@pytest.mark.slow
def test_a_search_writes_its_page_and_makes_it_again_from_the_store(gridtown: Command, folder: Path) -> None:
    (folder / "enough.yaml").write_text(ENOUGH, encoding="utf-8")
    done = gridtown("search", "enough.yaml", "--jobs", "1", "--report", "page.html", "--export", "tried.csv")
    assert done.exit_code == 0, done.output
    assert "Best" in done.stdout
    assert "page.html" in done.stdout
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "The cheapest grids" in page
    assert len((folder / "tried.csv").read_text(encoding="utf-8").splitlines()) == 3
    runs = Store("results/store").finished()
    assert len(runs) == 7

    listed = words_of(gridtown("results"))
    assert "search done 2 7 7 0 0" in listed
    shown = words_of(gridtown("results", "enough"))
    assert "keeps them apart" in shown

    again = gridtown("analyse", "enough", "--report", "again.html")
    assert again.exit_code == 0, again.output
    assert "again.html" in again.stdout
    body = (folder / "again.html").read_text(encoding="utf-8").partition("<main>")[2]
    assert body.partition('id="again"')[0] == page.partition("<main>")[2].partition('id="again"')[0]
    assert Store("results/store").finished() == runs
    said = json.loads(gridtown("analyse", "enough", "--json").stdout)
    assert said == {**json.loads(gridtown("search", "enough.yaml", "--json").stdout), "files": {}}
    assert said["frontier"] == [said["best"]]

    for option in (["--find", "calls>=1"], ["--outcomes", "calls"], ["--version", "0123456789abcdef"]):
        refused = gridtown("analyse", "enough", *option)
        assert refused.exit_code == 2, option
        assert "leave --outcomes, --find and --version out" in " ".join(refused.output.split())
    asked = json.loads(gridtown("query", "select kind, ended from experiments", "--json").stdout)
    assert asked == [{"kind": "search", "ended": "every point tried"}]


@pytest.mark.slow
def test_a_search_is_made_and_told(gridtown: Command, folder: Path) -> None:
    (folder / "cheap.yaml").write_text(SEARCH, encoding="utf-8")
    done = gridtown("search", "cheap.yaml", "--store", "store", "--jobs", "1", "--export", "tried.csv")
    assert done.exit_code == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "Best, but not sure: mediators 1, grids 2" in text
    assert "With 2 fresh runs of each finalist, no point can be shown" in text
    assert "by fresh seeds; the search saw" in text
    assert "kept in 2 of 2 fresh runs" in text
    assert "with 95 % confidence for all finalists together" in text
    assert len((folder / "tried.csv").read_text(encoding="utf-8").splitlines()) == 5


def test_failed_runs_of_a_search_are_listed_with_their_commands(
    gridtown: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def search_in(store: Any, plan: Any, **_: Any) -> Kept:
        def evaluate(asked: Any) -> Any:
            good = {"cost_total_yuan": 1.0, "visits_per_household": 1.0}
            return [None if one.factors["grids"] == 6 else good for one in asked]

        failures = [Failure("tiny", 7, "ValueError", "no crew\nat all", "trace", "gridtown run again.yaml --seed 7")]
        return Kept(search_for(plan.search, evaluate), failures, {}, plan.file, "cheap-01234567", "0123")

    monkeypatch.setattr("sim.study.search_in", search_in)
    (folder / "cheap.yaml").write_text(SEARCH, encoding="utf-8")
    done = gridtown("search", "cheap.yaml", "--store", "store")
    assert done.exit_code == 1
    assert "tiny, seed 7: ValueError: no crew\n" in done.stdout
    assert "again with: gridtown run again.yaml --seed 7" in done.stdout
    data = json.loads(gridtown("search", "cheap.yaml", "--store", "store", "--json").stdout)
    assert data["failures"][0]["command"] == "gridtown run again.yaml --seed 7"
    assert (data["best_is_sure"], data["checks_needed"]) == (False, 6)


def test_points_that_cannot_be_are_listed_with_the_reason(
    gridtown: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def search_in(store: Any, plan: Any, **_: Any) -> Kept:
        def evaluate(asked: Any) -> Any:
            return [None if one.factors["grids"] != 2 else {"cost_total_yuan": 1.0} for one in asked]

        found = search_for(plan.search, evaluate)
        reasons = {
            one.number: f"grid.grids: given {one.factors['grids']}; allowed: at most 4"
            for one in found.tried
            if one.factors["grids"] != 2
        }
        return Kept(found, [], reasons, plan.file, "cheap-01234567", "0123")

    monkeypatch.setattr("sim.study.search_in", search_in)
    text = SEARCH.replace("levels: [2, 6]", "levels: [2, 5, 6, 7, 8]").replace("runs: 12", "runs: 40")
    (folder / "cheap.yaml").write_text(text, encoding="utf-8")
    done = gridtown("search", "cheap.yaml", "--store", "store")
    assert done.exit_code == 1
    assert "8 points not run, since the values make no scenario:" in done.stdout
    assert re.search(r"\n  mediators \d, grids (\d): grid.grids: given \1; allowed: at most 4\n", done.stdout)
    assert done.stdout.count("allowed: at most 4") == 6
    assert "... and 2 more" in done.stdout
    listed = json.loads(gridtown("search", "cheap.yaml", "--store", "store", "--json").stdout)["impossible"]
    assert len(listed) == 8
    assert all(f"given {one['factors']['grids']};" in one["reason"] for one in listed)


def test_a_search_says_what_its_runner_waits_for(
    gridtown: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.05)
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.05)

    def run_jobs(store: Any, jobs: Any, *, progress: Any, **_: Any) -> Any:
        first = len(jobs)
        about: dict[str, str | int | float] = {"scenario": "cheap-p1", "seed": 1, "seconds": 2.0}
        for step in (
            Progress(0, first, 0, "waiting", {}),
            Progress(first - 1, first, 1, "finished", about, seconds_left=2.0),
        ):
            progress(step)
            time.sleep(0.4)
        raise SchedulerError("gone")

    monkeypatch.setattr("sim.study.runner.run_jobs", run_jobs)
    (folder / "cheap.yaml").write_text(SEARCH, encoding="utf-8")
    done = gridtown("search", "cheap.yaml", "--scheduler", "tcp://127.0.0.1:1", "--store", "store")
    assert done.exit_code == 2
    lines = done.stderr.splitlines()
    assert "cheap: searching, 0 points tried; waiting for workers (0 of 12)" in lines
    # Of at most 12 runs 7 are made, and the others take 2 s each.
    assert "cheap: searching, 0 points tried; cheap-p1, seed 1: 2.0 s; 1 failed; about 10 s left (7 of 12)" in lines


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("mediation.mediators", "mediation.mediatrs", "cheap.yaml:3"), ("runs: 12", "runs: 5", "5 runs are too few")],
)
def test_a_search_with_mistakes_runs_nothing(gridtown: Command, folder: Path, old: str, new: str, said: str) -> None:
    (folder / "cheap.yaml").write_text(SEARCH.replace(old, new), encoding="utf-8")
    done = gridtown("search", "cheap.yaml", "--store", "store")
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert not (folder / "store").exists()
