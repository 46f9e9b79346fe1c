"""One run: build the town, let the time pass, compute the outcomes, write the records with where they come from."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.outcomes import FIXED_STREAMS, Records, StoreError, outcomes, records, staged_folder, store_error, write_tables
from sim.response import call_log_frame
from sim.scenario import Scenario, canonical, scenario_hash
from sim.study.provenance import command_line, hash_of_source, machine, moment, versions

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import TownModel
    from sim.town import Town

FORMAT = 1
RUN_FILE = "run.json"
LOG_FILE = "calls-log.csv"


@dataclass(frozen=True)
class RunResult:
    """What one run gave.

    Attributes:
        scenario: name.
        seed: of the run.
        outcomes: by id; NaN where undefined.
        records: all tables.
        record: the run record, as ``run.json`` holds it.
        folder: where it was written, or None.
    """

    scenario: str
    seed: int
    outcomes: dict[str, float]
    records: Records
    record: dict[str, Any]
    folder: Path | None


def run_folder(scenario: Scenario, seed: int, folder: Path) -> Path:
    """Return where a run's files go: ``<scenario>-<8 digits of its hash>-seed<seed>`` below ``folder``."""
    return Path(folder) / f"{scenario.name}-{scenario_hash(scenario)[:8]}-seed{seed}"


def run_model(scenario: Scenario, seed: int, town: Town | None = None) -> TownModel:
    """Return the model of a scenario after its last day."""
    from sim.model import TownModel

    return TownModel(scenario, seed=seed, town=town).run()


def run_one(
    scenario: Scenario,
    seed: int = 1,
    folder: Path | None = None,
    *,
    town: Town | None = None,
    command: str | None = None,
    replace: bool = False,
    finished: Callable[[], TownModel] | None = None,
) -> RunResult:
    """Run a scenario once.

    Args:
        scenario: what to run.
        seed: of the run, 0 <= seed < 2**63.
        folder: below which the run's own folder is written, whole or not at all; None writes nothing.
        town: one built before from the same settings.
        command: what the user typed, for the run record; this process's command line when left out.
        replace: write over a different run that is in the way.
        finished: makes the model and lets its time pass, for callers that show how far it has come or go on with a
            saved one; it must return the same model as ``run_model`` would.

    Raises:
        StoreError: the folder cannot be written, or holds a different run.
        TownError: the scenario's road network cannot be used.
    """
    target = None if folder is None else run_folder(scenario, seed, folder)
    if target is not None and not replace:
        refuse_other_run(target, identity(scenario, seed))
    started, clock = moment(), time.perf_counter()
    model = run_model(scenario, seed, town) if finished is None else finished()
    taken = records(model)
    numbers = outcomes(taken)
    record = {
        **identity(scenario, seed),
        "format": FORMAT,
        "scenario": canonical(scenario),
        "title": scenario.title,
        "outcomes": numbers,
        "log_notes": [] if model.log is None else list(model.log.notes),
        "versions": versions(),
        **machine(),
        "started": started,
        "finished": moment(),
        "seconds": round(time.perf_counter() - clock, 3),
        "command": command_line() if command is None else command,
    }
    if target is not None:
        write_run(taken, record, log_of(model), target)
    return RunResult(scenario.name, seed, numbers, taken, record, target)


def log_of(model: TownModel) -> pd.DataFrame:
    """Return a model's calls up to now as a log that a scenario can replay."""
    types = [*FIXED_STREAMS, *(stream.name for stream in model.plan.calls.streams)]
    log_types = () if model.log is None else model.log.types
    return call_log_frame(model.world, model.calendar, model.town.roads, types, log_types)


def identity(scenario: Scenario, seed: int) -> dict[str, Any]:
    """Return what makes a run this run: scenario, seed and the rules' source."""
    return {"scenario_hash": scenario_hash(scenario), "seed": seed, "source_hash": hash_of_source()}


def refuse_other_run(folder: Path, mine: dict[str, Any]) -> None:
    """Make sure that a run's folder is free or holds the same run.

    Raises:
        StoreError: it holds a different run or other things.
    """
    if not folder.exists():
        return
    try:
        there = read_run_record(folder)
    except StoreError:
        there = {}
    different = [name.replace("_", " ") for name, value in mine.items() if there.get(name) != value]
    if different:
        raise store_error(
            "write",
            folder,
            f"it holds a different run ({', '.join(different)}); choose another folder or remove it",
        )


def write_run(taken: Records, record: dict[str, Any], log: pd.DataFrame, folder: Path) -> None:
    """Write a run's tables, its calls as a log to be replayed and its record into a folder, whole or not at all.

    Raises:
        StoreError: the file system refuses.
    """
    with staged_folder(folder) as staged:
        write_tables(taken.tables, staged)
        with (staged / LOG_FILE).open("w", encoding="utf-8", newline="") as text:
            log.to_csv(text, index=False)
        (staged / RUN_FILE).write_text(to_json(record), encoding="utf-8")


def read_run_record(folder: Path) -> dict[str, Any]:
    """Return a run's record from its folder; undefined outcomes are NaN again.

    Raises:
        StoreError: there is none, or it is damaged.
    """
    path = Path(folder) / RUN_FILE
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise store_error("read", path, problem) from problem
    except ValueError as problem:
        raise store_error("read", path, f"it is damaged ({problem})") from problem
    if not isinstance(record, dict) or not isinstance(record.get("outcomes"), dict):
        raise store_error("read", path, "it is no run record")
    record["outcomes"] = {
        name: float("nan") if value is None else float(value) for name, value in record["outcomes"].items()
    }
    return record


def to_json(value: Any) -> str:
    """Return strict JSON with sorted keys; NaN and infinities, which JSON does not know, become null."""
    return json.dumps(without_nan(value), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def without_nan(value: Any) -> Any:
    """Return nested data with None in place of every number that is not finite."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: without_nan(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(child) for child in value]
    return value
