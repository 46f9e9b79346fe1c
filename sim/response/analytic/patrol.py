"""How often a patrol comes by: random walks on the roads, and rounds of hot spots.

Source: M. Kac (1947), "On the notion of recurrence in discrete stochastic processes" (a mean return is one over the
stationary share); L. Lovasz (1993), "Random walks on graphs: a survey".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csc_array, csr_array, diags_array, eye_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import spsolve

from sim.response.analytic.checks import Values, finite_rates, require_count, require_positive

ROUNDING = 1e-9


def shares_by_degree(degrees: Values) -> Values:
    """Return the share of a random walk's steps that end at each node of a connected undirected graph, deg / 2E.

    Args:
        degrees: edges at each node (or the sum of their weights, if the walk prefers some), shape (nodes,).

    Raises:
        ValueError: no node, a degree that is not positive or not finite.
    """
    known = finite_rates("degrees", degrees)
    if (known == 0.0).any():
        raise ValueError(f"node {int(np.argmin(known))} has no edge: a walk never comes there")
    return np.asarray(known / known.sum())


def walk_of(arcs: Any) -> csr_array:
    """Return the transition matrix of the walk that takes each arc out of a node in proportion to its weight.

    Args:
        arcs: weights of the arcs [from, to], not negative, dense or sparse, shape (nodes, nodes); 1 each for a walk
            that prefers none.

    Raises:
        ValueError: the matrix is not square, holds a negative weight, or a node has no way out.
    """
    weights = csr_array(arcs, dtype=np.float64)
    if weights.shape[0] != weights.shape[1]:
        raise ValueError(f"arcs must be a square matrix, not of shape {weights.shape}")
    if not (weights.data >= 0.0).all():
        raise ValueError("arcs must not have negative weights")
    out = np.asarray(weights.sum(axis=1)).ravel()
    if (out == 0.0).any():
        raise ValueError(f"node {int(np.argmin(out))} has no way out: a walk ends there")
    return csr_array(diags_array(1.0 / out) @ weights)


def stationary_shares(transitions: Any) -> Values:
    """Return the share of steps that end at each node of a walk on a directed graph, shape (nodes,).

    The one solution of p = p P with sum 1: P irreducible, which for the walk of a road graph means strongly connected.

    Args:
        transitions: probability of each step [from, to], dense or sparse, shape (nodes, nodes).

    Raises:
        ValueError: rows do not sum to 1, or some node cannot be reached from every other.
    """
    steps = csr_array(transitions, dtype=np.float64)
    steps.eliminate_zeros()
    nodes = steps.shape[0]
    if steps.shape != (nodes, nodes) or not np.allclose(steps.sum(axis=1), 1.0, rtol=0.0, atol=ROUNDING):
        raise ValueError(f"transitions must be square with rows that sum to 1; the shape is {steps.shape}")
    if (steps.data < 0.0).any():
        raise ValueError("transitions must not be negative")
    parts = connected_components(steps, directed=True, connection="strong", return_labels=False)
    if parts > 1:
        raise ValueError(f"the walk falls into {parts} parts: take the largest strongly connected one")
    # Of the balance equations one follows from the others; relative to the first node the rest has one solution.
    balance = csc_array(eye_array(nodes) - steps.T)
    relative = np.ones(nodes)
    if nodes > 1:
        relative[1:] = spsolve(balance[1:, 1:], -balance[1:, [0]].toarray().ravel())
    return np.asarray(relative / relative.sum())


def mean_return(shares: Values, step_times: Values | None = None) -> Values:
    """Return the mean time between a walk's visits of each node, shape (nodes,): in steps 1 / share, or in time.

    Args:
        shares: of the steps that end at each node, from ``shares_by_degree`` or ``stationary_shares``.
        step_times: mean time from the arrival at each node to that at the next, dwell included, shape (nodes,); a
            renewal argument then gives the mean time of a step over the share. Left out, a step takes 1.

    Raises:
        ValueError: shares and times differ in shape.
    """
    known = np.asarray(shares, dtype=np.float64)
    mean_step = 1.0
    if step_times is not None:
        times = finite_rates("step_times", step_times)
        if times.shape != known.shape:
            raise ValueError(f"step_times must have the shape {known.shape}, not {times.shape}")
        mean_step = float(known @ times)
    return mean_step / known


def interval_of_rounds(drives: Values, dwells: Values, units: int = 1) -> float:
    """Return the mean time between arrivals at a hot spot that units visit in rounds.

    A round takes all its drives and dwells; so many units on the same round come by so many times as often, whether
    they keep their distance or not. Exact while no call takes a unit off its round.

    Args:
        drives: time from each spot to the next and from the last to the first, shape (spots,).
        dwells: time spent at each spot, shape (spots,).
        units: on the round.

    Raises:
        ValueError: shapes differ, a time is negative, a round takes no time, or no unit is on it.
    """
    require_count("units", units)
    ways, stays = finite_rates("drives", drives), finite_rates("dwells", dwells)
    if ways.shape != stays.shape:
        raise ValueError(f"drives and dwells must have one shape, not {ways.shape} and {stays.shape}")
    cycle = float(ways.sum() + stays.sum())
    require_positive(time_of_a_round=cycle)
    return cycle / units
