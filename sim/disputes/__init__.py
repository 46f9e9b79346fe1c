"""Disputes: their birth, escalation and end, how known ones are sorted, and the books that channels keep of them."""

from sim.disputes.birth import TIES, begin_dispute, bound_frictions, next_friction, on_friction, on_relapse
from sim.disputes.escalation import on_dispute_changed
from sim.disputes.grading import wants_follow_up
from sim.disputes.handling import lay_handling, set_grading, set_pressure, set_stage_limit, set_triage
from sim.disputes.moves import (
    call_address,
    on_call_given_up,
    on_call_made,
    on_case_acted,
    on_case_closed,
    on_case_due,
    on_dispute_found,
    on_dispute_moves,
    on_dispute_visited,
    on_police_arrival,
)

__all__ = [
    "TIES",
    "begin_dispute",
    "bound_frictions",
    "call_address",
    "lay_handling",
    "next_friction",
    "on_call_given_up",
    "on_call_made",
    "on_case_acted",
    "on_case_closed",
    "on_case_due",
    "on_dispute_changed",
    "on_dispute_found",
    "on_dispute_moves",
    "on_dispute_visited",
    "on_friction",
    "on_police_arrival",
    "on_relapse",
    "set_grading",
    "set_pressure",
    "set_stage_limit",
    "set_triage",
    "wants_follow_up",
]
