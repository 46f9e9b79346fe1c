"""What a study costs beside its runs: the runner on all processors, memory over thousands of runs, start, queries.

Run it as ``python benchmarks/studies.py`` on an idle machine. The runs are real ones of about 0.2 s, made by the
command (start of Python and imports included), by the runner in this process, which has imported everything and begun
its fork server as the command does, by a ``multiprocessing.Pool`` (which keeps nothing) and by Mesa's ``batch_run``;
5,000 made-up ones, written by the workers as real ones are, show the slope of memory, the start of a study that goes
on, and the time of a query.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import psutil
from measuring import keep

from sim.model import TownModel
from sim.processes import begin_fork_server
from sim.scenario import Scenario
from sim.study import Progress, Store, run_jobs, run_one
from sim.study.runner import dispatch

RUNS = 200
MANY = 5000
TOWN: dict[str, Any] = {
    "name": "bench",
    "calendar": {"days": 30},
    "town": {"kind": "synthetic", "area_km2": 1.0, "townships": 1, "communities": 4, "road_nodes": 120},
    "people": {"residents": 2000},
    "grid": {"grids": 8},
    "mediation": {"mediators": 3},
    "response": {"units": 6},
    "parameters": {"dispute_rate_per_1000_per_year": 1500.0, "background_calls_per_1000_per_year": 1500.0},
}


@dataclass(frozen=True)
class Job:
    """A run that is asked for."""

    point: int
    replication: int
    seed: int
    scenario: Scenario
    branch_day: int | None = None


def town_of_seconds(wanted: float) -> Scenario:
    """Return a scenario of which one run takes about so many seconds alone."""
    days = TOWN["calendar"]["days"]
    for _ in range(4):
        scenario = Scenario.model_validate({**TOWN, "calendar": {"days": days}})
        run_one(scenario, 1)
        each = seconds_alone(scenario, 8) / 8
        days = max(2, min(3000, round(days * wanted / each)))
    return scenario


def seconds_alone(scenario: Scenario, runs: int) -> float:
    """Return how long so many runs take one after the other in one process that keeps nothing, in seconds."""
    began = time.perf_counter()
    for seed in range(runs):
        run_one(scenario, seed)
    return time.perf_counter() - began


def by_pool(scenario: Scenario, processes: int) -> float:
    """Return how long the runs take in a pool of processes that keeps nothing."""
    began = time.perf_counter()
    with get_context("spawn").Pool(processes) as pool:
        for _ in pool.imap_unordered(partial(outcomes_of, scenario), range(1000, 1000 + RUNS)):
            pass
    return time.perf_counter() - began


def outcomes_of(scenario: Scenario, seed: int) -> dict[str, float]:
    """Return the outcomes of a run."""
    return dict(run_one(scenario, seed).outcomes)


class Batched(TownModel):
    """The town as ``mesa.batch_run`` makes models."""

    def __init__(self, scenario: Scenario, rng: Any = None) -> None:
        super().__init__(scenario, seed=int(np.random.default_rng(rng).integers(2**31)))
        self.datacollector = mesa.DataCollector(model_reporters={"calls": called})

    def step(self) -> None:
        """Collect on the last day, as the batch runner wants it."""
        if self.time >= self.calendar.days:
            self.datacollector.collect(self)


def called(model: TownModel) -> int:
    """Return how many calls a model has had."""
    return int(model.world.state[0].call_rows)


def by_mesa(scenario: Scenario, processes: int) -> float:
    """Return how long the runs take by Mesa's batch runner, which goes day by day and counts no outcomes."""
    began = time.perf_counter()
    days = scenario.calendar.days
    mesa.batch_run(
        Batched,
        {"scenario": [scenario]},
        number_processes=processes,
        rng=range(RUNS),
        max_steps=days,
        data_collection_period=-1,
        display_progress=False,
    )
    return time.perf_counter() - began


def by_command(scenario: Scenario, folder: Path) -> float:
    """Return how long ``gridtown experiment`` takes for the runs, from the start of Python to its end."""
    folder.mkdir()
    (folder / "town.json").write_text(json.dumps({**TOWN, "calendar": {"days": scenario.calendar.days}}))
    experiment = {
        "title": "Bench",
        "base": "town.json",
        "factors": [{"name": "mediators", "field": "mediation.mediators", "levels": [3, 4]}],
        "design": {"kind": "factorial"},
        "replications": RUNS // 2,
    }
    (folder / "bench.json").write_text(json.dumps(experiment))
    command = [sys.executable, "-m", "sim.cli", "experiment", str(folder / "bench.json"), "--json"]
    began = time.perf_counter()
    done = subprocess.run([*command, "--store", str(folder / "store")], check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if json.loads(done.stdout)["finished"] != RUNS:
        raise RuntimeError(done.stdout)
    return seconds


def runner(scenario: Scenario, processes: int, folder: Path) -> dict[str, float]:
    """Return how long the runner takes for the runs, in all and from its first answer on."""
    answers: list[float] = []

    def note(step: Progress) -> None:
        if step.step == "finished":
            answers.append(time.perf_counter())

    jobs = [Job(0, seed, seed, scenario) for seed in range(RUNS)]
    began = time.perf_counter()
    ending = run_jobs(Store(str(folder)), jobs, workers=processes, progress=note)
    seconds = time.perf_counter() - began
    if ending.finished != RUNS:
        raise RuntimeError(f"{ending.finished} of {RUNS} runs were made")
    return {"seconds": seconds, "seconds until the first run": answers[0] - began, "steady": answers[-1] - answers[0]}


def made_up() -> Any:
    """Return a run that takes no time, written as a real one is; it travels by value."""

    def call(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
        import time

        import pyarrow as pa

        from sim.outcomes import CATALOGUE
        from sim.study.runner.work import store_at

        made = []
        for order in orders:
            clock = time.perf_counter()
            record = {
                "scenario_name": "made-up",
                "seed": order["seed"],
                "scenario": {"calendar": {"days": 30}},
                "model_version": order["model_version"],
                "versions": {"gridtown": "0"},
                "started": "2026-01-01T00:00:00Z",
                "finished": "2026-01-01T00:00:00Z",
                "seconds": 0.0,
                "command": "",
                "outcomes": {id_: float(order["seed"] % (7 + number)) for number, id_ in enumerate(CATALOGUE)},
            }
            store_at(order["store"]).write(order["run"], record, {"series": pa.table({"day": [1, 2, 3]})})
            made.append({"run": order["run"], "state": "finished", "seconds": time.perf_counter() - clock})
        return made

    return call


@contextmanager
def no_model() -> Iterator[None]:
    """Have the workers make made-up runs."""
    real, dispatch.CALL = dispatch.CALL, made_up()
    try:
        yield
    finally:
        dispatch.CALL = real


def memory_over_many(scenario: Scenario, processes: int, folder: Path) -> dict[str, float]:
    """Return what thousands of runs cost beside themselves: seconds each, and bytes that stay of each.

    The slope is that of this process over the second half of the runs, and of all its workers together.
    """
    own = psutil.Process(os.getpid())
    measured: list[tuple[int, int, int]] = []

    def note(step: Progress) -> None:
        if step.step == "finished" and step.done % 100 == 0:
            workers = [one for child in own.children() for one in child.children()]
            measured.append((step.done, own.memory_info().rss, sum(one.memory_info().rss for one in workers)))

    store = Store(str(folder))
    store.prepare()
    import pandas as pd

    experiment = store.experiments.begin("many", "0" * 8, {"title": "Many"}, pd.DataFrame({"point": [0], "x": [1]}))
    jobs = [Job(0, seed, seed, scenario) for seed in range(MANY)]
    with no_model():
        began = time.perf_counter()
        run_jobs(store, jobs, workers=processes, progress=note, experiment=experiment)
        seconds = time.perf_counter() - began
    half = np.array(measured[len(measured) // 2 :], dtype=np.float64)
    began = time.perf_counter()
    again = run_jobs(Store(str(folder)), jobs, workers=processes, experiment=experiment)
    start = time.perf_counter() - began
    if again.skipped != MANY:
        raise RuntimeError(f"{again.skipped} of {MANY} runs were known again")
    began = time.perf_counter()
    with Store(str(folder)).connect() as connection:
        connection.sql("select point, count(*), avg(calls), stddev(calls) from results group by point").fetchall()
    query = time.perf_counter() - began
    return {
        "milliseconds a run beside the run itself, all processes together": 1e3 * seconds * processes / MANY,
        "bytes that stay of each run in this process": float(np.polyfit(half[:, 0], half[:, 1], 1)[0]),
        "bytes that stay of each run in the workers": float(np.polyfit(half[:, 0], half[:, 2], 1)[0]),
        "MB of this process at the end": half[-1, 1] / 1e6,
        f"seconds until a study of {MANY} finished runs has found them": start,
        f"seconds of a query over {MANY} runs, store opened": query,
    }


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["runs", "many"], help="measure a part")
    only = parser.parse_args().only
    processes = len(os.sched_getaffinity(0))
    begin_fork_server()
    scenario = town_of_seconds(0.2)
    load = psutil.getloadavg()[0]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if only != "many":
            # A shared machine is now fast and now slow: what is compared is timed by turns.
            alone = [seconds_alone(scenario, 10)]
            figures = runner(scenario, processes, folder / "runs")
            alone.append(seconds_alone(scenario, 10))
            command = by_command(scenario, folder / "command")
            alone.append(seconds_alone(scenario, 10))
            pool = by_pool(scenario, processes)
            each = sum(alone) / 30
            ideal = RUNS * each / processes
            keep(
                "studies-runs",
                {
                    "load of the machine before": load,
                    "processes": processes,
                    "seconds of one run alone": each,
                    f"ideal seconds of {RUNS} runs": ideal,
                    **{f"runner: {name}": value for name, value in figures.items()},
                    "runner over ideal": figures["seconds"] / ideal,
                    "runner over ideal, from its first run on": figures["steady"] / (ideal * (RUNS - 1) / RUNS),
                    "command: seconds": command,
                    "command over ideal": command / ideal,
                    "pool of processes: seconds": pool,
                    "runner over pool": figures["seconds"] / pool,
                    "mesa.batch_run, no outcomes: seconds": by_mesa(scenario, processes),
                },
            )
        if only != "runs":
            keep(
                "studies-many",
                {"load of the machine before": load, **memory_over_many(scenario, processes, folder / "many")},
            )


if __name__ == "__main__":
    main()
