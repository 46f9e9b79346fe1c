"""Outcomes of cost: what the staff costs in yuan, by the pay in the parameter table."""

from __future__ import annotations

import numpy as np

from sim.engine.clock import YEAR
from sim.outcomes.measures import ratio
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.settlements import mediation_cases
from sim.outcomes.staff import staff_days
from sim.outcomes.units import ON_DUTY, hours_of_units, own

DAYS_A_MONTH = YEAR / 12.0


def grid_cost(records: Records) -> float:
    """Return the pay of grid workers, yuan."""
    return staff_days(records, "workers") / DAYS_A_MONTH * records.fact("grid_worker_pay_yuan_per_month")


def mediation_cost(records: Records) -> float:
    """Return the pay of mediators and their offices' costs for cases closed and hours of sessions, yuan."""
    closed = ~np.isnan(records.column("cases", "recorded_closed_day"))
    acted = ~np.isnan(records.column("cases", "recorded_acted_day"))
    offices = records.column("cases", "office")[closed & acted & mediation_cases(records)]
    cases = float(records.column("offices", "yuan_per_case")[offices].sum())
    led = (
        records.column("mediators", "hours")
        * records.column("offices", "yuan_per_hour")[records.column("mediators", "office")]
    )
    months = staff_days(records, "mediators") / DAYS_A_MONTH
    return months * records.fact("mediator_pay_yuan_per_month") + cases + float(led.sum())


def department_cost(records: Records) -> float:
    """Return the pay of departments' and units' staff for their hours in the grids, yuan."""
    hours = records.fact("joint_hours") + records.fact("seconded_hours")
    return hours * records.fact("department_pay_yuan_per_hour")


def police_cost(records: Records) -> float:
    """Return the pay of patrol crews for their hours on duty, overtime included, yuan."""
    hours = float(np.sum((records.column("units", "officers") * hours_of_units(records, ON_DUTY))[own(records)]))
    return ratio(hours, records.fact("paid_hours_per_year")) * records.fact("police_pay_yuan_per_year")


def total_cost(records: Records) -> float:
    """Return the pay of all staff, yuan."""
    return grid_cost(records) + department_cost(records) + mediation_cost(records) + police_cost(records)


def cost_per_resident(records: Records) -> float:
    """Return the pay of all staff for each resident and 365 days, yuan."""
    return ratio(total_cost(records), records.fact("residents") * records.fact("elapsed_days")) * YEAR


def cost_per_settlement(records: Records) -> float:
    """Return the pay of grid workers and mediators for each true settlement, yuan."""
    settled = float(np.count_nonzero(records.column("disputes", "true_settled")))
    return ratio(grid_cost(records) + mediation_cost(records), settled)


OUTCOMES = (
    Outcome(
        id="cost_grid_yuan",
        unit="yuan",
        better="lower",
        title="Cost of grid workers",
        definition=(
            "Months of employment of grid workers x monthly pay (month = 365/12 days), which is for a week of five "
            "days; their overtime is not paid."
        ),
        group="cost",
        kind="neutral",
        measure=grid_cost,
    ),
    Outcome(
        id="cost_departments_yuan",
        unit="yuan",
        better="lower",
        title="Cost of staff lent to the grids",
        definition=(
            "Hours of departments' staff in joint handlings at the place, and of seconded staff on visits, with the "
            "way, x pay for an hour."
        ),
        group="cost",
        kind="neutral",
        measure=department_cost,
    ),
    Outcome(
        id="cost_mediation_yuan",
        unit="yuan",
        better="lower",
        title="Cost of mediation",
        definition=(
            "Months of employment of mediators x monthly pay, plus the office's allowance for each case that was acted "
            "on and closed, plus its cost of an hour x hours of sessions ended."
        ),
        group="cost",
        kind="neutral",
        measure=mediation_cost,
    ),
    Outcome(
        id="cost_police_yuan",
        unit="yuan",
        better="lower",
        title="Cost of patrol crews",
        definition=(
            "Hours on duty of the town's own units, whatever they did, breaks included, x officers of a crew / hours "
            "that a year's pay buys (paid_hours_per_year) x yearly pay. So a unit on duty every day costs more than "
            "one crew's pay, which has days off. Overtime is charged like other hours, without a supplement."
        ),
        group="cost",
        kind="neutral",
        measure=police_cost,
    ),
    Outcome(
        id="cost_total_yuan",
        unit="yuan",
        better="lower",
        title="Cost of staff",
        definition="Cost of grid workers, staff lent to the grids, mediation and patrol crews together.",
        group="cost",
        kind="neutral",
        measure=total_cost,
    ),
    Outcome(
        id="cost_per_resident_yuan",
        unit="yuan per resident a year",
        better="lower",
        title="Cost of staff per resident",
        definition="Cost of staff / residents / elapsed days x 365.",
        group="cost",
        kind="neutral",
        measure=cost_per_resident,
    ),
    Outcome(
        id="cost_per_settlement_yuan",
        unit="yuan",
        better="lower",
        title="Cost per true settlement",
        definition="Cost of grid workers and mediation / disputes truly settled in any channel.",
        group="cost",
        kind="neutral",
        measure=cost_per_settlement,
    ),
)
