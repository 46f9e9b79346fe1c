"""What the pages for newcomers show is run as it stands there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEN_LINES = 10


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of the README in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def command(line: str) -> str:
    return line.split("#", maxsplit=1)[0].strip()


COMMANDS = sorted({command(line) for block in blocks("sh") for line in block.splitlines() if command(line)})


def gridtown(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, from a folder."""
    program = "import sys; from sim.cli import main; sys.argv[0] = 'gridtown'; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


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
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    residents, mean, visits = done.stdout.splitlines()
    assert residents.startswith("5000 residents")
    assert 0.0 < float(mean.split()[-1]) < 1.0
    assert sum(json.loads(visits)) > 0


def test_scenarios_of_the_readme_are_valid(scenarios: list[str], tmp_path: Path) -> None:
    assert len(scenarios) == 2
    done = gridtown("check", *scenarios, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_named_in_commands_are_those_shown(scenarios: list[str]) -> None:
    named = {word for line in COMMANDS for word in line.split() if word.endswith(".yaml")}
    assert named == set(scenarios)


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("gridtown ")])
def test_commands_of_the_readme_exist(line: str) -> None:
    _, name, *words = line.split()
    done = gridtown(name, "--help")
    assert done.returncode == 0, done.stderr
    for option in (word for word in words if word.startswith("--")):
        assert option in done.stdout


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
