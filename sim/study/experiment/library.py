"""The experiment files that the package brings along, found by name."""

from __future__ import annotations

from pathlib import Path

from sim.scenario import Mistake, nearest_name
from sim.study.experiment.machinery import one_of
from sim.study.experiment.parts import ExperimentError

SUFFIXES = (".yaml", ".yml")


def experiments_folder() -> Path:
    """Return the folder of shipped experiments: inside the installed package, or beside it in the repository."""
    installed = Path(__file__).parent / "library"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "experiments"


def experiments() -> dict[str, Path]:
    """Return the files of all shipped experiments by name, sorted."""
    return {path.stem: path for path in sorted(experiments_folder().glob("*.yaml"))}


def find_experiment(given: str | Path) -> Path:
    """Return the file that a user means by a path or by the name of a shipped experiment.

    Raises:
        ExperimentError: there is neither such a file nor such a name.
    """
    shipped = experiments()
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
    allowed = "an experiment file or the name of a shipped experiment: " + one_of(list(shipped))
    nearest = nearest_name(Path(text).stem, [name.replace("-", "_") for name in shipped]).replace("_", "-")
    raise ExperimentError([Mistake(text[:200], 0, "", "no such file or name", allowed, nearest)])
