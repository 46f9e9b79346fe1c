"""A scenario beside its analytic twin: simulated figures with intervals, closed forms, a verdict for each."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.build import town_of
from sim.study.comparison import Failure
from sim.study.measuring import Measured, Measurement, measure_all
from sim.study.statistics import Estimate, estimate
from sim.study.twin.assumptions import Broken, broken_assumptions
from sim.study.twin.demand import Demand, demand_of
from sim.study.twin.formulas import LONGER_THAN_MINUTES, Figure, twin_figures
from sim.study.twin.judging import LEVEL, Verdict, is_same, judge, with_rare_ends, with_rare_waits
from sim.study.twin.load import Load, load_of
from sim.study.twin.observed import WARM_UP, observe, window_of
from sim.study.twin.orders import Asked, Order, has_fixed_orders, merged, orders_asked
from sim.study.twin.setting import Setting, setting_of
from sim.study.twin.steady import reasons_without_steady_state, without_meaning

if TYPE_CHECKING:
    from sim.model import TownModel
    from sim.scenario import Scenario
    from sim.study.gathering import Progress


@dataclass(frozen=True)
class Seen:
    """What one run of a scenario shows."""

    figures: Mapping[str, float]
    setting: Setting
    asked: Mapping[Order, Asked]


@dataclass(frozen=True)
class Line:
    """A figure of the twin beside the simulated one.

    Attributes:
        figure: of the twin.
        simulated: mean over replications with its 99 % interval.
        ratio: simulated over twin.
        verdict: what may be said.
        broken: ids of the broken assumptions on which the figure rests.
    """

    figure: Figure
    simulated: Estimate
    ratio: float
    verdict: Verdict
    broken: tuple[str, ...]


@dataclass(frozen=True)
class Twin:
    """A scenario held beside its twin.

    Attributes:
        scenario: name.
        seeds: of the replications.
        days: that each run lasts.
        warm_up_days: at the beginning of each that are left out.
        demand: calls, None where every run failed.
        load: offered, None where every run failed.
        broken: assumptions that do not hold.
        unsteady: why there is no steady state, where there is none.
        lines: one for each figure.
        failures: runs that failed.
    """

    scenario: str
    seeds: list[int]
    days: int
    warm_up_days: float
    demand: Demand | None
    load: Load | None
    broken: list[Broken]
    unsteady: list[Broken]
    lines: list[Line]
    failures: list[Failure]


def look(model: TownModel) -> Seen:
    """Run a fresh model to its end and return what it shows."""
    setting = setting_of(model)
    model.run()
    figures = observe(model, LONGER_THAN_MINUTES)
    asked: dict[Order, Asked] = {}
    if has_fixed_orders(model.plan, setting.units):
        asked = orders_asked(model, window_of(model))
        at_once = sum(one.at_once for one in asked.values())
        figures["first_choice"] = sum(one.firsts for one in asked.values()) / at_once if at_once else float("nan")
    return Seen(figures, setting, asked)


def hold_beside_twin(
    scenario: Scenario,
    replications: int,
    seed: int = 1,
    jobs: int = 1,
    tell: Callable[[Progress], None] = lambda _: None,
    argument: str | None = None,
) -> Twin:
    """Run a scenario several times and hold it beside its twin.

    Args:
        scenario: what to run.
        replications: runs, with seeds ``seed``, ``seed + 1``, ...
        seed: the first.
        jobs: processes at once.
        tell: told of every step.
        argument: what follows ``gridtown run`` to name the scenario; its name when left out.

    Returns:
        The twin; a run that failed is in ``failures``, and the others are used.

    Raises:
        TownError: the scenario's road network cannot be used.
    """
    town = town_of(scenario)
    seeds = [seed + number for number in range(replications)]
    named = shlex.quote(scenario.name) if argument is None else argument
    wanted = [Measurement(scenario, one, look, town, f"gridtown run {named} --seed {one}") for one in seeds]
    made = measure_all(wanted, jobs, tell)
    failures = [one for one in made if isinstance(one, Failure)]
    seen: list[Seen] = [one.value for one in made if isinstance(one, Measured)]
    days = scenario.calendar.days
    if not seen:
        return Twin(scenario.name, seeds, days, WARM_UP * days, None, None, [], [], [], failures)
    observed = means(seen)
    setting = seen[0].setting
    demand = demand_of(setting.kinds, observed)
    load = load_of(scenario, setting, demand, observed)
    broken = broken_assumptions(scenario, setting, demand, load)
    asked = merged(dict(one.asked) for one in seen)
    unsteady = list(reasons_without_steady_state(scenario, demand, load))
    figures = without_meaning(twin_figures(scenario, setting, demand, load, asked, observed), unsteady)
    waits = {figure.id: figure.twin for figure in figures}.get("none_free", np.nan)
    one_log = demand.from_log == 1.0
    lines = [line_of(figure, simulated_of(figure, seen, waits), broken, one_log) for figure in figures]
    return Twin(scenario.name, seeds, days, WARM_UP * days, demand, load, broken, unsteady, lines, failures)


def means(seen: Sequence[Seen]) -> dict[str, float]:
    """Return the mean of every observed figure over the runs that have it."""
    names = {name for one in seen for name in one.figures}
    return {name: estimate([one.figures.get(name, np.nan) for one in seen]).mean for name in names}


def simulated_of(figure: Figure, seen: Sequence[Seen], waits: float) -> Estimate:
    """Return what the runs show of a figure, with an interval also where nothing of its kind happened in any run.

    Args:
        figure: of the twin.
        seen: what the runs show.
        waits: share of the calls that wait, by the twin.
    """
    found = estimate([one.figures.get(figure.observed, np.nan) for one in seen], LEVEL)
    if figure.unit == "share":
        return with_rare_ends(found, sum(one.figures["calls"] for one in seen))
    if figure.unit == "minutes" and figure.family in ("queue", "classes"):
        # Of calls of one priority; without one, of all. Of pre-emption the twin gives no share that waits.
        which = f"_{figure.about['priority']:.0f}" if "priority" in figure.about else ""
        calls = sum(
            one.figures["calls"] * one.figures[f"calls_per_day{which}"] / one.figures["calls_per_day"] for one in seen
        )
        mean_wait = figure.twin / waits if waits > 0.0 and figure.id != "unserved_of_priority" else np.nan
        return with_rare_waits(found, calls, mean_wait)
    return found


def line_of(figure: Figure, simulated: Estimate, broken: Sequence[Broken], one_log: bool) -> Line:
    """Return a figure beside what the runs show of it; one log without chance has a mean and no interval."""
    verdict = judge(figure.twin, simulated, is_share=figure.unit == "share", one_log=one_log)
    if one_log and is_same(simulated):
        simulated = replace(simulated, low=np.nan, high=np.nan)
    return Line(
        figure=figure,
        simulated=simulated,
        ratio=simulated.mean / figure.twin if figure.twin else float("nan"),
        verdict=verdict,
        broken=tuple(one.id for one in broken if figure.family in one.touches),
    )
