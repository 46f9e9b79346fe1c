"""The world: one structured array for each kind of thing, a row for each thing, a field for each property.

Rules address a thing by its row (``world.disputes[row].stage``); reports read a column
(``world.disputes["stage"]``). Times are days since the start of the run unless a field's name says otherwise;
a moment that has not come is NaN; a row that does not exist is -1. Floats that enter arithmetic are 64 bit, so
that compiled and plain Python agree to the last bit; tension is stored in 32 bits and read through
``sim.people.tension``.
"""

from sim.world.calls import LOG, STREAMS
from sim.world.disputes import CATEGORIES, CAUSES, CELL_NODES, CELLS, CONTAGION, HOMES, ORGANISATIONS, SERVED
from sim.world.flights import CONTAINMENT, FLIGHTS, RING_POINTS, RINGS
from sim.world.grids import GRIDS, HELPERS, REGIMES, VISIT_ORDER
from sim.world.handling import HANDLING
from sim.world.mediation import (
    HAND_OVERS,
    MEDIATORS,
    OFFICE_GROUPS,
    OFFICES,
    PRACTICE,
    RANKS,
    SERVING,
    TEAM_MEMBERS,
    TEAMS,
)
from sim.world.people import COMMUNITIES, DISTRICTS, HOUSEHOLDS, RESIDENTS
from sim.world.roads import AIM, ARCS, LABEL, NODES, WAY
from sim.world.run import DAYS, SERIES, STATE
from sim.world.staff import WORKERS
from sim.world.tables import DTYPES, LISTS, NUMBERS, Table, World, daily, empty_table
from sim.world.units import CANDIDATES, GROUPS, IDLE, ORDERS, POSTS, SECTORS, SPOTS, UNITS

__all__ = [
    "AIM",
    "ARCS",
    "CANDIDATES",
    "CATEGORIES",
    "CAUSES",
    "CELLS",
    "CELL_NODES",
    "COMMUNITIES",
    "CONTAGION",
    "CONTAINMENT",
    "DAYS",
    "DISTRICTS",
    "DTYPES",
    "FLIGHTS",
    "GRIDS",
    "GROUPS",
    "HANDLING",
    "HAND_OVERS",
    "HELPERS",
    "HOMES",
    "HOUSEHOLDS",
    "IDLE",
    "LABEL",
    "LISTS",
    "LOG",
    "MEDIATORS",
    "NODES",
    "NUMBERS",
    "OFFICES",
    "OFFICE_GROUPS",
    "ORDERS",
    "ORGANISATIONS",
    "POSTS",
    "PRACTICE",
    "RANKS",
    "REGIMES",
    "RESIDENTS",
    "RINGS",
    "RING_POINTS",
    "SECTORS",
    "SERIES",
    "SERVED",
    "SERVING",
    "SPOTS",
    "STATE",
    "STREAMS",
    "TEAMS",
    "TEAM_MEMBERS",
    "UNITS",
    "VISIT_ORDER",
    "WAY",
    "WORKERS",
    "Table",
    "World",
    "daily",
    "empty_table",
]
