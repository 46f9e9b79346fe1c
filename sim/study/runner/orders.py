"""What a worker is told and what it answers: names, numbers and texts, so that any version can read them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from sim.scenario import Scenario, canonical, scenario_hash
from sim.study.comparison import Failure
from sim.study.store import model_version, named


class Runnable(Protocol):
    """A run that is asked for, such as a ``Job`` of an experiment."""

    @property
    def point(self) -> int:
        """Number of its point in the design."""

    @property
    def replication(self) -> int:
        """Number among the point's replications, from 0."""

    @property
    def seed(self) -> int:
        """Of the run."""

    @property
    def scenario(self) -> Scenario:
        """What is run."""

    @property
    def branch_day(self) -> int | None:
        """Day up to which all points of one seed are the same run; None where they are not."""


@dataclass(frozen=True)
class Order:
    """A run to be made.

    Attributes:
        run: its name in the store.
        store: address of the store.
        store_id: the store's own name, by which a worker knows that it sees the same one.
        model_version: of whoever asks; a worker of another version must not answer.
        scenario: canonical form as JSON, with the name and the title.
        seed: of the run.
        branch_day: day up to which the run may go on from a warm-up that others share.
        tables: keep all tables of the run.
        command: by which the user asked, for the run record.
        attempts: how often it was tried before.
    """

    run: str
    store: str
    store_id: str
    model_version: str
    scenario: str
    seed: int
    branch_day: int | None
    tables: bool
    command: str
    attempts: int = 0


@dataclass(frozen=True)
class Made:
    """What a worker says of a run; the run itself is in the store.

    Attributes:
        run: its name.
        state: ``finished``; ``failed``, and its record is written; ``refused``, so that no other would go better:
            the store cannot be written (``full``), or the worker is another's (``foreign``).
        seconds: that it took.
        type: of the error, if any.
        message: of the error.
    """

    run: str
    state: Literal["finished", "failed", "full", "foreign"]
    seconds: float = 0.0
    type: str = ""
    message: str = ""


@dataclass(frozen=True)
class Ending:
    """How many runs came to an end.

    Attributes:
        finished: runs made and stored now.
        skipped: runs that were in the store before, those counted once that several points share.
        failed: those that failed, now or before and not tried again.
        stopped: whether the user stopped it by Ctrl-C before all was done; then the rest waits for the next start.
        damaged: runs whose record in the store was damaged, so that they were asked for again.
    """

    finished: int
    skipped: int
    failed: list[Failure]
    stopped: bool = False
    damaged: int = 0


class Namer:
    """Gives runs their names and orders; what follows from a scenario alone is worked out once for all its seeds."""

    def __init__(self, store: str, store_id: str, tables: bool, command: str) -> None:
        self.blank = Order("", store, store_id, model_version(), "", 0, None, tables, command)
        # The scenario is held too, so that no other can come to have its number.
        self._hashes: dict[int, tuple[Scenario, str]] = {}

    def name(self, job: Runnable) -> str:
        """Return a run's name in the store."""
        known = self._hashes.get(id(job.scenario))
        if known is None:
            known = self._hashes[id(job.scenario)] = (job.scenario, scenario_hash(job.scenario))
        return named(known[1], job.seed)

    def order(self, job: Runnable, attempts: int) -> Order:
        """Return what a worker is told."""
        return replace(
            self.blank,
            run=self.name(job),
            scenario=text_of(job.scenario),
            seed=job.seed,
            branch_day=job.branch_day,
            attempts=attempts,
        )


def text_of(scenario: Scenario) -> str:
    """Return a scenario as JSON from which ``from_canonical`` makes it again."""
    tree = {**canonical(scenario), "name": scenario.name, "title": scenario.title}
    return json.dumps(tree, ensure_ascii=True, allow_nan=False, sort_keys=True)
