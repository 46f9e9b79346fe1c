"""Patrol timing: when crews begin their shifts, at equal unit-hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import Field, model_validator

from sim.interventions.base import Intervention

if TYPE_CHECKING:
    from sim.model import TownModel


class PatrolTiming(Intervention):
    """Shifts patrol hours towards a profile; the number of crews and their hours stay the same."""

    name: ClassVar[str] = "patrol_timing"

    profile: Literal["flat", "demand", "weights"] = Field(
        default="demand", description="Hours to follow: flat, the expected demand by hour, or weights of your own."
    )
    weights: list[float] | None = Field(
        default=None, min_length=24, max_length=24, description="24 weights, hour 0 first; only with profile weights."
    )
    share: float = Field(
        default=1.0, ge=0, le=1, description="How far to go from the scenario's own timing (0) to the profile (1)."
    )

    @model_validator(mode="after")
    def _weights_fit(self) -> Self:
        if (self.weights is not None) != (self.profile == "weights"):
            raise ValueError("weights are given exactly when profile is weights")
        if self.weights is not None and (min(self.weights) < 0 or sum(self.weights) <= 0):
            raise ValueError("weights must be 0 or more, and one of them more than 0")
        return self

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Let the crews' shifts follow the active interventions, one after the other in the scenario's order."""
        model.set_patrol_timing([(lever.profile, lever.weights, lever.share) for lever in model.active(cls)])
