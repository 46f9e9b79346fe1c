"""Small networks and settings for the tests of the town."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.scenario import CsvTown, GraphmlTown, OsmTown, SyntheticTown
from sim.town import RoadClass, Roads, Speeds

SPEEDS = Speeds(60.0, 40.0, 30.0, 20.0)


@pytest.fixture
def speeds() -> Speeds:
    return SPEEDS


@pytest.fixture
def roads_of() -> Callable[..., Roads]:
    """Build roads from places and (tail, head, seconds, metres) rows."""

    def build(places: Any, arcs: Any) -> Roads:
        x, y = np.array(places, dtype=np.float64).reshape(-1, 2).T
        table = np.array(arcs, dtype=np.float64).reshape(-1, 4)
        return Roads(
            node_ids=[str(row) for row in range(len(x))],
            x_metres=x,
            y_metres=y,
            lon=None,
            lat=None,
            open_to_access=np.ones(len(x), dtype=bool),
            tail=table[:, 0].astype(np.int32),
            head=table[:, 1].astype(np.int32),
            seconds=table[:, 2],
            metres=table[:, 3],
            road_class=np.full(len(table), RoadClass.STREET, dtype=np.int8),
        )

    return build


@pytest.fixture
def chequered(roads_of: Callable[..., Roads]) -> Callable[..., Roads]:
    """Build a grid of two-way streets of 100 m and 10 s."""

    def build(columns: int, rows: int) -> Roads:
        places = [(100.0 * i, 100.0 * j) for j in range(rows) for i in range(columns)]
        number = np.arange(columns * rows).reshape(rows, columns)
        pairs = np.vstack(
            (
                np.column_stack((number[:, :-1].ravel(), number[:, 1:].ravel())),
                np.column_stack((number[:-1].ravel(), number[1:].ravel())),
            )
        )
        both = np.vstack((pairs, pairs[:, ::-1]))
        return roads_of(places, np.column_stack((both, np.full(len(both), 10.0), np.full(len(both), 100.0))))

    return build


@pytest.fixture
def synthetic() -> Callable[..., SyntheticTown]:
    """Build settings of a generated town; a small one unless told otherwise."""

    def build(**given: Any) -> SyntheticTown:
        fields: dict[str, Any] = {
            "kind": "synthetic",
            "area_km2": 4.0,
            "counties": 1,
            "townships": 2,
            "communities": 8,
            "urban_share": 0.6,
            "rivers": 1,
        }
        return SyntheticTown(**(fields | given))

    return build


NODES = "id,x,y\na,0,0\nb,100,0\nc,100,100\nd,0,100\n"
ARCS = "tail,head,metres\na,b,100\nb,c,100\nc,d,100\nd,a,100\na,d,100\n"


@pytest.fixture
def csv_settings(tmp_path: Path) -> Callable[..., CsvTown]:
    """Write the two files and build settings that name them; by default a square of four nodes."""

    def build(nodes: str | bytes = NODES, arcs: str | bytes = ARCS, **given: Any) -> CsvTown:
        for name, content in (("nodes.csv", nodes), ("arcs.csv", arcs)):
            (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        fields: dict[str, Any] = {
            "kind": "csv",
            "nodes_file": tmp_path / "nodes.csv",
            "arcs_file": tmp_path / "arcs.csv",
            "arc_columns": {"tail": "tail", "head": "head", "metres": "metres"},
            "coordinates": "metres",
            "counties": 1,
            "townships": 1,
            "communities": 1,
        }
        return CsvTown(**(fields | given))

    return build


@pytest.fixture
def graphml_settings(tmp_path: Path) -> Callable[..., GraphmlTown]:
    """Write a GraphML file and build settings that name it."""

    def build(content: str | bytes, **given: Any) -> GraphmlTown:
        path = tmp_path / "town.graphml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        fields: dict[str, Any] = {"kind": "graphml", "file": path, "counties": 1, "townships": 1, "communities": 1}
        return GraphmlTown(**(fields | given))

    return build


@pytest.fixture
def osm_settings(tmp_path: Path) -> Callable[..., OsmTown]:
    """Write an extract of OpenStreetMap and build settings that name it."""

    def build(content: str | bytes, name: str = "town.osm", **given: Any) -> OsmTown:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return OsmTown.model_validate({"kind": "osm", "file": path} | given)

    return build
