"""A warm-up is shared only where all points are one world until then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.study.experiment import Experiment, ExperimentError, design_points

Made = Callable[..., Experiment]


def lever(from_day: float, **more: Any) -> dict[str, Any]:
    settings = {"from_day": from_day, **more}
    return {"name": "x", "intervention": "grid_density", "field": "factor", "levels": [1, 2], "settings": settings}


def refusal(plan: Experiment) -> str:
    with pytest.raises(ExperimentError) as caught:
        design_points(plan)
    (found,) = caught.value.mistakes
    return str(found)


@pytest.mark.parametrize("from_day", [3, 3.5, 11])
def test_interventions_that_begin_then_or_later_may_differ(from_day: float, made: Made) -> None:
    assert len(design_points(made(factors=[lever(from_day)], warm_up_days=3))) == 2


def test_one_that_is_switched_off_never_begins(made: Made) -> None:
    factors = [lever(0, enabled=False)]
    assert len(design_points(made(factors=factors, warm_up_days=3))) == 2


def test_one_that_begins_before_is_refused_with_the_remedy(made: Made) -> None:
    told = refusal(made(factors=[lever(2.9)], warm_up_days=3))
    assert "grid_density before day 3" in told
    assert "{from_day: 3}" in told
    assert "and 1 other point (" in told


def test_other_fields_than_interventions_are_refused(made: Made) -> None:
    told = refusal(made(factors=[{"name": "d", "field": "grid.grids", "levels": [4, 8]}], warm_up_days=3))
    assert "another grid than the base's" in told
    assert "leave out warm_up_days" in told


def test_what_the_base_does_from_the_start_may_stay(made: Made) -> None:
    assert len(design_points(made(factors=[lever(4)], warm_up_days=4))) == 2
    changed = [{"name": "y", "field": "interventions.0.activity_factor", "levels": [1.5, 3]}]
    assert "grid_hours before day 4" in refusal(made(factors=changed, warm_up_days=4))


def test_a_run_must_be_longer_than_its_warm_up(made: Made) -> None:
    assert "a run of 12 days" in refusal(made(factors=[lever(12)], warm_up_days=12))
