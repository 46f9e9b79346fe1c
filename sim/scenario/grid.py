"""The part of a scenario that says how grids work: their number, borders and staff, rounds, hours, and volunteers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.codes import Category
from sim.scenario.categories import CategoryName
from sim.scenario.fields import Count, Number, Part, Share, Slug
from sim.scenario.parameters import default

RoundsName = Literal["rota", "risk_first", "random"]
LayoutName = Literal["all_in_one", "sectors"]
OVERTIME_WORDS = "Hours after closing within which a worker who has just finished a task still begins a waiting case."


class SectorPart(Part):
    """A sector: a layer of grids of its own, with its own borders and workers, for some kinds of matter."""

    name: Slug = Field(..., description="Name of the sector.")
    categories: tuple[CategoryName, ...] = Field(
        ..., min_length=1, max_length=len(Category), description="Categories of dispute that are its workers' matter."
    )
    share: Number = Field(
        default=1.0, gt=0, le=1000, description="Its grids and workers, in proportion to the other sectors' shares."
    )


class MicroGridsPart(Part):
    """Micro-grids: volunteers with some households each, who tell the grid worker what they hear."""

    households: Count = Field(
        default_factory=lambda: int(default("micro_grid_households")),
        ge=1,
        le=10_000,
        description="Households in a micro-grid; each has one volunteer.",
    )
    hear_per_day: Number = Field(
        default_factory=lambda: float(default("volunteer_hear_per_day")),
        ge=0,
        le=100,
        description="Rate at which a volunteer hears of a hidden dispute of their households; 0: never.",
    )


class WhistlePart(Part):
    """Whistle and report-in: a grid calls the departments to the place for a matter that is too big for it."""

    at_once_per_township: Count = Field(
        ..., ge=0, le=100_000, description="Joint handlings that a township's departments take on at one time; 0: none."
    )


class GridPart(Part):
    """Grids and grid workers. Give the number of grids or the households in one, not both."""

    grids: Count | None = Field(
        default=None, ge=1, le=2_000_000, description="Number of grids; leave it out to say households_per_grid."
    )
    households_per_grid: Number | None = Field(
        default=None, ge=1, le=1_000_000, description="Households in one grid; where grids is left out (default 400)."
    )
    workers: Count | None = Field(
        default=None, ge=1, le=2_000_000, description="Number of grid workers; leave it out to say workers_per_grid."
    )
    workers_per_grid: Number = Field(
        default_factory=lambda: float(default("workers_per_grid")),
        ge=1,
        le=100,
        description="Grid workers for each grid; used where workers is left out.",
    )
    visits_per_worker_per_day: Number = Field(
        default_factory=lambda: float(default("visits_per_worker_per_day")),
        ge=0,
        le=100,
        description="Household visits that a grid worker aims at on a working day.",
    )
    layout: LayoutName = Field(
        default="all_in_one",
        description="all_in_one: a grid's workers have all matters; sectors: overlapping grids, one layer a sector.",
    )
    sectors: Annotated[tuple[SectorPart, ...], Field(max_length=len(Category))] = Field(
        default=(), description="The sectors; each category belongs to one. With layout sectors, now or by a lever."
    )
    rounds: RoundsName = Field(
        default="rota",
        description="Order of visits. rota: in turn; risk_first: by the books, cases and last visit; random: any.",
    )
    overtime_hours_most: Number = Field(default=0.0, ge=0, le=24, description=OVERTIME_WORDS)
    activity_rate: Share = Field(
        default_factory=lambda: float(default("grid_activity_rate")),
        description="Share of working days that a worker works; on the others the worker's cases wait.",
    )
    micro_grids: MicroGridsPart | None = Field(
        default=None, description="Volunteers below the grids; empty: there are none."
    )
    whistle: WhistlePart | None = Field(
        default=None, description="Departments come when a grid calls them; empty: they do not."
    )
    list_after_days: Number | None = Field(
        default=None,
        gt=0,
        le=3660,
        description="Age at which an open case is put on the list that is worked first; empty: there is no list.",
    )

    @model_validator(mode="before")
    @classmethod
    def _say_one_of_two(cls, fields: Any) -> Any:
        """Fill in the table's households per grid where neither way of counting grids is used."""
        if isinstance(fields, dict) and fields.get("grids") is None and fields.get("households_per_grid") is None:
            return {**fields, "households_per_grid": default("households_per_grid")}
        return fields
