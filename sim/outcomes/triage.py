"""Outcomes of triage and grading: how often an officer errs, and what a wrong affair or a wrong colour costs."""

from __future__ import annotations

import numpy as np

from sim.outcomes.disputes import begun_early
from sim.outcomes.measures import ratio, restricted_mean, share
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.settlements import mediation_cases
from sim.outcomes.words import Column

LOST_WATCHED = 30.0


def sorted_as(records: Records, truth: str, *seen: str) -> Column:
    """Return which disputes were, when last sorted, one affair in truth and one of others to the officer."""
    return records.says("disputes", "true_affair", truth) & records.says("disputes", "recorded_affair", *seen)


def falsely_big(records: Records) -> Column:
    """Return which disputes were sorted as big that were not."""
    return sorted_as(records, "small", "big") | sorted_as(records, "private", "big")


def big_missed_share(records: Records) -> float:
    """Return the share of big affairs that were sorted as small or private."""
    big = records.says("disputes", "true_affair", "big")
    return share(sorted_as(records, "big", "small", "private")[big])


def false_big_share(records: Records) -> float:
    """Return the share of affairs that are not big that were sorted as big."""
    other = records.says("disputes", "true_affair", "small", "private")
    return share(falsely_big(records)[other])


def days_lost(records: Records) -> float:
    """Return the restricted mean over 30 days of the days from found to mediation of big affairs that were missed."""
    missed = sorted_as(records, "big", "small", "private") & begun_early(records, "recorded_found_day", LOST_WATCHED)
    first = np.full(len(missed), np.nan)
    cases = np.flatnonzero(mediation_cases(records))[::-1]
    first[records.column("cases", "dispute")[cases]] = records.column("cases", "recorded_opened_day")[cases]
    return restricted_mean((first - records.column("disputes", "recorded_found_day"))[missed], LOST_WATCHED)


def false_big_hours(records: Records) -> float:
    """Return the hours of mediation sessions on disputes that were sorted as big and are not."""
    dispute = records.column("cases", "dispute")[records.column("sessions", "case")]
    return float(np.nansum(records.column("sessions", "hours")[falsely_big(records)[dispute]]))


def counted(records: Records, name: str) -> float:
    """Return the sum of a column of the daily series."""
    return float(records.column("series", name).sum())


def false_alarm_hours(records: Records) -> float:
    """Return the hours of follow-up visits for false alarms, each as long as the mean visit of this run."""
    hours = float(records.column("workers", "visit_hours").sum())
    visits = float(records.column("workers", "visits").sum())
    false = counted(records, "true_false_follow_ups")
    return false * ratio(hours, visits) if false else 0.0


OUTCOMES = (
    Outcome(
        id="true_big_missed_share",
        unit="share",
        better="lower",
        title="Big affairs sorted as small or private",
        definition="Disputes that were big affairs when last sorted and were not sorted as such / those big then.",
        group="disputes",
        kind="true",
        measure=big_missed_share,
    ),
    Outcome(
        id="true_false_big_share",
        unit="share",
        better="lower",
        title="Other affairs sorted as big",
        definition="Disputes that were no big affairs when last sorted and were sorted as such / those not big then.",
        group="disputes",
        kind="true",
        measure=false_big_share,
    ),
    Outcome(
        id="big_missed_days_lost",
        unit="days",
        better="lower",
        title="Days lost by a missed big affair",
        definition=(
            "Restricted mean over 30 days: among big affairs not sorted as such that became known at least 30 days "
            "before the run's end, the mean of the days until a mediation office first had them, cut at 30."
        ),
        group="disputes",
        kind="true",
        measure=days_lost,
    ),
    Outcome(
        id="false_big_hours",
        unit="hours",
        better="lower",
        title="Mediators' hours on affairs wrongly sorted as big",
        definition="Hours of mediation sessions ended on disputes that were sorted as big and were not.",
        group="burden",
        kind="neutral",
        measure=false_big_hours,
    ),
    Outcome(
        id="true_alarms_missed_share",
        unit="share",
        better="lower",
        title="Alarms missed",
        definition=(
            "Gradings of disputes that were orange or red and were seen below / gradings of disputes that were orange "
            "or red. A dispute counts each time that it is graded."
        ),
        group="disputes",
        kind="true",
        measure=lambda records: ratio(counted(records, "true_alarms_missed"), counted(records, "true_alarms")),
    ),
    Outcome(
        id="true_false_alarms_share",
        unit="share",
        better="lower",
        title="False alarms",
        definition=(
            "Gradings seen orange or red of disputes that were below / all gradings seen orange or red. Where few "
            "disputes are at risk it is high even for a good reading."
        ),
        group="disputes",
        kind="true",
        measure=lambda records: ratio(counted(records, "true_false_alarms"), counted(records, "recorded_alarms")),
    ),
    Outcome(
        id="recorded_alarms",
        unit="gradings",
        better="none",
        title="Alarms",
        definition="Gradings seen orange or red, over the whole run.",
        group="disputes",
        kind="recorded",
        measure=lambda records: counted(records, "recorded_alarms"),
    ),
    Outcome(
        id="follow_up_visits",
        unit="visits",
        better="lower",
        title="Follow-up visits",
        definition="Visits of grid workers that a colour asked for: each costs a household time and privacy.",
        group="burden",
        kind="neutral",
        measure=lambda records: counted(records, "follow_ups"),
    ),
    Outcome(
        id="false_alarm_visits",
        unit="visits",
        better="lower",
        title="Follow-up visits for false alarms",
        definition="Follow-up visits to disputes seen orange or red that were below when last graded.",
        group="burden",
        kind="neutral",
        measure=lambda records: counted(records, "true_false_follow_ups"),
    ),
    Outcome(
        id="false_alarm_hours",
        unit="hours",
        better="lower",
        title="Grid workers' hours on false alarms",
        definition="Follow-up visits for false alarms x the mean hours of a visit with its way in the run.",
        group="burden",
        kind="neutral",
        measure=false_alarm_hours,
    ),
)
