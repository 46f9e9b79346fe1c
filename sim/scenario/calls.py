"""The part of a scenario that says where calls come from: streams, a recorded log, or both."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.fields import Column, Count, Number, Part, Share, Slug

MOST_PRIORITIES = 9  # 0 is the most urgent
Weights24 = Annotated[tuple[Annotated[Number, Field(ge=0)], ...], Field(min_length=24, max_length=24)]
Weights7 = Annotated[tuple[Annotated[Number, Field(ge=0)], ...], Field(min_length=7, max_length=7)]


class SceneLaw(Part):
    """How long a call keeps a unit on scene."""

    law: Literal["lognormal", "exponential", "gamma", "constant", "empirical"] = Field(
        default="lognormal", description="Law of the time on scene."
    )
    mean_minutes: Number | None = Field(
        default=None, ge=0, le=100_000, description="Mean time on scene; not with law empirical."
    )
    sigma: Number | None = Field(
        default=None, ge=0, le=5, description="Lognormal: standard deviation of the logarithm; empty: scene_sigma."
    )
    shape: Number | None = Field(default=None, gt=0, le=1000, description="Gamma: shape; 1 is exponential.")
    minutes: tuple[Number, ...] | None = Field(
        default=None, min_length=1, max_length=100_000, description="Empirical: the observed minutes."
    )
    file: Path | None = Field(default=None, description="Empirical: CSV file with observed minutes instead.")
    column: Column = Field(default="minutes", description="Column of that file.")

    @model_validator(mode="after")
    def _fields_fit_law(self) -> Self:
        """Refuse fields of another law, and a law without its fields."""
        empirical = self.law == "empirical"
        wrong = []
        if empirical == (self.mean_minutes is not None):
            wrong.append("mean_minutes is given exactly when law is not empirical")
        if empirical != ((self.minutes is None) != (self.file is None)):
            wrong.append("minutes or file, one of them, is given exactly when law is empirical")
        if (self.shape is not None) != (self.law == "gamma"):
            wrong.append("shape is given exactly when law is gamma")
        if self.sigma is not None and self.law != "lognormal":
            wrong.append("sigma is given only when law is lognormal")
        if self.minutes is not None and min(self.minutes) < 0:
            wrong.append("minutes are 0 or more")
        if wrong:
            raise PydanticCustomError("scene_law", "{text}", {"text": "; ".join(wrong)})
        return self


class CallPlaces(Part):
    """Where the calls of a stream come from."""

    kind: Literal["residents", "uniform", "weights"] = Field(
        default="uniform",
        description="residents: homes; uniform: every open node, or every point of a plane, alike; weights: by node.",
    )
    weights: dict[str, Annotated[Number, Field(ge=0)]] | None = Field(
        default=None, max_length=1_000_000, description="Weight (or rate) of each node by its name."
    )
    file: Path | None = Field(default=None, description="CSV file with columns node and weight instead.")

    @model_validator(mode="after")
    def _weights_fit(self) -> Self:
        """Refuse weights without their kind, and the kind without weights."""
        given = (self.weights is not None) + (self.file is not None)
        if given != (self.kind == "weights"):
            raise PydanticCustomError("places", "weights or file, one of them, exactly when kind is weights")
        if self.weights is not None and sum(self.weights.values()) <= 0:
            raise PydanticCustomError("places", "weights of which one is more than 0")
        return self


class CallStream(Part):
    """A Poisson stream of calls."""

    name: Slug = Field(..., description="Name of the stream, which is also the type of its calls.")
    per_day: Number = Field(..., gt=0, le=10_000_000, description="Mean number of calls a day.")
    hour_weights: Weights24 | None = Field(default=None, description="24 weights, hour 0 first; empty: even.")
    weekday_weights: Weights7 | None = Field(default=None, description="7 weights, Monday first; empty: even.")
    places: CallPlaces = Field(default_factory=CallPlaces, description="Where the calls come from.")
    priority_shares: tuple[Share, ...] = Field(
        default=(1.0,), min_length=1, max_length=MOST_PRIORITIES, description="Share of each priority, 0 first."
    )
    units: Count = Field(default=1, ge=1, le=20, description="Units that a call wants.")
    scene: SceneLaw | None = Field(
        default=None, description="Time on scene; empty: that of calls which no dispute causes."
    )
    call_taking_seconds: Number | None = Field(
        default=None, ge=0, le=86_400, description="Mean time of call-taking, 0 for none; empty: the table's."
    )

    @model_validator(mode="after")
    def _shares_add_up(self) -> Self:
        """Refuse shares that do not add up to 1, and profiles without weight."""
        if abs(sum(self.priority_shares) - 1.0) > 1e-6:
            raise PydanticCustomError("shares", "priority_shares that add up to 1")
        for weights in (self.hour_weights, self.weekday_weights):
            if weights is not None and sum(weights) <= 0:
                raise PydanticCustomError("weights", "weights of which one is more than 0")
        return self


class LogColumns(Part):
    """Which columns of a call log hold what; only the time of receipt and the place, by node or x and y, are needed."""

    model_config = ConfigDict(populate_by_name=True)

    id: Column | None = Field(default=None, description="Column with the call's name, unique in the log.")
    received: Column = Field(default="received", description="Column with the date and time of receipt.")
    node: Column | None = Field(default=None, description="Column with the node's name; empty: by coordinates.")
    x: Column | None = Field(default=None, description="Column with the longitude, or metres to the east.")
    y: Column | None = Field(default=None, description="Column with the latitude, or metres to the north.")
    priority: Column | None = Field(default=None, description="Column with the priority.")
    type_: Column | None = Field(default=None, alias="type", description="Column with the type of call.")
    units: Column | None = Field(default=None, description="Column with the number of units sent.")
    dispatched: Column | None = Field(default=None, description="Column with the time of dispatch.")
    enroute: Column | None = Field(default=None, description="Column with the time at which the unit set out.")
    on_scene: Column | None = Field(default=None, description="Column with the time of arrival.")
    closed: Column | None = Field(default=None, description="Column with the time at which the unit left.")
    call_taking_seconds: Column | None = Field(default=None, description="Column with the time of call-taking.")
    scene_minutes: Column | None = Field(
        default=None, description="Column with the time on scene; several with semicolons: unit by unit."
    )
    received_day: Column | None = Field(
        default=None, description="Column with the exact moment of receipt, in days since the start of the run."
    )
    access_metres: Column | None = Field(
        default=None, description="Column with the metres between the road and the place; empty: by coordinates."
    )
    address: Column | None = Field(default=None, description="Column with the address of the call's draws.")

    @model_validator(mode="after")
    def _place_given(self) -> Self:
        """Refuse a log without places."""
        if (self.x is None) != (self.y is None) or (self.node is None and self.x is None):
            raise PydanticCustomError("places", "the column node, or the columns x and y, or all three")
        return self


def written_columns() -> LogColumns:
    """Return the columns of a log that a run has written: every column by the name of what it holds."""
    return LogColumns.model_validate({field.alias or name: name.rstrip("_") for name, field in LOG_FIELDS})


LOG_FIELDS = tuple(LogColumns.model_fields.items())
# A log that a run has written says these of itself.
WRITTEN_LOG = {"time_zone": "none", "coordinates": "metres"}


class CallLog(Part):
    """A recorded log of calls, which is replayed."""

    file: Path = Field(..., description="CSV file, relative to this file; .gz and zip/member are understood.")
    columns: LogColumns = Field(
        default_factory=written_columns,
        description="Which columns hold what; left out with a log that a run has written: then all columns are known.",
    )
    time_zone: str = Field(
        ...,
        max_length=100,
        description="Time zone of the log's clock, as Asia/Shanghai or UTC; none: no zone at all; with columns only.",
    )
    town_time_zone: str | None = Field(
        default=None,
        max_length=100,
        description="Time zone of the town, if the log's clock is another; empty: it is not.",
    )
    time_format: str | None = Field(
        default=None,
        max_length=100,
        description="How times are written, as %d/%m/%Y %H:%M; empty: as 2023-01-31 17:05.",
    )
    coordinates: Literal["lonlat", "metres"] = Field(default="lonlat", description="What x and y are.")
    types: tuple[str, ...] | None = Field(
        default=None, max_length=10_000, description="Types of call to keep; empty: all."
    )
    priorities: dict[str, Annotated[Count, Field(ge=0, lt=MOST_PRIORITIES)]] | None = Field(
        default=None,
        max_length=10_000,
        description="Priority, 0 the most urgent, of each word of its column, or of types.",
    )
    default_priority: Count = Field(
        default=1, ge=0, lt=MOST_PRIORITIES, description="Priority of calls whose row does not say."
    )
    scene: SceneLaw | None = Field(default=None, description="Time on scene of calls whose row does not say.")
    bad_rows: Literal["refuse", "leave_out"] = Field(
        default="refuse", description="refuse: a row that is wrong stops; leave_out: it is left out and counted."
    )
    farthest_metres: Number = Field(
        default=1000.0, gt=0, le=1e6, description="A call farther than this from any open node is a wrong row."
    )

    @model_validator(mode="before")
    @classmethod
    def _written_by_a_run(cls, fields: Any) -> Any:
        """Fill in what a run's own log says of itself, where no columns are named."""
        if isinstance(fields, dict) and fields.get("columns") is None:
            return {**WRITTEN_LOG, **{name: value for name, value in fields.items() if name != "columns"}}
        return fields

    @model_validator(mode="after")
    def _columns_serve(self) -> Self:
        """Refuse words without the column that they stand in, and times that need a zone without one."""
        wrong = []
        if self.types is not None and self.columns.type_ is None:
            wrong.append("columns.type, since types are named")
        if self.priorities is not None and self.columns.priority is None and self.columns.type_ is None:
            wrong.append("columns.priority or columns.type, since priorities are named")
        if self.town_time_zone is not None and self.time_zone == "none":
            wrong.append("time_zone, since town_time_zone is given")
        if wrong:
            raise PydanticCustomError("log", "{text}", {"text": "; ".join(wrong)})
        return self


class CallsPart(Part):
    """Where calls come from, besides disputes."""

    background: bool = Field(
        default=True, description="True: residents call at the table's rate for reasons other than disputes."
    )
    streams: tuple[CallStream, ...] = Field(default=(), max_length=200, description="Poisson streams of calls.")
    log: CallLog | None = Field(default=None, description="A recorded log to be replayed.")

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        """Refuse two streams of one name."""
        names = [stream.name for stream in self.streams]
        if len(set(names)) < len(names):
            raise PydanticCustomError("streams", "streams with different names")
        return self
