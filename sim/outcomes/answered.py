"""Which calls were reached in time: the one rule by which every share within some minutes is counted."""

from __future__ import annotations

import numpy as np

from sim.outcomes.measures import share
from sim.outcomes.records import Records
from sim.outcomes.words import Column

MINUTES_A_DAY = 1440.0
GIVEN_UP = ("reneged", "lost")
# The rule in words, for definitions.
JUDGED = (
    "A call that nobody reached counts as not within: one that gave up or was turned away at once, one still open at "
    "the run's end as soon as it is older than the minutes asked for. Open calls younger than that are left out."
)


def minutes(records: Records, part: str) -> Column:
    """Return a part of the response time of every call, in minutes, NaN where it had not ended."""
    return records.column("calls", f"{part}_minutes")


def given_up(records: Records) -> Column:
    """Return which calls ended without a unit: the caller gave up waiting, or the queue was full."""
    return records.says("calls", "answer", *GIVEN_UP)


def age_minutes(records: Records) -> Column:
    """Return how long before the run's end each call was received, in minutes."""
    return (records.fact("elapsed_days") - records.column("calls", "received_day")) * MINUTES_A_DAY


def is_open(records: Records) -> Column:
    """Return which calls still waited for a unit at the run's end: neither reached nor given up."""
    return np.isnan(minutes(records, "response")) & ~given_up(records)


def judged(records: Records, limit: float | Column) -> Column:
    """Return of which calls it is known whether they were reached within ``limit`` minutes, one for all or each."""
    return ~np.isnan(limit) & (~is_open(records) | (age_minutes(records) > limit))


def within_share(records: Records, limit: float | Column, among: Column | None = None) -> float:
    """Return the share of calls reached within ``limit`` minutes over the calls judged.

    Args:
        records: of the run.
        limit: minutes, one for all calls or one for each; a call whose limit is NaN is not judged.
        among: which calls to look at; all when left out.
    """
    known = judged(records, limit)
    within = minutes(records, "response") <= limit
    return share(within[known if among is None else known & among])
