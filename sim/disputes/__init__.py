"""Disputes: their birth, escalation and end, and the books that channels keep of them."""

from sim.disputes.birth import TIES, begin_dispute, bound_frictions, next_friction, on_friction, on_relapse
from sim.disputes.books import feed_back, file_case
from sim.disputes.escalation import on_dispute_changed
from sim.disputes.moves import (
    call_address,
    on_call_given_up,
    on_call_made,
    on_case_acted,
    on_case_closed,
    on_dispute_found,
    on_dispute_moves,
    on_police_arrival,
    on_pre_litigation_ends,
)

__all__ = [
    "TIES",
    "begin_dispute",
    "bound_frictions",
    "call_address",
    "feed_back",
    "file_case",
    "next_friction",
    "on_call_given_up",
    "on_call_made",
    "on_case_acted",
    "on_case_closed",
    "on_dispute_changed",
    "on_dispute_found",
    "on_dispute_moves",
    "on_friction",
    "on_police_arrival",
    "on_pre_litigation_ends",
    "on_relapse",
]
