"""What a search wants: objectives, targets with a probability, and how many runs it may take."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.study.analysis import FactorLike

type Value = float | int | str | bool
type Direction = Literal["minimise", "maximise"]


@dataclass(frozen=True)
class Objective:
    """An outcome to be made as small, or as large, as can be: its mean over luck.

    Attributes:
        outcome: its id.
        direction: ``minimise`` or ``maximise``.
    """

    outcome: str
    direction: Direction

    @property
    def sign(self) -> float:
        """1 where less is better, -1 where more is."""
        return 1.0 if self.direction == "minimise" else -1.0


@dataclass(frozen=True)
class Target:
    """A limit that single runs must keep with a probability: in so many of 100 futures.

    Attributes:
        outcome: its id.
        limit: in the outcome's unit.
        at_most: True for an upper limit, False for a lower one.
        probability: with which a run must keep it, above 0 and below 1.
    """

    outcome: str
    limit: float
    at_most: bool
    probability: float

    def kept(self, value: float) -> bool:
        """Decide whether a run keeps the limit; an undefined outcome does not."""
        return value <= self.limit if self.at_most else value >= self.limit


@dataclass(frozen=True)
class Search:
    """A search as a whole.

    Attributes:
        name: of it.
        factors: the levers and their ranges or levels.
        objectives: the first is the one that "the cheapest" goes by; more of them ask for a frontier.
        targets: all must be kept.
        runs: the most that may be made, the re-check included.
        first: runs of a point when it is first tried.
        most: runs of a point at most during the search.
        check: fresh runs of each finalist.
        finalists: how many are re-checked at most.
        seed: of the first replication; the search's own draws use it too. Fresh seeds follow all seeds of the search.
    """

    name: str
    factors: Sequence[FactorLike]
    objectives: Sequence[Objective]
    targets: Sequence[Target]
    runs: int
    first: int = 3
    most: int = 12
    check: int = 20
    finalists: int = 3
    seed: int = 1
    title: str = ""

    @property
    def fresh_seeds(self) -> range:
        """The seeds of the re-check."""
        return range(self.seed + self.most, self.seed + self.most + self.check)

    @property
    def outcomes(self) -> list[str]:
        """The outcomes that matter, each once."""
        return list(dict.fromkeys([one.outcome for one in self.objectives] + [one.outcome for one in self.targets]))


@dataclass(frozen=True)
class Asked:
    """A run that a search asks for.

    Attributes:
        point: number of the point.
        factors: its values.
        seed: of the run.
    """

    point: int
    factors: Mapping[str, Value]
    seed: int


# Makes runs and returns each one's outcomes by id, in the order asked; None for a run that failed.
type Results = Sequence[Mapping[str, float] | None]
type Evaluate = Callable[[Sequence[Asked]], Results]
# Asks for runs, is sent their results, and returns something when it needs no more.
type Asking[Made] = Generator[list[Asked], Results, Made]


class SearchError(ValueError):
    """A search cannot be made; the message says why and what to do."""
