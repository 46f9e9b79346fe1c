"""What must hold between the fields of a scenario: counts that fit into each other.

The rules look at a plain tree of mappings, so that they also speak about a file in which single fields are wrong:
a rule whose figures are missing or no numbers is skipped.
"""

from __future__ import annotations

import math
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sim.scenario.categories import CATEGORY_NAMES
from sim.scenario.derived import EVERY_DAY, LEAST_NODES_A_COMMUNITY
from sim.scenario.disputes import LUNAR_YEARS
from sim.scenario.faults import (
    Fault,
    Wrong,
    grids,
    grids_field,
    households,
    number_at,
    value_at,
    without_wrong,
)
from sim.scenario.grid_counts import sectors_fit, workers_have_grids
from sim.scenario.parameters import default, is_number

AREAS_OF_LEVEL = {"community": "communities", "township": "townships", "county": "counties"}
PROFILES = ("flat", "demand", "weights")


def no_more_than(field: str, other: str) -> Callable[[Mapping[str, Any]], Iterator[Fault]]:
    """Return the rule that one field's number is at most another's."""

    def rule(tree: Mapping[str, Any]) -> Iterator[Fault]:
        mine, most = number_at(tree, field), number_at(tree, other)
        if mine is not None and most is not None and mine > most:
            yield Fault(field, mine, f"at most {other} ({most:,g})")

    return rule


def grids_fit(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse fewer grids than communities and more grids than households."""
    count, communities, homes = grids(tree), number_at(tree, "town.communities"), households(tree)
    field = grids_field(tree)
    given = value_at(tree, field)
    if value_at(tree, "grid.grids") is not None and value_at(tree, "grid.households_per_grid") is not None:
        yield Fault("grid.households_per_grid", given, "to be left out (or null) where grid.grids is given")
    if count is None:
        return
    if communities is not None and count < communities and field == "grid.grids":
        yield Fault(field, given, f"at least one grid for each of {communities:,g} communities")
    elif communities and homes is not None and count < communities:
        most = max(1, math.floor(homes / communities))
        given = default("households_per_grid") if given is None else given
        yield Fault(field, given, f"at most {most}, which makes a grid for each of {communities:,g} communities")
    if homes is not None and count > homes and field == "grid.grids":
        yield Fault(field, given, f"at most as many grids as households, about {homes:,.0f}")


def workers_fit(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse a stated number of grid workers that leaves a grid without one."""
    workers, count = number_at(tree, "grid.workers"), grids(tree)
    if workers is not None and count is not None and workers < count:
        yield Fault("grid.workers", workers, f"at least one worker for each of {count:,g} grids")


def communities_fit(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse more communities than households."""
    communities, homes = number_at(tree, "town.communities"), households(tree)
    if communities is not None and homes is not None and communities > homes:
        yield Fault("town.communities", communities, f"at most as many as households, about {homes:,.0f}")


def nodes_fit(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse a town with too few street nodes for its communities."""
    nodes, communities = number_at(tree, "town.road_nodes"), number_at(tree, "town.communities")
    if nodes is not None and communities is not None and nodes < LEAST_NODES_A_COMMUNITY * communities:
        least = f"at least {LEAST_NODES_A_COMMUNITY} for each of {communities:,g} communities"
        yield Fault("town.road_nodes", nodes, least)


def lattice_fits(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse a plane with fewer nodes than communities or posts."""
    lattice = number_at(tree, "town.lattice")
    for field, word in (("town.communities", "communities"), ("response.posts", "posts")):
        needed = number_at(tree, field)
        if lattice is not None and needed is not None and lattice >= 1 and lattice * lattice < needed:
            side = math.ceil(math.sqrt(needed))
            yield Fault("town.lattice", lattice, f"at least {side}, which makes a node for each of {needed:,g} {word}")


def timings(tree: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield every patrol timing of the response with the path of its field."""
    yield "response.patrol_timing", value_at(tree, "response.patrol_timing")
    groups = value_at(tree, "response.groups")
    for row, group in enumerate(groups if isinstance(groups, list | tuple) else ()):
        if isinstance(group, Mapping):
            yield f"response.groups.{row}.patrol_timing", group.get("patrol_timing")


def weights_fit(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse weights without their profile, the profile without weights, and weights that are no profile."""
    for path, timing in timings(tree):
        given = timing if isinstance(timing, Mapping) else {}
        weights, profile = given.get("weights"), given.get("profile") or "flat"
        field = f"{path}.weights"
        if isinstance(timing, Wrong) or profile not in PROFILES or isinstance(weights, Wrong):
            continue
        if weights is None and profile == "weights":
            yield Fault(field, None, "24 weights, since the profile is weights")
        if weights is not None and profile != "weights":
            yield Fault(field, weights, f"to be left out, since the profile is {profile}")
        if not isinstance(weights, list | tuple) or not all(is_number(weight) for weight in weights):
            continue
        if any(weight < 0 for weight in weights) or not 0 < sum(weights) < math.inf:
            yield Fault(field, weights, "weights of 0 or more, one of them more than 0")


def streams_fit(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse calls from homes where nobody lives."""
    streams = value_at(tree, "calls.streams")
    if number_at(tree, "people.residents", 0) != 0 or not isinstance(streams, list | tuple):
        return
    for row, stream in enumerate(streams):
        if isinstance(stream, Mapping) and value_at(stream, "places.kind") == "residents":
            yield Fault(f"calls.streams.{row}.places.kind", "residents", "uniform or weights, since nobody lives there")


def time_zones_known(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse time zones that there are not."""
    for field in ("calls.log.time_zone", "calls.log.town_time_zone"):
        name = value_at(tree, field)
        if not isinstance(name, str) or (name == "none" and field == "calls.log.time_zone"):
            continue
        known = zoneinfo.available_timezones()
        if name not in known:
            wanted = "a time zone as Asia/Shanghai, America/Chicago or UTC"
            yield Fault(field, name, wanted, tuple(sorted(known)))


def containment_has_roads(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse rings of check points where there are no roads to be closed."""
    field = "response.containment"
    part = value_at(tree, field)
    if value_at(tree, "town.kind") == "plane" and isinstance(part, Mapping):
        yield Fault(field, "given", "to be left out on a plane, which has no roads to be closed")


def categories_known(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse rates of categories that there are not."""
    part = value_at(tree, "disputes.categories")
    for name in part if isinstance(part, Mapping) else ():
        if name not in CATEGORY_NAMES:
            yield Fault(f"disputes.categories.{name}", name, "the name of a category", CATEGORY_NAMES)


def hours_fit(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse a category with frictions at an hour at which the general profile has none."""
    part = value_at(tree, "disputes.categories")
    general = value_at(tree, "parameters.friction_hour_weight") or default("friction_hour_weight")
    for name, one in part.items() if isinstance(part, Mapping) else ():
        own = one.get("hour_weights") if isinstance(one, Mapping) else None
        if not isinstance(own, list | tuple) or not isinstance(general, list | tuple) or len(own) != len(general):
            continue
        pairs = zip(own, general, strict=True)
        if any(is_number(mine) and mine > 0 and weight == 0 for mine, weight in pairs):
            allowed = "0 at every hour at which parameters.friction_hour_weight is 0"
            yield Fault(f"disputes.categories.{name}.hour_weights", list(own), allowed)


def lunar_years_known(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse the lunar new year in years of which nobody knows it."""
    start, days = value_at(tree, "calendar.start_date"), number_at(tree, "calendar.days", 365)
    if value_at(tree, "disputes.lunar_new_year") is not True or days is None or not 1 <= days <= 3660:
        return
    try:
        first = date.fromisoformat(start) if isinstance(start, str) else start
    except ValueError:
        return
    if isinstance(first, date) and not {first.year, (first + timedelta(days - 1)).year} <= set(LUNAR_YEARS):
        allowed = (
            f"to lie, with all days, in {LUNAR_YEARS[0]} to {LUNAR_YEARS[-1]} where disputes.lunar_new_year is true"
        )
        yield Fault("calendar.start_date", str(first), allowed)


def crews_fit(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse a response without any crew."""
    if not isinstance(tree.get("response"), Mapping) or value_at(tree, "response.groups"):
        return
    if number_at(tree, "response.units", 0) == 0:
        yield Fault(
            "response.units", value_at(tree, "response.units") or 0, "1 or more, unless response.groups are given"
        )


def offices_fit(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse a group of offices with more offices than its level has areas, or more mediators than residents."""
    groups = value_at(tree, "mediation.offices")
    for row, group in enumerate(groups if isinstance(groups, list | tuple) else ()):
        if not isinstance(group, Mapping):
            continue
        place, level = f"mediation.offices.{row}", str(group.get("level"))
        number, mediators = number_at(group, "number"), number_at(group, "mediators")
        areas = 1.0 if level == "city" else number_at(tree, f"town.{AREAS_OF_LEVEL.get(level)}")
        people = number_at(tree, "people.residents")
        if number is not None and areas is not None and number > areas:
            yield Fault(f"{place}.number", number, f"at most {areas:,g}, one office for each {level}")
        if mediators is not None and people is not None and mediators > people:
            yield Fault(f"{place}.mediators", mediators, f"at most people.residents ({people:,g})")
        weekdays, coming = group.get("weekdays"), weekdays_of(tree)
        if weekdays and mediators and coming and not coming & set(weekdays):
            allowed = f"one of the calendar's ({', '.join(sorted(coming, key=EVERY_DAY.index))}), or more days there"
            yield Fault(f"{place}.weekdays", list(weekdays), allowed)


def weekdays_of(tree: Mapping[str, Any]) -> set[str]:
    """Return the weekdays that a scenario's calendar has; none where the calendar itself is wrong."""
    days, first = number_at(tree, "calendar.days"), value_at(tree, "calendar.start_date")
    try:
        start = first if isinstance(first, date) else date.fromisoformat(str(first))
    except ValueError:
        return set()
    return {EVERY_DAY[(start.weekday() + day) % 7] for day in range(min(int(days or 0), 7))}


RULES: tuple[Callable[[Mapping[str, Any]], Iterator[Fault]], ...] = (
    no_more_than("town.counties", "town.townships"),
    no_more_than("town.townships", "town.communities"),
    nodes_fit,
    lattice_fits,
    communities_fit,
    no_more_than("people.merchants", "people.residents"),
    grids_fit,
    workers_fit,
    workers_have_grids,
    sectors_fit,
    no_more_than("mediation.mediators", "people.residents"),
    offices_fit,
    crews_fit,
    no_more_than("response.posts", "response.units"),
    no_more_than("response.posts", "town.road_nodes"),
    weights_fit,
    streams_fit,
    time_zones_known,
    containment_has_roads,
    categories_known,
    hours_fit,
    lunar_years_known,
)


def count_faults(tree: Mapping[str, Any], wrong: Iterable[str] = ()) -> list[Fault]:
    """Return everything that is wrong between the fields of a scenario's tree.

    ``wrong`` names the fields that are wrong by themselves, as ``people.residents``: what would follow from their
    values is left out.
    """
    judged = without_wrong(tree, wrong)
    return [fault for rule in RULES for fault in rule(judged)]
