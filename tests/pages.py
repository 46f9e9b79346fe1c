"""What tests of the pages share: the fenced blocks of a page, and running what they show as a user would."""

from __future__ import annotations

import contextlib
import functools
import io
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner, Result

from sim.cli import app

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its language, the file it is to be saved as ("" for none), and its text."""

    language: str
    file: str
    text: str


def blocks_of(page: Path) -> list[Block]:
    """Return the fenced blocks of a page in order; a file's name follows the language on the opening line."""
    found = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [Block(language, file, text) for language, file, text in found]


def commands_of(blocks: list[Block]) -> list[str]:
    """Return the command lines of all shell blocks, without comments, each once, sorted."""
    lines = [line for block in blocks if block.language == "sh" for line in block.text.splitlines()]
    return sorted({line.split("#", maxsplit=1)[0].strip() for line in lines} - {""})


def gridtown(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, from a folder."""
    program = "import sys; from sim.cli import main; sys.argv[0] = 'gridtown'; main()"
    return python(program, *arguments, folder=folder)


def python(script: str, *arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a script as a user would, from a folder; warnings about deprecation are errors."""
    return subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-c", script, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def gridtown_here(*arguments: str, folder: Path) -> Result:
    """Run the command from a folder in this process, where modules and compiled rules are loaded already."""
    with contextlib.chdir(folder):
        return CliRunner().invoke(app, list(arguments))


def python_here(script: str, *, folder: Path) -> str:
    """Run a script from a folder in this process and return what it prints."""
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said):
        exec(compile(script, "page", "exec"), {"__name__": "__main__"})
    return said.getvalue()


@functools.cache
def help_of(name: str) -> str:
    """Return what ``gridtown NAME --help`` prints."""
    done = gridtown(name, "--help")
    assert done.returncode == 0, done.stderr
    return done.stdout


def unknown_options(line: str) -> list[str]:
    """Return the options of a command line that the command's help does not name."""
    _, name, *words = line.split()
    options = [word for word in words if word.startswith("-")]
    return [option for option in options if not re.search(rf"(?<!\S){re.escape(option)}(?![\w-])", help_of(name))]
