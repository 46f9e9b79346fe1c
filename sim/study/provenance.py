"""Where a result comes from: versions, machine, moment, command. Nothing here enters the records themselves."""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import sys
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from sim.engine.compiled import source_hash
from sim.study.plugins import hash_of_plugins

PACKAGES = ("gridtown", "mesa", "numpy", "numba", "scipy", "pandas", "pyarrow", "networkx", "pydantic")


@cache
def hash_of_source() -> str:
    """Return 16 hexadecimal digits that change with any rule, of this package or of another that brings interventions.

    They are of the source as it was when first asked for.
    """
    plugins = hash_of_plugins()
    return hashlib.sha256(f"{source_hash()}:{plugins}".encode()).hexdigest()[:16] if plugins else source_hash()


@cache
def version(name: str) -> str:
    """Return the version of an installed package."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed as a package"


def versions() -> dict[str, str]:
    """Return the versions of Python, of this package and of those that figures depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def processor() -> str:
    """Return the processor's name, or its architecture where the system does not say."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def available_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine() -> dict[str, Any]:
    """Return what the run was made on."""
    return {"platform": platform.platform(), "processor": processor(), "processors": available_processors()}


def moment() -> str:
    """Return the present moment in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def command_line() -> str:
    """Return the command by which this process was started, the program by its name only, quoted for a shell."""
    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
