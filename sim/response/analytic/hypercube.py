"""The exact hypercube: units that differ in where they stand, and so in whom they are sent to.

A state is the set of busy units, a number whose bit n says that unit n is busy: the corners of a cube in N dimensions.

Source: R. C. Larson (1974), "A hypercube queuing model for facility location and redistricting in urban emergency
services", Computers and Operations Research 1; R. C. Larson and A. R. Odoni (1981), Urban Operations Research, 5.4.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.linalg import lu_factor, lu_solve
from scipy.sparse import csr_array

from sim.response.analytic.checks import Values
from sim.response.analytic.deployment import Deployment, Numbers, Performance

MOST_UNITS = 12


def state_probabilities(deployment: Deployment) -> Values:
    """Return the probability of each set of busy units while no call waits, shape (2^N,).

    Where calls wait, the missing rest is the probability that at least one does: with all units busy, the number of
    waiting calls falls off geometrically by the ratio of the calls' rate to all units' service rates together. All
    entries are 0 where there is no steady state.

    A call makes one more unit busy and a finished one makes one less, so the balance equations join only neighbouring
    levels of the number of busy units. They are solved level by level from the top (linear level reduction: D. P.
    Gaver, P. A. Jacobs and G. Latouche 1984, "Finite birth-and-death models in randomly changing environments"): no
    iteration, no tolerance; the largest system has 924 unknowns at 12 units, and the whole takes less than a second.

    Raises:
        ValueError: more than 12 units; the message names the approximation.
    """
    if deployment.units > MOST_UNITS:
        raise ValueError(
            f"the exact hypercube takes up to {MOST_UNITS} units, not {deployment.units}: use approximate_performance"
        )
    if deployment.has_no_steady_state:
        return np.zeros(1 << deployment.units)
    weights = _solved_by_level(deployment)
    tail = weights[-1] * _waiting_weight(deployment)
    return np.asarray(weights / (weights.sum() + tail))


def exact_performance(deployment: Deployment) -> Performance:
    """Return the exact figures of up to 12 units.

    Raises:
        ValueError: more than 12 units.
    """
    states = state_probabilities(deployment)
    someone_waits = 1.0 if deployment.has_no_steady_state else float(states[-1]) * _waiting_weight(deployment)
    mean_wait = math.inf
    if not deployment.has_no_steady_state:
        # Little's law: while any call waits, their number is geometric with mean 1 / (1 - ratio of the rates).
        ratio = deployment.total_rate / float(deployment.service_rates.sum())
        mean_wait = someone_waits / (1.0 - ratio) / deployment.total_rate if deployment.queue else 0.0
    return Performance(
        deployment=deployment,
        immediate=_immediate(deployment, states),
        all_busy=float(states[-1]) + someone_waits,
        someone_waits=someone_waits,
        workloads=np.asarray(states @ _busy_units(deployment.units) + someone_waits),
        mean_wait=mean_wait,
    )


def _waiting_weight(deployment: Deployment) -> float:
    """Return the probability that calls wait over that of all busy and none waiting; 0 where calls are lost."""
    spare = float(deployment.service_rates.sum()) - deployment.total_rate
    return deployment.total_rate / spare if deployment.queue else 0.0


def _busy_units(units: int) -> Numbers:
    """Return which units are busy in each state as 0 and 1, shape (2^N, N)."""
    return np.asarray(np.arange(1 << units)[:, None] >> np.arange(units) & 1)


def _sent(deployment: Deployment, order: Numbers, states: Numbers) -> Numbers:
    """Return the unit that an atom with this order of preference gets in each of the states, one of them free."""
    free = ~states[:, None] >> order & 1
    return np.asarray(order[np.argmax(free, axis=1)])


def _immediate(deployment: Deployment, states: Values) -> Values:
    """Return the share of all calls that each unit answers at once in each atom, shape (atoms, units)."""
    some_free = np.arange((1 << deployment.units) - 1)
    by_order = {
        tuple(order): np.bincount(_sent(deployment, order, some_free), states[:-1], deployment.units)
        for order in np.unique(deployment.preferences, axis=0)
    }
    shares = deployment.call_rates / deployment.total_rate
    rows = np.array([by_order[tuple(order)] for order in deployment.preferences])
    return np.asarray(shares[:, None] * rows)


def _solved_by_level(deployment: Deployment) -> Values:
    """Return the states' probabilities up to a common factor, calls that find all units busy left out."""
    units = deployment.units
    busy = _busy_units(units)
    level = busy.sum(axis=1)
    members = [np.flatnonzero(level == count) for count in range(units + 1)]
    place = np.empty(1 << units, dtype=np.int64)
    for states in members:
        place[states] = np.arange(len(states))
    leaving = busy @ deployment.service_rates + np.where(level < units, deployment.total_rate, 0.0)

    ups = [_calls_upwards(deployment, members[count], place, len(members[count + 1])) for count in range(units)]
    # From the top: of each level's system after the levels above it are eliminated.
    factors: list[tuple[Values, Any]] = []
    for count in range(units, 0, -1):
        system = np.diag(leaving[members[count]])
        if factors:
            down = _finished_downwards(deployment, members[count + 1], place, len(members[count]))
            system -= ups[count] @ lu_solve(factors[-1], down)
        factors.append(lu_factor(system))
    weights = np.empty(1 << units)
    weights[0] = 1.0
    for count in range(1, units + 1):
        inflow = weights[members[count - 1]] @ ups[count - 1]
        weights[members[count]] = lu_solve(factors[units - count], inflow, trans=1)
    return weights


def _calls_upwards(deployment: Deployment, states: Numbers, place: Numbers, width: int) -> csr_array:
    """Return the rates from a level's states to those of the level above, as a sparse matrix."""
    orders, which = np.unique(deployment.preferences, axis=0, return_inverse=True)
    rates = np.bincount(which.ravel(), deployment.call_rates)
    rows, columns, values = [], [], []
    for order, rate in zip(orders, rates, strict=True):
        rows.append(np.arange(len(states)))
        columns.append(place[states | 1 << _sent(deployment, order, states)])
        values.append(np.full(len(states), rate))
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return csr_array(entries, shape=(len(states), width))


def _finished_downwards(deployment: Deployment, states: Numbers, place: Numbers, width: int) -> Values:
    """Return the rates from a level's states to those of the level below, as a dense matrix."""
    rates = np.zeros((len(states), width))
    for unit, rate in enumerate(deployment.service_rates):
        at_work = np.flatnonzero(states >> unit & 1)
        rates[at_work, place[states[at_work] ^ 1 << unit]] = rate
    return rates
