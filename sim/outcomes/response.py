"""Outcomes of response: how fast help arrives, and how busy the units are."""

from __future__ import annotations

import numpy as np

from sim.outcomes.measures import mean, quantile, ratio, share
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.words import Column

METRES_A_KM = 1000.0
MINUTES_A_DAY = 1440.0
ON_DUTY = ("at_post", "to_scene", "on_scene", "returning")
BUSY = ("to_scene", "on_scene")


def calls(records: Records) -> float:
    """Return how many calls came in."""
    return float(records["calls"].num_rows)


def minutes(records: Records, part: str) -> Column:
    """Return a part of the response time of every call, in minutes, NaN where it had not ended."""
    return records.column("calls", f"{part}_minutes")


def mean_minutes(records: Records, part: str) -> float:
    """Return the mean of a part of the response time over the calls for which it had ended."""
    return mean(minutes(records, part))


def response_quantile(records: Records, level: float) -> float:
    """Return a quantile of the response time over answered calls."""
    return quantile(minutes(records, "response"), level)


def urgent_quantile(records: Records, level: float) -> float:
    """Return a quantile of the response time over answered urgent calls."""
    return quantile(minutes(records, "response")[records.says("calls", "priority", "urgent")], level)


def within_share(records: Records, limit: float) -> float:
    """Return the share of calls answered within ``limit`` minutes.

    A call without an arrival counts as missed once it is older than the limit, and not at all before.
    """
    response = minutes(records, "response")
    age = (records.fact("elapsed_days") - records.column("calls", "received_day")) * MINUTES_A_DAY
    return share((response <= limit)[~np.isnan(response) | (age > limit)])


def queued_share(records: Records) -> float:
    """Return the share of calls ready for dispatch that found no free unit."""
    ready = ~np.isnan(records.column("calls", "ready_day"))
    queued = (minutes(records, "queue") > 0.0) | records.says("calls", "answer", "waiting")
    return share(queued[ready])


def unanswered_calls(records: Records) -> float:
    """Return how many calls no unit had reached by the run's end."""
    return float(np.count_nonzero(np.isnan(minutes(records, "response"))))


def unit_hours(records: Records, statuses: tuple[str, ...]) -> float:
    """Return the hours that all units together spent in some statuses."""
    return float(sum(records.column("units", f"{status}_hours").sum() for status in statuses))


def utilisation(records: Records) -> float:
    """Return the share of unit-hours on duty spent on the way to calls and on scene."""
    return ratio(unit_hours(records, BUSY), unit_hours(records, ON_DUTY))


def kilometres(records: Records) -> float:
    """Return the kilometres driven to scenes."""
    return float(np.nansum(records.column("calls", "travel_metres"))) / METRES_A_KM


def unit_overtime_hours(records: Records) -> float:
    """Return the hours that crews worked after their shift's end."""
    return float(records.column("units", "overtime_hours").sum())


OUTCOMES = (
    Outcome(
        id="calls",
        unit="calls",
        better="none",
        title="Calls",
        definition="Calls to the police received during the run, from disputes and the background.",
        group="response",
        kind="recorded",
        measure=calls,
    ),
    Outcome(
        id="response_minutes_mean",
        unit="minutes",
        better="lower",
        title="Response time, mean",
        definition=(
            "Mean over answered calls of the time from the call's receipt to the first unit's arrival: "
            "call-taking + queue + turn-out + travel. Calls that no unit had reached by the run's end do not "
            "count; calls_unanswered counts them."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: mean_minutes(records, "response"),
    ),
    Outcome(
        id="response_minutes_p50",
        unit="minutes",
        better="lower",
        title="Response time, median",
        definition="Median of the response time over answered calls.",
        group="response",
        kind="neutral",
        measure=lambda records: response_quantile(records, 0.5),
        quantile=True,
    ),
    Outcome(
        id="response_minutes_p90",
        unit="minutes",
        better="lower",
        title="Response time, 90th percentile",
        definition="90th percentile of the response time over answered calls (linear between order statistics).",
        group="response",
        kind="neutral",
        measure=lambda records: response_quantile(records, 0.9),
        quantile=True,
    ),
    Outcome(
        id="response_minutes_p95",
        unit="minutes",
        better="lower",
        title="Response time, 95th percentile",
        definition="95th percentile of the response time over answered calls (linear between order statistics).",
        group="response",
        kind="neutral",
        measure=lambda records: response_quantile(records, 0.95),
        quantile=True,
    ),
    Outcome(
        id="urgent_response_minutes_p90",
        unit="minutes",
        better="lower",
        title="Urgent calls, 90th percentile",
        definition="90th percentile of the response time over answered urgent calls.",
        group="response",
        kind="neutral",
        measure=lambda records: urgent_quantile(records, 0.9),
        quantile=True,
    ),
    Outcome(
        id="call_taking_minutes_mean",
        unit="minutes",
        better="lower",
        title="Call-taking",
        definition=(
            "Mean minutes from a call's receipt to the end of call-taking, over the calls for which it had ended."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: mean_minutes(records, "call_taking"),
    ),
    Outcome(
        id="queue_minutes_mean",
        unit="minutes",
        better="lower",
        title="Queue",
        definition=(
            "Mean minutes from the end of call-taking to the dispatch of a unit, zeros included, over the "
            "calls dispatched."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: mean_minutes(records, "queue"),
    ),
    Outcome(
        id="turn_out_minutes_mean",
        unit="minutes",
        better="lower",
        title="Turn-out",
        definition="Mean minutes from dispatch to departure, over the calls whose unit had departed.",
        group="response",
        kind="neutral",
        measure=lambda records: mean_minutes(records, "turn_out"),
    ),
    Outcome(
        id="travel_minutes_mean",
        unit="minutes",
        better="lower",
        title="Travel",
        definition="Mean minutes from departure to arrival, over answered calls.",
        group="response",
        kind="neutral",
        measure=lambda records: mean_minutes(records, "travel"),
    ),
    Outcome(
        id="scene_minutes_mean",
        unit="minutes",
        better="none",
        title="Time on scene",
        definition="Mean minutes from arrival to clearing, over the calls cleared.",
        group="response",
        kind="neutral",
        measure=lambda records: mean_minutes(records, "scene"),
    ),
    Outcome(
        id="within_1_minute_share",
        unit="share",
        better="higher",
        title="Answered within 1 minute",
        definition=(
            "Calls with a response time of at most 1 minute / calls answered or older than 1 minute at the run's end."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: within_share(records, 1.0),
    ),
    Outcome(
        id="within_3_minutes_share",
        unit="share",
        better="higher",
        title="Answered within 3 minutes",
        definition=(
            "Calls with a response time of at most 3 minutes / calls answered or older than 3 minutes at the run's end."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: within_share(records, 3.0),
    ),
    Outcome(
        id="within_5_minutes_share",
        unit="share",
        better="higher",
        title="Answered within 5 minutes",
        definition=(
            "Calls with a response time of at most 5 minutes / calls answered or older than 5 minutes at the run's end."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: within_share(records, 5.0),
    ),
    Outcome(
        id="queued_share",
        unit="share",
        better="lower",
        title="Calls that had to queue",
        definition=(
            "Calls that found no free unit when call-taking was over / calls whose call-taking was over by "
            "the run's end."
        ),
        group="response",
        kind="neutral",
        measure=queued_share,
    ),
    Outcome(
        id="calls_unanswered",
        unit="calls",
        better="lower",
        title="Calls not reached",
        definition="Calls that no unit had reached by the run's end.",
        group="response",
        kind="neutral",
        measure=unanswered_calls,
    ),
    Outcome(
        id="unit_utilisation",
        unit="share",
        better="none",
        title="Utilisation of patrol units",
        definition="Unit-hours to the scene (turn-out and travel) and on scene / unit-hours on duty.",
        group="response",
        kind="neutral",
        measure=utilisation,
    ),
    Outcome(
        id="unit_hours_on_duty",
        unit="hours",
        better="none",
        title="Unit-hours on duty",
        definition=(
            "Hours that all units together were on duty: at post, to the scene, on scene or returning, "
            "overtime included."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: unit_hours(records, ON_DUTY),
    ),
    Outcome(
        id="unit_overtime_hours",
        unit="hours",
        better="lower",
        title="Patrol overtime",
        definition="Hours that crews worked after their shift's end, all units together.",
        group="response",
        kind="neutral",
        measure=unit_overtime_hours,
    ),
    Outcome(
        id="unit_kilometres",
        unit="km",
        better="lower",
        title="Kilometres to scenes",
        definition="Kilometres driven to scenes, all units together; the way back is not counted.",
        group="response",
        kind="neutral",
        measure=kilometres,
    ),
)
