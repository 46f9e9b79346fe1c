"""Who lives in the town: residents, households, and the areas of the administration."""

from __future__ import annotations

import numpy as np

from sim.codes import Category

RESIDENTS = np.dtype(
    [
        ("household", "i4"),
        ("tension", "f4"),  # 0..1 at ``tension_day``; decays from there
        ("tension_day", "f4"),
        ("temper", "f4"),  # factor on the rate of frictions, mean 1
        ("trust_grid", "f4"),  # 0..1 by channel
        ("trust_mediation", "f4"),
        ("trust_police", "f4"),
        ("adult", "i1"),
        ("migrant", "i1"),
        ("merchant", "i1"),
    ],
    align=True,
)

HOUSEHOLDS = np.dtype(
    [
        ("node", "i4"),
        ("grid", "i4"),
        ("community", "i4"),
        ("first_resident", "i4"),
        ("first_dispute", "i4"),  # head of the household's list of open disputes
        ("visits", "i4"),
        ("members", "i2"),
    ],
    align=True,
)

COMMUNITIES = np.dtype(
    [
        ("township", "i4"),
        ("county", "i4"),
        ("district", "i4"),  # row of the daily series
        ("first_household", "i4"),
        ("end_household", "i4"),
        ("first_resident", "i4"),
        ("end_resident", "i4"),
        ("township_first_resident", "i4"),
        ("township_end_resident", "i4"),
        ("county_first_resident", "i4"),
        ("county_end_resident", "i4"),
        ("merchants", "i4"),
        # Self-governance, by category; 1 without. Potential frictions that become disputes, at most 1:
        ("friction_factor", "f8", (len(Category),)),
        ("fade_factor", "f8", (len(Category),)),  # on the rate at which open disputes end by themselves
    ],
    align=True,
)

DISTRICTS = np.dtype(
    [
        ("residents", "i4"),
        ("tension_sum", "f8"),  # over residents, at ``tension_day``; decays as the residents' does
        ("tension_day", "f8"),
    ],
    align=True,
)
