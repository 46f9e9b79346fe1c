"""Outcomes of equity: the same good by district and by hour, and the distance between the worst and the best."""

from __future__ import annotations

import numpy as np

from sim.engine.clock import HOURS_A_DAY
from sim.outcomes.disputes import found
from sim.outcomes.measures import (
    UNDEFINED,
    gap,
    gini,
    mean,
    means_by_group,
    quantiles_by_district,
    share,
    shares_by_district,
)
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.words import Column

# A district with fewer events is left out. With 100 events a share of one half has a standard error of 0.05, and the
# 90th percentile rests on the ten slowest: two districts that are alike then differ by about 0.06 on average.
LEAST_EVENTS = 100
# Hours of the day are compared in six bands and by means, which rest on all calls and not on the slowest tenth. No band
# drops out: the quiet ones are those that a change of hours takes crews from, and a gap without them would praise it.
BAND_HOURS = 4
BANDS = HOURS_A_DAY // BAND_HOURS
LEAST_CALLS_A_BAND = 30
NIGHT_ENDS = 6  # o'clock; the night begins at midnight
CHANCE = (
    "Some gap is expected from chance alone, also between districts that are alike; it grows with fewer events and "
    "more districts."
)


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
        found(records),
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
    known = found(records)
    migrant = records.column("disputes", "party_a_migrant")
    if min(np.count_nonzero(migrant), np.count_nonzero(~migrant)) < LEAST_EVENTS:
        return UNDEFINED
    return share(known[~migrant]) - share(known[migrant])


def hour_of_receipt(records: Records) -> Column:
    """Return the hour of the day in which each call was received, 0 to 23, shape (calls,)."""
    hours = (records.column("calls", "received_day") % 1.0) * HOURS_A_DAY
    return np.minimum(hours, HOURS_A_DAY - 1).astype(np.int64)


def response_by_band(records: Records) -> Column:
    """Return the mean response time by band of the day, shape (BANDS,), minutes; NaN for a band with few answers."""
    minutes = records.column("calls", "response_minutes")
    return means_by_group(minutes, hour_of_receipt(records) // BAND_HOURS, BANDS, LEAST_CALLS_A_BAND)


def hour_gap(records: Records) -> float:
    """Return the mean response time of the worst band of the day minus the best's; NaN if any band has none."""
    bands = response_by_band(records)
    return gap(bands) if compared(bands) == BANDS else UNDEFINED


def night_response(records: Records) -> float:
    """Return the mean response time of answered calls received at night, in minutes."""
    return mean(records.column("calls", "response_minutes")[hour_of_receipt(records) < NIGHT_ENDS])


def compared(figures: Column) -> float:
    """Return how many districts, or bands of the day, have a figure of their own."""
    return float(np.count_nonzero(~np.isnan(figures)))


OUTCOMES = (
    Outcome(
        id="districts_by_response",
        unit="districts",
        better="none",
        title="Districts compared by response time",
        definition=(
            f"Districts with at least {LEAST_EVENTS} answered calls: those between which response times are "
            "compared. The others are left out."
        ),
        group="equity",
        kind="neutral",
        measure=lambda records: compared(response_by_district(records)),
    ),
    Outcome(
        id="districts_by_disputes",
        unit="districts",
        better="none",
        title="Districts compared by disputes",
        definition=(
            f"Districts with at least {LEAST_EVENTS} disputes: those between which shares of disputes are compared. "
            "The others are left out."
        ),
        group="equity",
        kind="neutral",
        measure=lambda records: compared(found_by_district(records)),
    ),
    Outcome(
        id="response_p90_gap",
        unit="minutes",
        better="lower",
        title="Response time, worst minus best district",
        definition=(
            f"Largest minus smallest 90th percentile of the response time among districts with at least {LEAST_EVENTS} "
            f"answered calls, smaller ones left out; undefined for fewer than two such districts. {CHANCE}"
        ),
        group="equity",
        kind="neutral",
        measure=lambda records: gap(response_by_district(records)),
        quantile=True,
    ),
    Outcome(
        id="response_p90_gini",
        unit="index",
        better="lower",
        title="Response time, Gini over districts",
        definition=(
            f"Gini coefficient of the 90th percentile of the response time over districts with at least {LEAST_EVENTS} "
            f"answered calls, smaller ones left out, each district counted once. {CHANCE}"
        ),
        group="equity",
        kind="neutral",
        measure=lambda records: gini(response_by_district(records)),
        quantile=True,
    ),
    Outcome(
        id="response_hour_gap",
        unit="minutes",
        better="lower",
        title="Response time, worst hours minus best hours",
        definition=(
            f"Answered calls by the time of day at which they were received, in {BANDS} bands of {BAND_HOURS} hours "
            "from midnight, over the whole run: largest minus smallest mean response time of a band. Undefined where "
            f"any band has fewer than {LEAST_CALLS_A_BAND} answered calls: none is left out, since the quietest may be "
            "the worst served. Some gap is expected from chance alone; it grows with fewer calls."
        ),
        group="equity",
        kind="neutral",
        measure=hour_gap,
    ),
    Outcome(
        id="response_night_minutes_mean",
        unit="minutes",
        better="lower",
        title="Response time at night, mean",
        definition=(
            f"Mean response time over answered calls received from 0:00 to before {NIGHT_ENDS}:00. Calls that no unit "
            "had reached by the run's end do not count."
        ),
        group="equity",
        kind="neutral",
        measure=night_response,
    ),
    Outcome(
        id="found_share_gap",
        unit="share",
        better="lower",
        title="Disputes found, best minus worst district",
        definition=(
            f"Largest minus smallest share of disputes found among districts with at least {LEAST_EVENTS} disputes, "
            f"smaller ones left out; undefined for fewer than two such districts. {CHANCE}"
        ),
        group="equity",
        kind="recorded",
        measure=lambda records: gap(found_by_district(records)),
    ),
    Outcome(
        id="found_share_gini",
        unit="index",
        better="lower",
        title="Disputes found, Gini over districts",
        definition=(
            f"Gini coefficient of the share of disputes found over districts with at least {LEAST_EVENTS} disputes, "
            f"smaller ones left out, each district counted once. {CHANCE}"
        ),
        group="equity",
        kind="recorded",
        measure=lambda records: gini(found_by_district(records)),
    ),
    Outcome(
        id="true_settled_share_gap",
        unit="share",
        better="lower",
        title="Truly settled, best minus worst district",
        definition=(
            "Largest minus smallest share of disputes truly settled among districts with at least "
            f"{LEAST_EVENTS} disputes, smaller ones left out; undefined for fewer than two such districts. {CHANCE}"
        ),
        group="equity",
        kind="true",
        measure=lambda records: gap(settled_by_district(records)),
    ),
    Outcome(
        id="true_settled_share_gini",
        unit="index",
        better="lower",
        title="Truly settled, Gini over districts",
        definition=(
            "Gini coefficient of the share of disputes truly settled over districts with at least "
            f"{LEAST_EVENTS} disputes, smaller ones left out, each district counted once. {CHANCE}"
        ),
        group="equity",
        kind="true",
        measure=lambda records: gini(settled_by_district(records)),
    ),
    Outcome(
        id="found_share_migrant_gap",
        unit="share",
        better="none",
        title="Disputes found, locals minus migrants",
        definition=(
            "Share found of the disputes whose first party is no migrant minus the share found of migrants' "
            f"disputes; undefined below {LEAST_EVENTS} disputes of either. Zero is even; chance alone moves it from "
            "there."
        ),
        group="equity",
        kind="recorded",
        measure=migrant_gap,
    ),
)
