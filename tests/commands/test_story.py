"""``gridtown story``: offers disputes of a run, tells one, refuses what is not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import Result

Command = Callable[..., Result]


@pytest.fixture
def ran(gridtown: Command, folder: Path) -> Path:
    """Return the folder of a run of the tiny town."""
    busy = "parameters.dispute_rate_per_1000_per_year=3000"
    assert gridtown("run", "tiny.yaml", "--set", busy).exit_code == 0
    return next((folder / "results").glob("tiny-*"))


def test_what_is_offered_can_be_told(gridtown: Command, ran: Path) -> None:
    offered = gridtown("story", ran)
    assert offered.exit_code == 0
    assert "worth telling" in offered.stdout
    assert "handled most often" in offered.stdout
    named = json.loads(gridtown("story", ran, "--json").stdout)
    for dispute in named["worth_telling"].values():
        done = gridtown("story", ran, dispute)
        assert done.exit_code == 0
        assert "The first quarrel" in done.stdout
        assert "fell out over" in " ".join(done.stdout.split())


def test_data_hold_each_sentence_with_its_moment(gridtown: Command, ran: Path) -> None:
    dispute = json.loads(gridtown("story", ran, "--json").stdout)["worth_telling"]["most_handled"]
    told = json.loads(gridtown("story", ran, dispute, "--json", "--language", "en").stdout)
    moments = told["chapters"][0]["moments"]
    assert moments[0]["key"] in ("born", "born_migrant")
    assert all(moment["sentence"].endswith((".", "win")) for moment in moments)
    text = " ".join(gridtown("story", ran, dispute).stdout.split())
    assert all(moment["sentence"] in text for chapter in told["chapters"] for moment in chapter["moments"])


def test_what_is_not_there_is_refused(gridtown: Command, ran: Path) -> None:
    for arguments, message in (
        ((ran, 999_999), "there is no dispute 999999; allowed: a number from 0 to"),
        ((ran, 0, "--language", "xx"), "no words for language 'xx'"),
        ((ran / "nowhere",), "cannot read"),
    ):
        done = gridtown("story", *arguments)
        assert done.exit_code == 2
        assert message in done.stderr
        assert not done.stdout


def test_records_of_an_older_version_are_named(gridtown: Command, ran: Path) -> None:
    file = ran / "disputes.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["organisation_kind"]), file)
    done = gridtown("story", ran)
    assert done.exit_code == 2
    assert "run the scenario again" in done.stderr
