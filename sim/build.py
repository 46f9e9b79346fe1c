"""From a scenario to a world: the town's arrays, the people, and every table that the loop works on."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import grid, mediation, response
from sim.disputes import bound_frictions, lay_frictions, lay_handling, season_days
from sim.engine.clock import Calendar, cumulative_profile
from sim.people import settle_people
from sim.scenario import (
    Scenario,
    expected_records,
    grid_count,
    helper_count,
    order_layers,
    parameters_record,
    run_parameters,
    worker_count,
)
from sim.town import Speeds, Town, build_town
from sim.world import DAYS, DISTRICTS, DTYPES, SERIES, STATE, Table, World, empty_table

SPARE_ROWS = 64  # more than any event adds to a growing table, staff of one office aside
SPARE_EVENTS = 4096
ROWS_A_RELEASE = 4  # that a unit which comes free may add to a table or to the queue


def working_days(calendar: Calendar, parameters: Any) -> Table:
    """Return the table of days: whether offices work (Monday to Friday), and factors of mean 1 on rates.

    The factors multiply rates of frictions and background calls: weekday weight x month weight, each over its mean.
    """
    days = empty_table(DAYS, calendar.days)
    weekdays, months = calendar.weekdays(), calendar.months()
    days["workday"] = weekdays < 5
    days["category_factor"] = 1.0
    for what in ("friction", "call"):
        by_weekday = np.asarray(parameters[f"{what}_weekday_weight"], dtype=np.float64)
        by_month = np.asarray(parameters[f"{what}_month_weight"], dtype=np.float64)
        days[f"{what}_factor"] = (by_weekday / by_weekday.mean())[weekdays] * (by_month / by_month.mean())[months]
    return days


def number_districts(communities: Table, level: str) -> Table:
    """Write each community's district and return the table of districts with their residents."""
    rows = np.arange(len(communities)) if level == "community" else communities[level].astype(np.int64)
    communities["district"] = rows
    districts = empty_table(DISTRICTS, int(rows.max()) + 1)
    np.add.at(districts["residents"], rows, communities["end_resident"] - communities["first_resident"])
    return districts


def sum_tension(districts: Table, communities: Table, residents: Table) -> None:
    """Set each district's sum of tension at the start from its residents."""
    sums = np.concatenate(([0.0], np.cumsum(residents["tension"], dtype=np.float64)))
    by_community = sums[communities["end_resident"]] - sums[communities["first_resident"]]
    np.add.at(districts["tension_sum"], communities["district"], by_community)


def first_rows(scenario: Scenario) -> dict[str, int]:
    """Return how many rows the growing tables start with: more than nearly any run of this length comes to.

    Counts are nearly Poisson; a table that grows after all is copied whole.
    """
    expected = expected_records(scenario)
    return {
        name: int((1.1 if name == "disputes" else 1.0) * rows + 5.0 * rows**0.5) + 1000
        for name, rows in expected.items()
    }


def initial_state(seed: int, parameters: Any, circuity: float) -> Table:
    """Return the table of counters and fixed bounds, one row."""
    state = empty_table(STATE, 1)
    state["seed"] = seed
    state["circuity"] = circuity
    state["friction_hours"] = cumulative_profile(parameters.friction_hour_weight)
    return state


def town_of(scenario: Scenario) -> Town:
    """Return the town of a scenario, the same for every seed; driving speeds follow the scenario's parameters.

    Raises:
        TownError: everything that is wrong with a network file.
    """
    values = parameters_record(scenario.parameters)[0]
    speeds = Speeds(*(float(values[f"speed_{kind}_kmh"]) for kind in ("trunk", "main", "street", "lane")))
    return build_town(scenario.town, speeds=speeds)


def build_world(
    scenario: Scenario, town: Town, calendar: Calendar, seed: int, log: response.CallLogData | None = None
) -> World:
    """Return the world of a scenario at the start of day 0, before any intervention and any event.

    ``log`` is the recorded log of calls, for a scenario that replays one.
    """
    parameters = run_parameters(scenario)
    values = parameters[0]
    residents, households, communities = settle_people(
        town,
        residents=scenario.people.residents,
        mean_size=scenario.people.household_size_mean,
        migrant_share=scenario.people.migrant_share,
        merchants=scenario.people.merchants,
        parameters=values,
        seed=seed,
    )
    districts = number_districts(communities, scenario.records.district)
    sum_tension(districts, communities, residents)
    regimes = grid.lay_regimes(scenario.grid, communities)
    grids = grid.draw_grids(communities, households, grid_count(scenario, len(households)))
    grid.draw_sectors(grids, regimes, communities, households)
    workers = grid.hire_workers(worker_count(scenario, len(grids)))
    grid.post_workers(grids, workers)
    state = initial_state(seed, values, town.statistics().circuity)
    state["grid_visit_quota"] = scenario.grid.visits_per_worker_per_day
    rows = first_rows(scenario)
    days = working_days(calendar, values)
    season_days(days, scenario, calendar, values)
    laid = response.lay_out(scenario, town, parameters=values, calendar=calendar, days=days, log=log, seed=seed)
    laid |= lay_frictions(
        scenario, laid["nodes"], residents, households, communities, parameters=values, calendar=calendar, seed=seed
    )
    laid |= mediation.lay_groups(scenario.mediation, values) | mediation.lay_practice(scenario.mediation)
    groups = scenario.mediation.all_groups()
    channels = laid["office_groups"]["channel"]
    offices, serving = mediation.lay_offices(communities, households, laid["nodes"], groups, channels)
    mediators = mediation.hire_groups(
        [group.mediators for group in groups], laid["office_groups"], [0] * len(groups), seed
    )
    mediation.staff_offices(offices, communities, serving, mediators)
    staff = len(workers) + helper_count(scenario)
    events = staff + 4 * len(laid["units"]) + scenario.people.residents // 20 + SPARE_EVENTS
    world = World(
        parameters=parameters,
        state=state,
        handling=lay_handling(scenario, float(values.grid_stage_limit)),
        days=days,
        residents=residents,
        households=households,
        grids=grids,
        regimes=regimes,
        visit_order=grid.lay_visit_order(len(households), order_layers(scenario), float(values.risk_visit_days)),
        communities=communities,
        districts=districts,
        workers=workers,
        helpers=grid.hire_helpers(helper_count(scenario)),
        offices=offices,
        serving=serving,
        mediators=mediators,
        queue=empty_table(DTYPES["queue"], events),
        series=empty_table(SERIES, calendar.days * len(districts)),
        **{name: empty_table(DTYPES[name], count) for name, count in rows.items()},
        **laid,
    )
    reserve_room(world)
    bound_frictions(world)
    return world


def reserve_room(world: World) -> None:
    """State how many rows every growing table keeps free before an event.

    One office's staff may all start at once, and so may all units of a containment that are sent out or released.
    """
    staff = np.bincount(world.mediators["office"][world.mediators["active"] == 1]).max(initial=0)
    crews = min(len(world.units), int(world.containment["units"].sum()))
    world.state["room"] = SPARE_ROWS + int(staff) + ROWS_A_RELEASE * crews


def enlarged(world: World, events: int = 0) -> World:
    """Return the world with every nearly full growing table half as large again.

    The queue gets room for ``events`` more events on top.
    """
    state = world.state[0]
    used = {
        "disputes": state.dispute_rows,
        "cases": state.case_rows,
        "sessions": state.session_rows,
        "calls": state.call_rows,
        "dispatches": state.dispatch_rows,
        "queue": world.queue[0].row + 1,
    }
    fuller: dict[str, Table] = {}
    for name, count in used.items():
        table = getattr(world, name)
        extra = int(state.room) + (events if name == "queue" else 0)
        if len(table) - count <= extra:
            larger = empty_table(table.dtype, len(table) + len(table) // 2 + extra)
            larger[:count] = table[:count]
            fuller[name] = larger
    return world._replace(**fuller)
