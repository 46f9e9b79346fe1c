"""Dispatch: metamorphic relations and the waiting queue."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.codes import NOBODY, Answer
from sim.engine.compiled import from_python
from sim.response.waiting import join_queue, leave_queue

QUIET = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def first_response(lab: Any, post_nodes: list[int], seed: int, factor: float = 1.2) -> float:
    """Return the response time of the first background call with one unit at each of the nodes, in days."""
    plan = lab.settings(units=len(post_nodes), posts=len(post_nodes))
    rate = {"background_calls_per_1000_per_year": 3650.0, "emergency_speed_factor": factor}
    world = lab.make_world(lab.grid_town(6), plan, days=60, seed=seed, **rate)
    world.posts["node"] = post_nodes
    lab.start(world)
    until = 0.0
    while not world.state[0].call_rows or world.calls[0].answer < Answer.ON_SCENE:
        until += 0.01
        lab.run(world, until, lab.lognormal)
    return float(world.calls[0].arrived - world.calls[0].received)


@QUIET
@given(
    nodes=st.lists(st.integers(0, 35), min_size=1, max_size=5, unique=True),
    more=st.integers(0, 35),
    seed=st.integers(1, 1000),
)
def test_another_unit_never_lengthens_the_first_response(lab: Any, nodes: list[int], more: int, seed: int) -> None:
    fewer = first_response(lab, nodes, seed)
    assert first_response(lab, [*nodes, more], seed) <= fewer


@QUIET
@given(nodes=st.lists(st.integers(0, 35), min_size=1, max_size=4, unique=True), seed=st.integers(1, 1000))
def test_faster_driving_never_lengthens_the_first_response(lab: Any, nodes: list[int], seed: int) -> None:
    assert first_response(lab, nodes, seed, 1.5) <= first_response(lab, nodes, seed, 1.0)


@QUIET
@given(steps=st.lists(st.sampled_from([0, 1, None]), max_size=40))
def test_the_queue_serves_urgent_first_and_each_in_order(lab: Any, steps: list[int | None]) -> None:
    world = lab.make_world(lab.grid_town(2), lab.settings(units=1), residents=1)
    waiting: list[list[int]] = [[], []]
    for row, step in enumerate(steps):
        if step is None:
            expected = waiting[0] or waiting[1]
            assert from_python(leave_queue)(world) == (expected.pop(0) if expected else NOBODY)
        else:
            world.calls[row].priority = step
            from_python(join_queue)(world, row)
            waiting[step].append(row)
        assert world.state[0].waiting_calls == len(waiting[0]) + len(waiting[1])
    for rows in waiting:
        for row in rows:
            assert from_python(leave_queue)(world) == row
    assert from_python(leave_queue)(world) == NOBODY


def test_without_units_all_calls_wait(lab: Any) -> None:
    rate = {"background_calls_per_1000_per_year": 3650.0}
    world = lab.make_world(lab.grid_town(3), lab.settings(units=0), **rate)
    lab.run(lab.start(world), 5.0, lab.lognormal)
    calls = lab.used_calls(world)
    ready = calls[~np.isnan(calls["ready"])]
    assert len(ready) > 10
    assert (ready["answer"] == Answer.WAITING).all()
    assert ready["queue_met"].tolist() == list(range(len(ready)))
