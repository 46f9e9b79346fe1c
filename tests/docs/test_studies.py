"""What the pages on analysis and bridges show is run as it stands there, against the real packages."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from sim.study import analyse, study_of
from tests.pages import ROOT, blocks_of, gridtown_here, python_here

ANALYSIS, BRIDGES = ROOT / "docs" / "analysis.md", ROOT / "docs" / "bridges.md"


def folder_of(page: Path, place: Path) -> Path:
    """Write the files that a page shows."""
    for block in blocks_of(page):
        if block.file:
            (place / block.file).write_text(block.text, encoding="utf-8")
    return place


@pytest.mark.parametrize("number", [0, 1])
def test_bridges_run(number: int, tmp_path: Path) -> None:
    folder = folder_of(BRIDGES, tmp_path)
    scripts = [block.text for block in blocks_of(BRIDGES) if block.language == "python"]
    assert len(scripts) == 2
    said = python_here(scripts[number], folder=folder)
    assert ("grids: " if number == 0 else "6 experiments") in said


@pytest.mark.slow
def test_the_worked_example_runs(tmp_path: Path) -> None:
    folder = folder_of(ANALYSIS, tmp_path)
    shown = [line for block in blocks_of(ANALYSIS) if block.language == "sh" for line in block.text.splitlines()]
    first, run, _, search, results, again = shown
    # The page begins with what the end is; the third line is the first without its options.
    for line in (run, first, search, results, again):
        done = gridtown_here(*shlex.split(line)[1:], folder=folder)
        assert done.exit_code == 0, done.output
    told, found = [block.text for block in blocks_of(ANALYSIS) if block.language == "python"]
    assert "cost_total_yuan" in python_here(told, folder=folder)
    assert "misses" in python_here(found, folder=folder)
    assert "The cheapest way to find one dispute in ten" in (folder / "page.html").read_text(encoding="utf-8")
    assert (folder / "corners.xlsx").stat().st_size > 5000
    page = (folder / "corners.html").read_text(encoding="utf-8")
    assert "Smaller grids or more mediators?" in page
    assert (folder / "tried.csv").read_text(encoding="utf-8").startswith("point,mediators,grids")


def test_the_page_names_the_tables_that_there_are() -> None:
    source = (ROOT / "sim" / "study" / "analysis" / "analysing.py").read_text(encoding="utf-8")
    text = ANALYSIS.read_text(encoding="utf-8")
    tables = ["points", "base", "pairs", "contrasts", "levels", "variance", "morris", "sobol", "sobol_pairs"]
    tables += ["sobol_noise", "surfaces", "boxes"]
    assert all(f"`{name}`" in text and f'"{name}"' in source for name in tables)
    assert callable(analyse)
    assert callable(study_of)
