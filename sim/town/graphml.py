"""A town from a GraphML file as OSMnx writes it.

The reader takes what it needs from the XML and keeps the line of every node and edge for messages. XML from
strangers can hold entity declarations that fetch files or grow without bound: a file with a document type
declaration is refused before anything is expanded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

import numpy as np

from sim.town.errors import Problems, refused
from sim.town.files import finite_number, read_text
from sim.town.highways import road_class_of
from sim.town.loaded import ArcTable, NodeTable, loaded_town
from sim.town.network import Floats, RoadClass, Town
from sim.town.streets import Speeds

if TYPE_CHECKING:
    from sim.scenario import GraphmlTown

WANTED = {
    "graph": {"crs"},
    "node": {"x", "y"},
    "edge": {"length", "travel_time", "highway"},
}
DEGREES = ("4326", "crs84", "wgs84")  # how a crs of longitude and latitude ends, as in epsg:4326


@dataclass
class Element:
    """A node or an edge: line in the file, id or ends, and the wanted values by name."""

    line: int
    names: tuple[str, ...]
    values: dict[str, str] = field(default_factory=dict)


class Reader:
    """Collects nodes and edges while the parser walks through the file."""

    def __init__(self, file: str) -> None:
        """Prepare a parser that takes the text as UTF-8 whatever its declaration says."""
        self.file = file
        self.nodes: list[Element] = []
        self.edges: list[Element] = []
        self.graph: Element | None = None
        self.directed = True
        self.keys: dict[str, tuple[str, str]] = {}
        self.owner: tuple[str, Element] | None = None
        self.wanted: str | None = None
        self.text: list[str] = []
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype
        self.parser.EntityDeclHandler = self.refuse_doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters

    def refuse_doctype(self, *_: object) -> None:
        """Refuse a document type or entity declaration."""
        raise refused(
            self.file,
            "holds a document type or entity declaration",
            "GraphML needs none; delete the <!DOCTYPE ...> part",
            self.parser.CurrentLineNumber,
        )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take note of the beginning of an element."""
        kind = name.rpartition(" ")[2]
        line = self.parser.CurrentLineNumber
        if kind == "key":
            self.keys[attributes.get("id", "")] = (attributes.get("for", "all"), attributes.get("attr.name", ""))
        elif kind == "graph":
            if self.graph is not None:
                raise refused(self.file, "holds a second graph", "give a file with one graph", line)
            self.directed = attributes.get("edgedefault", "directed") == "directed"
            self.graph = Element(line, ())
            self.owner = ("graph", self.graph)
        elif kind == "node":
            self.owner = ("node", Element(line, (attributes.get("id", ""),)))
            self.nodes.append(self.owner[1])
        elif kind == "edge":
            self.owner = ("edge", Element(line, (attributes.get("source", ""), attributes.get("target", ""))))
            self.edges.append(self.owner[1])
        elif kind == "data" and self.owner:
            what, attribute = self.keys.get(attributes.get("key", ""), ("", ""))
            if what in (self.owner[0], "all") and attribute in WANTED[self.owner[0]]:
                self.wanted, self.text = attribute, []

    def characters(self, text: str) -> None:
        """Collect the text of a wanted value."""
        if self.wanted:
            self.text.append(text)

    def end(self, name: str) -> None:
        """Take note of the end of an element."""
        kind = name.rpartition(" ")[2]
        if kind == "data" and self.wanted and self.owner:
            self.owner[1].values[self.wanted] = "".join(self.text).strip()
            self.wanted = None
        elif kind in ("node", "edge") and self.graph:
            self.owner = ("graph", self.graph)

    def read(self, text: str) -> None:
        """Walk through the text.

        Raises:
            TownError: when it is no XML, holds a document type, or no network.
        """
        try:
            self.parser.Parse(text.encode("utf-8"), True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise refused(self.file, f"is no well-formed XML ({reason})", "write it anew", error.lineno) from error
        for what, found in (("node", self.nodes), ("edge", self.edges)):
            if not found:
                raise refused(self.file, f"holds no {what}", "give a GraphML file with nodes and edges")


def value(element: Element, name: str, problems: Problems) -> float:
    """Return an element's number, NaN and a problem where it is missing or no number."""
    text = element.values.get(name)
    number = finite_number(text) if text is not None else np.nan
    if np.isnan(number):
        given = "missing" if text is None else f"{text[:40]!r}, not a finite number"
        problems.add(f"{name} is {given}", f"give every element a number {name}", element.line)
    return float(number)


def node_table(reader: Reader, problems: Problems) -> NodeTable:
    """Return the nodes; coordinates are degrees when the file's crs says so or when all look so."""
    x = np.array([value(node, "x", problems) for node in reader.nodes])
    y = np.array([value(node, "y", problems) for node in reader.nodes])
    crs = reader.graph.values.get("crs", "").lower() if reader.graph else ""
    like_degrees = bool(np.all((np.abs(x) <= 180.0) & (np.abs(y) <= 90.0)))
    return NodeTable(
        ids=[node.names[0] for node in reader.nodes],
        x=x,
        y=y,
        open_to_access=np.ones(len(x), dtype=bool),
        lines=[node.line for node in reader.nodes],
        lonlat=crs.endswith(DEGREES) or like_degrees,
    )


def arc_table(reader: Reader, speeds: Floats, default_kmh: float, problems: Problems) -> ArcTable:
    """Return the arcs; an edge of an undirected graph becomes two.

    Time is the edge's ``travel_time`` (seconds) if it has one, else its ``length`` at the speed of its ``highway``
    class, else at the default speed.
    """
    metres = np.array([value(edge, "length", problems) for edge in reader.edges])
    found = [road_class_of(edge.values.get("highway", "")) for edge in reader.edges]
    road_class = np.array([RoadClass.STREET if each is None else each for each in found], dtype=np.int8)
    kmh = np.where([each is None for each in found], default_kmh, speeds[road_class])
    seconds = metres / (kmh / 3.6)
    for row, edge in enumerate(reader.edges):
        if "travel_time" in edge.values:
            seconds[row] = value(edge, "travel_time", problems)
    tail, head = [edge.names[0] for edge in reader.edges], [edge.names[1] for edge in reader.edges]
    lines = [edge.line for edge in reader.edges]
    if reader.directed:
        return ArcTable(tail, head, seconds, metres, road_class, lines)
    twice = np.tile(seconds, 2), np.tile(metres, 2), np.tile(road_class, 2)
    return ArcTable(tail + head, head + tail, *twice, lines * 2)


def graphml_town(settings: GraphmlTown, speeds: Speeds) -> Town:
    """Return the town on an OSMnx network.

    Raises:
        TownError: everything that is wrong, with file and line.
    """
    problems = Problems(str(settings.file))
    reader = Reader(problems.file)
    reader.read(read_text(Path(settings.file)))
    nodes = node_table(reader, problems)
    arcs = arc_table(reader, speeds.by_class(), float(settings.default_speed_kmh), problems)
    return loaded_town(settings, nodes, arcs, speeds.by_class(), problems, Problems(problems.file), [])
