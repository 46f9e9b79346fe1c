"""What an outcome is: a number computed from a run's records, with its unit, its direction and its definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from sim.outcomes.records import Records

Better = Literal["lower", "higher", "none"]
Group = Literal["disputes", "response", "people", "staff", "equity", "burden", "cost"]
Kind = Literal["true", "recorded", "neutral"]


@dataclass(frozen=True)
class Outcome:
    """A number that says how a run went.

    Attributes:
        id: the name in files and tables.
        unit: of the number; ``share`` for a share or a difference of shares (1 is all), ``index`` for an index from
            0 to 1 that is no share of anything, such as tension or a Gini coefficient.
        better: which direction is better; ``none`` where that depends on the rest.
        title: a few words for a table's row.
        definition: exactly what is counted over what, and what becomes of things still open at the run's end.
        group: under which heading it is shown.
        kind: whether it says what happened, what the books say, or something on which both agree.
        measure: computes it from records; NaN where it is undefined, never 0 in its place.
        quantile: true for a quantile of events, whose differences get a bootstrap interval too.
    """

    id: str
    unit: str
    better: Better
    title: str
    definition: str
    group: Group
    kind: Kind
    measure: Callable[[Records], float] = field(repr=False, compare=False)
    quantile: bool = False
