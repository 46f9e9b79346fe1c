"""Counting a network's files before they are read, and what that does for the estimate of memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import GraphmlTown, Mistake, OsmTown, Scenario, expected_rows
from sim.scenario import memory as memory_module
from sim.scenario import network_size as module
from sim.scenario.network_size import marks_in, marks_in_file

TOWN = """
town:
  kind: csv
  nodes_file: {nodes}
  arcs_file: {arcs}
  townships: 2
  communities: 5
people: {{residents: 5000}}
mediation: {{mediators: 3}}
response: {{units: 400, posts: 300}}
"""


def lines(number: int) -> str:
    return "id,x,y\n" + "".join(f"{row},0,{row}\n" for row in range(number))


@given(st.binary(max_size=300), st.sampled_from([b"\n", b"<node "]), st.integers(1, 40))
def test_marks_are_counted_across_blocks(content: bytes, mark: bytes, size: int) -> None:
    text = b"<node " + content + b"\n<node "
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK_BYTES", size)
        patch.setattr(module, "MOST_BYTES", 1000 * size)
        found = marks_in(io.BytesIO(text), [mark])[0]
    assert found == text.count(mark)


def test_a_file_in_an_archive_is_counted(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "roads.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/nodes.csv", lines(12))
    assert marks_in_file(tmp_path / "roads.zip" / "in" / "nodes.csv", b"\n") == [13]


@pytest.mark.parametrize("name", ["absent.csv", "roads.zip/absent.csv", "broken.zip/nodes.csv"])
def test_what_cannot_be_read_counts_as_empty(tmp_path: Path, name: str) -> None:
    zipfile.ZipFile(tmp_path / "roads.zip", "w").close()
    (tmp_path / "broken.zip").write_bytes(b"PK no archive")
    assert marks_in_file(tmp_path / name, b"\n") == [0]


@pytest.fixture
def town(tmp_path: Path, load: Callable[..., Scenario]) -> Callable[[int], Scenario]:
    """Load a scenario on a network of so many nodes."""

    def make(nodes: int) -> Scenario:
        (tmp_path / "nodes.csv").write_text(lines(nodes))
        (tmp_path / "arcs.csv").write_text("tail,head\n" + "0,1\n" * (2 * nodes))
        return load(TOWN.format(nodes="nodes.csv", arcs="arcs.csv"))

    return make


def test_the_estimate_follows_the_files(town: Callable[[int], Scenario]) -> None:
    rows = expected_rows(town(900))
    assert (rows["nodes"], rows["arcs"], rows["ways"], rows["aim"]) == (902, 1802, 902, 902)
    assert rows["out_labels"] == rows["in_labels"] >= 902


def test_many_posts_fit_a_small_network_and_not_a_huge_one(
    town: Callable[[int], Scenario], mistakes: Callable[..., list[Mistake]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_module, "available_bytes", lambda: 800_000_000)
    town(500)
    monkeypatch.setattr(memory_module, "network_size", lambda _: (200_000, 500_000))
    (mistake,) = mistakes(TOWN.format(nodes="nodes.csv", arcs="arcs.csv"))
    assert "GB" in mistake.allowed


def test_edges_of_an_undirected_graph_are_two_arcs(tmp_path: Path) -> None:
    for kind, arcs in (("directed", 2), ("undirected", 4)):
        text = f'<graph edgedefault="{kind}"><node id="1"/><node id="2"/><edge source="1"/><edge source="2"/></graph>'
        (tmp_path / "town.graphml").write_text(text)
        fields: dict[str, Any] = {"kind": "graphml", "file": tmp_path / "town.graphml", "townships": 1}
        assert module.network_size(GraphmlTown(**fields, communities=1)) == (3, arcs + 1)


MAP = """<osm version="0.6">
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/></way>
<way id="2"><nd ref="4"/><nd ref="2"/><nd ref="5"/><nd ref="6"/><tag k="highway" v="footway"/></way>
<way id="3"><nd ref="7"/><nd ref="8"/><nd ref="9"/><nd ref="7"/><tag k="building" v="yes"/></way>
</osm>"""


def test_roads_of_a_map_are_counted_between_their_junctions(tmp_path: Path) -> None:
    path = tmp_path / "town.osm"
    path.write_text(MAP)
    # Ends 1, 3, 4, 6 and the crossing 2; four streets between them in both directions.
    assert module.network_size(OsmTown(kind="osm", file=path)) == (5 + 1, 8 + 1)
    path.write_text(MAP.replace('<nd ref="1"/>', '<nd ref="1"/><nd ref="5"/>'))
    assert module.network_size(OsmTown(kind="osm", file=path)) == (6 + 1, 12 + 1)
    with zipfile.ZipFile(tmp_path / "map.zip", "w") as archive:
        archive.writestr("town.osm", MAP)
    assert module.network_size(OsmTown(kind="osm", file=tmp_path / "map.zip" / "town.osm")) == (6, 9)


@pytest.mark.parametrize("content", ["", "no map", "<osm", "<!DOCTYPE osm><osm/>", "<osm version='0.6'/>"])
def test_a_map_that_cannot_be_read_counts_as_empty(tmp_path: Path, content: str) -> None:
    (tmp_path / "town.osm").write_text(content)
    assert module.network_size(OsmTown(kind="osm", file=tmp_path / "town.osm")) == (1, 1)
    assert module.network_size(OsmTown(kind="osm", file=tmp_path / "absent.osm")) == (1, 1)


def test_a_scenario_names_a_map(load: Callable[..., Scenario], tmp_path: Path) -> None:
    (tmp_path / "town.osm").write_text(MAP)
    rest = "people: {residents: 500}\nmediation: {mediators: 1}\nresponse: {units: 3}\n"
    scenario = load("town: {kind: osm, file: town.osm, least_part_share: 0.5}\n" + rest)
    assert isinstance(scenario.town, OsmTown)
    assert (scenario.town.townships, scenario.town.least_part_share) == (1, 0.5)
    rows = expected_rows(scenario)
    assert (rows["nodes"], rows["arcs"]) == (6, 9)
    plane = expected_rows(load("town: {kind: plane, area_km2: 4, lattice: 6}\n" + rest))
    assert (plane["nodes"], plane["arcs"]) == (36, 144)
