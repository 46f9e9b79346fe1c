"""The page of a comparison."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sim.outcomes import CATALOGUE, LEAST_EVENTS
from sim.report.answer import answer, title_of
from sim.report.district_maps import maps
from sim.report.districts import district_tables
from sim.report.drawing import Picture
from sim.report.effect_figures import common_range, forest, replications
from sim.report.level_figures import levels
from sim.report.numbers import Numbers
from sim.report.pages import put, rendered
from sim.report.response_figures import distributions
from sim.report.response_tables import figures, overloads, readings
from sim.report.scheme import Player, chunks, players, town_name
from sim.report.series_figures import courses
from sim.report.tables import (
    canonical_text,
    change_rows,
    definition_rows,
    outcome_rows,
    parameter_rows,
    precision_rows,
    provenance_rows,
)
from sim.report.telling import told
from sim.report.unit_figures import unit_time
from sim.report.wording import Words, load_words
from sim.scenario import Scenario
from sim.study import MOST_CALLS, Comparison

OPTIONS_A_TABLE = 4  # more columns would not fit on paper


def question(comparison: Comparison, words: Words) -> dict[str, Any]:
    """Return what was asked: the question, the town, the time and the replications, in words."""
    numbers, base = Numbers(words), comparison.scenarios[comparison.base]
    town, calendar, seeds = base.town, base.calendar, comparison.seeds
    counts = {
        name: words(f"asked.{name}.{'one' if number == 1 else 'other'}", count=numbers.whole(number))
        for name, number in (("townships", town.townships), ("communities", town.communities))
    }
    kind = words(f"asked.kind.{town.kind}")
    if town.kind in ("synthetic", "plane"):
        kind = words("list.comma").join([kind, words("asked.area", area=numbers.setting(town.area_km2))])
    last = calendar.start_date + timedelta(days=calendar.days - 1)
    return {
        "question": words.plural("asked.question", len(comparison.options), town=town_name(comparison)),
        "town": words("asked.town_is", kind=kind, residents=residents_in_words(base, words), **counts),
        "period": words.plural("asked.period_is", calendar.days, start=calendar.start_date, end=last),
        "replications": words.plural("asked.replications_is", len(seeds), first=min(seeds), last=max(seeds)),
    }


def residents_in_words(base: Scenario, words: Words) -> str:
    """Return how many residents a scenario has; in a town in which nobody lives, that."""
    number = base.people.residents
    return (
        words.plural("asked.residents", number, residents=Numbers(words).whole(number))
        if number
        else words("asked.nobody")
    )


def effect_pictures(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[Picture]:
    """Return each option's percent differences, all on one axis."""
    shown = set(comparison.shown)
    effects = {(one.option, one.outcome): one for one in comparison.effects if one.outcome in shown}
    reach = common_range(list(effects.values()))
    outcomes = [CATALOGUE[id_] for id_ in comparison.shown]
    return [
        forest(one, [effects[one.name, outcome.id] for outcome in outcomes], outcomes, reach, words)
        for one in everyone[1:]
    ]


def assumptions(comparison: Comparison, everyone: Sequence[Player]) -> list[tuple[Player, list[str]]]:
    """Return the marked assumptions of each scenario that the base does not make already."""
    common = set(comparison.scenarios[comparison.base].assumptions)
    listed = [
        (one, [text for text in comparison.scenarios[one.name].assumptions if number == 0 or text not in common])
        for number, one in enumerate(everyone)
    ]
    return [(one, texts) for one, texts in listed if texts]


def sources(comparison: Comparison) -> list[str]:
    """Return the sources that the scenarios name, each once."""
    return list(dict.fromkeys(text for scenario in comparison.scenarios.values() for text in scenario.sources))


def other_outcomes(comparison: Comparison) -> list[str]:
    """Return the outcomes besides those shown that have a figure for some option, in the catalogue's order."""
    defined = {one.outcome for one in comparison.effects if not math.isnan(one.difference)} - set(comparison.shown)
    return [id_ for id_ in CATALOGUE if id_ in defined]


def content(comparison: Comparison, words: Words) -> dict[str, Any]:
    """Return all that the template shows, by name."""
    everyone = players(comparison, words)
    options, others = everyone[1:], other_outcomes(comparison)
    seeds = [(CATALOGUE[id_], replications(comparison, CATALOGUE[id_], everyone, words)) for id_ in comparison.shown]
    statuses = {status: sum(1 for one in comparison.parameters if one.status == status) for status in "NMDF"}
    unchanged = [
        words("scheme.named", code=one.code, option=one.short)
        for one in options
        if not comparison.changes.get(one.name)
    ]
    return {
        "comparison": comparison,
        "title": words("page.title", base=everyone[0].title),
        "everyone": everyone,
        "options": options,
        "asked": question(comparison, words),
        "answer": answer(comparison, everyone, words),
        "changes": change_rows(comparison, everyone, words),
        "unchanged": unchanged,
        "outcome_tables": [
            (part, outcome_rows(comparison, comparison.shown, part, words)) for part in chunks(options, OPTIONS_A_TABLE)
        ],
        "forests": effect_pictures(comparison, everyone, words),
        "precision": [(one, precision_rows(comparison, one, comparison.shown, words)) for one in options],
        "precision_wanted": Numbers(words).percent(float(comparison.provenance.get("precision", 0.05))),
        "others": [(one, precision_rows(comparison, one, others, words)) for one in options],
        "seeds": [picture for _, picture in seeds if picture is not None],
        "seeds_missing": [title_of(outcome, words) for outcome, picture in seeds if picture is None],
        "curves": distributions(comparison, everyone, words),
        "readings": readings(comparison, everyone, words),
        "maps": maps(comparison, everyone, words),
        "unit_time": unit_time(comparison, everyone, words),
        "figures": figures(comparison, everyone, words),
        "overloads": overloads(comparison, everyone, words),
        "levels": levels(comparison, everyone, words),
        "courses": courses(comparison, everyone, words),
        "districts": district_tables(comparison, everyone, words),
        "story": [] if comparison.story is None else told(comparison.story[1], words),
        "story_seed": None if comparison.story is None else comparison.story[0],
        "statuses": statuses,
        "unsourced": parameter_rows(comparison, "N", words),
        "weak": parameter_rows(comparison, "MD", words),
        "found": parameter_rows(comparison, "F", words),
        "assumptions": assumptions(comparison, everyone),
        "sources": sources(comparison),
        "definitions": definition_rows(comparison.shown, words),
        "other_definitions": definition_rows(others, words),
        "provenance": provenance_rows(comparison, words),
        "hashes": comparison.provenance.get("scenario_hashes", {}),
        "canonical": {one.name: canonical_text(comparison, one.name) for one in everyone},
        "runs": len(comparison.seeds) * len(everyone),
        "least_events": Numbers(words).whole(LEAST_EVENTS),
        "most_calls": Numbers(words).whole(MOST_CALLS),
        "numbers": Numbers(words),
    }


def render(comparison: Comparison, words: Words) -> str:
    """Return the page; the same comparison gives the same text."""
    return rendered("report.html.j2", lambda: content(comparison, words), words)


def write_report(comparison: Comparison, path: Path, language: str = "en") -> Path:
    """Write a comparison as one self-contained HTML page.

    Args:
        comparison: what to show; runs that failed are listed and the rest is shown.
        path: of the page; missing folders are made, an older page is replaced as a whole.
        language: of the words, by the name of their catalogue.

    Returns:
        The path.

    Raises:
        StoreError: the file system refuses; what was there before is still there.
        UnknownLanguageError: there are no words in the language.
    """
    return put(Path(path), render(comparison, load_words(language)))
