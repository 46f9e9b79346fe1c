"""Which disputes of a run are worth telling."""

from __future__ import annotations

import numpy as np

from sim.outcomes.records import Records
from sim.outcomes.settlements import concluded
from sim.outcomes.words import Column

REASONS = ("most_handled", "longest", "violent", "relapsed", "books_wrong")


def worth_telling(records: Records) -> dict[str, int]:
    """Return for each reason to tell a dispute the one for which it speaks most, each dispute once.

    Of equals the one handled more often is taken, then the earlier; a reason for which none speaks is left out. Of a
    chain of relapses only the first quarrel is offered, and it stands for all.
    """
    handled = handlings(records)
    merits = {
        "most_handled": handled,
        "longest": lengths(records),
        "violent": records.column("disputes", "true_violence"),
        "relapsed": relapses(records),
        "books_wrong": glossed(records),
    }
    first = records.column("disputes", "parent") < 0
    chosen: dict[str, int] = {}
    for reason in REASONS:
        merit = np.where(first, np.asarray(merits[reason], dtype=np.float64), 0.0)
        merit[list(chosen.values())] = 0.0
        best = np.lexsort((-np.arange(len(merit)), handled, merit))[::-1]
        if len(best) and merit[best[0]] > 0.0:
            chosen[reason] = int(best[0])
    return chosen


def handlings(records: Records) -> Column:
    """Return how often each dispute was taken on: cases and calls, shape (disputes,)."""
    return records.column("disputes", "recorded_cases") + records.column("disputes", "recorded_calls")


def lengths(records: Records) -> Column:
    """Return the days that each dispute lasted, up to the records' end, shape (disputes,)."""
    ended = records.column("disputes", "true_ended_day")
    until = np.where(np.isnan(ended), records.fact("elapsed_days"), ended)
    return np.asarray(until - records.column("disputes", "true_born_day"))


def relapses(records: Records) -> Column:
    """Return how often each first quarrel came back, its relapses' relapses included, shape (disputes,)."""
    parent = records.column("disputes", "parent")
    counts = np.zeros(len(parent), dtype=np.int64)
    first = np.arange(len(parent))
    for row in np.flatnonzero(parent >= 0):  # a relapse is born, and so numbered, after what it comes back from
        first[row] = first[parent[row]]
        counts[first[row]] += 1
    return counts


def glossed(records: Records) -> Column:
    """Return how many cases of each dispute are recorded as settled and were not, shape (disputes,)."""
    wrong = concluded(records) & records.column("cases", "recorded_settled") & ~records.column("cases", "true_settled")
    of = records.column("cases", "dispute")[wrong]
    return np.bincount(of, minlength=records["disputes"].num_rows)
