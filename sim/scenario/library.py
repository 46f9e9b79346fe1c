"""The scenario files that the package brings along, found by name."""

from __future__ import annotations

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
    shipped = library()
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
    allowed = "a scenario file or the name of a shipped scenario: " + one_of(list(shipped))
    nearest = nearest_name(Path(text).stem, [name.replace("-", "_") for name in shipped]).replace("_", "-")
    raise ScenarioError([Mistake(text[:200], 0, "", "no such file or name", allowed, nearest)])
