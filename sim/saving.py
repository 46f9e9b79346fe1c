"""Saving a run and going on with it.

The file is a zip of arrays (NumPy's ``.npz``, read without pickle) and one JSON text. It holds every table, so the
resumed run is the uncut one to the last byte. It is tied to the source it was written with: another version of the
rules would go on differently, and says so instead.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.compiled import source_hash
from sim.engine.files import replacing
from sim.interventions import catalogue
from sim.scenario import canonical, from_canonical, parameters_record
from sim.world import DTYPES, World

if TYPE_CHECKING:
    from sim.model import TownModel

FORMAT = 1


class SavedStateError(ValueError):
    """A saved state cannot be used; the message says why and what to do."""


def save_state(model: TownModel, path: Path) -> None:
    """Write a model's state to ``path`` by way of a temporary name, so that it is there whole or not at all.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    path = Path(path)
    about = {
        "format": FORMAT,
        "source": source_hash(),
        "seed": model.seed,
        "time": float(model.time),
        "steps": model.steps,
        "bases": [model.base_grids, model.base_workers, model.base_mediators],
        # The canonical form has no words; the name and title say whose records these are.
        "words": {"name": model.plan.name, "title": model.plan.title},
        "scenario": canonical(model.plan),
    }
    tables = {name: np.asarray(table) for name, table in model.world._asdict().items()}
    with replacing(path) as file:
        np.savez(file, allow_pickle=False, about=np.array(json.dumps(about)), **tables)


def read_state(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a saved state says about itself, and its tables.

    Raises:
        SavedStateError: the file is no saved state, is damaged, or was written by another version.
    """
    try:
        with np.load(path, allow_pickle=False) as saved:
            about = json.loads(str(saved["about"]))
            if about.get("format") != FORMAT or about.get("source") != source_hash():
                raise SavedStateError(
                    f"{path} was saved by another version of gridtown; run the scenario again from its start"
                )
            tables = {name: saved[name].view(np.recarray) for name in World._fields}
    except FileNotFoundError:
        raise SavedStateError(f"{path} does not exist") from None
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError) as error:
        if isinstance(error, SavedStateError):
            raise
        raise SavedStateError(f"{path} is no saved state, or is damaged ({error})") from error
    refuse_other_columns(path, tables)
    return about, tables


def refuse_other_columns(path: Path, tables: dict[str, Any]) -> None:
    """Refuse tables whose columns are not the world's: the rules would read other memory than they mean."""
    known = {"parameters": parameters_record({}).dtype, **DTYPES}
    wrong = [name for name, table in tables.items() if np.dtype(table.dtype.descr) != np.dtype(known[name].descr)]
    if wrong:
        raise SavedStateError(f"{path} is damaged: other columns than expected in {', '.join(wrong)}")


def load_state[Model: "TownModel"](kind: type[Model], path: Path) -> Model:
    """Return a model of a saved state; see ``read_state`` for what is refused."""
    about, tables = read_state(path)
    scenario = from_canonical({**about["scenario"], **about["words"]}, catalogue=catalogue())
    return kind.from_saved(scenario, about, World(**tables))
