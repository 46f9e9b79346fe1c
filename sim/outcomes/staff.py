"""Outcomes of staff: how many there are, how busy they are, what is left undone."""

from __future__ import annotations

import numpy as np

from sim.outcomes.measures import ratio
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.settlements import mediation_cases
from sim.outcomes.words import Column


def staff_days(records: Records, table: str) -> float:
    """Return the days of employment of all workers or mediators together."""
    return float(records.column(table, "employed_days").sum())


def mean_staff(records: Records, table: str) -> float:
    """Return the mean number of workers or mediators employed over the run."""
    return ratio(staff_days(records, table), records.fact("elapsed_days"))


def duty_hours(records: Records, table: str, hours_per_day: str) -> float:
    """Return the hours of work that the staff employed owed: staff x working days x hours a day."""
    return mean_staff(records, table) * records.fact("elapsed_working_days") * records.fact(hours_per_day)


def worker_utilisation(records: Records) -> float:
    """Return the share of grid workers' hours that went to visits and cases."""
    hours = records.column("workers", "visit_hours").sum() + records.column("workers", "case_hours").sum()
    return ratio(float(hours), duty_hours(records, "workers", "work_hours_per_day"))


def overtime_per_worker(records: Records) -> float:
    """Return the overtime hours of a grid worker in 30 days."""
    hours = float(records.column("workers", "overtime_hours").sum())
    return ratio(hours, staff_days(records, "workers")) * 30.0


def waiting_cases(records: Records, mediated: bool) -> float:
    """Return how many open cases nobody had begun to act on, in mediation offices or in the grid."""
    acted = ~np.isnan(records.column("cases", "recorded_acted_day"))
    closed = ~np.isnan(records.column("cases", "recorded_closed_day"))
    mine = mediation_cases(records) if mediated else records.says("cases", "channel", "grid")
    return float(np.count_nonzero(~acted & ~closed & mine))


def sessions_hours_owed(records: Records) -> Column:
    """Return the opening hours of each mediator's office while the mediator was employed, shape (mediators,)."""
    if not records["offices"].num_rows or records.fact("elapsed_days") <= 0.0:
        return np.zeros(records["mediators"].num_rows)
    open_hours = records.column("offices", "open_hours")[records.column("mediators", "office")]
    return np.asarray(records.column("mediators", "employed_days") / records.fact("elapsed_days") * open_hours)


def mediator_utilisation(records: Records) -> float:
    """Return the share of mediators' hours that went to sessions."""
    return ratio(float(records.column("mediators", "hours").sum()), float(sessions_hours_owed(records).sum()))


def session_count(records: Records) -> float:
    """Return how many mediation sessions began."""
    return float(records["sessions"].num_rows)


OUTCOMES = (
    Outcome(
        id="grid_workers",
        unit="workers",
        better="none",
        title="Grid workers",
        definition="Mean number of grid workers employed over the run.",
        group="staff",
        kind="neutral",
        measure=lambda records: mean_staff(records, "workers"),
    ),
    Outcome(
        id="worker_utilisation",
        unit="share",
        better="none",
        title="Utilisation of grid workers",
        definition=(
            "Hours of grid workers on visits (with the way) and cases, overtime included / hours owed: "
            "workers employed x working days x hours a day."
        ),
        group="staff",
        kind="neutral",
        measure=worker_utilisation,
    ),
    Outcome(
        id="worker_overtime_hours",
        unit="hours per worker and 30 days",
        better="lower",
        title="Overtime of grid workers",
        definition="Hours of visits and cases after closing time / days of employment x 30.",
        group="staff",
        kind="neutral",
        measure=overtime_per_worker,
    ),
    Outcome(
        id="grid_backlog",
        unit="cases",
        better="lower",
        title="Grid backlog at the end",
        definition="Open cases of the grid channel on which no worker had begun to act by the run's end.",
        group="staff",
        kind="recorded",
        measure=lambda records: waiting_cases(records, False),
    ),
    Outcome(
        id="mediators",
        unit="mediators",
        better="none",
        title="Mediators",
        definition="Mean number of mediators employed over the run.",
        group="staff",
        kind="neutral",
        measure=lambda records: mean_staff(records, "mediators"),
    ),
    Outcome(
        id="mediator_utilisation",
        unit="share",
        better="none",
        title="Utilisation of mediators",
        definition=(
            "Hours of sessions ended / hours for sessions: opening hours of each mediator's office while employed."
        ),
        group="staff",
        kind="neutral",
        measure=mediator_utilisation,
    ),
    Outcome(
        id="mediation_sessions",
        unit="sessions",
        better="none",
        title="Mediation sessions",
        definition="Mediation sessions that began during the run.",
        group="staff",
        kind="recorded",
        measure=session_count,
    ),
    Outcome(
        id="mediation_backlog",
        unit="cases",
        better="lower",
        title="Mediation backlog at the end",
        definition="Open cases of mediation offices whose first session had not begun by the run's end.",
        group="staff",
        kind="recorded",
        measure=lambda records: waiting_cases(records, True),
    ),
)
