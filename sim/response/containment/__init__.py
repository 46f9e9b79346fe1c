"""Containment: flights from a scene, and the rings of check points that units close after the alarm."""

from sim.response.containment.closing import on_alarm, on_ring_left, on_ring_reached
from sim.response.containment.flights import next_flight, on_flight_crosses, on_flight_starts
from sim.response.containment.layout import lay_containment

__all__ = [
    "lay_containment",
    "next_flight",
    "on_alarm",
    "on_flight_crosses",
    "on_flight_starts",
    "on_ring_left",
    "on_ring_reached",
]
