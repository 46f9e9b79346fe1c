"""The place: road network, administration over it, homes on it, and driving times."""

from sim.town.build import build_town, default_speeds
from sim.town.errors import Problem, TownError
from sim.town.network import Administration, RoadClass, Roads, Town
from sim.town.statistics import TownStatistics
from sim.town.streets import Speeds

__all__ = [
    "Administration",
    "Problem",
    "RoadClass",
    "Roads",
    "Speeds",
    "Town",
    "TownError",
    "TownStatistics",
    "build_town",
    "default_speeds",
]
