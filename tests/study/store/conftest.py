"""Runs without a model: what the store keeps does not depend on where the numbers come from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sim.study import Store

Put = Callable[..., str]


def record_of(number: int, **about: Any) -> dict[str, Any]:
    return {
        "scenario_name": "made-up",
        "seed": number,
        "scenario": {"calendar": {"days": 30}},
        "model_version": "0123456789abcdef",
        "versions": {"gridtown": "0.1.0"},
        "started": "2026-01-01T00:00:00Z",
        "finished": "2026-01-01T00:00:01Z",
        "seconds": 1.0,
        "command": "gridtown experiment x",
        "outcomes": {"calls": float(number), "queued_share": float("nan") if number % 2 else 0.25},
        **about,
    }


def name_of(number: int) -> str:
    return f"{number * 2654435761 % 2**32:08x}{number:024x}"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(str(tmp_path / "store"))
    made.prepare()
    return made


@pytest.fixture
def put() -> Put:
    """Return a function that stores the run of a number and returns its name."""

    def write(store: Store, number: int, tables: dict[str, pa.Table] | None = None, **about: Any) -> str:
        series = pa.table({"day": [0, 1], "calls": [number, number + 1]})
        store.write(name_of(number), record_of(number, **about), {"series": series}, tables)
        return name_of(number)

    return write
