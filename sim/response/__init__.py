"""Response: calls, their queue, dispatch on the roads, patrol units with posts, shifts and a ledger."""

from sim.response import analytic
from sim.response.arrival import defuses
from sim.response.call_log import CallLogData, read_call_log
from sim.response.call_streams import lay_streams
from sim.response.calls import DISPUTE_STREAM, receive_call
from sim.response.dispatch import on_call_ready
from sim.response.layout import lay_out
from sim.response.ledger import ledger_at
from sim.response.log_rows import CallLogError
from sim.response.log_writing import call_log_frame
from sim.response.logged import on_logged_call
from sim.response.roster import Roster, blend, coverage, roster
from sim.response.shifts import on_shift_ends, on_shift_starts, set_shift
from sim.response.streams import on_stream_call, start_calls
from sim.response.timing import demand_by_hour, set_timing, start_shifts, uncovered_hours
from sim.response.units import on_unit_arrives, on_unit_at_post, on_unit_clears

__all__ = [
    "DISPUTE_STREAM",
    "CallLogData",
    "CallLogError",
    "Roster",
    "analytic",
    "blend",
    "call_log_frame",
    "coverage",
    "defuses",
    "demand_by_hour",
    "lay_out",
    "lay_streams",
    "ledger_at",
    "on_call_ready",
    "on_logged_call",
    "on_shift_ends",
    "on_shift_starts",
    "on_stream_call",
    "on_unit_arrives",
    "on_unit_at_post",
    "on_unit_clears",
    "read_call_log",
    "receive_call",
    "roster",
    "set_shift",
    "set_timing",
    "start_calls",
    "start_shifts",
    "uncovered_hours",
]
