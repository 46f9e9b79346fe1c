"""What tags say to a police car."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.town import RoadClass
from sim.town.osm_tags import directions, drivable_class, limit_kmh


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "motorway_link"}, RoadClass.TRUNK),
        ({"highway": "secondary", "bridge": "yes", "layer": "1"}, RoadClass.MAIN),
        ({"highway": "residential", "tunnel": "yes"}, RoadClass.STREET),
        ({"highway": "service"}, RoadClass.LANE),
        ({"highway": "service", "service": "alley"}, RoadClass.LANE),
        ({"highway": "service", "service": "parking_aisle"}, None),
        ({"highway": "service", "access": "private"}, None),
        ({"highway": "service", "access": "private", "emergency": "yes"}, RoadClass.LANE),
        ({"highway": "residential", "access": "no", "motor_vehicle": "destination"}, RoadClass.STREET),
        ({"highway": "residential", "motor_vehicle": "no", "access": "yes"}, None),
        ({"highway": "residential", "vehicle": "private"}, None),
        ({"highway": "residential", "access": "permissive"}, RoadClass.STREET),
        ({"highway": "residential", "bicycle": "no", "foot": "no"}, RoadClass.STREET),
        ({"highway": "pedestrian"}, None),
        ({"highway": "pedestrian", "motor_vehicle": "delivery"}, RoadClass.LANE),
        ({"highway": "pedestrian", "emergency": "yes"}, RoadClass.LANE),
        ({"highway": "pedestrian", "emergency": "no", "motor_vehicle": "yes"}, None),
        ({"highway": "pedestrian", "access": "yes", "area": "yes"}, None),
        ({"highway": "track"}, None),
        ({"highway": "track", "motor_vehicle": "yes"}, RoadClass.LANE),
        ({"highway": "footway"}, None),
        ({"highway": "construction", "construction": "primary"}, None),
        ({"railway": "rail"}, None),
    ],
)
def test_which_ways_are_for_driving(tags: dict[str, str], expected: RoadClass | None) -> None:
    assert drivable_class(tags) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, (True, True)),
        ({"oneway": "no"}, (True, True)),
        ({"oneway": "yes"}, (True, False)),
        ({"oneway": "1"}, (True, False)),
        ({"oneway": "-1"}, (False, True)),
        ({"oneway": "reversible"}, (True, True)),
        ({"oneway": "alternating"}, (True, True)),
        ({"junction": "roundabout"}, (True, False)),
        ({"junction": "circular"}, (True, False)),
        ({"junction": "roundabout", "oneway": "no"}, (True, True)),
        ({"junction": "roundabout", "oneway": "-1"}, (False, True)),
        ({"highway": "motorway"}, (True, False)),
        ({"highway": "motorway", "oneway": "no"}, (True, True)),
        ({"highway": "motorway_link"}, (True, True)),
    ],
)
def test_which_way_a_way_leads(tags: dict[str, str], expected: tuple[bool, bool]) -> None:
    assert directions({"highway": "residential"} | tags) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60", 60.0),
        ("60 km/h", 60.0),
        ("62.5", 62.5),
        ("30 mph", 48.28032),
        ("30mph", 48.28032),
        (" 40 ", 40.0),
        ("CN:urban", None),
        ("none", None),
        ("walk", None),
        ("signals", None),
        ("", None),
        ("0", None),
        ("4", None),
        ("201", None),
        ("50;60", None),
        ("-50", None),
        ("nan", None),
        ("٣٠", None),
    ],
)
def test_speed_limits(text: str, expected: float | None) -> None:
    assert limit_kmh({"maxspeed": text}) == (expected if expected is None else pytest.approx(expected))


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_any_words_can_be_tags(highway: str, access: str, limit: str) -> None:
    tags = {"highway": highway, "access": access, "maxspeed": limit, "oneway": access, "junction": limit}
    drivable_class(tags)
    assert any(directions(tags))
    kmh = limit_kmh(tags)
    assert kmh is None or 5.0 <= kmh <= 200.0
