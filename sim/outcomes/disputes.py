"""Outcomes of disputes: how many there are, which are found, how far they climb."""

from __future__ import annotations

import numpy as np

from sim.engine.clock import YEAR
from sim.outcomes.measures import mean, ratio, restricted_mean, share
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.words import Column

FOUND_WITHIN = 30.0
DISCOVERY_WATCHED = 90.0
# Who finds: a visit, or a party who reports. A call to the police, a filing in court and a petition also make a
# dispute known, but by its breaking out.
FINDERS = ("grid", "self")
BREAKING_OUT = ("police", "court", "petition")


def disputes(records: Records) -> float:
    """Return how many disputes were born, relapses included."""
    return float(records["disputes"].num_rows)


def disputes_per_1000(records: Records) -> float:
    """Return disputes for each 1,000 residents and 365 days."""
    return ratio(disputes(records), records.fact("residents") * records.fact("elapsed_days")) * 1000.0 * YEAR


def known_by(records: Records, *channels: str) -> Column:
    """Return of which disputes one of ``channels`` was the first to learn."""
    known = ~np.isnan(records.column("disputes", "recorded_found_day"))
    return known & records.says("disputes", "recorded_found_by", *channels)


def found(records: Records) -> Column:
    """Return which disputes a visit found, or a party reported, before they became known in another way."""
    return known_by(records, *FINDERS)


def days_until_found(records: Records) -> Column:
    """Return the days from birth until a dispute was found, NaN for one that was not."""
    days = records.column("disputes", "recorded_found_day") - records.column("disputes", "true_born_day")
    return np.where(found(records), days, np.nan)


def found_by_visit_share(records: Records) -> float:
    """Return the share of disputes of which a grid worker's visit learned first."""
    return share(known_by(records, "grid"))


def begun_early(records: Records, since: str, days: float, table: str = "disputes") -> Column:
    """Return which rows had the moment ``since`` at least ``days`` before the run's end.

    Over these a share of what happened within ``days`` is not cut off by the end.
    """
    return records.column(table, since) <= records.fact("elapsed_days") - days


def found_soon_share(records: Records) -> float:
    """Return the share of disputes found within 30 days of birth."""
    watched = begun_early(records, "true_born_day", FOUND_WITHIN)
    return share((days_until_found(records) <= FOUND_WITHIN)[watched])


def days_to_discovery(records: Records) -> float:
    """Return the restricted mean over 90 days of the days from birth until found."""
    watched = begun_early(records, "true_born_day", DISCOVERY_WATCHED)
    return restricted_mean(days_until_found(records)[watched], DISCOVERY_WATCHED)


def reached_share(records: Records, stage: int) -> float:
    """Return the share of disputes that were ever at ``stage`` or above."""
    return share(~np.isnan(records.column("disputes", f"true_reached_{stage}_day")))


def peak_stage(records: Records) -> float:
    """Return the mean of the highest stage that each dispute reached."""
    return mean(records.column("disputes", "true_peak_stage").astype(np.float64))


def dispute_calls(records: Records) -> float:
    """Return how many calls to the police came from disputes."""
    return float(np.count_nonzero(records.says("calls", "source", "dispute")))


def violent_acts(records: Records) -> float:
    """Return how many times disputes turned violent."""
    return float(records.column("disputes", "true_violence").sum())


OUTCOMES = (
    Outcome(
        id="true_disputes",
        unit="disputes",
        better="lower",
        title="Disputes",
        definition="Disputes born during the run, relapses included, whether or not anybody learned of them.",
        group="disputes",
        kind="true",
        measure=disputes,
    ),
    Outcome(
        id="true_disputes_per_1000",
        unit="per 1,000 residents a year",
        better="lower",
        title="Disputes per 1,000 residents",
        definition="Disputes born (relapses included) / residents / elapsed days x 365 x 1,000.",
        group="disputes",
        kind="true",
        measure=disputes_per_1000,
    ),
    Outcome(
        id="recorded_found_share",
        unit="share",
        better="higher",
        title="Disputes found",
        definition=(
            "Disputes that a visit found or a party reported by the run's end, before they became known in another "
            "way / all disputes born. One first known by a police call, a court or a petition was not found. "
            "Those born late have had less time, in every scenario alike."
        ),
        group="disputes",
        kind="recorded",
        measure=lambda records: share(found(records)),
    ),
    Outcome(
        id="recorded_broke_out_share",
        unit="share",
        better="none",
        title="Disputes known by breaking out",
        definition=(
            "Disputes first known by a police call, a court or a petition by the run's end / all disputes born. "
            "With the share found: all disputes that any channel knows of."
        ),
        group="disputes",
        kind="recorded",
        measure=lambda records: share(known_by(records, *BREAKING_OUT)),
    ),
    Outcome(
        id="recorded_found_by_visit_share",
        unit="share",
        better="higher",
        title="Disputes found by visits",
        definition="Disputes of which a grid worker's visit learned first / all disputes born.",
        group="disputes",
        kind="recorded",
        measure=found_by_visit_share,
    ),
    Outcome(
        id="recorded_found_in_30_days_share",
        unit="share",
        better="higher",
        title="Disputes found within 30 days",
        definition=(
            "Among disputes born at least 30 days before the run's end: those that a visit found or a party "
            "reported at most 30 days after birth, before they became known in another way. The end cuts nothing "
            "off."
        ),
        group="disputes",
        kind="recorded",
        measure=found_soon_share,
    ),
    Outcome(
        id="days_to_discovery",
        unit="days",
        better="lower",
        title="Days to discovery",
        definition=(
            "Restricted mean over 90 days: among disputes born at least 90 days before the run's end, the mean of "
            "the days from birth until a visit found or a party reported it, cut at 90. One not found in that time "
            "counts as 90, also where it ended unfound or first became known in another way."
        ),
        group="disputes",
        kind="neutral",
        measure=days_to_discovery,
    ),
    Outcome(
        id="true_share_reached_stage_4",
        unit="share",
        better="lower",
        title="Reached stage 4",
        definition="Disputes that were ever at stage 4 (one loses) or above, also from birth / all disputes born.",
        group="disputes",
        kind="true",
        measure=lambda records: reached_share(records, 4),
    ),
    Outcome(
        id="true_share_reached_stage_7",
        unit="share",
        better="lower",
        title="Reached stage 7",
        definition="Disputes that were ever at stage 7 (both lose) or above, also from birth / all disputes born.",
        group="disputes",
        kind="true",
        measure=lambda records: reached_share(records, 7),
    ),
    Outcome(
        id="true_peak_stage_mean",
        unit="stage",
        better="lower",
        title="Peak stage",
        definition="Mean over all disputes of the highest stage reached by the run's end.",
        group="disputes",
        kind="true",
        measure=peak_stage,
    ),
    Outcome(
        id="dispute_calls",
        unit="calls",
        better="lower",
        title="Calls from disputes",
        definition="Calls to the police that a dispute caused.",
        group="disputes",
        kind="recorded",
        measure=dispute_calls,
    ),
    Outcome(
        id="true_violence",
        unit="acts",
        better="lower",
        title="Violent acts",
        definition="Times that a dispute turned violent.",
        group="disputes",
        kind="true",
        measure=violent_acts,
    ),
)
