"""Places of calls: homes, nodes, weights and planes are drawn as a scenario says, and mistakes are told."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from calling import calling_world, received, run_calls, street_town
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.engine.compiled import from_python
from sim.response.places import lattice_node, weighted_place
from sim.town import Roads, Town, TownError


def stream(**places: Any) -> dict[str, Any]:
    """Return the calls of one stream with some places."""
    return {"streams": [{"name": "a", "per_day": 500, "places": places}]}


def plane_town(nodes: int, side: float) -> Town:
    """Return a plane whose lattice nodes are numbered in disorder."""
    place = np.random.default_rng(3).permutation(nodes * nodes)
    town = street_town(max(nodes * nodes, 2))
    spacing = side / nodes
    roads = Roads(
        **{
            **{name: getattr(town.roads, name) for name in ("tail", "head", "seconds", "metres", "road_class")},
            "node_ids": [str(node) for node in range(nodes * nodes)],
            "x_metres": (place % nodes + 0.5) * spacing,
            "y_metres": (place // nodes + 0.5) * spacing,
            "lon": None,
            "lat": None,
            "open_to_access": np.ones(nodes * nodes, dtype=bool),
        }
    )
    plane: Any = SimpleNamespace(side_metres=side, metric="euclidean", speed_kmh=30.0, wrap=False)
    return Town(roads, town.administration, np.full(nodes * nodes, 1.0 / nodes**2), [], plane)


def test_open_nodes_are_alike_and_closed_ones_never_call() -> None:
    calls = run_calls(calling_world(stream(kind="uniform"), town=street_town(6, closed=(0, 3))))
    found = np.bincount(calls["node"], minlength=6)
    assert found[[0, 3]].tolist() == [0, 0]
    assert stats.chisquare(found[[1, 2, 4, 5]]).pvalue > 0.01
    assert calls["x_metres"].tolist() == (100.0 * calls["node"]).tolist()
    assert (calls["access_metres"] == 0.0).all()


def test_places_follow_weights() -> None:
    weights = {"n4": 3.0, "n1": 1.0, "n0": 0.0, "n2": 6}
    calls = run_calls(calling_world(stream(kind="weights", weights=weights)))
    found = np.bincount(calls["node"], minlength=5)
    assert found[[0, 3]].tolist() == [0, 0]
    assert stats.chisquare(found[[1, 2, 4]], len(calls) * np.array([0.1, 0.6, 0.3])).pvalue > 0.01


def test_weights_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "weights.csv"
    file.write_text("a title\nweight,node,else\n3,n4,x\n1,n1,x\n0,n0,x\n6,n2,x\n")
    inline = {"n4": 3.0, "n1": 1.0, "n2": 6.0}
    worlds = [calling_world(stream(kind="weights", file=file)), calling_world(stream(kind="weights", weights=inline))]
    calls = [run_calls(world)["node"].tolist() for world in worlds]
    assert calls[0] == calls[1]


@given(
    weights=st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=40),
    luck=st.floats(0.0, 1.0, exclude_min=True, exclude_max=True),
)
def test_the_search_among_weights_is_that_of_numpy(weights: list[float], luck: float) -> None:
    names = {f"n{node}": weight for node, weight in enumerate(weights)}
    world = calling_world(stream(kind="weights", weights=names), town=street_town(40), days=1, rows=10)
    summed = np.cumsum(weights) / np.sum(weights)
    expected = min(int(np.searchsorted(summed, luck, side="right")), len(weights) - 1)
    assert from_python(weighted_place)(world, 3, luck) == expected


@pytest.mark.parametrize("nodes", [1, 2, 5])
def test_calls_of_a_plane_come_from_everywhere(nodes: int) -> None:
    calls = run_calls(calling_world(stream(), town=plane_town(nodes, 900.0)))
    for name in ("x_metres", "y_metres"):
        assert stats.kstest(calls[name] / 900.0, "uniform").pvalue > 0.01
    assert abs(stats.spearmanr(calls["x_metres"], calls["y_metres"]).statistic) < 0.05


@given(nodes=st.integers(1, 7), x=st.floats(0.0, 1.0), y=st.floats(0.0, 1.0))
def test_a_point_of_a_plane_counts_to_its_nearest_node(nodes: int, x: float, y: float) -> None:
    town = plane_town(nodes, 900.0)
    world = calling_world(stream(), town=town, days=1, rows=10)
    node = from_python(lattice_node)(world, 3, 900.0 * x, 900.0 * y)
    away = np.hypot(town.roads.x_metres - 900.0 * x, town.roads.y_metres - 900.0 * y)
    assert away[node] == pytest.approx(away.min())


def test_residents_call_from_home() -> None:
    world = calling_world(stream(kind="residents"), residents=700)
    world.households["node"] = np.where(np.arange(700) < 100, 1, 3)
    calls = run_calls(world)
    found = np.bincount(calls["node"], minlength=5)
    assert stats.binomtest(int(found[1]), len(calls), 1 / 7).pvalue > 0.01
    assert found[1] + found[3] == len(calls)


def test_everything_wrong_with_weights_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "weights.csv"
    file.write_text("node,weight\nn1,1\nm1,2\nn1,3\nn0,4\nn2,-5\nn3,x\n")
    streams = [
        {"name": "a", "per_day": 1, "places": {"kind": "weights", "file": file}},
        {"name": "b", "per_day": 1, "places": {"kind": "weights", "weights": {"n 3": 1.0}}},
    ]
    with pytest.raises(TownError) as caught:
        calling_world({"streams": streams}, town=street_town(5, closed=(0,)))
    told = str(caught.value)
    for line, words in ((3, "no node of the town"), (4, "given before"), (5, "closed to access"), (6, "is -5")):
        assert any(f"weights.csv:{line}: " in text and words in text for text in told.splitlines())
    assert "weights.csv:7: weight is 'x'" in told
    assert "calls.streams.1.places: 'n 3' is no node of the town; did you mean \"n3\"?" in told


def test_weights_of_nothing_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "weights.csv"
    file.write_text("node,weight\nn1,0\n")
    with pytest.raises(TownError, match="no node has a weight above 0"):
        calling_world(stream(kind="weights", file=file))


def test_a_places_luck_is_the_calls_own() -> None:
    few, many = (
        calling_world({"streams": [{"name": "a", "per_day": rate, "priority_shares": [0.5, 0.5]}]}, days=4)
        for rate in (100, 300)
    )
    run_calls(few)
    run_calls(many)
    first = received(few)
    same = received(many)[: len(first)]
    assert first["address"].tolist() == same["address"].tolist()
    for name in ("node", "priority"):
        assert first[name].tolist() == same[name].tolist()
