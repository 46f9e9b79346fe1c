"""Outcomes of grid work: who finds disputes, the days of each step of the closed loop, hours by kind, and help."""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np

from sim.outcomes.measures import mean, ratio
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.staff import mean_staff, staff_days

STEPS = ("reported", "opened", "assigned", "acted", "fed_back", "closed")


def found_share(records: Records, how: str) -> float:
    """Return the share of the disputes that the grid found which it found in one way."""
    found = float(np.count_nonzero(~records.says("cases", "found_how", "none")))
    return ratio(float(np.count_nonzero(records.says("cases", "found_how", how))), found)


def step_days(records: Records, step: str) -> float:
    """Return the mean days of grid cases from the step before to this one, over those that have come so far."""
    before = records.column("cases", f"recorded_{STEPS[STEPS.index(step) - 1]}_day")
    days = records.column("cases", f"recorded_{step}_day") - before
    return mean(days[records.says("cases", "channel", "grid") & ~np.isnan(days)])


def hours_per_worker(records: Records, kind: str) -> float:
    """Return the hours of one kind of work of a grid worker in 30 days."""
    return ratio(float(records.column("workers", f"{kind}_hours").sum()), staff_days(records, "workers")) * 30.0


def order_share(records: Records, order: str) -> float:
    """Return the share of grid workers' visits that were made in an order."""
    made = float(records.column("workers", "visits").sum())
    return ratio(float(records.column("workers", f"visits_{order}").sum()), made)


def activity_rate(records: Records) -> float:
    """Return the share of grid workers' working days that were worked."""
    owed = mean_staff(records, "workers") * records.fact("elapsed_working_days")
    return ratio(float(records.column("workers", "days_worked").sum()), owed)


def listed_cases(records: Records) -> float:
    """Return how many cases were put on the list of old ones."""
    return float(np.count_nonzero(records.column("cases", "listed")))


def of_finding(how: str, title: str, whose: str) -> Outcome:
    """Return the outcome that says which share of finds came in one way."""
    return Outcome(
        id=f"recorded_found_via_{how}_share",
        unit="share",
        better="none",
        title=title,
        definition=f"Disputes that the grid found through {whose} / disputes that the grid found.",
        group="disputes",
        kind="recorded",
        measure=partial(found_share, how=how),
    )


def of_step(step: str, title: str, what: str) -> Outcome:
    """Return the outcome that says how long a step of the closed loop takes."""
    return Outcome(
        id=f"grid_case_{step}_days",
        unit="days",
        better="lower",
        title=title,
        definition=f"Mean days of a grid case from {what}, over cases that came so far.",
        group="staff",
        kind="recorded",
        measure=partial(step_days, step=step),
    )


def of_hours(kind: str, title: str, what: str) -> Outcome:
    """Return the outcome that says how many hours a kind of work takes."""
    return Outcome(
        id=f"worker_{kind}_hours",
        unit="hours per worker and 30 days",
        better="none",
        title=title,
        definition=f"Hours of grid workers {what} / days of employment x 30.",
        group="staff",
        kind="neutral",
        measure=partial(hours_per_worker, kind=kind),
    )


def of_order(order: str, title: str, what: str) -> Outcome:
    """Return the outcome that says which share of visits was made in an order."""
    return Outcome(
        id=f"visits_{order}_share",
        unit="share",
        better="none",
        title=title,
        definition=f"Visits of grid workers {what} / their visits.",
        group="staff",
        kind="neutral",
        measure=partial(order_share, order=order),
    )


def of_fact(fact: str, unit: str, better: Literal["lower", "none"], title: str, definition: str) -> Outcome:
    """Return an outcome that is a fact of the run."""
    return Outcome(
        id=fact,
        unit=unit,
        better=better,
        title=title,
        definition=definition,
        group="staff",
        kind="neutral",
        measure=lambda records: records.fact(fact),
    )


OUTCOMES = (
    of_finding("visit", "Finds of grid workers", "visits of the grid worker in charge"),
    of_finding("seconded", "Finds of seconded staff", "visits of staff seconded from units"),
    of_finding("hand_over", "Finds handed over", "visits of another sector's worker, who handed them over"),
    of_finding("volunteer", "Finds of volunteers", "volunteers of micro-grids"),
    of_step("opened", "Days from report to case", "its report to its opening"),
    of_step("assigned", "Days to assignment", "its opening to its assignment to a worker"),
    of_step("acted", "Days from assignment to action", "its assignment to the moment when somebody acts on it"),
    of_step("fed_back", "Days from action to feedback", "the first action to the feedback to those who brought it"),
    of_step("closed", "Days from feedback to closing", "the feedback to its closing in the books"),
    of_hours("visit", "Hours on visits", "on visits, with the way,"),
    of_hours("case", "Hours on cases", "on cases"),
    of_hours("paper", "Hours on paperwork", "on the paperwork of cases"),
    of_hours("campaign", "Hours on campaigns", "on campaigns"),
    of_order("rota", "Visits in turn", "in the order of the rota"),
    of_order("risk_first", "Visits by risk", "in the order of the books, cases and last visit"),
    of_order("random", "Visits at random", "in no order"),
    Outcome(
        id="worker_activity_rate",
        unit="share",
        better="none",
        title="Activity rate of grid workers",
        definition="Days worked by grid workers / workers employed x working days.",
        group="staff",
        kind="neutral",
        measure=activity_rate,
    ),
    Outcome(
        id="recorded_listed_cases",
        unit="cases",
        better="lower",
        title="Cases on the list",
        definition="Cases of any channel that were put on the list of old open cases.",
        group="staff",
        kind="recorded",
        measure=listed_cases,
    ),
    of_fact(
        "volunteers", "persons", "none", "Volunteers of micro-grids", "Volunteers of micro-grids at the run's end."
    ),
    of_fact("whistles", "calls", "none", "Departments called in", "Times that a grid called departments to the place."),
    of_fact(
        "joint_hours",
        "hours",
        "lower",
        "Hours of joint handling",
        "Hours of departments' staff in joint handlings at the place that were done: persons x hours.",
    ),
    of_fact("seconded_visits", "visits", "none", "Visits of seconded staff", "Visits of staff seconded from units."),
    of_fact(
        "seconded_hours", "hours", "none", "Hours of seconded staff", "Hours of seconded staff on visits, with the way."
    ),
    of_fact(
        "hand_overs_lost",
        "matters",
        "lower",
        "Matters lost between sectors",
        "Matters that another sector's worker saw on a visit and that got lost on the way to the right one.",
    ),
)
