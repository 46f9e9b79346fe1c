"""People: residents as columns, households, ties, tension and trust."""

from sim.people.settle import apportion, largest_temper, range_starts, settle_people
from sim.people.tension import add_tension, decayed, district_tension_sum, relieve, set_tension, tension_at
from sim.people.ties import neighbour_household, other_party, tie_in_layer, ties_of
from sim.people.trust import move_trust, trust_in

__all__ = [
    "add_tension",
    "apportion",
    "decayed",
    "district_tension_sum",
    "largest_temper",
    "move_trust",
    "neighbour_household",
    "other_party",
    "range_starts",
    "relieve",
    "set_tension",
    "settle_people",
    "tension_at",
    "tie_in_layer",
    "ties_of",
    "trust_in",
]
