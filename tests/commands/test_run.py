"""``gridtown run``: records, the table, and stopping and going on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from sim.outcomes import CATALOGUE, HEADLINE, RESPONSE_HEADLINE, TABLES, StoreError
from sim.study import LOG_FILE

Command = Callable[..., Result]


def only_folder(parent: Path) -> Path:
    (found,) = [path for path in parent.iterdir() if not path.name.startswith(".")]
    return found


def test_writes_records_and_shows_the_headline(gridtown: Command, folder: Path) -> None:
    done = gridtown("run", "tiny.yaml", "--seed", "5")
    assert done.exit_code == 0, done.output
    assert "tiny, seed 5, 12 days" in done.stdout
    assert "Response time, 90th percentile" in done.stdout
    assert max(len(line.rstrip()) for line in done.stdout.splitlines() if not line.startswith("records")) <= 80
    written = only_folder(folder / "results")
    assert f"records  results/{written.name}" in done.stdout
    assert json.loads((written / "run.json").read_text())["seed"] == 5
    assert (written / "disputes.parquet").exists()


def test_json_is_the_record(gridtown: Command, folder: Path) -> None:
    done = gridtown("run", "tiny.yaml", "--days", "5", "--set", "people.residents=400", "--out", "there", "--json")
    told = json.loads(done.stdout)
    written = json.loads((only_folder(folder / "there") / "run.json").read_text())
    assert told.pop("folder").startswith("there/tiny-")
    assert told == written
    assert told["scenario"]["calendar"]["days"] == 5
    assert told["scenario"]["people"]["residents"] == 400
    assert set(HEADLINE) <= told["outcomes"].keys()


def test_all_outcomes(gridtown: Command) -> None:
    done = gridtown("run", "tiny.yaml", "--all")
    assert "Parties' hours in mediation" in done.stdout
    assert "--all shows" not in done.stdout


def test_a_response_alone_shows_what_it_has(gridtown: Command, folder: Path) -> None:
    done = gridtown("run", "calls.yaml")
    assert done.exit_code == 0, done.output
    assert "Response time, 90th percentile" in done.stdout
    assert "settling" not in done.stderr
    shown = [id_ for id_ in RESPONSE_HEADLINE if CATALOGUE[id_].title[:30] in done.stdout]
    assert shown == list(RESPONSE_HEADLINE)
    every = gridtown("run", "calls.yaml", "--all").stdout
    headings = {line.strip() for line in every.splitlines()}
    assert {"Response", "Equity", "Cost"} <= headings
    assert not {"Disputes", "People", "Staff", "Burden"} & headings
    assert (only_folder(folder / "results") / LOG_FILE).read_text().count("\n") > 300


def test_more_work_than_can_be_done_is_told(gridtown: Command) -> None:
    heavy = ("--days", "3", "--set", "calls.streams.0.per_day=200")
    assert "waits have no steady state" in " ".join(gridtown("run", "calls.yaml", *heavy).stdout.split())
    lost = gridtown("run", "calls.yaml", *heavy, "--set", "response.queue={capacity: 0}")
    assert "steady state" not in lost.stdout


def test_what_was_left_out_of_a_log_is_told_and_kept(gridtown: Command, folder: Path) -> None:
    rows = ["2023-10-28 03:00,0,0", "2023-10-28 04:00,ten,0", "2023-10-29 02:30,0,0", "2023-12-01 00:00,0,0"]
    (folder / "log.csv").write_text("\n".join(["when,x,y", *rows]) + "\n")
    log = "{file: log.csv, time_zone: Europe/Berlin, coordinates: metres, bad_rows: leave_out, columns: "
    log += "{received: when, x: x, y: y}}"
    begin = "calendar={start_date: 2023-10-28, days: 3}"
    done = gridtown("run", "calls.yaml", "--set", f"calls={{background: false, log: {log}}}", "--set", begin)
    assert done.exit_code == 0, done.output
    words = " ".join(done.stdout.split())
    (record,) = folder.glob("results/*/run.json")
    notes = json.loads(record.read_text())["log_notes"]
    assert all(note in words for note in notes)
    for what in ("1 calls left out: outside the run's days", "1 of 4 rows left out as wrong", "passed twice"):
        assert any(what in note for note in notes), (what, notes)
    gridtown("run", "tiny.yaml", "--out", "without")
    (record,) = folder.glob("without/*/run.json")
    assert json.loads(record.read_text())["log_notes"] == []


@pytest.mark.parametrize("scenario", ["tiny.yaml", "tiny-grids.yaml", "calls.yaml"])
def test_a_run_cut_and_resumed_gives_the_same_records(gridtown: Command, folder: Path, scenario: str) -> None:
    assert gridtown("run", scenario, "--seed", "3", "--out", "whole").exit_code == 0
    cut = gridtown("run", scenario, "--seed", "3", "--until", "2", "--save-state", "at-2.npz")
    assert cut.exit_code == 0, cut.output
    assert "gridtown run --resume at-2.npz" in cut.stdout
    again = gridtown("run", "--resume", "at-2.npz", "--until", "7", "--save-state", "at-7.npz")
    assert again.exit_code == 0, again.output
    assert gridtown("run", "--resume", "at-7.npz", "--out", "parts").exit_code == 0
    whole, parts = only_folder(folder / "whole"), only_folder(folder / "parts")
    assert whole.name == parts.name
    tables = sorted(path.name for path in whole.glob("*.parquet"))
    assert tables == sorted(f"{name}.parquet" for name in TABLES)
    for name in [*tables, LOG_FILE]:
        assert (whole / name).read_bytes() == (parts / name).read_bytes(), name
    records = [json.loads((one / "run.json").read_text()) for one in (whole, parts)]
    for key in ("outcomes", "scenario", "scenario_hash", "seed", "title"):
        assert records[0][key] == records[1][key]
    assert not (folder / "results").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name a SCENARIO"),
        (("nosuch.yaml",), "no such file or name"),
        (("tiny.yaml", "--until", "3"), "go together"),
        (("tiny.yaml", "--until", "13", "--save-state", "s"), "--until is 13; allowed: a day after 0, up to 12"),
        (("tiny.yaml", "--resume", "s"), "leave out SCENARIO"),
        (("--resume", "s", "--seed", "2", "--days", "3"), "leave out --seed, --days"),
        (("--resume", "nosuch"), "nosuch does not exist"),
        (("--resume", "tiny.yaml"), "is no saved state"),
        (("tiny.yaml", "--seed", "-1"), "--seed is -1"),
        (("tiny.yaml", "--days", "99999"), "less than or equal to 3660"),
        (("tiny.yaml", "--set", "people.residents=-1"), "people.residents: given -1"),
        (("tiny.yaml", "--set", "nonsense"), "nonsense"),
        (("tiny.yaml", "--out", "tiny.yaml"), "something else is in its place"),
        (("tiny.yaml", "--until", "3", "--save-state", "tiny.yaml/s"), "cannot write tiny.yaml"),
    ],
)
def test_mistakes_are_told(gridtown: Command, arguments: tuple[str, ...], words: str) -> None:
    done = gridtown("run", *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.output
    assert "pickle" not in done.output


def test_a_different_run_in_the_way(gridtown: Command, folder: Path) -> None:
    gridtown("run", "tiny.yaml")
    record = only_folder(folder / "results") / "run.json"
    record.write_text(record.read_text().replace('"source_hash": "', '"source_hash": "0'))
    refused = gridtown("run", "tiny.yaml")
    assert refused.exit_code == 2
    assert "holds a different run" in refused.stderr
    assert gridtown("run", "tiny.yaml", "--replace").exit_code == 0


def test_a_disk_that_fills_up_is_a_failed_run(gridtown: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreError("cannot write results: the disk is full")

    monkeypatch.setattr("sim.study.run.write_run", full)
    done = gridtown("run", "tiny.yaml")
    assert done.exit_code == 1
    assert "the disk is full" in done.stderr
