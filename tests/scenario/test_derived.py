from __future__ import annotations

from collections.abc import Callable

from sim.scenario import (
    Scenario,
    default_nodes,
    default_posts,
    grid_count,
    worker_count,
)
from sim.scenario.derived import MOST_NODES


def test_the_default_number_of_nodes() -> None:
    assert default_nodes(9490.0, 2213) == 17_704
    assert default_nodes(4.0, 8) == 240
    assert default_nodes(0.2, 1) == 60
    assert default_nodes(1e5, 9_000) == MOST_NODES
    assert default_nodes(1e5, 20_000) == 60_000


def test_the_default_number_of_posts() -> None:
    assert default_posts(40, 8.0, 5) == 14
    assert default_posts(40, 8.0, 30) == 30
    assert default_posts(40, 8.0, 84) == 40
    assert default_posts(0, 8.0, 5) == 1


def test_how_many_grids_and_workers(load: Callable[..., Scenario], valid: str) -> None:
    def counts(households: int, *overrides: str) -> tuple[int, int]:
        scenario = load(valid, *overrides)
        grids = grid_count(scenario, households)
        return grids, worker_count(scenario, grids)

    assert counts(1000, "grid.grids=7") == (7, 7)
    assert counts(1000, "grid.households_per_grid=300") == (3, 3)
    assert counts(10, "grid.households_per_grid=300") == (1, 1)
    assert counts(1000, "grid.grids=7", "grid.workers=9") == (7, 9)
    assert counts(1000, "grid.households_per_grid=100", "grid.workers_per_grid=1.25") == (10, 12)
    stated = load(valid, "grid.grids=7", "grid.workers=7")
    assert worker_count(stated, 9) == 9, "a grid is never without a worker"
