"""Tables of the response, a column for each scenario: 1-3-5 under three readings, and what becomes of calls."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.outcomes import CATALOGUE, READINGS, Outcome
from sim.report.answer import title_of
from sim.report.numbers import Numbers, is_share
from sim.report.scheme import Player
from sim.report.wording import Words
from sim.scenario import FULL, TargetsPart, waits_for_ever
from sim.study import Comparison

WITHIN = {1: "within_1_minute_share", 3: "within_3_minutes_share", 5: "within_5_minutes_share"}
# What becomes of calls and units, by the heading of its part.
FIGURES = {
    "parts": (
        "response_minutes_mean",
        "call_taking_minutes_mean",
        "queue_minutes_mean",
        "turn_out_minutes_mean",
        "travel_minutes_mean",
        "access_minutes_mean",
        "all_units_minutes_mean",
        "recorded_response_minutes_mean",
    ),
    "queue": (
        "calls",
        "queued_share",
        "queue_met_mean",
        "reneged_share",
        "lost_share",
        "stepped_up_share",
        "redirected_share",
        "preempted_share",
        "cross_sector_share",
        "aid_share",
        "calls_open_at_end",
    ),
    "units": (
        "unit_hours_on_duty",
        "unit_utilisation",
        "unit_utilisation_highest",
        "unit_load",
        "unit_patrol_share",
        "travel_metres_mean",
        "hot_spot_stops",
        "hot_spot_interval_hours",
        "hot_spot_minutes_per_day",
    ),
}

type Means = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Line:
    """One line of a table: what it is, a remark (minutes or unit), and a figure for each scenario."""

    title: str
    remark: str
    values: list[str]


@dataclass(frozen=True)
class Part:
    """Lines under one heading."""

    heading: str
    lines: list[Line]


def means_of(comparison: Comparison) -> Means:
    """Return the mean over finished runs of each scenario's outcomes, by (scenario, outcome); NaN where undefined."""
    if not len(comparison.runs):
        return {}
    means = comparison.runs.groupby(["scenario", "outcome"], as_index=False)["value"].mean()
    columns = (means[name].tolist() for name in ("scenario", "outcome", "value"))
    return {(scenario, id_): value for scenario, id_, value in zip(*columns, strict=True)}


def values_of(means: Means, id_: str, everyone: Sequence[Player]) -> list[float]:
    """Return each scenario's mean of an outcome."""
    return [means.get((one.name, id_), math.nan) for one in everyone]


def line(title: str, remark: str, id_: str, means: Means, everyone: Sequence[Player], numbers: Numbers) -> Line:
    """Return the line of an outcome."""
    outcome = CATALOGUE[id_]
    return Line(title, remark, [numbers.value(value, outcome) for value in values_of(means, id_, everyone)])


def is_defined(means: Means, id_: str, everyone: Sequence[Player]) -> bool:
    """Decide whether an outcome has a figure in any scenario."""
    return any(not math.isnan(value) for value in values_of(means, id_, everyone))


def minutes_of(targets: TargetsPart, reading: str, word: str) -> float | None:
    """Return the minutes to which a class of calls is held; None for several at once or none."""
    if reading == "priority":
        place = {"urgent": 0, "routine": 1}.get(word)
        return None if place is None else targets.by_priority[min(place, len(targets.by_priority) - 1)]
    by_word = targets.by_place.items() if reading == "place" else targets.by_tier.items()
    return dict[str, float](by_word).get(word)


def readings(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[Part]:
    """Return the shares of calls reached in time: of any call within 1, 3 and 5 minutes, then under each reading."""
    numbers, means = Numbers(words), means_of(comparison)
    targets = comparison.scenarios[comparison.base].response.targets
    within = [
        line(words("readings.any"), words("readings.minutes", minutes=minutes), id_, means, everyone, numbers)
        for minutes, id_ in WITHIN.items()
        if is_defined(means, id_, everyone)
    ]
    parts = [Part(words("readings.within"), within)]
    for reading, by_word in READINGS.items():
        lines = []
        for word, id_ in by_word.items():
            limit = minutes_of(targets, reading, word)
            remark = (
                words("readings.own") if limit is None else words("readings.minutes", minutes=numbers.setting(limit))
            )
            if is_defined(means, id_, everyone):
                lines.append(line(words(f"readings.{word}"), remark, id_, means, everyone, numbers))
        parts.append(Part(words(f"readings.{reading}"), lines))
    return [part for part in parts if part.lines]


def figures(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[Part]:
    """Return what becomes of calls and units; what is undefined or nothing in every scenario is left out."""
    numbers, means = Numbers(words), means_of(comparison)
    parts = []
    for key, ids in FIGURES.items():
        told = [id_ for id_ in ids if any(value > 0.0 for value in values_of(means, id_, everyone))]
        lines = [
            line(title_of(CATALOGUE[id_], words), unit_of(CATALOGUE[id_], numbers), id_, means, everyone, numbers)
            for id_ in told
        ]
        parts.append(Part(words(f"load.{key}"), lines))
    return [part for part in parts if part.lines]


def unit_of(outcome: Outcome, numbers: Numbers) -> str:
    """Return an outcome's unit; that of a share is said by its figures."""
    return "" if is_share(outcome) else numbers.unit(outcome)


def overloads(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[str]:
    """Return a sentence for each scenario in which more work comes in than its units can do."""
    means, numbers = means_of(comparison), Numbers(words)
    loads = {one: means.get((one.name, "unit_load"), math.nan) for one in everyone}
    return [
        words(
            "load.too_high",
            scenario=words("scheme.named", code=one.code, option=one.short),
            load=numbers.plain(load),
        )
        for one, load in loads.items()
        if load >= FULL and waits_for_ever(comparison.scenarios[one.name])
    ]
