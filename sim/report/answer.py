"""The answer in plain sentences: which option does what, how sure, who loses, and where no difference was seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.outcomes import CATALOGUE, Outcome
from sim.report.numbers import Numbers
from sim.report.scheme import Player
from sim.report.wording import Words
from sim.study import Comparison, Effect

MOST_IDENTICAL = 6  # outcomes named one by one
SMALL = 0.01  # of the base's mean: a smaller difference is marked and listed last
LOSERS = ("disputes", "response", "people", "staff", "equity", "burden", "cost")  # every group of outcomes


@dataclass(frozen=True)
class Finding:
    """What is said of one option.

    Attributes:
        player: the option.
        headline: one sentence.
        sentences: the rest, each on its own.
    """

    player: Player
    headline: str
    sentences: list[str]


@dataclass(frozen=True)
class Answer:
    """The answer of a comparison: sentences for all of it, then a finding for each option."""

    summary: list[str]
    findings: list[Finding]


def title_of(outcome: Outcome, words: Words) -> str:
    """Return an outcome's title, with its kind where what happened and what the books say could differ."""
    title = words.maybe(f"outcome.{outcome.id}.title", outcome.title)
    if outcome.kind == "neutral":
        return title
    return words("answer.with_kind", title=title, kind=words(f"kind.{outcome.kind}"))


def in_words(effect: Effect, words: Words) -> str:
    """Return an effect as a part of a sentence: title, difference with unit, interval."""
    outcome = CATALOGUE[effect.outcome]
    numbers = Numbers(words)
    said = numbers.difference(effect, outcome)
    unit = "" if outcome.unit in ("share", "index") else numbers.unit(outcome)
    value = f"{said.value} {unit}".strip()
    key = "answer.single_effect" if not said.interval else "answer.effect"
    if effect.low == effect.high:
        key = "answer.constant"
    return words(
        key if said.percent else f"{key}_without_percent",
        title=title_of(outcome, words),
        value=value,
        percent=said.percent,
        interval=said.interval,
    )


def shown_effects(comparison: Comparison, option: str) -> list[Effect]:
    """Return an option's effects on the outcomes shown, in their order."""
    by_id = {one.outcome: one for one in comparison.effects if one.option == option}
    return [by_id[id_] for id_ in comparison.shown]


def losers(worse: Sequence[Effect], words: Words) -> str:
    """Return who bears what got worse, in words, each once; an outcome may have losers of its own."""
    borne = sorted(worse, key=lambda one: LOSERS.index(CATALOGUE[one.outcome].group))
    named = [words.maybe(f"loser.{one.outcome}", words(f"loser.{CATALOGUE[one.outcome].group}")) for one in borne]
    return words.listing(list(dict.fromkeys(named)))


def is_small(effect: Effect) -> bool:
    """Decide whether a difference is below a hundredth of the base's mean; with a base of zero none is."""
    return abs(effect.difference) < SMALL * abs(effect.base_mean)


def weighed(effects: Sequence[Effect], words: Words) -> str:
    """Return effects that have a direction as a list in words: small ones after the others, and marked."""
    percent = Numbers(words).whole(100.0 * SMALL)
    return words("list.semicolon").join(
        words("answer.small", effect=in_words(one, words), percent=percent) if is_small(one) else in_words(one, words)
        for one in sorted(effects, key=is_small)
    )


def has_unmatched_books(better: Sequence[Effect]) -> bool:
    """Decide whether all that got better is what the books say."""
    return bool(better) and all(CATALOGUE[one.outcome].kind == "recorded" for one in better)


def finding(comparison: Comparison, player: Player, words: Words) -> Finding:
    """Return what is said of one option."""
    effects = shown_effects(comparison, player.name)
    total = len(effects)
    groups: dict[str, list[Effect]] = {}
    for one in effects:
        groups.setdefault(one.verdict, []).append(one)
    better, worse, different = (groups.get(verdict, []) for verdict in ("better", "worse", "different"))
    sentences = [
        words.plural(f"answer.{key}", len(found), total=total, list=weighed(found, words))
        for key, found in (("better", better), ("worse", worse))
        if found
    ]
    if different:
        listed = words("list.semicolon").join(in_words(one, words) for one in different)
        sentences.append(words.plural("answer.different", len(different), total=total, list=listed))
    if has_unmatched_books(better):
        sentences.append(words("answer.books_only"))
    if worse:
        sentences.append(words("answer.losers", list=losers(worse, words)))
    sentences += [
        nothing_sentence(key, [title_of(CATALOGUE[one.outcome], words) for one in found], words)
        for key, found in nothing_seen(groups.get("no difference seen", []))
        if found
    ]
    sentences += untested(groups.get("undefined", []), words)
    if all(one.is_same for one in effects):
        sentences = []
    return Finding(player, headline(effects, better, worse, different, words), sentences)


def nothing_seen(effects: Sequence[Effect]) -> list[tuple[str, list[Effect]]]:
    """Return outcomes without a difference seen: with a hint of one, without, and identical in every replication."""
    return [
        ("hint", [one for one in effects if one.is_hint]),
        ("none", [one for one in effects if not one.is_hint and not one.is_same]),
        ("identical", [one for one in effects if one.is_same]),
    ]


def nothing_sentence(key: str, titles: Sequence[str], words: Words) -> str:
    """Return the sentence on outcomes without a difference seen; very many identical ones are only counted."""
    if key == "identical" and len(titles) > MOST_IDENTICAL:
        return words("answer.many_identical", count=len(titles))
    return words.plural(f"answer.{key}", len(titles), list=words.listing(titles))


def untested(effects: Sequence[Effect], words: Words) -> list[str]:
    """Return what is said of outcomes without a test: undefined ones, and those with a single pair of runs."""
    sentences = []
    undefined = [title_of(CATALOGUE[one.outcome], words) for one in effects if math.isnan(one.difference)]
    single = [in_words(one, words) for one in effects if not math.isnan(one.difference)]
    if single:
        sentences.append(words("answer.single", list=words("list.semicolon").join(single)))
    if undefined:
        sentences.append(words.plural("answer.undefined", len(undefined), list=words.listing(undefined)))
    return sentences


def headline(
    effects: Sequence[Effect],
    better: Sequence[Effect],
    worse: Sequence[Effect],
    different: Sequence[Effect],
    words: Words,
) -> str:
    """Return the one sentence that says most about an option."""
    if all(one.is_same for one in effects):
        return words("headline.identical", total=len(effects))
    if all(one.verdict == "undefined" for one in effects):
        return words("headline.untested")
    if better and worse:
        return words("headline.mixed", better=len(better), worse=len(worse), total=len(effects))
    if better:
        return words("headline.better", better=len(better), total=len(effects))
    if worse:
        return words("headline.worse", worse=len(worse), total=len(effects))
    return words("headline.different" if different else "headline.none", count=len(different), total=len(effects))


def answer(comparison: Comparison, everyone: Sequence[Player], words: Words) -> Answer:
    """Return the answer of a comparison."""
    findings = [finding(comparison, one, words) for one in everyone[1:]]
    return Answer(
        [overall(comparison, everyone, words), how_sure(comparison, words), *resting(comparison, words)], findings
    )


def overall(comparison: Comparison, everyone: Sequence[Player], words: Words) -> str:
    """Return the sentence that says which options show any difference at all."""
    changed = [
        words("scheme.named", code=one.code, option=one.short)
        for one in everyone[1:]
        if any(effect.verdict in {"better", "worse", "different"} for effect in shown_effects(comparison, one.name))
    ]
    shown = [one for one in comparison.effects if one.outcome in set(comparison.shown)]
    if all(one.verdict == "undefined" for one in shown):
        return words("overall.untested")
    if not changed:
        return words("overall.none", outcomes=len(comparison.shown))
    return words.plural(
        "overall.some",
        len(changed),
        total=len(everyone) - 1,
        list=words.listing(changed),
        outcomes=len(comparison.shown),
    )


def how_sure(comparison: Comparison, words: Words) -> str:
    """Return on what the words better and worse rest."""
    tests = sum(1 for one in comparison.effects if one.outcome in set(comparison.shown) and not math.isnan(one.p_value))
    seeds = len(comparison.seeds)
    if seeds == 1:
        return words("sure.single")
    return words("sure.several", seeds=seeds, tests=tests)


def resting(comparison: Comparison, words: Words) -> list[str]:
    """Return the sentence that says on how many unsourced parameters all of this rests; none without parameters."""
    if not comparison.parameters:
        return []
    unsourced = sum(1 for one in comparison.parameters if one.status == "N")
    return [words("sure.parameters", unsourced=unsourced, total=len(comparison.parameters))]
