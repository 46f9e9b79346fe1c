"""Outcomes of the books: how much of what happens offices write down, which is all that a real town publishes."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.clock import YEAR
from sim.outcomes.disputes import found
from sim.outcomes.measures import ratio, share
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.settlements import concluded, mediation_cases

type Rows = np.ndarray[Any, np.dtype[np.bool_]]


def per_1000(records: Records, count: float) -> float:
    """Return a count for each 1,000 residents and 365 days."""
    return ratio(count, records.fact("residents") * records.fact("elapsed_days")) * 1000.0 * YEAR


def cases(records: Records) -> float:
    """Return how many cases grid workers and mediation offices opened."""
    return float(np.count_nonzero(~records.says("cases", "channel", "court")))


def disputes_with_a_case(records: Records) -> float:
    """Return how many disputes have at least one case of a grid or an office."""
    return float(np.count_nonzero(booked(records)))


def booked(records: Records) -> Rows:
    """Return which disputes have at least one case of a grid or an office; the court's filings are none."""
    among = np.zeros(records["disputes"].num_rows, dtype=np.bool_)
    among[records.column("cases", "dispute")[~records.says("cases", "channel", "court")]] = True
    return among


def caseload(records: Records) -> float:
    """Return how many cases mediation offices opened."""
    return float(np.count_nonzero(mediation_cases(records)))


def booked_again_share(records: Records) -> float:
    """Return the share of cases closed early whose dispute was booked anew."""
    early = records.column("cases", "true_closed_early")
    dispute, opened = records.column("cases", "dispute"), records.column("cases", "recorded_opened_day")
    last = np.full(records["disputes"].num_rows, -np.inf)
    np.maximum.at(last, dispute, opened)
    return share((last[dispute] > opened)[early])


def settled_of_booked(records: Records, column: str) -> float:
    """Return the share of the disputes with a case that are settled by a column of their cases."""
    settled = np.zeros(records["disputes"].num_rows, dtype=bool)
    settled[records.column("cases", "dispute")[records.column("cases", column)]] = True
    return share(settled[booked(records)])


def unbooked_share(records: Records) -> float:
    """Return the share of found disputes of which no case was ever opened."""
    return share(~booked(records)[found(records)])


def total(records: Records, column: str) -> float:
    """Return the sum of a column of the disputes."""
    return float(records.column("disputes", column).sum())


OUTCOMES = (
    Outcome(
        id="recorded_cases",
        unit="cases",
        better="none",
        title="Cases in the books",
        definition=(
            "Cases opened during the run by grid workers and mediation offices. A dispute has a case for each time "
            "that one of them took it on, also when a case was passed up. Police calls, court filings and petitions "
            "are no cases."
        ),
        group="disputes",
        kind="recorded",
        measure=cases,
    ),
    Outcome(
        id="recorded_disputes_per_1000",
        unit="per 1,000 residents a year",
        better="none",
        title="Disputes in the books per 1,000 residents",
        definition=(
            "Disputes with at least one case (of grid workers or mediation offices) / residents / elapsed days x "
            "365 x 1,000, each dispute once. It grows when more is found as well as when more happens."
        ),
        group="disputes",
        kind="recorded",
        measure=lambda records: per_1000(records, disputes_with_a_case(records)),
    ),
    Outcome(
        id="recorded_mediation_cases",
        unit="cases",
        better="none",
        title="Cases of mediation offices",
        definition=(
            "Caseload: cases that mediation offices of any level opened during the run, brought by a party or "
            "passed up, withdrawn ones included."
        ),
        group="disputes",
        kind="recorded",
        measure=caseload,
    ),
    Outcome(
        id="recorded_mediation_cases_per_1000",
        unit="per 1,000 residents a year",
        better="none",
        title="Cases of mediation offices per 1,000 residents",
        definition="Cases of mediation offices / residents / elapsed days x 365 x 1,000.",
        group="disputes",
        kind="recorded",
        measure=lambda records: per_1000(records, caseload(records)),
    ),
    Outcome(
        id="recorded_settled_of_booked_share",
        unit="share",
        better="none",
        title="Disputes in the books recorded as settled",
        definition=(
            "Disputes with a case recorded as settled / disputes with a case: settled of found, as an office that "
            "counts disputes and not cases publishes it."
        ),
        group="disputes",
        kind="recorded",
        measure=lambda records: settled_of_booked(records, "recorded_settled"),
    ),
    Outcome(
        id="true_settled_of_booked_share",
        unit="share",
        better="higher",
        title="Disputes in the books truly settled by a case",
        definition="Disputes with a case that truly settled / disputes with a case.",
        group="disputes",
        kind="true",
        measure=lambda records: settled_of_booked(records, "true_settled"),
    ),
    Outcome(
        id="true_unbooked_share",
        unit="share",
        better="lower",
        title="Found disputes without a case",
        definition=(
            "Disputes that a visit found or a party reported of which no case was ever opened / all so found. They "
            "were left to the parties as private, booked as advice, or left out of the books."
        ),
        group="disputes",
        kind="true",
        measure=unbooked_share,
    ),
    Outcome(
        id="recorded_advice",
        unit="entries",
        better="none",
        title="Matters booked as advice",
        definition="Times that a known dispute was booked as advice instead of a case, for the sake of a target.",
        group="disputes",
        kind="recorded",
        measure=lambda records: total(records, "recorded_advice"),
    ),
    Outcome(
        id="true_not_booked",
        unit="times",
        better="lower",
        title="Matters left out of the books",
        definition="Times that no case was opened of a known dispute, for the sake of a target.",
        group="disputes",
        kind="true",
        measure=lambda records: total(records, "true_not_booked"),
    ),
    Outcome(
        id="true_closed_early_share",
        unit="share",
        better="lower",
        title="Cases closed early",
        definition="Concluded cases booked as settled, for the sake of a target, while they went on / concluded cases.",
        group="disputes",
        kind="true",
        measure=lambda records: share(records.column("cases", "true_closed_early")[concluded(records)]),
    ),
    Outcome(
        id="true_booked_again_share",
        unit="share",
        better="lower",
        title="Cases closed early that came back",
        definition="Cases closed early of whose dispute a case was opened later / cases closed early.",
        group="disputes",
        kind="true",
        measure=booked_again_share,
    ),
)
