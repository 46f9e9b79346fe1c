"""Disputes: their birth, escalation and end, how known ones are sorted, and the books that channels keep of them."""

from sim.disputes.birth import (
    TIES,
    begin_dispute,
    bound_frictions,
    next_friction,
    on_cause_brings,
    on_friction,
    on_offspring,
    on_relapse,
)
from sim.disputes.books import feed_back, file_case
from sim.disputes.collective import start_causes
from sim.disputes.escalation import on_dispute_changed
from sim.disputes.grading import wants_follow_up
from sim.disputes.handling import lay_handling, set_grading, set_pressure, set_stage_limit, set_triage
from sim.disputes.layout import lay_frictions
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
    on_pre_litigation_ends,
)
from sim.disputes.seasons import season_days
from sim.disputes.self_governance import Factors, open_disputes, set_self_governance
from sim.disputes.treatment import note_treatment

__all__ = [
    "TIES",
    "Factors",
    "begin_dispute",
    "bound_frictions",
    "call_address",
    "feed_back",
    "file_case",
    "lay_frictions",
    "lay_handling",
    "next_friction",
    "note_treatment",
    "on_call_given_up",
    "on_call_made",
    "on_case_acted",
    "on_case_closed",
    "on_case_due",
    "on_cause_brings",
    "on_dispute_changed",
    "on_dispute_found",
    "on_dispute_moves",
    "on_dispute_visited",
    "on_friction",
    "on_offspring",
    "on_police_arrival",
    "on_pre_litigation_ends",
    "on_relapse",
    "open_disputes",
    "season_days",
    "set_grading",
    "set_pressure",
    "set_self_governance",
    "set_stage_limit",
    "set_triage",
    "start_causes",
    "wants_follow_up",
]
