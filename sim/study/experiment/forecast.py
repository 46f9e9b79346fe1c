"""What an experiment will take: how many runs, and from a few that are really made how long and how much space."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.build import town_of
from sim.scenario import scenario_hash
from sim.study.comparing import jobs_used
from sim.study.experiment.checking import told
from sim.study.experiment.jobs import Point
from sim.study.experiment.parts import ExperimentError, Scalar
from sim.study.experiment.schema import Experiment
from sim.study.run import RunResult, run_one, to_json
from sim.study.store import KEPT_TABLES
from sim.study.warm import warm_up

if TYPE_CHECKING:
    from sim.model import TownModel

SAMPLES = 4  # runs made to judge by
SAMPLE_SECONDS = 120.0  # after which no other run is begun, and the present one is cut short
BLOCK = 4096  # bytes by which file systems give space
HOUR = 3600.0
GIGABYTE = 1e9

type IsFinished = Callable[[str, int], bool]  # by a scenario's hash and a seed


@dataclass(frozen=True)
class Counts:
    """How many runs an experiment asks for.

    Attributes:
        points: of the design.
        scenarios: different ones among them.
        replications: of each point; where a precision is to be reached, at least.
        most_replications: of each point, at most.
        runs: at least: points times replications.
        most_runs: at most.
        different: runs of different scenarios or seeds, at most.
        finished: of these, already in the store.
    """

    points: int
    scenarios: int
    replications: int
    most_replications: int
    runs: int
    most_runs: int
    different: int
    finished: int

    @property
    def to_run(self) -> int:
        """Runs still to be made, at most."""
        return self.different - self.finished


@dataclass(frozen=True)
class Sample:
    """A run that was made to judge by.

    Attributes:
        point: number.
        factors: its values.
        days: that were simulated.
        all_days: that the run has.
        seconds: of the whole run, those not simulated by the same pace.
        size: bytes that the store would keep of it, likewise.
    """

    point: int
    factors: dict[str, Scalar]
    days: int
    all_days: int
    seconds: float
    size: float


@dataclass(frozen=True)
class Forecast:
    """What an experiment will take, from a timed sample.

    Attributes:
        counts: of runs.
        workers: processes at once that it is reckoned for; 0 on a cluster that has none yet.
        samples: the runs that were made.
        warm_up_share: days of a run, as a share of all its days, that are run once for each seed.
    """

    counts: Counts
    workers: int
    samples: tuple[Sample, ...]
    warm_up_share: float = 0.0

    @property
    def seconds_each(self) -> tuple[float, float, float]:
        """Seconds of a run: the least, the mean and the most of the sample."""
        return spread([one.seconds for one in self.samples])

    @property
    def hours(self) -> tuple[float, float, float]:
        """Hours from start to end of what is still to be run: if all runs were as the least, mean and most sampled.

        Infinite on a cluster that has no workers yet.
        """
        if self.workers == 0:
            return math.inf, math.inf, math.inf
        low, mean, high = (self.whole_runs * one / self.workers / HOUR for one in self.seconds_each)
        return low, mean, high

    @property
    def whole_runs(self) -> float:
        """Runs still to be made, less the warm-ups that they find made: all but a seed's first."""
        found = max(0, self.counts.to_run - self.counts.most_replications)
        return self.counts.to_run - found * self.warm_up_share

    @property
    def gigabytes(self) -> tuple[float, float, float]:
        """Gigabytes that the store will grow by: least, mean and most."""
        low, mean, high = (self.counts.to_run * one / GIGABYTE for one in spread([one.size for one in self.samples]))
        return low, mean, high


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the least, the mean and the greatest of some values; 0 for none."""
    return (min(values), sum(values) / len(values), max(values)) if values else (0.0, 0.0, 0.0)


def count_runs(experiment: Experiment, points: Sequence[Point], is_finished: IsFinished | None = None) -> Counts:
    """Return how many runs an experiment asks for, and how many of them are there already."""
    hashes = {scenario_hash(point.scenario) for point in points}
    most = experiment.most_replications
    seeds = range(experiment.seed, experiment.seed + most)
    there = 0 if is_finished is None else sum(is_finished(one, seed) for one in hashes for seed in seeds)
    return Counts(
        points=len(points),
        scenarios=len(hashes),
        replications=experiment.first_replications,
        most_replications=most,
        runs=len(points) * experiment.first_replications,
        most_runs=len(points) * most,
        different=len(hashes) * most,
        finished=there,
    )


def forecast(
    experiment: Experiment,
    points: Sequence[Point],
    counts: Counts,
    *,
    jobs: int | None = None,
    workers: int | None = None,
    samples: int = SAMPLES,
    seconds: float = SAMPLE_SECONDS,
    tell: Callable[[int, int], None] | None = None,
) -> Forecast:
    """Return what an experiment will take, by making a few of its runs in this process; nothing of them is kept.

    Args:
        experiment: what is asked.
        points: of its design.
        counts: what ``count_runs`` gave.
        jobs: processes at once; as many as this machine has processors and memory for when left out.
        workers: of a cluster, instead of this machine's; 0 where it has none yet, so that nobody knows how long.
        samples: most runs to make.
        seconds: time to take for them; a run that is longer is cut short and the rest reckoned by its pace.
        tell: told which of how many runs is being made.

    Raises:
        TownError: a town cannot be built.
    """
    chosen = sample_points(points, samples)
    if workers is None:
        workers = jobs_used(jobs, [point.scenario for point in chosen], max(1, counts.to_run))
    made: list[Sample] = []
    if counts.to_run == 0:
        return Forecast(counts, workers, ())
    warm_up()
    begun = time.perf_counter()
    for point in chosen:
        left = seconds - (time.perf_counter() - begun)
        if made and left <= max(one.seconds for one in made) / 2:
            break
        if tell is not None:
            tell(len(made) + 1, len(chosen))
        made.append(timed(experiment, point, left if made else seconds / 2))
    shared = experiment.warm_up_days or 0
    return Forecast(counts, workers, tuple(made), shared / max(shared, made[0].all_days))


def sample_points(points: Sequence[Point], count: int) -> list[Point]:
    """Return a few points to judge by: those whose factors are lowest and highest, and some between, by turns.

    A factor's values count by their place among all its values; those that are no numbers by the order of the design.
    """
    places: dict[str, dict[Scalar, float]] = {}
    for name in points[0].factors:
        values = list(dict.fromkeys(point.factors[name] for point in points))
        if all(isinstance(value, int | float) for value in values):
            values.sort(key=float)
        places[name] = {value: row / max(1, len(values) - 1) for row, value in enumerate(values)}
    ranked = sorted(points, key=lambda point: sum(places[name][value] for name, value in point.factors.items()))
    shares = [0.0, 1.0, 0.5, 0.25, 0.75][: max(1, count)]
    rows = dict.fromkeys(round(share * (len(ranked) - 1)) for share in shares)
    return [ranked[row] for row in rows]


def timed(experiment: Experiment, point: Point, seconds: float) -> Sample:
    """Make a run, or the first days of it where it takes longer than so many seconds, and measure it."""
    scenario = point.scenario
    town = town_of(scenario)  # which a worker builds once for many runs
    clock = time.perf_counter()
    stop = clock + seconds
    building, ran = 0.0, 0

    def as_far_as_time_allows() -> TownModel:
        from sim.model import TownModel

        nonlocal building, ran
        model = TownModel(scenario, seed=experiment.seed, town=town)
        building = time.perf_counter() - clock
        while model.time < scenario.calendar.days and (model.time < 1 or time.perf_counter() < stop):
            model.run_until(min(math.floor(model.time) + 1, scenario.calendar.days))
        ran = int(model.time)
        return model

    result = run_one(scenario, experiment.seed, town=town, finished=as_far_as_time_allows)
    taken = time.perf_counter() - clock
    factor = scenario.calendar.days / ran
    size = stored_bytes(result, whole=experiment.records == "tables")
    pace = building + (taken - building) * factor
    return Sample(point.number, point.factors, ran, scenario.calendar.days, pace, size * factor)


def stored_bytes(result: RunResult, *, whole: bool) -> float:
    """Return about how many bytes a store takes for a run: its record, its outcomes, and the tables that are kept."""
    from sim.outcomes import write_tables

    tables = result.records.tables
    kept = tables if whole else {name: tables[name] for name in KEPT_TABLES}
    with tempfile.TemporaryDirectory() as folder:
        write_tables(kept, Path(folder))
        (Path(folder) / "run.json").write_text(to_json(result.record), encoding="utf-8")
        sizes = [path.stat().st_size for path in Path(folder).iterdir()]
    # One block more for the outcomes as a table, one for the folder.
    return float(sum(-(-size // BLOCK) * BLOCK for size in sizes) + 2 * BLOCK)


def check_budget(experiment: Experiment, expected: Forecast) -> None:
    """Make sure that an experiment stays within its budget of time and space; that of runs is checked on reading.

    Raises:
        ExperimentError: it would not, with the numbers.
    """
    found = []
    sample = f"by {len(expected.samples)} runs made to judge by"
    hours, most_hours = expected.hours[1], experiment.budget.hours
    remedy = "fewer points, replications or days, or a larger budget"
    if most_hours is not None and math.isfinite(hours) and hours > most_hours:
        given = (
            f"{expected.counts.to_run:,} runs of {expected.seconds_each[1]:.3g} s on {expected.workers} processes: "
            f"about {hours:.3g} hours ({sample})"
        )
        found.append(
            told(experiment, "budget.hours", given, f"at most {most_hours:g} hours ({remedy}, or more processes)")
        )
    space, most_space = expected.gigabytes[1], experiment.budget.gigabytes
    if most_space is not None and space > most_space:
        given = f"{expected.counts.to_run:,} runs: about {space:.3g} GB ({sample})"
        remedy += ", or records: none" if experiment.records == "tables" else ""
        found.append(told(experiment, "budget.gigabytes", given, f"at most {most_space:g} GB ({remedy})"))
    if found:
        raise ExperimentError(found)
