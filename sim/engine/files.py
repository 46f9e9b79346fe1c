"""Writing a file so that it is there whole or not at all, and where files are kept that only save time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def cache_home() -> Path:
    """Return the folder for what may be lost: ``GRIDTOWN_CACHE``, ``XDG_CACHE_HOME`` or ``~/.cache``."""
    chosen = os.environ.get("GRIDTOWN_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return Path(chosen) if chosen else Path.home() / ".cache"


def umask() -> int:
    """Return the process's mask of new files' rights, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


@contextmanager
def replacing(target: Path) -> Iterator[IO[bytes]]:
    """Give a temporary file to fill; on leaving, it takes the name ``target``, or vanishes if anything failed.

    The finished file is as open to others as any that the process makes. What stood there before is replaced only
    by a whole file.

    Raises:
        OSError: the file system refuses; nothing is left behind.
    """
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    staged = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        # Only the owner may read a temporary file.
        staged.chmod(0o666 & ~umask())
        staged.replace(target)
    finally:
        staged.unlink(missing_ok=True)
