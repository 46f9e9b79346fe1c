"""Networks from GraphML: what OSMnx writes is read, what could harm is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import GraphmlTown
from sim.town import RoadClass, Speeds, Town, TownError, build_town

Make = Callable[..., GraphmlTown]


PLACES = ((112.980, 28.190), (112.982, 28.190), (112.982, 28.192), (112.980, 28.192))
PROJECTED = ((684000.0, 3119000.0), (684196.0, 3119000.0), (684196.0, 3119222.0), (684000.0, 3119222.0))


def as_osmnx_writes(
    places: Iterable[tuple[float, float]] = PLACES, *, directed: bool = True, crs: str = "epsg:4326", **more: str
) -> bytes:
    """Return a block near Changsha, written by networkx with the attributes that OSMnx keeps, as text."""
    graph: Any = nx.MultiDiGraph(crs=crs) if directed else nx.MultiGraph(crs=crs)
    for number, (x, y) in enumerate(places):
        graph.add_node(1000 + number, x=str(x), y=str(y), street_count="2")
    ways = ("primary", "['residential', 'living_street']", "motorway_link", "footbridge")
    for number, highway in enumerate(ways):
        length = "196.0" if number % 2 == 0 else "222.4"
        graph.add_edge(1000 + number, 1000 + (number + 1) % 4, osmid="7", length=length, highway=highway, **more)
    stream = BytesIO()
    nx.write_graphml(graph, stream)
    return stream.getvalue()


def refusal(settings: GraphmlTown, speeds: Speeds) -> str:
    with pytest.raises(TownError) as caught:
        build_town(settings, 1, speeds)
    return str(caught.value)


def test_a_street_network_is_read(graphml_settings: Make, speeds: Speeds) -> None:
    roads = build_town(graphml_settings(as_osmnx_writes(), default_speed_kmh=25.0), 1, speeds).roads
    assert sorted(roads.node_ids) == ["1000", "1001", "1002", "1003"]
    assert roads.lon is not None
    assert np.ptp(roads.x_metres) == pytest.approx(196.0, rel=0.01)
    by_tail = {roads.node_ids[tail]: arc for arc, tail in enumerate(roads.tail)}
    classes = [RoadClass(roads.road_class[by_tail[str(1000 + number)]]) for number in range(4)]
    assert classes == [RoadClass.MAIN, RoadClass.STREET, RoadClass.TRUNK, RoadClass.STREET]
    kmh = [
        3.6 * roads.metres[by_tail[name]] / roads.seconds[by_tail[name]] for name in ("1000", "1001", "1002", "1003")
    ]
    assert kmh == pytest.approx([40.0, 30.0, 60.0, 25.0])


def test_travel_times_in_the_file_count(graphml_settings: Make, speeds: Speeds) -> None:
    roads = build_town(graphml_settings(as_osmnx_writes(travel_time="33.5")), 1, speeds).roads
    assert roads.seconds.tolist() == [33.5] * 4


def test_an_undirected_graph_has_both_directions(graphml_settings: Make, speeds: Speeds) -> None:
    assert len(build_town(graphml_settings(as_osmnx_writes(directed=False)), 1, speeds).roads.tail) == 8


def test_projected_coordinates_are_metres(graphml_settings: Make, speeds: Speeds) -> None:
    content = as_osmnx_writes(PROJECTED, crs="epsg:32649")
    roads = build_town(graphml_settings(content), 1, speeds).roads
    assert roads.lon is None


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<graphml><graph><node id="1"><data key="x">&b;</data></node></graph></graphml>"""
OUTSIDE = b"""<?xml version="1.0"?>
<!DOCTYPE graphml SYSTEM "file:///etc/hostname">
<graphml/>"""


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (LAUGHS, ":1: holds a document type or entity declaration; GraphML needs none"),
        (OUTSIDE, ":2: holds a document type"),
        (LAUGHS.decode().encode("utf-16"), "is not UTF-8 text"),
        (b"<graphml><graph>", "is no well-formed XML"),
        (b"no xml", ":1: is no well-formed XML"),
        (b"<graphml><graph/></graphml>", "holds no node"),
        (b"<graphml><graph><node id='a'/></graph></graphml>", "holds no edge"),
        (b"<graphml><graph/><graph/></graphml>", "holds a second graph"),
        (as_osmnx_writes().replace(b">28.192<", b">north<", 1), "y is 'north', not a finite number"),
        (as_osmnx_writes().replace(b"196.0", b"-1"), "the length is -1; give a length above 0"),
        (as_osmnx_writes().replace(b'target="1003"', b'target="9"'), "ends at node '9', which is not among the nodes"),
        (as_osmnx_writes().replace(b'attr.name="length"', b'attr.name="len"'), "length is missing"),
        (as_osmnx_writes().replace(b'node id="1001"', b'node id="1000"'), "node id '1000' was given before"),
        (as_osmnx_writes(travel_time="1"), "km/h, more than 200"),
    ],
)
def test_refusals(graphml_settings: Make, speeds: Speeds, content: bytes, expected: str) -> None:
    assert expected in refusal(graphml_settings(content), speeds)


def test_a_message_names_the_line(graphml_settings: Make, speeds: Speeds) -> None:
    content = as_osmnx_writes().replace(b"222.4", b"0")
    lines = [row for row, line in enumerate(content.split(b"\n"), 1) if b"<edge" in line]
    said = refusal(graphml_settings(content), speeds)
    assert f"town.graphml:{lines[1]}: the length is 0" in said
    assert f"town.graphml:{lines[3]}: the length is 0" in said


def town_or_error(settings: GraphmlTown, speeds: Speeds) -> Town | TownError:
    try:
        return build_town(settings, 1, speeds)
    except TownError as error:
        return error


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_give_a_town_or_its_error(graphml_settings: Make, speeds: Speeds, data: st.DataObject) -> None:
    content = bytearray(as_osmnx_writes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        filling = st.binary(max_size=4) | st.sampled_from([b"<", b">", b"&amp;", b"&x;", b"nan", b"1e999", b"</node>"])
        content[place : place + data.draw(st.integers(0, 12))] = data.draw(filling)
    found = town_or_error(graphml_settings(bytes(content)), speeds)
    if isinstance(found, TownError):
        assert found.problems
    else:
        assert np.all(found.roads.seconds > 0.0)
