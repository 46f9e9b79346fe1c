"""Compiled and plain Python give the same records, and so does the same seed twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playing import busy, fingerprint

ROOT = Path(__file__).resolve().parents[2]

PLAIN_RUN = (
    "import sys; from playing import busy, fingerprint; print(fingerprint(busy(1.0, **eval(sys.argv[1])).world))"
)
VARIANTS = [
    {},
    {"dispatch": {"redirect": True, "preempt": True, "keep_free": [0, 1]}, "queue": {"step_up_minutes": [None, 10]}},
    {"cover": {"rule": "coverage", "minutes": 1}, "queue": {"renege_minutes": [15, 15]}},
    {"groups": [{"name": "a", "units": 3, "posts": 3, "mode": "random", "shift_hours": 24}]},
    {"groups": [{"name": "a", "units": 3, "posts": 3, "mode": "hot_spots", "shift_hours": 24}]},
    {"groups": [{"name": "a", "units": 3, "posts": 3, "mode": "beat", "beat_km": 1, "shift_hours": 24}]},
]


@pytest.mark.parametrize("parts", VARIANTS)
def test_plain_python_writes_the_same_records(parts: dict[str, object]) -> None:
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests" / "kit")))
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONHASHSEED": "7", "PYTHONPATH": paths}
    command = [sys.executable, "-c", PLAIN_RUN, repr(parts)]
    plain = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    model = busy(1.0, **parts)
    assert int(model.world.state[0].call_rows) > 50
    assert (model.world.calls["queue_met"] > 0).any(), "the run must have a queue to show anything"
    assert plain.stdout.strip() == fingerprint(model.world)


def test_same_seed_same_records() -> None:
    assert fingerprint(busy().world) == fingerprint(busy().world)
