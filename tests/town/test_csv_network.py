"""Networks from CSV: what is read, and that every mistake is told with file, line and what to do."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from sim.scenario import CsvTown
from sim.town import RoadClass, Speeds, Town, TownError, build_town, driving_graph, snap_places

Make = Callable[..., CsvTown]
MANHATTAN = Path(__file__).resolve().parents[3] / "shared" / "data" / "jemss-manhattan"
SECONDS = {"tail": "tail", "head": "head", "seconds": "time"}


def refusal(settings: CsvTown, speeds: Speeds) -> str:
    with pytest.raises(TownError) as caught:
        build_town(settings, 1, speeds)
    return str(caught.value)


def test_a_square_is_read(csv_settings: Make, speeds: Speeds) -> None:
    town = build_town(csv_settings(), 1, speeds)
    roads = town.roads
    ends = {(roads.node_ids[a], roads.node_ids[b]) for a, b in zip(roads.tail, roads.head, strict=True)}
    assert ends == {("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("a", "d")}
    assert roads.lon is None
    assert np.allclose(roads.seconds, 100.0 / (30.0 / 3.6))
    assert town.weight[roads.node_ids.index("a")] == pytest.approx(3 / 10)
    assert "read 4 nodes and 5 arcs" in town.notes


def test_times_units_classes_access_and_preamble(csv_settings: Make, speeds: Speeds) -> None:
    nodes = "nodes,4,,\n\nid,open,x,y\n1.0,1,0,0\n2,yes,100,0\n3,0,100,100\n4,true,0,100\n,,,\n"
    arcs = "\ufefftail,head,time,kind\n1,2,0.5,main\n2,3.0,1,motorway_link\n"
    arcs += "3,4,1,\"['service', 'x']\"\n4,1,1,street\n4,4,1,lane\n"
    columns = SECONDS | {"class": "kind"}
    town = build_town(
        csv_settings(
            nodes,
            arcs,
            arc_columns=columns,
            time_unit="minutes",
            node_columns={"id": "id", "x": "x", "y": "y", "open_to_access": "open"},
        ),
        1,
        speeds,
    )
    roads = town.roads
    node = {name: row for row, name in enumerate(roads.node_ids)}
    first = np.flatnonzero(roads.tail == node["1"])
    assert roads.seconds[first] == pytest.approx([30.0])
    assert roads.metres[first] == pytest.approx([100.0])
    assert roads.road_class[first].tolist() == [RoadClass.MAIN]
    assert roads.road_class[roads.tail == node["2"]].tolist() == [RoadClass.TRUNK]
    assert roads.road_class[roads.tail == node["3"]].tolist() == [RoadClass.LANE]
    assert not roads.open_to_access[node["3"]]
    assert town.weight[node["3"]] == 0.0
    assert "1 arcs from a node to itself left out" in town.notes


def test_a_class_gives_the_speed(csv_settings: Make, speeds: Speeds) -> None:
    arcs = "tail,head,metres,kind\na,b,100,trunk\nb,c,100,main\nc,d,100,street\nd,a,100,lane\n"
    columns = {"tail": "tail", "head": "head", "metres": "metres", "class": "kind"}
    roads = build_town(csv_settings(arcs=arcs, arc_columns=columns), 1, speeds).roads
    assert sorted(roads.seconds.tolist()) == pytest.approx([6.0, 9.0, 12.0, 18.0])


def test_degrees_become_metres(csv_settings: Make, speeds: Speeds) -> None:
    nodes = "id,x,y\na,112.90,28.20\nb,112.91,28.20\nc,112.91,28.21\nd,112.90,28.21\n"
    roads = build_town(
        csv_settings(nodes, coordinates="lonlat", arc_columns={"tail": "tail", "head": "head"}), 1, speeds
    ).roads
    assert roads.lon is not None
    assert np.ptp(roads.y_metres) == pytest.approx(1111.95, rel=1e-4)
    assert np.ptp(roads.x_metres) == pytest.approx(1111.95 * np.cos(np.radians(28.205)), rel=1e-4)
    assert np.all(roads.metres > 970.0)


def test_everything_wrong_is_told_at_once(csv_settings: Make, speeds: Speeds) -> None:
    nodes = "id,x,y\na,0,0\nb,one,0\nc,100,nan\na,0,100\n,1,1\ne,inf,2\nf,1\n"
    arcs = "tail,head,metres\na,b,0\nb,c,-5\nc,z,ten\nd,a,1e9\n"
    said = refusal(csv_settings(nodes, arcs), speeds)
    for expected in (
        "nodes.csv:3: x is 'one', not a finite number; write a plain number",
        "nodes.csv:4: y is 'nan'",
        "nodes.csv:5: node id 'a' was given before, in line 2; make ids unique",
        "nodes.csv:6: the node has no id",
        "nodes.csv:7: x is 'inf'",
        "nodes.csv:8: has 2 cells, the header 3",
        "arcs.csv:2: the length is 0; give a length above 0, or drop the arc",
        "arcs.csv:3: the length is -5",
        "arcs.csv:4: the arc ends at node 'z', which is not among the nodes; add the node or drop the arc",
        "arcs.csv:4: metres is 'ten'",
        "arcs.csv:5: the arc starts at node 'd'",
        "arcs.csv:5: the length is 1e+09 m, more than 500000",
    ):
        assert expected in said


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"nodes": ""}, "nodes.csv: is empty"),
        ({"nodes": " \n\n"}, "nodes.csv: is empty"),
        ({"nodes": "id,x,y\n"}, "nodes.csv: has a header but no row"),
        ({"nodes": "name,x,y\na,1,2\n"}, "no header with the column 'id'; its columns seem to be 'name', 'x', 'y'"),
        ({"nodes": b"id,x,y\n\xc3\xa9,0,0\n\xff,1,1\n"}, "nodes.csv:3: is not UTF-8 text"),
        ({"nodes": "id,x,y\na,0,0\n\0,1,1\n"}, "nodes.csv:3: holds a NUL character"),
        ({"nodes": "id,x,y\na,5,5\nb,5,5\nc,5,5\nd,5,5\n"}, "all nodes lie in one place"),
        ({"nodes": "id,x,y\na,0,0\nb,600000,0\nc,0,1\nd,1,0\n"}, "the town is 600 km wide, more than 500"),
        ({"nodes": "id,x,y\na,0,0\nb,5,0\nc,0,5\nd,5,5\n", "coordinates": "lonlat"}, "km wide, more than 500"),
        (
            {"nodes": "id,x,y\na,0,0\nb,500,91\nc,0,1\nd,0,2\n", "coordinates": "lonlat"},
            ":3: longitude 500, latitude 91",
        ),
        ({"nodes": "id,x,y\na,0,0\nb,1e300,0\nc,0,1\nd,0,2\n"}, "coordinates are beyond 100,000 km"),
        ({"arcs": "tail,head,metres\na,a,1\n"}, "no arc joins two different nodes"),
        ({"arcs": "tail,head,metres\na,b,.1\nb,c,.1\nc,d,.1\nd,a,.1\n"}, "give lengths in metres"),
        ({"arcs": "tail,head,time\na,b,1\nb,a,20\n", "arc_columns": SECONDS}, "arcs.csv:2: 100 m in 1 s is 356 km/h"),
        (
            {"arcs": "tail,head,time\na,b,10\nb,a,20\n", "arc_columns": SECONDS, "time_unit": "hours"},
            "slower than 1 km/h",
        ),
        (
            {"arcs": "tail,head,time\na,b,10\n", "arc_columns": SECONDS, "time_unit": "days"},
            "864000 s, more than 86400",
        ),
        ({"arcs": "tail,head,metres\na,b,100\nb,a,100\nc,d,100\n"}, "falls into 3 parts"),
        ({"communities": 5}, "5 communities need at least 5 nodes open to access, the network has 4"),
        ({"townships": 3}, "1 counties, 3 townships and 1 communities cannot be nested"),
    ],
)
def test_refusals(csv_settings: Make, speeds: Speeds, given: dict[str, Any], expected: str) -> None:
    assert expected in refusal(csv_settings(**given), speeds)


def test_both_files_are_blamed(csv_settings: Make, speeds: Speeds) -> None:
    said = refusal(csv_settings("", b"\xff"), speeds)
    assert "nodes.csv: is empty" in said
    assert "arcs.csv:1: is not UTF-8" in said


def test_missing_files_folders_and_archives(csv_settings: Make, speeds: Speeds, tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 no archive")
    with zipfile.ZipFile(tmp_path / "good.zip", "w") as archive:
        archive.writestr("other.csv", "id,x,y\n")
    settings = csv_settings()
    for name, expected in (
        ("none.csv", "none.csv: cannot be read (No such file or directory)"),
        ("", "is a folder; name the file in it"),
        ("bad.zip/nodes.csv", "cannot be unpacked"),
        ("good.zip/nodes.csv", "the archive holds no nodes.csv; it holds other.csv"),
    ):
        assert expected in refusal(settings.model_copy(update={"nodes_file": tmp_path / name}), speeds)


def test_an_archive_that_swells_is_refused(
    csv_settings: Make, speeds: Speeds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.town.files.MOST_BYTES", 2**20)
    with zipfile.ZipFile(tmp_path / "big.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nodes.csv", b"0" * 2**22)
    settings = csv_settings().model_copy(update={"nodes_file": tmp_path / "big.zip" / "nodes.csv"})
    assert "is larger than 1 MiB" in refusal(settings, speeds)


def ring(nodes: int) -> tuple[str, str]:
    places = "".join(f"{k},{100 * k},{(k % 2) * 100}\n" for k in range(nodes))
    arcs = "".join(f"{k},{(k + 1) % nodes},100000\n" for k in range(nodes))
    return "id,x,y\n" + places, "tail,head,metres\n" + arcs


def test_a_small_part_is_left_out_with_a_note(csv_settings: Make, speeds: Speeds) -> None:
    nodes, arcs = ring(19)
    town = build_town(csv_settings(nodes + "far,50,50\n", arcs + "3,far,200\n"), 1, speeds)
    assert len(town.roads) == 19
    assert "far" not in town.roads.node_ids
    assert town.notes[1].startswith("1 of 20 nodes, 1 of 20 arcs and 0.2 km of them left out")


def test_the_scenario_says_how_large_the_largest_part_must_be(csv_settings: Make, speeds: Speeds) -> None:
    nodes, arcs = "id,x,y\n", "tail,head,metres\n"
    for k in range(9):  # two squares of four nodes and a node alone, none joined to another
        nodes += f"{k},{100 * (k % 2) + 1000 * (k // 4)},{100 * (k // 2 % 2)}\n"
    for k in (0, 4):
        arcs += "".join(f"{k + a},{k + b},100\n" for a, b in ((0, 1), (1, 3), (3, 2), (2, 0), (0, 2)))
    said = refusal(csv_settings(nodes, arcs), speeds)
    assert "falls into 3 parts" in said
    assert "holds 4 of 9 nodes (44.4%, at least 90.0% are asked for)" in said
    assert "by setting town.least_part_share to 0.444" in said
    town = build_town(csv_settings(nodes, arcs, least_part_share=0.444), 1, speeds)
    assert (len(town.roads), len(town.roads.tail)) == (4, 5)
    assert town.notes[1].startswith("5 of 9 nodes, 5 of 10 arcs and 0.5 km of them left out")


def test_the_same_network_from_an_archive(csv_settings: Make, speeds: Speeds, tmp_path: Path) -> None:
    nodes, arcs = ring(12)
    settings = csv_settings(nodes, arcs)
    with zipfile.ZipFile(tmp_path / "roads.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "nodes.csv", "tables/nodes.csv")
        archive.write(tmp_path / "arcs.csv", "tables/arcs.csv")
    packed = {f"{what}_file": tmp_path / "roads.zip" / "tables" / f"{what}.csv" for what in ("nodes", "arcs")}
    there, here = build_town(settings, 1, speeds), build_town(settings.model_copy(update=packed), 1, speeds)
    assert np.array_equal(there.roads.seconds, here.roads.seconds)


CELL = st.sampled_from(
    ["a", "b", "c", "0", "1", "-1", "1e309", "nan", "", "  ", '"', "\n", "2.5", "1e-320", "é", "\r"]
) | st.text(max_size=6)
TABLE = st.lists(st.lists(CELL, max_size=5), max_size=12)


def as_text(header: str, rows: list[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return header + stream.getvalue()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    nodes=TABLE,
    arcs=TABLE,
    headers=st.tuples(st.sampled_from(["id,x,y\n", ""]), st.sampled_from(["tail,head,metres\n", ""])),
    lonlat=st.booleans(),
)
def test_malformed_tables_give_a_town_or_its_error(
    csv_settings: Make, speeds: Speeds, nodes: Any, arcs: Any, headers: tuple[str, str], lonlat: bool
) -> None:
    texts = (as_text(headers[0], nodes), as_text(headers[1], arcs))
    coordinates = "lonlat" if lonlat else "metres"
    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    assert_town_or_error(csv_settings(*raw, coordinates=coordinates), speeds)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_tables_give_a_town_or_its_error(csv_settings: Make, speeds: Speeds, data: st.DataObject) -> None:
    damaged = []
    for text in ring(12):
        content = bytearray(text.encode())
        for _ in range(data.draw(st.integers(0, 4))):
            place = data.draw(st.integers(0, len(content) - 1))
            content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        damaged.append(bytes(content))
    assert_town_or_error(csv_settings(*damaged), speeds)


def town_or_error(settings: CsvTown, speeds: Speeds) -> Town | TownError:
    try:
        return build_town(settings, 1, speeds)
    except TownError as error:
        return error


def assert_town_or_error(settings: CsvTown, speeds: Speeds) -> None:
    found = town_or_error(settings, speeds)
    if isinstance(found, TownError):
        assert found.problems
        assert all(problem.message and problem.remedy for problem in found.problems)
    else:
        assert np.all(np.isfinite(found.roads.seconds))
        assert np.all(found.roads.seconds > 0.0)
        assert found.weight.sum() == pytest.approx(1.0)


@pytest.mark.skipif(not MANHATTAN.is_dir(), reason="needs ../shared/data/jemss-manhattan beside the repository")
def test_manhattan_gives_its_published_figures(speeds: Speeds) -> None:
    settings = CsvTown.model_validate(
        {
            "kind": "csv",
            "nodes_file": MANHATTAN / "roads.zip" / "nodes.csv",
            "arcs_file": MANHATTAN / "roads.zip" / "arcs.csv",
            "node_columns": {"id": "index", "x": "x", "y": "y", "open_to_access": "offRoadAccess"},
            "arc_columns": {"tail": "fromNode", "head": "toNode", "seconds": "mode_1"},
            "time_unit": "days",
            "coordinates": "lonlat",
            "counties": 1,
            "townships": 12,
            "communities": 64,
        }
    )
    town = build_town(settings, 1, speeds)
    roads = town.roads
    assert (len(roads), len(roads.tail)) == (16_811, 24_437)
    assert roads.lon is not None
    assert roads.lat is not None
    with (MANHATTAN / "stations_1.csv").open(encoding="utf-8") as stream:
        next(stream)
        stations = np.array([(float(row["x"]), float(row["y"])) for row in csv.DictReader(stream)])
    assert len(stations) == 8
    posts, off_road = snap_places(roads, *roads.to_metres(*stations.T))
    assert off_road.max() < 200.0
    seconds = dijkstra(driving_graph(roads), indices=np.unique(posts), min_only=True)
    minutes = seconds[roads.open_to_access] / 60.0
    assert minutes.mean() == pytest.approx(3.7191, abs=5e-5)
    assert np.percentile(minutes, 90) == pytest.approx(5.4431, abs=5e-5)
    for minute, share in ((1, 0.0227), (3, 0.3061), (5, 0.8154)):
        assert np.mean(minutes <= minute) == pytest.approx(share, abs=5e-5)
