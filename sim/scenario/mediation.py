"""The part of a scenario that says who mediates: groups of offices, their teams, hand-over between channels, court."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from sim.codes import STAGES, Category
from sim.scenario.categories import CategoryName
from sim.scenario.fields import Count, Hour, Number, Part, Share, Slug
from sim.scenario.response import Weekdays

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

Level = Literal["community", "township", "county", "city"]
Stage = Annotated[Count, Field(ge=1, le=STAGES)]
SourceName = Literal["report", "grid", "mediation", "court", "police", "petition"]
KindName = Literal[
    "committee", "one_stop", "named_room", "backpack", "specialist", "online", "litigation_source", "police_station",
    "mass_cases",
]  # fmt: skip
OWN_OFFICE = "own"  # in a team: further people of the office that has the case

# What a kind of office takes where its group does not say so: definitions of the kinds, no figures.
SOURCES_OF_KIND: dict[str, tuple[SourceName, ...]] = {
    "online": ("court",),
    "litigation_source": ("court", "report"),
    "police_station": ("police",),
}
CATEGORIES_OF_KIND: dict[str, tuple[CategoryName, ...]] = {"mass_cases": ("collective_economic",)}
AT_ONCE_KINDS = ("one_stop", "police_station")  # which save the delay and loss of a hand-over
ALL_SOURCES: tuple[SourceName, ...] = ("report", "grid", "mediation", "court", "police", "petition")


class TeamPart(Part):
    """A joint session: people beside the mediator who has the case (1+X; the session of three chiefs)."""

    name: Slug = Field(..., description="Name of the team.")
    members: dict[str, Annotated[Count, Field(ge=1, le=20)]] = Field(
        ...,
        min_length=1,
        max_length=10,
        description="How many people of which groups of offices join; own: of the office that has the case.",
    )
    least_stage: Stage = Field(default=1, description="Cases from this stage on get the team.")
    share: Share = Field(default=1.0, description="Share of these cases that get it.")
    skill_gain: Number = Field(
        default=0.0, ge=-10, le=10, description="Change of the logit of settlement with the whole team present."
    )
    complete: bool = Field(
        default=False, description="True: the session waits until all are free at once; False: who is free joins."
    )
    wait_days: Number = Field(
        default=14.0, ge=0, le=365, description="With complete: days after which it is held with those who are free."
    )


class OfficeGroup(Part):
    """Mediation offices of one kind at one level."""

    name: Slug = Field(..., description="Name of the group.")
    level: Level = Field(..., description="Level of the offices: one for each area of it, unless number says fewer.")
    kind: KindName = Field(
        default="committee",
        description="committee; one_stop: all services at one window, so hand-over to it takes no time and loses none; "
        "named_room: with its own skill; backpack: mediators travel to party a's home; specialist: for the categories "
        "named; online: no travel, court-assigned cases; litigation_source: station that takes court-assigned cases "
        "and reports; police_station: takes police referrals at once; mass_cases: collective disputes.",
    )
    number: Count | None = Field(
        default=None, ge=1, le=200_000, description="Number of offices, in the most populous areas; empty: all areas."
    )
    serves: Literal["area", "everyone"] = Field(
        default="area", description="area: people of the office's own area; everyone: all, each at the nearest office."
    )
    mediators: Count = Field(..., ge=0, le=2_000_000, description="Mediators in all offices of the group.")
    categories: tuple[CategoryName, ...] | None = Field(
        default=None, min_length=1, max_length=len(Category), description="Categories it takes; empty: all."
    )
    least_stage: Stage = Field(default=1, description="Least stage that it takes.")
    most_stage: Stage = Field(default=STAGES, description="Highest stage that it takes.")
    sources: tuple[SourceName, ...] | None = Field(
        default=None,
        min_length=1,
        max_length=len(ALL_SOURCES),
        description="From where it takes cases: report (by a party), grid, mediation (another office), court, police, "
        "petition; empty: as its kind does.",
    )
    weekdays: Weekdays | None = Field(
        default=None, min_length=1, max_length=7, description="Days of sessions; empty: working days."
    )
    start_hour: Hour | None = Field(default=None, description="Hour at which it opens; empty: mediation_start_hour.")
    hours: Number | None = Field(
        default=None, gt=0, le=24, description="Hours in which sessions begin; empty: mediation_hours_per_day."
    )
    queue: Literal["first_come", "most_urgent", "shortest"] = Field(
        default="first_come",
        description="first_come: first served; most_urgent: the highest stage first; shortest: fewest expected "
        "sessions first. What counts is the moment at which the case joins the queue.",
    )
    queue_limit: Count | None = Field(
        default=None, ge=0, le=1_000_000, description="From so many waiting cases on the office passes new ones on."
    )
    skill_mean: Number = Field(default=0.0, ge=-5, le=5, description="Mean skill, in standard deviations of all.")
    skill_sigma: Number = Field(default=1.0, ge=0, le=5, description="Spread of skill between its mediators.")
    session_law: Literal["lognormal", "exponential"] = Field(default="lognormal", description="Law of session hours.")
    session_hours: Number | None = Field(
        default=None, gt=0, le=1e4, description="Mean hours of a session; empty: the parameter session_hours."
    )
    sessions_most: Count | None = Field(
        default=None, ge=1, le=60, description="Most sessions of a case; empty: the parameter sessions_most."
    )
    teams: tuple[TeamPart, ...] = Field(
        default=(), max_length=10, description="Joint sessions; a case gets the last of those that fit it."
    )
    cost_per_case_yuan: Number | None = Field(
        default=None, ge=0, le=1e6, description="Allowance for a case closed; empty: mediator_yuan_per_case."
    )
    cost_per_hour_yuan: Number = Field(
        default=0.0, ge=0, le=1e6, description="Cost of an hour of a mediator's session."
    )

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        """Refuse stages out of order, and a specialist centre that names no category."""
        if self.most_stage < self.least_stage:
            raise PydanticCustomError("stages", "most_stage not below least_stage")
        if self.kind == "specialist" and self.categories is None:
            raise PydanticCustomError("categories", "categories, since the kind is specialist")
        if len({team.name for team in self.teams}) < len(self.teams):
            raise PydanticCustomError("teams", "teams with different names")
        return self

    @property
    def taken_categories(self) -> tuple[CategoryName, ...] | None:
        """Categories that it takes, None for all."""
        return self.categories or CATEGORIES_OF_KIND.get(self.kind)

    @property
    def taken_sources(self) -> tuple[SourceName, ...]:
        """From where it takes cases."""
        return self.sources or SOURCES_OF_KIND.get(self.kind, ALL_SOURCES)


class HandOverPart(Part):
    """The way of a case from one channel to the next."""

    delay_days: Number = Field(default=0.0, ge=0, le=3660, description="Mean days on the way (exponential); 0: none.")
    loss: Share = Field(default=0.0, description="Share that never arrives.")


class HandOversPart(Part):
    """Hand-over between channels, by the channel that hands over."""

    grid: HandOverPart = Field(default_factory=HandOverPart, description="From the grid to mediation.")
    police: HandOverPart = Field(default_factory=HandOverPart, description="From the police to mediation.")
    petition: HandOverPart = Field(default_factory=HandOverPart, description="From petition to mediation.")
    court: HandOverPart = Field(default_factory=HandOverPart, description="From the court to mediation.")
    mediation: HandOverPart = Field(default_factory=HandOverPart, description="From an office to the next level.")


class CourtPart(Part):
    """A court whose cases take time; without it going to court ends a dispute at once."""

    pre_litigation_share: Share = Field(
        default=0.0, description="Share of filings that are assigned to mediation first; what fails returns to court."
    )
    limit_days: Number = Field(default=30.0, gt=0, le=3660, description="Days after which these return to court.")
    same_day_share: Share = Field(default=0.0, description="Share of hearings with a ruling in court that same day.")
    confirmation_share: Share = Field(
        default=0.0, description="Share of mediated agreements that the court confirms, which lowers breach."
    )


def form_of_offices(value: Any) -> str:
    """Return in which form offices are given: the level of one kind, or a list of groups."""
    return "groups" if isinstance(value, list | tuple) else "level"


class MediationPart(Part):
    """Mediators and their offices."""

    mediators: Count = Field(
        default=0, ge=0, le=2_000_000, description="Number of mediators in all offices; not with a list of offices."
    )
    offices: Annotated[
        Annotated[Literal["community", "township", "county", "city"], Tag("level")]
        | Annotated[tuple[OfficeGroup, ...], Field(max_length=100), Tag("groups")],
        Discriminator(form_of_offices),
    ] = Field(
        default="township",
        description="Level of mediation offices: one in each community, township or county, or one in the city; or a "
        "list of groups of offices, side by side.",
    )
    pass_up_share: Share = Field(
        default=0.0, description="Share of unsettled cases that an office passes up to the next level."
    )
    petition_share: Share = Field(
        default=0.0, description="Share of petitions that are handed to mediation instead of ending the dispute there."
    )
    hand_over: HandOversPart = Field(
        default_factory=HandOversPart, description="Delay and loss of hand-over between channels."
    )
    court: CourtPart | None = Field(default=None, description="A court whose cases take time; empty: at once.")

    @model_validator(mode="after")
    def _groups_fit(self) -> Self:
        """Refuse staff without an office, groups of one name, and teams of groups that are not there."""
        if isinstance(self.offices, str):
            return self
        wrong = []
        if self.mediators:
            wrong.append("mediators to be left out with a list of offices, since each group says its own")
        names = [group.name for group in self.offices]
        if len(set(names)) < len(names) or OWN_OFFICE in names:
            wrong.append(f"groups of offices with different names, none of them {OWN_OFFICE}")
        known = {*names, OWN_OFFICE}
        strangers = {name for group in self.offices for team in group.teams for name in team.members} - known
        if strangers:
            wrong.append(
                f"teams of groups that are there ({', '.join(sorted(strangers))} not among {', '.join(names)})"
            )
        if wrong:
            raise PydanticCustomError("offices", "{text}", {"text": "; ".join(wrong)})
        return self

    def all_groups(self) -> tuple[OfficeGroup, ...]:
        """Return every group; the short form is one group of committees."""
        if isinstance(self.offices, str):
            return (OfficeGroup(name=self.offices, level=self.offices, mediators=self.mediators),)
        return self.offices

    @property
    def mediator_count(self) -> int:
        """Mediators in all offices."""
        return sum(group.mediators for group in self.all_groups())


def areas_of(town: Any, level: str) -> int:
    """Return how many areas of a level a town has."""
    return int({"community": town.communities, "township": town.townships, "county": town.counties, "city": 1}[level])


def offices_of(town: Any, group: OfficeGroup) -> int:
    """Return how many offices a group has in a town."""
    return areas_of(town, group.level) if group.number is None else group.number


def takes(group: OfficeGroup, category: str) -> bool:
    """Decide whether a group takes disputes of a category that a party brings or the grid passes up."""
    categories = group.taken_categories
    fits = categories is None or category in categories
    return fits and bool({"report", "grid"} & set(group.taken_sources)) and group.mediators > 0


def untaken_categories(scenario: Scenario) -> list[str]:
    """Return the categories for which no group with mediators takes reports and the grid's cases.

    Such disputes find nobody to mediate them, which a planner may not have meant; empty where there are no mediators
    at all, and where nobody lives.
    """
    groups = scenario.mediation.all_groups()
    if not scenario.people.residents or not any(group.mediators for group in groups):
        return []
    names = [category.name.lower() for category in Category]
    return [name for name in names if not any(takes(group, name) for group in groups)]
