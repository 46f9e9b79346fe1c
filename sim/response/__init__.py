"""Response: calls, their queue, dispatch on the roads, groups of units with posts, shifts, patrols and a ledger."""

from sim.response import analytic
from sim.response.arrival import defuses
from sim.response.call_log import CallLogData
from sim.response.calls import DISPUTE_STREAM, begin_taking, receive_call
from sim.response.containment import (
    next_flight,
    on_alarm,
    on_flight_crosses,
    on_flight_starts,
    on_ring_left,
    on_ring_reached,
)
from sim.response.dispatch import on_call_ready, on_call_steps_up
from sim.response.duties import on_duty_changes
from sim.response.groups import MODES
from sim.response.layout import lay_out, read_log, refuse_wrong_names
from sim.response.ledger import ledger_at
from sim.response.log_rows import CallLogError
from sim.response.log_writing import call_log_frame
from sim.response.logged import on_logged_call
from sim.response.patrol import change_mode, on_patrol_moves, set_modes
from sim.response.shifts import on_break_ends, on_break_starts, on_shift_ends, on_shift_starts
from sim.response.spots import on_spots_renewed, start_spots
from sim.response.streams import on_stream_call, start_calls
from sim.response.timing import (
    EVENTS_PER_UNIT,
    Wish,
    demand_by_hour,
    set_surge,
    set_timing,
    start_shifts,
    surge_unit_hours,
    uncovered_hours,
)
from sim.response.travel import advance, find_hubs
from sim.response.units import on_unit_arrives, on_unit_at_post, on_unit_clears
from sim.response.waiting import on_call_reneges
from sim.response.workload import Flow, flows_of, mean_on_duty

__all__ = [
    "DISPUTE_STREAM",
    "EVENTS_PER_UNIT",
    "MODES",
    "CallLogData",
    "CallLogError",
    "Flow",
    "Wish",
    "advance",
    "analytic",
    "begin_taking",
    "call_log_frame",
    "change_mode",
    "defuses",
    "demand_by_hour",
    "find_hubs",
    "flows_of",
    "lay_out",
    "ledger_at",
    "mean_on_duty",
    "next_flight",
    "on_alarm",
    "on_break_ends",
    "on_break_starts",
    "on_call_ready",
    "on_call_reneges",
    "on_call_steps_up",
    "on_duty_changes",
    "on_flight_crosses",
    "on_flight_starts",
    "on_logged_call",
    "on_patrol_moves",
    "on_ring_left",
    "on_ring_reached",
    "on_shift_ends",
    "on_shift_starts",
    "on_spots_renewed",
    "on_stream_call",
    "on_unit_arrives",
    "on_unit_at_post",
    "on_unit_clears",
    "read_log",
    "receive_call",
    "refuse_wrong_names",
    "set_modes",
    "set_surge",
    "set_timing",
    "start_calls",
    "start_shifts",
    "start_spots",
    "surge_unit_hours",
    "uncovered_hours",
]
