from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.counts import count_faults


def with_field(fields: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    part, name = path.split(".")
    return {**fields, part: {**fields.get(part, {}), name: value}}


def test_what_fits_has_no_fault(fields: dict[str, Any]) -> None:
    assert count_faults(fields) == []


@pytest.mark.parametrize(
    ("path", "value", "field", "words"),
    [
        ("town.counties", 3, "town.counties", "at most town.townships (2)"),
        ("town.townships", 6, "town.townships", "at most town.communities (5)"),
        ("town.road_nodes", 14, "town.road_nodes", "at least 3 for each of 5"),
        ("people.merchants", 5001, "people.merchants", "at most people.residents (5,000)"),
        ("grid.grids", 4, "grid.grids", "one grid for each of 5 communities"),
        ("grid.grids", 2000, "grid.grids", "about 1,908"),
        ("grid.households_per_grid", 500, "grid.households_per_grid", "at most 381, which makes a grid for each of 5"),
        ("grid.workers", 4, "grid.workers", "each of 5 grids"),
        ("mediation.mediators", 5001, "mediation.mediators", "at most people.residents"),
        ("response.posts", 10, "response.posts", "at most response.units (9)"),
        ("response.patrol_timing", {"profile": "weights"}, "response.patrol_timing.weights", "24 weights"),
        ("response.patrol_timing", {"weights": [1] * 24}, "response.patrol_timing.weights", "left out"),
        (
            "response.patrol_timing",
            {"profile": "weights", "weights": [0] * 24},
            "response.patrol_timing.weights",
            "one of them more than 0",
        ),
    ],
)
def test_what_does_not_fit_is_named(fields: dict[str, Any], path: str, value: Any, field: str, words: str) -> None:
    faults = count_faults(with_field(fields, path, value))
    assert [fault.field for fault in faults] == [field]
    assert words in faults[0].allowed


@pytest.mark.parametrize(
    ("part", "name", "given", "words"),
    [
        ("town", "communities", 5, "at least 3, which makes a node for each of 5 communities"),
        ("response", "posts", 17, "at least 5, which makes a node for each of 17 posts"),
    ],
)
def test_a_plane_has_a_node_for_each(fields: dict[str, Any], part: str, name: str, given: int, words: str) -> None:
    plane = {**fields, "town": {"kind": "plane", "area_km2": 1, "lattice": 2}, "response": {"units": 20}}
    assert count_faults(plane) == []
    faults = count_faults(with_field(plane, f"{part}.{name}", given))
    assert ("town.lattice", words) in [(fault.field, fault.allowed) for fault in faults]


def test_more_communities_than_households(fields: dict[str, Any]) -> None:
    faults = count_faults(with_field(fields, "people.residents", 10))
    assert "town.communities" in [fault.field for fault in faults]


def test_grids_are_counted_in_one_way(fields: dict[str, Any]) -> None:
    both = with_field(with_field(fields, "grid.grids", 10), "grid.households_per_grid", 200)
    assert [fault.field for fault in count_faults(both)] == ["grid.households_per_grid"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["town", "people", "grid", "residents", "communities", "grids"]), inner)
        ),
        max_leaves=12,
    ).map(lambda value: value if isinstance(value, dict) else {"town": value, "people": value, "grid": value})
)
def test_rules_skip_what_is_no_number(tree: dict[str, Any]) -> None:
    count_faults(tree)


@pytest.mark.parametrize(
    ("path", "value", "wrong"),
    [
        ("people.residents", -1, "people.residents"),
        ("town.communities", 10**9, "town.communities"),
        ("grid.households_per_grid", 1e7, "grid.households_per_grid"),
        ("response.patrol_timing", {"profile": "wieghts", "weights": [1] * 24}, "response.patrol_timing.profile"),
        ("response.patrol_timing", {"weights": [1] * 23 + ["x"]}, "response.patrol_timing.weights.23"),
        ("people", "many", "people"),
    ],
)
def test_what_follows_from_a_wrong_field_is_left_out(fields: dict[str, Any], path: str, value: Any, wrong: str) -> None:
    part, _, name = path.partition(".")
    tree = with_field(fields, path, value) if name else {**fields, part: value}
    assert count_faults(tree, [wrong]) == []


def test_what_is_wrong_elsewhere_is_still_told(fields: dict[str, Any]) -> None:
    tree = with_field(with_field(fields, "people.residents", -1), "town.counties", 3)
    assert [fault.field for fault in count_faults(tree, ["people.residents"])] == ["town.counties"]
