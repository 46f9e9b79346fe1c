"""A town of some hundred people and what is asked of it: small enough to be run hundreds of times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.interventions import catalogue
from sim.scenario import Scenario
from sim.study import Store

HAMLET: dict[str, Any] = {
    "name": "hamlet",
    "calendar": {"days": 6},
    "town": {"kind": "synthetic", "area_km2": 0.5, "townships": 1, "communities": 2, "road_nodes": 40},
    "people": {"residents": 300, "merchants": 6},
    "grid": {"grids": 4},
    "mediation": {"mediators": 2},
    "response": {"units": 3},
    "parameters": {"dispute_rate_per_1000_per_year": 3000.0, "background_calls_per_1000_per_year": 1500.0},
}
TIMES = ["started", "finished", "seconds", "command"]


@dataclass(frozen=True)
class Asked:
    """A run that is asked for."""

    point: int
    replication: int
    seed: int
    scenario: Scenario
    branch_day: int | None = None


def hamlet(levers: list[tuple[str, dict[str, Any]]] | None = None, **parts: Any) -> Scenario:
    """Return the hamlet's scenario, some parts changed."""
    changed = {
        name: {**HAMLET.get(name, {}), **given} if isinstance(given, dict) else given for name, given in parts.items()
    }
    kinds = catalogue()
    chosen = tuple(kinds[name].model_validate(fields) for name, fields in levers or [])
    return Scenario.model_validate({**HAMLET, **changed, "interventions": chosen})


def asked_for(points: int, replications: int, **parts: Any) -> list[Asked]:
    """Return jobs in balanced order over points that differ in their mediators."""
    scenarios = [hamlet(name=f"hamlet-{one}", mediation={"mediators": one + 1}, **parts) for one in range(points)]
    return [
        Asked(point, replication, 1 + replication, scenarios[point])
        for replication in range(replications)
        for point in range(points)
    ]


def begun(store: Store, points: int) -> str:
    """Begin the experiment whose points ``asked_for`` gives."""
    store.prepare()
    frame = pd.DataFrame({"point": range(points), "mediators": [one + 1 for one in range(points)]})
    return store.experiments.begin("hamlets", "0123456789", {"title": "Hamlets", "factors": []}, frame)


def tables_of(store: Store) -> dict[str, pd.DataFrame]:
    """Return everything that a store says of its runs but when and how fast they were made."""
    with store.connect() as connection:
        views = {
            "runs": connection.sql("select * from runs order by run").df().drop(columns=TIMES),
            "outcomes": connection.sql("select * from outcomes order by run").df(),
            "replications": connection.sql("select * from replications order by point, replication").df(),
            "failures": connection.sql("select run, type from failures order by run").df(),
        }
    outcomes = views["outcomes"]
    views["outcomes"] = outcomes[sorted(outcomes.columns)]
    return views


def same_tables(one: Store, other: Store) -> None:
    """Assert that two stores hold the same."""
    mine, theirs = tables_of(one), tables_of(other)
    for name, frame in mine.items():
        pd.testing.assert_frame_equal(frame, theirs[name], check_exact=True)


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
            ending = run_jobs(store, asked_for(points, replications), experiment=folder, workers=2)
            assert (ending.finished, ending.failed) == (points * replications, [])
            made[points, replications] = store
        return made[points, replications]

    return whole
