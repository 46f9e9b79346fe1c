"""Scenario discovery where the box is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import binom, qmc

from sim.study.analysis import AnalysisError, StudyFactor, discover
from sim.study.analysis.discovery import chance

FACTORS = [StudyFactor("x", 0.0, 10.0), StudyFactor("y2", 0.0, 1.0), StudyFactor("z", 0.0, 1.0)]


def points(count: int) -> list[tuple[float, float, float]]:
    return [(10.0 * a, b, c) for a, b, c in qmc.LatinHypercube(3, rng=1).random(count)]


def in_box(x: float, y: float, z: float) -> float:
    del z
    return 10.0 * float(x > 7.0 and y < 0.5)


def test_a_known_box_is_found(made_up: Any) -> None:
    found: Any = discover(made_up(points(200), FACTORS, in_box, seeds=2, noise=0.5, shared=0.0), "y", at_least=5.0)
    assert found.share == pytest.approx(0.15, abs=0.03)
    assert found.condition == "y at least 5"
    box: Any = found.boxes[0]
    limits: Any = box.limits.set_index("factor")
    assert set(limits.index) == {"x", "y2"}
    assert limits.loc["x", "low"] == pytest.approx(7.0, abs=0.5)
    assert limits.loc["y2", "high"] == pytest.approx(0.5, abs=0.06)
    assert box.coverage > 0.9
    assert box.density > 0.9
    assert box.held_out_density > 0.8
    assert (limits["p_value"] < 0.05).all()
    assert box.trajectory["chosen"].sum() == 1
    inside = found.points[found.points["box"] == 1]
    assert inside["share"].mean() > 0.9


def test_noise_has_no_box_that_holds(made_up: Any) -> None:
    found: Any = discover(made_up(points(150), FACTORS, lambda *_: 0.0, seeds=1, shared=0.0), "y", most_boxes=1)
    assert found.share == pytest.approx(0.1, abs=0.02)
    assert all(not box.held_out_density > 0.35 for box in found.boxes)


def test_more_runs_of_the_same_points_make_no_limit_surer() -> None:
    # Of 40 points 10 are of interest; of the 12 within both ends 8.
    wanted = np.array([1.0] * 8 + [0.0] * 4 + [1.0] * 2 + [0.0] * 26)
    one, other = np.arange(40) < 12, np.arange(40) < 30
    once = chance(wanted, np.ones(40), [one, other], one)
    assert once == pytest.approx(binom.sf(7, 12, 10 / 30))
    assert chance(wanted, np.ones(40), [one, other], other) == pytest.approx(binom.sf(7, 12, 8 / 12))
    again = [np.repeat(values, 5) for values in (wanted / 5, np.full(40, 0.2), one, other)]
    assert chance(again[0], again[1], [again[2], again[3]], again[2]) == pytest.approx(once)


def test_luck_that_points_repeat_limits_no_factor(made_up: Any) -> None:
    """A point's own luck, the same in all its runs, is no more evidence of a limit for being seen eight times."""
    draws = np.random.Generator(np.random.Philox(key=3))
    own = {row: float(draws.normal()) for row in points(60)}
    study: Any = made_up(points(60), FACTORS, lambda *row: own[row], seeds=8, noise=0.0, shared=0.0)
    found: Any = discover(study, "y", most_boxes=1)
    assert all(len(box.limits) <= 2 for box in found.boxes)


def test_levels_without_order_are_kept_or_not(made_up: Any) -> None:
    kind = StudyFactor("kind", levels=["a", "b", "c"])
    places = [(x, "abc"[row % 3]) for row, (x, _, _) in enumerate(points(150))]
    study: Any = made_up(
        places, [FACTORS[0], kind], lambda x, one: float(one == "b" and x > 2.0), noise=0.0, shared=0.0
    )
    found: Any = discover(study, "y", at_least=0.5, most_boxes=1)
    limits: Any = found.boxes[0].limits.set_index("factor")
    assert limits.loc["kind", "levels"] == ["b"]
    assert found.boxes[0].density > 0.9


def test_limits_that_say_nothing_are_refused(made_up: Any) -> None:
    study: Any = made_up(points(40), FACTORS, in_box, noise=0.0, shared=0.0)
    with pytest.raises(AnalysisError, match="no run"):
        discover(study, "y", at_least=1e9)
    with pytest.raises(AnalysisError, match="every run"):
        discover(study, "y", at_least=-1e9)
    with pytest.raises(AnalysisError, match="not both"):
        discover(study, "y", at_least=0.0, at_most=1.0)
