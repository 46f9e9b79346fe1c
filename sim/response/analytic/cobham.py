"""Priorities among calls that wait, for c units that are all alike (M/M/c).

Classes are numbered from the most urgent one; within a class the first call comes first. Service times are exponential
with one mean for all classes; with several means only the case of one unit has a closed form of this kind. A class
whose own and more urgent load together reach the number of units waits without end, while those above it do not.
"""

from __future__ import annotations

import math

import numpy as np

from sim.response.analytic.checks import Values, finite_rates, require_count, require_positive
from sim.response.analytic.erlang import erlang_c, mean_queue


def waits_without_preemption(servers: int, rates: Values, mean_service: float) -> Values:
    """Return the mean wait of each class where a call under way is never left, shape (classes,).

    W(k) = C s / c / ((1 - u(k-1)) (1 - u(k))), with u(k) the load of classes 1..k over c and C the probability that all
    units are busy (1 from a total load of c on: the units then never rest, and the classes above still find them so).

    Source: A. Cobham (1954), "Priority assignment in waiting line problems", Operations Research 2. Exact.

    Args:
        servers: number of units, c.
        rates: calls of each class in a unit of time, most urgent first, shape (classes,).
        mean_service: s, in that unit of time.

    Returns:
        Mean waits in that unit of time; infinite from the class on at which the load reaches the units.

    Raises:
        ValueError: no positive number of units, a rate that is negative or not finite, a mean service not positive.
    """
    offered = _cumulative_load(servers, rates, mean_service)
    spare = np.maximum(1.0 - np.concatenate(([0.0], offered)) / servers, 0.0)
    between_departures = erlang_c(servers, float(offered[-1])) * mean_service / servers
    with np.errstate(divide="ignore"):
        waits = between_departures / (spare[:-1] * spare[1:])
    return np.where(spare[1:] > 0.0, waits, math.inf)


def waits_with_preemption(servers: int, rates: Values, mean_service: float) -> Values:
    """Return each class's mean time in the system without a unit, where urgent calls take units away from others.

    A call that lost its unit waits, interruptions included, and goes on where it was left (pre-emptive resume). To the
    classes 1..k the rest does not exist: together they are an M/M/c queue, since with one exponential service it does
    not matter who of them is served. The difference of two such queues is class k's, and Little's law gives its wait.

    Source: J. P. Buzen and A. B. Bondi (1983), "The response times of priority classes under preemptive resume in
    M/M/m queues", Operations Research 31. Exact for the equal mean services taken here; they approximate others.

    Args and errors as ``waits_without_preemption``. A class without calls gives NaN: no difference, no mean.
    """
    offered = _cumulative_load(servers, rates, mean_service)
    queues = np.array([0.0, *(mean_queue(servers, float(load)) for load in offered)])
    with np.errstate(invalid="ignore", divide="ignore"):
        waits = np.diff(queues) / np.asarray(rates, dtype=np.float64)
    waits[offered >= servers] = math.inf
    return np.where(np.asarray(rates) == 0.0, math.nan, waits)


def _cumulative_load(servers: int, rates: Values, mean_service: float) -> Values:
    """Return the load of each class together with the more urgent ones, in erlangs."""
    require_count("servers", servers)
    require_positive(mean_service=mean_service)
    return np.asarray(np.cumsum(finite_rates("rates", rates)) * mean_service)
