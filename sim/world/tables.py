"""The world of a run: all its tables by name, and their columns."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.engine.compiled import rule
from sim.engine.passing import pass_as_pointer
from sim.engine.queue import EVENT
from sim.world.calls import CALLS, DISPATCHES, LOG, STREAMS
from sim.world.disputes import (
    CASES,
    CATEGORIES,
    CAUSES,
    CELL_NODES,
    CELLS,
    CONTAGION,
    DISPUTES,
    HOMES,
    ORGANISATIONS,
    SERVED,
    SESSIONS,
)
from sim.world.flights import CONTAINMENT, FLIGHTS, RING_POINTS, RINGS
from sim.world.grids import GRIDS, HELPERS, REGIMES, VISIT_ORDER
from sim.world.handling import HANDLING
from sim.world.mediation import HAND_OVERS, MEDIATORS, OFFICE_GROUPS, OFFICES, PRACTICE, SERVING, TEAM_MEMBERS, TEAMS
from sim.world.people import COMMUNITIES, DISTRICTS, HOUSEHOLDS, RESIDENTS
from sim.world.roads import AIM, ARCS, LABEL, NODES, TRAFFIC, WAY
from sim.world.run import DAYS, SERIES, STATE
from sim.world.staff import WORKERS
from sim.world.units import CANDIDATES, GROUPS, IDLE, ORDERS, POSTS, SECTORS, SPOTS, UNITS

type Table = "np.recarray[Any, np.dtype[Any]]"

# Two pools for lists of any length; the rows that own them say from where to where.
LISTS = np.dtype([("row", "i4")], align=True)
NUMBERS = np.dtype([("value", "f8")], align=True)


class World(NamedTuple):
    """All tables of a run, by name. ``parameters`` has one row, its fields are the ids of the parameter table."""

    parameters: Table
    state: Table
    handling: Table
    days: Table
    residents: Table
    households: Table
    grids: Table
    regimes: Table
    visit_order: Table
    communities: Table
    districts: Table
    workers: Table
    helpers: Table
    offices: Table
    mediators: Table
    office_groups: Table
    serving: Table  # row: community x groups + group
    teams: Table
    team_members: Table
    hand_overs: Table  # row: the channel that hands over
    practice: Table  # one row
    disputes: Table
    cases: Table
    sessions: Table
    categories: Table
    homes: Table
    contagion: Table
    cells: Table
    cell_nodes: Table
    organisations: Table
    served: Table
    causes: Table
    calls: Table
    units: Table
    dispatches: Table
    groups: Table
    orders: Table
    streams: Table
    log: Table
    posts: Table
    sectors: Table
    spots: Table
    containment: Table
    rings: Table
    ring_points: Table
    flights: Table
    nodes: Table
    arcs: Table
    traffic: Table
    lists: Table
    numbers: Table
    ways: Table  # where a node's labels are, see sim.town.ways
    out_labels: Table
    in_labels: Table
    aim: Table  # scratch of a search: the labels of its target, by hub
    idle: Table
    candidates: Table  # scratch of a search, a row for each unit at most
    queue: Table
    series: Table


pass_as_pointer(World)

DTYPES: dict[str, np.dtype[Any]] = {
    "state": STATE,
    "handling": HANDLING,
    "days": DAYS,
    "residents": RESIDENTS,
    "households": HOUSEHOLDS,
    "grids": GRIDS,
    "regimes": REGIMES,
    "visit_order": VISIT_ORDER,
    "communities": COMMUNITIES,
    "districts": DISTRICTS,
    "workers": WORKERS,
    "helpers": HELPERS,
    "offices": OFFICES,
    "mediators": MEDIATORS,
    "office_groups": OFFICE_GROUPS,
    "serving": SERVING,
    "teams": TEAMS,
    "team_members": TEAM_MEMBERS,
    "hand_overs": HAND_OVERS,
    "practice": PRACTICE,
    "disputes": DISPUTES,
    "cases": CASES,
    "sessions": SESSIONS,
    "categories": CATEGORIES,
    "homes": HOMES,
    "contagion": CONTAGION,
    "cells": CELLS,
    "cell_nodes": CELL_NODES,
    "organisations": ORGANISATIONS,
    "served": SERVED,
    "causes": CAUSES,
    "calls": CALLS,
    "units": UNITS,
    "dispatches": DISPATCHES,
    "groups": GROUPS,
    "orders": ORDERS,
    "streams": STREAMS,
    "log": LOG,
    "posts": POSTS,
    "sectors": SECTORS,
    "spots": SPOTS,
    "containment": CONTAINMENT,
    "rings": RINGS,
    "ring_points": RING_POINTS,
    "flights": FLIGHTS,
    "nodes": NODES,
    "arcs": ARCS,
    "traffic": TRAFFIC,
    "lists": LISTS,
    "numbers": NUMBERS,
    "ways": WAY,
    "out_labels": LABEL,
    "in_labels": LABEL,
    "aim": AIM,
    "idle": IDLE,
    "candidates": CANDIDATES,
    "queue": EVENT,
    "series": SERIES,
}


@rule
def daily(world: Any, community: int, now: float) -> Any:
    """Return the row of the daily series for a community's district on the day of ``now``."""
    return world.series[int(now) * len(world.districts) + world.communities[community].district]


def empty_table(dtype: np.dtype[Any], *shape: int) -> Table:
    """Return a table of zeroed rows."""
    return np.zeros(shape, dtype=dtype).view(np.recarray)
