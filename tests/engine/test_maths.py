"""Log odds and back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.maths import LEAST, logistic, logit


@given(st.floats(1e-9, 1 - 1e-9))
def test_logistic_undoes_logit(probability: float) -> None:
    assert logistic(logit(probability)) == pytest.approx(probability, rel=1e-9)


@given(st.floats(-700, 700))
def test_logistic_is_symmetric(log_odds: float) -> None:
    assert logistic(log_odds) + logistic(-log_odds) == pytest.approx(1.0)


def test_known_values() -> None:
    assert logistic(0.0) == 0.5
    assert logistic(math.log(3.0)) == pytest.approx(0.75)
    assert logit(0.8) == pytest.approx(math.log(4.0))


def test_extremes_stay_finite() -> None:
    assert logistic(1e4) == 1.0
    assert logistic(-1e4) == 0.0
    assert logit(0.0) == pytest.approx(math.log(LEAST))
    assert logit(1.0) == pytest.approx(-math.log(LEAST), rel=1e-3)
