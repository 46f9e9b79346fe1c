"""Compilation of the rules, with a disk cache that can never be stale.

Numba's own cache looks only at a function's own file; a rule that calls a changed rule in another file would
run the old one. The cache therefore lives in a folder named by a hash of every source file of the package.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])

PACKAGE = Path(__file__).resolve().parent.parent


def source_hash() -> str:
    """Return 16 hexadecimal digits that change whenever any Python file of the package changes."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Return the folder for compiled code: below ``GRIDTOWN_CACHE``, ``XDG_CACHE_HOME`` or ``~/.cache``.

    Where none of them can be written, a folder below the system's temporary one serves.
    """
    chosen = os.environ.get("GRIDTOWN_CACHE") or os.environ.get("XDG_CACHE_HOME")
    parent = Path(chosen) if chosen else Path.home() / ".cache"
    folder = parent / "gridtown" / "compiled" / source_hash()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"gridtown-{os.getuid()}" / source_hash()
        folder.mkdir(parents=True, exist_ok=True)
        return folder


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(cache_folder())


def compiled(function: Function) -> Function:
    """Compile a rule with Numba, cached on disk; with ``NUMBA_DISABLE_JIT=1`` it stays plain Python.

    The two must give identical records, so ``fastmath`` stays off.
    """
    return cast("Function", numba.njit(cache=True, nogil=True)(function))
