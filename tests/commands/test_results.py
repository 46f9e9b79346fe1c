"""``gridtown results`` and ``gridtown query``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from made_up_runs import name_of, record_of
from typer.testing import Result

from sim.study import Store, load, model_version, point_table

type Command = Callable[..., Result]

SCENARIO = {"calendar": {"days": 30}, "people": {"residents": 5}}


@pytest.fixture
def store(folder: Path) -> Store:
    """A store with an experiment of two points and three replications: one run is missing, one failed."""
    made = Store(str(folder / "results" / "store"))
    made.prepare()
    about = {"title": "More mediators", "outcomes": ["calls", "queued_share"], "factors": [], "design": {}}
    points = pd.DataFrame({"point": [0, 1], "mediators": [2, 4]})
    name = made.experiments.begin("mediators", "0123456789", about, points)
    made.experiments.plan(name, [(n % 2, n // 2, 1 + n // 2, name_of(n)) for n in range(6)])
    for number in range(4):
        version = "older" if number == 3 else model_version()
        made.write(name_of(number), record_of(number, model_version=version, scenario=SCENARIO))
    failed = {
        "type": "ValueError",
        "message": "no",
        "seed": 3,
        "scenario_name": "p",
        "replay": "gridtown run x --seed 3",
    }
    made.write_failure(name_of(4), failed, {"name": "p", "people": {"residents": 7}})
    return made


def test_all_experiments_are_listed_with_what_is_of_older_rules(gridtown: Command, store: Store) -> None:
    done = gridtown("results")
    assert done.exit_code == 0
    row_shown = ["mediators-01234567", "open", "2", "6", "4", "1", "1", "More"]
    assert [word for word in done.stdout.splitlines()[2].split() if word not in ("-", "–")] == row_shown
    assert "1 run made under other rules" in " ".join(done.stdout.split())
    (row,) = json.loads(gridtown("results", "--json").stdout)["experiments"]
    counts = {name: row[name] for name in ("points", "asked", "finished", "failed", "older")}
    assert counts == {"points": 2, "asked": 6, "finished": 4, "failed": 1, "older": 1}
    assert store.is_there


def test_one_experiment_is_shown_by_points(gridtown: Command, store: Store) -> None:
    done = gridtown("results", "mediators")
    assert done.exit_code == 0
    assert "4 of 6 runs finished at 2 points" in done.stdout
    assert "More mediators" in done.stdout
    assert "1 run failed: gridtown results mediators-01234567 --failures" in done.stdout
    # Point 0 has the runs 0 and 2, point 1 those of 1 and 3.
    data = json.loads(gridtown("results", "mediators", "--json").stdout)["points"]
    assert [(row["mediators"], row["runs"], row["calls"], row["calls_se"]) for row in data] == [
        (2, 2, 1.0, 1.0),
        (4, 2, 2.0, 1.0),
    ]
    table = point_table(store, "mediators-01234567", ["queued_share"])
    assert table["queued_share"].isna().tolist() == [False, True]


def test_runs_of_older_rules_are_shown_when_asked_for(gridtown: Command, store: Store) -> None:
    older = [(point, 0, 1, name_of(10 + point)) for point in range(2)]
    store.experiments.plan("mediators-01234567", older, "older")
    for number in (10, 11):
        store.write(name_of(number), record_of(number, model_version="older", scenario=SCENARIO))

    def calls(*options: str) -> list[float]:
        return [
            row["calls"] for row in json.loads(gridtown("results", "mediators", "--json", *options).stdout)["points"]
        ]

    assert calls() == calls("--version", model_version()) == [1.0, 2.0]
    assert calls("--version", "older") == [10.0, 11.0]
    said = " ".join(gridtown("results", "mediators", "--version", "older").stdout.split())
    assert "2 of 2 runs finished at 2 points" in said
    assert f"under the versions {model_version()}, older of the model" in said
    assert len(json.loads(gridtown("results", "mediators", "--failures", "--json").stdout)["failures"]) == 1
    none = gridtown("results", "mediators", "--failures", "--version", "older", "--json")
    assert json.loads(none.stdout)["failures"] == []
    options = ("--version", "older", "--outcomes", "calls", "--json", "--export", "tables.csv")
    analysed = json.loads(gridtown("analyse", "mediators", *options).stdout)
    assert [row["mean"] for row in analysed["tables"]["points"]] == [10.0, 11.0]
    about = pd.read_csv(Path(store.address).parents[1] / "tables-provenance.csv").set_index("name")["value"]
    assert about["model_version"] == "older"
    for command in ("results", "analyse"):
        wrong = gridtown(command, "mediators", "--version", "never")
        assert wrong.exit_code == 2
        told = " ".join(wrong.stderr.split())
        assert f"no runs of the model version 'never'; there: {model_version()}, older" in told
    wrong = gridtown("results", "--version", "older")
    assert wrong.exit_code == 2
    assert "--version is of the runs of one experiment: name it" in " ".join(wrong.stderr.split())


def test_failures_come_with_the_commands_that_make_them_again(gridtown: Command, store: Store) -> None:
    done = gridtown("results", "--failures")
    assert "p, seed 3: ValueError: no" in done.stdout
    assert "again with: gridtown run x --seed 3" in done.stdout
    assert len(json.loads(gridtown("results", "mediators", "--failures", "--json").stdout)["failures"]) == 1
    store.forget_failure(name_of(4))
    assert "No run has failed" in gridtown("results", "--failures").stdout


def test_the_scenario_of_a_run_is_printed_as_a_file(gridtown: Command, store: Store) -> None:
    printed = json.loads(gridtown("results", "--scenario", name_of(1)).stdout)
    assert printed == {**SCENARIO, "name": "made-up", "title": ""}
    assert json.loads(gridtown("results", "--scenario", name_of(4)).stdout)["people"] == {"residents": 7}
    wrong = gridtown("results", "--scenario", "nobody")
    assert wrong.exit_code == 2
    assert "the store has no run nobody" in wrong.stderr
    assert store.is_there


def test_what_is_not_there_is_said(gridtown: Command, folder: Path) -> None:
    none = gridtown("results")
    assert none.exit_code == 2
    assert "there is no store: run `gridtown experiment` first" in " ".join(none.stderr.split())
    Store(str(folder / "results" / "store")).prepare()
    assert "has no experiment yet" in " ".join(gridtown("results").stdout.split())
    wrong = gridtown("results", "crews")
    assert wrong.exit_code == 2
    assert "has no experiment 'crews'; there: none yet" in " ".join(wrong.stderr.split())
    assert gridtown("query", "select count(*) as runs from runs", "--json").stdout.strip().startswith("[")


def test_the_catalogue_is_made_anew(gridtown: Command, store: Store) -> None:
    done = gridtown("results", "--rebuild")
    assert done.exit_code == 0
    assert "catalogue made anew from the files: 4 runs" in done.stderr
    assert len(store.catalogue.shards()) == 1
    assert "left out" not in done.stderr
    store.place.write(f"{store.folder_of(name_of(0))}/run.json", b"{")
    assert "1 run left out, with a damaged record" in " ".join(gridtown("results", "--rebuild").stderr.split())


def test_moments_lists_and_other_values_are_json_too(gridtown: Command, store: Store) -> None:
    sql = "select timestamp '2026-01-02 03:04:05' as at, null::timestamp as no, date '2026-01-02' as day, "
    sql += "[1.5, 'nan'::double] as list, {'a': date '2026-01-02'} as struct, 'x'::blob as raw, interval 1 day as span"
    (row,) = json.loads(gridtown("query", sql, "--json").stdout)
    assert row["at"] == "2026-01-02 03:04:05"
    assert row["no"] is None
    assert str(row["day"]).startswith("2026-01-02")
    assert row["list"] == [1.5, None]
    assert str(row["struct"]["a"]).startswith("2026-01-02")
    assert store.is_there


def test_a_wide_answer_is_not_cut_into_pieces(gridtown: Command, store: Store) -> None:
    columns = [f"{number}.5 as a_long_name_{number}" for number in range(20)]
    head, _, row = gridtown("query", f"select {', '.join(columns)}").stdout.splitlines()
    assert head.split() == [f"a_long_name_{number}" for number in range(20)]
    assert row.split() == [f"{number}.5" for number in range(20)]


def test_a_query_is_answered_as_table_json_and_file(gridtown: Command, store: Store, folder: Path) -> None:
    sql = "select point, avg(calls) as calls from results group by point order by point"
    assert json.loads(gridtown("query", sql, "--json").stdout) == [
        {"point": 0, "calls": 1.0},
        {"point": 1, "calls": 2.0},
    ]
    lines = gridtown("query", sql).stdout.splitlines()
    assert lines[0].split() == ["point", "calls"]
    assert lines[2].split() == ["0", "1"]
    for file in ("out.csv", "out.parquet"):
        assert gridtown("query", sql, "--out", file).exit_code == 0
    assert pd.read_csv(folder / "out.csv").equals(pd.read_parquet(folder / "out.parquet"))
    assert gridtown("query", "select run from runs", "--store", store.address).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["selec 1"], "the query cannot be answered: Parser Error"),
        (["select nothing from runs"], "the query cannot be answered: Binder Error"),
        (["copy runs to 'x.csv'"], "the query cannot be answered: Permission Error"),
        (["select 1", "--out", "x.xlsx"], "allowed: a file that ends in .csv or .parquet"),
    ],
)
def test_a_query_that_cannot_be_answered_is_bad_input(
    gridtown: Command, store: Store, arguments: list[str], said: str
) -> None:
    done = gridtown("query", *arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert store.is_there


def test_a_frame_has_a_row_for_each_finished_replication(store: Store) -> None:
    frame = load(store.address, "mediators")
    assert frame.columns.tolist() == [
        *("experiment", "point", "replication", "seed", "run", "mediators", "calls", "queued_share")
    ]
    assert frame[["point", "replication", "seed", "mediators", "calls"]].to_numpy().tolist() == [
        [0, 0, 1, 2, 0.0],
        [0, 1, 2, 2, 2.0],
        [1, 0, 1, 4, 1.0],
        [1, 1, 2, 4, 3.0],
    ]
    assert load(store).equals(frame)
