"""The place: road network, administration over it, homes on it, and driving times."""

from sim.town.access import snap_places
from sim.town.build import build_town, default_speeds
from sim.town.errors import Problem, Problems, TownError, refused
from sim.town.files import Cells, finite_number, numbers, read_cells, whole_name
from sim.town.network import Administration, RoadClass, Roads, Town
from sim.town.plane import Plane, along_plane, plane_metres
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
    driving_graph,
)
from sim.town.trips import trip_days
from sim.town.ways import (
    TICKS_PER_SECOND,
    TrafficPatterns,
    Ways,
    aim,
    best_hub,
    driving,
    driving_to_aim,
    empty_aim,
    next_on_way,
    step_on_way,
    ticks_per_straight_metre,
    traffic_patterns,
    ways_of,
)

__all__ = [
    "TICKS_PER_SECOND",
    "Administration",
    "Cells",
    "Plane",
    "Problem",
    "Problems",
    "RoadClass",
    "Roads",
    "Speeds",
    "Town",
    "TownError",
    "TownStatistics",
    "TrafficPatterns",
    "Ways",
    "aim",
    "along_plane",
    "best_hub",
    "build_town",
    "default_speeds",
    "dose_of_stop",
    "driving",
    "driving_graph",
    "driving_to_aim",
    "empty_aim",
    "finite_number",
    "is_presence_felt",
    "leave_presence",
    "next_on_way",
    "numbers",
    "plane_metres",
    "presence_factor",
    "presence_level",
    "raise_level",
    "read_cells",
    "refused",
    "snap_places",
    "step_on_way",
    "ticks_per_straight_metre",
    "traffic_patterns",
    "trip_days",
    "ways_of",
    "whole_name",
]
