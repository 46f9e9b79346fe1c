"""The kinds of field that scenario files are made of."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    AllowInfNan,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def whole(value: object) -> object:
    """Return 3 for 3.0, so that a count may be written either way; anything else unchanged."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def plain_date(value: object) -> object:
    """Return a date, also where it is written as text; a number is refused, it would be read as seconds since 1970.

    Text is read here, since an intervention's fields are read strictly, where no text is a date any more.
    """
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise PydanticCustomError("date_wanted", "a date as 2023-01-31")


def not_blank(value: str) -> str:
    """Refuse a column name of spaces only."""
    if not value.strip():
        raise PydanticCustomError("blank", "a name")
    return value


Count = Annotated[int, Strict(), BeforeValidator(whole)]
Number = Annotated[float, Strict(), AllowInfNan(False)]
Share = Annotated[Number, Field(ge=0, le=1)]
Hour = Annotated[Number, Field(ge=0, lt=24)]
Column = Annotated[str, AfterValidator(not_blank)]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
Day = Annotated[date, BeforeValidator(plain_date)]


class Part(BaseModel):
    """A part of a scenario: cannot be changed once made, knows no fields but its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, str_max_length=20_000)
