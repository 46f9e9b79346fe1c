"""Random patrol on the roads: a random walk that visits nodes by their degree, whoever looks at it and when."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playing import at, line, stage
from squares import square

from sim.codes import Status
from sim.engine.clock import MINUTE, SECOND
from sim.engine.compiled import compiled, from_python
from sim.response.walking import take_turn, walk_on

SIDE = 6
CORNERS = [0, SIDE - 1, SIDE * (SIDE - 1), SIDE * SIDE - 1]


@compiled
def count_visits(world: Any, turns: int, visits: Any) -> None:
    """Let unit 0 take turns and count how often it comes to each node."""
    for _ in range(turns):
        take_turn(world, 0)
        visits[world.units[0].node] += 1


def test_a_walk_visits_nodes_by_their_degree() -> None:
    world = stage(square(), [at(14, mode="random")], []).world
    turns = 400_000
    visits = np.zeros(SIDE * SIDE, dtype=np.int64)
    count_visits(world, turns, visits)
    degree = np.asarray(world.nodes["end_arc"] - world.nodes["first_arc"])
    assert degree.sum() == 120
    returns = turns / visits
    assert returns[CORNERS].mean() == pytest.approx(60.0, rel=0.03)
    assert returns[degree == 4].mean() == pytest.approx(30.0, rel=0.03)
    assert returns[degree == 3].mean() == pytest.approx(40.0, rel=0.03)
    assert np.abs(visits / turns - degree / 120).max() < 0.0015


def test_it_does_not_matter_how_often_a_unit_is_looked_at() -> None:
    often, once = (stage(square(), [at(14, 3, mode="random")], []) for _ in range(2))
    for model in (often, once):
        model.run_until(0.001)
    for moment in np.linspace(0.002, 0.9, 331).tolist():
        from_python(walk_on)(often.world, 0, moment)
    from_python(walk_on)(once.world, 0, 0.9)
    for name in ("node", "node_time", "patrol_moves"):
        assert often.world.units[name][0] == once.world.units[name][0]
    assert often.world.units[0].patrol_moves == pytest.approx(0.9 * 86400 / 30, abs=2)
    assert 0.0 <= often.world.units[0].node_time - 0.9 <= 30 * SECOND


def test_presence_counts_every_step_without_changing_the_walk() -> None:
    seen = []
    for effect in (0.0, 0.3):
        model = stage(square(), [at(14, mode="random")], [], parameters={"presence_effect": effect}, days=1)
        model.run_until(0.7)
        from_python(walk_on)(model.world, 0, 0.7)
        unit = model.world.units[0]
        seen.append((int(unit.node), float(unit.node_time), int(unit.patrol_moves), int(unit.status)))
        assert (model.world.nodes["presence"].max() > 0.0) == (effect > 0.0)
    assert seen[0] == seen[1]
    assert seen[0][3] == Status.PATROLLING


def test_slower_units_and_slow_hours_take_longer() -> None:
    slow = {"hours": list(range(24)), **dict.fromkeys(("trunk", "main", "street", "lane"), 0.5)}
    turns = []
    for group, travel in (({}, {}), ({"speed_factor": 0.25}, {}), ({}, {"traffic": [slow]})):
        model = stage(square(), [at(14, mode="random", **group)], [], travel=travel)
        model.run_until(0.001)
        from_python(walk_on)(model.world, 0, 0.6)
        turns.append(int(model.world.units[0].patrol_moves))
    assert turns[1] == pytest.approx(turns[0] / 4, rel=0.02)
    assert turns[2] == pytest.approx(turns[0] / 2, rel=0.02)


def test_a_walk_on_a_street_stays_on_it() -> None:
    model = stage(line(4), [at(1, mode="random")], [])
    nodes = []
    for moment in np.linspace(0.01, 0.99, 200).tolist():
        model.run_until(moment)
        from_python(walk_on)(model.world, 0, moment)
        nodes.append(int(model.world.units[0].node))
    assert set(nodes) == {0, 1, 2, 3}


def test_a_walk_takes_the_time_of_its_streets_class_at_that_hour() -> None:
    town = line(2, minutes=1.0)
    trunk, street = 0, 2
    town.roads.road_class[:] = [trunk, street]  # there on a trunk road, back on a street
    rush = {"hours": [0], "trunk": 1.0, "main": 1.0, "street": 0.25, "lane": 1.0}
    model = stage(town, [at(0, mode="random")], [], travel={"traffic": [rush]})
    model.run_until(1e-6)
    unit = model.world.units[0]
    for _ in range(4):
        tail, before = int(unit.node), float(unit.node_time)
        from_python(take_turn)(model.world, 0)
        assert (unit.node_time - before) / MINUTE == pytest.approx({0: 1.0, 1: 4.0}[tail])


@pytest.mark.parametrize(("hour", "takes"), [(4.5, 0.5), (5.5, 1.0), (6.5, 0.5)])
def test_a_walk_is_slow_in_the_slow_hours_only(hour: float, takes: float) -> None:
    slow = {"hours": [5], **dict.fromkeys(("trunk", "main", "street", "lane"), 0.5)}
    model = stage(square(), [at(14, mode="random")], [], travel={"traffic": [slow]})
    model.run_until(hour / 24)
    from_python(walk_on)(model.world, 0, hour / 24)
    before = float(model.world.units[0].node_time)
    from_python(take_turn)(model.world, 0)
    assert (model.world.units[0].node_time - before) / MINUTE == pytest.approx(takes)
