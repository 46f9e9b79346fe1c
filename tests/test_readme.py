"""What the pages for newcomers show is run as it stands there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.pages import ROOT, blocks_of, commands_of, gridtown, python, unknown_options

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCKS = blocks_of(ROOT / "README.md")
COMMANDS = commands_of(BLOCKS)
TEN_LINES = 10


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of the README in a language."""
    return [block.text for block in BLOCKS if block.language == language]


@pytest.fixture
def scenarios(tmp_path: Path) -> list[str]:
    """The scenario files of the README, in a folder of their own, under the names that it uses for them."""
    names = []
    for block in blocks("yaml"):
        found = re.search(r"^name: (\S+)$", block, re.MULTILINE)
        assert found is not None
        names.append(f"{found[1]}.yaml")
        (tmp_path / names[-1]).write_text(block, encoding="utf-8")
    return names


@pytest.mark.slow
def test_classroom_script_runs() -> None:
    (script,) = blocks("python")
    assert len([line for line in script.splitlines() if line.strip()]) <= TEN_LINES
    done = python(script)
    assert done.returncode == 0, done.stderr
    tense, disputes = done.stdout.splitlines()
    assert int(tense.split()[0]) > 0
    assert set(json.loads(tense[tense.index("[") :])) <= set(range(8))
    assert float(disputes.split()[1]) > 100
    assert 0.0 < float(disputes.split()[-1]) < 1.0


def test_scenarios_of_the_readme_are_valid(scenarios: list[str], tmp_path: Path) -> None:
    assert len(scenarios) == 2
    done = gridtown("check", *scenarios, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_named_in_commands_are_those_shown(scenarios: list[str]) -> None:
    named = {word for line in COMMANDS for word in line.split() if word.endswith(".yaml")}
    assert named == set(scenarios)


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("gridtown ")])
def test_commands_of_the_readme_exist(line: str) -> None:
    assert unknown_options(line) == []


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("make ")])
def test_targets_of_the_readme_exist(line: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{line.split()[1]}:", makefile, re.MULTILINE)


def test_schema_is_json() -> None:
    done = gridtown("schema")
    assert done.returncode == 0, done.stderr
    assert "properties" in json.loads(done.stdout)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert not missing
