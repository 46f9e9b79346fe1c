"""``gridtown audit``: text, JSON, CSV and the page; what it refuses."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from sim.study import claims

Command = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[2]
QUICK = ("--replications", "2", "--days", "6", "--jobs", "1")


@pytest.fixture
def daye(folder: Path) -> Path:
    """Return a tiny town that answers for Daye."""
    file = folder / "small.yaml"
    file.write_text((folder / "tiny.yaml").read_text(encoding="utf-8").replace("tiny\n", "daye\n", 1), encoding="utf-8")
    return file


def test_claims_stand_beside_books_and_truth(gridtown: Command, daye: Path) -> None:
    done = gridtown("audit", daye, *QUICK, "--no-sweep")
    assert done.exit_code == 0
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80
    for words in ("1,517 disputes found in three years", "recorded", "true", "verdict", "rests on", "93.0 %"):
        assert words in done.stdout
    assert "an input, but the preset has 2" in done.stdout
    assert "2 are inputs" in " ".join(done.stdout.split())


def test_data_and_the_page_say_the_same(gridtown: Command, daye: Path, folder: Path) -> None:
    told = json.loads(gridtown("audit", daye, *QUICK, "--no-sweep", "--json").stdout)
    rows = {row["id"]: row for row in told["claims"]}
    page = folder / "audit.md"
    done = gridtown("audit", daye, *QUICK, "--no-sweep", "--csv", "--page", page)
    assert done.exit_code == 0
    cells = {row["id"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert cells.keys() == rows.keys()
    for id_, row in rows.items():
        assert cells[id_]["verdict"] == row["verdict"]
        if row["true_mean"] is not None:
            assert float(cells[id_]["true_mean"]) == row["true_mean"]
    written = page.read_text(encoding="utf-8")
    assert all(id_ in written for id_ in rows)
    assert rows["DY-06a"]["verdict_words"] in " ".join(written.split())


def test_what_makes_no_sense_is_refused(gridtown: Command) -> None:
    for arguments, message in (
        (("classroom",), "no claim is about 'classroom'"),
        (("--json", "--csv"), "leave one of them out"),
        (("no-such-town",), "no such file or name"),
    ):
        done = gridtown("audit", *arguments)
        assert done.exit_code == 2
        assert message in " ".join(done.stderr.split())


def test_the_page_of_the_docs_has_every_claim() -> None:
    page = " ".join((ROOT / "docs" / "audit.md").read_text(encoding="utf-8").split())
    for claim in claims():
        assert claim.id in page
        assert claim.claim in page
        assert claim.note in page
        assert claim.reason in page
