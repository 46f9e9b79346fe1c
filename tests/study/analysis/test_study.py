"""Values by point and seed, and factors on the unit interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.study.analysis import AnalysisError, StudyFactor, coded, decoded, is_numeric, responses, span

NUMBERS = st.floats(min_value=1e-3, max_value=1e6)


@given(NUMBERS, NUMBERS, st.sampled_from(["linear", "log"]), st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9))
def test_a_range_is_coded_and_decoded(one: float, other: float, scale: str, places: list[float]) -> None:
    low, high = min(one, other), max(one, other) * 1.5
    factor = StudyFactor("x", low, high, scale=scale)
    values = decoded(factor, np.array(places))
    assert np.all((values >= low * (1 - 1e-9)) & (values <= high * (1 + 1e-9)))
    np.testing.assert_allclose(coded(factor, list(values)), places, atol=1e-6)


def test_levels_are_coded_in_their_order() -> None:
    patrol = StudyFactor("patrol", levels=["random", "beat", "hot spots"])
    assert list(coded(patrol, ["hot spots", "random", "beat"])) == [1.0, 0.0, 0.5]
    assert list(coded(StudyFactor("n", levels=[4, 8, 16]), [4, 8, 16])) == [0.0, pytest.approx(1 / 3), 1.0]
    assert not is_numeric(StudyFactor("flag", levels=[False, True]))
    assert span(StudyFactor("n", levels=[4, 16, 8])) == (4.0, 16.0)
    with pytest.raises(AnalysisError, match="no level 'elsewhere'"):
        coded(patrol, ["elsewhere"])
    with pytest.raises(AnalysisError, match="no range of numbers"):
        span(patrol)


def test_a_level_may_have_a_name() -> None:
    named = StudyFactor("offices", levels={"few": [1], "many": [1, 2, 3]})
    assert list(coded(named, ["many", "few"])) == [1.0, 0.0]


def test_missing_runs_are_holes(made_up: Any) -> None:
    study: Any = made_up([[0.0], [1.0]], [StudyFactor("x", 0.0, 1.0)], lambda x: x, seeds=3, noise=0.0, shared=0.0)
    frame = study.frame.drop(index=4)
    found: Any = responses(type(study)(frame, study.factors, {}, ["y"], "made-up"), "y")
    assert list(found.points) == [0, 1]
    assert list(found.seeds) == [1, 2, 3]
    assert np.isnan(found.values[1, 1])
    assert list(found.means()) == [0.0, 1.0]
    assert list(found.complete().seeds) == [1, 3]


def test_what_is_not_there_is_named(made_up: Any) -> None:
    study: Any = made_up([[0.0]], [StudyFactor("x", 0.0, 1.0)], lambda x: x)
    with pytest.raises(AnalysisError, match="no outcome 'z'"):
        responses(study, "z")
    empty = type(study)(study.frame.iloc[:0], study.factors, {}, ["y"], "made-up")
    with pytest.raises(AnalysisError, match="run `gridtown experiment` first"):
        responses(empty, "y")
