"""What a factor is: a name, the field of the scenario that it sets, and the values that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.study.experiment.parts import ColumnName, Level, Number, Scalar, StudyPart, single_value

LONGEST_FIELD = 200
MOST_LEVELS = 1000


def levels_given(value: object) -> object:
    """Return levels as a tuple of single values or as a mapping of names to values; refuse what is neither."""
    if isinstance(value, list | tuple) and 1 <= len(value) <= MOST_LEVELS:
        return tuple(single_value(one) for one in value)
    if isinstance(value, dict) and 1 <= len(value) <= MOST_LEVELS and all(isinstance(name, str) for name in value):
        return dict(value)
    raise PydanticCustomError("levels", "a list of single values, or name: value for values of any kind")


def levels_written(value: object) -> object:
    """Return levels as JSON has them."""
    return list(value) if isinstance(value, tuple) else value


Levels = Annotated[
    tuple[Scalar, ...] | dict[str, Any],
    PlainValidator(levels_given),
    PlainSerializer(levels_written),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": ["number", "string", "boolean"]}, "minItems": 1},
                {"type": "object", "minProperties": 1},
            ]
        }
    ),
]


class Factor(StudyPart):
    """One thing that an experiment changes, and the values that it takes.

    It takes single values (``levels``) or a range (``low`` to ``high``). A level with a name may be anything that the
    field takes, such as a list or a mapping; tables then hold the name.
    """

    name: ColumnName = Field(..., description="Short name: letters, digits, _ and -; the column in tables.")
    field: str = Field(
        ...,
        min_length=1,
        max_length=LONGEST_FIELD,
        description="Field of the scenario that it sets, as --set names it: grid.grids, parameters.climb_tension_gain, "
        "interventions.0.factor; with `intervention`, the field of that intervention.",
    )
    intervention: str | None = Field(
        default=None,
        max_length=80,
        description="Intervention that is added to the base's and of which `field` is set; factors that name the same "
        "one set fields of one and the same. Empty: `field` is the scenario's own.",
    )
    settings: dict[str, Any] = Field(
        default_factory=dict, description="Other fields of the intervention, the same in all points."
    )
    levels: Levels | None = Field(
        default=None, description="Values: a list, or name: value where a value is a list or a mapping of its own."
    )
    low: Number | None = Field(
        default=None, description="Lower end of the range; left out for a parameter: that of the parameter table."
    )
    high: Number | None = Field(
        default=None, description="Upper end of the range; left out for a parameter: that of the parameter table."
    )
    whole: bool = Field(default=False, description="True: only whole numbers of the range.")
    scale: Literal["linear", "log"] = Field(
        default="linear", description="How a range is filled: evenly, or evenly in the logarithm."
    )
    base: Level | None = Field(
        default=None,
        description="Value at the base point of a one-at-a-time design; empty: the base scenario's own value, or the "
        "first level where it has none.",
    )

    @property
    def choices(self) -> tuple[Scalar, ...] | None:
        """The single values as tables hold them: the levels, or their names; None for a range."""
        return None if self.levels is None else tuple(self.levels)

    @property
    def has_range(self) -> bool:
        """Whether it takes any value from ``low`` to ``high``."""
        return self.levels is None and self.low is not None and self.high is not None

    def setting(self, value: Scalar) -> Any:
        """Return what the field is set to for a value as a table holds it."""
        return self.levels[str(value)] if isinstance(self.levels, Mapping) else value
