"""Outcomes of containment from flights written down by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.codes import NOBODY, FlightEnd, Ring
from sim.engine.clock import HOUR, MINUTE
from sim.outcomes.containment import OUTCOMES
from sim.outcomes.flights import decode_flights
from sim.outcomes.records import Records
from sim.world import FLIGHTS, NODES, RINGS, empty_table

HORIZON = 10.0
NAN = float("nan")
FLIGHT: dict[str, Any] = {
    "ended": NAN,
    "reached": [NAN] * 3,
    "closed": [NAN] * 3,
    "ring": [0, NOBODY, 1],
    "caught_at": NOBODY,
    "scene": 1,
    "exit": 2,
    "at_node": 2,
}


def minutes(start: float, *after: float) -> list[float]:
    return [start + value * MINUTE for value in after]


# The township's ring has 4 points, the county's is not in use, the ring at the edge has 2.
GIVEN: list[dict[str, Any]] = [
    # Caught at the township's ring, which was wholly closed before.
    {
        "start": 1.0,
        "alarm": minutes(1.0, 5.0)[0],
        "ended": minutes(1.0, 12.0)[0],
        "end": FlightEnd.CAUGHT,
        "caught_at": Ring.TOWNSHIP,
        "at_node": 0,
        "reached": minutes(1.0, 12.0, NAN, NAN),
        "closed": minutes(1.0, 11.0, NAN, NAN),
        "units": 4,
        "unit_days": 2.0 * HOUR,
    },
    # Caught at the edge; the township's ring was closed too late, the edge's never.
    {
        "start": 2.0,
        "alarm": minutes(2.0, 5.0)[0],
        "ended": minutes(2.0, 30.0)[0],
        "end": FlightEnd.CAUGHT,
        "caught_at": Ring.EDGE,
        "reached": minutes(2.0, 10.0, NAN, 30.0),
        "closed": minutes(2.0, 15.0, NAN, NAN),
        "units": 5,
        "unit_days": 4.0 * HOUR,
    },
    # Out of the map before the alarm.
    {
        "start": 3.0,
        "alarm": minutes(3.0, 60.0)[0],
        "ended": minutes(3.0, 30.0)[0],
        "end": FlightEnd.ESCAPED,
        "reached": minutes(3.0, 10.0, NAN, 30.0),
        "units": 1,
        "unit_days": 3.0 * HOUR,
    },
    # Out after the alarm; then one under way, whose alarm is still to come, and one of the future.
    {
        "start": 4.0,
        "alarm": minutes(4.0, 5.0)[0],
        "ended": minutes(4.0, 30.0)[0],
        "end": FlightEnd.ESCAPED,
        "reached": minutes(4.0, 10.0, NAN, 30.0),
    },
    {"start": minutes(10.0, -1.0)[0], "alarm": minutes(10.0, 4.0)[0]},
    {"start": 11.0, "alarm": minutes(11.0, 5.0)[0]},
]


def records_of(given: list[dict[str, Any]]) -> Records:
    flights, rings = empty_table(FLIGHTS, len(given)), empty_table(RINGS, 2)
    for row, fields in enumerate(given):
        for name, value in {**FLIGHT, **fields}.items():
            flights[name][row] = value
    rings["kind"], rings["first_point"], rings["end_point"] = [Ring.TOWNSHIP, Ring.EDGE], [0, 4], [4, 6]
    nodes = empty_table(NODES, 3)
    nodes["x_metres"] = [0.0, 100.0, 200.0]
    world: Any = SimpleNamespace(flights=flights, rings=rings, nodes=nodes)
    return Records({"flights": decode_flights(world, HORIZON)})


def measured(records: Records) -> dict[str, float]:
    return {one.id: one.measure(records) for one in OUTCOMES}


def test_outcomes_of_the_flights_above() -> None:
    numbers = measured(records_of(GIVEN))
    undefined = {name for name, value in numbers.items() if math.isnan(value)}
    assert undefined == {
        "flights_caught_at_county_share",
        "county_ring_closing_minutes",
        "county_ring_in_time_share",
        "edge_ring_closing_minutes",
    }
    expected = {
        "flights": 5.0,
        "flights_caught_share": 2 / 4,
        "flights_out_before_alarm_share": 1 / 4,
        "flights_caught_at_township_share": 1 / 4,
        "flights_caught_at_edge_share": 1 / 4,
        "township_ring_closing_minutes": (6.0 + 10.0) / 2,
        "township_ring_in_time_share": 1 / 4,
        "edge_ring_in_time_share": 0.0,
        "containment_unit_hours": (2.0 + 4.0 + 3.0) / 4,
    }
    assert {name: value for name, value in numbers.items() if name not in undefined} == pytest.approx(expected)


def test_without_flights_only_their_number_is_known() -> None:
    numbers = measured(records_of([]))
    assert numbers.pop("flights") == 0.0
    assert all(math.isnan(value) for value in numbers.values())


def test_the_record_of_a_flight() -> None:
    first, second, *_ = records_of(GIVEN)["flights"].to_pylist()
    assert (first["scene_node"], first["scene_x_metres"], first["exit_node"], first["units"]) == (1, 100.0, 2, 4)
    assert (first["true_end"], first["caught_at"], first["caught_node"]) == ("caught", "township", 0)
    assert (first["township_points"], first["county_points"], first["edge_points"]) == (4, 0, 2)
    assert second["edge_closed_minutes"] is None or math.isnan(second["edge_closed_minutes"])
    last = records_of(GIVEN)["flights"].to_pylist()[-1]
    assert (last["true_end"], last["caught_at"], last["caught_node"]) == ("under_way", "none", -1)
    assert np.isnan(last["alarm_day"]), "an alarm still to come is not in the books"
