"""The code of interventions that other installed packages bring, as far as runs depend on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from sim.interventions import ENTRY_POINTS


def hash_of_plugins() -> str:
    """Return 16 hexadecimal digits that change with any file of the packages that bring interventions; "" for none.

    All that are installed count, whichever a scenario names: an intervention may also change how others act.
    """
    entries = sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: (entry.name, entry.value))
    if not entries:
        return ""
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(repr((entry.name, entry.value, entry.dist.version if entry.dist else "")).encode())
        for name, path in files_of(entry):
            digest.update(repr((name, hashlib.sha256(path.read_bytes()).hexdigest())).encode())
    return digest.hexdigest()[:16]


def files_of(entry: EntryPoint) -> Iterator[tuple[str, Path]]:
    """Yield the files of the package, or of the single module, that an entry point names, with their paths in it.

    Data files are among them, as rules may read them. A package that cannot be found has none: whoever wants its
    intervention is told so.
    """
    parts = entry.module.split(".")
    for depth in range(1, len(parts) + 1):
        try:
            spec = find_spec(".".join(parts[:depth]))
        except (ImportError, ValueError):
            return
        if spec is None:
            return
        origin = Path(spec.origin or "")
        if not origin.is_file():
            continue  # a namespace, which other packages share
        if spec.submodule_search_locations is None:
            yield origin.name, origin
            return
        for folder in map(Path, spec.submodule_search_locations):
            yield from (
                (path.relative_to(folder).as_posix(), path)
                for path in sorted(folder.rglob("*"))
                if is_kept(path, folder)
            )
        return


def is_kept(path: Path, folder: Path) -> bool:
    """Decide whether a file is a package's own and not what Python or an editor leaves beside it."""
    within = path.relative_to(folder).parts
    return path.is_file() and not any(part == "__pycache__" or part.startswith(".") for part in within)
