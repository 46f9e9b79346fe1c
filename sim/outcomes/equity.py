"""Outcomes of equity: the same good by district, and the distance between the worst and the best."""

from __future__ import annotations

import numpy as np

from sim.outcomes.measures import UNDEFINED, gap, gini, quantiles_by_district, share, shares_by_district
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.words import Column

# Below this many events a district's own figure is mostly luck, so the district is left out.
LEAST_EVENTS = 20


def response_by_district(records: Records) -> Column:
    """Return the 90th percentile of the response time by district, shape (districts,), minutes."""
    return quantiles_by_district(
        records.column("calls", "response_minutes"),
        records.column("calls", "district"),
        records["districts"].num_rows,
        0.9,
        LEAST_EVENTS,
    )


def found_by_district(records: Records) -> Column:
    """Return the share of disputes found by district, shape (districts,)."""
    return shares_by_district(
        ~np.isnan(records.column("disputes", "recorded_found_day")),
        records.column("disputes", "district"),
        records["districts"].num_rows,
        LEAST_EVENTS,
    )


def settled_by_district(records: Records) -> Column:
    """Return the share of disputes truly settled by district, shape (districts,)."""
    return shares_by_district(
        records.column("disputes", "true_settled"),
        records.column("disputes", "district"),
        records["districts"].num_rows,
        LEAST_EVENTS,
    )


def by_district(records: Records) -> dict[str, Column]:
    """Return the figures of each district side by side, columns of shape (districts,).

    Shares and quantiles are NaN in a district with fewer than ``LEAST_EVENTS`` events.
    """
    districts = records["districts"].num_rows
    counts = {
        name: np.bincount(records.column(name, "district"), minlength=districts) for name in ("disputes", "calls")
    }
    people = {name: records.column("districts", name) for name in ("district", "residents", "households", "visits")}
    return (
        people
        | counts
        | {
            "recorded_found_share": found_by_district(records),
            "true_settled_share": settled_by_district(records),
            "response_minutes_p90": response_by_district(records),
        }
    )


def migrant_gap(records: Records) -> float:
    """Return the share of disputes found whose first party is no migrant, minus that of migrants' disputes."""
    found = ~np.isnan(records.column("disputes", "recorded_found_day"))
    migrant = records.column("disputes", "party_a_migrant")
    if min(np.count_nonzero(migrant), np.count_nonzero(~migrant)) < LEAST_EVENTS:
        return UNDEFINED
    return share(found[~migrant]) - share(found[migrant])


OUTCOMES = (
    Outcome(
        id="response_p90_gap",
        unit="minutes",
        better="lower",
        title="Response time, worst minus best district",
        definition=(
            "Largest minus smallest 90th percentile of the response time among districts with at least 20 "
            "answered calls; undefined for fewer than two such districts."
        ),
        group="equity",
        kind="neutral",
        measure=lambda records: gap(response_by_district(records)),
        quantile=True,
    ),
    Outcome(
        id="response_p90_gini",
        unit="1",
        better="lower",
        title="Response time, Gini over districts",
        definition=(
            "Gini coefficient of the 90th percentile of the response time over districts with at least 20 "
            "answered calls, each district counted once."
        ),
        group="equity",
        kind="neutral",
        measure=lambda records: gini(response_by_district(records)),
        quantile=True,
    ),
    Outcome(
        id="found_share_gap",
        unit="1",
        better="lower",
        title="Disputes found, best minus worst district",
        definition=(
            "Largest minus smallest share of disputes found among districts with at least 20 disputes; "
            "undefined for fewer than two such districts."
        ),
        group="equity",
        kind="recorded",
        measure=lambda records: gap(found_by_district(records)),
    ),
    Outcome(
        id="found_share_gini",
        unit="1",
        better="lower",
        title="Disputes found, Gini over districts",
        definition=(
            "Gini coefficient of the share of disputes found over districts with at least 20 disputes, each "
            "district counted once."
        ),
        group="equity",
        kind="recorded",
        measure=lambda records: gini(found_by_district(records)),
    ),
    Outcome(
        id="true_settled_share_gap",
        unit="1",
        better="lower",
        title="Truly settled, best minus worst district",
        definition=(
            "Largest minus smallest share of disputes truly settled among districts with at least 20 "
            "disputes; undefined for fewer than two such districts."
        ),
        group="equity",
        kind="true",
        measure=lambda records: gap(settled_by_district(records)),
    ),
    Outcome(
        id="true_settled_share_gini",
        unit="1",
        better="lower",
        title="Truly settled, Gini over districts",
        definition=(
            "Gini coefficient of the share of disputes truly settled over districts with at least 20 "
            "disputes, each district counted once."
        ),
        group="equity",
        kind="true",
        measure=lambda records: gini(settled_by_district(records)),
    ),
    Outcome(
        id="found_share_migrant_gap",
        unit="1",
        better="none",
        title="Disputes found, locals minus migrants",
        definition=(
            "Share found of the disputes whose first party is no migrant minus the share found of migrants' "
            "disputes; undefined below 20 disputes of either. Zero is even."
        ),
        group="equity",
        kind="recorded",
        measure=migrant_gap,
    ),
)
