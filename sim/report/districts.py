"""Equity by district: where people wait longest, where least is found and settled, whom an option leaves behind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.outcomes import CATALOGUE
from sim.report.numbers import Difference, Numbers
from sim.report.scheme import Player
from sim.report.wording import Words, tidy
from sim.study import Comparison, Effect, paired

# The column of the districts' table and the outcome whose unit and direction it has.
MEASURES = {
    "response_minutes_p90": "response_minutes_p90",
    "recorded_found_share": "recorded_found_share",
    "true_settled_share": "true_settled_share",
}
MOST_DISTRICTS = 12  # of more, only the worst and the best in the base are listed
ENDS = 5


@dataclass(frozen=True)
class DistrictRow:
    """One district: its name, its people, its mean in the base, its rank there, and each option's difference."""

    name: str
    residents: str
    base: str
    rank: str
    differences: list[Difference]


@dataclass(frozen=True)
class DistrictTable:
    """One measure by district.

    Attributes:
        measure: key of its words.
        unit: of the base's figures.
        rows: worst in the base first.
        left_out: how many districts are not listed.
        losing: a sentence for each option, on how many districts lose.
    """

    measure: str
    unit: str
    rows: list[DistrictRow]
    left_out: int
    losing: list[str]


def by_seed(comparison: Comparison, scenario: str, measure: str) -> dict[str, list[float]]:
    """Return a measure's value in each seed, in their order, by district name; NaN for a run that failed."""
    rows = comparison.districts
    if not len(rows):
        return {}
    rows = rows[rows["scenario"] == scenario]
    place = {seed: number for number, seed in enumerate(comparison.seeds)}
    found: dict[str, list[float]] = {}
    for name, seed, value in zip(rows["name"], rows["seed"], rows[measure], strict=True):
        found.setdefault(str(name), [math.nan] * len(place))[place[int(seed)]] = float(value)
    return found


def residents_of(comparison: Comparison) -> dict[str, int]:
    """Return the residents of each of the base's districts, of its first finished run."""
    rows = comparison.districts
    rows = rows[rows["scenario"] == comparison.base]
    first = rows.drop_duplicates("name")
    return {str(name): int(number) for name, number in zip(first["name"], first["residents"], strict=True)}


def effect_of(outcome: str, option: str, base: Sequence[float], other: Sequence[float]) -> Effect:
    """Return a district's paired difference as an effect without a test: these intervals are not corrected."""
    pair = paired(base, other)
    return Effect(
        outcome=outcome,
        option=option,
        base_mean=pair.base_mean,
        option_mean=pair.option_mean,
        difference=pair.difference,
        low=pair.low,
        high=pair.high,
        p_value=math.nan,
        p_holm=math.nan,
        variance_ratio=math.nan,
        replications=pair.pairs,
        verdict="undefined",
    )


def mean(values: Sequence[float]) -> float:
    """Return the mean of the values that are defined; NaN where none is."""
    known: np.ndarray[Any, Any] = np.array([value for value in values if not math.isnan(value)])
    return float(known.mean()) if len(known) else math.nan


def district_tables(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[DistrictTable]:
    """Return a table for each measure that the base defines in at least two districts."""
    tables = [district_table(comparison, measure, everyone, words) for measure in MEASURES]
    return [table for table in tables if len(table.rows) > 1]


def district_table(comparison: Comparison, measure: str, everyone: Sequence[Player], words: Words) -> DistrictTable:
    """Return one measure's table, the district worst off in the base first; undefined districts last."""
    outcome, numbers = CATALOGUE[MEASURES[measure]], Numbers(words)
    values = by_seed(comparison, comparison.base, measure)
    others = {one.name: by_seed(comparison, one.name, measure) for one in everyone[1:]}
    means = {name: mean(series) for name, series in values.items()}
    defined = sorted(
        (name for name in means if not math.isnan(means[name])),
        key=lambda name: means[name],
        reverse=outcome.better == "lower",
    )
    people = residents_of(comparison) if values else {}
    effects = {
        (one.name, name): effect_of(outcome.id, one.name, values[name], others[one.name][name])
        for one in everyone[1:]
        for name in defined
        if name in others[one.name]
    }
    nowhere = Difference(words("number.undefined"), "", "", "")
    rows = [
        DistrictRow(
            tidy(name),
            numbers.whole(people[name]),
            numbers.value(means[name], outcome),
            words("equity.worst") if place == 0 else words("equity.best") if place == len(defined) - 1 else "",
            [
                numbers.difference(effects[one.name, name], outcome) if (one.name, name) in effects else nowhere
                for one in everyone[1:]
            ],
        )
        for place, name in enumerate(defined)
    ]
    listed = rows if len(rows) <= MOST_DISTRICTS else rows[:ENDS] + rows[-ENDS:]
    by_option = [(one, [effects[key] for key in effects if key[0] == one.name]) for one in everyone[1:]]
    losing = [losing_sentence(one, found, words) for one, found in by_option]
    tested = any(not math.isnan(one.low) for _, found in by_option for one in found)
    said = [one for one in losing if one] or ([words("equity.no_losing")] if tested else [])
    return DistrictTable(measure, numbers.unit(outcome), listed, len(rows) - len(listed), said)


def losing_sentence(player: Player, effects: Sequence[Effect], words: Words) -> str:
    """Return in how many districts an option's interval lies wholly on one side; nothing where in none."""
    rising = sum(1 for one in effects if one.low > 0.0)
    falling = sum(1 for one in effects if one.high < 0.0)
    if rising + falling == 0:
        return ""
    lower_is_better = CATALOGUE[effects[0].outcome].better == "lower"
    worse, better = (rising, falling) if lower_is_better else (falling, rising)
    named = words("scheme.named", code=player.code, option=player.short)
    return words("equity.losing", option=named, worse=worse, better=better, total=len(effects))
