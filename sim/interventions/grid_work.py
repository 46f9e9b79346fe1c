"""Levers on how grids work: layout, rounds, hours, campaigns, volunteers, whistle, list, and seconded staff.

Each may be rolled out in part of the townships first. What holds in a township is the scenario's own setting, changed
by every active lever in the scenario's order.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.grid import LAYOUTS, ROUNDS, GridSettings, HelperParty, settings_of
from sim.interventions.base import InTownships
from sim.scenario import OVERTIME_WORDS, Count, Day, LayoutName, RoundsName

if TYPE_CHECKING:
    from sim.engine.clock import Calendar
    from sim.model import TownModel

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class OnDates(InTownships):
    """A lever that acts on some days: on dates, on weekdays, or on every day between its first and its last."""

    dates: tuple[Day, ...] | None = Field(
        default=None, min_length=1, max_length=3660, description="Dates on which it acts; empty: every day."
    )
    weekdays: tuple[Weekday, ...] | None = Field(
        default=None, min_length=1, max_length=7, description="Weekdays on which it acts, dates apart; empty: all."
    )

    def acts_on(self, calendar: Calendar, day: int) -> bool:
        """Decide whether the lever acts on a day of the run."""
        if self.dates is not None and calendar.date_of(day) in self.dates:
            return True
        if self.weekdays is not None:
            return WEEKDAYS[calendar.date_of(day).weekday()] in self.weekdays
        return self.dates is None

    def moments_in(self, model: TownModel) -> list[float]:
        """Return the days on which the lever changes: its own, and the beginnings of its days and of those after."""
        moments = self.switch_moments()
        if not moments:
            return []
        days = [day for day in range(model.calendar.days) if self.acts_on(model.calendar, day)]
        return sorted({*moments, *(float(day + after) for day in days for after in (0, 1))})


class GridLever(InTownships):
    """A lever on the settings of grids."""

    @abstractmethod
    def changed(self, settings: GridSettings) -> GridSettings:
        """Return a township's settings as the lever changes them."""

    def acts_now(self, model: TownModel) -> bool:
        """Decide whether the lever acts at the model's moment."""
        return self.is_active(model.time)

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Give every township the settings that all active levers on grids together make."""
        count = len(model.world.regimes)
        settings = [settings_of(model.plan.grid)] * count
        for lever in model.levers:
            if isinstance(lever, GridLever) and lever.acts_now(model):
                for township in lever.townships(count, model.time):
                    settings[township] = lever.changed(settings[township])
        model.set_grid_settings(settings)


class LayoutOfGrids(GridLever):
    """Replaces all-in-one grids by the overlapping grids of sectors, or the other way round, with the same staff."""

    name: ClassVar[str] = "grid_layout"

    layout: LayoutName = Field(..., description="all_in_one, or sectors: those that grid.sectors lists.")

    def changed(self, settings: GridSettings) -> GridSettings:
        """Return the settings with the layout."""
        return replace(settings, layout=LAYOUTS[self.layout])


class GridRounds(GridLever):
    """Lets grid workers visit households in another order."""

    name: ClassVar[str] = "grid_rounds"

    rounds: RoundsName = Field(..., description="rota: in turn; risk_first: by the books; random: any.")

    def changed(self, settings: GridSettings) -> GridSettings:
        """Return the settings with the order of visits."""
        return replace(settings, rounds=ROUNDS[self.rounds])


class GridHours(GridLever):
    """Changes the hours that grid workers really work: days worked, and overtime for a backlog."""

    name: ClassVar[str] = "grid_hours"

    activity_factor: float = Field(
        default=1.0, ge=0, le=10, description="Share of working days worked, as a multiple; at most 1 comes of it."
    )
    overtime_hours_most: float | None = Field(
        default=None, ge=0, le=24, description=f"{OVERTIME_WORDS} Empty: the scenario's."
    )

    def changed(self, settings: GridSettings) -> GridSettings:
        """Return the settings with the hours."""
        most = settings.overtime_hours_most if self.overtime_hours_most is None else self.overtime_hours_most
        rate = min(settings.activity_rate * self.activity_factor, 1.0)
        return replace(settings, activity_rate=rate, overtime_hours_most=most)


class MicroGrids(GridLever):
    """Has volunteers with some households each, who tell the grid worker what they hear."""

    name: ClassVar[str] = "micro_grids"

    hear_per_day: float = Field(
        ..., ge=0, le=100, description="Rate at which a volunteer hears of a dispute of their households; 0: never."
    )
    households: Count = Field(default=20, ge=1, le=10_000, description="Households of a volunteer.")

    def changed(self, settings: GridSettings) -> GridSettings:
        """Return the settings with the volunteers; those who hear nothing are none."""
        if self.hear_per_day == 0.0:
            return replace(settings, hear_per_day=0.0)
        return replace(settings, hear_per_day=self.hear_per_day, micro_grid_households=self.households)


class Whistle(GridLever):
    """Lets grids call the departments to the place for matters that are too big for them."""

    name: ClassVar[str] = "whistle"

    at_once_per_township: Count = Field(
        ..., ge=0, le=100_000, description="Joint handlings that a township's departments take on at one time; 0: none."
    )

    def changed(self, settings: GridSettings) -> GridSettings:
        """Return the settings with the departments' capacity."""
        return replace(settings, whistles_most=self.at_once_per_township)


class CaseList(GridLever):
    """Puts open cases that have become old on a list that is worked first."""

    name: ClassVar[str] = "case_list"

    after_days: float = Field(..., gt=0, le=3660, description="Age at which an open case is put on the list.")

    def changed(self, settings: GridSettings) -> GridSettings:
        """Return the settings with the list."""
        return replace(settings, list_after_days=self.after_days)


class GridCampaign(GridLever, OnDates):
    """Gives grid workers' first hours of some days to a campaign; on those days there are no other visits."""

    name: ClassVar[str] = "grid_campaign"

    share: float = Field(..., ge=0, le=1, description="Share of the day's hours that the campaign takes; 0: none.")

    def acts_now(self, model: TownModel) -> bool:
        """Decide whether today is a day of the campaign."""
        return self.is_active(model.time) and self.acts_on(model.calendar, int(model.time))

    def changed(self, settings: GridSettings) -> GridSettings:
        """Return the settings of a day of the campaign; several campaigns add up, to the whole day at most."""
        return replace(settings, campaign_share=min(settings.campaign_share + self.share, 1.0))


class SecondedStaff(OnDates):
    """Sends staff of units to the grids on some days; they visit households on top of the grid workers' rounds."""

    name: ClassVar[str] = "seconded_staff"

    staff: Count = Field(..., ge=0, le=1_000_000, description="Persons who come on each of the days.")
    visits_per_day: float = Field(..., ge=0, le=100, description="Household visits that each aims at on a day.")

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Have those come whom all active interventions send today."""
        today, count = int(model.time), len(model.world.regimes)
        model.set_helpers(
            [
                HelperParty(lever.staff, lever.visits_per_day, lever.townships(count, model.time))
                for lever in model.active(cls)
                if today < model.calendar.days and lever.acts_on(model.calendar, today)
            ]
        )
