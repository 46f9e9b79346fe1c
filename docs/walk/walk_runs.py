"""The runs behind the page: ways of patrolling compared, presence swept, the analytic twin, and containment swept."""

from __future__ import annotations

import contextlib
import io
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import load
from sim.commands.figures import finite
from sim.commands.verify_twin import show_twin, twin_content
from sim.scenario import parameter_table
from sim.study import RING_COLUMNS, compare, hold_beside_twin, run_one, sweep_containment

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario
    from sim.study import Comparison, RunResult
    from sim.town import Town

BASE, OPTIONS = "at-post", ("random", "hot-spots")
SHOWN = (
    "response_minutes_mean",
    "response_minutes_p90",
    "urgent_response_minutes_p90",
    "travel_minutes_mean",
    "queue_minutes_mean",
    "within_1_minute_share",
    "within_3_minutes_share",
    "within_5_minutes_share",
    "within_priority_target_share",
    "unit_utilisation",
    "unit_patrol_share",
)
# Told beside those shown, without a test: what a way of patrolling is, rather than what it does.
TOLD = ("calls", "turn_out_minutes_mean", "unit_load", "hot_spot_stops", "hot_spot_interval_hours", "hot_spot_minutes_per_day")
LATE_SHOWN = ("response_minutes_mean", "turn_out_minutes_mean", "travel_minutes_mean")
ALARM_DELAYS_MINUTES = (0.0, 2.0, 5.0, 10.0, 20.0)
CONTAINMENT_UNITS = (5, 20)
IN_TURN = "response.containment.in_time_only=false"
TERMINAL_COLUMNS = "100"


@dataclass(frozen=True)
class Plan:
    """How much is run.

    Attributes:
        folder: with the scenario files.
        replications: runs of each scenario, with seeds 1, 2, ...
        days: of each run; the scenario's own when None.
        jobs: processes at once.
    """

    folder: Path
    replications: int
    days: int | None
    jobs: int

    def scenario(self, name: str, *settings: str) -> Scenario:
        """Return a scenario of the folder."""
        days = () if self.days is None else (f"calendar.days={self.days}",)
        return load(self.folder / f"{name}.yaml", *days, *settings)


def compare_late_starts(plan: Plan) -> Comparison:
    """Return the ways of patrolling compared where turning out takes as long as the table's high end."""
    row: Any = parameter_table()["turn_out_seconds"]
    late = f"parameters.turn_out_seconds={row.high}"
    return compare(
        plan.scenario(BASE, late),
        [plan.scenario(name, late) for name in OPTIONS],
        plan.replications,
        jobs=plan.jobs,
        shown=LATE_SHOWN,
        command="docs/walk/make.py",
    )


def late_numbers(comparison: Comparison) -> dict[str, Any]:
    """Return what the page tells of late starts."""
    row: Any = parameter_table()["turn_out_seconds"]
    return {"seconds": float(row.high), "effects": effect_numbers(comparison, LATE_SHOWN)}


def presence_effects() -> dict[str, float]:
    """Return the effects of presence that are swept: the low end, the default and the high end of the table."""
    row: Any = parameter_table()["presence_effect"]
    return {"low": float(row.low), "default": float(row.default), "high": float(row.high)}


def compare_patrols(plan: Plan) -> Comparison:
    """Return the ways of patrolling compared, with shared luck, and presence without effect."""
    return compare(
        plan.scenario(BASE),
        [plan.scenario(name) for name in OPTIONS],
        plan.replications,
        jobs=plan.jobs,
        shown=SHOWN,
        command="docs/walk/make.py",
    )


def compare_presence(plan: Plan) -> Comparison:
    """Return random patrol and hot-spot rounds at each effect of presence, compared with crews at their posts."""
    options = [
        plan.scenario(name, f"name={name}-{word}", f"parameters.presence_effect={effect}")
        for name in OPTIONS
        for word, effect in presence_effects().items()
    ]
    return compare(
        plan.scenario(BASE), options, plan.replications, jobs=plan.jobs, shown=("calls",), command="docs/walk/make.py"
    )


def effect_numbers(comparison: Comparison, outcomes: Sequence[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return by option and outcome the means and the paired difference with its 95 % interval.

    Of a quantile the interval is the bootstrap's.
    """
    found: dict[str, dict[str, dict[str, Any]]] = {option: {} for option in comparison.options}
    for one in comparison.effects:
        if one.outcome in outcomes:
            is_quantile = not math.isnan(one.low_bootstrap)
            found[one.option][one.outcome] = {
                "base": one.base_mean,
                "option": one.option_mean,
                "difference": one.difference,
                "low": one.low_bootstrap if is_quantile else one.low,
                "high": one.high_bootstrap if is_quantile else one.high,
                "verdict": one.verdict,
                "variance_ratio": one.variance_ratio,
            }
    return found


def patrol_numbers(comparison: Comparison) -> dict[str, Any]:
    """Return what the page tells of the ways of patrolling."""
    return {
        "runs": len(comparison.seeds) * (1 + len(comparison.options)),
        "failures": len(comparison.failures),
        "effects": effect_numbers(comparison, (*SHOWN, *TOLD)),
        "unit_time": unit_time_shares(comparison),
        "districts": district_gaps(comparison),
    }


def unit_time_shares(comparison: Comparison) -> dict[str, dict[str, float]]:
    """Return by scenario and status the share of the hours on duty."""
    rows = comparison.unit_time
    hours = rows[rows["status"] != "off_duty"].pivot_table("hours", "scenario", "status", aggfunc="sum")
    shares = hours.div(hours.sum(axis=1), axis=0)
    return {
        str(scenario): {str(status): float(share) for status, share in row.items()}
        for scenario, row in shares.iterrows()
    }


def district_gaps(comparison: Comparison) -> dict[str, dict[str, Any]]:
    """Return by scenario the worst and the best district by the mean over seeds of its p90, minutes."""
    means = comparison.districts.groupby(["scenario", "name"])["response_minutes_p90"].mean()
    found = {}
    for scenario in [comparison.base, *comparison.options]:
        one = means.loc[scenario]
        found[scenario] = {
            "worst": str(one.idxmax()),
            "worst_minutes": float(one.max()),
            "best": str(one.idxmin()),
            "best_minutes": float(one.min()),
        }
    return found


def presence_numbers(comparison: Comparison) -> dict[str, Any]:
    """Return by way of patrolling and effect the share of calls prevented, with its 95 % interval."""
    found = effect_numbers(comparison, ("calls",))
    rows: dict[str, Any] = {name: {} for name in OPTIONS}
    for name in OPTIONS:
        for word, effect in presence_effects().items():
            one = found[f"{name}-{word}"]["calls"]
            # Against the mean of the base, which hardly varies beside the difference.
            share = {end: -one[key] / one["base"] for end, key in zip(MEAN_AND_ENDS, DIFFERENCE_AND_ENDS, strict=True)}
            rows[name][word] = {"effect": effect, "calls": one["base"], **share}
    return rows


MEAN_AND_ENDS = ("prevented", "low", "high")
DIFFERENCE_AND_ENDS = ("difference", "high", "low")  # what is prevented is what is missing


def twin_numbers(plan: Plan) -> dict[str, Any]:
    """Return the analytic twin of crews at their posts: what ``gridtown verify`` prints, and the same as data."""
    twin = hold_beside_twin(plan.scenario(BASE), plan.replications, jobs=plan.jobs)
    printed = io.StringIO()
    with terminal_of(TERMINAL_COLUMNS), contextlib.redirect_stdout(printed):
        show_twin(twin)
    content = finite(twin_content(twin))
    text = "\n".join(line.rstrip() for line in printed.getvalue().strip().splitlines())
    return {"text": text, "load": content["load"], "figures": content["figures"]}


@contextlib.contextmanager
def terminal_of(columns: str) -> Any:
    """Let what is printed be as wide as a terminal of so many columns."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = columns
    try:
        yield
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before


def sweep(plan: Plan, town: Town) -> pd.DataFrame:
    """Return how flights ended for each alarm delay and number of units."""
    seeds = range(1, plan.replications + 1)
    return sweep_containment(plan.scenario("containment"), ALARM_DELAYS_MINUTES, CONTAINMENT_UNITS, seeds, town)


def sweep_in_turn(plan: Plan, town: Town) -> pd.DataFrame:
    """Return the same at the scenario's own alarm delay, where crews close all points in turn, also those too late."""
    scenario = plan.scenario("containment", IN_TURN)
    part: Any = scenario.response.containment
    seeds = range(1, plan.replications + 1)
    return sweep_containment(scenario, (part.alarm_delay_minutes,), CONTAINMENT_UNITS, seeds, town)


def containment_numbers(rows: pd.DataFrame) -> list[dict[str, float]]:
    """Return the sweep as plain rows, with the share caught at all rings together."""
    found = [{str(name): float(value) for name, value in row.items()} for _, row in rows.iterrows()]
    return [{**row, "caught_share": caught_share(row)} for row in found]


def caught_share(row: Mapping[str, float]) -> float:
    """Return the share of flights that ended at any ring."""
    return sum(row[ring] for ring in RING_COLUMNS) / row["flights"] if row["flights"] else math.nan


def watch_one(plan: Plan, name: str) -> RunResult:
    """Return one run of a scenario, with the first seed, to look at its records."""
    return run_one(plan.scenario(name), 1)


def calls_by_cell(result: RunResult, cells: np.ndarray[Any, Any], kinds: Sequence[str]) -> Mapping[str, Any]:
    """Return the calls of each kind in each cell of a run, shape (cells,)."""
    where = cells[result.records.column("calls", "node")]
    return {
        kind: np.bincount(where[result.records.says("calls", "type", kind)], minlength=int(cells.max()) + 1)
        for kind in kinds
    }
