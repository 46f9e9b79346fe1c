"""All textbook cases run and judged: each reference lies in the 99 % interval of its figure, or something is wrong."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.build import town_of
from sim.study.comparison import Failure
from sim.study.measuring import Measured, Measurement, measure_all
from sim.study.statistics import Estimate, estimate
from sim.study.twin import LEVEL, Verdict, judge
from sim.study.verification.cases import Case, Reference
from sim.study.verification.properties import with_books

if TYPE_CHECKING:
    from sim.study.gathering import Progress

REPLICATIONS = 20


@dataclass(frozen=True)
class Row:
    """A reference beside the simulated figure.

    Attributes:
        case: name of the scenario.
        source: key of the words that say where the reference is from.
        reference: what must come out.
        simulated: mean over replications with its 99 % interval.
        verdict: what may be said.
    """

    case: str
    source: str
    reference: Reference
    simulated: Estimate
    verdict: Verdict


@dataclass(frozen=True)
class Verification:
    """What came of the cases.

    Attributes:
        rows: one for each reference.
        runs: that were made.
        broken_books: entries in their books that do not balance.
        failures: runs that failed.
    """

    rows: list[Row]
    runs: int
    broken_books: int
    failures: list[Failure]


def run_cases(
    cases: Sequence[Case],
    replications: int = REPLICATIONS,
    days: int | None = None,
    jobs: int = 1,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Verification:
    """Run cases with the seeds 1, 2, ..., the same for all, and judge each reference by its own interval.

    Args:
        cases: to be run.
        replications: runs of each.
        days: that each run lasts instead of what its scenario says.
        jobs: processes at once.
        tell: told of every step.
    """
    wanted = []
    for case in cases:
        scenario = case.load(days)
        town = town_of(scenario)
        wanted += [
            Measurement(
                scenario,
                seed,
                functools.partial(with_books, case.measure),
                town,
                f"gridtown run {case.scenario} --seed {seed}",
            )
            for seed in range(1, replications + 1)
        ]
    made = measure_all(wanted, jobs, tell)
    rows = []
    for number, case in enumerate(cases):
        runs = made[number * replications : (number + 1) * replications]
        values = [one.value for one in runs if isinstance(one, Measured)]
        rows += [
            row_of(case, reference, [value[reference.observed] for value in values]) for reference in case.references
        ]
    done = [one for one in made if isinstance(one, Measured)]
    broken = sum(int(one.value["books"]) for one in done)
    return Verification(rows, len(done), broken, [one for one in made if isinstance(one, Failure)])


def row_of(case: Case, reference: Reference, values: Sequence[float]) -> Row:
    """Return a reference beside what the runs gave."""
    simulated = estimate(values, LEVEL)
    is_share = reference.unit == "share"
    verdict = judge(reference.value, simulated, is_share=is_share, rounding=reference.rounding)
    return Row(case.scenario, case.source, reference, simulated, verdict)
