"""What all benchmarks share: they print figures and keep them in ``results/benchmarks``; none asserts a time."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numba
import numpy as np

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDER = REPOSITORY / "results" / "benchmarks"


def keep(name: str, figures: dict[str, Any]) -> None:
    """Print figures, one a line, and write them with what they were measured on to ``results/benchmarks``."""
    for what, value in figures.items():
        print(f"{name}: {what}: {value:,.4g}" if isinstance(value, float) else f"{name}: {what}: {value}", flush=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    measured = {
        "benchmark": name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"processor": processor(), "cores": os.cpu_count(), "system": platform.system()},
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "numba": numba.__version__},
        "figures": figures,
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


def processor() -> str:
    """Return the processor's name, as far as the system tells."""
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def alone(program: str, *arguments: str, runs: int = 3) -> list[dict[str, float]]:
    """Run a Python program in fresh processes, one after the other, and return what each printed as JSON."""
    done = [
        subprocess.run(
            [sys.executable, "-c", program, *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False
        )
        for _ in range(runs)
    ]
    for one in done:
        if one.returncode:
            raise RuntimeError(one.stderr)
    return [json.loads(one.stdout.splitlines()[-1]) for one in done]


def median(values: list[float]) -> float:
    """Return the median."""
    return float(np.median(values))


def seconds_of(*command: str) -> float:
    """Return how long a command takes, in seconds of wall time."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=REPOSITORY)
    return time.perf_counter() - began
