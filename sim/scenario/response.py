"""The part of a scenario that says how calls are answered: crews, their timing and patrols, dispatch, queue, cover."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.calls import MOST_PRIORITIES, Weights7
from sim.scenario.fields import Count, Hour, Number, Part, Share, Slug
from sim.scenario.parameters import default

Priority = Annotated[Count, Field(ge=0, lt=MOST_PRIORITIES)]
Weekdays = tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...]
Minutes = Annotated[Number, Field(gt=0, le=1e6)]


class PatrolTimingPart(Part):
    """How crews' shifts are spread over the day and the week."""

    profile: Literal["flat", "demand", "weights"] = Field(
        default="flat", description="flat: as many crews at every hour; demand: as calls come; weights: your own."
    )
    weights: tuple[Number, ...] | None = Field(
        default=None, min_length=24, max_length=24, description="24 weights, hour 0 first; only with profile weights."
    )
    weekday_weights: Weights7 | None = Field(
        default=None, description="7 weights, Monday first: crew-hours are moved between weekdays; empty: even."
    )

    @model_validator(mode="after")
    def _some_day_has_weight(self) -> Self:
        """Refuse weekday weights that are all 0."""
        if self.weekday_weights is not None and sum(self.weekday_weights) <= 0:
            raise PydanticCustomError("weights", "weekday_weights of which one is more than 0")
        return self


class ShiftPart(Part):
    """A shift that some of a group's crews work."""

    units: Count = Field(..., ge=1, le=100_000, description="Crews that work this shift.")
    start_hour: Hour = Field(..., description="Hour of the day at which it starts.")
    hours: Number = Field(..., gt=0, le=24, description="Its length; shifts may overlap and pass midnight.")
    weekdays: Weekdays | None = Field(default=None, description="Weekdays on which it starts; empty: every day.")


class BreakPart(Part):
    """A break in every shift, taken when the crew has no call."""

    minutes: Number = Field(..., gt=0, le=240, description="Length of the break.")
    after_hours: Number = Field(..., ge=0, le=24, description="Hours after the shift's start at which it is due.")


class HotSpotsPart(Part):
    """Rounds between hot spots: places with many recent calls."""

    spots: Count = Field(default=10, ge=1, le=10_000, description="Number of hot spots.")
    nodes: tuple[str, ...] | None = Field(
        default=None, min_length=1, max_length=10_000, description="Names of their nodes; empty: found from calls."
    )
    window_days: Number = Field(
        default=28.0, gt=0, le=3660, description="Calls of so many days before are counted, none of the future."
    )
    renew_days: Number = Field(default=7.0, gt=0, le=3660, description="Days after which they are found anew.")
    radius_metres: Number = Field(
        default=150.0, ge=0, le=10_000, description="Calls within this distance count for a spot; spots keep apart."
    )
    dwell_minutes: Minutes | None = Field(default=None, description="Stop at a spot; empty: patrol_dwell_minutes.")
    interval_minutes: Minutes | None = Field(
        default=None, description="Longest time between two stops aimed at; empty: patrol_interval_minutes."
    )


class DutyPart(Part):
    """A duty at fixed places and hours, such as a post at a school: the crew leaves it for urgent calls only."""

    places: tuple[str, ...] | None = Field(
        default=None, min_length=1, max_length=10_000, description="Names of nodes; empty: spread over homes."
    )
    from_hour: Hour = Field(..., description="Hour at which it begins.")
    until_hour: Number = Field(..., gt=0, le=24, description="Hour at which it ends, later than from_hour.")
    weekdays: Weekdays = Field(default=("mon", "tue", "wed", "thu", "fri"), description="Days of the duty.")
    leave_for: Priority = Field(default=0, description="Calls up to this priority are answered during the duty.")

    @model_validator(mode="after")
    def _hours_in_order(self) -> Self:
        """Refuse a duty that ends before it begins."""
        if self.until_hour <= self.from_hour:
            raise PydanticCustomError("duty", "until_hour later than from_hour")
        return self


class AidPart(Part):
    """Help from across a border: sent only when no own unit is free, after a delay."""

    delay_minutes: Number = Field(..., ge=0, le=10_000, description="Time until the neighbour's unit sets out.")
    nodes: tuple[str, ...] | None = Field(
        default=None, min_length=1, max_length=10_000, description="Border nodes it comes from; empty: its posts."
    )


class CrewsPart(Part):
    """What a group of patrol units and the crews of a response without groups have in common."""

    crew: Count = Field(default=2, ge=1, le=20, description="Officers in a crew; one or two, more for joint patrols.")
    posts: Count | None = Field(
        default=None, ge=1, le=100_000, description="Number of posts where crews stand; empty: one for each on duty."
    )
    shift_hours: Number = Field(default=8.0, ge=1, le=24, description="Hours of a crew's shift.")
    patrol_timing: PatrolTimingPart = Field(
        default_factory=PatrolTimingPart, description="How crews' shifts are spread over the day."
    )


class UnitGroup(CrewsPart):
    """A group of patrol units of one kind."""

    name: Slug = Field(default="patrol", description="Name of the group.")
    units: Count = Field(..., ge=1, le=100_000, description="Number of crews; each works one shift a day.")
    tier: Literal["station", "district", "city"] = Field(
        default="station", description="Level whose 1-3-5 target the unit is held to."
    )
    post_nodes: tuple[str, ...] | None = Field(
        default=None, min_length=1, max_length=100_000, description="Names of the posts' nodes; empty: near people."
    )
    shifts: tuple[ShiftPart, ...] | None = Field(
        default=None, min_length=1, max_length=1000, description="Shifts by hand, instead of shift_hours and timing."
    )
    break_: BreakPart | None = Field(default=None, alias="break", description="A break in every shift.")
    mode: Literal["at_post", "random", "beat", "hot_spots"] = Field(
        default="at_post",
        description="at_post: stands at its post; random: drives at random; beat: round its beat; hot_spots: rounds.",
    )
    beat_km: Number = Field(default=5.0, gt=0, le=1000, description="Length of a beat's round; with mode beat.")
    hot_spots: HotSpotsPart | None = Field(default=None, description="The rounds; with mode hot_spots.")
    duty: DutyPart | None = Field(default=None, description="A duty at fixed places and hours.")
    priorities: tuple[Priority, ...] | None = Field(
        default=None, min_length=1, max_length=MOST_PRIORITIES, description="Priorities it answers; empty: all."
    )
    own_sector_only: bool = Field(default=False, description="True: answers calls of its own sector only.")
    speed_factor: Number = Field(default=1.0, gt=0, le=10, description="Its speed, as a multiple; on foot about 0.15.")
    presence: Number = Field(default=1.0, ge=0, le=10, description="Effect of its presence, as a multiple.")
    aid: AidPart | None = Field(default=None, description="The group helps from across a border.")

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        """Refuse fields that contradict each other."""
        if self.shifts is not None and sum(shift.units for shift in self.shifts) != self.units:
            raise PydanticCustomError("shifts", "shifts whose units add up to the group's units")
        if self.hot_spots is not None and self.mode != "hot_spots":
            raise PydanticCustomError("hot_spots", "hot_spots only with mode hot_spots")
        aid_nodes = None if self.aid is None else self.aid.nodes
        if sum(stated is not None for stated in (self.posts, self.post_nodes, aid_nodes)) > 1:
            raise PydanticCustomError("posts", "one of posts, post_nodes and aid.nodes")
        return self


class TrafficPart(Part):
    """Slower or faster driving at some hours."""

    hours: tuple[Annotated[Count, Field(ge=0, le=23)], ...] = Field(
        ..., min_length=1, max_length=24, description="Hours of the day, as 7 for 7:00 to 8:00."
    )
    weekdays: Weekdays | None = Field(default=None, description="Days on which it holds; empty: every day.")
    trunk: Number = Field(default=1.0, gt=0, le=10, description="Speed on trunk roads, as a multiple.")
    main: Number = Field(default=1.0, gt=0, le=10, description="Speed on main roads, as a multiple.")
    street: Number = Field(default=1.0, gt=0, le=10, description="Speed on streets, as a multiple.")
    lane: Number = Field(default=1.0, gt=0, le=10, description="Speed on lanes, as a multiple.")


class TravelPart(Part):
    """How units get about."""

    none: bool = Field(default=False, description="True: nobody needs time to travel, as in textbook queues.")
    counts_as_busy: bool = Field(
        default=True, description="False: a unit is busy for its time on scene only, counted from dispatch."
    )
    back: Literal["drive", "at_once", "stay"] = Field(
        default="drive",
        description="After a call: drive to the post, be there at once, or stay where it is (on a plane: anywhere).",
    )
    off_road_kmh: Number = Field(
        default=5.0,
        gt=0,
        le=200,
        description="Speed of the last metres between the road and the place, there and back.",
    )
    traffic: tuple[TrafficPart, ...] = Field(default=(), max_length=500, description="Driving speed by hour and class.")


class DispatchPart(Part):
    """Which unit is sent to which call."""

    policy: Literal["nearest", "sector_first", "preference"] = Field(
        default="nearest",
        description="nearest: who arrives first; sector_first: the sector's own, then nearest; preference: by list.",
    )
    sectors: Literal["post", "community", "township", "county"] = Field(
        default="post", description="What a sector is: the nodes nearest to a post, or an area of the administration."
    )
    preferences: dict[str, tuple[Count, ...]] | None = Field(
        default=None,
        max_length=1_000_000,
        description="With policy preference: for each node the numbers of the units, 1 first, in order of preference.",
    )
    on_the_move: bool = Field(default=True, description="True: units on patrol and on their way back can be sent.")
    keep_free: tuple[Annotated[Count, Field(ge=0)], ...] = Field(
        default=(), max_length=MOST_PRIORITIES, description="Units kept free from calls of each priority, 0 first."
    )
    redirect: bool = Field(
        default=False, description="True: a unit under way is redirected to a more urgent call that has no free unit."
    )
    preempt: bool = Field(
        default=False, description="True: a unit on scene leaves a less urgent call for the most urgent one."
    )

    @model_validator(mode="after")
    def _preferences_fit(self) -> Self:
        """Refuse preferences without their policy, and the policy without preferences."""
        if (self.preferences is not None) != (self.policy == "preference"):
            raise PydanticCustomError("preferences", "preferences exactly when policy is preference")
        return self


class QueuePart(Part):
    """What becomes of calls for which no unit is free."""

    capacity: Count | None = Field(
        default=None,
        ge=0,
        le=10_000_000,
        description="Calls that may wait before new ones are turned away; 0: none waits (loss); empty: any number.",
    )
    renege_minutes: tuple[Minutes | None, ...] = Field(
        default=(), max_length=MOST_PRIORITIES, description="Mean patience by priority, 0 first; empty: for ever."
    )
    step_up_minutes: tuple[Minutes | None, ...] = Field(
        default=(),
        max_length=MOST_PRIORITIES,
        description="Waiting time by priority after which a call steps up to the next more urgent one.",
    )


class CoverPart(Part):
    """Moves of free units to posts that are bare."""

    rule: Literal["none", "table", "coverage"] = Field(
        default="none",
        description="table: the posts to be manned for each number of free units; coverage: fill the largest gap.",
    )
    table: dict[Count, tuple[Count, ...]] | None = Field(
        default=None,
        max_length=1000,
        description="For each number of free units the numbers of the posts (1 first) to be manned.",
    )
    minutes: Minutes = Field(
        default=5.0, description="With rule coverage: people farther than this from any free unit count as a gap."
    )
    longest_move_minutes: Minutes = Field(default=15.0, description="No unit moves farther than this.")

    @model_validator(mode="after")
    def _table_fits(self) -> Self:
        """Refuse a table without its rule, and the rule without a table."""
        if (self.table is not None) != (self.rule == "table"):
            raise PydanticCustomError("cover", "table exactly when rule is table")
        return self


class ContainmentPart(Part):
    """Flights from a scene, and the rings of check points that units close after the alarm."""

    flights_per_year: Number = Field(..., ge=0, le=1e6, description="Flights from a scene in a year.")
    alarm_delay_minutes: Number = Field(
        default_factory=lambda: float(default("alarm_delay_minutes")),
        ge=0,
        le=10_000,
        description="From the flight to the alarm.",
    )
    rings: tuple[Literal["township", "county", "edge"], ...] = Field(
        default=("township", "county", "edge"),
        min_length=1,
        max_length=3,
        description="Borders closed in turn: of the scene's township (district), of its county (city), of the map.",
    )
    units: Count = Field(
        default_factory=lambda: int(default("containment_units")),
        ge=0,
        le=100_000,
        description="Most units used for one containment.",
    )
    in_time_only: bool = Field(
        default=False,
        description="True: leave out points that the fleeing can have passed, at ordinary speed, before a unit comes.",
    )
    suspect_speed_factor: Number = Field(
        default_factory=lambda: float(default("suspect_speed_factor")),
        gt=0,
        le=5,
        description="Speed of the fleeing, as a multiple of ordinary driving.",
    )
    hold_minutes: Minutes = Field(
        default_factory=lambda: float(default("check_point_hold_minutes")),
        description="Time for which a unit holds a point.",
    )
    stop_probability: Share = Field(
        default_factory=lambda: float(default("check_point_stop_probability")),
        description="Chance to be stopped at a closed point.",
    )

    @model_validator(mode="after")
    def _rings_differ(self) -> Self:
        """Refuse to close the same ring twice."""
        if len(set(self.rings)) < len(self.rings):
            raise PydanticCustomError("rings", "each ring once")
        return self


class TargetsPart(Part):
    """The minutes to which 1-3-5 holds a call, under three readings."""

    by_place: dict[Literal["centre", "town", "country"], Minutes] = Field(
        default={"centre": 1.0, "town": 3.0, "country": 5.0}, description="Minutes by class of place."
    )
    by_tier: dict[Literal["station", "district", "city"], Minutes] = Field(
        default={"station": 1.0, "district": 3.0, "city": 5.0}, description="Minutes by tier of the unit."
    )
    by_priority: tuple[Minutes, ...] = Field(
        default=(1.0, 3.0, 5.0),
        min_length=1,
        max_length=MOST_PRIORITIES,
        description="Minutes by type of call, that is by its priority, 0 first; the last holds for all others.",
    )


class ResponsePart(CrewsPart):
    """Patrol crews, their posts and shifts, and how they are used."""

    units: Count = Field(default=0, ge=0, le=100_000, description="Number of patrol crews; each works one shift a day.")
    groups: tuple[UnitGroup, ...] = Field(
        default=(), max_length=200, description="Groups of units with fields of their own, besides the crews above."
    )
    travel: TravelPart = Field(default_factory=TravelPart, description="How units get about.")
    dispatch: DispatchPart = Field(default_factory=DispatchPart, description="Which unit is sent to which call.")
    queue: QueuePart = Field(default_factory=QueuePart, description="What becomes of calls that find no free unit.")
    cover: CoverPart = Field(default_factory=CoverPart, description="Moves of free units to bare posts.")
    containment: ContainmentPart | None = Field(default=None, description="Flights and the rings closed around them.")
    targets: TargetsPart = Field(default_factory=TargetsPart, description="The minutes of 1-3-5.")

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        """Refuse two groups of one name."""
        names = [group.name for group in self.all_groups()]
        if len(set(names)) < len(names):
            raise PydanticCustomError("groups", "groups with different names; the crews above are the group patrol")
        return self

    @model_validator(mode="after")
    def _ways_take_time(self) -> Self:
        """Refuse to contain flights where nobody needs time to travel."""
        if self.containment is not None and self.travel.none:
            raise PydanticCustomError("containment", "no containment where travel.none is true")
        return self

    def all_groups(self) -> tuple[UnitGroup, ...]:
        """Return every group: the crews that the fields above describe, then those listed."""
        if self.units == 0:
            return self.groups
        alike = {name: getattr(self, name) for name in CrewsPart.model_fields}
        return (UnitGroup(units=self.units, **alike), *self.groups)

    @property
    def unit_count(self) -> int:
        """Number of crews in all groups."""
        return sum(group.units for group in self.all_groups())
