"""The parts of a scenario that say how known disputes are sorted and graded, and which targets press on the books."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.categories import CategoryName
from sim.scenario.fields import Number, Part, Share

TargetKind = Literal["settlement_rate", "closed_in_time", "fewer_opened", "cut"]
Way = Literal["gloss", "close_early", "advise", "not_open"]
# By which ways around the work a target of a kind may be met on paper; the last two keep disputes out of the books.
WAYS: dict[TargetKind, tuple[Way, ...]] = {
    "settlement_rate": ("gloss", "close_early"),
    "closed_in_time": ("close_early",),
    "fewer_opened": ("advise", "not_open"),
    "cut": ("advise", "not_open"),
}
USUAL_CUT = 0.3  # "down by 30 % or more" (Shaoyang's list management, SY-04)
PositiveShare = Annotated[Share, Field(gt=0)]


class ColourAction(Part):
    """What a colour brings."""

    visits_per_month: Number = Field(..., ge=0, le=31, description="Follow-up visits by the grid in a month.")
    first_in_queue: bool = Field(default=False, description="True: its cases go before others in queues.")
    refer_up: bool = Field(default=False, description="True: it is given to the township, or a higher office.")


class ColoursPart(Part):
    """What each of the five colours brings; where they are given, all five are."""

    blue: ColourAction = Field(..., description="The least risk.")
    green: ColourAction = Field(..., description="Some risk.")
    yellow: ColourAction = Field(..., description="Risk that wants watching.")
    orange: ColourAction = Field(..., description="An alarm.")
    red: ColourAction = Field(..., description="The highest alarm.")


def usual_colours() -> ColoursPart:
    """Return what colours bring where a scenario does not say: no source tells, so each step up brings more."""
    return ColoursPart(
        blue=ColourAction(visits_per_month=0.0),
        green=ColourAction(visits_per_month=0.5),
        yellow=ColourAction(visits_per_month=1.0),
        orange=ColourAction(visits_per_month=2.0, first_in_queue=True, refer_up=True),
        red=ColourAction(visits_per_month=4.0, first_in_queue=True, refer_up=True),
    )


class GradingPart(Part):
    """Five-colour grading of known disputes by risk."""

    categories: tuple[CategoryName, ...] = Field(
        default=("marriage_family",), min_length=1, max_length=15, description="Categories that are graded."
    )
    colours: ColoursPart = Field(default_factory=usual_colours, description="What each colour brings.")


class TriagePart(Part):
    """How known disputes are sorted before anybody handles them."""

    three_affairs: bool = Field(
        default=False, description="True: big matters go to government, small ones to the grid, private ones to nobody."
    )
    grading: GradingPart | None = Field(default=None, description="Five-colour grading; empty: none.")


class TargetPart(Part):
    """A target whose pressure acts on recording; how strongly is unknown, so its size is to be swept."""

    kind: TargetKind = Field(
        ...,
        description="settlement_rate; closed_in_time; fewer_opened; cut: so many fewer recorded (-30 %).",
    )
    size: Share = Field(
        ..., description="Share of the matters in question in which the books give way: 0 none, 1 all of them."
    )
    ways: tuple[Way, ...] | None = Field(
        default=None, min_length=1, max_length=4, description="Ways of giving way; empty: all that the kind has."
    )
    within_days: Number = Field(
        default=30.0, gt=0, le=3660, description="Age at which an open case may be closed early."
    )
    cut: PositiveShare | None = Field(
        default=None,
        description="With kind cut: by how much recorded disputes are to fall; empty: 0.3, which is -30 %.",
    )

    @model_validator(mode="after")
    def _ways_fit(self) -> Self:
        """Refuse ways that do not serve the kind of target, and the height of a cut on a target that is none."""
        if self.cut is not None and self.kind != "cut":
            raise PydanticCustomError("cut", "cut only with kind cut")
        allowed = WAYS[self.kind]
        if any(way not in allowed for way in self.ways or ()):
            raise PydanticCustomError("ways", "ways of kind {kind}: {ways}", {"kind": self.kind, "ways": allowed})
        return self

    @property
    def pressed_share(self) -> float:
        """The share of the matters in question in which the books give way, at most what the target asks for."""
        return self.size * (USUAL_CUT if self.cut is None else self.cut) if self.kind == "cut" else self.size

    @property
    def ways_used(self) -> tuple[Way, ...]:
        """The ways in which the books give way."""
        return WAYS[self.kind] if self.ways is None else tuple(dict.fromkeys(self.ways))


class BooksPart(Part):
    """What presses on the books."""

    targets: tuple[TargetPart, ...] = Field(
        default=(), max_length=100, description="Targets in force throughout; those with dates are interventions."
    )
