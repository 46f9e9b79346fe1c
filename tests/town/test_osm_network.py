"""Networks from OpenStreetMap: where ways are cut, what an arc is, the same town from other files, hostile files."""

from __future__ import annotations

import bz2
import gzip
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import osmium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import CsvTown, GraphmlTown, OsmTown
from sim.town import RoadClass, Roads, Speeds, Town, TownError, build_town
from sim.town.projection import globe_metres

Make = Callable[..., OsmTown]
Nodes = Mapping[int, tuple[float, float]]
WayRow = tuple[int, list[int], dict[str, str]]

#   5 - 6 - 7        8 is a bend of way 20 between 3 and 4; 9 the end of a dead end; 10 and 11 a footway
#   |   |   |
#   1 - 2 - 3 ~8~ 4 - 9
PLACES: dict[int, tuple[float, float]] = {
    1: (112.980, 28.190), 2: (112.982, 28.190), 3: (112.984, 28.190), 8: (112.985, 28.1905), 4: (112.986, 28.190),
    9: (112.988, 28.190), 5: (112.980, 28.192), 6: (112.982, 28.192), 7: (112.984, 28.192), 10: (112.981, 28.191),
    11: (112.983, 28.191),
}  # fmt: skip
WAYS: list[WayRow] = [
    (20, [1, 2, 3, 8, 4], {"highway": "primary", "name": "Road & <Street>"}),
    (21, [4, 9], {"highway": "residential"}),
    (22, [5, 6, 7], {"highway": "secondary", "oneway": "yes", "maxspeed": "50"}),
    (23, [5, 1], {"highway": "residential", "oneway": "-1"}),
    (24, [2, 6], {"highway": "living_street", "maxspeed": "CN:urban"}),
    (25, [7, 3], {"highway": "trunk", "bridge": "yes", "maxspeed": "30 mph"}),
    (26, [10, 11], {"highway": "footway"}),
    (27, [1, 10, 6], {"highway": "service", "access": "private"}),
]


def xml(places: Nodes = PLACES, ways: list[WayRow] = WAYS) -> bytes:
    from xml.sax.saxutils import quoteattr

    rows = [f'<node id="{number}" lon="{lon:.7f}" lat="{lat:.7f}"/>' for number, (lon, lat) in places.items()]
    for number, points, tags in ways:
        refs = "".join(f'<nd ref="{point}"/>' for point in points)
        words = "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
        rows.append(f'<way id="{number}">{refs}{words}</way>')
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n' + "\n".join(rows) + "\n</osm>").encode()


def pbf(path: Path, places: Nodes = PLACES, ways: list[WayRow] = WAYS) -> bytes:
    target = path / "written.osm.pbf"
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for number, place in places.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place))
        for number, points, tags in ways:
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=points, tags=tags))
    return target.read_bytes()


def arcs_of(roads: Roads) -> dict[tuple[int, int], tuple[float, float, RoadClass]]:
    """Return seconds, metres and class of each arc by the names of its ends."""
    name = [int(text) for text in roads.node_ids]
    return {
        (name[roads.tail[arc]], name[roads.head[arc]]): (
            float(roads.seconds[arc]),
            float(roads.metres[arc]),
            RoadClass(roads.road_class[arc]),
        )
        for arc in range(len(roads.tail))
    }


def apart(*numbers: int, places: Nodes = PLACES) -> float:
    """Return the metres along a line of points."""
    lon, lat = np.array([places[number] for number in numbers]).T
    return float(globe_metres(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum())


def town_of(settings: OsmTown, speeds: Speeds) -> Town:
    return build_town(settings, 1, speeds)


def refusal(settings: OsmTown, speeds: Speeds) -> str:
    with pytest.raises(TownError) as caught:
        build_town(settings, 1, speeds)
    return str(caught.value)


def test_ways_are_cut_at_junctions_and_ends(osm_settings: Make, speeds: Speeds) -> None:
    town = town_of(osm_settings(xml()), speeds)
    arcs = arcs_of(town.roads)
    both = {(1, 2), (2, 3), (3, 4), (4, 9), (2, 6), (7, 3)}
    assert set(arcs) == both | {(b, a) for a, b in both} | {(5, 6), (6, 7), (1, 5)}
    # An arc is as long as the line through its bends, and the bends are no nodes.
    assert arcs[3, 4][1] == pytest.approx(apart(3, 8, 4))
    assert apart(3, 8, 4) > 1.1 * apart(3, 4)
    assert arcs[3, 4][1] == arcs[4, 3][1]
    assert [arcs[ends][2] for ends in ((1, 2), (4, 9), (2, 6), (7, 3))] == [
        RoadClass.MAIN, RoadClass.STREET, RoadClass.LANE, RoadClass.TRUNK,
    ]  # fmt: skip
    kmh = {ends: 3.6 * metres / seconds for ends, (seconds, metres, _) in arcs.items()}
    assert [kmh[ends] for ends in ((1, 2), (4, 9), (2, 6), (5, 6), (7, 3))] == pytest.approx([40, 30, 20, 50, 48.28032])
    assert town.notes[0].startswith(
        "6 roads for driving, 2 other ways with the tag highway left out; 2 roads driven at"
    )
    assert town.roads.lon is not None
    assert (town.administration.community_names, town.administration.county_names) == (["Community 1"], ["County 1"])


def test_speed_limits_can_be_ignored(osm_settings: Make, speeds: Speeds) -> None:
    arcs = arcs_of(town_of(osm_settings(xml(), speed_limits="ignored"), speeds).roads)
    kmh = [3.6 * arcs[ends][1] / arcs[ends][0] for ends in ((5, 6), (7, 3))]
    assert kmh == pytest.approx([40.0, 60.0])


def test_a_road_of_unknown_class_has_the_default_speed(osm_settings: Make, speeds: Speeds) -> None:
    ways: list[WayRow] = [(1, [1, 2], {"highway": "road"})]
    arcs = arcs_of(town_of(osm_settings(xml(ways=ways), default_speed_kmh=17.0), speeds).roads)
    assert 3.6 * arcs[1, 2][1] / arcs[1, 2][0] == pytest.approx(17.0)


def test_rings_and_ways_that_meet_themselves_are_cut(osm_settings: Make, speeds: Speeds) -> None:
    ways: list[WayRow] = [
        (1, [1, 2, 6, 5, 1], {"highway": "residential", "junction": "roundabout"}),
        (2, [2, 3, 3, 7, 6], {"highway": "residential"}),
        (3, [4, 9, 8, 4], {"highway": "residential"}),  # a ring at the end of a street: from 4 to itself
        (4, [3, 4], {"highway": "residential"}),
    ]
    town = town_of(osm_settings(xml(ways=ways)), speeds)
    arcs = arcs_of(town.roads)
    # Node 1 begins and ends the roundabout; 5 is a bend of it, 3 a crossing of ways 2 and 4, 7 a bend.
    assert set(arcs) == {(1, 2), (2, 6), (6, 1), (2, 3), (3, 2), (3, 6), (6, 3), (3, 4), (4, 3)}
    assert arcs[6, 1][1] == pytest.approx(apart(6, 5, 1))
    assert arcs[3, 6][1] == pytest.approx(apart(3, 7, 6))
    assert "2 arcs from a node to itself left out" in town.notes


def test_every_form_of_file_gives_the_same_town(osm_settings: Make, speeds: Speeds, tmp_path: Path) -> None:
    plain = town_of(osm_settings(xml()), speeds)
    with zipfile.ZipFile(tmp_path / "map.zip", "w") as archive:
        archive.writestr("town.osm", xml())
    for name, content in (
        ("town.osm.pbf", pbf(tmp_path)),
        ("town.osm.gz", gzip.compress(xml())),
        ("town.osm.bz2", bz2.compress(xml())),
        ("misnamed.xml", pbf(tmp_path)),
        ("bom.osm", b"\xef\xbb\xbf" + xml()),
        ("map.zip/town.osm", b""),
    ):
        made = osm_settings(content, name) if content else OsmTown(kind="osm", file=tmp_path / name)
        other = town_of(made, speeds)
        assert other.roads.node_ids == plain.roads.node_ids, name
        assert np.array_equal(other.roads.seconds, plain.roads.seconds), name
        assert np.array_equal(other.weight, plain.weight), name


def test_the_same_town_from_csv_and_graphml(
    osm_settings: Make,
    csv_settings: Callable[..., CsvTown],
    graphml_settings: Callable[..., GraphmlTown],
    speeds: Speeds,
) -> None:
    town = town_of(osm_settings(xml(), speed_limits="ignored"), speeds)
    arcs = arcs_of(town.roads)
    nodes = "id,x,y\n" + "".join(f"{number},{PLACES[number][0]},{PLACES[number][1]}\n" for number in (*range(1, 8), 9))
    rows = "".join(f"{a},{b},{metres!r},{kind.name.lower()}\n" for (a, b), (_, metres, kind) in arcs.items())
    columns = {"tail": "tail", "head": "head", "metres": "metres", "class": "kind"}
    from_csv = build_town(
        csv_settings(nodes, "tail,head,metres,kind\n" + rows, coordinates="lonlat", arc_columns=columns), 1, speeds
    )
    graph: Any = nx.MultiDiGraph(crs="epsg:4326")
    for number in (*range(1, 8), 9):
        graph.add_node(number, x=PLACES[number][0], y=PLACES[number][1])
    for (a, b), (_, metres, kind) in arcs.items():
        graph.add_edge(a, b, length=metres, highway=kind.name.lower())
    stream = BytesIO()
    nx.write_graphml(graph, stream)
    from_graphml = build_town(graphml_settings(stream.getvalue()), 1, speeds)
    for other in (from_csv, from_graphml):
        assert other.roads.node_ids == town.roads.node_ids
        assert np.allclose(other.roads.x_metres, town.roads.x_metres, atol=1e-6)
        assert np.array_equal(other.roads.tail, town.roads.tail)
        assert np.array_equal(other.roads.road_class, town.roads.road_class)
        assert other.roads.seconds == pytest.approx(town.roads.seconds, rel=1e-12)
        assert other.weight == pytest.approx(town.weight, rel=1e-12)


def test_what_cannot_be_reached_is_told(osm_settings: Make, speeds: Speeds) -> None:
    ways = [*WAYS, (28, [10, 11], {"highway": "residential"})]
    assert "by setting town.least_part_share to 0.8" in refusal(osm_settings(xml(ways=ways)), speeds)
    town = town_of(osm_settings(xml(ways=ways), least_part_share=0.8), speeds)
    lost = 2 * apart(10, 11) / 1000.0
    note = f"2 of 10 nodes, 2 of 17 arcs and {lost:.1f} km of them left out: one cannot drive from there"
    assert any(text.startswith(note) for text in town.notes)


def test_a_few_missing_points_cut_a_way_short(osm_settings: Make, speeds: Speeds) -> None:
    long = {100 + k: (112.99 + 0.0005 * k, 28.19) for k in range(40)}
    ways: list[WayRow] = [*WAYS, (30, [9, *long], {"highway": "residential"}), (31, [7, 999], {"highway": "tertiary"})]
    places = {**PLACES, **long}
    del places[120]
    town = town_of(osm_settings(xml(places, ways), least_part_share=0.5), speeds)
    assert "2 ways cut short: 2 of their points are not in the file" in town.notes
    arcs = arcs_of(town.roads)
    assert arcs[9, 119][1] == pytest.approx(apart(9, *range(100, 120), places=places))
    assert not {121, 139, 999} & {int(name) for name in town.roads.node_ids}


def test_negative_numbers_of_an_editor_are_numbers(osm_settings: Make, speeds: Speeds) -> None:
    places = {-number: place for number, place in PLACES.items()}
    ways: list[WayRow] = [(-number, [-point for point in points], tags) for number, points, tags in WAYS]
    found, usual = town_of(osm_settings(xml(places, ways)), speeds), town_of(osm_settings(xml()), speeds)
    assert {(-a, -b): arc for (a, b), arc in arcs_of(found.roads).items()} == arcs_of(usual.roads)


LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<osm version="0.6"><node id="1" lat="1" lon="1"><tag k="a" v="&b;"/></node></osm>"""
FAR = {**PLACES, 4: (119.0, 28.19)}
NOWHERE = xml().replace(b'lon="112.9800000" lat="28.1900000"', b'lon="112.9800000" lat="95.0000000"')
HISTORY = xml().replace(b"</osm>", b'<node id="1" lon="1.0" lat="1.0"/></osm>')


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "town.osm: is empty"),
        (b"id,x,y\n1,2,3\n", "is neither PBF nor XML of OpenStreetMap; give a file .osm.pbf"),
        (b"<graphml/>", "cannot be read as a map (Unknown top-level element: graphml)"),
        (b"<osm version='0.6'/>", "holds no road for driving: no way is; give an extract with roads"),
        (xml(ways=WAYS[6:]), "holds no road for driving: none of 2 ways with the tag highway is"),
        (xml(ways=[(1, [2, 2], {"highway": "primary"})]), "none of 1 ways with the tag highway is"),
        (xml()[:-200], "town.osm:20: cannot be read as a map (XML parsing error at line 20"),
        (LAUGHS, "town.osm:2: holds a document type; OpenStreetMap's XML needs none"),
        (LAUGHS.decode().encode("utf-16"), "is neither PBF nor XML"),
        (LAUGHS.decode().encode("utf-16-le"), "cannot be read as a map (XML entities are not supported)"),
        (gzip.compress(LAUGHS), "holds a document type"),
        (gzip.compress(xml())[:-20], "cannot be unpacked (Compressed file ended"),
        (bz2.compress(xml())[:-20], "cannot be unpacked (Compressed file ended"),
        (b"\x1f\x8b nothing", "cannot be unpacked"),
        (NOWHERE, "node 1 has no place on the globe; give every node a lon and a lat in degrees"),
        (xml().replace(b'lat="28.1900000"', b'lat="north"', 1), "wrong format for coordinate: 'north'"),
        (xml().replace(b'<nd ref="1"/>', b'<nd ref="one"/>', 1), "illegal id: 'one'"),
        (HISTORY, "node 1 is given twice; give an extract without history"),
        (xml(ways=[*WAYS, WAYS[0]]), "a way is given twice"),
        (xml(FAR), "km wide, more than 500"),
        (
            xml({number: PLACES[number] for number in (1, 2, 3)}),
            "10 of 16 points of the roads are not in the file; of 6 ways, as 20, 21, 22, 23, 24, 25; cut the extract",
        ),
    ],
)
def test_refusals(osm_settings: Make, speeds: Speeds, content: bytes, expected: str) -> None:
    assert expected in refusal(osm_settings(content), speeds)


def test_everything_wrong_with_the_nodes_is_told_at_once(osm_settings: Make, speeds: Speeds) -> None:
    content = NOWHERE.replace(b"</osm>", b'<node id="2" lon="1.0" lat="1.0"/></osm>')
    said = refusal(osm_settings(content), speeds)
    assert "node 1 has no place on the globe" in said
    assert "node 2 is given twice" in said


def test_a_cut_off_pbf_is_refused_wherever_it_ends(osm_settings: Make, speeds: Speeds, tmp_path: Path) -> None:
    whole = pbf(tmp_path)
    for end in range(1, len(whole), 7):
        said = refusal(osm_settings(whole[:end], "cut.osm.pbf"), speeds)
        assert any(
            words in said
            for words in (
                "ends within the part that begins at byte",
                "is neither PBF nor XML",
                "holds no road",
                "is empty",
            )
        ), (end, said)
    assert "begins at byte" in refusal(osm_settings(whole[:-1], "cut.osm.pbf"), speeds)


def test_what_swells_is_refused(osm_settings: Make, speeds: Speeds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.scenario.osm_file.MOST_UNPACKED_BYTES", 2**20)
    for pack in (gzip.compress, bz2.compress):
        content = pack(xml().replace(b"</osm>", b" " * 2**21 + b"</osm>"))
        assert len(content) < 2**14
        assert "holds more than 1 MiB once unpacked; cut the extract to the town" in refusal(
            osm_settings(content), speeds
        )


def town_or_error(settings: OsmTown, speeds: Speeds) -> Town | TownError:
    try:
        return build_town(settings, 1, speeds)
    except TownError as error:
        return error


@pytest.mark.parametrize("form", ["xml", "pbf"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_give_a_town_or_its_error(
    osm_settings: Make, speeds: Speeds, tmp_path: Path, form: str, data: st.DataObject
) -> None:
    content = bytearray(xml() if form == "xml" else pbf(tmp_path))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        filling = st.binary(max_size=4) | st.sampled_from([b"<", b">", b"&x;", b"1e9", b"-", b"</way>", b"\xff" * 9])
        content[place : place + data.draw(st.integers(0, 12))] = data.draw(filling)
    found = town_or_error(osm_settings(bytes(content)), speeds)
    if isinstance(found, TownError):
        assert found.problems
    else:
        assert np.all(found.roads.seconds > 0.0)


STREETS = st.lists(
    st.tuples(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.sampled_from(["yes", "no", "-1"])),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(streets=STREETS)
def test_no_length_is_lost_and_driving_is_the_same(
    osm_settings: Make, speeds: Speeds, streets: list[tuple[list[int], str]]
) -> None:
    """Shortest ways between the kept nodes are those of the graph in which every point is a node."""
    places = {k: (112.98 + 0.001 * (k % 4) + 0.0001 * k, 28.19 + 0.001 * (k // 4)) for k in range(1, 13)}
    ways: list[WayRow] = [
        (row, points, {"highway": "residential", "oneway": oneway}) for row, (points, oneway) in enumerate(streets, 1)
    ]
    found = town_or_error(osm_settings(xml(places, ways), least_part_share=0.0), speeds)
    if isinstance(found, TownError):
        return
    every: Any = nx.DiGraph()
    for _, points, tags in ways:
        for a, b in pairwise(points):
            metres = apart(a, b, places=places)
            if tags["oneway"] != "-1":
                every.add_edge(a, b, metres=metres)
            if tags["oneway"] != "yes":
                every.add_edge(b, a, metres=metres)
    kept: Any = found.roads.to_networkx()
    far = dict(nx.all_pairs_dijkstra_path_length(kept, weight="metres"))
    name = [int(text) for text in found.roads.node_ids]
    for a, row in far.items():
        for b, metres in row.items():
            assert metres == pytest.approx(nx.dijkstra_path_length(every, name[a], name[b], weight="metres"))
