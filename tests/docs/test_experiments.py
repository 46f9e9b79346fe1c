"""What the page about experiments shows is run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.study import experiments
from sim.study.experiment import DESIGNS, Experiment, design_points, load_experiment
from tests.pages import ROOT, blocks_of, commands_of, gridtown_here, python_here, unknown_options

PAGE = ROOT / "docs" / "experiments.md"
BLOCKS = blocks_of(PAGE)
COMMANDS = commands_of(BLOCKS)
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that the page shows."""
    place = tmp_path_factory.mktemp("experiments")
    for block in BLOCKS:
        if block.file:
            (place / block.file).write_text(block.text, encoding="utf-8")
    return place


def test_files_are_sound(folder: Path) -> None:
    assert len(design_points(load_experiment(folder / "staff.yaml"))) == 4
    assert len(design_points(load_experiment(folder / "precise.yaml"))) == 2


@pytest.mark.slow
def test_the_worked_example_runs(folder: Path) -> None:
    done = gridtown_here("experiment", "staff.yaml", "--jobs", "1", folder=folder)
    assert done.exit_code == 0, done.output
    assert "16 runs made" in done.output
    for script in (block.text for block in BLOCKS if block.language == "python"):
        assert python_here(script, folder=folder)


def test_commands_exist_and_name_what_is_there() -> None:
    assert len(COMMANDS) == 7
    for line in COMMANDS:
        assert unknown_options(line) == []
    named = {line.split()[2] for line in COMMANDS if line.startswith("gridtown experiment ")}
    assert named <= {*experiments(), "staff.yaml", "precise.yaml"}


def test_every_field_and_every_design_is_named() -> None:
    fields = {field.alias or name for name, field in Experiment.model_fields.items()}
    table = TEXT.split("## The file\n")[1].split("## Factors\n")[0]
    first = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert sorted(name for column in first for name in re.findall(r"`(\w+)`", column)) == sorted(fields)
    designs = TEXT.split("## Designs\n")[1].split("## Precision\n")[0]
    assert set(re.findall(r"\{kind: ([a-z-]+)", designs)) == DESIGNS.keys()
