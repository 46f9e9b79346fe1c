"""How known disputes are sorted, graded, routed and booked: the levers of triage and books, one row."""

from __future__ import annotations

import numpy as np

from sim.codes import Category, Colour

HANDLING = np.dtype(
    [
        ("triage", "i1"),  # known disputes are sorted into big, small and private affairs
        ("grid_stage_limit", "f8"),  # highest stage of a matter of the grid
        ("graded", "i1", (len(Category),)),  # categories that get a colour
        ("visits_per_month", "f8", (len(Colour),)),  # follow-up visits, by colour
        ("first_in_queue", "i1", (len(Colour),)),
        ("refer_up", "i1", (len(Colour),)),
        # How targets press on the books, as probabilities:
        ("gloss", "f8"),  # a failed case that would be recorded as such is recorded as settled
        ("not_open", "f8"),  # no case is opened of a known dispute
        ("advise", "f8"),  # of those not left out: booked as advice instead of a case
        ("close_early", "f8"),  # a case open after ``close_days`` is closed as settled
        ("close_days", "f8"),
    ],
    align=True,
)
