"""Mediation levers: kinds of offices, hand-over between channels, and the practice of the court, for some dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from sim.interventions.base import Intervention

if TYPE_CHECKING:
    from sim.model import TownModel

Share = Annotated[float, Field(ge=0, le=1)]
Names = Annotated[tuple[Annotated[str, Field(max_length=80)], ...], Field(min_length=1, max_length=100)]
SETTINGS = ("pre_litigation_share", "same_day_share", "confirmation_share", "pass_up_share", "petition_share")


class MediationOffices(Intervention):
    """Opens groups of offices for some dates: those that any such lever names take new cases only while one acts.

    Outside its dates an office finishes the cases that it has; its mediators stay employed.
    """

    name: ClassVar[str] = "mediation_offices"

    groups: Names = Field(..., description="Names of the groups of offices, as in mediation.offices.")

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Let the groups that are named anywhere work exactly where an active lever names them."""
        named = {name for lever in model.levers if isinstance(lever, cls) and lever.enabled for name in lever.groups}
        acting = {name for lever in model.active(cls) for name in lever.groups}
        model.set_working_offices(closed=named - acting)


class HandOver(Intervention):
    """Sets delay and loss of the hand-over from some channels to mediation; of several the last counts."""

    name: ClassVar[str] = "hand_over"

    sources: tuple[Literal["grid", "mediation", "court", "police", "petition"], ...] = Field(
        default=("grid", "mediation", "court", "police", "petition"),
        min_length=1,
        max_length=5,
        description="Channels that hand over.",
    )
    delay_days: float | None = Field(default=None, ge=0, le=3660, description="Mean days on the way; empty: as it is.")
    loss: Share | None = Field(default=None, description="Share that never arrives; empty: as it is.")

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Give every way the scenario's delay and loss, changed by the active levers in their order."""
        model.set_hand_overs([(lever.sources, lever.delay_days, lever.loss) for lever in model.active(cls)])


class MediationPractice(Intervention):
    """Sets what is done with filings, rulings, agreements, unsettled cases and petitions; the last lever counts."""

    name: ClassVar[str] = "mediation_practice"

    pre_litigation_share: Share | None = Field(
        default=None, description="Share of filings assigned to mediation first; needs mediation.court."
    )
    same_day_share: Share | None = Field(
        default=None, description="Share of hearings with a ruling in court that same day; needs mediation.court."
    )
    confirmation_share: Share | None = Field(
        default=None, description="Share of mediated agreements confirmed by the court; needs mediation.court."
    )
    pass_up_share: Share | None = Field(default=None, description="Share of unsettled cases passed to the next level.")
    petition_share: Share | None = Field(default=None, description="Share of petitions handed to mediation.")

    @model_validator(mode="after")
    def _sets_something(self) -> Self:
        if all(getattr(self, name) is None for name in SETTINGS):
            raise ValueError(f"one of {', '.join(SETTINGS)} must be given")
        return self

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Give the practice the scenario's shares, changed by the active levers in their order."""
        changed: dict[str, float] = {}
        for lever in model.active(cls):
            changed |= {name: getattr(lever, name) for name in SETTINGS if getattr(lever, name) is not None}
        model.set_practice(changed)
