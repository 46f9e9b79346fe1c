"""The command as a process of its own: help, how fast it answers, and how it ends."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = """\
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from sim.cli import main
sys.argv[0] = "gridtown"
main()
"""
COMMANDS = (
    *("check", "run", "compare", "story", "audit", "experiment", "experiments", "schema", "scenarios", "outcomes"),
    *("parameters", "analyse", "search", "results", "query"),
)
WITH_FIGURES = tuple(name for name in COMMANDS if name != "schema")


def start(*arguments: str, folder: Path = ROOT, out: int = subprocess.PIPE) -> subprocess.Popen[str]:
    """Start the command as a user would, from a folder."""
    environment = {"PYTHONPATH": str(ROOT), "COLUMNS": "80", "HOME": str(Path.home()), "PATH": "/usr/bin:/bin"}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=folder,
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def finished(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out or "", err


def test_help_names_every_command() -> None:
    code, out, _ = finished(start("--help"))
    assert code == 0
    assert all(re.search(rf"\b{name}\b", out) for name in COMMANDS)
    assert "0 done, 1 some runs failed, 2 bad input" in out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    code, out, _ = finished(start(name, "--help"))
    assert code == 0
    assert f"Example: gridtown {name}" in out
    assert ("--json" in out) == (name in WITH_FIGURES)
    assert max(len(line) for line in out.splitlines()) <= 80


def test_nothing_given_and_nothing_known() -> None:
    assert finished(start())[0] == 2
    code, _, err = finished(start("nonsense"))
    assert code == 2
    assert "nonsense" in err


def test_version() -> None:
    code, out, _ = finished(start("--version"))
    assert code == 0
    assert re.fullmatch(r"gridtown \d+\.\d+\.\d+\n", out)


def test_a_full_disk_behind_standard_output() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    with full.open("w") as out:
        code, _, err = finished(start("outcomes", out=out.fileno()))
    assert code == 2
    assert err == "gridtown: No space left on device\n"


def test_a_reader_who_has_seen_enough() -> None:
    process = start("parameters")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    assert process.wait(timeout=120) == 141
    assert err == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "classroom", "--days", "3660", "--set", "people.residents=200000"),
        ("compare", "classroom", "classroom-half-grids", "--days", "3660", "--jobs", "2"),
    ],
    ids=["run", "compare"],
)
def test_ctrl_c_is_one_line_and_leaves_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    process = start(*arguments, folder=tmp_path)
    assert process.stderr is not None
    assert process.stderr.readline()  # the first line of progress
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    code, out, err = finished(process)
    assert code == 130, err
    assert out == ""
    assert err.splitlines()[-1] == "gridtown: interrupted; nothing half-written is left behind"
    assert "Traceback" not in err
    assert not list((tmp_path / "results").iterdir())
