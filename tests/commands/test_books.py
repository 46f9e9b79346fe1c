"""``gridtown books``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from sim.commands.books import sentence, shown
from sim.outcomes import ALL, BookLine, Records, published, records, write_records

type Command = Callable[..., Result]
type Maker = Callable[..., Any]


@pytest.fixture(scope="module")
def taken(tiny_model: Maker) -> Records:
    """The records of a run whose books gloss."""
    parameters = {"report_per_day": [0.1] * 9, "gloss_probability": 1.0}
    targets = {"targets": [{"kind": "fewer_opened", "size": 0.4}]}
    return records(tiny_model(parameters=parameters, books=targets).run())


def test_books_of_a_run_are_shown_beside_the_truth(gridtown: Command, folder: Path, taken: Records) -> None:
    write_records(taken, folder / "run")
    lines = published(taken)
    total = lines[-1]
    assert total.level == ALL
    done = gridtown("books", "run")
    assert done.exit_code == 0
    words = " ".join(done.stdout.split())
    assert sentence(total) in words
    assert total.rate == 1.0 > total.true_rate
    assert "100.0 %" in words
    assert shown(total.true_rate) in words
    listed = json.loads(gridtown("books", "run", "--json").stdout)["books"]
    assert [one["opened"] for one in listed] == [line.opened for line in lines]
    assert listed[-1]["true_not_booked"] > 0


def test_levels_add_up_to_all(taken: Records) -> None:
    *levels, total = published(taken)
    for name in ("found", "opened", "concluded", "settled", "true_settled"):
        assert sum(getattr(line, name) for line in levels) == getattr(total, name)
    assert total.opened == taken["cases"].num_rows
    assert total.true_born == taken["disputes"].num_rows


def test_levels_and_the_court_add_up_in_80_columns_without_broken_words(
    gridtown: Command, folder: Path, tiny_model: Maker
) -> None:
    court = {"mediators": 3, "court": {"pre_litigation_share": 0.5}}
    found = records(tiny_model(parameters={"court_per_day": [0.05] * 9}, mediation=court).run())
    *levels, total = published(found)
    assert levels[-1].level == "court"
    assert levels[-1].opened == found.says("cases", "channel", "court").sum() > 0
    assert sum(line.opened for line in levels) == total.opened
    write_records(found, folder / "court")
    lines = gridtown("books", "court").stdout.splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert not any("…" in line for line in lines)
    (row,) = [line.split() for line in lines if " court " in line and line.startswith("20")]
    assert row[1:4] == ["court", str(levels[-1].found), str(levels[-1].opened)]
    assert "Found: disputes with their first case or filing" in " ".join(lines)


def test_a_folder_without_a_run_is_refused(gridtown: Command, folder: Path) -> None:
    (folder / "empty").mkdir()
    refused = gridtown("books", "empty")
    assert refused.exit_code == 2
    assert "disputes.parquet" in refused.stderr


def test_a_year_without_closed_cases_says_so() -> None:
    nan = float("nan")
    line = BookLine(2024, ALL, 0, 1, 0, 0, nan, 0, nan, advice=2, true_born=3, true_known=1, true_not_booked=4)
    assert sentence(line).startswith("2024: no case was closed. 1 of 3 disputes")
