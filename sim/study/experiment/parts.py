"""The kinds of field and part that experiment files are made of, and what is wrong with a file."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AllowInfNan, BaseModel, ConfigDict, Field, Strict, StringConstraints

from sim.scenario import ScenarioError

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
COLUMN = r"^[A-Za-z][A-Za-z0-9_-]*$"

type Scalar = float | int | str | bool

Number = Annotated[float, Strict(), AllowInfNan(False)]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
ColumnName = Annotated[str, StringConstraints(pattern=COLUMN, max_length=40)]
Seed = Annotated[int, Strict(), Field(ge=0, lt=2**62)]
# In this order a truth value stays one and 2 stays a whole number.
Level = Annotated[bool, Strict()] | Annotated[int, Strict()] | Number | Annotated[str, Field(max_length=400)]


class ExperimentError(ScenarioError):
    """An experiment cannot be used; nothing was run. The message lists all that is wrong, each with its place."""


class StudyPart(BaseModel):
    """A part of an experiment: cannot be changed once made, knows no fields but its own."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, str_max_length=20_000, populate_by_name=True
    )


def is_plain(value: Any) -> bool:
    """Decide whether a value is a single one, which a table can hold as it is."""
    return isinstance(value, bool | int | float | str)
