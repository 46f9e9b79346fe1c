"""The kinds of field and part that experiment files are made of, and what is wrong with a file."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    AllowInfNan,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from sim.scenario import ScenarioError, is_number

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
COLUMN = r"^[A-Za-z][A-Za-z0-9_-]*$"

MOST_SHOWN = 20

type Scalar = float | int | str | bool

Number = Annotated[float, Strict(), AllowInfNan(False)]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
ColumnName = Annotated[str, StringConstraints(pattern=COLUMN, max_length=40)]
Seed = Annotated[int, Strict(), Field(ge=0, lt=2**62)]


def single_value(value: object) -> object:
    """Return a number, a word or a truth value as it is; anything else is refused with one message."""
    if isinstance(value, bool | str) or is_number(value):
        return value
    raise PydanticCustomError("single_value", "a number, a word, true or false")


Level = Annotated[
    float | int | str | bool,
    PlainValidator(single_value),
    WithJsonSchema({"type": ["number", "string", "boolean"]}),
]


class ExperimentError(ScenarioError):
    """An experiment cannot be used; nothing was run.

    Attributes:
        mistakes: everything that was found wrong, each with its place.
    """

    def __str__(self) -> str:
        """Return a line for each mistake, at most a screenful of them."""
        lines = [str(mistake) for mistake in self.mistakes[:MOST_SHOWN]]
        if len(self.mistakes) > MOST_SHOWN:
            lines.append(f"... and {len(self.mistakes) - MOST_SHOWN} more")
        return "\n".join(lines)


class StudyPart(BaseModel):
    """A part of an experiment: cannot be changed once made, knows no fields but its own."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, str_max_length=20_000, populate_by_name=True
    )
