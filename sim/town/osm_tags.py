"""What the tags of a way in OpenStreetMap say to a police car: may it drive there, which way, and how fast.

Source: OpenStreetMap wiki, Key:highway, Key:access, Key:oneway, Key:maxspeed. Conditions by hour or vehicle
(``access:conditional``, ``maxspeed:hgv``) are not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim.town.highways import road_class_of
from sim.town.network import RoadClass

Tags = Mapping[str, str]

# The first of these that a way has decides: what is said of emergency vehicles goes before what is said of cars.
ACCESS_KEYS = ("emergency", "motorcar", "motor_vehicle", "vehicle", "access")
CLOSED = {"no", "private", "military", "agricultural", "forestry"}
# Closed to cars unless said otherwise. A pedestrian street often has bollards, a track is often no more than a path
# through fields: without a word in the tags nobody knows that a car comes through, so a unit does not count on it.
ASKED_FIRST = {"pedestrian", "track"}
WITHOUT_STREETS = {"parking_aisle", "drive-through"}  # parts of a car park
ONE_WAY, AGAINST = {"yes", "true", "1"}, {"-1", "reverse"}
ROUND = {"roundabout", "circular"}
MILE_KM = 1.609344
LIMIT = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?) *(km/h|kmh|kph|mph)?")
SLOWEST_LIMIT_KMH, FASTEST_LIMIT_KMH = 5.0, 200.0


def may_drive(tags: Tags) -> bool:
    """Decide whether a police car may count on driving along a road."""
    if tags.get("area") == "yes" or tags.get("service") in WITHOUT_STREETS:
        return False
    for key in ACCESS_KEYS:
        if key in tags:
            return tags[key] not in CLOSED
    return tags.get("highway") not in ASKED_FIRST


def drivable_class(tags: Tags) -> RoadClass | None:
    """Return the class of a road for driving, None for any other way."""
    road_class = road_class_of(tags.get("highway", ""))
    return road_class if road_class is not None and may_drive(tags) else None


def directions(tags: Tags) -> tuple[bool, bool]:
    """Return whether one may drive along a way, and whether against it.

    A roundabout and a motorway lead one way unless ``oneway`` says otherwise. A lane whose direction changes by the
    hour (reversible, alternating) counts as both: each is open at some hour, and the hours are not in the tags.
    """
    given = tags.get("oneway", "")
    if given in AGAINST:
        return False, True
    implied = not given and (tags.get("junction") in ROUND or tags.get("highway") == "motorway")
    return True, not (given in ONE_WAY or implied)


def limit_kmh(tags: Tags) -> float | None:
    """Return the speed limit that ``maxspeed`` gives as a number, None for words such as CN:urban or none.

    Limits below 5 or above 200 km/h are slips of the pen.
    """
    found = LIMIT.fullmatch(tags.get("maxspeed", "").strip().lower())
    if found is None:
        return None
    kmh = float(found[1]) * (MILE_KM if found[2] == "mph" else 1.0)
    return kmh if SLOWEST_LIMIT_KMH <= kmh <= FASTEST_LIMIT_KMH else None
