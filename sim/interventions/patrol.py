"""Patrol levers: when crews work at equal unit-hours, more crews for some days, and how crews patrol."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from sim.interventions.base import Intervention
from sim.response import MODES, Wish
from sim.scenario import Day, HotSpotsPart

if TYPE_CHECKING:
    from sim.engine.clock import Calendar
    from sim.model import TownModel

Names = tuple[Annotated[str, Field(max_length=80)], ...]


class PatrolTiming(Intervention):
    """Shifts patrol hours towards a profile; the number of crews and their hours of a week stay the same.

    Groups whose shifts the scenario states one by one keep them.
    """

    name: ClassVar[str] = "patrol_timing"

    profile: Literal["flat", "demand", "weights", "keep"] = Field(
        default="demand",
        description="Hours to follow: flat, the expected demand by hour, weights of your own; keep: as they are.",
    )
    weights: list[float] | None = Field(
        default=None, min_length=24, max_length=24, description="24 weights, hour 0 first; only with profile weights."
    )
    weekday_weights: list[float] | None = Field(
        default=None, min_length=7, max_length=7, description="7 weights, Monday first; empty: weekdays as they are."
    )
    share: float = Field(
        default=1.0, ge=0, le=1, description="How far to go from the scenario's own timing (0) to the profile (1)."
    )

    @model_validator(mode="after")
    def _weights_fit(self) -> Self:
        if (self.weights is not None) != (self.profile == "weights"):
            raise ValueError("weights are given exactly when profile is weights")
        for weights in (self.weights, self.weekday_weights):
            if weights is not None and (min(weights) < 0 or sum(weights) <= 0):
                raise ValueError("weights must be 0 or more, and one of them more than 0")
        return self

    @property
    def wish(self) -> Wish:
        """Where the lever would have the crews' hours go."""
        return Wish(self.profile, self.weights, self.weekday_weights, self.share)

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Let the crews' shifts follow the active interventions, one after the other in the scenario's order."""
        model.set_patrol_timing([lever.wish for lever in model.active(cls)])


class OfGroups(Intervention):
    """A lever on some groups of units."""

    groups: Names | None = Field(
        default=None, min_length=1, max_length=200, description="Names of the groups concerned; empty: all."
    )

    def concerns(self, group: str) -> bool:
        """Decide whether the lever acts on a group of that name."""
        return self.groups is None or group in self.groups


class PatrolSurge(OfGroups):
    """Calls in more crews for some days, such as holidays; they work the hours of the others, and cost theirs."""

    name: ClassVar[str] = "patrol_surge"

    factor: float = Field(..., ge=1, le=10, description="Number of crews while it lasts, as a multiple of the usual.")
    holidays: bool = Field(
        default=False, description="True: acts on calendar.holidays only, and on the dates below, if any."
    )
    dates: tuple[Day, ...] | None = Field(
        default=None, min_length=1, max_length=3660, description="Dates on which it acts; empty: from from_day on."
    )

    def days_of_surge(self, calendar: Calendar, holidays: tuple[Day, ...]) -> list[int] | None:
        """Return the days of the run on which the lever may act, None where its dates do not say."""
        if self.dates is None and not self.holidays:
            return None
        wanted = {*(self.dates or ()), *(holidays if self.holidays else ())}
        return [day for day in range(calendar.days) if calendar.date_of(day) in wanted]

    def moments_in(self, model: TownModel) -> list[float]:
        """Return the days on which the lever changes: its own, and the first moments of its dates and after them."""
        moments = self.switch_moments()
        days = self.days_of_surge(model.calendar, model.plan.calendar.holidays) if self.enabled else None
        return sorted({*moments, *(float(day + after) for day in days or () for after in (0, 1))})

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Have the crews that all active interventions ask for together; their factors multiply."""
        today = int(model.time)
        active = []
        for lever in model.active(cls):
            days = lever.days_of_surge(model.calendar, model.plan.calendar.holidays)
            if days is None or today in days:
                active.append(lever)
        names = [group.name for group in model.plan.response.all_groups()]
        factors = {name: prod(lever.factor for lever in active if lever.concerns(name)) for name in names}
        model.set_patrol_surge(factors)


class PatrolMode(OfGroups):
    """Lets crews patrol in another way: stand at posts, drive at random, drive beats, or go round hot spots."""

    name: ClassVar[str] = "patrol_mode"

    mode: Literal["at_post", "random", "beat", "hot_spots"] = Field(
        ..., description="at_post: at its post; random: drives at random; beat: round its beat; hot_spots: rounds."
    )
    hot_spots: HotSpotsPart | None = Field(default=None, description="The rounds; with mode hot_spots.")

    @model_validator(mode="after")
    def _rounds_fit(self) -> Self:
        if self.hot_spots is not None and self.mode != "hot_spots":
            raise ValueError("hot_spots only with mode hot_spots")
        return self

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Give each group the mode of the last active intervention that concerns it, or the scenario's."""
        active = model.active(cls)
        modes = {}
        for group in model.plan.response.all_groups():
            wanted = [lever.mode for lever in active if lever.concerns(group.name)]
            modes[group.name] = MODES[wanted[-1] if wanted else group.mode]
        model.set_patrol_modes(modes)
