"""Main effects, interactions and shares of variance where they are known."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from sim.study.analysis import AnalysisError, StudyFactor, contrasts, level_effects, variance_shares
from sim.study.analysis.factorial import levels_of

A, B = StudyFactor("a", levels=[0, 1, 2]), StudyFactor("b", levels=["low", "high"])
C = StudyFactor("c", levels=[False, True])
POINTS = list(itertools.product(*(factor.levels or () for factor in (A, B, C))))


def truth(a: int, b: str, c: bool) -> float:
    del c
    high = float(b == "high")
    return 5.0 + 2.0 * a + 3.0 * high + 1.5 * a * high


def exact(made_up: Any) -> Any:
    return made_up(POINTS, [A, B, C], truth, noise=0.0, shared=3.0, kind="factorial")


def test_effects_without_noise_are_exact(made_up: Any) -> None:
    table: Any = contrasts(exact(made_up), "y").set_index("term")
    assert table.loc["a", "effect"] == pytest.approx(4.0 + 1.5)
    assert table.loc["b", "effect"] == pytest.approx(3.0 + 1.5)
    assert table.loc["a × b", "effect"] == pytest.approx(1.5)
    assert table.loc["c", "effect"] == pytest.approx(0.0, abs=1e-12)
    assert table.loc["a", ["first", "last"]].tolist() == ["0", "2"]


def test_numbers_go_from_the_lowest_to_the_highest_and_names_as_they_are_stated() -> None:
    assert levels_of([400, 800, 200], [200, 400.0, 800]) == [200, 400, 800]
    assert [str(level) for level in levels_of([1, 0.5], [1.0, 0.5])] == ["0.5", "1"]
    assert levels_of(None, [3.0, 1.0, 3.0]) == [1.0, 3.0]
    assert levels_of(["low", "high", "other"], ["high", "low"]) == ["low", "high"]
    assert levels_of([True, False], [True, False]) == [False, True]


def test_levels_add_up_to_nothing(made_up: Any) -> None:
    table: Any = level_effects(exact(made_up), "y")
    for term, rows in table.groupby("term"):
        assert rows["effect"].sum() == pytest.approx(0.0, abs=1e-9), term
    b: Any = table[table["term"] == "b"].set_index("level")["effect"]
    assert b["high"] - b["low"] == pytest.approx(4.5)


def test_shares_are_the_variances_that_were_put_in(made_up: Any) -> None:
    study: Any = made_up(POINTS, [A, B, C], truth, seeds=400, noise=1.0, shared=2.0, kind="factorial")
    table: Any = variance_shares(study, "y").set_index("term")
    a: Any = np.var([2.75 * one for one in (0, 1, 2)])
    b: Any = np.var([0.0, 4.5])
    both = np.mean([(one * other) ** 2 * 1.5**2 / 4 for one in (-1, 0, 1) for other in (-1, 1)])
    wanted = {"a": a, "b": b, "a × b": both, "luck shared by all points": 4.0, "luck of single runs": 1.0}
    for term, variance in wanted.items():
        assert table.loc[term, "variance"] == pytest.approx(variance, rel=0.15, abs=0.01), term
    assert table["share"].sum() == pytest.approx(1.0)
    assert table.loc["c", "share"] < 0.001
    assert table.loc["b", "p_value"] < 1e-9


def test_noise_gets_no_share_of_the_factors(made_up: Any) -> None:
    shares: Any = [
        variance_shares(made_up(POINTS, [A, B, C], lambda *_: 0.0, key=key, kind="factorial"), "y").set_index("term")
        for key in range(40)
    ]
    # Of mean squares in expectation equal to the noise, nothing is left but chance, which is cut at 0.
    assert np.mean([one.loc["a", "share"] for one in shares]) < 0.02
    assert np.mean([one.loc["a", "p_value"] < 0.05 for one in shares]) < 0.2


def test_intervals_cover_what_is_true(made_up: Any) -> None:
    tables: Any = [
        contrasts(made_up(POINTS, [A, B, C], truth, key=key, seeds=4, kind="factorial"), "y").set_index("term")
        for key in range(120)
    ]
    covered = np.mean([one.loc["a × b", "low"] < 1.5 < one.loc["a × b", "high"] for one in tables])
    assert 0.9 <= covered <= 0.99


def test_one_seed_says_nothing_of_noise(made_up: Any) -> None:
    study: Any = made_up(POINTS, [A, B, C], truth, seeds=1, kind="factorial")
    table: Any = variance_shares(study, "y").set_index("term")
    assert math.isnan(table.loc["luck of single runs", "variance"])
    assert math.isnan(table.loc["a", "p_value"])
    assert contrasts(study, "y")["low"].isna().all()


def test_what_is_no_factorial_is_refused(made_up: Any) -> None:
    with pytest.raises(AnalysisError, match="1 of 12 combinations"):
        contrasts(made_up(POINTS[:-1], [A, B, C], truth), "y")


def test_seeds_with_a_hole_are_left_out(made_up: Any) -> None:
    study: Any = made_up(POINTS, [A, B, C], truth, noise=0.0, seeds=4)
    holed = type(study)(study.frame.drop(index=5), study.factors, {"kind": "factorial"}, ["y"], "made-up")
    table: Any = contrasts(holed, "y")
    assert set(table["replications"]) == {3}
    assert table.set_index("term").loc["a", "effect"] == pytest.approx(5.5)
