"""Queues that lose calls: a limited number of places to wait, and callers who give up.

Both are birth-and-death processes in the number of calls present (M/M/c with a further death rate or a bound), so the
probabilities are products of ratios of rates. Times come out in the unit in which the mean times are given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.response.analytic.checks import Values, require_count, require_positive

NEGLIGIBLE = 1e-18  # a state this much less likely than the likeliest ends the sum over an endless queue
STATES_AT_ONCE = 4096


@dataclass(frozen=True)
class LimitedQueue:
    """A queue with a limited number of places (M/M/c/K).

    Attributes:
        states: probability of k calls in service or waiting, shape (servers + places + 1,).
        refused: probability that a call finds every unit busy and every place taken, and is lost.
        waits: share of the calls let in that wait.
        mean_queue: mean number of waiting calls.
        mean_wait: mean wait over the calls let in.
    """

    states: Values
    refused: float
    waits: float
    mean_queue: float
    mean_wait: float


def limited_queue(servers: int, places: int, load: float, mean_service: float = 1.0) -> LimitedQueue:
    """Return the steady state of units with so many places to wait in; it exists at every load.

    With no place it is Erlang's loss system, with endlessly many his queue. K of the usual name is servers + places.

    Raises:
        ValueError: servers below 1, places below 0, a load or a mean service that is not positive and finite.
    """
    require_count("servers", servers)
    require_count("places", places, least=0)
    require_positive(load=load, mean_service=mean_service)
    present = np.arange(1, servers + places + 1)
    logs = np.concatenate(([0.0], np.cumsum(np.log(load / np.minimum(present, servers)))))
    weights = np.exp(logs - logs.max())
    states = weights / weights.sum()
    refused = float(states[-1])
    queue = float(states[servers:] @ np.arange(places + 1))
    let_in = float(states[:-1].sum())
    return LimitedQueue(
        states=states,
        refused=refused,
        waits=float(states[servers:-1].sum()) / let_in,
        mean_queue=queue,
        mean_wait=queue * mean_service / (load * let_in),
    )


@dataclass(frozen=True)
class Reneging:
    """A queue whose callers give up (Erlang A).

    Attributes:
        waits: probability that a call finds all units busy.
        reneged: share of the calls that give up before a unit is free.
        mean_queue: mean number of waiting calls.
        mean_wait: mean time in the queue over all calls, those that give up included.
        mean_wait_answered: mean time in the queue over the calls that a unit answers, those at once included.
    """

    waits: float
    reneged: float
    mean_queue: float
    mean_wait: float
    mean_wait_answered: float


def reneging(servers: int, load: float, mean_patience: float, mean_service: float = 1.0) -> Reneging:
    """Return the steady state where each waiting caller gives up after an exponential patience.

    The death rate with n calls present is min(n, c) / mean service + (n - c)+ / mean patience, so a steady state exists
    at every load. A call that finds j others waiting reaches a unit if its patience outlasts the j + 1 departures ahead
    of it, whose rates are c / service + i / patience for i = 0..j.

    Source: C. Palm (1957), "Research on telephone traffic carried by full availability groups"; O. Garnett,
    A. Mandelbaum and M. Reiman (2002), "Designing a call center with impatient customers".

    Args:
        servers: number of units.
        load: calls' rate times mean service, in erlangs.
        mean_patience: in the unit of ``mean_service``.
        mean_service: mean time a unit is busy with a call.

    Raises:
        ValueError: servers below 1, or one of the others not positive and finite.
    """
    require_count("servers", servers)
    require_positive(load=load, mean_patience=mean_patience, mean_service=mean_service)
    impatience = mean_service / mean_patience  # all rates are per mean service from here on
    busy = np.concatenate(([0.0], np.cumsum(np.log(load / np.arange(1, servers + 1)))))
    logs = np.concatenate((busy, busy[-1] + _queue_logs(servers, load, impatience)))
    weights = np.exp(logs - logs.max())
    all_busy = weights[servers:] / weights.sum()
    ahead = np.arange(len(all_busy))
    leaving = servers + impatience * (ahead + 1.0)
    served = all_busy * servers / leaving
    wait_of_served = float(served @ np.cumsum(1.0 / leaving))
    waits, queue = float(all_busy.sum()), float(all_busy @ ahead)
    reneged = impatience * queue / load
    return Reneging(
        waits=waits,
        reneged=reneged,
        mean_queue=queue,
        mean_wait=queue * mean_service / load,
        mean_wait_answered=wait_of_served * mean_service / (1.0 - reneged),
    )


def _queue_logs(servers: int, load: float, impatience: float) -> Values:
    """Return the log probabilities of 1, 2, ... waiting calls relative to none, as far as they count."""
    parts: list[Values] = []
    last, highest, first = 0.0, 0.0, 1
    while last > highest + math.log(NEGLIGIBLE):
        waiting = np.arange(first, first + STATES_AT_ONCE)
        parts.append(last + np.cumsum(np.log(load / (servers + impatience * waiting))))
        last, highest, first = float(parts[-1][-1]), max(highest, float(parts[-1].max())), first + STATES_AT_ONCE
    return np.concatenate(parts)
