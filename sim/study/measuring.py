"""Runs of which only some measured figures are kept: over a few processes, with failures as values."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.study.comparison import Failure
from sim.study.gathering import Progress
from sim.study.pool import KILLED, Pool
from sim.study.replication import Caught, failure
from sim.study.warm import get_ready

if TYPE_CHECKING:
    from sim.model import TownModel
    from sim.scenario import Scenario
    from sim.town import Town


@dataclass(frozen=True)
class Measurement:
    """A run to be made.

    Attributes:
        scenario: what to run.
        seed: of the run.
        measure: runs a fresh model and returns what is kept; a function at the top of a module.
        town: built before, or None.
        replay: a command that makes just this run.
    """

    scenario: Scenario
    seed: int
    measure: Callable[[TownModel], Any]
    town: Town | None
    replay: str


@dataclass(frozen=True)
class Measured:
    """What a run showed: the value of its measure, and the seconds it took."""

    scenario: str
    seed: int
    value: Any
    seconds: float


def make(one: Measurement) -> Measured | Failure:
    """Make a run and measure it; whatever goes wrong comes back as a value."""
    from sim.model import TownModel

    clock = time.perf_counter()
    with Caught() as caught:
        value = one.measure(TownModel(one.scenario, seed=one.seed, town=one.town))
        return Measured(one.scenario.name, one.seed, value, time.perf_counter() - clock)
    # Reached only when the block above raised.
    return failure(one.scenario.name, one.seed, one.replay, caught.problem or RuntimeError("no error was kept"))


def measure_all(wanted: Sequence[Measurement], jobs: int, tell: Callable[[Progress], None]) -> list[Measured | Failure]:
    """Make all runs, in this process or in several at once, and return what came of them in the order asked.

    Raises:
        KeyboardInterrupt: after all processes have been ended.
    """
    place = {(one.scenario.name, one.seed): number for number, one in enumerate(wanted)}
    found: dict[int, Measured | Failure] = {}

    def take(one: Measurement, result: Measured | Failure) -> None:
        found[place[one.scenario.name, one.seed]] = result
        failed = sum(isinstance(made, Failure) for made in found.values())
        about: dict[str, Any] = {"scenario": one.scenario.name, "seed": one.seed}
        if isinstance(result, Failure):
            tell(Progress(len(found), len(wanted), failed, "lost", {**about, "type": result.type}))
        else:
            tell(Progress(len(found), len(wanted), failed, "finished", {**about, "seconds": result.seconds}))

    tell(Progress(0, len(wanted), 0, "compiling", {}))
    if jobs == 1:
        for one in wanted:
            take(one, make(one))
    else:
        get_ready()
        tell(Progress(0, len(wanted), 0, "starting", {"jobs": jobs}))
        Pool[Measurement, Measured | Failure](
            work=make,
            jobs=jobs,
            done=take,
            lost=lambda one: take(one, Failure(one.scenario.name, one.seed, "ProcessKilled", KILLED, "", one.replay)),
            defect=lambda one, problem: take(one, failure(one.scenario.name, one.seed, one.replay, problem)),
        ).run(wanted)
    return [found[number] for number in range(len(wanted))]
