"""What an intervention is: data from the scenario plus a mechanism that sets a lever for some dates."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Self

from mesa.time import Priority
from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    from sim.model import TownModel


class Intervention(BaseModel, ABC):
    """A named lever with its size and its dates, as a scenario lists it.

    A lever's value at a moment follows from the scenario alone: all active interventions of one name together set
    it. Starting and stopping are therefore the same act, and a resumed run needs no memory of what it switched on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    name: ClassVar[str]

    from_day: float = Field(default=0.0, ge=0, description="Day of the run from which the lever acts; 0 is the first.")
    until_day: float | None = Field(
        default=None, gt=0, description="Day from which it no longer acts; empty: to the end."
    )
    enabled: bool = Field(default=True, description="False switches the intervention off and keeps it in the file.")

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.until_day is not None and self.until_day <= self.from_day:
            raise ValueError(f"until_day ({self.until_day}) must be later than from_day ({self.from_day})")
        return self

    def is_active(self, day: float) -> bool:
        """Decide whether the lever acts at a moment, in days since the start."""
        return self.enabled and self.from_day <= day and (self.until_day is None or day < self.until_day)

    @classmethod
    @abstractmethod
    def set_lever(cls, model: TownModel) -> None:
        """Give the lever the value that the model's active interventions of this name make together."""

    def switch_moments(self) -> list[float]:
        """Return the days on which the lever changes."""
        moments = [self.from_day] + ([] if self.until_day is None else [self.until_day])
        return moments if self.enabled else []

    def moments_in(self, model: TownModel) -> list[float]:
        """Return the days on which the lever changes in a model's run; a lever that goes by dates overrides this."""
        del model  # dates are days of a calendar, which only the model has
        return self.switch_moments()


class InTownships(Intervention):
    """A lever that acts in some townships first: the first of their rows, by share."""

    townships_share: float = Field(
        default=1.0, ge=0, le=1, description="Share of townships in which it acts, the first by row; 1: all."
    )
    all_from_day: float | None = Field(
        default=None, gt=0, description="Day from which it acts in all townships; empty: the share stays."
    )

    @model_validator(mode="after")
    def _rolled_out_later(self) -> Self:
        if self.all_from_day is not None and self.all_from_day <= self.from_day:
            raise ValueError(f"all_from_day ({self.all_from_day}) must be later than from_day ({self.from_day})")
        return self

    def townships(self, count: int, day: float) -> frozenset[int]:
        """Return the rows of the townships in which it acts on a day, out of ``count``."""
        everywhere = self.all_from_day is not None and day >= self.all_from_day
        return frozenset(range(count if everywhere else round(self.townships_share * count)))

    def switch_moments(self) -> list[float]:
        """Return the days on which the lever changes, that of its roll-out included."""
        moments = super().switch_moments()
        return moments + ([self.all_from_day] if moments and self.all_from_day is not None else [])


class Switch:
    """Sets one intervention's lever when Mesa's clock says so; lives as long as the model that holds it."""

    def __init__(self, model: TownModel, intervention: Intervention) -> None:
        self.model = model
        self.intervention = intervention

    def schedule(self) -> None:
        """Schedule the lever's changes from now on; changes at or before the model's time are already in force."""
        for moment in self.intervention.moments_in(self.model):
            if moment > self.model.time:
                self.model.schedule_event(self.set_lever, at=moment, priority=Priority.HIGH)

    def set_lever(self) -> None:
        """Set the lever to what the scenario says for the present moment."""
        type(self.intervention).set_lever(self.model)
