"""What follows from a scenario's fields where the file does not say it: each rule once, for all who need the number."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.engine.units import HOURS_A_DAY, WEEK
from sim.scenario.response import HotSpotsPart

if TYPE_CHECKING:
    from sim.scenario.response import UnitGroup
    from sim.scenario.schema import Scenario

EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BEAT_STOPS = 7  # of a beat's round: a post and six places around it
LEAST_NODES_A_COMMUNITY = 3  # fewer leave a community without streets
FEWEST_NODES_GIVEN = 12  # of a town whose file says how many
NODES_A_COMMUNITY = 8  # about two for each grid: a community holds about four grids
NODES_A_KM2 = 60  # of a dense quarter: a node every 130 m
ROUNDING = 1e-9
FULL = 1.0  # offered load of a unit from which on waits have no steady state
DENSE_KM2 = 50.0
FEWEST_NODES = 60
MOST_NODES = 40_000


def default_nodes(area_km2: float, communities: int) -> int:
    """Return how many street nodes a generated town gets whose file does not say.

    Eight for each community, which is about two for each grid (Jincheng: 2,213 communities, 8,816 grids, 17,704
    nodes), so that a grid's households lie along more than one street. A small dense town needs more, so that its
    blocks are not longer than real ones: 60 for each square kilometre of the first 50. At most 40,000, which keeps
    the tables of routes from every post small, but never fewer than 3 for each community.
    """
    wanted = max(FEWEST_NODES, NODES_A_COMMUNITY * communities, round(NODES_A_KM2 * min(area_km2, DENSE_KM2)))
    return max(min(wanted, MOST_NODES), LEAST_NODES_A_COMMUNITY * communities)


def default_posts(units: int, shift_hours: float, townships: int) -> int:
    """Return one post for each crew on duty on average, at least one a township, but no more than crews."""
    on_duty = math.ceil(units * shift_hours / HOURS_A_DAY)
    return max(min(units, max(on_duty, townships)), 1)


def post_count(group: UnitGroup, townships: int) -> int:
    """Return how many posts a group of units has that are not named one by one."""
    if group.posts is not None:
        return group.posts
    if group.shifts is None:
        return default_posts(group.units, group.shift_hours, townships)
    days = len(EVERY_DAY)
    hours = sum(shift.units * shift.hours * len(shift.weekdays or EVERY_DAY) / days for shift in group.shifts)
    return default_posts(group.units, hours / group.units, townships)


def crew_days(crews: int, weekday_weights: Sequence[float] | None) -> list[int]:
    """Return how many crews work on each weekday, Monday first, where each works seven shifts a week on average.

    The crew-days of the week, seven for each crew, are shared out by the weights (largest remainders, ties to the
    earlier day), so that their number never depends on the weights.
    """
    total = int(WEEK) * crews
    if weekday_weights is None:
        return [crews] * int(WEEK)
    shares = [total * weight / sum(weekday_weights) for weight in weekday_weights]
    days = [math.floor(share) for share in shares]
    order = sorted(range(len(days)), key=lambda day: (days[day] - shares[day], day))
    for day in order[: total - sum(days)]:
        days[day] += 1
    return days


class GroupRows(NamedTuple):
    """How many rows of the table of units a group has.

    Attributes:
        regular: rows for its crews; more than crews where a weekday may have more shifts than another.
        surge: further rows, whose crews work only while a surge calls them.
    """

    regular: int
    surge: int


def levers_named(scenario: Scenario, name: str) -> Iterator[Any]:
    """Yield the scenario's interventions of a name that are switched on."""
    for lever in scenario.interventions:
        if getattr(type(lever), "name", "") == name and getattr(lever, "enabled", True):
            yield lever


def mode_levers(scenario: Scenario, group: UnitGroup, mode: str) -> list[Any]:
    """Return the interventions that let a group patrol in a mode."""
    levers = levers_named(scenario, "patrol_mode")
    return [lever for lever in levers if lever.mode == mode and lever.concerns(group.name)]


def drives_beats(scenario: Scenario, group: UnitGroup) -> bool:
    """Decide whether a group drives beats, from the start or once an intervention says so."""
    return group.mode == "beat" or bool(mode_levers(scenario, group, "beat"))


def spot_settings(scenario: Scenario, group: UnitGroup) -> HotSpotsPart | None:
    """Return how a group makes rounds of hot spots, now or once an intervention says so; None where it never does.

    A group has one set of spots: its own where it has one, else that of the first intervention.
    """
    levers = mode_levers(scenario, group, "hot_spots")
    if group.mode != "hot_spots" and not levers:
        return None
    stated = [group.hot_spots, *(lever.hot_spots for lever in levers)]
    return next((part for part in stated if part is not None), HotSpotsPart())


def group_rows(scenario: Scenario, group: UnitGroup) -> GroupRows:
    """Return how many rows of the table of units a group needs for its own timing and all that levers may ask."""
    profiles = [] if group.shifts is not None else [group.patrol_timing.weekday_weights]
    if group.shifts is None:
        profiles += [lever.weekday_weights for lever in levers_named(scenario, "patrol_timing") if lever.share > 0]
    # A blend of profiles has no heavier day than the heaviest of them; one more row is for the rounding of days.
    heaviest = max((max(weights) * WEEK / sum(weights) for weights in profiles if weights is not None), default=1.0)
    regular = math.floor(group.units * heaviest) + 1 if heaviest > 1.0 + ROUNDING else group.units
    factors = [lever.factor for lever in levers_named(scenario, "patrol_surge") if lever.concerns(group.name)]
    return GroupRows(regular, surge_crews(group, math.prod(factors)))


def surge_crews(group: UnitGroup, factor: float) -> int:
    """Return how many crews a group has on top while a surge multiplies them by ``factor``."""
    return round(group.units * (factor - 1.0))


def unit_rows(scenario: Scenario) -> int:
    """Return how many rows the table of units has."""
    return sum(sum(group_rows(scenario, group)) for group in scenario.response.all_groups())


def waits_for_ever(scenario: Scenario) -> bool:
    """Decide whether a scenario's calls wait however long it takes: no full queue, nobody gives up."""
    queue = scenario.response.queue
    return queue.capacity is None and not any(queue.renege_minutes)


def grids_of_size(households: float, households_per_grid: float) -> int:
    """Return how many grids households make, so many in one; at least one."""
    return max(1, round(households / households_per_grid))


def grid_count(scenario: Scenario, households: float) -> int:
    """Return how many grids a scenario has, from its number of grids or of households in one."""
    each = scenario.grid.households_per_grid
    if scenario.grid.grids is not None or each is None:
        return scenario.grid.grids or 1
    return grids_of_size(households, each)


def helper_count(scenario: Scenario) -> int:
    """Return how many rows staff seconded to the grids need: all that levers send, as if on one day."""
    return sum(lever.staff for lever in levers_named(scenario, "seconded_staff"))


def order_layers(scenario: Scenario) -> int:
    """Return for how many layers of grids an order of visits is kept: 0 where no round ever goes by risk."""
    by_lever = any(lever.rounds == "risk_first" for lever in levers_named(scenario, "grid_rounds"))
    return max(1, len(scenario.grid.sectors)) if by_lever or scenario.grid.rounds == "risk_first" else 0


def worker_count(scenario: Scenario, grids: int) -> int:
    """Return how many grid workers a scenario has for a number of grids; at least one for each."""
    stated = scenario.grid.workers
    return max(grids, round(grids * scenario.grid.workers_per_grid) if stated is None else stated)
