"""Exact driving times between any two nodes in about a microsecond, from tables made once for a network.

``traffic_patterns`` brings a week's traffic down to few patterns, ``ways_of`` makes or loads the tables, and the
compiled functions of ``lookup`` search them.
"""

from sim.town.ways.kept import ways_of
from sim.town.ways.lookup import aim, best_hub, driving, driving_to_aim, next_on_way, step_on_way
from sim.town.ways.straight import ticks_per_straight_metre
from sim.town.ways.tables import TICKS_PER_SECOND, Ways, empty_aim
from sim.town.ways.traffic import TrafficPatterns, traffic_patterns

__all__ = [
    "TICKS_PER_SECOND",
    "TrafficPatterns",
    "Ways",
    "aim",
    "best_hub",
    "driving",
    "driving_to_aim",
    "empty_aim",
    "next_on_way",
    "step_on_way",
    "ticks_per_straight_metre",
    "traffic_patterns",
    "ways_of",
]
