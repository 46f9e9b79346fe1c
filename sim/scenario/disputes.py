"""The part of a scenario that says where disputes come from, beyond the general rates: categories, seasons, contagion,
organisations and collective disputes. What is left out is not there, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.calls import Weights7, Weights24
from sim.scenario.categories import CATEGORY_NAMES
from sim.scenario.fields import Count, Number, Part
from sim.scenario.parameters import default, parameters_record

if TYPE_CHECKING:
    import numpy as np

    from sim.scenario.schema import Scenario

# Years in which a calendar may lie: the library of holidays knows the lunar new years of 1950 to 2100, and those of the
# years before and after are needed too.
LUNAR_YEARS = range(1951, 2100)
NEW_YEAR = "Chinese New Year (Spring Festival)"

Weights12 = Annotated[tuple[Annotated[Number, Field(ge=0)], ...], Field(min_length=12, max_length=12)]
Areas = Annotated[Count, Field(ge=0, le=1000)]


class CategoryPart(Part):
    """What a scenario knows of the disputes of one category."""

    rate_per_1000_per_year: Number = Field(
        ...,
        ge=0,
        le=100_000,
        description="Disputes of the category that arise for 1,000 residents in a year, known to anybody or not.",
    )
    month_weights: Weights12 | None = Field(
        default=None, description="12 weights, January first; empty: friction_month_weight."
    )
    weekday_weights: Weights7 | None = Field(
        default=None, description="7 weights, Monday first; empty: friction_weekday_weight."
    )
    hour_weights: Weights24 | None = Field(
        default=None, description="24 weights, hour 0 first; empty: friction_hour_weight."
    )

    @model_validator(mode="after")
    def _weights_are_profiles(self) -> Self:
        """Refuse weights that are all 0."""
        for name in ("month_weights", "weekday_weights", "hour_weights"):
            weights = getattr(self, name)
            if weights is not None and sum(weights) <= 0:
                raise PydanticCustomError("weights", "{name} of which one is more than 0", {"name": name})
        return self


class ContagionPart(Part):
    """Self-excitation: a dispute raises the rate of frictions near it for some time.

    The total rate stays the stated one: what disputes bring about is taken from what arises by itself.
    """

    branching_ratio: Number = Field(
        default_factory=lambda: float(default("contagion_branching_ratio")),
        ge=0,
        le=0.99,
        description="Disputes that one dispute brings about on average; less than 1, or they would never end.",
    )
    decay_per_day: Number = Field(
        default_factory=lambda: float(default("contagion_decay_per_day")),
        gt=0,
        le=1e4,
        description="Rate at which the influence decays; 1 over its mean delay in days.",
    )
    kernel_metres: Number = Field(
        default_factory=lambda: float(default("contagion_kernel_metres")),
        gt=0,
        le=1e6,
        description="Spread of the influence in space: standard deviation along each axis.",
    )


class OrganisationsPart(Part):
    """Organisations that people have disputes with, each with a resident who speaks for it."""

    firms_per_community: Areas = Field(default=2, description="Firms in each community.")
    property_managers_per_community: Areas = Field(default=1, description="Property managers in each community.")
    schools_per_township: Areas = Field(default=1, description="Schools in each township.")
    lenders_per_township: Areas = Field(default=1, description="Lenders in each township.")
    hospitals_per_county: Areas = Field(default=1, description="Hospitals in each county.")


class DisputesPart(Part):
    """Where disputes come from."""

    categories: dict[str, CategoryPart] = Field(
        default_factory=dict,
        description="By category, its rate and profiles; others keep their share of the general rate.",
    )
    contagion: ContagionPart | None = Field(
        default=None, description="Disputes raise the rate of frictions near them; empty: they do not."
    )
    lunar_new_year: bool = Field(
        default=False, description="True: rates of frictions differ before and during the lunar new year."
    )
    organisations: OrganisationsPart | None = Field(
        default=None, description="Organisations as parties to disputes; empty: all parties are persons."
    )
    collective: bool = Field(
        default=False, description="True: single causes bring many disputes against one organisation."
    )

    @model_validator(mode="after")
    def _causes_have_an_organisation(self) -> Self:
        """Refuse collective disputes without an organisation that they could be against."""
        if self.collective and (self.organisations is None or self.organisations.firms_per_community == 0):
            raise PydanticCustomError("collective", "organisations with firms_per_community of 1 or more")
        return self


def own_rates(scenario: Scenario) -> dict[int, float]:
    """Return the rates per 1,000 residents and year that a scenario gives single categories, by their codes."""
    return {
        CATEGORY_NAMES.index(name): part.rate_per_1000_per_year for name, part in scenario.disputes.categories.items()
    }


def general_rate(scenario: Scenario) -> float:
    """Return the rate of disputes that holds for categories without one of their own, per 1,000 residents and year."""
    name = "dispute_rate_per_1000_per_year"
    return float(scenario.parameters.get(name, default(name)))


def category_rates(scenario: Scenario) -> list[float]:
    """Return the rate of disputes by category, per 1,000 residents and year.

    A category with a rate of its own has that one, every other its share of the general rate.
    """
    total = general_rate(scenario)
    shares: Sequence[float] = scenario.parameters.get("category_share", default("category_share"))
    own = own_rates(scenario)
    return [own.get(code, float(share) * total) for code, share in enumerate(shares)]


def dispute_rate(scenario: Scenario) -> float:
    """Return the rate of disputes of all categories, per 1,000 residents and year."""
    # Without rates of categories as stated, without the rounding of a sum of shares.
    return sum(category_rates(scenario)) if own_rates(scenario) else general_rate(scenario)


def run_parameters(scenario: Scenario) -> np.recarray[Any, np.dtype[Any]]:
    """Return the record of parameters that a scenario runs with: its own values, and its categories' rates."""
    record = parameters_record(scenario.parameters)
    if own_rates(scenario):
        rates, total = category_rates(scenario), dispute_rate(scenario)
        record["dispute_rate_per_1000_per_year"] = total
        if total > 0.0:
            record["category_share"] = [rate / total for rate in rates]
    return record


@cache
def lunar_new_year(year: int) -> date:
    """Return the first day of the lunar year that begins in a year from 1950 to 2100 (package ``holidays``)."""
    import holidays

    days = holidays.country_holidays("CN", years=year, language="en_US")
    return min(day for day, name in days.items() if NEW_YEAR in name)


def days_from_lunar_new_year(start: date, days: int) -> list[int]:
    """Return for each day from ``start`` on how many days it is after the nearest lunar new year; before: negative."""
    last = start + timedelta(days - 1)
    beginnings = [lunar_new_year(year) for year in range(start.year - 1, last.year + 2)]
    away = [[(start + timedelta(day) - first).days for first in beginnings] for day in range(days)]
    return [min(one, key=abs) for one in away]
