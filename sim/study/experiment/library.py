"""The experiment files that the package brings along, found by name."""

from __future__ import annotations

from pathlib import Path

from sim.scenario import Mistake, file_meant
from sim.study.experiment.parts import ExperimentError


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
    found = file_meant(given, experiments(), "an experiment")
    if isinstance(found, Mistake):
        raise ExperimentError([found])
    return found
