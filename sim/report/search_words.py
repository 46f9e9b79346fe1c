"""How a page on a search names its finalists and writes their figures."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.outcomes import Outcome
from sim.report.numbers import DIGITS, MOST_DECIMALS, Numbers, decimals_of, scale
from sim.report.scheme import letters
from sim.report.study_words import level_text, outcome_title
from sim.report.wording import Words
from sim.study import Estimate, Finalist, Found, Objective, Share, Target, outcome_of


@dataclass(frozen=True)
class Runner:
    """A finalist as the page shows it.

    Attributes:
        code: a letter, in the order of the searched costs.
        values: its levers in words.
        one: the finalist.
        is_best: it is the one that the search names; of a frontier, none is.
    """

    code: str
    values: str
    one: Finalist
    is_best: bool


def values_words(factors: dict[str, float | int | str | bool], words: Words) -> str:
    """Return a point's levers in words, numbers in three digits."""
    shown = {name: float(f"{value:.3g}") if isinstance(value, float) else value for name, value in factors.items()}
    said = [words("study.value", factor=name, value=level_text(value, words)) for name, value in shown.items()]
    return words("list.comma").join(said)


def runners(found: Found, words: Words) -> list[Runner]:
    """Return the finalists, the cheapest as searched first."""
    best = None if found.best is None or len(found.search.objectives) > 1 else found.best.number
    return [
        Runner(letters(place), values_words(one.factors, words), one, one.number == best)
        for place, one in enumerate(found.finalists)
    ]


def possible(outcome: Outcome, low: float, high: float) -> tuple[float, float]:
    """Return an interval of an outcome's mean as far as it can be: that of a share, from few runs, may reach beyond."""
    return (max(low, 0.0), min(high, 1.0)) if outcome.unit == "share" else (low, high)


class Figures:
    """Writes one outcome's means with as many digits as their intervals bear out."""

    def __init__(self, outcome: str, words: Words) -> None:
        self.outcome, self.words, self.numbers = outcome_of(outcome), words, Numbers(words)
        self.scale = scale(self.outcome)
        self.unit = "" if self.outcome.unit == "share" else self.numbers.unit(self.outcome)

    def decimals(self, value: float, low: float, high: float) -> int:
        """Return how many decimals an interval bears out; of a figure without one, three digits."""
        half = self.scale * (high - low) / 2.0
        return decimals_of(half, 2) if half > 0.0 else decimals_of(self.scale * value, DIGITS)

    def with_unit(self, text: str) -> str:
        """Return a figure with its unit."""
        if self.outcome.unit == "share":
            return self.words("number.percent", number=text)
        return self.words("study.quantity", number=text, unit=self.unit) if self.unit else text

    def bare(self, one: Estimate) -> str:
        """Return a mean without its unit."""
        if math.isnan(one.mean):
            return self.words("number.undefined")
        return self.numbers.fixed(self.scale * one.mean, self.decimals(one.mean, one.low, one.high))

    def mean(self, one: Estimate) -> str:
        """Return a mean with its unit."""
        return self.bare(one) if math.isnan(one.mean) else self.with_unit(self.bare(one))

    def interval(self, low: float, high: float, *, signed: bool = False) -> str:
        """Return an interval without unit; nothing where there is none, or no width."""
        if math.isnan(low) or math.isnan(high) or low == high:
            return ""
        if not signed:
            low, high = possible(self.outcome, low, high)
        decimals = self.decimals(max(abs(low), abs(high)), low, high)
        ends = (self.numbers.fixed(self.scale * end, decimals, signed) for end in (low, high))
        return self.words("number.interval", low=next(ends), high=next(ends))

    def told(self, one: Estimate) -> str:
        """Return a mean with its interval in brackets."""
        interval = self.interval(one.low, one.high)
        return (
            self.words("search.with_interval", value=self.mean(one), interval=interval) if interval else self.mean(one)
        )

    def gap(self, gap: float, low: float, high: float) -> str:
        """Return a difference with its sign; of shares in percentage points."""
        if math.isnan(gap):
            return self.words("number.undefined")
        text = self.numbers.fixed(self.scale * gap, self.decimals(gap, low, high), signed=True)
        if self.outcome.unit == "share":
            return text + self.words("number.points")
        return self.words("study.quantity", number=text, unit=self.unit) if self.unit else text


def aim_words(one: Objective, words: Words) -> str:
    """Return in words what is made small or large."""
    key = "search.least" if one.direction == "minimise" else "search.most"
    return words(key, title=outcome_title(one.outcome, words))


def target_words(target: Target, words: Words) -> str:
    """Return in words the limit of a target."""
    figures = Figures(target.outcome, words)
    limit = figures.with_unit(Numbers(words).setting(round(figures.scale * target.limit, MOST_DECIMALS)))
    said = {"title": outcome_title(target.outcome, words), "limit": limit}
    return words("study.at_most" if target.at_most else "study.at_least", **said)


def percent_words(share: float, words: Words) -> str:
    """Return a share as somebody has set it, or as few runs give it: 80 %, not 80.0 %."""
    return words("number.percent", number=Numbers(words).setting(round(100.0 * share, 1)))


def share_words(one: Share, words: Words) -> str:
    """Return in what share of the runs a target was kept, with its exact interval."""
    numbers = Numbers(words)
    low, high = (numbers.plain(100.0 * end, 2) for end in (one.low, one.high))
    interval = words("number.interval", low=low, high=high)
    return words("search.with_interval", value=percent_words(one.share, words), interval=interval)
