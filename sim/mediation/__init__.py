"""Mediation: offices, mediators, queues and sessions."""

from sim.mediation.layout import hire_mediators, lay_offices, restaff, staff_offices
from sim.mediation.offices import (
    on_case_for_mediation,
    on_case_ready,
    on_office_opens,
    on_session_ends,
    serve_queue,
)

__all__ = [
    "hire_mediators",
    "lay_offices",
    "on_case_for_mediation",
    "on_case_ready",
    "on_office_opens",
    "on_session_ends",
    "restaff",
    "serve_queue",
    "staff_offices",
]
