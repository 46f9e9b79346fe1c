"""Patrols against the published grid, first passages solved one by one, and plain walks."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.response.analytic import interval_of_rounds, mean_return, shares_by_degree, stationary_shares, walk_of


@st.composite
def directed_walks(draw: st.DrawFn) -> np.ndarray:
    """Return weights of arcs: a one-way ring, so that every node reaches every other, and chords."""
    nodes = draw(st.integers(2, 8))
    chords = draw(st.lists(st.floats(0.0, 3.0), min_size=nodes * nodes, max_size=nodes * nodes))
    keep = draw(st.lists(st.booleans(), min_size=nodes * nodes, max_size=nodes * nodes))
    return np.asarray(
        np.roll(np.eye(nodes), 1, axis=1) + np.reshape(chords, (nodes, nodes)) * np.reshape(keep, (nodes, nodes))
    )


def first_passage(transitions: np.ndarray, node: int, times: np.ndarray) -> float:
    """Return the mean time of a walk from a node until it is there again, from the times to it from all others."""
    others = np.delete(np.arange(len(transitions)), node)
    inner = np.eye(len(others)) - transitions[np.ix_(others, others)]
    to_node = np.linalg.solve(inner, times[others])
    return float(times[node] + transitions[node, others] @ to_node)


def test_published_grid() -> None:
    grid = nx.grid_2d_graph(6, 6)
    degrees = np.array([degree for _, degree in grid.degree], dtype=np.float64)
    returns = mean_return(shares_by_degree(degrees)).reshape(6, 6)
    np.testing.assert_allclose(returns[[0, 0, 5, 5], [0, 5, 0, 5]], 60.0)
    np.testing.assert_allclose(returns[1:5, 1:5], 30.0)
    np.testing.assert_allclose(returns[0, 1:5], 40.0)
    directed = mean_return(stationary_shares(walk_of(nx.to_scipy_sparse_array(grid)))).reshape(6, 6)
    np.testing.assert_allclose(directed, returns)


@given(weights=directed_walks(), data=st.data())
def test_returns_are_first_passages(weights: np.ndarray, data: st.DataObject) -> None:
    nodes = len(weights)
    times = np.array(data.draw(st.lists(st.floats(0.1, 20.0), min_size=nodes, max_size=nodes)))
    walk = walk_of(weights)
    shares = stationary_shares(walk)
    np.testing.assert_allclose(shares @ walk.toarray(), shares, atol=1e-12)
    assert (shares > 0.0).all()
    assert shares.sum() == pytest.approx(1.0)
    for node in range(nodes):
        assert mean_return(shares)[node] == pytest.approx(first_passage(walk.toarray(), node, np.ones(nodes)), rel=1e-7)
        timed = first_passage(walk.toarray(), node, times)
        assert mean_return(shares, times)[node] == pytest.approx(timed, rel=1e-7)


def test_a_plain_walk_comes_back_as_often() -> None:
    graph = nx.random_regular_graph(3, 12, seed=4)
    graph.add_edges_from((0, node) for node in range(5, 12))
    neighbours = [list(graph[node]) for node in range(12)]
    draws = np.random.default_rng(9)
    visits = np.zeros((40, 12))
    node = 0
    for block in visits:
        for choice in draws.random(5000):
            node = neighbours[node][int(choice * len(neighbours[node]))]
            block[node] += 1
    shares = visits / 5000
    errors = shares.std(axis=0, ddof=1) / np.sqrt(40)
    degrees = np.array([len(near) for near in neighbours], dtype=np.float64)
    assert (np.abs(shares.mean(axis=0) - shares_by_degree(degrees)) < 4.5 * errors).all()
    assert (errors < 0.002).all()


def test_a_one_way_ring_is_a_round() -> None:
    ring = np.roll(np.eye(5), 1, axis=1)
    drives, dwells = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.full(5, 12.0)
    walked = mean_return(stationary_shares(walk_of(ring)), drives + dwells)
    np.testing.assert_allclose(walked, interval_of_rounds(drives, dwells))
    assert interval_of_rounds(drives, dwells, units=3) == pytest.approx(75.0 / 3.0)


def test_a_walk_of_one_node_stays() -> None:
    assert stationary_shares(np.ones((1, 1))).tolist() == [1.0]


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="node 1 has no edge"):
        shares_by_degree(np.array([2.0, 0.0]))
    with pytest.raises(ValueError, match="node 1 has no way out"):
        walk_of(np.array([[0.0, 1.0], [0.0, 0.0]]))
    with pytest.raises(ValueError, match="square"):
        walk_of(np.ones((2, 3)))
    with pytest.raises(ValueError, match="negative"):
        walk_of(np.array([[2.0, -1.0], [1.0, 0.0]]))
    with pytest.raises(ValueError, match="sum to 1"):
        stationary_shares(np.array([[0.5, 0.4], [0.5, 0.5]]))
    with pytest.raises(ValueError, match="must not be negative"):
        stationary_shares(np.array([[1.5, -0.5], [0.5, 0.5]]))
    with pytest.raises(ValueError, match="falls into 2 parts"):
        stationary_shares(np.array([[1.0, 0.0], [0.5, 0.5]]))
    with pytest.raises(ValueError, match="step_times"):
        mean_return(np.array([0.5, 0.5]), np.ones(3))
    with pytest.raises(ValueError, match="one shape"):
        interval_of_rounds(np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="time_of_a_round"):
        interval_of_rounds(np.zeros(2), np.zeros(2))
    with pytest.raises(ValueError, match="units"):
        interval_of_rounds(np.ones(2), np.ones(2), units=0)
