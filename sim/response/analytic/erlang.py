"""Units that are all alike: Erlang's formulas for calls that are lost and for calls that wait.

Calls arrive as a Poisson stream, service times are independent of everything else. The load is the calls' rate times
the mean service, in erlangs: the mean number of units at work where none is ever short. Times come out in the unit in
which ``mean_service`` is given.

Source: A. K. Erlang (1917), "Solution of some problems in the theory of probabilities of significance in automatic
telephone exchanges".
"""

from __future__ import annotations

import math

import numpy as np

from sim.response.analytic.checks import Values, require_count, require_not_negative, require_positive


def erlang_b(servers: int, load: float) -> float:
    """Return the probability that a call finds all units busy and is lost (M/G/c/c).

    It does not depend on the shape of the service times. The recursion B(k) = a B(k-1) / (k + a B(k-1)) from B(0) = 1
    only adds and divides positive numbers, so it is stable for any size.

    Raises:
        ValueError: the servers are no positive whole number, or the load is negative or not finite.
    """
    require_count("servers", servers)
    require_not_negative(load=load)
    blocked = 1.0
    for busy in range(1, servers + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """Return the probability that a call finds all units busy and waits (M/M/c, first come first served).

    C = c B / (c - a (1 - B)); 1 where the load reaches the number of units, since then the queue grows without end.
    """
    blocked = erlang_b(servers, load)
    if load >= servers:
        return 1.0
    return servers * blocked / (servers - load * (1.0 - blocked))


def mean_wait(servers: int, load: float, mean_service: float = 1.0) -> float:
    """Return the mean wait over all calls, those that do not wait included; infinite from load = servers on."""
    require_positive(mean_service=mean_service)
    waits = erlang_c(servers, load)
    return math.inf if load >= servers else waits * mean_service / (servers - load)


def mean_queue(servers: int, load: float) -> float:
    """Return the mean number of waiting calls: Little's law for ``mean_wait``; infinite from load = servers on."""
    return load * mean_wait(servers, load)


def waits_longer(servers: int, load: float, time: float, mean_service: float = 1.0) -> float:
    """Return the probability that a call waits longer than a time, P(W > t) = C exp(-(c - a) t / mean service).

    First come, first served. 1 for every time where the load reaches the number of units.

    Raises:
        ValueError: the time is negative, or the mean service is not positive, or as ``erlang_b``.
    """
    require_not_negative(time=time)
    require_positive(mean_service=mean_service)
    waits = erlang_c(servers, load)
    return 1.0 if load >= servers else waits * math.exp(-(servers - load) * time / mean_service)


def busy_distribution(servers: int, load: float, *, queue: bool) -> Values:
    """Return the probability that k units are busy, shape (servers + 1,).

    Args:
        servers: number of units.
        load: in erlangs.
        queue: calls wait (M/M/c; the last entry then holds every state in which all are busy, so it is ``erlang_c``);
            otherwise they are lost (M/G/c/c; the last entry is ``erlang_b``).
    """
    require_count("servers", servers)
    require_not_negative(load=load)
    if load == 0.0 or (queue and load >= servers):
        return np.eye(servers + 1)[0 if load == 0.0 else servers]
    # Products of a / k in logarithms: a hundred units at any load stay within a float's range.
    logs = np.concatenate(([0.0], np.cumsum(np.log(load / np.arange(1, servers + 1)))))
    weights = np.exp(logs - logs.max())
    if queue:
        weights[servers] *= servers / (servers - load)
    return np.asarray(weights / weights.sum())


def mean_free(servers: int, load: float, *, queue: bool) -> float:
    """Return the mean number of units that are free at a random moment; 0 where calls wait and the load is too much."""
    if queue:
        require_count("servers", servers)
        require_not_negative(load=load)
        return max(servers - load, 0.0)
    return servers - load * (1.0 - erlang_b(servers, load))
