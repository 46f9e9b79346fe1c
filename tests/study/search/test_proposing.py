"""Factors as the sampler takes them."""

from __future__ import annotations

import optuna
from hypothesis import given
from hypothesis import strategies as st

from sim.study.analysis import StudyFactor
from sim.study.search.proposing import combinations, distribution, every_point, to_param, to_value

FACTORS = st.one_of(
    st.builds(lambda low, more: StudyFactor("f", low, low + more), st.floats(-1e3, 1e3), st.floats(0.1, 1e3)),
    st.builds(lambda low, more: StudyFactor("f", low, low * more, scale="log"), st.floats(0.01, 10), st.floats(2, 100)),
    st.builds(
        lambda low, more: StudyFactor("f", low, low + more, whole=True), st.integers(-50, 50), st.integers(1, 50)
    ),
    st.builds(
        lambda levels: StudyFactor("f", levels=levels),
        st.lists(st.integers(-9, 9), min_size=1, max_size=6, unique=True),
    ),
    st.just(StudyFactor("f", levels=[False, True])),
    st.just(StudyFactor("f", levels={"few": [1], "many": [1, 2]})),
)


@given(FACTORS, st.integers(0, 10**6))
def test_values_go_there_and_back(factor: StudyFactor, seed: int) -> None:
    space = {"f": distribution(factor)}
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed))
    param = study.ask(space).params["f"]
    value = to_value(factor, param)
    assert to_param(factor, value) == param
    if factor.levels is not None:
        assert value in factor.levels
    else:
        assert factor.low is not None
        assert factor.high is not None
        assert factor.low <= value <= factor.high  # type: ignore[operator]
        assert not factor.whole or isinstance(value, int)


def test_finite_spaces_are_counted() -> None:
    finite = [StudyFactor("x", 1, 3, whole=True), StudyFactor("k", levels=["a", "b"])]
    assert combinations(finite) == 6 == len(every_point(finite))
    assert combinations([*finite, StudyFactor("z", 0.0, 1.0)]) is None
