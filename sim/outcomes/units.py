"""Outcomes of patrol units: how their hours are spent, how far they drive, and how often they show themselves."""

from __future__ import annotations

import numpy as np

from sim.codes import Status
from sim.outcomes.measures import UNDEFINED, mean, ratio
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.words import Column, words_of

METRES_A_KM = 1000.0
HOURS_A_DAY = 24.0
MINUTES_AN_HOUR = 60.0
STATUSES = words_of(Status)
ON_DUTY = tuple(status for status in STATUSES if status != "off_duty")
BUSY = ("to_scene", "on_scene", "to_ring", "at_ring")
PATROL = ("patrolling", "dwelling")


def own(records: Records) -> Column:
    """Return which units are the town's own, and do not only help out from across a border."""
    return ~records.column("units", "aid")


def hours_of_units(records: Records, statuses: tuple[str, ...]) -> Column:
    """Return the hours that each unit spent in some statuses, shape (units,)."""
    hours = [records.column("units", f"{status}_hours") for status in statuses]
    return np.asarray(np.sum(hours, axis=0, dtype=np.float64))


def unit_hours(records: Records, statuses: tuple[str, ...]) -> float:
    """Return the hours that the town's own units together spent in some statuses."""
    return float(hours_of_units(records, statuses)[own(records)].sum())


def share_on_duty(records: Records, statuses: tuple[str, ...]) -> float:
    """Return the share of unit-hours on duty that was spent in some statuses."""
    return ratio(unit_hours(records, statuses), unit_hours(records, ON_DUTY))


def groups(records: Records) -> list[str]:
    """Return the names of the groups of units, in their order."""
    return list(dict.fromkeys(records.words("units", "group")))


def unit_time(records: Records) -> dict[str, list[str] | list[float]]:
    """Return the ledger by group: columns group, status and hours, a row for each group and status."""
    rows = [
        (group, status, float(hours_of_units(records, (status,))[records.says("units", "group", group)].sum()))
        for group in groups(records)
        for status in STATUSES
    ]
    return {"group": [row[0] for row in rows], "status": [row[1] for row in rows], "hours": [row[2] for row in rows]}


def busiest_utilisation(records: Records) -> float:
    """Return the utilisation of the own group of units with the highest; NaN where none was on duty."""
    busy, duty = hours_of_units(records, BUSY), hours_of_units(records, ON_DUTY)
    mine = [records.says("units", "group", group) & own(records) for group in groups(records)]
    found = [ratio(float(busy[one].sum()), float(duty[one].sum())) for one in mine]
    known = [one for one in found if not np.isnan(one)]
    return max(known, default=UNDEFINED)


def ledger_balance(records: Records) -> float:
    """Return by how many hours the ledgers of all units miss the run's length; what rounding leaves is 0."""
    missed = hours_of_units(records, STATUSES) - records.fact("elapsed_days") * HOURS_A_DAY
    return float(np.round(np.abs(missed).sum(), 6))


def offered_load(records: Records) -> float:
    """Return the unit-hours that the calls received ask for, over the unit-hours on duty."""
    cleared = records.says("dispatches", "leg", "cleared")
    days = records.column("dispatches", "cleared_day") - records.column("dispatches", "dispatched_day")
    wanted = float(records.column("calls", "units_wanted").sum())
    return ratio(mean(days[cleared]) * HOURS_A_DAY * wanted, unit_hours(records, ON_DUTY))


def kilometres(records: Records) -> float:
    """Return the kilometres that all units drove to scenes."""
    return float(records.column("units", "driven_metres").sum()) / METRES_A_KM


def metres_to_scene(records: Records) -> float:
    """Return the mean way of the first unit to the scene, over answered calls."""
    reached = ~np.isnan(records.column("calls", "response_minutes"))
    return mean(records.column("calls", "travel_metres")[reached])


def stops(records: Records) -> float:
    """Return how many stops were made at hot spots."""
    return float(records.column("spots", "visits").sum())


def hours_between_stops(records: Records) -> float:
    """Return the mean hours between two stops at one hot spot."""
    watched = records.fact("elapsed_days") * HOURS_A_DAY * records["spots"].num_rows
    return ratio(watched, stops(records))


def dwell_minutes_per_day(records: Records) -> float:
    """Return the minutes a day that units stood at a hot spot."""
    stood = float(hours_of_units(records, ("dwelling",)).sum()) * MINUTES_AN_HOUR
    return ratio(stood, records.fact("elapsed_days") * records["spots"].num_rows)


def unit_overtime_hours(records: Records) -> float:
    """Return the hours that own crews worked after their shift's end."""
    return float(records.column("units", "overtime_hours")[own(records)].sum())


OUTCOMES = (
    Outcome(
        id="unit_utilisation",
        unit="share",
        better="none",
        title="Utilisation of patrol units",
        definition=(
            "Unit-hours to the scene (turn-out and travel), on scene and in a containment / unit-hours on duty, of the "
            "town's own units."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: share_on_duty(records, BUSY),
    ),
    Outcome(
        id="unit_utilisation_highest",
        unit="share",
        better="none",
        title="Utilisation of the busiest group",
        definition="Utilisation of the own group of units in which it is highest.",
        group="response",
        kind="neutral",
        measure=busiest_utilisation,
    ),
    Outcome(
        id="unit_load",
        unit="ratio",
        better="none",
        title="Offered load of patrol units",
        definition=(
            "Units that the calls received wanted x mean hours from the dispatch of a unit to its leaving the scene / "
            "unit-hours on duty. Unlike utilisation it can pass 1: then more work comes in than can be done."
        ),
        group="response",
        kind="neutral",
        measure=offered_load,
    ),
    Outcome(
        id="unit_patrol_share",
        unit="share",
        better="none",
        title="Time on patrol",
        definition="Unit-hours of driving on patrol and of stopping at hot spots / unit-hours on duty.",
        group="response",
        kind="neutral",
        measure=lambda records: share_on_duty(records, PATROL),
    ),
    Outcome(
        id="unit_hours_on_duty",
        unit="hours",
        better="none",
        title="Unit-hours on duty",
        definition=(
            "Hours that the town's own units together were on duty, whatever they did, breaks and overtime included. "
            "Units that help out from across a border do not count."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: unit_hours(records, ON_DUTY),
    ),
    Outcome(
        id="unit_hours_unbalanced",
        unit="hours",
        better="lower",
        title="Unit-hours out of balance",
        definition=(
            "Sum over all units of the difference between the hours in their ledger, off duty included, and the run's "
            "length: 0, or the books are wrong."
        ),
        group="response",
        kind="neutral",
        measure=ledger_balance,
    ),
    Outcome(
        id="unit_overtime_hours",
        unit="hours",
        better="lower",
        title="Patrol overtime",
        definition="Hours that crews worked after their shift's end, all own units together.",
        group="response",
        kind="neutral",
        measure=unit_overtime_hours,
    ),
    Outcome(
        id="unit_kilometres",
        unit="km",
        better="lower",
        title="Kilometres to scenes",
        definition="Kilometres driven to scenes, all units together; patrols and the way back are not counted.",
        group="response",
        kind="neutral",
        measure=kilometres,
    ),
    Outcome(
        id="travel_metres_mean",
        unit="metres",
        better="lower",
        title="Way to the scene",
        definition="Mean metres that the first unit drove to the scene, over answered calls.",
        group="response",
        kind="neutral",
        measure=metres_to_scene,
    ),
    Outcome(
        id="hot_spot_stops",
        unit="stops",
        better="none",
        title="Stops at hot spots",
        definition="Stops that units on hot-spot rounds made during the run, but for those cut short by a call.",
        group="response",
        kind="neutral",
        measure=stops,
    ),
    Outcome(
        id="hot_spot_interval_hours",
        unit="hours",
        better="none",
        title="Time between stops at a hot spot",
        definition="Hours of the run x hot spots / stops not cut short: the mean time between two at one, nights too.",
        group="response",
        kind="neutral",
        measure=hours_between_stops,
    ),
    Outcome(
        id="hot_spot_minutes_per_day",
        unit="minutes a day",
        better="none",
        title="Time stood at a hot spot",
        definition="Minutes that units stood at hot spots, stops cut short by a call included / hot spots / days.",
        group="response",
        kind="neutral",
        measure=dwell_minutes_per_day,
    ),
)
