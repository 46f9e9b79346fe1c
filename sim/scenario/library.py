"""The scenario files that the package brings along, found by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sim.scenario.mistakes import Mistake, ScenarioError, nearest_name, one_of

SUFFIXES = (".yaml", ".yml")


def library_folder() -> Path:
    """Return the folder of shipped scenarios: inside the installed package, or beside it in the repository."""
    installed = Path(__file__).parent / "library"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "scenarios"


def library() -> dict[str, Path]:
    """Return the files of all shipped scenarios by name, sorted."""
    found = library_folder().rglob("*.yaml")
    return {path.stem: path for path in sorted(found, key=lambda path: path.stem)}


def find_scenario(given: str | Path) -> Path:
    """Return the file that a user means by a path or by the name of a shipped scenario.

    Raises:
        ScenarioError: there is neither such a file nor such a name.
    """
    found = file_meant(given, library(), "a scenario")
    if isinstance(found, Mistake):
        raise ScenarioError([found])
    return found


def file_meant(given: str | Path, shipped: Mapping[str, Path], kind: str) -> Path | Mistake:
    """Return the file that a user means by a path or by the name of one that is shipped, or the mistake in it.

    Args:
        given: by the user.
        shipped: files by name.
        kind: in words, as ``a scenario``.
    """
    text = str(given)
    looks_like_path = "/" in text or text.endswith(SUFFIXES)
    try:
        exists = Path(text).exists()
    except (OSError, ValueError):
        exists = False
    if exists and (looks_like_path or text not in shipped):
        return Path(text)
    if text in shipped:
        return shipped[text]
    allowed = f"{kind} file or the name of a shipped {kind.rpartition(' ')[2]}: {one_of(list(shipped))}"
    nearest = nearest_name(Path(text).stem, [name.replace("-", "_") for name in shipped]).replace("_", "-")
    return Mistake(text[:200], 0, "", "no such file or name", allowed, nearest)
