"""Compiled and plain Python give the same containments."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]

PLAIN_RUN = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("containment_yard", sys.argv[1])
yard = importlib.util.module_from_spec(spec)
spec.loader.exec_module(yard)
print(yard.fingerprint(yard.busy_run()))
"""


def test_plain_python_writes_the_same_records(yard: Any) -> None:
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PLAIN_RUN, str(Path(__file__).with_name("conftest.py"))]
    plain = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert plain.stdout.strip() == yard.fingerprint(yard.busy_run())
