"""A search of a real tiny town, its runs in a store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_up_runs import record_of

from sim.scenario import Mistake
from sim.study import Store, experiments_in, load, model_version, run_id
from sim.study.experiment import ExperimentError
from sim.study.run import run_one
from sim.study.search import (
    SEARCH as KIND,
)
from sim.study.search import (
    Asked,
    SearchError,
    found_in,
    is_search,
    keeping,
    load_search,
    search_for,
    search_in,
)
from sim.study.search.running import StoredSearch
from sim.study.store import experiments
from tests.study.search.test_file import SEARCH, TINY


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "enough.yaml").write_text(SEARCH, encoding="utf-8")
    return load_search(tmp_path / "enough.yaml")


@pytest.mark.slow
def test_a_real_town_is_searched_and_not_run_twice(plan: Any, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    made = search_in(store, plan, workers=1)
    found = made.found
    assert not made.failures
    assert found.best is not None
    assert found.best.factors["grids"] == 8
    # Nothing in a tiny town's grids needs more mediators, and they cost.
    assert found.best.factors["mediators"] == 1
    assert found.runs <= 60
    finished = len(store.finished())
    assert finished == found.runs
    again = search_in(store, plan, workers=1)
    assert len(store.finished()) == finished
    assert again.found.finalists == found.finalists
    # What the store has of it is what was found.
    kept = found_in(store, "enough")
    assert kept.found.finalists == found.finalists
    assert kept.found.best == found.best
    assert kept.found.points.equals(found.points)
    assert (kept.found.runs, kept.found.failed, kept.found.ended) == (found.runs, found.failed, found.ended)
    assert not kept.failures
    assert not kept.impossible
    assert (kept.file, kept.folder, kept.model_version) == (made.file, made.folder, made.model_version)
    (row,) = experiments_in(store).to_dict("records")
    assert (row["kind"], row["state"], row["asked"]) == (KIND, "done", found.runs)
    assert row["points"] == len(found.tried)
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
    assert under_way.points[1] == "design.rows.0.mediators: given -4; allowed: a whole number from 1 to 4"
    assert list(under_way._outcomes()) == [None, None]  # the first has not been run yet


def work_off(under_way: StoredSearch, store: Store, runs: int | None = None) -> None:
    """Make up the outcomes of the runs that a search asks for, of so many at most, as its runner would."""
    jobs, made = under_way.jobs(), 0
    under_way.keeper.add(under_way.asked, under_way.points)
    while jobs:
        for job in jobs:
            if made == runs:
                return
            grids = job.scenario.grid.grids or 0
            outcomes = {"cost_total_yuan": 100.0 * grids + job.seed, "recorded_found_share": grids / 10.0}
            outcomes["visits_per_household"] = float("nan")
            about = record_of(job.seed, outcomes=outcomes, model_version=model_version())
            if grids == 2:
                told = {**about, "type": "ValueError", "message": "no", "replay": "gridtown run x"}
                store.write_failure(run_id(job.scenario, job.seed), told, {"name": "made-up"})
            else:
                store.write(run_id(job.scenario, job.seed), about)
                store.catalogued([run_id(job.scenario, job.seed)])
            made += 1
        jobs = under_way.then()


def test_a_search_is_listed_as_it_goes_and_read_again_when_it_has_ended(plan: Any, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.prepare()
    work_off(StoredSearch(plan, store, None), store, runs=15)
    (row,) = experiments_in(store).to_dict("records")
    assert (row["kind"], row["state"], row["title"]) == (KIND, "open", plan.search.title)
    assert row["asked"] > row["finished"] > 0
    assert is_search(store, "enough")
    with pytest.raises(SearchError, match="is not a finished search"):
        found_in(store, "enough")
    under_way = StoredSearch(plan, store, None)
    work_off(under_way, store)
    found = under_way.found
    assert found is not None
    assert found.failed > 0
    kept = found_in(Store(store.address), under_way.keeper.folder)
    assert kept.found.points.equals(found.points)
    assert repr(kept.found.finalists) == repr(found.finalists)
    assert (kept.found.runs, kept.found.failed, kept.found.ended) == (found.runs, found.failed, found.ended)
    assert len(kept.failures) == found.failed
    assert {one.type for one in kept.failures} == {"ValueError"}
    # Made again and interrupted, it is still the finished one.
    work_off(StoredSearch(plan, store, None), store, runs=0)
    assert found_in(store, "enough").found.points.equals(found.points)


def test_a_run_that_is_damaged_after_it_was_catalogued_has_not_failed(plan: Any, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.prepare()
    whole = StoredSearch(plan, store, None)
    work_off(whole, store)
    assert whole.found is not None
    damaged = sorted(store.finished())[:5]
    for run in damaged:
        (Path(store.address) / store.folder_of(run) / "run.json").write_text("{", encoding="utf-8")
    # The runner takes them as they are, so the search must too: it goes the same way and nothing has failed of it.
    assert not any(store.has(run) for run in damaged)
    again = StoredSearch(plan, store, None)
    jobs = again.jobs()
    again.keeper.add(again.asked, again.points)
    while jobs:
        jobs = again.then()
    assert again.found is not None
    assert (again.found.failed, again.found.points.equals(whole.found.points)) == (whole.found.failed, True)
    kept = found_in(store, "enough")
    assert (kept.found.failed, kept.found.points.equals(whole.found.points)) == (whole.found.failed, True)
    assert len(kept.failures) == whole.found.failed


def test_the_same_search_twice_at_once_ends_well_twice(plan: Any, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.prepare()
    slow, fast = StoredSearch(plan, store, None), StoredSearch(plan, store, None)
    jobs = slow.jobs()
    slow.keeper.add(slow.asked, slow.points)
    work_off(fast, store)
    assert fast.found is not None
    while jobs:
        # Whatever the slow one writes, what the fast one has finished stays finished and whole.
        kept = found_in(store, "enough")
        assert repr(kept.found.finalists) == repr(fast.found.finalists)
        assert kept.found.points.equals(fast.found.points)
        jobs = slow.then()
    assert slow.found is not None
    assert repr(slow.found.finalists) == repr(fast.found.finalists)
    assert found_in(store, "enough").found.points.equals(slow.found.points)


def test_an_old_search_names_the_version_of_its_runs(
    plan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(str(tmp_path / "store"))
    store.prepare()
    with monkeypatch.context() as before:
        before.setattr(experiments, "model_version", lambda: "0123456789abcdef")
        work_off(StoredSearch(plan, store, None), store)
    assert found_in(store, "enough").model_version == "0123456789abcdef"


def test_points_without_a_scenario_are_kept_as_such(plan: Any, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.prepare()
    under_way = StoredSearch(plan, store, None)
    possible = under_way.plan.points

    class Picky:
        """A plan whose points with four mediators make no scenario."""

        def __getattr__(self, name: str) -> Any:
            return getattr(plan, name)

        def points(self, asked: Any) -> Any:
            if any(one.factors["mediators"] == 4 for one in asked):
                raise ExperimentError([Mistake("enough.yaml", 4, "point 0: mediation.mediators", "4", "at most 3")])
            return possible(asked)

    under_way.plan = Picky()  # type: ignore[assignment]
    work_off(under_way, store)
    assert under_way.found is not None
    kept = found_in(store, "enough")
    assert kept.impossible
    assert all(kept.found.tried[number].factors["mediators"] == 4 for number in kept.impossible)
    assert kept.impossible == under_way.keeper.impossible
    assert set(kept.impossible.values()) == {"mediation.mediators: given 4; allowed: at most 3"}
    assert kept.found.failed == under_way.found.failed
    assert kept.found.points.equals(under_way.found.points)
    assert load(store, "enough")["run"].notna().all()


def test_a_search_under_other_rules_is_another(plan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = keeping.search_hash(plan)
    monkeypatch.setattr(keeping, "model_version", lambda: "another")
    assert keeping.search_hash(plan) != before
