"""The tables of a page on a study, as text: heads and rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report.numbers import Numbers, scale
from sim.report.study_words import level_text, point_labels
from sim.report.wording import Words
from sim.study import Analysis, FactorLike, outcome_of

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 60


@dataclass(frozen=True)
class PageTable:
    """A table for the page.

    Attributes:
        name: its caption.
        heads: of the columns.
        rows: cells as text; the first heads its row.
        cut: how many rows are left out.
    """

    name: str
    heads: list[str]
    rows: list[list[str]]
    cut: int = 0


def tables_of(analysis: Analysis, outcome: str, words: Words) -> list[PageTable]:
    """Return the tables of one outcome, those that its design has."""
    makers = (options_table, contrast_table, morris_table, sobol_table, pair_table)
    made = [make(analysis, outcome, words) for make in makers]
    return [one for one in made if one is not None]


def cut(name: str, heads: list[str], rows: list[list[str]]) -> PageTable | None:
    """Return a table with as many rows as a page bears; None without rows."""
    return PageTable(name, heads, rows[:MOST_ROWS], max(0, len(rows) - MOST_ROWS)) if rows else None


class Cells:
    """Writes the figures of one outcome."""

    def __init__(self, outcome: str, words: Words) -> None:
        self.outcome, self.words, self.numbers = outcome_of(outcome), words, Numbers(words)
        self.factor = scale(self.outcome)
        self.suffix = words("number.points") if self.outcome.unit == "share" else ""

    def mean(self, value: float) -> str:
        """Return a mean."""
        return self.numbers.value(value, self.outcome)

    def difference(self, value: float) -> str:
        """Return a difference with its sign."""
        return "" if math.isnan(value) else self.numbers.plain(self.factor * value, signed=True) + self.suffix

    def size(self, value: float) -> str:
        """Return a size without sign."""
        return (
            self.words("study.unknown") if math.isnan(value) else self.numbers.plain(self.factor * value) + self.suffix
        )

    def interval(self, row: dict[str, Any], low: str = "low", high: str = "high", factor: float | None = None) -> str:
        """Return an interval."""
        by = self.factor if factor is None else factor
        ends = [by * float(row[name]) for name in (low, high)]
        if math.isnan(ends[0]):
            return ""
        signs = factor is None and low == "low"
        texts = [self.numbers.plain(one, signed=signs) for one in ends]
        return self.words("number.interval", low=texts[0], high=texts[1])

    def probability(self, value: float) -> str:
        """Return a p-value."""
        if math.isnan(value):
            return self.words("study.unknown")
        return self.words("study.tiny_p") if value < 0.001 else self.numbers.fixed(value, 3)


def options_table(analysis: Analysis, outcome: str, words: Words) -> PageTable | None:
    """Return every point beside the base."""
    cells, labels = Cells(outcome, words), point_labels(analysis.study, words)
    rows = [
        [
            labels[int(row["point"])],
            cells.mean(row["option_mean"]),
            cells.difference(row["difference"]),
            cells.interval(row),
            cells.probability(row["p_holm"]),
            words(f"verdict.{row['verdict']}"),
            cells.numbers.whole(row["replications"]),
        ]
        for row in analysis.rows("base", outcome)
    ]
    heads = [
        words("study.point"),
        words("study.mean"),
        words("study.difference"),
        words("study.interval"),
        words("study.p_holm"),
        words("study.verdict"),
        words("study.pairs"),
    ]
    return cut(words("study.options_table"), heads, rows)


def contrast_table(analysis: Analysis, outcome: str, words: Words) -> PageTable | None:
    """Return main effects and interactions from end to end."""
    cells = Cells(outcome, words)
    shares = {row["term"]: float(row["share"]) for row in analysis.rows("variance", outcome)}
    rows = [
        [
            str(row["term"]),
            words("study.from_to", first=row["first"], last=row["last"]),
            cells.difference(row["effect"]),
            cells.interval(row),
            cells.probability(row["p_holm"]),
            cells.numbers.percent(shares.get(row["term"], math.nan)),
        ]
        for row in analysis.rows("contrasts", outcome)
    ]
    heads = [
        words("study.term"),
        words("study.levels"),
        words("study.effect"),
        words("study.interval"),
        words("study.p_holm"),
        words("study.share"),
    ]
    return cut(words("study.contrast_table"), heads, rows)


def morris_table(analysis: Analysis, outcome: str, words: Words) -> PageTable | None:
    """Return Morris's figures."""
    cells = Cells(outcome, words)
    said = {True: words("study.yes"), False: words("study.no"), None: words("study.unknown")}
    rows = [
        [
            str(row["factor"]),
            cells.size(row["mu_star"]),
            cells.interval(row, factor=cells.factor),
            cells.difference(row["mu"]),
            cells.size(row["sigma"]),
            cells.size(row["floor"]),
            said[row["influential"]],
        ]
        for row in analysis.rows("morris", outcome)
    ]
    heads = [
        words("study.factor"),
        words("study.mu_star"),
        words("study.interval"),
        words("study.mu"),
        words("study.sigma"),
        words("study.floor"),
        words("study.influential"),
    ]
    return cut(words("study.morris_table"), heads, rows)


def sobol_table(analysis: Analysis, outcome: str, words: Words) -> PageTable | None:
    """Return Sobol indices in percent, as the factors' and as seen with noise."""
    cells = Cells(outcome, words)
    rows = [
        [
            str(row["factor"]),
            cells.numbers.percent(row["first"]),
            cells.interval(row, "first_low", "first_high", 100.0),
            cells.numbers.percent(row["total"]),
            cells.interval(row, "total_low", "total_high", 100.0),
            cells.numbers.percent(row["total_seen"]),
        ]
        for row in analysis.rows("sobol", outcome)
    ]
    heads = [
        words("study.factor"),
        words("study.first"),
        words("study.interval"),
        words("study.total"),
        words("study.interval"),
        words("study.total_seen"),
    ]
    return cut(words("study.sobol_table"), heads, rows)


def pair_table(analysis: Analysis, outcome: str, words: Words) -> PageTable | None:
    """Return second-order indices in percent, the strongest first."""
    cells = Cells(outcome, words)
    rows = [
        [
            words("study.pair", first=row["first_factor"], second=row["second_factor"]),
            cells.numbers.percent(row["index"]),
            cells.interval(row, factor=100.0),
        ]
        for row in sorted(analysis.rows("sobol_pairs", outcome), key=lambda row: -float(row["index"]))
    ]
    heads = [words("study.pair_head"), words("study.index"), words("study.interval")]
    return cut(words("study.pair_table"), heads, rows)


def factor_rows(
    factors: Sequence[FactorLike], file: Mapping[str, Any], points: pd.DataFrame, words: Words
) -> list[list[str]]:
    """Return each factor with what it sets and its values: those of its points where the file names none.

    Args:
        factors: whose rows are wanted.
        file: of the experiment.
        points: a row for each point, a column for each factor.
        words: of the page.
    """
    numbers, rows = Numbers(words), []
    written = {str(one["name"]): one for one in file.get("factors") or ()}
    for factor in factors:
        # What it sets stands in the experiment's file; frames from elsewhere have none.
        record = written.get(factor.name, {})
        field, lever = str(record.get("field") or ""), record.get("intervention")
        if factor.levels is not None:
            values = words("list.comma").join(level_text(level, words) for level in factor.levels)
        elif factor.low is not None and factor.high is not None:
            low, high = numbers.setting(factor.low), numbers.setting(factor.high)
            values = words("study.range", low=low, high=high)
            values += words("study.whole") if factor.whole else ""
            values += words("study.log") if factor.scale == "log" else ""
        else:
            seen = points[factor.name].drop_duplicates()
            seen = seen.sort_values() if seen.dtype.kind in "if" else seen
            values = words("list.comma").join(level_text(one, words) for one in seen)
        rows.append([factor.name, words("study.lever", lever=lever, field=field) if lever else field, values])
    return rows
