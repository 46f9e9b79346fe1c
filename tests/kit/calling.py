"""A world in which calls come in and nobody answers: streams, logs and places by themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from sim.codes import Geometry
from sim.engine.clock import Calendar
from sim.engine.compiled import compiled, from_python, rule
from sim.engine.queue import drop_first, size
from sim.events import Kind
from sim.response.call_log import CallLogData
from sim.response.call_streams import lay_streams
from sim.response.dispatch import on_call_ready
from sim.response.logged import on_logged_call
from sim.response.pools import Pools
from sim.response.streams import on_stream_call, start_calls
from sim.scenario import CallsPart, parameters_record
from sim.town import Administration, Roads, Town
from sim.world import DTYPES, Table, World, empty_table

MONDAY = date(2024, 1, 1)


@rule
def handle(world: Any, kind: int, row: int, now: float) -> None:
    """Hand one event to its rule."""
    if kind == Kind.STREAM_CALL:
        on_stream_call(world, row, now)
    elif kind == Kind.LOGGED_CALL:
        on_logged_call(world, row, now)
    elif kind == Kind.CALL_READY:
        on_call_ready(world, row, now)


@compiled
def run(world: Any, until: float) -> None:
    """Handle all events before ``until``."""
    while size(world.queue) > 0 and world.queue[1].time < until:
        first = world.queue[1]
        now, kind, row = first.time, first.kind, first.row
        drop_first(world.queue)
        world.state[0].now = now
        handle(world, kind, row, now)


def street_town(nodes: int = 5, closed: tuple[int, ...] = (), **fields: Any) -> Town:
    """Return nodes n0, n1, ... 100 m apart along a street to the east; some are closed to access."""
    tail = np.repeat(np.arange(nodes), 2)[1:-1].astype(np.int32)
    head = tail + np.tile([1, -1], nodes - 1).astype(np.int32)
    fields = {"lon": None, "lat": None} | fields
    roads = Roads(
        node_ids=[f"n{node}" for node in range(nodes)],
        x_metres=100.0 * np.arange(nodes, dtype=np.float64),
        y_metres=np.zeros(nodes),
        open_to_access=~np.isin(np.arange(nodes), closed),
        tail=tail,
        head=head,
        seconds=np.full(len(tail), 10.0),
        metres=np.full(len(tail), 100.0),
        road_class=np.zeros(len(tail), dtype=np.int8),
        **fields,
    )
    one = np.zeros(1, dtype=np.int32)
    tree = Administration(np.zeros(nodes, dtype=np.int32), one, one, ["county"], ["township"], ["community"])
    return Town(roads, tree, np.full(nodes, 1.0 / nodes))


def calendar_of(days: int, start: date = MONDAY) -> Calendar:
    """Return a calendar that begins on a Monday unless told otherwise."""
    return Calendar(start, days)


def quiet_orders(town: Town, calendar: Calendar) -> Table:
    """Return orders under which calls wait for ever."""
    orders = empty_table(DTYPES["orders"], 1)
    orders["geometry"] = Geometry.NONE
    orders["queue_capacity"] = 1 << 62
    orders["patience"] = np.inf
    orders["step_up"] = np.inf
    orders["first_weekday"] = calendar.start.weekday()
    if town.plane is not None:
        orders["side_metres"] = town.plane.side_metres
    return orders


def calling_world(
    calls: dict[str, Any],
    *,
    town: Town | None = None,
    days: int = 10,
    residents: int = 0,
    day_factors: Any = 1.0,
    log: CallLogData | None = None,
    seed: int = 1,
    rows: int = 20_000,
    **parameters: Any,
) -> World:
    """Return a world with calls only, before it begins; residents live evenly over the nodes, each alone."""
    town, calendar = town or street_town(), calendar_of(days)
    values = parameters_record(parameters)
    nodes = len(town.roads)
    counts = {"state": 1, "days": days, "communities": 1, "districts": 1, "series": days, "calls": rows}
    counts |= {"queue": rows + 100, "residents": residents, "households": residents, "nodes": nodes}
    tables = {name: empty_table(dtype, counts.get(name, 0)) for name, dtype in DTYPES.items()}
    tables["days"]["call_factor"] = day_factors
    tables["nodes"]["x_metres"], tables["nodes"]["y_metres"] = town.roads.x_metres, town.roads.y_metres
    tables["residents"]["household"] = np.arange(residents)
    tables["households"]["node"] = np.arange(residents) % nodes
    tables["state"]["seed"] = seed
    pools = Pools()
    part = CallsPart.model_validate(calls)
    laid = lay_streams(part, town, values[0], tables["days"], residents, pools, log)
    tables["orders"] = quiet_orders(town, calendar)
    return World(parameters=values, **(tables | laid | pools.tables()))


def run_calls(world: World, days: float | None = None) -> Table:
    """Run a world from its beginning and return its calls."""
    start_calls(world)
    run(world, float(len(world.days) if days is None else days))
    return received(world)


def received(world: World) -> Table:
    """Return the calls that have come in."""
    return world.calls[: int(world.state[0].call_rows)].view(np.recarray)


def draws(world: World, function: Any, *args: Any, count: int) -> Any:
    """Return what a rule over (world, ..., entity, occasion) gives for so many entities, as an array."""
    called = from_python(function)
    return np.array([called(world, *args, entity, 0) for entity in range(count)])
