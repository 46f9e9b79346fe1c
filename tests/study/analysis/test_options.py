"""Points beside the base and beside each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.study.analysis import (
    AnalysisError,
    StudyFactor,
    against_base,
    against_each_other,
    contenders,
    point_means,
    responses,
)
from sim.study.statistics import holm, paired

LEVELS = StudyFactor("x", levels=[0.0, 0.1, 3.0, -4.0])


def four(made_up: Any, **more: Any) -> Any:
    return made_up([[one] for one in LEVELS.levels or ()], [LEVELS], lambda x: 10.0 + x, seeds=8, noise=0.5, **more)


def test_pairs_share_their_seeds(made_up: Any) -> None:
    study: Any = four(made_up, shared=50.0)
    table: Any = against_base(study).set_index("point")
    found: Any = responses(study, "y")
    for point in (1, 2, 3):
        alone = paired(found.values[0], found.values[point])
        assert table.loc[point, "difference"] == alone.difference
        assert table.loc[point, "low"] == alone.low
        assert table.loc[point, "variance_ratio"] > 100.0
    assert table.loc[2, "low"] < 3.0 < table.loc[2, "high"]
    assert table.loc[3, "verdict"] == "different"
    assert table.loc[1, "verdict"] == "no difference seen"


def test_one_correction_over_all(made_up: Any) -> None:
    table: Any = against_each_other(four(made_up))
    assert len(table) == 6
    np.testing.assert_array_equal(table["p_holm"], holm(table["p_value"].to_numpy()))
    assert set(zip(table["base"], table["point"], strict=True)) == {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)}


def test_another_base(made_up: Any) -> None:
    study: Any = four(made_up)
    to: Any = against_base(study, base=2).set_index("point")
    fro: Any = against_base(study).set_index("point")
    assert to.loc[0, "difference"] == pytest.approx(-fro.loc[2, "difference"])
    with pytest.raises(AnalysisError, match="point 9"):
        against_base(study, base=9)


def test_the_best_and_those_that_may_be(made_up: Any) -> None:
    study: Any = four(made_up)
    assert contenders(study, "y", better="higher") == [2]
    assert contenders(study, "y", better="lower") == [3]
    near = made_up([[0.0], [0.01], [5.0]], [StudyFactor("x", 0.0, 5.0)], lambda x: x, seeds=6, noise=1.0)
    assert contenders(near, "y", better="lower") == [0, 1]
    with pytest.raises(AnalysisError, match="no direction"):
        contenders(study, "y")


def test_means_have_intervals(made_up: Any) -> None:
    table: Any = point_means(four(made_up, shared=0.0)).set_index("point")
    assert table.loc[2, "low"] < 13.0 < table.loc[2, "high"]
    assert table["replications"].tolist() == [8] * 4


def test_too_many_to_be_told_apart(made_up: Any) -> None:
    many = made_up([[one / 50] for one in range(41)], [StudyFactor("x", 0.0, 1.0)], lambda x: x, seeds=2)
    with pytest.raises(AnalysisError, match="at most 40"):
        against_each_other(many)
