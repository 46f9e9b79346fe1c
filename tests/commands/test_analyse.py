"""``gridtown analyse`` and ``gridtown search``: what they show and write, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import Result

import sim.study
from sim.commands.analyse import limits_of
from sim.commands.ending import RequestError
from sim.study import Failure, Study, StudyFactor, search_for

Command = Callable[..., Result]
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


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Stand in for a store with an experiment of two factors; return what it was asked for."""
    asked: list[tuple[str, ...]] = []
    rows = [
        {"experiment": "two", "point": point, "replication": seed, "seed": seed, "run": f"{point}-{seed}"}
        | {"grids": grids, "patrol": patrol}
        | {"calls": 10.0 + grids + 0.1 * seed * point, "queued_share": 0.2 - 0.01 * grids + 0.001 * seed * (1 + point)}
        for point, (grids, patrol) in enumerate([(2, "beat"), (2, "post"), (6, "beat"), (6, "post")])
        for seed in range(4)
    ]
    factors = [StudyFactor("grids", levels=[2, 6]), StudyFactor("patrol", levels=["beat", "post"])]
    study = Study(pd.DataFrame(rows), factors, {"kind": "factorial"}, ["calls", "queued_share"], "two", "Two factors")

    def study_of(store: Any, experiment: str, version: str | None) -> Study:
        asked.append((str(store), experiment) if version is None else (str(store), experiment, version))
        return study

    monkeypatch.setattr(sim.study, "study_of", study_of)
    return asked


def test_it_says_what_the_runs_say(gridtown: Command, stored: list[tuple[str, ...]]) -> None:
    done = gridtown("analyse", "two", "--store", "elsewhere")
    assert done.exit_code == 0
    assert stored == [("elsewhere", "two")]
    text = " ".join(done.stdout.split())
    assert "two: 4 points, 16 runs" in text
    assert "From grids 2 to 6 it changes by +4" in text
    assert "page" not in text


def test_runs_of_older_rules_can_be_analysed(gridtown: Command, stored: list[tuple[str, ...]]) -> None:
    assert gridtown("analyse", "two", "--store", "s", "--version", "older").exit_code == 0
    assert stored == [("s", "two", "older")]


def test_it_writes_what_is_asked_for(gridtown: Command, stored: list[tuple[str, ...]], folder: Path) -> None:
    done = gridtown("analyse", "two", "--report", "out/page.html", "--export", "out/x.xlsx", "--json")
    assert done.exit_code == 0
    assert stored
    made = json.loads(done.stdout)
    assert made["files"] == {"page": "out/page.html", "tables": "out/x.xlsx"}
    assert {row["term"] for row in made["tables"]["contrasts"]} == {"grids", "patrol", "grids × patrol"}
    assert (folder / "out" / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (folder / "out" / "x.xlsx").stat().st_size > 1000


def test_outcomes_can_be_chosen(gridtown: Command, stored: list[tuple[str, ...]]) -> None:
    made = json.loads(gridtown("analyse", "two", "--outcomes", "queued_share", "--json").stdout)
    assert stored
    assert {row["outcome"] for row in made["tables"]["points"]} == {"queued_share"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--outcomes", "queued_shar"), "nearest: queued_share"),
        (("--find", "calls=3"), "--find is calls=3"),
        (("--find", "cals>=3"), "nearest: calls"),
        (("--export", "x.ods"), ".csv, .parquet, .xlsx"),
        (("--report", "tiny.yaml/x.html"), "cannot write"),
    ],
)
def test_bad_input_is_refused(
    gridtown: Command, stored: list[tuple[str, ...]], options: tuple[str, str], said: str
) -> None:
    done = gridtown("analyse", "two", *options)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert len(stored) <= 1


def test_an_experiment_that_is_not_there(gridtown: Command) -> None:
    done = gridtown("analyse", "nothing", "--store", "empty")
    assert done.exit_code == 2
    assert "there is no store" in done.stderr


def test_limits_are_read() -> None:
    assert limits_of(["calls>=3", " queued_share <= .5"]) == {
        "calls": {"at_least": 3.0},
        "queued_share": {"at_most": 0.5},
    }
    with pytest.raises(RequestError):
        limits_of(["calls>=e"])


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
    assert len((folder / "tried.csv").read_text(encoding="utf-8").splitlines()) == 5


def test_failed_runs_of_a_search_are_listed_with_their_commands(
    gridtown: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def search_in(store: Any, plan: Any, **_: Any) -> Any:
        def evaluate(asked: Any) -> Any:
            good = {"cost_total_yuan": 1.0, "visits_per_household": 1.0}
            return [None if one.factors["grids"] == 6 else good for one in asked]

        failures = [Failure("tiny", 7, "ValueError", "no crew\nat all", "trace", "gridtown run again.yaml --seed 7")]
        return search_for(plan.search, evaluate), failures

    monkeypatch.setattr("sim.study.search_in", search_in)
    (folder / "cheap.yaml").write_text(SEARCH, encoding="utf-8")
    done = gridtown("search", "cheap.yaml", "--store", "store")
    assert done.exit_code == 1
    assert "tiny, seed 7: ValueError: no crew\n" in done.stdout
    assert "again with: gridtown run again.yaml --seed 7" in done.stdout
    data = json.loads(gridtown("search", "cheap.yaml", "--store", "store", "--json").stdout)
    assert data["failures"][0]["command"] == "gridtown run again.yaml --seed 7"
    assert (data["best_is_sure"], data["checks_needed"]) == (False, 6)


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
