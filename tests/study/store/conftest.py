"""An empty store, and a way to fill it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from made_up_runs import name_of, record_of

from sim.study import Store

Put = Callable[..., str]


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
