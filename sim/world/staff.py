"""Grid workers."""

from __future__ import annotations

import numpy as np

from sim.codes import ORDERS_OF_VISITS

WORKERS = np.dtype(
    [
        ("grid", "i4"),
        ("next_in_grid", "i4"),
        ("active", "i1"),
        ("task", "i1"),
        ("task_row", "i4"),  # household visited or case handled
        ("task_start", "f8"),
        ("rota_place", "i4"),  # household last visited, as offset within the grid, where the way begins
        ("visits_today", "i4"),
        ("today", "i4"),
        ("first_case", "i4"),  # queue of cases waiting for the worker
        ("last_case", "i4"),
        ("waiting", "i4"),  # cases in it
        ("first_follow_up", "i4"),  # list of disputes whose follow-up visit is due
        ("last_follow_up", "i4"),
        ("version", "i4"),
        ("visits", "i8"),
        ("visits_by_order", "i8", (ORDERS_OF_VISITS,)),
        ("cases", "i8"),
        ("visit_hours", "f8"),
        ("case_hours", "f8"),
        ("paper_hours", "f8"),
        ("campaign_hours", "f8"),
        ("days_worked", "i4"),
        ("overtime_hours", "f8"),
        ("employed_days", "f8"),  # up to ``state.employment_booked``
    ],
    align=True,
)
