"""``gridtown analyse``: what it shows and writes, and what it refuses."""

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
from sim.study import Study, StudyFactor

Command = Callable[..., Result]


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
    monkeypatch.setattr(sim.study, "is_search", lambda *_: False)
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
        (("--find", "calls>=3"), "--find is for designs that fill a space"),
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
