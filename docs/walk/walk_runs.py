"""The runs behind the page: ways of patrolling compared, turning out and presence swept, the analytic twin."""

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
from sim.study import compare, hold_beside_twin, run_one

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.study import Comparison, RunResult

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
TOLD = ("calls", "turn_out_minutes_mean")
ROUNDS = ("hot_spot_stops", "hot_spot_interval_hours", "hot_spot_minutes_per_day")
TURN_OUT_SHOWN = ("response_minutes_mean", "turn_out_minutes_mean", "travel_minutes_mean")
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


def turn_outs() -> dict[str, float]:
    """Return the seconds that turning out takes: the low end, the default and the high end of the table."""
    return ends_of("turn_out_seconds")


def ends_of(parameter: str) -> dict[str, float]:
    """Return the low end, the default and the high end that the table gives a parameter."""
    row: Any = parameter_table()[parameter]
    return {"low": float(row.low), "default": float(row.default), "high": float(row.high)}


def compare_turn_outs(plan: Plan) -> dict[str, Comparison]:
    """Return the ways of patrolling compared where turning out takes as little, and as long, as the table says."""
    found = {}
    for word in ("low", "high"):
        setting = f"parameters.turn_out_seconds={turn_outs()[word]}"
        found[word] = compare(
            plan.scenario(BASE, setting),
            [plan.scenario(name, setting) for name in OPTIONS],
            plan.replications,
            jobs=plan.jobs,
            shown=TURN_OUT_SHOWN,
            command="docs/walk/make.py",
        )
    return found


def turn_out_numbers(ends: Mapping[str, Comparison], patrols: Comparison) -> dict[str, Any]:
    """Return what the page tells of turning out.

    Args:
        ends: as ``compare_turn_outs`` returns it.
        patrols: the comparison at the table's default.
    """
    swept = turn_outs()
    comparisons = {"low": ends["low"], "default": patrols, "high": ends["high"]}
    effects = {word: effect_numbers(one, TURN_OUT_SHOWN) for word, one in comparisons.items()}
    return {
        "seconds": swept,
        "effects": effects,
        "even_seconds": {
            name: crossing(
                list(swept.values()),
                [effects[word][name]["response_minutes_mean"]["difference"] for word in swept],
            )
            for name in OPTIONS
        },
    }


def crossing(places: Sequence[float], values: Sequence[float]) -> float:
    """Return where values, joined by straight lines, first cross 0; NaN where they do not."""
    for left, right, before, after in zip(places, places[1:], values, values[1:], strict=False):
        if before * after <= 0.0 and before != after:
            return left + (right - left) * before / (before - after)
    return math.nan


def presence_effects() -> dict[str, float]:
    """Return the effects of presence that are swept."""
    return ends_of("presence_effect")


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
        "rounds": option_means(comparison, "hot-spots", ROUNDS),
        "townships": township_gaps(comparison),
    }


def option_means(comparison: Comparison, scenario: str, outcomes: Sequence[str]) -> dict[str, float]:
    """Return the mean over runs of outcomes that a scenario's runs define, whether or not the base's do."""
    runs = comparison.runs[comparison.runs["scenario"] == scenario]
    means = runs.groupby("outcome")["value"].mean()
    return {outcome: float(means[outcome]) for outcome in outcomes}


def unit_time_shares(comparison: Comparison) -> dict[str, dict[str, float]]:
    """Return by scenario and status the share of the hours on duty."""
    rows = comparison.unit_time
    hours = rows[rows["status"] != "off_duty"].pivot_table("hours", "scenario", "status", aggfunc="sum")
    shares = hours.div(hours.sum(axis=1), axis=0)
    return {
        str(scenario): {str(status): float(share) for status, share in row.items()}
        for scenario, row in shares.iterrows()
    }


def township_gaps(comparison: Comparison) -> dict[str, dict[str, Any]]:
    """Return by scenario the worst and the best township by the mean over seeds of its p90, minutes."""
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
