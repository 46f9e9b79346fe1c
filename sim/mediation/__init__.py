"""Mediation: groups of offices, mediators, queues, sessions, teams, hand-over; and the court."""

from sim.mediation.choosing import office_for
from sim.mediation.court import on_case_for_court, on_court_hears
from sim.mediation.groups import lay_groups, lay_practice, opening_hours, set_hand_overs
from sim.mediation.layout import active_counts, hire_groups, lay_offices, restaff, staff_offices
from sim.mediation.offices import (
    on_case_for_mediation,
    on_case_ready,
    on_mediator_back,
    on_office_opens,
    on_session_ends,
    serve_queue,
)

__all__ = [
    "active_counts",
    "hire_groups",
    "lay_groups",
    "lay_offices",
    "lay_practice",
    "office_for",
    "on_case_for_court",
    "on_case_for_mediation",
    "on_case_ready",
    "on_court_hears",
    "on_mediator_back",
    "on_office_opens",
    "on_session_ends",
    "opening_hours",
    "restaff",
    "serve_queue",
    "set_hand_overs",
    "staff_offices",
]
