"""Stores of studies of a hamlet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hamlets import asked_for, begun

from sim.study import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


@pytest.fixture(scope="session")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, int], Store]:
    """Return a function that gives the store of an unbroken run of so many points and replications."""
    from sim.study import run_jobs

    made: dict[tuple[int, int], Store] = {}

    def whole(points: int, replications: int) -> Store:
        if (points, replications) not in made:
            store = Store(str(tmp_path_factory.mktemp("unbroken") / "store"))
            folder = begun(store, points)
            ending = run_jobs(store, asked_for(points, replications), experiment=folder, workers=1)
            assert (ending.finished, ending.failed) == (points * replications, [])
            made[points, replications] = store
        return made[points, replications]

    return whole
