"""Outcomes of burden: what a policy asks of residents and staff, and what was done for nothing."""

from __future__ import annotations

import numpy as np

from sim.outcomes.measures import ratio, share
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.settlements import concluded

PARTIES = 2


def visits(records: Records) -> float:
    """Return the visits of grid workers to households."""
    return float(records.column("series", "visits").sum())


def finds(records: Records) -> float:
    """Return the disputes that visits found."""
    told = records.says("cases", "found_how", "volunteer")
    return float(np.count_nonzero(records.column("cases", "discovered") & ~told))


def visits_per_household(records: Records) -> float:
    """Return the mean number of visits to a household."""
    return ratio(visits(records), records.fact("households"))


def empty_visits_share(records: Records) -> float:
    """Return the share of visits that found nothing."""
    return 1.0 - ratio(finds(records), visits(records))


def other_calls_share(records: Records) -> float:
    """Return the share of calls that no dispute caused."""
    return share(~records.says("calls", "source", "dispute"))


def party_hours(records: Records) -> float:
    """Return the hours that parties sat in mediation sessions, both parties together."""
    return PARTIES * float(np.nansum(records.column("sessions", "hours")))


def glossed_share(records: Records) -> float:
    """Return the share of concluded cases recorded as settled that were not."""
    glossed = records.column("cases", "recorded_settled") & ~records.column("cases", "true_settled")
    return share(glossed[concluded(records)])


OUTCOMES = (
    Outcome(
        id="visits_per_household",
        unit="visits",
        better="lower",
        title="Visits per household",
        definition=(
            "Visits of grid workers / households, over the whole run: each visit costs a household time and privacy."
        ),
        group="burden",
        kind="neutral",
        measure=visits_per_household,
    ),
    Outcome(
        id="empty_visits_share",
        unit="share",
        better="lower",
        title="Visits that found nothing",
        definition=(
            "1 - disputes found by visits / visits. A visit that finds two disputes counts for two, so the "
            "true share is at least this."
        ),
        group="burden",
        kind="neutral",
        measure=empty_visits_share,
    ),
    Outcome(
        id="calls_without_dispute_share",
        unit="share",
        better="none",
        title="Calls without a dispute",
        definition="Calls that no dispute caused / all calls.",
        group="burden",
        kind="recorded",
        measure=other_calls_share,
    ),
    Outcome(
        id="party_mediation_hours",
        unit="hours",
        better="lower",
        title="Parties' hours in mediation",
        definition="Two parties x hours of mediation sessions ended, over the whole run.",
        group="burden",
        kind="neutral",
        measure=party_hours,
    ),
    Outcome(
        id="glossed_cases_share",
        unit="share",
        better="lower",
        title="Cases settled on paper only",
        definition="Concluded cases recorded as settled that did not truly settle / concluded cases.",
        group="burden",
        kind="neutral",
        measure=glossed_share,
    ),
)
