"""Jobs come in balanced order, with seeds that points share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import Scenario
from sim.study.experiment import Experiment, Point, design_points, jobs_of, make_experiment

PLAN = make_experiment(
    {
        "base": "classroom",
        "factors": [{"name": "x", "field": "grid.households_per_grid", "levels": [240]}],
        "design": {"kind": "factorial"},
        "replications": 1,
        "seed": 7,
    }
)
(SOME,) = design_points(PLAN)


def points(count: int, scenario: Scenario = SOME.scenario) -> list[Point]:
    return [Point(number, {"x": number}, scenario) for number in range(count)]


def test_first_replications_come_before_any_second() -> None:
    order = [(job.replication, job.point) for job in jobs_of(PLAN, points(3), 2)]
    assert order == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]


@given(wanted=st.lists(st.integers(0, 6), min_size=1, max_size=8), data=st.data())
def test_every_replication_is_asked_for_once_over_all_rounds(wanted: list[int], data: Any) -> None:
    before = [data.draw(st.integers(0, count)) for count in wanted]
    first = list(jobs_of(PLAN, points(len(wanted)), dict(enumerate(before))))
    then = list(jobs_of(PLAN, points(len(wanted)), dict(enumerate(wanted)), done=dict(enumerate(before))))
    asked = Counter((job.point, job.replication) for job in first + then)
    assert asked == Counter((point, row) for point, count in enumerate(wanted) for row in range(count))
    assert all(job.seed == 7 + job.replication for job in first + then)
    for jobs in (first, then):
        assert [job.replication for job in jobs] == sorted(job.replication for job in jobs)


def test_points_that_are_not_named_get_none() -> None:
    assert {job.point for job in jobs_of(PLAN, points(4), {1: 2, 3: 1})} == {1, 3}


def test_the_day_of_the_branch_is_told(made: Callable[..., Experiment]) -> None:
    factors = [
        {"name": "x", "intervention": "grid_density", "field": "factor", "levels": [1, 2], "settings": {"from_day": 3}}
    ]
    plan = made(factors=factors, warm_up_days=3)
    assert {job.branch_day for job in jobs_of(plan, design_points(plan), 2)} == {3}
    assert {job.branch_day for job in jobs_of(PLAN, points(1), 2)} == {None}


@pytest.mark.parametrize("replications", [0, {}])
def test_nothing_asked_is_nothing_given(replications: Any) -> None:
    assert not list(jobs_of(PLAN, points(3), replications))
