"""Grid workers, mediators and their offices."""

from __future__ import annotations

import numpy as np

WORKERS = np.dtype(
    [
        ("grid", "i4"),
        ("next_in_grid", "i4"),
        ("active", "i1"),
        ("task", "i1"),
        ("task_row", "i4"),  # household visited or case handled
        ("task_start", "f8"),
        ("rota_place", "i4"),  # household last visited, as offset within the grid
        ("visits_today", "i4"),
        ("today", "i4"),
        ("first_case", "i4"),  # queue of cases waiting for the worker
        ("last_case", "i4"),
        ("first_follow_up", "i4"),  # list of disputes whose follow-up visit is due
        ("last_follow_up", "i4"),
        ("version", "i4"),
        ("visits", "i8"),
        ("cases", "i8"),
        ("visit_hours", "f8"),
        ("case_hours", "f8"),
        ("overtime_hours", "f8"),
        ("employed_days", "f8"),  # up to ``state.employment_booked``
    ],
    align=True,
)

OFFICES = np.dtype(
    [
        ("channel", "i1"),  # level: community, township, county or city
        ("township", "i4"),
        ("node", "i4"),
        ("first_mediator", "i4"),  # mediators of an office form a list through mediators.next_in_office
        ("first_case", "i4"),
        ("last_case", "i4"),
        ("opening_due", "i1"),  # an OFFICE_OPENS event is in the queue
    ],
    align=True,
)

MEDIATORS = np.dtype(
    [
        ("office", "i4"),
        ("next_in_office", "i4"),
        ("active", "i1"),
        ("session", "i4"),  # the session being held, or -1
        ("skill", "f8"),  # standard deviations from the mean mediator
        ("sessions", "i8"),
        ("hours", "f8"),
        ("employed_days", "f8"),  # up to ``state.employment_booked``
    ],
    align=True,
)
