"""The parameter table: every number of the model that is no scenario's own, with its unit, range and source.

``parameters.csv`` holds a row for each parameter. ``status`` says how far a value can be trusted: F found, D derived
or with a denominator to check, M from memory and to be checked, N no source. An N row is a free parameter: its value
is a choice, it is swept from ``low`` to ``high``, and a report lists those that its result rests on.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    import numpy as np

Status = Literal["F", "D", "M", "N"]
Value = float | tuple[float, ...]

TABLE = Path(__file__).with_name("parameters.csv")
INDEX_LENGTHS = {
    "": 0,
    "category": 15,
    "stage": 9,
    "tie": 6,
    "hour": 24,
    "weekday": 7,
    "month": 12,
    "colour above blue": 4,
}
SHARES_SUM_TO = 1e-6  # how far the shares of a list may be from 1 in sum

# A scenario sets these by a field of its own; the table holds their defaults.
FIELD_OF = {
    "household_size_mean": "people.household_size_mean",
    "migrant_share": "people.migrant_share",
    "households_per_grid": "grid.households_per_grid",
    "workers_per_grid": "grid.workers_per_grid",
    "visits_per_worker_per_day": "grid.visits_per_worker_per_day",
    "grid_activity_rate": "grid.activity_rate",
    "micro_grid_households": "grid.micro_grids.households",
    "volunteer_hear_per_day": "grid.micro_grids.hear_per_day",
    "alarm_delay_minutes": "response.containment.alarm_delay_minutes",
    "containment_units": "response.containment.units",
    "suspect_speed_factor": "response.containment.suspect_speed_factor",
    "check_point_hold_minutes": "response.containment.hold_minutes",
    "check_point_stop_probability": "response.containment.stop_probability",
    "contagion_branching_ratio": "disputes.contagion.branching_ratio",
    "contagion_decay_per_day": "disputes.contagion.decay_per_day",
    "contagion_kernel_metres": "disputes.contagion.kernel_metres",
}

# What a unit allows: from, to. Others are 0 or more; the upper bound only keeps arithmetic finite.
UNIT_LIMITS: dict[str, tuple[float, float]] = {
    "probability": (0.0, 1.0),
    "share": (0.0, 1.0),
    "trust (0..1)": (0.0, 1.0),
    "tension (0..1)": (0.0, 1.0),
    "logit": (-50.0, 50.0),
    "logit/day": (-50.0, 50.0),
    "logit/hour": (-50.0, 50.0),
    "hour of the day": (0.0, 24.0),
    "stage": (1.0, 9.0),
    "sigma of the logarithm": (0.0, 5.0),
    "km/h": (0.1, 200.0),
    "1/day": (0.0, 1e4),
    "sessions": (1.0, 60.0),
}
WHOLE_UNITS = ("patrol units", "persons called", "sessions", "stage")  # counted one by one
OWN_LIMITS: dict[str, tuple[float, float]] = {
    "triage_big_stage": (1.0, 10.0),
    "triage_private_stage": (0.0, 9.0),
    "grading_risk_from": (0.0, 20.0),
    "grading_violence_stages": (0.0, 10.0),
    "grading_tension_stages": (0.0, 10.0),
    "tension_half_life_days": (1e-3, 1e6),
    "defuse_delay_half_minutes": (1e-3, 1e6),
    "emergency_speed_factor": (0.1, 10.0),
    "patrol_dwell_minutes": (0.1, 1e5),
    "patrol_interval_minutes": (0.1, 1e5),
    "presence_optimum_minutes": (0.1, 1e5),
    "presence_half_life_minutes": (0.1, 1e6),
    "presence_drive_by": (0.0, 1.0),
    "place_residents_per_node": (0.0, 1e6),
    "suspect_speed_factor": (0.1, 5.0),
    "work_hours_per_day": (0.1, 24.0),
    "mediation_hours_per_day": (0.1, 24.0),
    "work_start_hour": (0.0, 23.9),
    "mediation_start_hour": (0.0, 23.9),
    "grid_case_hours": (1e-3, 1e4),
    "risk_visit_days": (1e-3, 1e5),
    "visit_minutes": (1e-3, 1e4),
    "session_hours": (1e-3, 1e4),
    "mediation_fatigue_days": (1e-3, 1e6),
    "court_hearing_days": (0.0, 1e5),
    "court_ruling_days": (0.0, 1e5),
    "contagion_branching_ratio": (0.0, 0.99),
    "contagion_kernel_metres": (1e-3, 1e6),
    "friction_density_elasticity": (0.0, 5.0),
    "lunar_before_days": (0.0, 180.0),
    "lunar_during_days": (0.0, 60.0),
    "collective_parties_mean": (1.0, 1e4),
    "collective_weeks": (1e-3, 520.0),
    "climb_treatment_gain": (0.0, 1.0),
    "treatment_trust_gain": (0.0, 1.0),
    "treatment_waiting_half_days": (1e-3, 1e6),
    "police_treatment_half_minutes": (1e-3, 1e6),
}
OTHER_LIMITS = (0.0, 1e9)


@dataclass(frozen=True)
class Parameter:
    """One row of the table.

    Attributes:
        id: name in scenario files and in the world's ``parameters`` record.
        index: what a list runs over: category, stage, hour, weekday or month; "" for a single number.
        meaning: what the number is.
        mechanism: the part of the model that uses it.
        default: the value where a scenario says nothing; a tuple for a list.
        low: lower end of the range in which it is swept; a tuple for a list.
        high: upper end.
        unit: unit of all three.
        source: author, year and figure; "no source found" for status N.
        status: F found, D derived or denominator to check, M from memory, N no source.
        note: why this default was chosen.
    """

    id: str
    index: str
    meaning: str
    mechanism: str
    default: Value
    low: Value
    high: Value
    unit: str
    source: str
    status: Status
    note: str

    @property
    def length(self) -> int:
        """Return how many numbers a value has, 0 for a single number."""
        return INDEX_LENGTHS[self.index]

    @property
    def limits(self) -> tuple[float, float]:
        """Return the least and the greatest value that has a meaning; the range low..high is narrower."""
        return OWN_LIMITS.get(self.id) or UNIT_LIMITS.get(self.unit) or OTHER_LIMITS

    @property
    def whole(self) -> bool:
        """Return whether only whole numbers have a meaning."""
        return self.unit in WHOLE_UNITS

    @property
    def allowed(self) -> str:
        """Return in words what a value may be."""
        low, high = self.limits
        numbers = f"{self.length} numbers, one for each {self.index}, each" if self.length else "a number"
        numbers = "a whole number" if self.whole and not self.length else numbers
        total = ", with a sum of 1" if self.length and self.unit == "share" else ""
        return f"{numbers} from {low:g} to {high:g} ({self.unit}){total}"


def parsed(text: str) -> Value:
    """Return a cell of the table as a number, or as a tuple where it is a list with semicolons."""
    numbers = tuple(float(part) for part in text.split(";"))
    return numbers if ";" in text else numbers[0]


@cache
def parameter_table() -> dict[str, Parameter]:
    """Return every parameter by id, in the order of the file."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["id"]: Parameter(
            id=row["id"],
            index=row["index"],
            meaning=row["meaning"],
            mechanism=row["mechanism"],
            default=parsed(row["default"]),
            low=parsed(row["low"]),
            high=parsed(row["high"]),
            unit=row["unit"],
            source=row["source"],
            status=cast("Status", row["status"]),
            note=row["note"],
        )
        for row in rows
    }


def default(name: str) -> Any:
    """Return a parameter's default: a float, or a tuple of floats for a list.

    Raises:
        KeyError: there is no such parameter.
    """
    return parameter_table()[name].default


def is_number(value: object) -> bool:
    """Decide whether a value is a finite number (a boolean is none, and neither is one beyond all floats)."""
    greatest = sys.float_info.max
    return isinstance(value, int | float) and not isinstance(value, bool) and -greatest <= value <= greatest


def is_allowed(parameter: Parameter, value: Any) -> bool:
    """Decide whether a parameter may have a value: its shape, and limits of what has a meaning."""
    numbers: list[Any] = list(value) if isinstance(value, list | tuple) else [value]
    if isinstance(value, list | tuple) != bool(parameter.length) or len(numbers) != max(parameter.length, 1):
        return False
    if not all(is_number(number) for number in numbers):
        return False
    low, high = parameter.limits
    total = float(sum(numbers))
    if not all(low <= number <= high for number in numbers):
        return False
    if parameter.whole and any(number != int(number) for number in numbers):
        return False
    if parameter.length and parameter.unit == "share":
        return abs(total - 1.0) <= SHARES_SUM_TO
    return parameter.unit != "weight" or total > 0


def parameters_record(overrides: Mapping[str, float | Sequence[float]]) -> np.recarray[Any, np.dtype[Any]]:
    """Return the parameters of a run: one row with a field for each id, in the order of the file.

    A field is a float64, or an array of float64 of the list's length.

    Args:
        overrides: values that replace defaults, by id.

    Raises:
        KeyError: an override names no parameter.
        ValueError: an override has a wrong shape or lies outside what has a meaning.
    """
    import numpy as np

    table = parameter_table()
    dtype = np.dtype([(one.id, "f8", (one.length,)) if one.length else (one.id, "f8") for one in table.values()])
    record = np.zeros(1, dtype=dtype)
    for one in table.values():
        record[one.id] = one.default
    for name, value in overrides.items():
        if not is_allowed(table[name], value):
            raise ValueError(f"{name} is {value!r}; allowed: {table[name].allowed}")
        record[name] = value
    return record.view(np.recarray)
