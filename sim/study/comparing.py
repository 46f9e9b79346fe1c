"""Comparing scenarios: replications that share seeds, over a few processes, put together as one Comparison."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from sim.build import town_of
from sim.outcomes import find_outcome, headline
from sim.scenario import Scenario, canonical, estimate_bytes, scenario_hash
from sim.study.comparison import Comparison, Failure, changes
from sim.study.effects import PRECISION, effects
from sim.study.gathering import Gathered, Progress, first_story, long_table, stacked, values_by_seed
from sim.study.pool import KILLED, Pool
from sim.study.provenance import (
    available_processors,
    command_line,
    hash_of_source,
    machine,
    moment,
    versions,
)
from sim.study.replication import Caught, Replication, Task, failure, replicate
from sim.study.run import identity, refuse_other_run, run_folder
from sim.study.summaries import street_map
from sim.study.towns import town_key
from sim.study.usage import parameters_used
from sim.study.warm import get_ready
from sim.town import Town

MOST_CALLS = 20_000  # of each scenario that a comparison keeps to show


class ComparisonError(ValueError):
    """A comparison cannot be made as asked; the message says why."""


def check_request(scenarios: Sequence[Scenario], replications: int, shown: Sequence[str]) -> None:
    """Make sure that a comparison can be made.

    Raises:
        ComparisonError: two scenarios have one name, there is no option, or no replication.
        UnknownOutcomeError: an outcome to be shown does not exist.
    """
    if len(scenarios) < 2:
        raise ComparisonError("a comparison needs a base and at least one option")
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ComparisonError(f"two scenarios are named {twice[0]!r}; give each a name of its own (--set name=...)")
    if replications < 1:
        raise ComparisonError(f"replications is {replications}; allowed: 1 or more")
    for id_ in shown:
        find_outcome(id_)


def compare(
    base: Scenario,
    options: Sequence[Scenario],
    replications: int = 10,
    seed: int = 1,
    jobs: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    *,
    shown: Sequence[str] | None = None,
    folder: Path | None = None,
    arguments: Mapping[str, str] | None = None,
    command: str | None = None,
    precision: float = PRECISION,
    replace: bool = False,
) -> Comparison:
    """Run scenarios with the same seeds and compare the options with the base.

    Args:
        base: the scenario that the others are compared with.
        options: the others; every name must be its own.
        replications: runs of each scenario, with seeds ``seed``, ``seed + 1``, ...
        seed: the first.
        jobs: processes at once; 1 runs in this one; as many as this process may use when left out.
        progress: told of every step.
        shown: ids of the outcomes over which Holm's correction runs; the headline when left out, of the response
            alone where no scenario has residents.
        folder: below which every run's records are written; None writes nothing.
        arguments: by scenario name, what follows ``gridtown run`` to name that scenario, quoted for a shell; the name
            when left out.
        command: what the user typed; this process's command line when left out.
        precision: wanted half-width as a share of the base's mean, for the replications needed.
        replace: write over different runs that are in the way.

    Returns:
        The comparison. A replication that failed is in ``failures``; the others go on, and pairs without it are made.

    Raises:
        ComparisonError: the request makes no comparison.
        UnknownOutcomeError: an outcome to be shown does not exist.
        StoreError: a folder holds a different run.
        KeyboardInterrupt: after all processes have been ended.
    """
    scenarios = [base, *options]
    if shown is None:
        shown = headline(peopled=any(scenario.people.residents for scenario in scenarios))
    check_request(scenarios, replications, shown)
    seeds = [seed + number for number in range(replications)]
    if folder is not None and not replace:
        for scenario in scenarios:
            for one in seeds:
                refuse_other_run(run_folder(scenario, one, folder), identity(scenario, one))
    started, clock = moment(), time.perf_counter()
    command = command_line() if command is None else command
    gathered = Gathered(len(scenarios) * len(seeds), progress or (lambda _: None))
    tasks = Tasks(scenarios, seeds, folder, command, dict(arguments or {}), replace, gathered)
    at_once = jobs_used(jobs, scenarios, replications)
    run_tasks(tasks, at_once, gathered)
    gathered.finished.sort(key=lambda one: (tasks.place(one.scenario), one.seed))
    gathered.failures.sort(key=lambda one: (tasks.place(one.scenario), one.seed))
    names = [scenario.name for scenario in scenarios]
    return Comparison(
        base=base.name,
        options=names[1:],
        scenarios=dict(zip(names, scenarios, strict=True)),
        seeds=seeds,
        runs=long_table(gathered.finished),
        effects=effects(values_by_seed(gathered.finished, names, seeds), base.name, names[1:], shown, precision),
        shown=list(shown),
        changes={option.name: changes(canonical(base), canonical(option)) for option in options},
        calls=stacked(gathered.finished, "calls"),
        series=stacked(gathered.finished, "series"),
        districts=stacked(gathered.finished, "districts"),
        unit_time=stacked(gathered.finished, "unit_time"),
        roads=background(tasks.town(base)),
        story=first_story(gathered.finished, base.name),
        failures=gathered.failures,
        parameters=parameters_used(base),
        provenance={
            "versions": versions(),
            **machine(),
            "source_hash": hash_of_source(),
            "scenario_hashes": {scenario.name: scenario_hash(scenario) for scenario in scenarios},
            "seeds": seeds,
            "jobs": at_once,
            "precision": precision,
            "started": started,
            "finished": moment(),
            "seconds": round(time.perf_counter() - clock, 3),
            "run_seconds": round(sum(one.seconds for one in gathered.finished), 3),
            "command": command,
        },
    )


@dataclass
class Tasks:
    """The replications in order, seed by seed; each town is built once, for all seeds and scenarios that share it."""

    scenarios: Sequence[Scenario]
    seeds: Sequence[int]
    folder: Path | None
    command: str
    arguments: dict[str, str]
    replace: bool
    gathered: Gathered
    towns: dict[str, Town | Exception] = field(default_factory=dict)

    def place(self, name: str) -> int:
        """Return a scenario's place in the order given."""
        return [scenario.name for scenario in self.scenarios].index(name)

    def replay(self, scenario: Scenario, seed: int) -> str:
        """Return the command that makes one replication again, ready to be pasted into a shell."""
        named = self.arguments.get(scenario.name, shlex.quote(scenario.name))
        return f"gridtown run {named} --seed {seed}"

    def town(self, scenario: Scenario) -> Town | Exception:
        """Return a scenario's town, or what went wrong with it."""
        key = town_key(scenario)
        if key not in self.towns:
            self.gathered.say("building", scenario=scenario.name)
            with Caught() as caught:
                self.towns[key] = town_of(scenario)
            if caught.problem is not None:
                self.towns[key] = caught.problem
        return self.towns[key]

    def __iter__(self) -> Iterator[Task]:
        """Give the tasks; where a town cannot be built, its replications have failed."""
        most_calls = -(-MOST_CALLS // len(self.seeds))
        for seed in self.seeds:
            for scenario in self.scenarios:
                town, replay = self.town(scenario), self.replay(scenario, seed)
                if isinstance(town, Exception):
                    self.gathered.fail(failure(scenario.name, seed, replay, town))
                else:
                    yield Task(scenario, seed, town, self.folder, most_calls, self.command, replay, self.replace)


def jobs_used(jobs: int | None, scenarios: Sequence[Scenario], replications: int) -> int:
    """Return how many processes work at once.

    As many as wanted (or as this process may use), but no more than there are runs and than fit into the free memory
    beside each other; at least one.
    """
    wanted = available_processors() if jobs is None else jobs
    largest = max(estimate_bytes(scenario) for scenario in scenarios)
    fitting = psutil.virtual_memory().available // max(largest, 1)
    return int(max(1, min(wanted, fitting, len(scenarios) * replications)))


def run_tasks(tasks: Tasks, jobs: int, gathered: Gathered) -> None:
    """Work on all tasks, in this process or in several at once."""
    gathered.say("compiling")
    if jobs == 1:
        for task in tasks:
            gathered.take(task, replicate(task))
        return
    get_ready()
    gathered.say("starting", jobs=jobs)
    pool = Pool[Task, Replication | Failure](
        work=replicate,
        jobs=jobs,
        done=gathered.take,
        lost=lambda task: gathered.fail(
            Failure(task.scenario.name, task.seed, "ProcessKilled", KILLED, "", task.replay)
        ),
        defect=lambda task, problem: gathered.fail(failure(task.scenario.name, task.seed, task.replay, problem)),
    )
    pool.run(tasks)


def background(town: Town | Exception) -> dict[str, Any]:
    """Return the street map of a town; nothing where it could not be built."""
    return {} if isinstance(town, Exception) else street_map(town)
