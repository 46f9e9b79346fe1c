"""The place: road network, administration over it, homes on it, and driving times."""

from sim.town.build import build_town, default_speeds
from sim.town.errors import Problem, TownError
from sim.town.network import Administration, RoadClass, Roads, Town
from sim.town.presence import (
    dose_of_stop,
    is_presence_felt,
    leave_presence,
    presence_factor,
    presence_level,
    raise_level,
)
from sim.town.statistics import TownStatistics
from sim.town.streets import Speeds
from sim.town.travel import (
    IncomingArcs,
    RouteTable,
    driving_graph,
    incoming_arcs,
    nearest_open_nodes,
    nearest_seconds,
    route_table,
)

__all__ = [
    "Administration",
    "IncomingArcs",
    "Problem",
    "RoadClass",
    "Roads",
    "RouteTable",
    "Speeds",
    "Town",
    "TownError",
    "TownStatistics",
    "build_town",
    "default_speeds",
    "dose_of_stop",
    "driving_graph",
    "incoming_arcs",
    "is_presence_felt",
    "leave_presence",
    "nearest_open_nodes",
    "nearest_seconds",
    "presence_factor",
    "presence_level",
    "raise_level",
    "route_table",
]
