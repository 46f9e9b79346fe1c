"""From a place to the road: the nearest open node, the metres to it, and longitudes put on the town's own map."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import CsvTown
from sim.town import Roads, Speeds, build_town, snap_places
from sim.town.projection import EARTH_RADIUS_METRES, globe_metres

PLACES = st.lists(st.tuples(st.floats(-500, 900), st.floats(-500, 900)), min_size=1, max_size=20)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=PLACES, closed=st.sets(st.integers(0, 15), max_size=12))
def test_the_node_is_the_nearest_open_one(
    chequered: Callable[..., Roads], places: list[tuple[float, float]], closed: set[int]
) -> None:
    roads = chequered(4, 4)
    roads.open_to_access[list(closed)] = False
    x, y = np.array(places).T
    node, metres = snap_places(roads, x, y)
    every = np.hypot(roads.x_metres[:, None] - x, roads.y_metres[:, None] - y)
    every[~roads.open_to_access] = np.inf
    assert node.dtype == np.int32
    assert roads.open_to_access[node].all()
    assert metres == pytest.approx(every.min(axis=0))
    assert every[node, np.arange(len(x))] == pytest.approx(metres)


def test_places_that_cannot_be_snapped_are_refused(chequered: Callable[..., Roads]) -> None:
    roads = chequered(2, 2)
    with pytest.raises(ValueError, match="1 of 2 places are no finite numbers, the first is 1"):
        snap_places(roads, np.array([0.0, np.nan]), np.zeros(2))
    roads.open_to_access[:] = False
    with pytest.raises(ValueError, match="no node"):
        snap_places(roads, np.zeros(1), np.zeros(1))


def test_longitudes_fall_on_the_towns_own_map(csv_settings: Callable[..., CsvTown], speeds: Speeds) -> None:
    # The node at the end of a one-way street is left out, and yet the map's middle stays that of the whole file.
    nodes = "id,x,y\n" + "".join(f"{k},{112.9 + 0.001 * k},{28.2 + 0.002 * (k % 2)}\n" for k in range(12))
    arcs = "tail,head\n" + "".join(f"{k},{(k + 1) % 11},\n" for k in range(11)) + "3,11\n"
    columns = {"tail": "tail", "head": "head"}
    roads = build_town(csv_settings(nodes, arcs, coordinates="lonlat", arc_columns=columns), 1, speeds).roads
    assert len(roads) == 11
    assert roads.origin == pytest.approx((112.9055, 28.201))
    assert roads.lon is not None
    assert roads.lat is not None
    x, y = roads.to_metres(roads.lon, roads.lat)
    assert np.array_equal(x, roads.x_metres)
    assert np.array_equal(y, roads.y_metres)
    node, metres = snap_places(roads, *roads.to_metres(roads.lon[4:5], roads.lat[4:5] + 1e-5))
    assert node.tolist() == [4]
    assert metres == pytest.approx([np.radians(1e-5) * EARTH_RADIUS_METRES])


def test_a_town_that_lies_nowhere_has_no_longitudes(chequered: Callable[..., Roads]) -> None:
    with pytest.raises(ValueError, match="give places in metres"):
        chequered(2, 2).to_metres(np.array([112.9]), np.array([28.2]))


def test_lengths_over_the_globe() -> None:
    def metres(*degrees: float) -> float:
        return float(globe_metres(*(np.array([value]) for value in degrees))[0])

    quarter = np.pi / 2 * EARTH_RADIUS_METRES
    assert metres(0, 0, 90, 0) == pytest.approx(quarter)
    assert metres(10, 0, 10, 90) == pytest.approx(quarter)
    assert metres(0, 0, 180, 0) == pytest.approx(2 * quarter)
    assert metres(112.9, 28.2, 112.9, 28.2) == 0.0
    assert metres(179.99, 0, -179.99, 0) == pytest.approx(np.radians(0.02) * EARTH_RADIUS_METRES)
