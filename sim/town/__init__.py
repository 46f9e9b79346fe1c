"""The place: road network, administration over it, homes on it, and driving times."""

from sim.town.access import snap_places
from sim.town.build import build_town, default_speeds
from sim.town.errors import Problem, TownError
from sim.town.network import Administration, RoadClass, Roads, Town
from sim.town.plane import Plane, along_plane, plane_metres
from sim.town.statistics import TownStatistics
from sim.town.streets import Speeds
from sim.town.travel import (
    IncomingArcs,
    RouteTable,
    driving_graph,
    incoming_arcs,
    nearest_seconds,
    route_table,
)

__all__ = [
    "Administration",
    "IncomingArcs",
    "Plane",
    "Problem",
    "RoadClass",
    "Roads",
    "RouteTable",
    "Speeds",
    "Town",
    "TownError",
    "TownStatistics",
    "along_plane",
    "build_town",
    "default_speeds",
    "driving_graph",
    "incoming_arcs",
    "nearest_seconds",
    "plane_metres",
    "route_table",
    "snap_places",
]
