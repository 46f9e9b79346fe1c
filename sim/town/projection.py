"""From longitude and latitude to metres: a town's flat map, and lengths over the globe."""

from __future__ import annotations

import numpy as np

from sim.town.network import Floats

EARTH_RADIUS_METRES = 6_371_008.8  # mean radius, IUGG


def middle_of(lon: Floats, lat: Floats) -> tuple[float, float]:
    """Return longitude and latitude of the middle of the places' extent."""
    return 0.5 * float(lon.min() + lon.max()), 0.5 * float(lat.min() + lat.max())


def flat_map(lon: Floats, lat: Floats, origin: tuple[float, float]) -> tuple[Floats, Floats]:
    """Return metres east and north of an origin (longitude, latitude) on an equirectangular map.

    Lengths are true along the origin's latitude; 50 km north or south of it, at 45 degrees, they are 0.8 % off.
    """
    x = np.radians(lon - origin[0]) * np.cos(np.radians(origin[1])) * EARTH_RADIUS_METRES
    return np.asarray(x), np.asarray(np.radians(lat - origin[1]) * EARTH_RADIUS_METRES)


def globe_metres(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    """Return the lengths of great circles between places in degrees, by the haversine formula.

    Source: R. W. Sinnott (1984), "Virtues of the haversine", Sky and Telescope 68(2), 159.
    """
    north, east = np.radians(lat2 - lat1), np.radians(lon2 - lon1)
    chord = np.sin(north / 2.0) ** 2 + np.cos(np.radians(lat1)) * np.cos(np.radians(lat2)) * np.sin(east / 2.0) ** 2
    return np.asarray(2.0 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(np.minimum(chord, 1.0))))
