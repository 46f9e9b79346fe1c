"""Which disputes of a run are worth telling."""

from __future__ import annotations

import numpy as np

from sim.codes import Affair, Colour
from sim.outcomes.records import Records
from sim.outcomes.settlements import concluded
from sim.outcomes.words import Column, words_of

REASONS = (
    "most_handled",
    "longest",
    "violent",
    "relapsed",
    "books_wrong",
    "jointly",
    "whistled",
    "ruled",
    "misread",
    "lost",
    "collective",
)


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
        "jointly": people_at_once(records),
        "whistled": whistled(records),
        "ruled": rulings(records),
        "misread": misread(records),
        "lost": lost(records),
        "collective": parties_to_a_cause(records),
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
    """Return how often each dispute was handled, shape (disputes,): cases and sessions, and one for any calls.

    Each call to the police would tell the same again.
    """
    of = records.column("cases", "dispute")[records.column("sessions", "case")]
    sessions = np.bincount(of, minlength=records["disputes"].num_rows)
    return records.column("disputes", "recorded_cases") + sessions + (records.column("disputes", "recorded_calls") > 0)


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


def most_by_dispute(records: Records, cases: Column, values: Column) -> Column:
    """Return the greatest value of each dispute's cases, 0 for none, shape (disputes,)."""
    most = np.zeros(records["disputes"].num_rows)
    np.maximum.at(most, records.column("cases", "dispute")[cases], values)
    return most


def people_at_once(records: Records) -> Column:
    """Return how many people sat together at the largest joint session of each dispute, 0 for none."""
    people = records.column("sessions", "people")
    return most_by_dispute(records, records.column("sessions", "case"), np.where(people > 1, people, 0))


def whistled(records: Records) -> Column:
    """Return 1 for each dispute to which a grid called the departments, shape (disputes,)."""
    rows = np.flatnonzero(~records.says("cases", "joined", "none"))
    return most_by_dispute(records, rows, np.ones(len(rows)))


def rulings(records: Records) -> Column:
    """Return 1 for each dispute that ended by the ruling of a court which had a case of it, shape (disputes,)."""
    heard = records.says("cases", "channel", "court") & ~np.isnan(records.column("cases", "recorded_acted_day"))
    had = most_by_dispute(records, np.flatnonzero(heard), np.ones(np.count_nonzero(heard)))
    return had * records.says("disputes", "true_end_channel", "court")


def misread(records: Records) -> Column:
    """Return by how much each dispute was taken for less than it was: steps of its colour, and of its affair."""
    colours, affairs = words_of(Colour), words_of(Affair)
    seen, so = (records.places("disputes", f"{side}_colour", colours) for side in ("recorded", "true"))
    taken, was = (records.places("disputes", f"{side}_affair", affairs) for side in ("recorded", "true"))
    return np.asarray(np.maximum(so - seen, 0) + np.maximum(taken - was, 0))


def lost(records: Records) -> Column:
    """Return 1 for each dispute of which a case was lost between two offices, shape (disputes,)."""
    rows = np.flatnonzero(records.column("cases", "lost"))
    return most_by_dispute(records, rows, np.ones(len(rows)))


def parties_to_a_cause(records: Records) -> Column:
    """Return how many disputes the single cause of each brought, 0 for one without such a cause, shape (disputes,)."""
    cause = records.column("disputes", "cause")
    has_one = cause >= 0
    counts = np.bincount(cause[has_one], minlength=1)
    return np.where(has_one, counts[np.where(has_one, cause, 0)], 0)
