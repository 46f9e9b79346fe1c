"""Which designs there are, each with its own settings."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from sim.scenario import Count
from sim.study.experiment.parts import Level, Seed, StudyPart

MOST_POINTS = 50_000  # a point's scenario takes some 15 kB


def power_of_two(value: int) -> int:
    """Refuse a number of points by which a Sobol sequence loses its balance."""
    if value & (value - 1):
        raise PydanticCustomError("power", "a power of 2, such as 64, 128 or 256")
    return value


PowerOfTwo = Annotated[Count, Field(ge=2, le=MOST_POINTS)]
DesignSeed = Annotated[Seed, Field(description="Seed of the design itself; the runs' luck is `seed` of the file.")]


class Factorial(StudyPart):
    """Every combination of all levels; the first factor changes slowest."""

    kind: Literal["factorial"] = Field(..., description="factorial: every combination of all levels.")


class OneAtATime(StudyPart):
    """The base point, and from there each other level (or both ends of the range) of one factor after the other."""

    kind: Literal["one-at-a-time"] = Field(..., description="one-at-a-time: each factor's values, the others at base.")


class LatinHypercube(StudyPart):
    """Points that fill the space so that each factor's range is filled evenly (McKay 1979), drawn by SciPy."""

    kind: Literal["latin-hypercube"] = Field(..., description="latin-hypercube: a space-filling sample.")
    points: Count = Field(..., ge=2, le=MOST_POINTS, description="Number of points.")
    seed: DesignSeed = 1


class SobolSequence(StudyPart):
    """Points of a scrambled Sobol sequence, drawn by SciPy: they fill the space more evenly than chance."""

    kind: Literal["sobol-sequence"] = Field(..., description="sobol-sequence: a low-discrepancy sample.")
    points: PowerOfTwo = Field(..., description="Number of points, a power of 2.")
    seed: DesignSeed = 1

    _power = field_validator("points")(power_of_two)


class Saltelli(StudyPart):
    """Saltelli's sample in SALib's order: from it follow Sobol indices, the shares of variance due to each factor."""

    kind: Literal["saltelli"] = Field(..., description="saltelli: the sample for Sobol indices.")
    n: PowerOfTwo = Field(..., description="Base samples, a power of 2; points are n x (factors + 2), or see below.")
    second_order: bool = Field(
        default=False, description="True: indices of pairs too, by n x (2 x factors + 2) points."
    )
    seed: DesignSeed = 1

    _power = field_validator("n")(power_of_two)


class Morris(StudyPart):
    """Morris's trajectories in SALib's order: few points that tell which factors matter at all."""

    kind: Literal["morris"] = Field(..., description="morris: screening by elementary effects.")
    trajectories: Count = Field(..., ge=2, le=5000, description="Trajectories, each of factors + 1 points.")
    levels: Count = Field(default=4, ge=2, le=100, multiple_of=2, description="Steps of each range, an even number.")
    seed: DesignSeed = 1


class Table(StudyPart):
    """Points one by one, from a CSV file or from rows: one value for each factor."""

    kind: Literal["table"] = Field(..., description="table: points one by one.")
    file: str | None = Field(
        default=None, max_length=1000, description="CSV file with a column for each factor, relative to this file."
    )
    rows: tuple[dict[str, Level], ...] | None = Field(
        default=None, min_length=1, max_length=MOST_POINTS, description="Points: a mapping each, factor: value."
    )


Design = Annotated[
    Factorial | OneAtATime | LatinHypercube | SobolSequence | Saltelli | Morris | Table, Field(discriminator="kind")
]
DESIGNS: dict[str, type[StudyPart]] = {
    "factorial": Factorial,
    "one-at-a-time": OneAtATime,
    "latin-hypercube": LatinHypercube,
    "sobol-sequence": SobolSequence,
    "saltelli": Saltelli,
    "morris": Morris,
    "table": Table,
}
OF_LEVELS = ("factorial",)  # needs single values
OF_TABLE = ("table",)  # values come from the table


def kind_of(design: Any) -> str:
    """Return a design's kind as files name it."""
    return str(design.kind)
