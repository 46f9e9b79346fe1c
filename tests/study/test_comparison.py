import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sim.study import Change, Effect, changes
from sim.study.comparison import flatten

LEAF = st.none() | st.integers() | st.text(max_size=5)
NAMES = st.text("abc", min_size=1, max_size=3)
TREES = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


def test_leaves_by_path() -> None:
    tree = {
        "grid": {"households_per_grid": 400},
        "interventions": [{"name": "mediators", "factor": 2}],
        "weights": [1, 2],
    }
    assert flatten(tree) == {
        "grid.households_per_grid": 400,
        "interventions.0.name": "mediators",
        "interventions.0.factor": 2,
        "weights": [1, 2],
    }


def test_changes_name_what_differs_and_only_that() -> None:
    base: dict[str, Any] = {"name": "a", "grid": {"workers": 5}, "people": {"residents": 10}, "interventions": []}
    option = {**base, "name": "b", "grid": {"workers": 0}, "interventions": [{"name": "mediators", "factor": 0}]}
    assert changes(base, option) == [
        Change("grid.workers", 5, 0),
        Change("interventions.0.factor", None, 0),
        Change("interventions.0.name", None, "mediators"),
    ]


@given(st.dictionaries(st.text("abc", min_size=1), TREES))
def test_a_scenario_does_not_differ_from_itself(tree: dict[str, Any]) -> None:
    assert changes(tree, tree) == []


def effect(low: float, high: float, verdict: Any = "no difference seen") -> Effect:
    middle = (low + high) / 2.0
    return Effect("calls", "option", 10.0, 10.0 + middle, middle, low, high, 0.04, 0.6, 2.0, 4, verdict)


def test_a_hint_is_an_interval_without_zero_that_does_not_survive() -> None:
    assert effect(0.1, 0.3).is_hint
    assert effect(-0.3, -0.1).is_hint
    assert not effect(-0.1, 0.3).is_hint
    assert not effect(0.0, 0.0).is_hint
    assert not effect(0.1, 0.3, "worse").is_hint
    assert not effect(math.nan, math.nan, "undefined").is_hint


def test_the_same_in_every_pair() -> None:
    assert effect(0.0, 0.0).is_same
    assert not effect(-1.0, 1.0).is_same
    assert not effect(math.nan, math.nan).is_same
