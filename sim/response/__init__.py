"""Response: calls, their queue, dispatch on the roads, patrol units with posts, shifts and a ledger."""

from sim.response import analytic
from sim.response.arrival import defuses
from sim.response.calls import next_background_call, on_background_call, receive_call, set_bounds
from sim.response.dispatch import on_call_ready
from sim.response.layout import lay_out
from sim.response.ledger import ledger_at
from sim.response.roster import Roster, blend, coverage, roster
from sim.response.shifts import on_shift_ends, on_shift_starts, set_shift
from sim.response.timing import demand_by_hour, set_timing, start_shifts, uncovered_hours
from sim.response.units import on_unit_arrives, on_unit_at_post, on_unit_clears

__all__ = [
    "Roster",
    "analytic",
    "blend",
    "coverage",
    "defuses",
    "demand_by_hour",
    "lay_out",
    "ledger_at",
    "next_background_call",
    "on_background_call",
    "on_call_ready",
    "on_shift_ends",
    "on_shift_starts",
    "on_unit_arrives",
    "on_unit_at_post",
    "on_unit_clears",
    "receive_call",
    "roster",
    "set_bounds",
    "set_shift",
    "set_timing",
    "start_shifts",
    "uncovered_hours",
]
