"""Outcomes of the books: how much of what happens offices write down, which is all that a real town publishes."""

from __future__ import annotations

import numpy as np

from sim.engine.clock import YEAR
from sim.outcomes.measures import ratio
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.settlements import mediation_cases


def per_1000(records: Records, count: float) -> float:
    """Return a count for each 1,000 residents and 365 days."""
    return ratio(count, records.fact("residents") * records.fact("elapsed_days")) * 1000.0 * YEAR


def cases(records: Records) -> float:
    """Return how many cases grid workers and mediation offices opened."""
    return float(np.count_nonzero(~records.says("cases", "channel", "court")))


def disputes_with_a_case(records: Records) -> float:
    """Return how many disputes have at least one case."""
    return float(np.count_nonzero(records.column("disputes", "recorded_cases") > 0))


def caseload(records: Records) -> float:
    """Return how many cases mediation offices opened."""
    return float(np.count_nonzero(mediation_cases(records)))


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
)
