"""Writing what a search found as one page: the best mix of levers, its luck, its price, and what else it does."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.outcomes import CATALOGUE, HEADLINE
from sim.report.numbers import Numbers
from sim.report.pages import put, rendered
from sim.report.search_figures import bought, course_picture, luck_pictures, trade_picture
from sim.report.search_words import (
    Figures,
    Runner,
    aim_words,
    percent_words,
    runners,
    share_words,
    target_words,
    values_words,
)
from sim.report.study_page import SHOWN_PROVENANCE
from sim.report.study_tables import PageTable, factor_rows
from sim.report.study_words import level_text, outcome_title
from sim.report.tables import GROUPS, definition_rows
from sim.report.wording import Words, load_words, tidy
from sim.study import Kept, checks_wanting, made_with, spread_out

BESIDE = 4  # finalists in the table of what else they do: more would not fit on paper
MOST_FAILURES = 12
MOST_IMPOSSIBLE = 6


@dataclass(frozen=True)
class Line:
    """A row of the table of what else the finalists do: an outcome, its unit and better direction, and for each
    finalist a mean and its interval.
    """

    title: str
    remark: str
    values: list[tuple[str, str]]


@dataclass(frozen=True)
class Group:
    """Rows of that table under a heading."""

    heading: str
    lines: list[Line]


def count_words(key: str, count: int, words: Words) -> str:
    """Return so many runs or points in words."""
    return words.plural(key, count) if count == 1 else words(f"{key}.other", count=Numbers(words).whole(count))


def headline(kept: Kept, words: Words) -> str:
    """Return in one sentence what was found."""
    found = kept.found
    if len(found.search.objectives) > 1:
        if not found.frontier:
            return words("search.frontier_none")
        key = "search.frontier_found" if found.search.targets else "search.frontier_free"
        return words(key, points=count_words("search.point_count", len(found.frontier), words))
    if found.best is None:
        return words("search.nearest", values=values_words(found.finalists[0].factors, words))
    key = "search.best_sure" if found.best.is_sure else "search.best_unsure"
    return words(key if found.search.targets else "search.best_free", values=values_words(found.best.factors, words))


def verdict(runner: Runner, words: Words) -> str:
    """Return whether a finalist keeps the targets."""
    return words("search.sure" if runner.one.is_sure else "search.holds" if runner.one.holds else "search.fails")


def lever_lines(runner: Runner, factors: list[list[str]], words: Words) -> list[str]:
    """Return each lever of a finalist with its value, and what it could have been."""
    values = {row[0]: row[2] for row in factors}
    said = []
    for name, value in runner.one.factors.items():
        told = {"factor": name, "value": level_text(value, words)}
        said.append(
            words("search.lever_of", **told, values=values[name])
            if values[name]
            else words("search.lever_value", **told)
        )
    return said


def value_lines(runner: Runner, kept: Kept, words: Words) -> list[str]:
    """Return the means of all outcomes that the search is about, by fresh seeds."""
    fresh = kept.found.fresh[runner.one.number]
    return [
        words("search.outcome_value", title=outcome_title(id_, words), value=Figures(id_, words).told(fresh.mean(id_)))
        for id_ in kept.found.search.outcomes
    ]


def target_lines(runner: Runner, kept: Kept, words: Words) -> list[str]:
    """Return in how many fresh runs each target was kept."""
    return [
        words(
            "search.kept",
            target=target_words(target, words),
            kept=share.kept,
            runs=share.runs,
            share=share_words(share, words),
            wanted=percent_words(target.probability, words),
        )
        for target, share in zip(kept.found.search.targets, runner.one.fresh, strict=True)
    ]


def luck_lines(runner: Runner, kept: Kept, words: Words) -> list[str]:
    """Return how far the search's figures of a finalist were from those of fresh seeds."""
    said = []
    for gap in runner.one.objectives:
        figures = Figures(gap.outcome, words)
        interval = figures.interval(gap.low, gap.high, signed=True)
        told = {
            "title": outcome_title(gap.outcome, words),
            "searched": figures.mean(gap.searched),
            "fresh": figures.mean(gap.fresh),
            "gap": figures.gap(gap.gap, gap.low, gap.high),
        }
        said.append(
            words("search.luck_gap", **told, interval=interval) if interval else words("search.luck_gap_bare", **told)
        )
    for target, old, new in zip(kept.found.search.targets, runner.one.searched, runner.one.fresh, strict=True):
        shares = {"searched": percent_words(old.share, words), "fresh": percent_words(new.share, words)}
        said.append(words("search.luck_target", target=target_words(target, words), **shares))
    if runner.one.failed:
        said.append(words.plural("search.failed_fresh", runner.one.failed))
    return said


def cards(kept: Kept, shown: Sequence[Runner], factors: list[list[str]], words: Words) -> list[tuple[str, list[str]]]:
    """Return the cards about the best finalist, or the nearest where none holds; none of a frontier."""
    if len(kept.found.search.objectives) > 1:
        return []
    one = next((runner for runner in shown if runner.is_best), shown[0])
    made = [
        (words("search.card_levers"), lever_lines(one, factors, words)),
        (words("search.card_values"), value_lines(one, kept, words)),
        (words("search.card_targets"), target_lines(one, kept, words)),
        (words("search.card_luck"), luck_lines(one, kept, words)),
    ]
    return [(title, lines) for title, lines in made if lines]


def row_head(runner: Runner, words: Words) -> str:
    """Return how a table names a finalist."""
    name = words("search.named", code=runner.code, values=runner.values)
    return words("search.best_mark", name=name) if runner.is_best else name


def finalist_table(kept: Kept, shown: Sequence[Runner], words: Words) -> PageTable:
    """Return all finalists: objectives by fresh seeds, the share of fresh runs that keep each target, the verdict."""
    search = kept.found.search
    heads = [words("search.finalist"), *(outcome_title(one.outcome, words) for one in search.objectives)]
    heads += [target_words(target, words) for target in search.targets]
    heads += [words("search.verdict")] if search.targets else []
    rows = []
    for runner in shown:
        means = [Figures(gap.outcome, words).told(gap.fresh) for gap in runner.one.objectives]
        shares = [share_words(share, words) for share in runner.one.fresh]
        verdicts = [verdict(runner, words)] if search.targets else []
        rows.append([row_head(runner, words), *means, *shares, *verdicts])
    return PageTable(words("search.finalists"), heads, rows)


def luck_table(shown: Sequence[Runner], kept: Kept, words: Words) -> PageTable:
    """Return every objective of every finalist as searched, by fresh seeds, and the gap between."""
    rows = []
    for place, objective in enumerate(kept.found.search.objectives):
        figures = Figures(objective.outcome, words)
        for runner in shown:
            gap = runner.one.objectives[place]
            rows.append(
                [
                    words("search.named", code=runner.code, values=outcome_title(objective.outcome, words)),
                    figures.told(gap.searched),
                    Numbers(words).whole(gap.searched.replications),
                    figures.told(gap.fresh),
                    Numbers(words).whole(gap.fresh.replications),
                    figures.gap(gap.gap, gap.low, gap.high),
                    figures.interval(gap.low, gap.high, signed=True),
                ]
            )
    heads = ["search.what", "search.searched", "search.searched_runs", "search.fresh", "search.searched_runs"]
    return PageTable(words("search.luck_table"), [words(one) for one in (*heads, "search.gap", "study.interval")], rows)


def beside_ids(kept: Kept) -> list[str]:
    """Return the outcomes told beside the search's own: the headline and all burdens, those that are not all zero."""
    burdens = [one.id for one in CATALOGUE.values() if one.group == "burden"]
    ids = dict.fromkeys([*kept.found.search.outcomes, *HEADLINE, *burdens])
    fresh = kept.found.fresh.values()
    return [id_ for id_ in CATALOGUE if id_ in ids and any(told(point.mean(id_).mean) for point in fresh)]


def some_of(shown: Sequence[Runner]) -> list[Runner]:
    """Return as many finalists as a table bears: the best and the next cheapest, or of a frontier some along it."""
    if any(one.is_best for one in shown):
        return sorted(shown, key=lambda one: not one.is_best)[:BESIDE]
    return spread_out(shown, BESIDE)


def told(mean: float) -> bool:
    """Decide whether a mean says anything: it is defined, and not zero."""
    return math.isfinite(mean) and mean != 0.0


def beside_groups(kept: Kept, shown: Sequence[Runner], words: Words) -> list[Group]:
    """Return what the finalists do, benefits first, burdens, costs and equity beside them."""
    numbers, groups = Numbers(words), []
    for group in GROUPS:
        lines = []
        for id_ in (one for one in beside_ids(kept) if CATALOGUE[one].group == group):
            outcome = CATALOGUE[id_]
            unit, better = numbers.unit(outcome), words(f"direction.{outcome.better}")
            remark = words("list.comma").join([unit, better] if unit else [better])
            figures = Figures(id_, words)
            means = [kept.found.fresh[one.one.number].mean(id_) for one in shown]
            cells = [(figures.bare(one), figures.interval(one.low, one.high)) for one in means]
            lines.append(Line(outcome_title(id_, words), remark, cells))
        if lines:
            groups.append(Group(words(f"group.{group}"), lines))
    return groups


def asked_rows(kept: Kept, words: Words) -> list[tuple[str, list[str]]]:
    """Return what was asked and what was done, a name and its lines each."""
    found, numbers = kept.found, Numbers(words)
    search = found.search
    aims = words.listing([aim_words(one, words) for one in search.objectives])
    targets = [
        words("search.target", target=target_words(one, words), share=percent_words(one.probability, words))
        for one in search.targets
    ]
    counts = {
        "runs": count_words("search.run_count", found.runs, words),
        "points": count_words("search.point_count", len(found.tried), words),
        "failed": numbers.whole(found.failed),
        "ended": words("search.ended_budget" if found.ended == "budget" else "search.ended_everything"),
    }
    finalists = count_words("search.finalist_count", len(found.finalists), words)
    method = {"first": search.first, "most": search.most, "check": search.check, "finalists": finalists}
    fresh = search.fresh_seeds
    seeds = {"low": search.seed, "high": fresh[0] - 1, "fresh_low": fresh[0], "fresh_high": fresh[-1]}
    rows = [
        (words("study.base"), [tidy(str(kept.file.get("base", "")))]),
        (words("search.aim"), [words("search.aims", aims=aims)]),
        (words("search.where"), targets),
        (words("study.runs"), [words("search.runs_told", **counts)]),
        (words("search.method"), [words("search.method_told", **method)]),
        (words("search.seeds"), [words("search.seeds_told", **seeds)]),
    ]
    return [(name, [line for line in lines if line]) for name, lines in rows if any(lines)]


def failed_lines(kept: Kept, words: Words) -> list[str]:
    """Return how many runs failed, and which points could not be run, and why."""
    if not kept.found.failed:
        return []
    said = [words("search.failed_text", runs=count_words("search.run_count", kept.found.failed, words))]
    if kept.impossible:
        said.append(words.plural("search.impossible", len(kept.impossible)))
        for number, reason in list(kept.impossible.items())[:MOST_IMPOSSIBLE]:
            values = values_words(kept.found.tried[number].factors, words)
            said.append(words("search.impossible_point", values=values, reason=reason))
    if len(kept.impossible) > MOST_IMPOSSIBLE:
        said.append(words.plural("search.impossible_more", len(kept.impossible) - MOST_IMPOSSIBLE))
    return said


def reading(kept: Kept, words: Words) -> str:
    """Return how to read the pictures of cost against what it buys."""
    search = kept.found.search
    said = [words("search.read_finalists")]
    said += [words("search.read_targets")] if search.targets else []
    said += [words("search.read_best")] if len(search.objectives) == 1 and kept.found.best is not None else []
    return " ".join([*said, words("search.read_points")])


def content(kept: Kept, words: Words) -> dict[str, Any]:
    """Return all that the template shows, by name."""
    found, search = kept.found, kept.found.search
    shown, about = runners(found, words), made_with(kept.model_version)
    factors = factor_rows(search.factors, kept.file, found.points, words)
    needed = checks_wanting(found)
    beside = some_of(shown)
    ids = list(dict.fromkeys([*search.outcomes, *beside_ids(kept)]))
    failures = kept.failures[:MOST_FAILURES]
    return {
        "title": tidy(search.title) or search.name,
        "name": search.name,
        "question": tidy(str(kept.file.get("description", "") or "")),
        "asked": asked_rows(kept, words),
        "factors": factors,
        "headline": headline(kept, words),
        "holds": bool(found.frontier),
        "ladder": words("search.ladder" if search.targets else "search.ladder_free"),
        "checks": "" if needed is None else words("search.checks", check=search.check, needed=needed),
        "cards": cards(kept, shown, factors, words),
        "finalists": finalist_table(kept, shown, words),
        "lucks": luck_pictures(found, shown, words),
        "luck_table": luck_table(shown, kept, words),
        "trades": [trade_picture(found, shown, id_, sign, words) for id_, sign in bought(found)],
        "has_targets": bool(search.targets),
        "reading": reading(kept, words),
        "courses": [course_picture(found, shown, place, words) for place in range(len(search.objectives))],
        "runners": beside,
        "beside": beside_groups(kept, beside, words),
        "beside_cut": words("search.beside_cut", shown=len(beside), count=len(shown))
        if len(beside) < len(shown)
        else "",
        "failed": failed_lines(kept, words),
        "failures": [
            (
                words("search.failure", scenario=one.scenario, seed=one.seed, type=one.type, message=tidy(one.message)),
                one.command,
            )
            for one in failures
        ],
        "more_failures": len(kept.failures) - len(failures),
        "definitions": definition_rows([one for one in ids if one in CATALOGUE], words),
        "about": [(words(f"provenance.study_{name}"), str(about[name])) for name in SHOWN_PROVENANCE],
        "versions": words("list.comma").join(
            words("provenance.version", name=name, version=version) for name, version in about["versions"].items()
        ),
        "file": json.dumps(kept.file, indent=1, ensure_ascii=False, default=str),
    }


def render_search(kept: Kept, words: Words) -> str:
    """Return the page of a search."""
    return rendered("search.html.j2", lambda: content(kept, words), words)


def write_search(kept: Kept, path: Path, language: str = "en") -> Path:
    """Write what a search found as one self-contained HTML page.

    Args:
        kept: what to show.
        path: of the page; missing folders are made, an older page is replaced as a whole.
        language: of the words, by the name of their catalogue.

    Returns:
        The path.

    Raises:
        StoreError: the file system refuses; what was there before is still there.
        UnknownLanguageError: there are no words in the language.
    """
    return put(Path(path), render_search(kept, load_words(language)))
