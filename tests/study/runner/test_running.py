"""Many runs into a store, by workers of this machine."""

import errno
import os
import shlex
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hamlets import HAMLET, Asked, asked_for, begun, hamlet

from sim.outcomes import StoreError
from sim.scenario import Scenario
from sim.study import Progress, SchedulerError, Store, load, run_id, run_jobs, run_one
from sim.study.runner.orders import Namer, Order
from sim.study.runner.running import Running
from sim.study.runner.work import answers, make_run

ROOT = Path(__file__).resolve().parents[3]


def test_runs_are_stored_in_balanced_order_and_never_made_twice(store: Store) -> None:
    folder = begun(store, 2)
    jobs = asked_for(2, 3)
    told: list[Progress] = []
    ending = run_jobs(store, jobs, experiment=folder, workers=2, progress=told.append, command="me")
    assert (ending.finished, ending.skipped, ending.failed, ending.stopped) == (6, 0, [], False)
    assert store.finished() == {run_id(job.scenario, job.seed) for job in jobs}
    assert told[-1].done == told[-1].total == 6
    assert told[-1].seconds_left == 0.0
    record = store.record(run_id(jobs[4].scenario, jobs[4].seed))
    alone = run_one(jobs[4].scenario, jobs[4].seed)
    assert {id_: repr(value) for id_, value in record["outcomes"].items()} == {
        id_: repr(value) for id_, value in alone.outcomes.items()
    }
    assert record["command"] == "me"
    assert "series.parquet" in store.place.names(store.folder_of(record["run"]))
    frame = load(store, "hamlets")
    assert frame[["point", "replication", "seed", "mediators"]].to_numpy().tolist() == [
        [point, replication, replication + 1, point + 1] for point in (0, 1) for replication in (0, 1, 2)
    ]
    assert frame.columns[:6].tolist() == ["experiment", "point", "replication", "seed", "run", "mediators"]

    before = time.monotonic()
    again = run_jobs(store, jobs, experiment=folder, workers=2)
    assert (again.finished, again.skipped) == (0, 6)
    assert time.monotonic() - before < 2.0  # no worker was started

    place = f"{store.folder_of(record['run'])}/run.json"
    store.place.write(place, store.place.read(place)[:-9])
    for shard in store.catalogue.shards():  # which would know it as it was
        store.place.remove(f"catalogue/{shard}")
    mended = run_jobs(store, jobs, experiment=folder, workers=1)
    assert (mended.finished, mended.skipped, mended.damaged) == (1, 5, 1)
    outcomes = store.record(record["run"])["outcomes"]
    assert {id_: repr(value) for id_, value in outcomes.items()} == {
        id_: repr(value) for id_, value in record["outcomes"].items()
    }


def test_equal_jobs_are_made_once_and_further_rounds_are_asked_for(store: Store) -> None:
    folder = begun(store, 1)
    rounds = [asked_for(1, 2), asked_for(1, 3), []]

    def then() -> list[Asked]:
        assert len(load(store, folder)) == (2 if len(rounds) == 2 else 3)
        return rounds.pop(0)

    first = rounds.pop(0)
    twin = Asked(0, 0, 1, hamlet(name="by-another-name", mediation={"mediators": 1}))
    ending = run_jobs(store, [*first, twin], workers=1, then=then, experiment=folder, tables=True)
    assert (ending.finished, ending.skipped) == (3, 0)
    assert store.finished(tables=True) == store.finished()


def test_a_failed_run_is_a_record_and_the_others_go_on(store: Store, tmp_path: Path) -> None:
    (tmp_path / "streets.graphml").write_text("no streets")
    town = {"kind": "graphml", "file": str(tmp_path / "streets.graphml"), "townships": 1, "communities": 2}
    broken = Scenario.model_validate({**HAMLET, "name": "broken", "town": town, "interventions": ()})
    jobs = [Asked(0, 0, 1, hamlet()), Asked(1, 0, 1, broken), Asked(2, 0, 2, hamlet())]
    ending = run_jobs(store, jobs, workers=1)
    assert ending.finished == 2
    (failed,) = ending.failed
    assert (failed.scenario, failed.seed, failed.type) == ("broken", 1, "TownError")
    assert "Traceback" in failed.trace
    record = store.failure(run_id(broken, 1))
    assert record is not None
    assert record["attempts"] == 1
    # The command makes just this run again, and fails in the same way.
    program, *arguments = shlex.split(failed.command)
    assert program == "gridtown"
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", *arguments, "--out", str(tmp_path / "again")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "streets.graphml" in done.stderr
    # What lies in the run itself is not tried again unless asked for.
    again = run_jobs(store, jobs, workers=1)
    assert (again.finished, again.skipped, [one.type for one in again.failed]) == (0, 2, ["TownError"])
    tried = run_jobs(store, jobs, workers=1, retry_failures=True)
    assert len(tried.failed) == 1
    assert (store.failure(run_id(broken, 1)) or {})["attempts"] == 2


def test_a_scheduler_that_cannot_be_reached_is_told_and_nothing_is_run(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.runner.cluster.CONNECT_SECONDS", 1.0)
    with pytest.raises(SchedulerError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9 within 1 s"):
        run_jobs(store, asked_for(1, 1), scheduler="tcp://127.0.0.1:9")
    with pytest.raises(SchedulerError, match=r"nonsense://x is no address of a Dask scheduler .*looks like tcp://host"):
        run_jobs(store, asked_for(1, 1), scheduler="nonsense://x")
    with pytest.raises(SchedulerError, match=r"127\.0\.0\.1 is no address of a Dask scheduler .*looks like tcp://host"):
        run_jobs(store, asked_for(1, 1), scheduler="127.0.0.1")
    assert store.finished() == set()


def order_of(store: Store, **about: Any) -> Order:
    store.prepare()
    job = asked_for(1, 1)[0]
    return replace(Namer(store.address, store.id, False, "me").order(job, 0), **about)


def test_a_branched_run_goes_by_the_name_of_the_unbranched_one_and_is_the_same(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.runner.branching.cache_home", lambda: tmp_path)
    store.prepare()
    scenario = hamlet([("mediators", {"factor": 2.0, "from_day": 3})])
    namer = Namer(store.address, store.id, False, "me")
    for seed in (4, 4, 5):
        order = namer.order(Asked(0, 0, seed, scenario, branch_day=3), 0)
        assert make_run(order).state == "finished"
    assert len(list((tmp_path / "gridtown" / "warm-ups").glob("*.npz"))) == 2
    assert store.finished() == {run_id(scenario, seed, branch_day=3) for seed in (4, 5)}
    assert run_id(scenario, 4, branch_day=3) == run_id(scenario, 4)
    record, alone = store.record(run_id(scenario, 4)), run_one(scenario, 4)
    assert record["branch_day"] == 3
    assert {id_: repr(one) for id_, one in record["outcomes"].items()} == {
        id_: repr(one) for id_, one in alone.outcomes.items()
    }


def test_a_worker_of_another_version_or_before_another_folder_must_not_answer(store: Store) -> None:
    made = make_run(order_of(store, model_version="another"))
    assert made.state == "foreign"
    assert "another version of the model" in made.message
    made = make_run(order_of(store, store_id="another"))
    assert made.state == "foreign"
    assert "a folder that all machines share" in made.message
    assert store.finished() == set()


def test_after_a_refusal_a_worker_leaves_the_rest(store: Store) -> None:
    good, bad = order_of(store), order_of(store, store_id="another")
    assert [made["state"] for made in answers([asdict(one) for one in (good, bad, good)])] == ["finished", "foreign"]


def test_a_data_file_with_another_content_is_a_failure(store: Store) -> None:
    made = make_run(order_of(store, run="0" * 32))
    assert (made.state, made.type) == ("failed", "ValueError")
    assert "another content" in made.message


def test_a_full_disk_ends_the_study_with_a_clear_message(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    order = order_of(store)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("sim.study.store.place.os.fsync", full)
    made = make_run(order)
    assert made.state == "full"
    assert "the disk is full: free some space" in made.message
    study = Running(store, Namer(store.address, store.id, False, ""), lambda _: None, set(), set(), {})
    with pytest.raises(StoreError, match="the disk is full"):
        study.take(order, made)
    monkeypatch.undo()
    assert make_run(order).state == "finished"  # nothing stood in its way


def test_a_study_in_a_folder_that_cannot_be_written_is_refused_before_anything_runs(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(store, 1)

    def refuses(*_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("sim.study.store.place.tempfile.mkdtemp", refuses)
    with pytest.raises(StoreError, match="read-only"):
        run_jobs(store, asked_for(1, 1))
