"""Whatever is killed, and whenever: no finished run is lost, and going on gives the tables of an unbroken study."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from hamlets import asked_for, begun, same_tables
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.study import Progress, SchedulerError, Store, run_jobs, workers_at
from sim.study.runner import dispatch

ROOT = Path(__file__).resolve().parents[3]
POINTS, REPLICATIONS = 2, 9
Unbroken = Callable[[int, int], Store]

STUDY = f"""
import sys
from sim.study import Store, run_jobs
from hamlets import asked_for, begun
if __name__ == "__main__":
    store = Store(sys.argv[1])
    folder = begun(store, {POINTS})
    ending = run_jobs(store, asked_for({POINTS}, {REPLICATIONS}), experiment=folder, workers=2)
    print(ending.finished, ending.skipped, len(ending.failed), ending.stopped, flush=True)
"""


def workers_of(pid: int) -> list[psutil.Process]:
    """Return the worker processes of a study: what its fork server has made."""
    with suppress(psutil.NoSuchProcess):
        return [one for child in psutil.Process(pid).children() for one in child.children()]
    return []


def wait_for(count: int, store: Store, process: subprocess.Popen[str] | None = None) -> None:
    """Wait until a store has so many runs."""
    end = time.monotonic() + 90
    while len(store.finished()) < count:
        assert time.monotonic() < end, "the study does not get on"
        assert process is None or process.poll() is None, "the study ended by itself"
        time.sleep(0.01)


def go_on(store: Store, workers: int = 1) -> Any:
    folder = begun(store, POINTS)
    return run_jobs(store, asked_for(POINTS, REPLICATIONS), experiment=folder, workers=workers)


def test_killed_workers_cost_nothing(store: Store, unbroken: Unbroken) -> None:
    """Workers are killed at random moments while the study goes on."""
    whole = unbroken(POINTS, REPLICATIONS)
    luck = random.Random(5)
    over = threading.Event()
    killed: list[int] = []

    def kill() -> None:
        while len(killed) < 3 and not over.wait(0.2 + luck.random() * 0.3):
            alive = workers_of(os.getpid())
            if alive and store.finished():
                victim = luck.choice(alive)
                with suppress(psutil.NoSuchProcess):
                    victim.kill()
                    killed.append(victim.pid)

    begun(store, POINTS)
    killer = threading.Thread(target=kill)
    killer.start()
    ending = go_on(store, workers=2)
    over.set()
    killer.join()
    assert killed
    if ending.failed:  # one that was hit twice; it is tried again at the next start
        assert {one.type for one in ending.failed} == {"ProcessKilled"}
        ending = go_on(store)
    assert ending.failed == []
    same_tables(whole, store)
    go_on(store)  # which sweeps up what the killed left half written
    assert list((Path(store.address) / ".staging").iterdir()) == []


def lethal(seed: int = 2) -> dispatch.Call:
    """Return what stands in for runs of which that of one seed kills its worker; it travels by value."""

    def call(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
        made = []
        for order in orders:
            if order["seed"] == seed:
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(0.05)
            made.append({"run": order["run"], "state": "finished", "seconds": 0.05})
        return made

    return call


def test_a_run_that_kills_its_worker_twice_is_a_failure_and_its_neighbours_are_made(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "CALL", lethal())
    told: list[Progress] = []
    ending = run_jobs(store, asked_for(1, 6), workers=2, progress=told.append)
    assert ending.finished == 5
    (failed,) = ending.failed
    assert (failed.seed, failed.type) == (2, "ProcessKilled")
    assert "ended from outside again and again, the last time alone" in failed.message
    assert "--seed 2" in failed.command
    (record,) = store.failures().values()
    assert record["lasting"] is False  # it is tried again at the next start


def test_what_was_handed_over_together_with_a_killer_is_made(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "CALL", lethal(seed=30))
    ending = run_jobs(store, asked_for(1, 60), workers=1)
    assert (ending.finished, [one.seed for one in ending.failed]) == (59, [30])


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.integers(0, POINTS * REPLICATIONS - 4), moments=st.floats(0.0, 0.2))
def test_killing_the_whole_command_loses_nothing(
    tmp_path_factory: pytest.TempPathFactory, unbroken: Unbroken, done: int, moments: float
) -> None:
    whole = unbroken(POINTS, REPLICATIONS)
    store = Store(str(tmp_path_factory.mktemp("killed") / "store"))
    process = started(store)
    wait_for(done, store, process)
    time.sleep(moments)
    workers = workers_of(process.pid)
    process.kill()
    process.wait()
    psutil.wait_procs(workers, timeout=20)
    there = store.finished()
    assert len(there) >= done
    if not there:
        begun(store, POINTS)
    ending = go_on(Store(store.address))
    assert (ending.skipped, ending.failed) == (len(there), [])
    same_tables(whole, Store(store.address))


def started(store: Store) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", STUDY, store.address],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'kit'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_ctrl_c_stops_at_once_without_noise_and_leaves_no_process(store: Store, unbroken: Unbroken) -> None:
    process = started(store)
    wait_for(3, store, process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    said, noise = process.communicate(timeout=30)
    finished, skipped, failed, stopped = said.split()
    assert (skipped, failed, stopped) == ("0", "0", "True")
    assert noise == ""
    end = time.monotonic() + 15
    while time.monotonic() < end and any(os.getpgid(one.pid) == process.pid for one in alive()):
        time.sleep(0.1)
    assert [one for one in alive() if os.getpgid(one.pid) == process.pid] == []
    # Runs that were stored while it stopped are there, though it has not counted them.
    assert len(store.finished()) >= max(3, int(finished))
    go_on(Store(store.address))
    same_tables(unbroken(POINTS, REPLICATIONS), Store(store.address))


def alive() -> list[psutil.Process]:
    found = []
    for one in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            os.getpgid(one.pid)
            if one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
    return found


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], subprocess.Popen[bytes]]]:
    """Give the address of a Dask scheduler in a process of its own, it, and the process below which two workers are."""
    file = folder / "scheduler.json"
    path = f"{ROOT}:{ROOT / 'tests' / 'kit'}"
    common: dict[str, Any] = {"cwd": ROOT, "env": {**os.environ, "PYTHONPATH": path}, "stderr": subprocess.DEVNULL}
    options = ["--scheduler-file", str(file), "--no-dashboard"]
    tool = [sys.executable, "-m"]
    boss = subprocess.Popen([*tool, "distributed.cli.dask_scheduler", *options, "--port", "0"], **common)
    workers = ["--nworkers", "2", "--nthreads", "1"]
    crew = subprocess.Popen([*tool, "distributed.cli.dask_worker", *options, *workers], **common)
    try:
        end = time.monotonic() + 30
        while not file.exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        yield json.loads(file.read_text())["address"], boss, crew
    finally:
        below = psutil.Process(crew.pid).children(recursive=True) if crew.poll() is None else []
        ending: list[Any] = [boss, crew, *below]
        for one in ending:
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                one.kill()
        boss.wait()
        crew.wait()


def lacking() -> dispatch.Call:
    def call(_: list[dict[str, Any]]) -> list[dict[str, Any]]:
        raise ModuleNotFoundError("No module named 'sim'")

    return call


def test_workers_without_gridtown_are_told_of(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "CALL", lacking())
    with pytest.raises(SchedulerError, match=r"lack what a run needs .*install the same gridtown there"):
        run_jobs(store, asked_for(1, 1), workers=1)


def test_killing_the_scheduler_loses_nothing(store: Store, unbroken: Unbroken, tmp_path: Path) -> None:
    folder = begun(store, POINTS)
    with scheduler(tmp_path) as (address, boss, _):

        def kill(step: Progress) -> None:
            if step.done == 7:
                boss.kill()

        with pytest.raises(SchedulerError, match="is gone; every finished run is in the store: start the scheduler"):
            run_jobs(store, asked_for(POINTS, REPLICATIONS), experiment=folder, scheduler=address, progress=kill)
    there = len(store.finished())
    assert there >= 7
    ending = go_on(store)
    assert (ending.finished, ending.skipped, ending.failed) == (POINTS * REPLICATIONS - there, there, [])
    same_tables(unbroken(POINTS, REPLICATIONS), store)


def test_killing_a_worker_of_a_cluster_loses_nothing(store: Store, unbroken: Unbroken, tmp_path: Path) -> None:
    folder = begun(store, POINTS)
    killed: list[int] = []
    with scheduler(tmp_path) as (address, _, crew):
        end = time.monotonic() + 30
        while workers_at(address) < 2:  # as they come
            assert time.monotonic() < end

        def kill(step: Progress) -> None:
            if step.step == "finished" and step.done >= 4 and not killed:
                for one in psutil.Process(crew.pid).children(recursive=True):
                    if "resource_tracker" not in " ".join(one.cmdline()):
                        one.kill()
                        killed.append(one.pid)

        ending = run_jobs(store, asked_for(POINTS, REPLICATIONS), experiment=folder, scheduler=address, progress=kill)
    assert killed
    assert (ending.finished, ending.failed) == (POINTS * REPLICATIONS, [])
    same_tables(unbroken(POINTS, REPLICATIONS), store)
