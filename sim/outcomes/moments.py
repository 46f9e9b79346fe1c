"""What a chronicle is made of: moments, and rows of a run's records as they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.clock import HOUR, MINUTE
from sim.outcomes.records import Records

LATER = MINUTE  # a step that comes sooner after another is not told by itself
MEDIATION = ("community", "township", "county", "city")

type Row = Mapping[str, Any]
type Facts = dict[str, str | int | float]


@dataclass(frozen=True)
class Moment:
    """Something that happened.

    Attributes:
        day: since the start of the run.
        key: of the sentence that tells it.
        facts: what the sentence needs: words of the records (``channel``), counts, ``..._days``, ``..._hours`` and
            ``..._minutes``.
    """

    day: float
    key: str
    facts: Mapping[str, str | int | float]


def row_of(records: Records, table: str, row: int) -> dict[str, Any]:
    """Return a row of a table: words as text, moments as floats (NaN where there is none)."""
    taken = records[table].slice(row, 1).to_pylist()[0]
    return {name: float("nan") if value is None else value for name, value in taken.items()}


def rows_of(records: Records, table: str, dispute: int) -> list[dict[str, Any]]:
    """Return the rows of a table that belong to a dispute."""
    return [row_of(records, table, int(row)) for row in np.flatnonzero(records.column(table, "dispute") == dispute)]


def has_come(day: float) -> bool:
    """Decide whether a moment lies within the run."""
    return not np.isnan(day)


def is_later(day: float, than: float) -> bool:
    """Decide whether a moment lies so long after another that it is worth a sentence; not if either has not come."""
    return bool(day - than > LATER)


def is_another_time(day: float, than: float) -> bool:
    """Decide whether two moments lie more than an hour apart."""
    return bool(abs(day - than) > HOUR)


def cases_of(records: Records, dispute: int) -> list[dict[str, Any]]:
    """Return the cases of a dispute, each with the ``kind`` of office that it is with, "" for none."""
    cases = rows_of(records, "cases", dispute)
    for case in cases:
        has_one = case["channel"] in MEDIATION and case["office"] >= 0
        case["kind"] = row_of(records, "offices", int(case["office"]))["kind"] if has_one else ""
    return cases


def with_whom(case: Row) -> Facts:
    """Return with whom a case is: its channel, and of an office its kind."""
    return {"channel": case["channel"], **({"kind": case["kind"]} if case["kind"] else {})}
