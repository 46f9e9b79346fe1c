"""Grids, the regime under which a township's grids work, staff seconded to them, and the books that order visits."""

from __future__ import annotations

import numpy as np

from sim.codes import CATEGORIES

GRIDS = np.dtype(
    [
        ("community", "i4"),  # of its first household
        ("layer", "i1"),  # the sector whose matters it has, or NOBODY where it has all
        ("first_household", "i4"),
        ("end_household", "i4"),  # one past the last
        ("first_worker", "i4"),  # workers of a grid form a list through workers.next_in_grid
        ("rota_place", "i4"),  # household last taken from the rota, as offset within the grid
        ("first_listed", "i4"),  # waiting cases on the list of old ones, through cases.next_listed
        ("last_listed", "i4"),
    ],
    align=True,
)

# One row for each township.
REGIMES = np.dtype(
    [
        ("layout", "i1"),  # all in one, or sectors
        ("rounds", "i1"),  # the order of visits
        ("layers", "i4"),  # sectors drawn over the township, 0 where its grids have all matters
        ("first_grid", "i4"),
        ("first_household", "i4"),
        ("end_household", "i4"),
        ("starts", "i4", (CATEGORIES + 1,)),  # each layer's first grid, counted from ``first_grid``
        ("sectors", "i4"),  # that the scenario knows
        ("sector_of", "i1", (CATEGORIES,)),  # of each category
        ("sector_share", "f8", (CATEGORIES,)),  # of grids and staff
        ("activity_rate", "f8"),  # share of working days that a worker works
        ("overtime_hours_most", "f8"),  # after closing within which a waiting case is still begun
        ("campaign_share", "f8"),  # of today's hours
        ("hear_per_day", "f8"),  # rate at which a volunteer hears of a dispute of their households
        ("micro_grid_households", "i4"),
        ("list_after_days", "f8"),  # after which an open case is put on the list
        ("whistles_most", "i4"),  # joint handlings at one time
        ("whistles_open", "i4"),
        ("whistles", "i8"),  # so far
        ("joint_hours", "f8"),  # of the departments' staff
        ("handed_over", "i8"),  # matters that a worker of another sector saw and passed on
        ("hand_overs_lost", "i8"),  # and that got lost
        ("hearing_version", "i4"),  # of the clocks of volunteers
        ("list_version", "i4"),  # of the clocks of the list
    ],
    align=True,
)

HELPERS = np.dtype(
    [
        ("grid", "i4"),
        ("active", "i1"),
        ("household", "i4"),  # being visited, or -1
        ("last_household", "i4"),  # visited before, where the way begins
        ("start", "f8"),  # of the visit under way
        ("quota", "f8"),  # visits a day
        ("today", "i4"),
        ("visits_today", "i4"),
        ("version", "i4"),
        ("visits", "i8"),
        ("visit_hours", "f8"),
        ("days", "i8"),  # on which they came
    ],
    align=True,
)

# A tournament over the households by when their next visit is due: node n has the children 2n and 2n + 1, and the
# household h of ``households`` is the node households + h. One for each layer, one after the other.
VISIT_ORDER = np.dtype(
    [
        ("winner", "i4"),  # the household below this node whose visit is due first
        ("cases", "i4"),  # of a household: cases in the books
        ("last_visit", "f8"),
        ("due", "f8"),
    ],
    align=True,
)
