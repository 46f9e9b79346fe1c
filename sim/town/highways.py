"""The kinds of road of OpenStreetMap in the four of this program.

Source: OpenStreetMap wiki, Key:highway. Motorways and trunk roads lead through or past a town; primary and
secondary roads join its parts; tertiary, unclassified and residential roads are streets; the rest are lanes.
"""

from __future__ import annotations

from sim.town.network import RoadClass

HIGHWAYS = {
    "motorway": RoadClass.TRUNK,
    "trunk": RoadClass.TRUNK,
    "primary": RoadClass.MAIN,
    "secondary": RoadClass.MAIN,
    "main": RoadClass.MAIN,
    "tertiary": RoadClass.STREET,
    "unclassified": RoadClass.STREET,
    "residential": RoadClass.STREET,
    "street": RoadClass.STREET,
    "road": RoadClass.STREET,
    "living_street": RoadClass.LANE,
    "service": RoadClass.LANE,
    "pedestrian": RoadClass.LANE,
    "track": RoadClass.LANE,
    "lane": RoadClass.LANE,
}
CLASS_WORDS = tuple(road_class.name.lower() for road_class in RoadClass)


def road_class_of(text: str) -> RoadClass | None:
    """Return the class for a word of OpenStreetMap or of this program, None for an unknown one.

    A list such as "['residential', 'living_street']", as OSMnx writes it, counts by its first known word; a link
    (motorway_link) counts as its road.
    """
    for word in text.strip().strip("[]").split(","):
        found = HIGHWAYS.get(word.strip().strip("'\"").lower().removesuffix("_link"))
        if found is not None:
            return found
    return None
