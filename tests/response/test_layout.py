"""Layout: tables agree with the town, routes lead home."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest

from sim.codes import Status
from sim.response import lay_out, uncovered_hours


def laid(lab: Any, town: Any, **changes: Any) -> Any:
    """Return the tables of a town."""
    return lay_out(lab.settings(**changes), town, parameters=lab.parameter_row()[0], seed=1)


def test_routes_lead_to_the_post_in_the_time_they_state(lab: Any) -> None:
    town = lab.grid_town(6)
    tables = laid(lab, town, units=5, posts=3)
    graph: nx.DiGraph[int] = nx.DiGraph()
    for tail, head, seconds in zip(town.roads.tail, town.roads.head, town.roads.seconds, strict=True):
        graph.add_edge(int(tail), int(head), seconds=float(seconds))
    for post, home in enumerate(tables["posts"]["node"].tolist()):
        shortest = nx.single_source_dijkstra_path_length(graph.reverse(), home, weight="seconds")
        for node in range(36):
            route = tables["routes"][post, node]
            assert float(route.seconds) == pytest.approx(shortest[node], rel=1e-6)
            if node != home:
                onward = graph.edges[node, int(route.next)]["seconds"]
                assert onward + shortest[int(route.next)] == pytest.approx(shortest[node])


def test_incoming_arcs_are_the_roads_at_emergency_speed(lab: Any) -> None:
    town = lab.town_of([(0, 1, 12.0, 7.0), (2, 1, 24.0, 8.0), (1, 2, 6.0, 9.0), (1, 0, 3.0, 5.0)], 3)
    tables = laid(lab, town, units=1, posts=1)
    found = set()
    for node in range(3):
        for row in range(int(tables["nodes"][node].first_arc), int(tables["nodes"][node].end_arc)):
            arc = tables["arcs"][row]
            found.add((int(arc.tail), node, round(float(arc.seconds), 9), float(arc.metres)))
    assert found == {(0, 1, 10.0, 7.0), (2, 1, 20.0, 8.0), (1, 2, 5.0, 9.0), (1, 0, 2.5, 5.0)}
    assert len(tables["frontier"]) >= len(tables["arcs"]) + 2


def test_units_start_off_duty_at_their_posts(lab: Any) -> None:
    tables = laid(lab, lab.grid_town(6), units=11, posts=4, shift_hours=8.0)
    units, posts = tables["units"], tables["posts"]
    assert (units["status"] == Status.OFF_DUTY).all()
    assert (units["node"] == posts["node"][units["post"]]).all()
    assert (np.diff(units["shift_start_hour"]) >= 0.0).all()
    assert np.ptp(np.bincount(units["post"], minlength=4)) <= 1


def test_nothing_depends_on_the_seed(lab: Any) -> None:
    town, plan = lab.grid_town(5), lab.settings(units=6, shift_hours=8.0)
    one, other = (lay_out(plan, town, parameters=lab.parameter_row()[0], seed=seed) for seed in (1, 2))
    for name, table in one.items():
        assert table.tobytes() == other[name].tobytes()


def test_a_dead_end_for_good_is_refused(lab: Any) -> None:
    town = lab.town_of([(0, 1, 1.0, 1.0), (1, 0, 1.0, 1.0), (0, 2, 1.0, 1.0)], 3)
    with pytest.raises(ValueError, match="hang together"):
        laid(lab, town, units=1, posts=1)


def test_hours_without_a_crew_are_told(lab: Any) -> None:
    parameters = lab.parameter_row()[0]
    assert len(uncovered_hours(lab.settings(units=1, shift_hours=20.0).response, parameters)) == 4
    assert uncovered_hours(lab.settings(units=3, shift_hours=8.0).response, parameters) == []


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
def test_impossible_emergency_speeds_are_refused(lab: Any, factor: float) -> None:
    parameters = lab.parameter_row(emergency_speed_factor=factor)
    with pytest.raises(ValueError, match="emergency"):
        lay_out(lab.settings(), lab.grid_town(3), parameters=parameters[0], seed=1)
