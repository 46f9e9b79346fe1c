"""Tables in other programs' formats."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from sim.outcomes import StoreError
from sim.study.analysis import Analysis, AnalysisError, StudyFactor, analyse, export, runs_table, units_table
from sim.study.analysis.export import write_one

A, B = StudyFactor("a", levels=[1, 2]), StudyFactor("b", levels=["=1+1", "plain"])


@pytest.fixture(scope="module")
def analysis(made_up: Any) -> Analysis:
    points = list(itertools.product(A.levels or (), B.levels or ()))
    return analyse(made_up(points, [A, B], lambda a, _: float(a), outcome="calls", kind="factorial"))


def test_csv_has_a_file_for_each_table(analysis: Analysis, tmp_path: Path) -> None:
    files = export(analysis, tmp_path / "deep" / "x.csv")
    assert files[0].name == "x.csv"
    assert {"x-points.csv", "x-base.csv", "x-variance.csv", "x-units.csv", "x-provenance.csv"} <= {
        one.name for one in files
    }
    assert_frame_equal(pd.read_csv(files[0]), analysis.study.frame)


def test_parquet_comes_back_the_same(analysis: Analysis, tmp_path: Path) -> None:
    files = export(analysis, tmp_path / "x.parquet")
    assert_frame_equal(pd.read_parquet(files[0]), analysis.study.frame, check_dtype=False)
    table: Any = pd.read_parquet(tmp_path / "x-variance.parquet")
    assert_frame_equal(table, analysis.tables["variance"], check_dtype=False)


def test_a_workbook_has_units_and_provenance(analysis: Analysis, tmp_path: Path) -> None:
    (file,) = export(analysis, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[0] == "runs"
    assert book.sheetnames[-2:] == ["units", "provenance"]
    runs: Any = book["runs"]
    assert runs.freeze_panes == "A2"
    assert runs.max_row == 1 + len(analysis.study.frame)
    # A text that looks like a formula stays a text.
    texts = [cell for row in runs.iter_rows() for cell in row if cell.value == "=1+1"]
    assert texts
    assert {cell.data_type for cell in texts} == {"s"}
    provenance = {row[0].value: row[1].value for row in book["provenance"].iter_rows(min_row=2)}
    assert provenance["experiment"] == "made-up"
    assert provenance["source_hash"]
    units = {row[0].value: row[1].value for row in book["units"].iter_rows(min_row=2)}
    assert units["calls"] == "calls"
    assert "probability" in units["p_holm"]


def test_runs_are_tidy(analysis: Analysis) -> None:
    long: Any = runs_table(analysis.study)
    assert len(long) == len(analysis.study.frame)
    assert {"point", "seed", "a", "b", "outcome", "value"} <= set(long.columns)
    assert "calls" in set(units_table(analysis.study)["column"])


def test_what_cannot_be_written_is_told(analysis: Analysis, tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match=r"\.csv, \.parquet, \.xlsx"):
        export(analysis, tmp_path / "x.ods")
    with pytest.raises(AnalysisError, match=r"\.csv, \.parquet, \.xlsx"):
        write_one(analysis.study.frame, tmp_path / "x.ods")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot write"):
        export(analysis, tmp_path / "file" / "x.csv")
    assert not list(tmp_path.glob("**/.x*"))
