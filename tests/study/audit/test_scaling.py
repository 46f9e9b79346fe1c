"""A city made small keeps its people for each worker, mediator, merchant and square kilometre."""

from __future__ import annotations

import pytest

from sim.interventions import catalogue
from sim.scenario import canonical, from_canonical, value_at, written_tree
from sim.study.audit.scaling import COUNTS, NotScalableError, scaled_down, setting_at, with_fields

CITIES = ("shaoyang", "jincheng", "changsha", "zigong", "daye")


@pytest.mark.parametrize("name", CITIES)
@pytest.mark.parametrize("most", [2_000, 100_000])
def test_ratios_stay(name: str, most: int) -> None:
    tree = written_tree(name)
    smaller = scaled_down(tree, most)
    factor = tree["people"]["residents"] / most
    assert smaller["people.residents"] == most
    assert smaller["town.area_km2"] * factor == pytest.approx(tree["town"]["area_km2"])
    for path in set(COUNTS) & set(smaller):
        assert abs(smaller[path] - value_at(tree, path) / factor) <= 1.0, path
        assert smaller[path] >= 1
    made = from_canonical(with_fields(tree, smaller), catalogue=catalogue())
    assert made.people.residents == most


@pytest.mark.parametrize("name", CITIES)
def test_offices_and_seconded_staff_are_fewer_in_proportion(name: str) -> None:
    tree = written_tree(name)
    factor = tree["people"]["residents"] / 100_000
    made = with_fields(tree, scaled_down(tree, 100_000))
    for before, after in zip(tree["mediation"]["offices"], made["mediation"]["offices"], strict=True):
        assert after["mediators"] == max(round(before["mediators"] / factor), 1)
        assert {**after, "mediators": 0, "number": 0} == {**before, "mediators": 0, "number": 0}
        if "number" in before:
            assert 1 <= after["number"] <= max(before["number"] / factor + 1.0, 1.0)
    for before, after in zip(tree.get("interventions", []), made.get("interventions", []), strict=True):
        assert after["staff"] == max(round(before["staff"] / factor), 1)


def test_a_setting_in_a_list_is_found_by_name() -> None:
    tree = {"a": {"list": [{"name": "one", "b": 1}, {"name": "two", "b": 2}]}}
    assert setting_at(tree, "a.list.two.b") == 2
    assert setting_at(tree, "a.list.three.b") is None
    assert setting_at(tree, "c.d") is None
    assert with_fields(tree, {"a.list.1.b": 3, "a.c": 4}) == {
        "a": {"list": [{"name": "one", "b": 1}, {"name": "two", "b": 3}], "c": 4}
    }
    assert tree["a"]["list"][1]["b"] == 2


def test_a_town_that_is_small_enough_stays_as_it_is() -> None:
    assert scaled_down(written_tree("classroom"), 5_000) == {}


def test_what_has_places_of_its_own_is_not_scaled() -> None:
    tree = written_tree("daye")
    with pytest.raises(NotScalableError, match="road network"):
        scaled_down(with_fields(tree, {"town.kind": "osm"}), 1000)
    with pytest.raises(NotScalableError, match="groups"):
        scaled_down(with_fields(tree, {"response.groups": [{"name": "a"}]}), 1000)


def test_fields_are_replaced_in_a_copy() -> None:
    tree = {"a": {"b": 1, "c": 2}}
    assert with_fields(tree, {"a.b": 5, "d.e": 6}) == {"a": {"b": 5, "c": 2}, "d": {"e": 6}}
    assert tree == {"a": {"b": 1, "c": 2}}


def test_what_is_written_is_what_is_loaded() -> None:
    made = from_canonical(written_tree("classroom"), catalogue=catalogue())
    from_file = from_canonical(canonical(made), catalogue=catalogue())
    assert canonical(made) == canonical(from_file)
    assert made.people.residents == 5000
