"""What a worker does with an order: make the run, write it, and say its name."""

from __future__ import annotations

import json
import shlex
import time
from dataclasses import asdict
from functools import cache, lru_cache
from typing import Any

from sim.interventions import Intervention, catalogue
from sim.outcomes import StoreError
from sim.scenario import Scenario, from_canonical
from sim.study.provenance import moment
from sim.study.replication import Caught, failure
from sim.study.run import RunResult, run_one
from sim.study.runner.branching import branched_run
from sim.study.runner.orders import Made, Order
from sim.study.store import KEPT_TABLES, Store, model_version, run_id
from sim.study.towns import TOWNS
from sim.study.warm import get_ready

MOST_SCENARIOS = 64  # a study goes through its points again and again, each with the next seed
REFUSED = ("full", "foreign")
OF_THE_MACHINE = (MemoryError, OSError)  # what may go better another time


@cache
def levers() -> dict[str, type[Intervention]]:
    """Return the known interventions by name; looking them up costs more than a scenario is worth."""
    return catalogue()


@lru_cache(maxsize=MOST_SCENARIOS)
def scenario_of(text: str) -> Scenario:
    """Return the scenario of an order.

    Raises:
        ScenarioError: it cannot be used here: a data file is not there, an intervention not known.
    """
    return from_canonical(json.loads(text), catalogue=levers())


@lru_cache(maxsize=4)
def store_at(address: str) -> Store:
    """Return a store, looked at once."""
    return Store(address)


def answers(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make runs one after the other, up to the first that is refused: no other would go better. In plain data."""
    made: list[dict[str, Any]] = []
    for order in orders:
        made.append(asdict(make_run(Order(**order))))
        if made[-1]["state"] in REFUSED:
            break
    return made


def make_run(order: Order) -> Made:
    """Make a run and store it. Whatever goes wrong comes back as an answer; a failed run is stored as such."""
    clock = time.perf_counter()
    try:
        store = store_at(order.store)
        refusal = foreign(order, store)
        if refusal:
            store_at.cache_clear()
            return Made(order.run, "foreign", message=refusal)
        if store.has(order.run, tables=order.tables):
            return Made(order.run, "finished")
        get_ready()
        with Caught() as caught:
            scenario = scenario_of(order.scenario)
            refuse_other_data(order, scenario)
            result = finished_run(order, scenario)
        if caught.problem is not None:
            return failed(order, store, caught.problem, time.perf_counter() - clock)
        keep(order, store, scenario, result)
    except StoreError as problem:
        return Made(order.run, "full", message=str(problem))
    return Made(order.run, "finished", time.perf_counter() - clock)


def foreign(order: Order, store: Store) -> str:
    """Return why this worker must not answer; nothing if it may."""
    if order.model_version != model_version():
        return (
            f"a worker has another version of the model ({model_version()}; wanted {order.model_version}): install "
            "the same gridtown and the same packages of interventions on all workers, and start them again after a "
            "change"
        )
    if not store.is_there or store.id != order.store_id:
        return (
            f"a worker sees another folder at {order.store}: use a folder that all machines share, or an address such "
            "as s3://bucket/studies"
        )
    return ""


def refuse_other_data(order: Order, scenario: Scenario) -> None:
    """Make sure that the scenario is here what it was where it was asked for.

    Raises:
        ValueError: it is not: a data file has another content here.
    """
    if run_id(scenario, order.seed) != order.run:
        raise ValueError(f"a data file of {scenario.name} has another content on this worker's machine")


def finished_run(order: Order, scenario: Scenario) -> RunResult:
    """Return the result of a run, which is written nowhere yet."""
    town = TOWNS.of(scenario)
    day = order.branch_day
    finished = None if day is None else lambda: branched_run(scenario, order.seed, day, town)
    return run_one(scenario, order.seed, town=town, command=order.command, finished=finished)


def keep(order: Order, store: Store, scenario: Scenario, result: RunResult) -> None:
    """Write a run to the store.

    Raises:
        StoreError: the file system refuses.
    """
    record = {
        **result.record,
        "scenario_name": scenario.name,
        "model_version": order.model_version,
        "branch_day": order.branch_day,
    }
    tables = result.records.tables
    store.write(order.run, record, {name: tables[name] for name in KEPT_TABLES}, tables if order.tables else None)


def failed(order: Order, store: Store, problem: Exception, seconds: float) -> Made:
    """Store a failed run and say so."""
    told = write_failure(order, store, problem, lasting=not isinstance(problem, OF_THE_MACHINE))
    return Made(order.run, "failed", seconds, type(problem).__name__, told)


def write_failure(order: Order, store: Store, problem: BaseException, *, lasting: bool, type_: str = "") -> str:
    """Write the record of a failed run and return its message.

    Args:
        order: of the run.
        store: where.
        problem: what went wrong.
        lasting: it lies in the run, so that trying again as it is would be of no use.
        type_: of the problem, where its class does not say.

    Raises:
        StoreError: the file system refuses.
    """
    tree = json.loads(order.scenario)
    told = failure(tree["name"], order.seed, replay_command(order, store), problem)
    record = {
        "run": order.run,
        "scenario_name": told.scenario,
        "seed": told.seed,
        "type": type_ or told.type,
        "message": told.message,
        "trace": told.trace,
        "replay": told.command,
        "lasting": lasting,
        "attempts": order.attempts + 1,
        "model_version": order.model_version,
        "at": moment(),
    }
    store.write_failure(order.run, record, tree)
    return told.message


def replay_command(order: Order, store: Store) -> str:
    """Return the command that makes a failed run again, alone and in the foreground."""
    if store.place.folder is not None:
        file = str(store.place.folder / "failures" / f"{order.run}.yaml")
        return f"gridtown run {shlex.quote(file)} --seed {order.seed}"
    fetch = f"gridtown results --store {shlex.quote(order.store)} --scenario {order.run} > {order.run}.yaml"
    return f"{fetch} && gridtown run {order.run}.yaml --seed {order.seed}"
