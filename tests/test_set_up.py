"""`tools/set-up`, driven with a stand-in for Python that writes down what it is asked to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = ("requirements.txt", "requirements-dev.txt", "pyproject.toml", "tools/set-up")

# Answers as an interpreter would; `pip install` of the requirements fails while a file named `broken` stands there.
STAND_IN = """#!/bin/bash
case "$*" in
*-c\\ *version_info*) exit 0 ;;
--version) echo "Python 3.12.99" ;;
"-m venv "*) echo venv >>calls; mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
*"--requirement "*) echo "pip ${*: -1}" >>calls; echo "Collecting apple==1.5"; [ ! -e broken ] || {
    echo "WARNING: of no interest" >&2; echo "ERROR: hashes differ" >&2; exit 1; } ;;
*--editable*) echo command >>calls ;;
*) exit 9 ;;
esac
"""
OLD = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of what the set-up reads, in a folder with a space in its name."""
    folder = tmp_path / "my clone"
    (folder / "tools").mkdir(parents=True)
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    write_program(folder / "python", STAND_IN)
    return folder


def write_program(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def set_up(clone: Path, kind: str = "run", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(clone / "tools" / "set-up"), kind],
        env=os.environ | {"PYTHON": str(clone / "python")} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def calls(clone: Path) -> list[str]:
    """What the stand-in was asked since the last time."""
    path = clone / "calls"
    said = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return said


def test_fresh_clone_is_set_up_once(clone: Path) -> None:
    done = set_up(clone)
    assert done.returncode == 0, done.stderr
    assert "apple" in done.stdout
    assert calls(clone) == ["venv", "pip requirements.txt", "command"]
    again = set_up(clone)
    assert (again.returncode, again.stdout, calls(clone)) == (0, "", [])


def test_checks_come_on_top_and_include_running(clone: Path) -> None:
    set_up(clone)
    calls(clone)
    set_up(clone, "dev")
    assert calls(clone) == ["pip requirements-dev.txt", "command"]
    set_up(clone, "run")
    assert calls(clone) == []


def test_changed_lock_is_installed_into_what_is_there(clone: Path) -> None:
    set_up(clone)
    calls(clone)
    with (clone / "requirements.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    set_up(clone)
    assert calls(clone) == ["pip requirements.txt", "command"]


def test_failed_set_up_says_why_and_is_made_anew(clone: Path) -> None:
    (clone / "broken").touch()
    failed = set_up(clone)
    assert failed.returncode != 0
    assert "hashes differ" in failed.stderr
    assert "of no interest" not in failed.stderr
    assert calls(clone) == ["venv", "pip requirements.txt"]
    (clone / "broken").unlink()
    assert set_up(clone).returncode == 0
    assert calls(clone) == ["venv", "pip requirements.txt", "command"]


def test_moved_clone_is_set_up_anew(clone: Path) -> None:
    set_up(clone)
    calls(clone)
    moved = clone.rename(clone.with_name("other clone"))
    assert set_up(moved).returncode == 0
    assert calls(moved) == ["venv", "pip requirements.txt", "command"]


def test_too_old_python_gets_one_line(clone: Path) -> None:
    write_program(clone / "python", OLD)
    refused = set_up(clone)
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "needs Python 3.12 or newer" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert not (clone / ".venv").exists()


def test_no_python_gets_one_line(clone: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "env", "cat", "dirname", "cksum"):
        (programs / name).symlink_to(shutil.which(name) or name)
    write_program(programs / "python3", OLD)
    refused = set_up(clone, PYTHON="", PATH=str(programs))
    assert refused.returncode == 1
    assert "none was found" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_unknown_kind_is_refused(clone: Path) -> None:
    assert set_up(clone, "all").returncode == 2
