"""The place: road network, administration over it, homes on it, and driving times."""

from sim.town.build import build_town, default_speeds
from sim.town.errors import Problem, TownError
from sim.town.network import Administration, RoadClass, Roads, Town
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
from sim.town.ways import (
    TrafficPatterns,
    Ways,
    aim,
    driving,
    driving_to_aim,
    empty_aim,
    next_on_way,
    ticks_per_straight_metre,
    traffic_patterns,
    ways_of,
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
    "TrafficPatterns",
    "Ways",
    "aim",
    "build_town",
    "default_speeds",
    "driving",
    "driving_graph",
    "driving_to_aim",
    "empty_aim",
    "incoming_arcs",
    "nearest_open_nodes",
    "nearest_seconds",
    "next_on_way",
    "route_table",
    "ticks_per_straight_metre",
    "traffic_patterns",
    "ways_of",
]
