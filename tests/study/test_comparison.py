from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sim.study import Change, changes
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
