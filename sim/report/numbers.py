"""How a report writes numbers: three significant digits, thousands apart, shares as percentages, NaN in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sim.outcomes import Outcome
from sim.report.wording import Words
from sim.study import Effect

DIGITS = 3
MOST_DECIMALS = 12
NEGLIGIBLE = 1e-7  # of the base's mean: such a difference is written as about zero


def is_share(outcome: Outcome) -> bool:
    """Decide whether an outcome is a share or a difference of shares, to be written in percent."""
    return outcome.unit == "share"


def scale(outcome: Outcome) -> float:
    """Return by what an outcome's values are multiplied before they are written."""
    return 100.0 if is_share(outcome) else 1.0


def decimals_of(value: float, digits: int) -> int:
    """Return how many decimals show so many significant digits; negative where digits before the point are zeros."""
    if value == 0.0 or not math.isfinite(value):
        return 0
    exponent = int(f"{abs(value):.{digits - 1}e}".partition("e")[2])
    return min(digits - 1 - exponent, MOST_DECIMALS)


@dataclass(frozen=True)
class Difference:
    """A paired difference as text; the parts that cannot be said are empty."""

    value: str
    interval: str
    percent: str
    bootstrap: str


class Numbers:
    """Writes numbers in the manner of a catalogue of words."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def fixed(self, value: float, decimals: int, signed: bool = False) -> str:
        """Return a number with so many decimals, with a true minus sign and thousands apart."""
        if not math.isfinite(value):
            return self.words("number.undefined" if math.isnan(value) else "number.infinite")
        rounded = round(value, decimals)
        text = f"{abs(rounded):,.{max(decimals, 0)}f}"
        for sign, key in ((",", "\0"), (".", self.words("number.decimal")), ("\0", self.words("number.thousands"))):
            text = text.replace(sign, key)
        plus = "+" if signed and rounded > 0 else ""
        return ("−" if rounded < 0 else plus) + text

    def plain(self, value: float, digits: int = DIGITS, signed: bool = False) -> str:
        """Return a number with so many significant digits."""
        return self.fixed(value, decimals_of(value, digits), signed)

    def whole(self, value: float) -> str:
        """Return a whole number."""
        return self.fixed(value, 0)

    def percent(self, share: float, signed: bool = False, digits: int = DIGITS) -> str:
        """Return a share as a percentage; NaN in words."""
        if math.isnan(share):
            return self.words("number.undefined")
        return self.words("number.percent", number=self.plain(100.0 * share, digits, signed))

    def value(self, value: float, outcome: Outcome) -> str:
        """Return an outcome's value, without its unit unless it is a percentage; NaN in words."""
        return self.percent(value) if is_share(outcome) else self.plain(value)

    def unit(self, outcome: Outcome) -> str:
        """Return an outcome's unit in words."""
        if is_share(outcome):
            return self.words("unit.share")
        return self.words.maybe(f"unit.{outcome.unit}", outcome.unit)

    def difference(self, effect: Effect, outcome: Outcome) -> Difference:
        """Return an effect's difference with its intervals, all with decimals that suit the interval's width."""
        if math.isnan(effect.difference):
            return Difference(self.words("number.undefined"), "", "", "")
        factor, base = scale(outcome), abs(effect.base_mean)
        suffix = self.words("number.points") if is_share(outcome) else ""
        extremes = [abs(one) for one in (effect.difference, effect.low, effect.high) if not math.isnan(one)]
        if 0.0 < max(extremes) < NEGLIGIBLE * base:
            return Difference(self.words("number.about_zero"), "", "", "")
        half = factor * (effect.high - effect.low) / 2.0
        # No more digits than the interval's width bears out, nor than three of its furthest end.
        decimals = decimals_of(factor * max(extremes), DIGITS)
        decimals = min(decimals_of(half, 2), decimals) if half > 0.0 else decimals
        return Difference(
            self.fixed(factor * effect.difference, decimals, signed=True) + suffix,
            self.interval(factor * effect.low, factor * effect.high, decimals),
            self.relative(effect.difference / base) if base > 0.0 else "",
            ""
            if half == 0.0
            else self.interval(factor * effect.low_bootstrap, factor * effect.high_bootstrap, decimals),
        )

    def interval(self, low: float, high: float, decimals: int) -> str:
        """Return an interval as text; one without width says that every replication gave the same."""
        if math.isnan(low):
            return ""
        if low == high:
            return self.words("number.constant")
        ends = (self.fixed(end, decimals, signed=True) for end in (low, high))
        return self.words("number.interval", low=next(ends), high=next(ends))

    def relative(self, share: float) -> str:
        """Return a difference as a percentage of the base, to a tenth; nothing where that is zero."""
        decimals = 1 if abs(share) < 1.0 else 0
        text = self.fixed(100.0 * share, decimals, signed=True)
        return self.words("number.percent", number=text) if round(100.0 * share, decimals) != 0.0 else ""

    def setting(self, value: Any) -> str:
        """Return a scenario's or parameter's value as text; a list as its values side by side."""
        if value is None:
            return self.words("changes.none")
        if isinstance(value, bool):
            return self.words("changes.true" if value else "changes.false")
        if isinstance(value, float | int):
            text = f"{value:.6f}".rstrip("0").rstrip(".") if math.isfinite(value) else ""
            decimals = len(text.partition(".")[2])
            return self.fixed(value, decimals) if text not in {"0", "-0"} or value == 0 else self.plain(value)
        if isinstance(value, list | tuple):
            return self.words("list.values").join(self.setting(one) for one in value)
        return str(value)
