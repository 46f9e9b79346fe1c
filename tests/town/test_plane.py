"""Planes: closed forms of mean distances, what a distance must obey, places on the way, and the lattice under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import PlaneTown, default
from sim.town import Plane, TownError, along_plane, build_town, plane_metres

SIDE = 1000.0
PLACE = st.floats(0.0, SIDE)
POINT = st.tuples(PLACE, PLACE)
METRIC = st.booleans()
WRAP = st.booleans()
NEAR = 1e-6  # metres


def plane(**fields: Any) -> PlaneTown:
    return PlaneTown.model_validate({"kind": "plane", "area_km2": 1.0} | fields)


def metres(a: tuple[float, float], b: tuple[float, float], right_angle: bool, wrap: bool) -> float:
    return plane_metres(*a, *b, SIDE, right_angle, wrap)


def mean(weight: Callable[[float], float], right_angle: bool, wrap: bool, low: float, high: float) -> float:
    """Return the mean distance from (0, 0) to (u, v) on a unit square, u and v each with a density on low..high."""
    places, weights = np.polynomial.legendre.leggauss(40)
    u = (low + high) / 2 + (high - low) / 2 * places
    density = weights * (high - low) / 2 * np.array([weight(each) for each in u])
    each = [[plane_metres(0.0, 0.0, a, b, 1.0, right_angle, wrap) for b in u.tolist()] for a in u.tolist()]
    return float(density @ np.array(each) @ density)


def test_mean_distances_have_their_closed_forms() -> None:
    # The difference of two uniform numbers has density 2 (1 - u); from the middle of a square it is uniform on 0..1/2.
    root, log = np.sqrt(2.0), np.log(1.0 + np.sqrt(2.0))
    assert mean(lambda u: 2 * (1 - u), False, False, 0, 1) == pytest.approx((2 + root + 5 * log) / 15, abs=1e-4)
    assert mean(lambda u: 2 * (1 - u), True, False, 0, 1) == pytest.approx(2 / 3, abs=1e-9)
    assert mean(lambda _: 2.0, False, False, 0, 0.5) == pytest.approx((root + log) / 6, abs=1e-4)
    assert (2 + root + 5 * log) / 15 == pytest.approx(0.5214, abs=5e-5)
    assert (root + log) / 6 == pytest.approx(0.3826, abs=5e-5)


def test_on_a_torus_every_place_is_the_middle() -> None:
    root, log = np.sqrt(2.0), np.log(1.0 + np.sqrt(2.0))
    halves = [mean(lambda _: 1.0, False, True, low, low + 0.5) for low in (0.0, 0.5)]
    assert halves == pytest.approx([(root + log) / 24] * 2, abs=1e-5)  # each a quarter of the square
    assert mean(lambda _: 1.0, True, True, 0, 0.5) == pytest.approx(0.125)


@given(a=POINT, b=POINT, c=POINT, right_angle=METRIC, wrap=WRAP)
def test_it_is_a_distance(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], right_angle: bool, wrap: bool
) -> None:
    there = metres(a, b, right_angle, wrap)
    assert metres(a, a, right_angle, wrap) == 0.0
    assert there >= 0.0
    assert there == pytest.approx(metres(b, a, right_angle, wrap), abs=NEAR)
    assert there <= metres(a, c, right_angle, wrap) + metres(c, b, right_angle, wrap) + NEAR
    assert metres(a, b, False, wrap) <= metres(a, b, True, wrap) + NEAR
    assert metres(a, b, right_angle, True) <= metres(a, b, right_angle, False) + NEAR


@given(a=POINT, b=POINT, east=PLACE, north=PLACE, right_angle=METRIC)
def test_a_torus_looks_alike_from_everywhere(
    a: tuple[float, float], b: tuple[float, float], east: float, north: float, right_angle: bool
) -> None:
    moved = [((x + east) % SIDE, (y + north) % SIDE) for x, y in (a, b)]
    assert metres(moved[0], moved[1], right_angle, True) == pytest.approx(metres(a, b, right_angle, True), abs=NEAR)
    longest = SIDE if right_angle else SIDE / np.sqrt(2.0)
    assert metres(a, b, right_angle, True) <= longest + NEAR


@given(a=POINT, b=POINT, share=st.floats(0.0, 1.0), right_angle=METRIC, wrap=WRAP)
def test_a_share_of_the_way_is_gone(
    a: tuple[float, float], b: tuple[float, float], share: float, right_angle: bool, wrap: bool
) -> None:
    here = along_plane(*a, *b, share, SIDE, right_angle, wrap)
    whole = metres(a, b, right_angle, wrap)
    rounding = 0.0 if wrap else NEAR
    assert -rounding <= min(here) <= max(here) <= SIDE + rounding
    assert metres(a, here, right_angle, wrap) == pytest.approx(share * whole, abs=NEAR)
    assert metres(here, b, right_angle, wrap) == pytest.approx((1.0 - share) * whole, abs=NEAR)


@given(a=POINT, b=POINT, share=st.floats(0.0, 1.0), right_angle=METRIC, wrap=WRAP)
def test_compiled_and_plain_agree_to_the_bit(
    a: tuple[float, float], b: tuple[float, float], share: float, right_angle: bool, wrap: bool
) -> None:
    for function, given_ in (
        (plane_metres, (*a, *b, SIDE, right_angle, wrap)),
        (along_plane, (*a, *b, share, SIDE, right_angle, wrap)),
    ):
        assert function(*given_) == getattr(function, "py_func", function)(*given_)


def test_ends_are_exact_and_corners_are_turned() -> None:
    a, b = (100.0, 200.0), (400.0, 100.0)
    for right_angle in (False, True):
        assert along_plane(*a, *b, 0.0, SIDE, right_angle, False) == a
        assert along_plane(*a, *b, 1.0, SIDE, right_angle, False) == b
        assert along_plane(*a, *b, -1.0, SIDE, right_angle, False) == a
        assert along_plane(*a, *b, 2.0, SIDE, right_angle, False) == b
    assert along_plane(*a, *b, 0.5, SIDE, True, False) == (300.0, 200.0)
    assert along_plane(*a, *b, 0.75, SIDE, True, False) == (400.0, 200.0)
    assert along_plane(*a, *b, 0.875, SIDE, True, False) == (400.0, 150.0)
    assert along_plane(900.0, 50.0, 100.0, 950.0, 0.75, SIDE, False, True) == pytest.approx((50.0, 975.0))
    assert along_plane(100.0, 50.0, 900.0, 950.0, 0.5, SIDE, True, True) == pytest.approx((950.0, 50.0))


@given(start=PLACE, end=PLACE, share=st.floats(0.0, 1.0))
def test_nobody_leaves_a_torus(start: float, end: float, share: float) -> None:
    x, y = along_plane(start, 1e-320, end, SIDE, share, SIDE, False, True)
    assert 0.0 <= x <= SIDE
    assert 0.0 <= y <= SIDE


@pytest.mark.parametrize(("edges", "nodes"), [(e, n) for e in ("walls", "wrap") for n in (1, 2, 3, 6)])
def test_the_lattice_carries_the_town(edges: str, nodes: int) -> None:
    town = build_town(plane(area_km2=4.0, edges=edges, lattice=nodes, speed_kmh=36.0, metric="right_angle"))
    roads = town.roads
    assert town.plane == Plane(2000.0, "right_angle", 36.0, edges == "wrap")
    assert len(roads) == nodes * nodes
    each = Counter(zip(roads.tail.tolist(), roads.head.tolist(), strict=True))
    assert max(each.values(), default=1) == 1
    assert all((b, a) in each and a != b for a, b in each)
    around = nodes if edges == "wrap" and nodes > 2 else nodes - 1
    assert len(each) == 4 * nodes * around
    assert np.allclose(roads.metres, 2000.0 / nodes)
    assert np.allclose(roads.seconds, 200.0 / nodes)  # 10 m/s
    place = zip(roads.tail.tolist(), roads.head.tolist(), strict=True)
    x, y = roads.x_metres, roads.y_metres
    by_plane = [plane_metres(x[a], y[a], x[b], y[b], 2000.0, True, edges == "wrap") for a, b in place]
    assert np.allclose(by_plane, roads.metres)
    assert (x.mean(), y.mean()) == pytest.approx((1000.0, 1000.0))
    assert np.allclose(town.weight, 1.0 / nodes**2)


def test_a_plane_is_administered_and_described() -> None:
    town = build_town(plane(counties=1, townships=2, communities=4, lattice=4))
    assert np.bincount(town.administration.node_community).tolist() == [4] * 4
    assert town.statistics().nodes == 16
    assert town.plane is not None
    assert town.plane.speed_kmh == default("speed_street_kmh")
    assert "lattice of 4 by 4 nodes" in town.notes[0]
    with pytest.raises(TownError, match="5 communities need at least 5 nodes"):
        build_town(plane(lattice=2, communities=5))


def test_a_point_is_a_town() -> None:
    town = build_town(plane(area_km2=1e-6, lattice=1))
    assert (len(town.roads), len(town.roads.tail)) == (1, 0)
    assert town.weight.tolist() == [1.0]
    figures = town.statistics()
    assert (figures.nodes, figures.arcs, figures.area_km2) == (1, 0, 0.0)
    assert np.isnan(figures.mean_block_metres)
