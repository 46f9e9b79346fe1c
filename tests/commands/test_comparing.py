"""``gridtown compare``: what is written, what is refused, and what happens when runs fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import Result

from sim.outcomes import HEADLINE, RESPONSE_HEADLINE, StoreError
from sim.study import run_one

Command = Callable[..., Result]
SMALL = ("compare", "tiny.yaml", "tiny-grids.yaml", "--replications", "2", "--jobs", "1")


def only_folder(parent: Path) -> Path:
    (found,) = [path for path in parent.iterdir() if path.name.startswith("compare-")]
    return found


def test_writes_tables_and_a_report(gridtown: Command, folder: Path) -> None:
    done = gridtown(*SMALL, "--report", "deep/report.html")
    assert done.exit_code == 0, done.output
    assert "tiny-grids compared with tiny" in done.stdout
    assert "with grid_density: factor 2, from day 2" in done.stdout
    assert "report   deep/report.html" in done.stdout
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80
    written = only_folder(folder / "results")
    told = json.loads((written / "comparison.json").read_text())
    assert told["shown"] == list(HEADLINE)
    assert told["seeds"] == [1, 2]
    runs = pd.read_parquet(written / "runs.parquet")
    assert set(runs["scenario"]) == {"tiny", "tiny-grids"}
    assert len(pd.read_csv(written / "effects.csv")) == len(told["effects"])
    assert {path.suffix for path in written.iterdir()} == {".json", ".parquet", ".csv"}
    assert (folder / "deep" / "report.html").read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html")


def test_the_report_lies_beside_the_tables(gridtown: Command, folder: Path) -> None:
    assert gridtown(*SMALL, "--days", "10").exit_code == 0
    first = only_folder(folder / "results")
    assert (first / "report.html").exists()
    # The same comparison again takes the older one's place.
    assert gridtown(*SMALL, "--days", "10").exit_code == 0
    assert only_folder(folder / "results") == first


def test_json_is_what_is_written(gridtown: Command, folder: Path) -> None:
    done = gridtown(*SMALL, "--days", "10", "--outcomes", "response_minutes_p90, tension_mean", "--json")
    told = json.loads(done.stdout)
    written = json.loads((only_folder(folder / "results") / "comparison.json").read_text())
    assert told.pop("folder").startswith("results/compare-tiny-")
    assert told.pop("report").endswith("report.html")
    assert told == written
    assert told["shown"] == ["response_minutes_p90", "tension_mean"]


def test_every_runs_records_are_kept_on_request(gridtown: Command, folder: Path) -> None:
    assert gridtown(*SMALL, "--days", "10", "--keep-runs").exit_code == 0
    assert len(list((folder / "results" / "runs").iterdir())) == 4


def test_failed_runs_are_told_with_their_replay(gridtown: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_once(scenario: Any, seed: int, *rest: Any, **named: Any) -> Any:
        if (scenario.name, seed) == ("tiny-grids", 2):
            raise RuntimeError("the road sank")
        return run_one(scenario, seed, *rest, **named)

    monkeypatch.setattr("sim.study.replication.run_one", fails_once)
    done = gridtown("compare", "tiny.yaml", "tiny-grids.yaml", "--replications", "3", "--jobs", "1", "--days", "10")
    assert done.exit_code == 1
    assert "1 of 6 runs failed" in done.stdout
    assert "RuntimeError: the road sank" in done.stdout
    assert "gridtown run tiny-grids.yaml --set calendar.days=10 --seed 2" in done.stdout


def test_one_replication_judges_nothing(gridtown: Command) -> None:
    done = gridtown("compare", "tiny.yaml", "tiny-grids.yaml", "--replications", "1", "--days", "10")
    assert done.exit_code == 0
    assert "One replication shows no uncertainty" in done.stdout
    assert f"{len(HEADLINE)} of {len(HEADLINE)} cannot be judged" in " ".join(done.stdout.split())
    assert "better" not in done.stdout.split("How to read this")[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("tiny.yaml",), "Missing argument"),
        (("tiny.yaml", "tiny.yaml"), 'two of the scenarios are named "tiny"'),
        (("tiny.yaml", "clasroom"), 'did you mean "classroom"?'),
        (("tiny.yaml", "tiny-grids.yaml", "--outcomes", "respnse_minutes_p90"), "response_minutes_p90"),
        (("tiny.yaml", "tiny-grids.yaml", "--outcomes", ","), "gridtown outcomes"),
        (("tiny.yaml", "tiny-grids.yaml", "--replications", "0"), "--replications"),
        (("tiny.yaml", "tiny-grids.yaml", "--seed", str(2**63 - 1)), "--seed"),
        (("tiny.yaml", "tiny-grids.yaml", "--report", "tiny.yaml/r.html"), "cannot write tiny.yaml"),
        (("tiny.yaml", "tiny-grids.yaml", "--report", "."), "Is a directory"),
    ],
)
def test_mistakes_are_told(gridtown: Command, folder: Path, arguments: tuple[str, ...], words: str) -> None:
    done = gridtown("compare", *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.output
    assert not list(folder.glob("results/*"))


def test_a_full_disk_still_shows_what_was_found(gridtown: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreError("cannot write results: the disk is full")

    monkeypatch.setattr("sim.commands.comparing.write_tables", full)
    done = gridtown(*SMALL, "--days", "10")
    assert done.exit_code == 1
    assert "Cost of staff" in done.stdout
    assert "the disk is full" in done.stderr


def test_wrong_road_files_are_refused_before_any_run(gridtown: Command, folder: Path) -> None:
    (folder / "nodes.csv").write_text("id,x,y\na,0,0\nb,nowhere,0\n")
    (folder / "arcs.csv").write_text("tail,head,metres\na,b,100\nb,a,100\n")
    areas = "counties: 1, townships: 1, communities: 1"
    town = f"{{kind: csv, nodes_file: nodes.csv, arcs_file: arcs.csv, coordinates: metres, {areas}}}"
    rest = "people: {residents: 400}\nmediation: {mediators: 2}\nresponse: {units: 2}\n"
    (folder / "roads.yaml").write_text(f"name: roads\ntown: {town}\n{rest}")
    checked = gridtown("check", "roads.yaml")
    done = gridtown("compare", "tiny.yaml", "roads.yaml", "--replications", "1", "--jobs", "1")
    assert checked.exit_code == done.exit_code == 2
    assert "nodes.csv" in checked.stderr
    assert "nodes.csv" in done.stderr
    assert not (folder / "results").exists() or not list((folder / "results").iterdir())


def test_responses_alone_are_compared_by_the_outcomes_that_they_have(gridtown: Command, folder: Path) -> None:
    (folder / "more.yaml").write_text("extends: calls.yaml\nname: more\nresponse: {units: 2}\n")
    done = gridtown("compare", "calls.yaml", "more.yaml", "--replications", "2", "--jobs", "1", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["shown"] == list(RESPONSE_HEADLINE)
    judged = {one["outcome"]: one for one in told["effects"] if one["outcome"] in told["shown"]}
    assert judged["unit_hours_on_duty"]["difference"] > 0
    assert judged["response_minutes_mean"]["difference"] is not None
    assert Path(told["report"]).exists()
