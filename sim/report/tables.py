"""The tables of a report as rows of text: outcomes, precision, changes, parameters, definitions, provenance."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.outcomes import CATALOGUE, Outcome
from sim.report.numbers import Difference, Numbers
from sim.report.scheme import Player
from sim.report.wording import Words, tidy
from sim.scenario import canonical
from sim.study import Comparison, Effect, ParameterUse

GROUPS = ("disputes", "response", "people", "staff", "burden", "cost", "equity")
SIGNS = {"better": "✓", "worse": "✗", "different": "≠", "no difference seen": "=", "undefined": "–"}
CLASSES = {
    "better": "better",
    "worse": "worse",
    "different": "other",
    "no difference seen": "none",
    "undefined": "none",
}


@dataclass(frozen=True)
class Cell:
    """What an option does to an outcome: the verdict in words and sign, and the difference."""

    style: str
    sign: str
    verdict: str
    difference: Difference
    hint: bool


@dataclass(frozen=True)
class OutcomeRow:
    """An outcome over all options; ``cells`` in the order of the options."""

    id: str
    title: str
    kind: str
    unit: str
    better: str
    base: str
    cells: list[Cell]


@dataclass(frozen=True)
class PrecisionRow:
    """How precise one effect is: all as text."""

    title: str
    kind: str
    unit: str
    base: str
    option: str
    difference: Difference
    p_holm: str
    verdict: str
    gain: str
    needed: str
    pairs: str


@dataclass(frozen=True)
class ParameterRow:
    """One parameter of the model, all as text."""

    id: str
    meaning: str
    value: str
    range: str
    unit: str
    status: str
    source: str
    note: str


def verdict_in_words(effect: Effect, words: Words) -> str:
    """Return an effect's verdict; an untested one says why."""
    if effect.verdict != "undefined":
        return words(f"verdict.{effect.verdict}")
    return words("verdict.undefined" if math.isnan(effect.difference) else "verdict.untested")


def outcome_rows(
    comparison: Comparison, ids: Sequence[str], options: Sequence[Player], words: Words
) -> list[tuple[str, list[OutcomeRow]]]:
    """Return the rows of outcomes by group, benefits first, burdens, costs and equity beside them."""
    numbers = Numbers(words)
    effects = {(one.option, one.outcome): one for one in comparison.effects}
    groups: dict[str, list[OutcomeRow]] = {group: [] for group in GROUPS}
    for id_ in ids:
        outcome = CATALOGUE[id_]
        found = [effects[one.name, id_] for one in options]
        groups[outcome.group].append(
            OutcomeRow(
                id=id_,
                title=words.maybe(f"outcome.{id_}.title", outcome.title),
                kind=outcome.kind,
                unit=numbers.unit(outcome),
                better=words(f"direction.{outcome.better}"),
                base=numbers.value(base_mean(comparison, id_), outcome),
                cells=[
                    Cell(
                        CLASSES[one.verdict],
                        SIGNS[one.verdict],
                        verdict_in_words(one, words),
                        numbers.difference(one, outcome),
                        one.is_hint,
                    )
                    for one in found
                ],
            )
        )
    return [(group, rows) for group, rows in groups.items() if rows]


def base_mean(comparison: Comparison, outcome: str) -> float:
    """Return an outcome's mean over all finished runs of the base that define it; NaN without any."""
    rows = comparison.runs
    if not len(rows):
        return math.nan
    chosen = rows[(rows["scenario"] == comparison.base) & (rows["outcome"] == outcome)]["value"]
    return float(chosen.mean()) if chosen.notna().any() else math.nan


def precision_rows(comparison: Comparison, option: Player, ids: Sequence[str], words: Words) -> list[PrecisionRow]:
    """Return how precise an option's effects are, in the order of ``ids``."""
    numbers = Numbers(words)
    effects = {one.outcome: one for one in comparison.effects if one.option == option.name}
    rows = []
    for id_ in ids:
        outcome, effect = CATALOGUE[id_], effects[id_]
        rows.append(
            PrecisionRow(
                title=words.maybe(f"outcome.{id_}.title", outcome.title),
                kind=outcome.kind,
                unit=numbers.unit(outcome),
                base=numbers.value(effect.base_mean, outcome),
                option=numbers.value(effect.option_mean, outcome),
                difference=numbers.difference(effect, outcome),
                p_holm=probability(effect.p_holm, numbers),
                verdict=verdict_in_words(effect, words),
                gain=gain(effect, numbers),
                needed=needed(effect, numbers),
                pairs=numbers.whole(effect.replications),
            )
        )
    return rows


def probability(value: float, numbers: Numbers) -> str:
    """Return a p-value as text; very small ones as a bound."""
    if math.isnan(value):
        return numbers.words("precision.no_test")
    if value < 0.001:
        return numbers.words("precision.below", bound=numbers.plain(0.001, 1))
    return numbers.fixed(value, 3) if value < 0.1 else numbers.fixed(value, 2)


def gain(effect: Effect, numbers: Numbers) -> str:
    """Return by what factor pairing lowered the variance of the difference."""
    if math.isnan(effect.variance_ratio):
        constant = effect.replications > 1 and effect.low == effect.high
        return numbers.words("precision.constant" if constant else "precision.no_test")
    if effect.variance_ratio > 9999.0:
        return numbers.words("precision.above", bound=numbers.whole(9999))
    return numbers.words("precision.factor", number=numbers.plain(effect.variance_ratio))


def needed(effect: Effect, numbers: Numbers) -> str:
    """Return how many replications the wanted precision needs."""
    if math.isnan(effect.replications_needed):
        return numbers.words("precision.no_test")
    if math.isinf(effect.replications_needed):
        return numbers.words("precision.too_many")
    return numbers.whole(effect.replications_needed)


def intervention_text(lever: dict[str, Any], numbers: Numbers) -> str:
    """Return an intervention as a name and its settings; one that is on and has no end says neither."""
    words = numbers.words
    settings = [
        words("changes.setting", name=name, value=numbers.setting(value))
        for name, value in lever.items()
        if name != "name" and value is not None and not (name == "enabled" and value is True)
    ]
    return words("changes.lever", name=str(lever.get("name", "")), settings=words("list.comma").join(settings))


def change_rows(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[tuple[str, list[str]]]:
    """Return the fields in which any option differs from the base: path, then its value in every scenario.

    Interventions of a scenario stand together in one row.
    """
    numbers = Numbers(words)
    trees = {one.name: canonical(comparison.scenarios[one.name]) for one in everyone}
    known = {name: {change.path: change for change in found} for name, found in comparison.changes.items()}
    paths = sorted({path for found in known.values() for path in found})
    rows = []
    if any(path.startswith("interventions") for path in paths):
        levers = [[intervention_text(one, numbers) for one in trees[who.name]["interventions"]] for who in everyone]
        rows.append(("interventions", [words("list.semicolon").join(one) or words("changes.none") for one in levers]))
    for path in paths:
        if path.startswith("interventions"):
            continue
        base = next(found[path].base for found in known.values() if path in found)
        values = [
            numbers.setting(known[one.name][path].option) if path in known.get(one.name, {}) else words("changes.same")
            for one in everyone[1:]
        ]
        rows.append((path, [numbers.setting(base), *values]))
    return rows


def span(low: Any, high: Any, numbers: Numbers) -> str:
    """Return a parameter's range; of one with many values the lowest and the highest of all."""
    lowest = min(low) if isinstance(low, list) else low
    highest = max(high) if isinstance(high, list) else high
    return numbers.words("parameters.span", low=numbers.setting(lowest), high=numbers.setting(highest))


def parameter_value(use: ParameterUse, numbers: Numbers) -> str:
    """Return a parameter's value; of one with many values their number and range; a changed one says its default."""
    words = numbers.words
    if isinstance(use.value, list):
        text = words("parameters.many", count=len(use.value), span=span(use.value, use.value, numbers))
    elif math.isnan(use.value):
        return words("parameters.not_used")
    else:
        text = numbers.setting(use.value)
    if use.value == use.default:
        return text
    if isinstance(use.default, list):
        return words("parameters.changed_list", value=text)
    return words("parameters.changed", value=text, default=numbers.setting(use.default))


def parameter_rows(comparison: Comparison, statuses: str, words: Words) -> list[ParameterRow]:
    """Return the parameters whose status is one of ``statuses``, in the order of their table."""
    numbers = Numbers(words)
    return [
        ParameterRow(
            id=one.id,
            meaning=one.meaning,
            value=parameter_value(one, numbers),
            range=span(one.low, one.high, numbers),
            unit="" if one.unit == "1" else one.unit,
            status=one.status,
            source=one.source,
            note=one.note,
        )
        for one in comparison.parameters
        if one.status in statuses
    ]


def definition_rows(ids: Sequence[str], words: Words) -> list[tuple[Outcome, str, str, str]]:
    """Return each outcome with its title, unit and definition in words."""
    numbers = Numbers(words)
    return [
        (
            CATALOGUE[id_],
            words.maybe(f"outcome.{id_}.title", CATALOGUE[id_].title),
            numbers.unit(CATALOGUE[id_]),
            words.maybe(f"outcome.{id_}.definition", CATALOGUE[id_].definition),
        )
        for id_ in ids
    ]


def provenance_rows(comparison: Comparison, words: Words) -> list[tuple[str, str]]:
    """Return what the runs were made with and on, each with its name in words."""
    given, numbers = comparison.provenance, Numbers(words)
    rows = []
    for key in ("started", "seconds", "jobs", "platform", "processor", "processors", "source_hash"):
        if key in given:
            value = numbers.setting(round(given[key]) if key == "seconds" else given[key])
            rows.append((words(f"provenance.{key}"), tidy(value)))
    versions = given.get("versions", {})
    if versions:
        said = [words("provenance.version", name=name, version=version) for name, version in versions.items()]
        rows.append((words("provenance.versions"), words("list.comma").join(said)))
    return rows


def canonical_text(comparison: Comparison, name: str) -> str:
    """Return a scenario's canonical form as JSON, sorted, a line for each field and for each list of numbers."""
    text = json.dumps(canonical(comparison.scenarios[name]), indent=1, sort_keys=True, ensure_ascii=False)
    return re.sub(r"\[\n[-+.,\deE\s]+\]", lambda found: "[" + " ".join(found[0][1:-1].split()) + "]", text)
