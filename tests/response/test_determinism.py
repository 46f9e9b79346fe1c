"""Compiled and plain Python give the same records, and so does the same seed twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

PLAIN_RUN = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("response_lab", sys.argv[1])
lab = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lab)
print(lab.fingerprint(lab.busy_run()))
"""


def test_plain_python_writes_the_same_records(lab: Any) -> None:
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PLAIN_RUN, str(Path(__file__).with_name("conftest.py"))]
    plain = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    world = lab.busy_run()
    calls = lab.used_calls(world)
    assert len(calls) > 200
    assert (calls["queue_met"] > 0).any(), "the run must have a queue to show anything"
    assert plain.stdout.strip() == lab.fingerprint(world)


def test_same_seed_same_records(lab: Any) -> None:
    assert lab.fingerprint(lab.busy_run()) == lab.fingerprint(lab.busy_run())
