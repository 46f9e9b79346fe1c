"""The response side of a new world: orders, groups of units, streams of calls, and the times of all ways."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import Cover, Geometry
from sim.response.call_log import read_call_log
from sim.response.call_streams import lay_streams
from sim.response.containment import lay_containment
from sim.response.groups import lay_groups
from sim.response.orders import lay_compliance, lay_coverage, lay_orders
from sim.response.pools import Pools
from sim.response.rota import weekday_bits
from sim.town import (
    TICKS_PER_SECOND,
    Problem,
    RoadClass,
    TownError,
    TrafficPatterns,
    Ways,
    empty_aim,
    ticks_per_straight_metre,
    traffic_patterns,
    ways_of,
)
from sim.world import CANDIDATES, DTYPES, Table, empty_table

if TYPE_CHECKING:
    from sim.engine.clock import Calendar
    from sim.response.call_log import CallLogData
    from sim.scenario import Scenario
    from sim.town import Town

HOURS_A_WEEK = 168
CLASSES = ("trunk", "main", "street", "lane")  # in the order of RoadClass


def read_log(scenario: Scenario, town: Town, calendar: Calendar) -> CallLogData | None:
    """Return the recorded log that a scenario replays, or None.

    Raises:
        CallLogError, TownError: everything that is wrong with the log.
    """
    return None if scenario.calls.log is None else read_call_log(scenario.calls.log, town, calendar)


def speed_factors(scenario: Scenario) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return how fast one drives at each hour of the week on each class of road, as a multiple, shape (168, 4).

    Where several entries of ``traffic`` speak of an hour their multiples multiply.
    """
    factors = np.ones((HOURS_A_WEEK, len(RoadClass)))
    for part in scenario.response.travel.traffic:
        days = (
            range(7) if part.weekdays is None else [day for day in range(7) if weekday_bits(part.weekdays) >> day & 1]
        )
        hours = [24 * day + hour for day in days for hour in part.hours]
        factors[hours] *= [getattr(part, name) for name in CLASSES]
    return factors


def no_ways() -> Ways:
    """Return empty tables of ways, for a town in which nobody drives on roads."""
    return Ways(*(empty_table(DTYPES[name], 0) for name in ("ways", "out_labels", "in_labels")))


def lay_out(
    scenario: Scenario,
    town: Town,
    *,
    parameters: Any,
    calendar: Calendar,
    days: Table,
    log: CallLogData | None,
    seed: int,
) -> dict[str, Table]:
    """Return the response tables of a new world, by name.

    Args:
        scenario: its ``response`` and ``calls`` are read.
        town: the place; on roads every node must be within reach of every other.
        parameters: a record of parameters.
        calendar: of the run.
        days: the table of days.
        log: the recorded log, or None.
        seed: of the run; the flights of its calendar are drawn with it, and nothing else.

    Returns:
        Everything but the tables that grow. All units are off duty until ``start_shifts``. A town and a scenario have
        the same layout under every seed.

    Raises:
        TownError: everything that is wrong with named nodes, preferences and files.
        ValueError: for impossible counts, shifts or profiles.
    """
    pools = Pools()
    orders = lay_orders(scenario, town, calendar.start.weekday())
    traffic = traffic_patterns(town.roads, speed_factors(scenario))
    on_roads = orders[0].geometry == Geometry.ROADS
    ways = ways_of(town.roads, traffic) if on_roads else no_ways()
    laid = lay_groups(scenario, town, parameters, pools)
    lay_traffic(orders, town, traffic)
    if orders[0].cover == Cover.TABLE:
        lay_compliance(orders, scenario.response.cover, laid["posts"], pools)
    if orders[0].cover == Cover.COVERAGE:
        lay_coverage(orders, scenario.response.cover, town, laid["posts"], ways, pools)
    laid |= lay_streams(scenario.calls, town, parameters, days, scenario.people.residents, pools, log)
    laid |= lay_containment(scenario, town, calendar.days, seed)
    candidates = empty_table(CANDIDATES, len(laid["units"]))
    aim = empty_aim(len(town.roads) if on_roads else 0)
    return {**laid, **ways._asdict(), **pools.tables(), "orders": orders, "aim": aim, "candidates": candidates}


def refuse_wrong_names(
    scenario: Scenario, town: Town, *, parameters: Any, days: Table, log: CallLogData | None
) -> None:
    """Make sure of every node and file that a scenario's groups and streams name, without finding any ways.

    Raises:
        TownError: everything that is wrong with them.
    """
    problems: list[Problem] = []
    pools, people = Pools(), scenario.people.residents
    parts: list[Callable[[], object]] = [
        lambda: lay_groups(scenario, town, parameters, pools),
        lambda: lay_streams(scenario.calls, town, parameters, days, people, pools, log),
    ]
    for lay in parts:
        try:
            lay()
        except TownError as error:
            problems += error.problems
    if problems:
        raise TownError(problems)


def lay_traffic(orders: Table, town: Town, traffic: TrafficPatterns) -> None:
    """Write the traffic of the week into the orders."""
    row = orders[0]
    row.pattern_of_hour[:] = traffic.pattern_of_hour
    row.pace_of_hour[:] = traffic.pace_of_hour
    ticks = float(ticks_per_straight_metre(town.roads, traffic).min()) * float(traffic.pace_of_hour.min())
    row.metres_per_second = TICKS_PER_SECOND / ticks if ticks > 0.0 else math.inf
