"""What a scenario is: the models behind a scenario file, with a description for every field.

Units stand in the names of fields. A number is a number: booleans, NaN and infinities are refused. What holds between
fields (no more merchants than residents) is in ``counts.py``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.books import BooksPart, TriagePart
from sim.scenario.calls import CallsPart
from sim.scenario.counts import count_faults
from sim.scenario.derived import FEWEST_NODES_GIVEN
from sim.scenario.disputes import DisputesPart
from sim.scenario.faults import Fault
from sim.scenario.fields import SLUG, Column, Count, Day, Number, Part, Share
from sim.scenario.grid import GridPart
from sim.scenario.mediation import MediationPart
from sim.scenario.parameters import FIELD_OF, default, is_allowed, parameter_table
from sim.scenario.response import ResponsePart


class CalendarPart(Part):
    """Which days are simulated."""

    start_date: Day = Field(
        default=date(2023, 1, 1),
        ge=date(1900, 1, 1),
        le=date(2200, 1, 1),
        description="Date of the first day, as 2023-01-01.",
    )
    days: Count = Field(default=365, ge=1, le=3660, description="Days that a run lasts.")
    holidays: tuple[Day, ...] = Field(
        default=(), max_length=3660, description="Dates of public holidays, on which a surge of patrols may act."
    )


TOWNSHIPS_WORDS = "Number of townships and streets in all counties."
COMMUNITIES_WORDS = "Number of villages and communities in all."


class AdministrationFields(Part):
    """The administrative tree, by counts: county > township > community."""

    counties: Count = Field(default=1, ge=1, le=1000, description="Number of counties or districts of the town.")
    townships: Count = Field(default=1, ge=1, le=20_000, description=TOWNSHIPS_WORDS)
    communities: Count = Field(default=1, ge=1, le=100_000, description=COMMUNITIES_WORDS)


class SyntheticTown(AdministrationFields):
    """A generated town with the street statistics of real ones."""

    kind: Literal["synthetic"] = Field(..., description="synthetic: streets are generated.")
    townships: Count = Field(..., ge=1, le=20_000, description=TOWNSHIPS_WORDS)
    communities: Count = Field(default=..., ge=1, le=100_000, description=COMMUNITIES_WORDS)
    area_km2: Number = Field(..., ge=0.01, le=250_000, description="Area of the town in square kilometres.")
    road_nodes: Count | None = Field(
        default=None,
        ge=FEWEST_NODES_GIVEN,
        le=2_000_000,
        description="Number of street crossings and ends; empty: from the counts.",
    )
    urban_share: Share = Field(default=0.5, description="Share of residents who live in the dense centre.")
    rivers: Count = Field(default=0, ge=0, le=10, description="Number of rivers, crossed at bridges only.")


class PlaneTown(AdministrationFields):
    """A square without streets, on which one travels along straight or right-angle lines: the town of closed forms."""

    kind: Literal["plane"] = Field(..., description="plane: travel along lines anywhere on a square.")
    area_km2: Number = Field(..., ge=1e-6, le=250_000, description="Area of the square in square kilometres.")
    metric: Literal["euclidean", "right_angle"] = Field(
        default="euclidean", description="euclidean: as the crow flies; right_angle: east-west, then north-south."
    )
    speed_kmh: Number = Field(
        default_factory=lambda: float(default("speed_street_kmh")),
        gt=0,
        le=1000,
        description="Ordinary driving speed everywhere on the square.",
    )
    edges: Literal["walls", "wrap"] = Field(
        default="walls",
        description="walls: the square ends at its sides; wrap: what leaves at a side comes in opposite.",
    )
    lattice: Count = Field(
        default=5,
        ge=1,
        le=500,
        description="Nodes along each side, which carry homes and posts; travel does not depend on them.",
    )


class LoadedTown(AdministrationFields):
    """What all real street networks have in common."""

    least_part_share: Share = Field(
        default=0.9,
        description="Least share of the nodes that the largest part in which all can be reached must hold.",
    )


class NodeColumns(Part):
    """Which columns of the file of nodes hold what."""

    id: Column = Field(default="id", description="Column with the node's name, unique in the file.")
    x: Column = Field(default="x", description="Column with the longitude in degrees, or metres to the east.")
    y: Column = Field(default="y", description="Column with the latitude in degrees, or metres to the north.")
    open_to_access: Column | None = Field(
        default=None, description="Column with 1 where a vehicle may start or stop, 0 elsewhere; empty: everywhere."
    )


class ArcColumns(Part):
    """Which columns of the file of arcs hold what."""

    tail: Column = Field(default="tail", description="Column with the node at which the arc begins.")
    head: Column = Field(default="head", description="Column with the node at which it ends.")
    seconds: Column | None = Field(
        default=None, description="Column with the travel time, in `time_unit`; empty: from metres and speed."
    )
    metres: Column | None = Field(
        default=None, description="Column with the length in metres; empty: from coordinates."
    )
    class_: Column | None = Field(
        default=None, alias="class", description="Column with the class of road: trunk, main, street or lane."
    )

    model_config = ConfigDict(populate_by_name=True)


class CsvTown(LoadedTown):
    """A real street network from two CSV files."""

    kind: Literal["csv"] = Field(..., description="csv: streets from a file of nodes and a file of arcs.")
    nodes_file: Path = Field(..., description="CSV file of nodes, relative to this file; zip/member is understood.")
    arcs_file: Path = Field(..., description="CSV file of arcs, relative to this file; zip/member is understood.")
    node_columns: NodeColumns = Field(
        default_factory=NodeColumns, description="Which columns of the file of nodes hold what."
    )
    arc_columns: ArcColumns = Field(
        default_factory=ArcColumns, description="Which columns of the file of arcs hold what."
    )
    time_unit: Literal["seconds", "minutes", "hours", "days"] = Field(
        default="seconds", description="Unit of the column of travel times."
    )
    coordinates: Literal["lonlat", "metres"] = Field(
        default="lonlat", description="lonlat: degrees of longitude and latitude; metres: projected."
    )
    default_speed_kmh: Number = Field(
        default=30.0, gt=0, le=200, description="Driving speed where the file gives neither a time nor a class."
    )


class GraphmlTown(LoadedTown):
    """A real street network as OSMnx saves it."""

    kind: Literal["graphml"] = Field(..., description="graphml: streets from a GraphML file of OSMnx.")
    file: Path = Field(..., description="GraphML file, relative to this file.")
    default_speed_kmh: Number = Field(
        default=30.0, gt=0, le=200, description="Driving speed where the file gives neither a time nor a speed."
    )


class OsmTown(LoadedTown):
    """A real street network from an extract of OpenStreetMap."""

    kind: Literal["osm"] = Field(..., description="osm: streets from an extract of OpenStreetMap.")
    file: Path = Field(..., description="File .osm.pbf, .osm, .osm.gz or .osm.bz2, relative to this file.")
    speed_limits: Literal["driven", "ignored"] = Field(
        default="driven",
        description="driven: where a road's maxspeed is a number, it is the driving speed; ignored: that of its class.",
    )
    default_speed_kmh: Number = Field(
        default=30.0, gt=0, le=200, description="Driving speed on roads whose class nobody has said (highway=road)."
    )


TownPart = Annotated[SyntheticTown | CsvTown | GraphmlTown | OsmTown | PlaneTown, Field(discriminator="kind")]
TOWN_KINDS: dict[str, type[AdministrationFields]] = {
    "synthetic": SyntheticTown,
    "csv": CsvTown,
    "graphml": GraphmlTown,
    "osm": OsmTown,
    "plane": PlaneTown,
}


class PeoplePart(Part):
    """Who lives there."""

    residents: Count = Field(
        default=0,
        ge=0,
        le=20_000_000,
        description="Number of residents; 0 for a response alone.",
    )
    household_size_mean: Number = Field(
        default_factory=lambda: float(default("household_size_mean")),
        ge=1,
        le=10,
        description="Mean number of persons in a household.",
    )
    migrant_share: Share = Field(
        default_factory=lambda: float(default("migrant_share")), description="Share of residents who are migrants."
    )
    merchants: Count = Field(default=0, ge=0, le=20_000_000, description="Number of residents who are merchants.")


class RecordsPart(Part):
    """What a run's records distinguish."""

    district: Literal["community", "township", "county"] = Field(
        default="township", description="Level by which daily series and comparisons of places are kept."
    )


def fault_error(faults: list[Fault]) -> PydanticCustomError:
    """Return the error that carries what is wrong between fields."""
    text = "; ".join(f"{fault.field}: {fault.allowed}" for fault in faults)
    return PydanticCustomError("faults", "{text}", {"text": text, "faults": faults})


def parameter_faults(given: dict[str, Any]) -> list[Fault]:
    """Return what is wrong with a scenario's ``parameters``, by name."""
    faults = []
    for name, value in given.items():
        one = parameter_table().get(name)
        if one is None:
            faults.append(Fault(f"parameters.{name}", name, "the id of a parameter", tuple(parameter_table())))
        elif name in FIELD_OF:
            faults.append(Fault(f"parameters.{name}", value, f"to be set as {FIELD_OF[name]}"))
        elif not is_allowed(one, value):
            faults.append(Fault(f"parameters.{name}", value, one.allowed))
    return faults


class Scenario(Part):
    """One described world and what a policy does in it."""

    name: Annotated[str, StringConstraints(pattern=SLUG, max_length=80)] = Field(
        default=..., description="Short name in small letters, digits and hyphens; left out: the file's name."
    )
    title: str = Field(default="", max_length=200, description="One line for reports.")
    description: str = Field(default="", description="What is described and what it is for.")
    sources: tuple[str, ...] = Field(default=(), max_length=200, description="Where figures come from.")
    assumptions: tuple[str, ...] = Field(
        default=(), max_length=200, description="Figures that no source gives, each with the reason for its value."
    )
    calendar: CalendarPart = Field(default_factory=CalendarPart, description="Which days are simulated.")
    town: TownPart = Field(..., description="The place: streets and the administration over them.")
    people: PeoplePart = Field(default_factory=PeoplePart, description="Who lives there.")
    disputes: DisputesPart = Field(default_factory=DisputesPart, description="Where disputes come from.")
    grid: GridPart = Field(default_factory=GridPart, description="Grids and grid workers.")
    mediation: MediationPart = Field(default_factory=MediationPart, description="Mediators and their offices.")
    triage: TriagePart = Field(default_factory=TriagePart, description="How known disputes are sorted and graded.")
    books: BooksPart = Field(default_factory=BooksPart, description="What presses on the books.")
    calls: CallsPart = Field(default_factory=CallsPart, description="Where calls come from, besides disputes.")
    response: ResponsePart = Field(..., description="Patrol crews, their posts and shifts, dispatch and queue.")
    records: RecordsPart = Field(default_factory=RecordsPart, description="What a run's records distinguish.")
    parameters: dict[str, Any] = Field(
        default_factory=dict, description="Values that replace defaults of the parameter table, by id."
    )
    interventions: tuple[SerializeAsAny[BaseModel], ...] = Field(
        default=(),
        max_length=1000,
        description="What the policy does: interventions by name, with fields of their own.",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """Refuse what no single field shows to be wrong, all at once."""
        faults = count_faults(self.model_dump(exclude={"interventions"})) + parameter_faults(self.parameters)
        if faults:
            raise fault_error(faults)
        return self
