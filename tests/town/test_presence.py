"""Presence: rises with a stop up to its optimum, less after, halves in its time, and never lowers a rate below 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.clock import MINUTE
from sim.engine.compiled import from_python
from sim.scenario import parameters_record
from sim.town import dose_of_stop, leave_presence, presence_factor, presence_level
from sim.world import ARCS, DTYPES, NODES, World, empty_table


def street(effect: float = 0.2, half_life: float = 30.0, radius: float = 150.0, metres: Any = (100, 200, 100)) -> World:
    """Return a world of nodes 0, 1, 2, 3 in a row, with streets of these lengths between them."""
    pairs = [(node, node + 1, metres[node]) for node in range(3)]
    rows = sorted([*pairs, *((head, tail, length) for tail, head, length in pairs)])
    nodes, arcs = empty_table(NODES, 4), empty_table(ARCS, len(rows))
    tails = [tail for tail, _, _ in rows]
    arcs["head"], arcs["metres"] = [head for _, head, _ in rows], [length for _, _, length in rows]
    nodes["first_arc"], nodes["end_arc"] = np.searchsorted(tails, range(4)), np.searchsorted(tails, range(1, 5))
    given = {"effect": effect, "half_life_minutes": half_life, "radius_metres": radius}
    parameters = parameters_record({f"presence_{name}": value for name, value in given.items()})
    tables = {name: empty_table(dtype, 0) for name, dtype in DTYPES.items()}
    return World(parameters=parameters, **(tables | {"nodes": nodes, "arcs": arcs}))


def levels(world: World, minutes: float) -> list[float]:
    """Return the level at every node some minutes after time 0."""
    return [from_python(presence_level)(world, node, minutes * MINUTE) for node in range(4)]


@given(st.floats(0.0, 600.0), st.floats(1.0, 30.0))
def test_no_stop_leaves_more_than_the_best(minutes: float, optimum: float) -> None:
    dose = dose_of_stop(minutes, optimum)
    assert 0.0 <= dose <= 1.0
    assert dose_of_stop(optimum, optimum) == 1.0
    if minutes < optimum:
        assert dose < 1.0
        assert dose <= dose_of_stop((minutes + optimum) / 2, optimum)
    elif minutes > optimum:
        assert dose_of_stop(2 * minutes, optimum) == pytest.approx(dose / 2)


def test_presence_reaches_the_next_nodes_on_short_streets_and_decays() -> None:
    world = street()
    from_python(leave_presence)(world, 1, 0.8, 0.0)
    assert levels(world, 0.0) == pytest.approx([0.8, 0.8, 0.0, 0.0]), "the street to node 2 is too long"
    assert levels(world, 30.0) == pytest.approx([0.4, 0.4, 0.0, 0.0])
    assert levels(world, 90.0) == pytest.approx([0.1, 0.1, 0.0, 0.0])


def test_a_second_visit_adds_to_what_is_left() -> None:
    world = street()
    from_python(leave_presence)(world, 3, 0.5, 0.0)
    from_python(leave_presence)(world, 3, 0.5, 30.0 * MINUTE)
    assert levels(world, 30.0)[3] == pytest.approx(0.25 + 0.5 * 0.75)


def test_parallel_streets_count_once() -> None:
    world = street(metres=(100, 100, 100))
    world.arcs["head"][:] = [1, 0, 2, 1, 3, 2]
    doubled = world._replace(arcs=np.concatenate((world.arcs[:1], world.arcs)).view(np.recarray))
    doubled.nodes["first_arc"][1:] += 1
    doubled.nodes["end_arc"] += 1
    from_python(leave_presence)(doubled, 0, 0.6, 0.0)
    assert levels(doubled, 0.0) == pytest.approx([0.6, 0.6, 0.0, 0.0])


@given(st.floats(0.0, 1.0), st.lists(st.tuples(st.floats(0.0, 20.0), st.floats(0.0, 120.0)), max_size=12))
def test_a_rate_is_never_raised_nor_negative(effect: float, visits: list[tuple[float, float]]) -> None:
    world = street(effect=effect)
    moment = 0.0
    for dose, gap in visits:
        moment += gap * MINUTE
        from_python(leave_presence)(world, 1, dose, moment)
        factor = from_python(presence_factor)(world, 1, moment)
        assert 1.0 - effect - 1e-12 <= factor <= 1.0
        assert from_python(presence_factor)(world, 1, moment + 0.5) >= factor


def test_no_effect_is_a_factor_of_exactly_one() -> None:
    world = street(effect=0.0)
    from_python(leave_presence)(world, 1, 1.0, 0.0)
    assert from_python(presence_factor)(world, 1, 0.0) == 1.0
    assert from_python(presence_factor)(street(effect=0.3), 1, 0.0) == 1.0
