"""Designs give the points that they say, in the order that their analysis wants."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from sim.study.experiment import Experiment, Factor, Scalar
from sim.study.experiment.designs import Design
from sim.study.experiment.sampling import count_points, design_rows, read_rows, unit_sample, value_at

NUMBERS = st.floats(0.001, 1000.0)


def design(**fields: Any) -> Any:
    return TypeAdapter(Design).validate_python(fields)


def factor(name: str = "x", **fields: Any) -> Factor:
    return Factor.model_validate({"name": name, "field": "grid.grids", **fields})


A = factor("a", levels=[1, 2, 3])
B = factor("b", levels=["flat", "demand"])
C = factor("c", low=0.5, high=8.0, scale="log")
D = factor("d", low=1, high=6, whole=True)
BASE: dict[str, Scalar] = {"a": 2, "b": "flat", "c": 2.0, "d": 3}

SAMPLED = [
    design(kind="latin-hypercube", points=24, seed=3),
    design(kind="sobol-sequence", points=32, seed=3),
    design(kind="saltelli", n=16, seed=3),
    design(kind="saltelli", n=8, second_order=True, seed=3),
    design(kind="morris", trajectories=7, levels=4, seed=3),
]


def test_a_factorial_is_every_combination_once() -> None:
    rows = design_rows(design(kind="factorial"), [A, B], BASE)
    assert rows == [{"a": a, "b": b} for a, b in itertools.product((1, 2, 3), ("flat", "demand"))]


def test_one_at_a_time_leaves_the_others_at_the_base() -> None:
    rows = design_rows(design(kind="one-at-a-time"), [A, B, C], BASE)
    assert rows[0] == {"a": 2, "b": "flat", "c": 2.0}
    assert [sum(row[name] != rows[0][name] for name in row) for row in rows[1:]] == [1] * 5
    assert {(name, row[name]) for row in rows[1:] for name in row if row[name] != rows[0][name]} == {
        ("a", 1),
        ("a", 3),
        ("b", "demand"),
        ("c", 0.5),
        ("c", 8.0),
    }


def test_true_is_no_number() -> None:
    rows = design_rows(design(kind="one-at-a-time"), [factor("a", levels=[True, 1, 0])], {"a": 1})
    assert [row["a"] for row in rows] == [1, True, 0]


@pytest.mark.parametrize("plan", SAMPLED, ids=lambda plan: str(plan.kind))
def test_a_drawn_design_is_the_same_every_time_and_stays_within(plan: Any) -> None:
    rows = design_rows(plan, [A, B, C, D], BASE)
    assert len(rows) == count_points(plan, [A, B, C, D], BASE)
    assert rows == design_rows(plan, [A, B, C, D], BASE)
    assert rows != design_rows(plan.model_copy(update={"seed": 4}), [A, B, C, D], BASE)
    assert {row["a"] for row in rows} <= {1, 2, 3}
    assert {row["b"] for row in rows} == {"flat", "demand"}
    assert all(0.5 <= float(row["c"]) <= 8.0 for row in rows)
    assert {row["d"] for row in rows} <= set(range(1, 7))
    assert all(type(row["d"]) is int for row in rows)


def test_a_latin_hypercube_fills_each_stratum_once() -> None:
    cube = unit_sample(design(kind="latin-hypercube", points=50, seed=1), 3)
    assert cube is not None
    assert all(sorted(math.floor(50 * place) for place in column) == list(range(50)) for column in cube.T)


def test_a_sobol_sequence_is_balanced() -> None:
    cube = unit_sample(design(kind="sobol-sequence", points=64, seed=1), 4)
    assert cube is not None
    for column in cube.T:
        assert np.bincount((column * 16).astype(int), minlength=16).tolist() == [4] * 16


def ishigami(cube: Any) -> Any:
    x = (2.0 * cube - 1.0) * math.pi
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_salib_finds_known_indices_in_saltellis_points() -> None:
    from SALib.analyze import sobol

    plan = design(kind="saltelli", n=1024, second_order=True, seed=1)
    names = ["a", "b", "c"]
    factors = [factor(name, low=0.0, high=1.0) for name in names]
    rows = design_rows(plan, factors, dict.fromkeys(names, 0.0))
    values = ishigami(np.array([[row[name] for name in names] for row in rows], dtype=float))
    problem = {"num_vars": 3, "names": names, "bounds": [[0, 1]] * 3}
    found = sobol.analyze(problem, values, calc_second_order=True, seed=1)
    assert found["S1"] == pytest.approx([0.314, 0.442, 0.0], abs=0.05)
    assert found["ST"] == pytest.approx([0.558, 0.442, 0.244], abs=0.06)
    assert found["S2"][0, 2] == pytest.approx(0.244, abs=0.08)


def test_salib_finds_known_effects_in_morris_points() -> None:
    from SALib.analyze import morris

    plan = design(kind="morris", trajectories=20, levels=4, seed=1)
    names = ["a", "b", "c"]
    factors = [factor(name, low=0.0, high=1.0) for name in names]
    rows = design_rows(plan, factors, dict.fromkeys(names, 0.0))
    points = np.array([[row[name] for name in names] for row in rows], dtype=float)
    values = 3.0 * points[:, 0] - 2.0 * points[:, 1]
    problem = {"num_vars": 3, "names": names, "bounds": [[0, 1]] * 3}
    found = morris.analyze(problem, points, values, num_levels=4, seed=1)
    assert list(found["mu"]) == pytest.approx([3.0, -2.0, 0.0], abs=1e-9)
    assert list(found["sigma"]) == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


def test_morris_grid_reaches_both_ends_and_every_step_changes_one_factor() -> None:
    two, whole = factor("a", levels=[1, 2]), factor("b", low=1, high=6, whole=True)
    rows = design_rows(design(kind="morris", trajectories=12, levels=4, seed=2), [two, whole], {"a": 1, "b": 1})
    assert {row["b"] for row in rows} == {1, 3, 4, 6}
    for start in range(0, len(rows), 3):
        steps = [
            sum(one[name] != other[name] for name in one) for one, other in itertools.pairwise(rows[start : start + 3])
        ]
        assert steps == [1, 1]


@given(low=NUMBERS, width=NUMBERS, place=st.floats(0.0, 1.0), scale=st.sampled_from(["linear", "log"]))
def test_values_lie_within_their_range(low: float, width: float, place: float, scale: str) -> None:
    one = factor(low=low, high=low + width, scale=scale)
    value = value_at(one, place)
    assert isinstance(value, float)
    assert low * (1 - 1e-11) <= value <= (low + width) * (1 + 1e-11)


@given(count=st.integers(2, 9), place=st.floats(0.0, 1.0), at_grid=st.booleans())
def test_levels_share_the_places_evenly(count: int, place: float, at_grid: bool) -> None:
    one = factor(levels=list(range(count)))
    level = value_at(one, place, at_grid=at_grid)
    assert isinstance(level, int)
    wanted = place * (count - 1) if at_grid else min(place * count, count - 0.5) - 0.5
    assert abs(level - wanted) <= 0.5 + 1e-9
    assert value_at(one, 0.0, at_grid=at_grid) == 0
    assert value_at(one, 1.0, at_grid=at_grid) == count - 1


def test_whole_numbers_are_equally_likely() -> None:
    places = (np.arange(600) + 0.5) / 600
    values = [value_at(D, float(place)) for place in places]
    assert np.bincount(np.array(values, dtype=int))[1:].tolist() == [100] * 6
    logs = [value_at(factor(low=1, high=100, whole=True, scale="log"), float(place)) for place in (0.0, 0.5, 1.0)]
    assert logs == [1, 10, 100]


@given(st.lists(st.lists(st.sampled_from(["1", "2.5", "a b", "true", "x-y"]), min_size=2, max_size=2), max_size=8))
def test_cells_are_read_as_yaml_reads_words(cells: list[list[str]]) -> None:
    known = {"1": 1, "2.5": 2.5, "a b": "a b", "true": True, "x-y": "x-y"}
    columns, rows, wrong = read_rows("a,b\n" + "".join(f"{x}, {y}\n" for x, y in cells))
    assert (columns, wrong) == (["a", "b"], [])
    assert rows == [{"a": known[x], "b": known[y]} for x, y in cells]


@pytest.mark.parametrize(
    "plan", [*SAMPLED, design(kind="factorial"), design(kind="one-at-a-time")], ids=lambda p: p.kind
)
def test_the_number_of_points_is_known_before_they_are_made(plan: Any, made: Callable[..., Experiment]) -> None:
    assert len(design_rows(plan, [A, B], BASE)) == count_points(plan, [A, B], BASE)
    assert made().design.kind == "factorial"
