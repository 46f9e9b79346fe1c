from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.codes import NOBODY, Ring
from sim.response.containment import lay_containment
from sim.scenario.response import ContainmentPart, ResponsePart


def laid(town: Any, days: int = 100, seed: int = 1, **given: Any) -> Any:
    part = ContainmentPart(**{"flights_per_year": 3650.0} | given)
    plan: Any = SimpleNamespace(response=SimpleNamespace(containment=part))
    return lay_containment(plan, town, days, seed)


def test_without_containment_all_is_empty(yard: Any) -> None:
    plan: Any = SimpleNamespace(response=SimpleNamespace(containment=None))
    tables = lay_containment(plan, yard.star(3, 4, 2), 100, 1)
    assert {name: len(table) for name, table in tables.items()} == {
        "containment": 0,
        "rings": 0,
        "ring_points": 0,
        "flights": 0,
    }


def test_flights_come_at_their_rate(yard: Any) -> None:
    town = yard.star(3, 4, 2)
    counts = [len(laid(town, seed=seed)["flights"]) for seed in range(40)]
    # The mean of 40 Poisson counts of mean 1000, within 4 of its standard deviations.
    assert abs(np.mean(counts) - 1000.0) < 4.0 * math.sqrt(1000.0 / 40.0)
    flights = laid(town)["flights"]
    assert (np.diff(flights["start"]) > 0.0).all()
    assert flights["start"][-1] < 100.0
    np.testing.assert_allclose(flights["alarm"] - flights["start"], 5.0 / 1440.0, atol=1e-12)


def test_no_flights_at_rate_zero(yard: Any) -> None:
    tables = laid(yard.star(3, 4, 2), flights_per_year=0.0)
    assert len(tables["flights"]) == len(tables["rings"]) == 0


def test_a_longer_calendar_only_adds_flights(yard: Any) -> None:
    town = yard.lattice(6, 1, inner=4)
    short, long = (laid(town, days=days)["flights"] for days in (20, 60))
    assert len(long) > len(short) > 0
    for name in ("start", "scene", "exit"):
        np.testing.assert_array_equal(long[name][: len(short)], short[name])


def test_scenes_lie_where_homes_are_and_exits_are_alike(yard: Any) -> None:
    town = yard.lattice(6, 1, inner=2)  # homes in the four nodes in the middle only
    flights = laid(town, days=365)["flights"]
    for name, expected in (("scene", {14, 15, 20, 21}), ("exit", {0, 5, 30, 35})):
        nodes, counts = np.unique(flights[name], return_counts=True)
        assert set(nodes.tolist()) == expected
        share = counts / len(flights)
        assert (abs(share - 0.25) < 4.0 * math.sqrt(0.25 * 0.75 / len(flights))).all()


def test_each_flight_has_the_rings_of_its_scene(yard: Any) -> None:
    # Four townships in a row of streets, two to a county.
    places = [(100.0 * node, 0.0) for node in range(24)]
    arcs = [(node, node + step, 10.0) for node in range(24) for step in (-1, 1) if 0 <= node + step < 24]
    town = yard.town_of(yard.roads_of(places, arcs), [node // 6 for node in range(24)], [0, 0, 1, 1])
    tables = laid(town)
    rings, points, flights = tables["rings"], tables["ring_points"], tables["flights"]
    township = town.administration.node_community
    for flight in flights[:50]:
        township_ring, county_ring, edge = (int(row) for row in flight.ring)
        assert (rings.kind[township_ring], rings.area[township_ring]) == (Ring.TOWNSHIP, township[flight.scene])
        assert (rings.kind[county_ring], rings.area[county_ring]) == (Ring.COUNTY, township[flight.scene] // 2)
        assert rings.kind[edge] == Ring.EDGE
    by_area = {
        (int(ring.kind), int(ring.area)): points.node[int(ring.first_point) : int(ring.end_point)].tolist()
        for ring in rings
    }
    assert by_area == {
        (Ring.TOWNSHIP, 0): [0, 6],
        (Ring.TOWNSHIP, 1): [5, 12],
        (Ring.TOWNSHIP, 2): [11, 18],
        (Ring.TOWNSHIP, 3): [17, 23],
        (Ring.COUNTY, 0): [0, 12],
        (Ring.COUNTY, 1): [11, 23],
        (Ring.EDGE, 0): [0, 23],
    }
    assert (points.ring == np.repeat(np.arange(len(rings)), rings.end_point - rings.first_point)).all()


def test_only_rings_asked_for_are_laid(yard: Any) -> None:
    tables = laid(yard.star(3, 4, 2), rings=("edge", "township"))
    assert tables["containment"]["turn"].tolist() == [[Ring.EDGE, Ring.TOWNSHIP, NOBODY]]
    assert set(tables["rings"]["kind"].tolist()) == {Ring.TOWNSHIP, Ring.EDGE}
    assert (tables["flights"]["ring"][:, Ring.COUNTY] == NOBODY).all()


def test_defaults_come_from_the_parameter_table() -> None:
    part = ContainmentPart(flights_per_year=1.0)
    assert (part.alarm_delay_minutes, part.units, part.hold_minutes, part.stop_probability) == (5.0, 20, 120.0, 0.9)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"units": 1, "containment": {"flights_per_year": 1.0, "rings": ["edge", "edge"]}}, "each ring once"),
        ({"units": 1, "containment": {"flights_per_year": 1.0}, "travel": {"none": True}}, "no containment where"),
    ],
)
def test_contradictions_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ResponsePart.model_validate(fields)
