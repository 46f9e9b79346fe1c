"""The roster: at which hours crews start their daily shifts, so that hours on duty follow a demand profile.

Every crew works one shift of the same length a day, so the unit-hours never change; only their place in the day
does. The numbers of crews that start at each hour minimise the sum over the 24 hours of (crews on duty - crews
wanted)^2, where the crews wanted are the same unit-hours spread by the weights. With shifts of whole hours and the
number of crews given, this is a network flow with convex costs (cyclic staffing; Bartholdi, Orlin and Ratliff
1980), so the linear relaxation is already whole and the solver finds the optimum at once. Shifts of broken hours
start from the optimum for the whole hours in them and exchange starts, one crew at a time, while that helps.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from sim.engine.clock import HOURS_A_DAY

Floats = np.ndarray[Any, np.dtype[np.float64]]
Counts = np.ndarray[Any, np.dtype[np.int64]]

EXACT_STEPS = 16  # squares are exact within so many crews of the number wanted, and close beyond
STEP_GROWTH = 1.25
HELPS = 1e-9  # least gain of an exchange: guards against circling on rounding


def blend(weights: Sequence[float] | Floats, share: float) -> Floats:
    """Return 24 weights of mean 1 between flat (``share`` 0) and the given profile (``share`` 1).

    Raises:
        ValueError: where the weights are not 24 finite numbers, none negative and not all zero, or the share is
            outside 0..1.
    """
    profile = np.asarray(weights, dtype=np.float64)
    if profile.shape != (HOURS_A_DAY,) or not np.isfinite(profile).all() or (profile < 0.0).any() or not profile.any():
        raise ValueError("an hourly profile is 24 finite numbers, none negative and not all zero")
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"the share of the profile in a roster is between 0 and 1, not {share}")
    return np.asarray(1.0 - share + share * profile / profile.mean(), dtype=np.float64)


def overlap(shift_hours: float) -> Floats:
    """Return the part of each hour of the day that a shift starting at each hour covers, shape (start, hour)."""
    ahead = (np.arange(HOURS_A_DAY)[None, :] - np.arange(HOURS_A_DAY)[:, None]) % HOURS_A_DAY
    return np.clip(shift_hours - ahead, 0.0, 1.0)


def coverage(start_hours: Sequence[float] | Floats, shift_hours: float) -> Floats:
    """Return the mean number of crews on duty in each hour of the day, shape (24,), for any start hours."""
    starts = np.asarray(start_hours, dtype=np.float64)[:, None]
    hours = np.arange(HOURS_A_DAY, dtype=np.float64)[None, :]
    covered = np.zeros((len(starts), HOURS_A_DAY))
    for day in (-HOURS_A_DAY, 0):  # a shift that began yesterday, and today's
        begin = starts + day
        end = begin + shift_hours
        covered += np.clip(np.minimum(end, hours + 1.0) - np.maximum(begin, hours), 0.0, 1.0)
    return np.asarray(covered.sum(axis=0), dtype=np.float64)


def roster(units: int, shift_hours: float, weights: Sequence[float] | Floats, share: float = 1.0) -> Floats:
    """Return the hours at which crews start their daily shifts that match a demand profile best.

    Where the crews' hours make up a day or more, covering every hour comes before matching the profile.

    Args:
        units: number of crews, 0 or more.
        shift_hours: length of a shift, in (0, 24].
        weights: demand in each hour of the day, in any unit.
        share: how far the roster follows the weights; 0 gives a flat roster.

    Returns:
        Full hours of the day, one for each crew, never falling, shape (units,).

    Raises:
        ValueError: for a negative number of crews, an impossible shift or a bad profile.
    """
    profile = blend(weights, share)
    if units < 0:
        raise ValueError(f"the number of crews cannot be {units}")
    if not 0.0 < shift_hours <= HOURS_A_DAY:
        raise ValueError(f"a shift lasts more than 0 and at most 24 hours, not {shift_hours}")
    starts = np.zeros(HOURS_A_DAY, dtype=np.int64)
    if units:
        cover_all = units * shift_hours >= HOURS_A_DAY
        starts = crews_by_start(units, max(int(shift_hours), 1), profile, cover_all)
        starts = exchange(starts, shift_hours, profile * units * shift_hours / HOURS_A_DAY, cover_all)
    return np.repeat(np.arange(HOURS_A_DAY, dtype=np.float64), starts)


def tangents(wanted: float, most: float) -> list[int]:
    """Return whole numbers of crews 0..most at which the squared deviation is bent, dense around ``wanted``."""
    middle = int(wanted)
    points = {0}
    step = 0.0
    while step <= most + 1.0:
        points.update((middle - int(step), middle + int(step)))
        step = step + 1.0 if step < EXACT_STEPS else step * STEP_GROWTH
    return sorted(point for point in points if 0 <= point <= most)


def crews_by_start(units: int, shift_hours: int, profile: Floats, cover_all: bool) -> Counts:
    """Return how many crews with shifts of whole hours start at each hour, shape (24,): the optimum.

    Unknowns: crews starting at each hour; the cost of each hour, bounded below by chords of the squared deviation;
    and for each hour whether it is left without a crew, at a cost above all deviations.
    """
    wanted = profile * units * shift_hours / HOURS_A_DAY
    covers = overlap(shift_hours)
    rows, least = [], []
    for hour in range(HOURS_A_DAY):
        points = [*tangents(wanted[hour], units), units + 1]
        for low, high in pairwise(points):
            slope = low + high - 2.0 * wanted[hour]
            at_low = (low - wanted[hour]) ** 2
            row = np.zeros(3 * HOURS_A_DAY)
            row[:HOURS_A_DAY] = -slope * covers[:, hour]
            row[HOURS_A_DAY + hour] = 1.0
            rows.append(row)
            least.append(at_low - slope * low)
        row = np.zeros(3 * HOURS_A_DAY)
        row[:HOURS_A_DAY] = covers[:, hour] >= 1.0
        row[2 * HOURS_A_DAY + hour] = 1.0
        rows.append(row)
        least.append(1.0)
    total = np.zeros(3 * HOURS_A_DAY)
    total[:HOURS_A_DAY] = 1.0
    worst = float((np.maximum(wanted, units - wanted) ** 2).sum())
    gap_cost = 1.0 + worst if cover_all else 0.0
    found = milp(
        np.concatenate((np.zeros(HOURS_A_DAY), np.ones(HOURS_A_DAY), np.full(HOURS_A_DAY, gap_cost))),
        integrality=np.concatenate((np.ones(HOURS_A_DAY), np.zeros(2 * HOURS_A_DAY))),
        bounds=Bounds(0.0, np.inf),
        constraints=[LinearConstraint(np.array(rows), lb=np.array(least)), LinearConstraint(total, units, units)],
        options={"mip_rel_gap": 1e-9},
    )
    if found.x is None:
        raise ValueError(f"no roster found for {units} crews with shifts of {shift_hours} hours: {found.message}")
    return np.rint(found.x[:HOURS_A_DAY]).astype(np.int64)


def exchange(starts: Counts, shift_hours: float, wanted: Floats, cover_all: bool) -> Counts:
    """Move one crew at a time to the start that helps most, until no single move helps.

    Hours without a crew count first where ``cover_all``, then the squared deviations. For shifts of whole hours this
    only mends what the widely spaced chords of a large staff left.
    """
    covers = overlap(shift_hours)
    whole = (covers >= 1.0).astype(np.int64)
    gap_cost = float((np.maximum(wanted, starts.sum() - wanted) ** 2).sum()) + 1.0 if cover_all else 0.0
    current = starts.copy()
    while True:
        # Axes: the start that loses a crew, the start that gains it, the hour.
        on_duty = current @ covers - covers[:, None, :] + covers[None, :, :]
        present = current @ whole - whole[:, None, :] + whole[None, :, :]
        costs = ((on_duty - wanted) ** 2).sum(axis=2) + gap_cost * (present <= 0).sum(axis=2)
        costs[current == 0] = np.inf
        staying = float(costs[np.flatnonzero(current)[0], np.flatnonzero(current)[0]])
        loses, gains = np.unravel_index(int(np.argmin(costs)), costs.shape)
        if costs[loses, gains] >= staying * (1.0 - HELPS) - HELPS:
            return current
        current[loses] -= 1
        current[gains] += 1
