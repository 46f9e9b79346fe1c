"""Laying out a containment: all flights of the calendar, and the rings around the areas in which they start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import NOBODY, RING_KINDS, Ring
from sim.engine.clock import MINUTE, YEAR
from sim.engine.compiled import compiled
from sim.engine.draws import exponential, uniform, whole_below
from sim.purposes import Purpose
from sim.response.containment.cuts import Flags, Rows, graph_of
from sim.response.containment.exits import exits
from sim.response.containment.rings import area_ring, edge_ring, ring_tables
from sim.world import CONTAINMENT, FLIGHTS, RING_POINTS, RINGS, Table, empty_table

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.town import Town


@compiled
def flights_before(seed: int, per_day: float, days: float) -> int:
    """Return how many flights start before a day: the flights are a Poisson process of a constant rate."""
    count = 0
    moment = exponential(seed, Purpose.FLIGHT_GAP, 0, 0) / per_day
    while moment < days:
        count += 1
        moment += exponential(seed, Purpose.FLIGHT_GAP, count, 0) / per_day
    return count


@compiled
def draw_flights(flights: Any, seed: int, per_day: float, homes_up_to: Any, ways_out: Any) -> None:
    """Draw each flight's start, scene and exit at its own address.

    Args:
        flights: the table to be filled.
        seed: of the run.
        per_day: mean number of flights a day.
        homes_up_to: summed share of homes up to each node; a scene lies at a node in proportion to its homes, as
            background calls do.
        ways_out: nodes of the exits; each is as likely as any other.
    """
    moment = 0.0
    for row in range(len(flights)):
        flight = flights[row]
        moment += exponential(seed, Purpose.FLIGHT_GAP, row, 0) / per_day
        flight.start = moment
        where = uniform(seed, Purpose.FLIGHT_PLACE, row, 0) * homes_up_to[-1]
        flight.scene = min(np.searchsorted(homes_up_to, where, side="right"), len(homes_up_to) - 1)
        flight.exit = ways_out[whole_below(len(ways_out), uniform(seed, Purpose.FLIGHT_EXIT, row, 0))]


def lay_flights(town: Town, ways_out: Rows, per_year: float, alarm_delay: float, days: int, seed: int) -> Table:
    """Return the table of all flights of a calendar, their rings not yet found.

    Args:
        town: where.
        ways_out: the nodes of the exits.
        per_year: mean number of flights in a year.
        alarm_delay: days from a flight's start to the alarm.
        days: of the calendar.
        seed: of the run.
    """
    per_day = per_year / YEAR
    flights = empty_table(FLIGHTS, flights_before(seed, per_day, float(days)) if per_day > 0.0 else 0)
    draw_flights(flights, seed, per_day, np.cumsum(town.weight), ways_out)
    flights["alarm"] = flights["start"] + alarm_delay
    for name in ("leaves", "ended", "reached", "closed"):
        flights[name] = np.nan
    for name in ("ring", "caught_at"):
        flights[name] = NOBODY
    flights["at_node"] = flights["scene"]
    return flights


def areas_of(town: Town, kind: Ring) -> Rows:
    """Return the number of the area of a kind in which each node lies, shape (n,)."""
    tree = town.administration
    township = tree.community_township[tree.node_community]
    if kind == Ring.TOWNSHIP:
        return township.astype(np.int64)
    return tree.township_county[township].astype(np.int64) if kind == Ring.COUNTY else np.zeros(len(township), np.int64)


def lay_rings(town: Town, kinds: list[Ring], ways_out: Rows, flights: Table) -> tuple[Table, Table]:
    """Return the tables of rings and points around the flights' scenes, and write into the flights which are theirs.

    Only areas in which a flight starts get a ring.
    """
    graph = graph_of(town.roads)
    is_exit: Flags = np.zeros(len(town.roads), dtype=bool)
    is_exit[ways_out] = True
    found: list[tuple[int, int, Rows]] = []
    for kind in kinds:
        area_of = areas_of(town, kind)
        areas, which = np.unique(area_of[flights["scene"]], return_inverse=True)
        flights["ring"][:, kind] = len(found) + which
        for area in areas.tolist():
            nodes = edge_ring(graph, is_exit) if kind == Ring.EDGE else area_ring(graph, area_of == area, is_exit)
            found.append((kind, area, nodes))
    return ring_tables(found)


def lay_containment(plan: Scenario, town: Town, days: int, seed: int) -> dict[str, Table]:
    """Return the tables ``containment``, ``rings``, ``ring_points`` and ``flights`` of a run.

    Without a containment in the scenario they are empty.

    Args:
        plan: the scenario.
        town: with roads; on a plane there are none to be closed.
        days: of the calendar.
        seed: of the run.
    """
    part = plan.response.containment
    if part is None:
        dtypes = {"containment": CONTAINMENT, "rings": RINGS, "ring_points": RING_POINTS, "flights": FLIGHTS}
        return {name: empty_table(dtype, 0) for name, dtype in dtypes.items()}
    kinds = [Ring[name.upper()] for name in part.rings]
    order = empty_table(CONTAINMENT, 1)
    order["turn"] = [*kinds, *[NOBODY] * (RING_KINDS - len(kinds))]
    order["in_time_only"] = part.in_time_only
    order["units"] = part.units
    order["hold"] = part.hold_minutes * MINUTE
    order["stop_probability"] = part.stop_probability
    order["speed_factor"] = part.suspect_speed_factor
    ways_out = exits(town.roads)
    flights = lay_flights(town, ways_out, part.flights_per_year, part.alarm_delay_minutes * MINUTE, days, seed)
    rings, points = lay_rings(town, kinds, ways_out, flights)
    return {"containment": order, "rings": rings, "ring_points": points, "flights": flights}
