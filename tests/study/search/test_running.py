"""A search of a real tiny town, its runs in a store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.study import Store
from sim.study.run import run_one
from sim.study.search import Asked, load_search, search_for, search_in
from sim.study.search.running import StoredSearch
from tests.study.search.test_file import SEARCH, TINY


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "enough.yaml").write_text(SEARCH, encoding="utf-8")
    return load_search(tmp_path / "enough.yaml")


@pytest.mark.slow
def test_a_real_town_is_searched_and_not_run_twice(plan: Any, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    found, failures = search_in(store, plan, workers=1)
    assert not failures
    assert found.best is not None
    assert found.best.factors["grids"] == 8
    # Nothing in a tiny town's grids needs more mediators, and they cost.
    assert found.best.factors["mediators"] == 1
    assert found.runs <= 60
    finished = len(store.finished())
    assert finished == found.runs
    again, _ = search_in(store, plan, workers=1)
    assert len(store.finished()) == finished
    assert again.finalists == found.finalists
    # The same search with runs made here and now goes the same way.

    def here(asked: Any) -> Any:
        points = plan.points(asked)
        return [run_one(point.scenario, one.seed).outcomes for one, point in zip(asked, points, strict=True)]

    assert search_for(plan.search, here).finalists == found.finalists


def test_a_point_that_makes_no_scenario_counts_as_failed(plan: Any, tmp_path: Path) -> None:
    under_way = StoredSearch(plan, Store(str(tmp_path / "store")), None)
    wrong = Asked(99, {"mediators": -4, "grids": 8}, 11)
    under_way.asked = [*under_way.asked[:1], wrong]
    assert [job.seed for job in under_way.jobs()] == [11]
    assert under_way.points[1] is None
    assert list(under_way._outcomes()) == [None, None]  # the first has not been run yet
