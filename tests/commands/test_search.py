"""``gridtown search`` and what ``analyse`` and ``results`` say of a search afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from sim.study import Failure, Kept, Store, search_for

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

    refused = gridtown("analyse", "enough", "--find", "calls>=1")
    assert refused.exit_code == 2
    assert "leave --outcomes and --find out" in " ".join(refused.output.split())
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
