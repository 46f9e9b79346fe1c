"""Places and numbers of a log: by node or coordinates, exact to the last bit where they are to be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from calling import street_town
from hypothesis import given
from hypothesis import strategies as st
from logs import read_log

from sim.engine.clock import MINUTE
from sim.response.call_log import CallLogData
from sim.response.log_rows import CallLogError, days_written, written_days
from sim.response.pools import Pools
from sim.town import Town, TownError

Read = Callable[..., CallLogData]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that writes rows into a file and reads them as a log."""
    return lambda rows, **fields: read_log(tmp_path / "calls.csv", rows, **fields)


@pytest.fixture
def degrees() -> Town:
    """Return a street whose nodes have degrees, 0.001 of longitude apart on the equator; n0 is closed."""
    lon, lat = 0.001 * np.arange(5, dtype=np.float64) + 10.0, np.zeros(5)
    town = street_town(5, closed=(0,), lon=lon, lat=lat, origin=(10.002, 0.0))
    x, _ = town.roads.to_metres(lon, lat)
    town.roads.x_metres[:] = x
    return town


COORDINATES = {"received": "time", "x": "lon", "y": "lat"}


def test_a_place_by_coordinates_is_put_on_the_map(read: Read, degrees: Town) -> None:
    text = "time,lon,lat\n2024-01-01 01:00,10.0011,0.0005\n2024-01-01 02:00,9.9995,0\n"
    data = read(text, columns=COORDINATES, town=degrees)
    assert data.rows["node"].tolist() == [1, 1], "a closed node is no place to stop"
    assert data.rows["access_metres"].tolist() == pytest.approx([56.7, 166.8], abs=0.1)
    expected = degrees.roads.to_metres(np.array([10.0011, 9.9995]), np.array([0.0005, 0.0]))
    assert data.rows["x_metres"].tolist() == expected[0].tolist()
    with pytest.raises(
        CallLogError, match=r"calls\.csv:3: the place lies 167 m from the nearest open node, more than 160"
    ):
        read(text, columns=COORDINATES, town=degrees, farthest_metres=160)


def test_coordinates_that_are_none_are_told(read: Read, degrees: Town) -> None:
    day = "2024-01-01"
    text = f"time,lon,lat\n{day} 01:00,200,0\n{day} 02:00,10,x\n{day} 03:00,,\n{day} 04:00,10.001,inf\n"
    with pytest.raises(CallLogError) as caught:
        read(text, columns=COORDINATES, town=degrees)
    told = str(caught.value)
    for line, words in ((2, "lon is '200'"), (3, "lat is 'x'"), (4, "the row has no place"), (5, "lat is 'inf'")):
        assert f"calls.csv:{line}: {words}" in told
    with pytest.raises(TownError, match=r"set calls\.log\.coordinates: metres"):
        read(text, columns=COORDINATES)


def test_a_named_node_holds_and_coordinates_say_how_far_off_it_is(read: Read) -> None:
    columns = {"received": "time", "node": "node", "x": "x", "y": "y"}
    text = "time,node,x,y\n2024-01-01 01:00,n2,230,40\n2024-01-01 02:00,n2,,\n2024-01-01 03:00,,230,40\n"
    data = read(text, columns=columns, coordinates="metres")
    assert data.rows["node"].tolist() == [2, 2, 2]
    assert data.rows["access_metres"].tolist() == [50.0, 0.0, 50.0]
    assert data.rows["x_metres"].tolist() == [230.0, 200.0, 230.0]


def test_on_a_plane_every_place_inside_is_near(read: Read) -> None:
    street = street_town()
    plane: Any = SimpleNamespace(side_metres=400.0)
    town = Town(street.roads, street.administration, street.weight, [], plane)
    columns = {"received": "time", "x": "x", "y": "y"}
    data = read("time,x,y\n2024-01-01,390,400\n", columns=columns, coordinates="metres", town=town, farthest_metres=1)
    assert (data.rows["node"][0], data.rows["access_metres"][0], data.rows["y_metres"][0]) == (4, 0.0, 400.0)
    with pytest.raises(CallLogError, match=r"outside the plane; give metres from 0 to 400"):
        read("time,x,y\n2024-01-01,390,401\n", columns=columns, coordinates="metres", town=town)


EXTRA = {"received": "time", "node": "node", "call_taking_seconds": "taking", "scene_minutes": "scene", "address": "a"}


def test_times_of_taking_and_scene_and_addresses_may_be_given(read: Read) -> None:
    text = "time,node,taking,scene,a\n2024-01-01,n1,90,12.5,7\n2024-01-02,n1,,,\n"
    text += "2024-01-03,n1,0,5;6;7,9223372036854775807\n"
    data = read(text, columns=EXTRA)
    assert data.rows["taking_days"][[0, 2]].tolist() == [90.0 / 86400.0, 0.0]
    assert np.isnan([data.rows["taking_days"][1], data.rows["scene_days"][1]]).all()
    assert (data.rows["scene_days"][[0, 2]] / MINUTE).tolist() == pytest.approx([12.5, 5.0])
    assert data.rows["address"].tolist() == [7, (2 << 40) + 1, 2**63 - 1]
    pools = Pools()
    pools.add_numbers([1.0, 2.0])
    table = data.table(pools)
    further = pools.tables()["numbers"]["value"][table[2].further_first : table[2].further_end]
    assert (further / MINUTE).tolist() == pytest.approx([6.0, 7.0])
    assert table[0].further_first == table[0].further_end
    assert data.rows[2].further_first == 0, "the data may be laid out again"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("-1,1,1", "taking is '-1'"),
        ("1e9,1,1", "taking is '1e9'"),
        ("1,x,1", "scene is 'x'"),
        ("1,1;;2,1", "scene is '1;;2'"),
        ("1,sNaN,1", "scene is 'sNaN'"),
        ("1,1e999999999999,1", "scene is '1e999999999999'"),
        ("1,1,-1", "a is '-1'"),
        ("1,1,9223372036854775808", "a is '9223372036854775808'"),
        ("1,1,1.5", "a is '1.5'"),
        ("1,1,0", "a '0' was given before, in line 2"),
    ],
)
def test_numbers_out_of_range_are_told(read: Read, cells: str, words: str) -> None:
    with pytest.raises(CallLogError) as caught:
        read(f"time,node,taking,scene,a\n2024-01-01,n1,1,1,0\n2024-01-01,n1,{cells}\n", columns=EXTRA)
    assert f"calls.csv:3: {words}" in str(caught.value)


def test_an_exact_moment_must_be_the_one_that_is_written(read: Read) -> None:
    columns = {"received": "time", "node": "node", "received_day": "day"}
    data = read("time,node,day\n2024-01-02 06:00:00.000001,n1,1.2500000000115\n", columns=columns)
    assert data.rows["received"].tolist() == [1.2500000000115]
    with pytest.raises(CallLogError, match=r"day is 1\.5, but the date and time of receipt are on day 1\.25"):
        read("time,node,day\n2024-01-02 06:00,n1,1.5\n", columns=columns)


@pytest.mark.parametrize("in_a_day", [86_400, 1_440])
@given(days=st.floats(0.0, 366.0))
def test_days_come_back_from_seconds_and_minutes_to_the_last_bit(days: float, in_a_day: int) -> None:
    assert days_written(written_days(days, in_a_day), in_a_day) == days
