"""Records that are no single events: daily series, districts with their people, staff, and the run's own facts."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from sim.codes import Channel, OfficeKind, Rounds
from sim.engine.clock import Calendar
from sim.events import Kind
from sim.mediation import opening_hours
from sim.outcomes.tables import flags
from sim.outcomes.words import Column, encode, words_of
from sim.people import decayed
from sim.world import SERIES, World

TRUSTS = ("trust_grid", "trust_mediation", "trust_police")
FACTS = (
    "work_hours_per_day",
    "mediation_hours_per_day",
    "grid_worker_pay_yuan_per_month",
    "department_pay_yuan_per_hour",
    "mediator_pay_yuan_per_month",
    "mediator_yuan_per_case",
    "police_pay_yuan_per_year",
    "paid_hours_per_year",
)


def tension_sums(world: World, horizon: float) -> Column:
    """Return each district's sum of tension over its residents at the horizon, shape (districts,)."""
    half_life = float(world.parameters[0].tension_half_life_days)
    rows = world.districts
    return np.array(
        [decayed(float(row.tension_sum), horizon - float(row.tension_day), half_life) for row in rows],
        dtype=np.float64,
    )


def first_open_day(world: World) -> int:
    """Return the first day whose end the loop has not yet written into the series."""
    pending = world.queue[1 : 1 + int(world.queue[0].row)]
    ends = pending["row"][pending["kind"] == Kind.DAY_ENDS]
    return int(ends.min()) if len(ends) else len(world.days)


def decode_series(world: World, calendar: Calendar, horizon: float) -> pa.Table:
    """Return one row for each day begun before the horizon and each district: counts of that day.

    ``true_tension_sum`` is the sum over residents at the day's end, NaN for a day that is not over.
    """
    districts, days = len(world.districts), math.ceil(horizon)
    rows = world.series[: days * districts]
    day = np.repeat(np.arange(days, dtype=np.int32), districts)
    dates = np.repeat(np.array([calendar.date_of(number) for number in range(days)], dtype="datetime64[D]"), districts)
    columns = {name: np.asarray(rows[name]) for name in SERIES.names or ()}
    tension = columns["true_tension_sum"].copy()
    open_day = first_open_day(world)
    tension[day >= open_day] = np.nan
    if open_day < days and horizon >= open_day + 1:
        # The run stopped exactly at this day's end, before the loop's note of it.
        tension[day == open_day] = tension_sums(world, open_day + 1.0)
    columns["true_tension_sum"] = tension
    district = np.tile(np.arange(districts, dtype=np.int32), days)
    return pa.table({"day": day, "date": pa.array(dates, type=pa.date32()), "district": district, **columns})


def sum_by(places: Any, values: Any, count: int) -> Column:
    """Return sums in 64 bits of ``values`` by place, shape (count,)."""
    return np.bincount(np.asarray(places), weights=np.asarray(values, dtype=np.float64), minlength=count)


def decode_districts(world: World, names: list[str], horizon: float) -> pa.Table:
    """Return one row for each district: who lives there, and tension and trust at the horizon.

    Args:
        world: the tables.
        names: of the districts, in the order of their rows.
        horizon: the moment to which tension is carried.
    """
    count = len(world.districts)
    households = world.communities["district"][world.households["community"]]
    residents = households[world.residents["household"]]
    number = np.bincount(residents, minlength=count)
    return pa.table(
        {
            "district": np.arange(count, dtype=np.int32),
            "name": pa.array(names, type=pa.string()),
            "residents": number,
            "households": np.bincount(households, minlength=count),
            "migrants": sum_by(residents, world.residents["migrant"], count).astype(np.int64),
            "visits": sum_by(households, world.households["visits"], count).astype(np.int64),
            "true_tension_sum": tension_sums(world, horizon),
            **{f"true_{trust}_sum": sum_by(residents, world.residents[trust], count) for trust in TRUSTS},
        }
    )


def employed_days(world: World, rows: Any, horizon: float) -> Column:
    """Return how many days each worker or mediator has been employed up to the horizon, shape (rows,)."""
    since_booked = horizon - float(world.state[0].employment_booked)
    return np.asarray(rows["employed_days"] + np.where(rows["active"] != 0, since_booked, 0.0))


def decode_workers(world: World, horizon: float) -> pa.Table:
    """Return one row for each grid worker ever hired, with the account of hours."""
    rows = world.workers
    # Who was let go keeps the number of a grid that may be gone since the grids were drawn anew.
    community = world.grids["community"][np.clip(rows["grid"], 0, len(world.grids) - 1)]
    return pa.table(
        {
            "worker": np.arange(len(rows), dtype=np.int32),
            "grid": np.asarray(rows["grid"]),
            "district": np.asarray(world.communities["district"][community], dtype=np.int32),
            "active": pa.array(rows["active"] != 0),
            "employed_days": employed_days(world, rows, horizon),
            "visits": np.asarray(rows["visits"]),
            "cases": np.asarray(rows["cases"]),
            "visit_hours": np.asarray(rows["visit_hours"]),
            "case_hours": np.asarray(rows["case_hours"]),
            "paper_hours": np.asarray(rows["paper_hours"]),
            "campaign_hours": np.asarray(rows["campaign_hours"]),
            "days_worked": np.asarray(rows["days_worked"]),
            **{
                f"visits_{rounds.name.lower()}": np.ascontiguousarray(rows["visits_by_order"][:, rounds])
                for rounds in Rounds
            },
            "overtime_hours": np.asarray(rows["overtime_hours"]),
        }
    )


def decode_mediators(world: World, horizon: float) -> pa.Table:
    """Return one row for each mediator ever hired."""
    rows = world.mediators
    return pa.table(
        {
            "mediator": np.arange(len(rows), dtype=np.int32),
            "office": np.asarray(rows["office"]),
            "level": encode(world.offices["channel"][np.maximum(rows["office"], 0)], words_of(Channel)),
            "active": pa.array(rows["active"] != 0),
            "employed_days": employed_days(world, rows, horizon),
            "true_skill": np.asarray(rows["skill"]),
            "sessions": np.asarray(rows["sessions"]),
            "hours": np.asarray(rows["hours"]),
            "team_hours": np.asarray(rows["team_hours"]),
            "travel_hours": np.asarray(rows["travel_hours"]),
        }
    )


def decode_offices(world: World, horizon: float, names: list[str]) -> pa.Table:
    """Return one row for each mediation office: its group, what it is, and what its group's people cost.

    Args:
        world: the tables.
        horizon: the moment up to which its hours are counted.
        names: of the groups.
    """
    rows, groups = world.offices, world.office_groups
    mine = np.asarray(rows["group"])
    first_weekday = int(world.orders[0].first_weekday)
    hours = np.array([opening_hours(group, world.days, first_weekday, horizon) for group in groups])
    return pa.table(
        {
            "office": np.arange(len(rows), dtype=np.int32),
            "group": encode(mine, names),
            "kind": encode(groups["kind"][mine], words_of(OfficeKind)),
            "level": encode(rows["channel"], words_of(Channel)),
            "node": np.asarray(rows["node"]),
            "working": flags(rows["working"]),
            "open_hours": hours[mine] if len(rows) else np.zeros(0),
            "passed_on": np.asarray(rows["passed_on"]),
            "yuan_per_case": np.asarray(groups["yuan_per_case"][mine]),
            "yuan_per_hour": np.asarray(groups["yuan_per_hour"][mine]),
        }
    )


def decode_hand_overs(world: World) -> pa.Table:
    """Return one row for each channel that hands over to mediation: cases sent, and lost on the way."""
    rows = world.hand_overs
    return pa.table(
        {
            "source": encode(np.arange(len(rows)), words_of(Channel)),
            "sent": np.asarray(rows["sent"]),
            "lost": np.asarray(rows["lost"]),
        }
    )


def working_days(world: World, horizon: float) -> float:
    """Return the working days before the horizon; a day under way counts for the part that is over."""
    days = np.clip(horizon - np.arange(len(world.days)), 0.0, 1.0)
    return float(days[world.days["workday"] != 0].sum())


def volunteers(world: World) -> int:
    """Return how many volunteers micro-grids have at present: one each, in townships where they hear anything."""
    rows = world.regimes
    homes = (rows["end_household"] - rows["first_household"]).astype(np.int64)
    micro_grids = -(-homes // np.maximum(rows["micro_grid_households"], 1))
    return int(micro_grids[rows["hear_per_day"] > 0.0].sum())


def grid_facts(world: World) -> dict[str, list[Any]]:
    """Return the facts of a run about help that grids had: volunteers, departments, seconded staff, other sectors."""
    facts: dict[str, list[Any]] = {"volunteers": [volunteers(world)]}
    for name in ("whistles", "handed_over", "hand_overs_lost"):
        facts[name] = [int(world.regimes[name].sum())]
    facts["joint_hours"] = [float(world.regimes["joint_hours"].sum())]
    facts["seconded_visits"] = [int(world.helpers["visits"].sum())]
    facts["seconded_hours"] = [float(world.helpers["visit_hours"].sum())]
    facts["seconded_days"] = [int(world.helpers["days"].sum())]
    return facts


def decode_run(world: World, calendar: Calendar, horizon: float) -> pa.Table:
    """Return the one row of facts that outcomes need besides events: lengths, people, help, hours of work, pay."""
    parameters = world.parameters[0]
    facts: dict[str, list[Any]] = {
        "start_date": [calendar.start],
        "end_date": [calendar.start + timedelta(days=math.ceil(horizon))],
        "elapsed_days": [float(horizon)],
        "elapsed_working_days": [working_days(world, horizon)],
        "residents": [len(world.residents)],
        "households": [len(world.households)],
        "grids": [len(world.grids)],
    }
    return pa.table(facts | grid_facts(world) | {name: [float(parameters[name])] for name in FACTS})
