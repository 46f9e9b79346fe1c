"""The table of claims: what each article says of a city, and what of a simulated run answers it.

``claims.csv`` holds a row for each claim. A claim is one of three: answered by the records of runs (``recorded`` and
``true`` name measures), an input of the city's preset (``setting`` names its field), or not to be compared (``reason``
says why).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("claims.csv")
SHARE = "share"


@dataclass(frozen=True)
class Claim:
    """One claim of an article.

    Attributes:
        id: the system's row and a letter.
        row: of the system in the table of what the articles describe.
        city: of which it is said.
        claim: what is said.
        low: least value that the printed words allow; NaN where nothing is compared.
        high: greatest: "over 1,300" may be 1,400, "95 %" 95.4 %.
        unit: of both; ``share`` for a share of 1, anything else is a count.
        days: that a count runs over, 0 for an input.
        source: where it is printed.
        scenario: the preset that stands for the city, "" for none.
        recorded: measure of what the books say.
        true: measure of what happened.
        sweeps: parameters on which the recorded value rests, to be set to both ends of their range.
        fitted: parameters that were set by such figures, so that agreement is no evidence.
        setting: field of the preset that holds the figure.
        reason: why it cannot be compared.
        note: what else has to be said.
    """

    id: str
    row: str
    city: str
    claim: str
    low: float
    high: float
    unit: str
    days: int
    source: str
    scenario: str
    recorded: str
    true: str
    sweeps: tuple[str, ...]
    fitted: tuple[str, ...]
    setting: str
    reason: str
    note: str

    @property
    def is_share(self) -> bool:
        """Whether it is a share, which does not grow with people and time."""
        return self.unit == SHARE


def listed(text: str) -> tuple[str, ...]:
    """Return the entries of a cell with semicolons."""
    return tuple(part for part in text.split(";") if part)


def number(text: str) -> float:
    """Return a cell's number, NaN for an empty one."""
    return float(text) if text else float("nan")


@cache
def claims() -> tuple[Claim, ...]:
    """Return all claims in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(claim_of(row) for row in csv.DictReader(file))


def claim_of(row: dict[str, str]) -> Claim:
    """Return the claim of a row of the table."""
    cells: dict[str, Any] = dict(row)
    cells |= {name: number(row[name]) for name in ("low", "high")}
    cells |= {name: listed(row[name]) for name in ("sweeps", "fitted")}
    return Claim(**{**cells, "days": int(row["days"] or 0)})
