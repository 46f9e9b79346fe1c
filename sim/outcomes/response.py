"""Outcomes of response: how long each part of the way to help takes, and how many calls are reached in time."""

from __future__ import annotations

import numpy as np

from sim.outcomes.answered import JUDGED, MINUTES_A_DAY, minutes, within_share
from sim.outcomes.measures import mean, quantile
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.words import Column


def calls(records: Records) -> float:
    """Return how many calls came in."""
    return float(records["calls"].num_rows)


def mean_minutes(records: Records, part: str) -> float:
    """Return the mean of a part of the response time over the calls for which it had ended."""
    return mean(minutes(records, part))


def response_quantile(records: Records, level: float) -> float:
    """Return a quantile of the response time over answered calls."""
    return quantile(minutes(records, "response"), level)


def urgent_quantile(records: Records, level: float) -> float:
    """Return a quantile of the response time over answered urgent calls."""
    return quantile(minutes(records, "response")[records.says("calls", "priority", "urgent")], level)


def minutes_until_all(records: Records) -> Column:
    """Return the minutes from receipt until as many units as a call wanted had arrived, NaN before or for one unit."""
    wanted = records.column("calls", "units_wanted").astype(np.int64)
    call, arrived = records.column("dispatches", "call"), records.column("dispatches", "arrived_day")
    call, arrived = call[~np.isnan(arrived)], arrived[~np.isnan(arrived)]
    order = np.lexsort((arrived, call))
    call, arrived = call[order], arrived[order]
    # The place of each arrival among those of its call, 1 for the first.
    place = np.arange(len(call)) - np.searchsorted(call, call) + 1
    last = (wanted[call] > 1) & (place == wanted[call])
    until = np.full(len(wanted), np.nan)
    until[call[last]] = (arrived[last] - records.column("calls", "received_day")[call[last]]) * MINUTES_A_DAY
    return until


def logged_minutes(records: Records) -> Column:
    """Return the response time that a recorded log itself tells, minutes, NaN for calls of which it tells none."""
    return records.column("calls", "recorded_response_minutes")


OUTCOMES = (
    Outcome(
        id="calls",
        unit="calls",
        better="none",
        title="Calls",
        definition="Calls to the police received during the run, of every source.",
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
            "call-taking + queue + turn-out + travel. Calls that no unit reached do not count; calls_unanswered counts "
            "them."
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
        definition="Mean minutes from departure to arrival, the way off the road included, over answered calls.",
        group="response",
        kind="neutral",
        measure=lambda records: mean_minutes(records, "travel"),
    ),
    Outcome(
        id="access_minutes_mean",
        unit="minutes",
        better="lower",
        title="Travel off the road",
        definition=(
            "Mean minutes of travel that the last metres between the road and the place took, over answered calls; "
            "0 for a place on the road."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: mean_minutes(records, "access"),
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
        id="all_units_minutes_mean",
        unit="minutes",
        better="lower",
        title="Response time of all units",
        definition=(
            "Mean over calls that wanted several units, and got them, of the time from receipt to the arrival of the "
            "last unit wanted. The response time itself ends with the first unit."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: mean(minutes_until_all(records)),
    ),
    Outcome(
        id="recorded_response_minutes_mean",
        unit="minutes",
        better="none",
        title="Response time in the log, mean",
        definition=(
            "Mean response time that a recorded log of calls itself tells, over the calls replayed of which it tells "
            "one: what to hold the simulated figure against."
        ),
        group="response",
        kind="recorded",
        measure=lambda records: mean(logged_minutes(records)),
    ),
    Outcome(
        id="recorded_response_minutes_p90",
        unit="minutes",
        better="none",
        title="Response time in the log, 90th percentile",
        definition="90th percentile of the response time that a recorded log of calls itself tells.",
        group="response",
        kind="recorded",
        measure=lambda records: quantile(logged_minutes(records), 0.9),
        quantile=True,
    ),
    Outcome(
        id="within_1_minute_share",
        unit="share",
        better="higher",
        title="Answered within 1 minute",
        definition=f"Calls with a response time of at most 1 minute / calls that can be judged. {JUDGED}",
        group="response",
        kind="neutral",
        measure=lambda records: within_share(records, 1.0),
    ),
    Outcome(
        id="within_3_minutes_share",
        unit="share",
        better="higher",
        title="Answered within 3 minutes",
        definition=f"Calls with a response time of at most 3 minutes / calls that can be judged. {JUDGED}",
        group="response",
        kind="neutral",
        measure=lambda records: within_share(records, 3.0),
    ),
    Outcome(
        id="within_5_minutes_share",
        unit="share",
        better="higher",
        title="Answered within 5 minutes",
        definition=f"Calls with a response time of at most 5 minutes / calls that can be judged. {JUDGED}",
        group="response",
        kind="neutral",
        measure=lambda records: within_share(records, 5.0),
    ),
)
