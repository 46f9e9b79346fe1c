"""Outcomes of containment: who flees from a scene and is caught, at which ring, and what that costs the units."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.engine.clock import MINUTE
from sim.outcomes.flights import RING_WORDS
from sim.outcomes.measures import UNDEFINED, mean, ratio, share
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.words import Column

RING_NAMES = {"township": "the township's ring", "county": "the county's ring", "edge": "the ring at the map's edge"}


def flights(records: Records) -> float:
    """Return how many flights began."""
    return float(records["flights"].num_rows)


def over(records: Records) -> Column:
    """Return which flights are over."""
    return ~records.says("flights", "true_end", "under_way")


def caught_share(records: Records) -> float:
    """Return the share of flights, of those that are over, that ended at a check point."""
    return share(records.says("flights", "true_end", "caught")[over(records)])


def caught_at_share(records: Records, ring: str) -> float:
    """Return the share of flights, of those that are over, that ended at one ring; NaN where no flight has such."""
    if not records.column("flights", f"{ring}_points").any():
        return UNDEFINED
    return share(records.says("flights", "caught_at", ring)[over(records)])


def escaped_before_alarm_share(records: Records) -> float:
    """Return the share of flights, of those that are over, that were out of the map before the alarm."""
    delay = records.column("flights", "alarm_day") - records.column("flights", "start_day")
    lasted = records.column("flights", "true_ended_day") - records.column("flights", "start_day")
    # An alarm after the run's end comes after everything in it.
    too_late = ~(lasted >= delay)
    return share((too_late & records.says("flights", "true_end", "escaped"))[over(records)])


def closing_minutes(records: Records, ring: str) -> float:
    """Return the mean minutes from the alarm until a ring was wholly closed, over those that were."""
    has_points = records.column("flights", f"{ring}_points") > 0
    return mean(records.column("flights", f"{ring}_closed_minutes")[has_points])


def in_time_share(records: Records, ring: str) -> float:
    """Return the share of flights, of those that came to a ring, that found all of it closed."""
    reached = records.column("flights", f"true_{ring}_reached_day")
    closed = records.column("flights", f"{ring}_closed_minutes") * MINUTE
    closed = closed + records.column("flights", "alarm_day")
    came = ~np.isnan(reached)
    return share((closed <= reached)[came])


def unit_hours(records: Records) -> float:
    """Return the mean hours that units spent on a containment, over alarms raised."""
    alarms = float(np.count_nonzero(~np.isnan(records.column("flights", "alarm_day"))))
    return ratio(float(records.column("flights", "unit_hours").sum()), alarms)


def at_ring(measure: Callable[[Records, str], float], ring: str) -> Callable[[Records], float]:
    """Return a measure of one ring as a measure of records."""
    return lambda records: measure(records, ring)


def ring_outcomes(ring: str) -> tuple[Outcome, ...]:
    """Return the outcomes of one kind of ring."""
    name = RING_NAMES[ring]
    return (
        Outcome(
            id=f"flights_caught_at_{ring}_share",
            unit="share",
            better="higher",
            title=f"Flights caught at {name}",
            definition=(
                f"Flights that ended at a check point of {name} / flights that were over by the run's end. A point of "
                "two rings counts for the one that is closed first."
            ),
            group="response",
            kind="true",
            measure=at_ring(caught_at_share, ring),
        ),
        Outcome(
            id=f"{ring}_ring_closing_minutes",
            unit="minutes",
            better="lower",
            title=f"Time to close {name}",
            definition=(
                f"Mean minutes from the alarm until all check points of {name} were held at once, over alarms after "
                "which they were; others, among them those that ended with a catch before, are left out."
            ),
            group="response",
            kind="neutral",
            measure=at_ring(closing_minutes, ring),
        ),
        Outcome(
            id=f"{ring}_ring_in_time_share",
            unit="share",
            better="higher",
            title=f"Found {name} closed",
            definition=(
                f"Flights that found all check points of {name} held when they came to the first / flights that came "
                "to one."
            ),
            group="response",
            kind="true",
            measure=at_ring(in_time_share, ring),
        ),
    )


OUTCOMES = (
    Outcome(
        id="flights",
        unit="flights",
        better="none",
        title="Flights from a scene",
        definition="Flights from a scene that began during the run.",
        group="response",
        kind="true",
        measure=flights,
    ),
    Outcome(
        id="flights_caught_share",
        unit="share",
        better="higher",
        title="Flights caught at check points",
        definition="Flights that ended at a check point / flights that were over, caught or out, by the run's end.",
        group="response",
        kind="true",
        measure=caught_share,
    ),
    Outcome(
        id="flights_out_before_alarm_share",
        unit="share",
        better="lower",
        title="Flights out of the map before the alarm",
        definition="Flights that left the map before the alarm / flights that were over by the run's end.",
        group="response",
        kind="true",
        measure=escaped_before_alarm_share,
    ),
    *(outcome for ring in RING_WORDS for outcome in ring_outcomes(ring)),
    Outcome(
        id="containment_unit_hours",
        unit="hours per alarm",
        better="lower",
        title="Unit hours of a containment",
        definition=(
            "Hours that units spent on the way to check points and at them / alarms raised by the run's end. A unit's "
            "way or stay that was not over by then is left out."
        ),
        group="cost",
        kind="neutral",
        measure=unit_hours,
    ),
)
