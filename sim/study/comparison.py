"""What a comparison is: the scenarios, their runs, the paired effects, and all that a report needs to show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from sim.outcomes import Story
    from sim.scenario import Scenario

Verdict = Literal["better", "worse", "different", "no difference seen", "undefined"]


@dataclass(frozen=True)
class Effect:
    """The paired difference of one outcome between an option and the base, over replications that share seeds.

    Attributes:
        outcome: its id.
        option: name of the option's scenario.
        base_mean: mean over the replications in which both runs define the outcome.
        option_mean: the same for the option.
        difference: mean of option minus base.
        low: lower end of the 95 % t interval of the difference; NaN for fewer than two pairs.
        high: upper end.
        p_value: of no difference, two-sided paired t test.
        p_holm: corrected by Holm over the outcomes shown (or, for one not shown, over all).
        variance_ratio: variance of the difference of unpaired runs / of paired runs; NaN where the latter is 0.
        replications: pairs used.
        verdict: in words, at 5 % after correction; "undefined" for fewer than two pairs.
        low_bootstrap: lower end of the 95 % bootstrap interval, for quantile outcomes; else NaN.
        high_bootstrap: upper end.
        replications_needed: for a half-width of ``precision`` x abs(base mean); NaN where that cannot be said.
    """

    outcome: str
    option: str
    base_mean: float
    option_mean: float
    difference: float
    low: float
    high: float
    p_value: float
    p_holm: float
    variance_ratio: float
    replications: int
    verdict: Verdict
    low_bootstrap: float = float("nan")
    high_bootstrap: float = float("nan")
    replications_needed: float = float("nan")

    @property
    def is_same(self) -> bool:
        """Whether the outcome was the same in every pair of runs."""
        return self.difference == self.low == self.high == 0.0

    @property
    def is_hint(self) -> bool:
        """Whether the interval leaves out zero although no difference survives the correction."""
        beside_zero = self.low > 0.0 or self.high < 0.0
        return self.verdict == "no difference seen" and not self.is_same and beside_zero


@dataclass(frozen=True)
class Change:
    """One field in which an option differs from the base; a field that one of them lacks is None there.

    Attributes:
        path: of the field in the canonical scenario, such as ``interventions.0.factor``.
        base: its value in the base.
        option: its value in the option.
    """

    path: str
    base: Any
    option: Any


@dataclass(frozen=True)
class Failure:
    """A replication that did not finish.

    Attributes:
        scenario: its name.
        seed: of the replication.
        type: of the error.
        message: what went wrong and, where known, what to do.
        trace: the traceback, as text; empty where there is none.
        command: a command that replays it.
    """

    scenario: str
    seed: int
    type: str
    message: str
    trace: str
    command: str


@dataclass(frozen=True)
class ParameterUse:
    """A parameter of the model as a comparison used it.

    Attributes:
        id: of the parameter.
        meaning: in words.
        default: of the table; a list where it has one value for each category, stage or hour.
        value: in the base scenario.
        low: lower end of its range.
        high: upper end.
        unit: of the value.
        source: of the default; empty where none was found.
        status: F found, D denominator to check, M from memory, N no source.
        note: why this default.
    """

    id: str
    meaning: str
    default: float | list[float]
    value: float | list[float]
    low: float | list[float]
    high: float | list[float]
    unit: str
    source: str
    status: str
    note: str


@dataclass(frozen=True)
class Comparison:
    """Scenarios compared over replications that share their seeds.

    Attributes:
        base: name of the base scenario.
        options: names of the others, in the order given.
        scenarios: all of them by name.
        seeds: of the replications.
        runs: columns scenario, seed, outcome, value; one row for each finished run and outcome.
        effects: for every option and outcome, shown ones first.
        shown: ids of the outcomes over which Holm's correction runs.
        changes: for each option, the fields in which it differs from the base.
        calls: a sample of calls, at most some 20,000 a scenario, chosen by the call's address, so that scenarios
            show the same calls: scenario, seed, x_metres, y_metres, response_minutes, queue_minutes,
            travel_minutes, hour, district, given_up, watched_minutes (from receipt to the run's end), source, priority.
        series: sums by week and district: scenario, seed, day (the week's first), days (of the week in the run),
            district, and the columns of the daily series; ``true_tension_sum`` is the mean over the week's days.
        districts: for each scenario, seed and district: name, residents, households, visits, disputes,
            recorded_found_share, true_settled_share, calls, response_minutes_p90.
        unit_time: hours of patrol units: scenario, seed, group, status, hours.
        roads: the street map of the base's first seed: ``x`` and ``y``, metres, shape (streets, 2), from and to.
        story: the seed of the base's first finished run, and in it the dispute that was handled most often; None where
            no dispute was.
        failures: the replications that did not finish.
        parameters: every parameter with its value.
        provenance: versions, platform, started, seconds, command, hashes, precision.
    """

    base: str
    options: list[str]
    scenarios: dict[str, Scenario]
    seeds: list[int]
    runs: pd.DataFrame
    effects: list[Effect]
    shown: list[str]
    changes: dict[str, list[Change]]
    calls: pd.DataFrame
    series: pd.DataFrame
    districts: pd.DataFrame
    unit_time: pd.DataFrame
    roads: dict[str, np.ndarray[Any, np.dtype[np.float64]]]
    story: tuple[int, Story] | None = None
    failures: list[Failure] = field(default_factory=list)
    parameters: list[ParameterUse] = field(default_factory=list)
    provenance: dict[str, Any] = field(default_factory=dict)


# An empty list or mapping on one side against single entries on the other.
NOTHING = ({"[]", "None"}, {"{}", "None"})


def flatten(value: Any, path: str = "") -> dict[str, Any]:
    """Return the leaves of nested mappings and lists by dotted path; an empty mapping or list is a leaf."""
    if isinstance(value, dict) and value:
        children = [(str(key), child) for key, child in value.items()]
    elif isinstance(value, list) and value and any(isinstance(child, dict | list) for child in value):
        children = [(str(place), child) for place, child in enumerate(value)]
    else:
        return {path: value}
    leaves: dict[str, Any] = {}
    for key, child in children:
        leaves |= flatten(child, f"{path}.{key}" if path else key)
    return leaves


def changes(base: dict[str, Any], option: dict[str, Any]) -> list[Change]:
    """Return the fields in which two canonical scenarios differ, by path.

    Their names are left out, and so is an empty list or mapping where the other has entries of its own.
    """
    old, new = flatten(base), flatten(option)
    return [
        Change(path, old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys())
        if path != "name" and old.get(path) != new.get(path) and {str(old.get(path)), str(new.get(path))} not in NOTHING
    ]
