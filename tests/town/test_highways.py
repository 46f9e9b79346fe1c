"""Words for kinds of road."""

import pytest

from sim.town import RoadClass
from sim.town.highways import road_class_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trunk", RoadClass.TRUNK),
        ("primary_link", RoadClass.MAIN),
        ("['footway', 'service']", RoadClass.LANE),
        ("residential", RoadClass.STREET),
        ("footway", None),
        ("", None),
        ("[", None),
    ],
)
def test_words(text: str, expected: RoadClass | None) -> None:
    assert road_class_of(text) == expected
