"""A wheel of the package is complete: it runs from a folder in which nothing else of the repository lies."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of a wheel built from this clone, offline."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def files_below(folder: Path, *, without: tuple[str, ...] = ()) -> set[str]:
    """Return the paths of the files below a folder, byte code aside."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in without
    }


def test_whole_package_is_in_the_wheel(installed: Path) -> None:
    library = {f"scenario/library/{name}" for name in files_below(ROOT / "scenarios")}
    library |= {f"study/experiment/library/{name}" for name in files_below(ROOT / "experiments")}
    assert files_below(installed / "sim") == files_below(ROOT / "sim") | library


def test_nothing_else_is_in_the_wheel(installed: Path) -> None:
    assert {path.name for path in installed.iterdir()} == {"sim", "gridtown-0.1.0.dist-info"}


def test_library_is_found_from_the_wheel(installed: Path) -> None:
    program = "import sim; print(sim.__file__)\nfrom sim.scenario import library\nprint(*library(), end=' ')"
    program += "\nfrom sim.study import experiments\nprint(*experiments())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=installed,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    where, names = done.stdout.splitlines()
    assert Path(where).is_relative_to(installed)
    assert {"classroom", "chaoyang-street", "chaoyang-half-grids", "density-mediators-patrol"} <= set(names.split())
