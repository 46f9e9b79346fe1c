"""What of a run's records answers a claim: outcomes of the catalogue, and figures as these articles count them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sim.outcomes import CATALOGUE, Records, concluded, mediation_cases

type Mask = "np.ndarray[Any, np.dtype[np.bool_]]"


def share_of(part: Mask, whole: Mask) -> float:
    """Return the share of the rows in ``whole`` that are in ``part`` too; NaN where there is none."""
    count = np.count_nonzero(whole)
    return float(np.count_nonzero(part & whole) / count) if count else float("nan")


def mediated_share(records: Records, column: str) -> float:
    """Return the share of the mediation offices' concluded cases that are settled by a column's account."""
    return share_of(records.column("cases", column), concluded(records) & mediation_cases(records))


def found_by_visit(records: Records) -> Mask:
    """Return which disputes became known by a grid worker's visit."""
    return records.says("disputes", "recorded_found_by", "grid")


def recorded_as_settled(records: Records) -> Mask:
    """Return which disputes have a case that is recorded as settled."""
    settled = np.zeros(records["disputes"].num_rows, dtype=np.bool_)
    settled[records.column("cases", "dispute")[records.column("cases", "recorded_settled")]] = True
    return settled


def truly_settled(records: Records) -> Mask:
    """Return which disputes ended by an agreement."""
    return np.asarray(records.column("disputes", "true_settled"))


def grid_visits(records: Records) -> float:
    """Return how many visits grid workers made."""
    return float(records.column("workers", "visits").sum())


def grid_services(records: Records) -> float:
    """Return how many visits and cases grid workers were done with."""
    return grid_visits(records) + float(records.column("workers", "cases").sum())


def both(first: Callable[[Records], Mask], second: Callable[[Records], Mask]) -> Callable[[Records], float]:
    """Return a measure that counts the disputes in both of two masks."""
    return lambda records: float(np.count_nonzero(first(records) & second(records)))


MEASURES: Mapping[str, Callable[[Records], float]] = {
    "mediation_recorded_settled_share": lambda records: mediated_share(records, "recorded_settled"),
    "mediation_truly_settled_share": lambda records: mediated_share(records, "true_settled"),
    "found_by_visit": lambda records: float(np.count_nonzero(found_by_visit(records))),
    "found_by_visit_recorded_settled": both(found_by_visit, recorded_as_settled),
    "found_by_visit_truly_settled": both(found_by_visit, truly_settled),
    "found_by_visit_recorded_settled_share": lambda records: share_of(
        recorded_as_settled(records), found_by_visit(records)
    ),
    "found_by_visit_truly_settled_share": lambda records: share_of(truly_settled(records), found_by_visit(records)),
    "grid_visits": grid_visits,
    "grid_services": grid_services,
}


def measure(records: Records, id_: str) -> float:
    """Return a figure of a run: one of ``MEASURES``, or an outcome of the catalogue.

    Raises:
        KeyError: there is no such figure.
    """
    return MEASURES[id_](records) if id_ in MEASURES else CATALOGUE[id_].measure(records)
