"""Towns are built once for all runs that share them."""

from pathlib import Path

from hamlets import hamlet

from sim.study.towns import Towns, stamps, town_key


def test_towns_are_built_once_and_only_the_last_ones_are_kept() -> None:
    towns = Towns(most=2)
    one, two, three = (hamlet(town={"road_nodes": nodes}) for nodes in (40, 41, 42))
    first = towns.of(one)
    assert towns.of(hamlet(name="same-town", grid={"grids": 2})) is first
    towns.of(two)
    assert towns.of(one) is first
    towns.of(three)
    assert towns.of(one) is first  # two was used longest ago
    assert len(towns.built) == 2
    assert town_key(one) != town_key(hamlet(parameters={"speed_lane_kmh": 11.0}))


def test_a_changed_file_is_another_town(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("1")
    before = stamps({"a": [{"file": str(file)}]})
    file.write_text("22")
    assert len(before) == 1
    assert stamps({"a": [{"file": str(file)}]}) != before
