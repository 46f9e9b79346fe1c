"""Patrol timing: which hours and weekdays the crews' shifts follow, from the start or from a policy's first day on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.codes import Status
from sim.engine.clock import HOURS_A_DAY, YEAR
from sim.engine.compiled import from_python
from sim.response.ledger import ledger_at
from sim.response.posts import spread_order
from sim.response.roster import blend
from sim.response.rota import ALL_WEEK, Rota, stated_rota, uncovered_spans, week_rota
from sim.response.shifts import change_shift, set_shift
from sim.scenario import group_rows, surge_crews

if TYPE_CHECKING:
    from sim.scenario import Scenario, UnitGroup
    from sim.world import Table

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]


# That a change of its shift adds to the queue: end and start, break, begin and end of a duty on two days, patrol, a
# call's arrival.
EVENTS_PER_UNIT = 10


class Wish(NamedTuple):
    """Where a policy would have the crews' hours go.

    Attributes:
        profile: ``flat``, ``demand``, ``weights``, or ``keep`` to leave the hours of the day as they are.
        weights: 24 weights, where the profile is ``weights``.
        weekday_weights: 7 weights, Monday first; None leaves the weekdays as they are.
        share: how far to go, from 0 (the timing before it) to 1.
    """

    profile: str
    weights: Sequence[float] | None = None
    weekday_weights: Sequence[float] | None = None
    share: float = 1.0


def demand_by_hour(scenario: Scenario, parameters: Any) -> Floats:
    """Return the expected calls in each hour of the day, mean 1, shape (24,).

    Those of residents' other reasons and those of the scenario's streams count by their rates. Calls of disputes, the
    smaller part, and those of a recorded log are taken to come at the hours of the others.
    """
    others = np.asarray(parameters.call_hour_weight, dtype=np.float64)
    per_day = scenario.people.residents / 1000.0 * parameters.background_calls_per_1000_per_year / YEAR
    demand = per_day * others / others.sum() if scenario.calls.background else np.zeros(HOURS_A_DAY)
    for stream in scenario.calls.streams:
        weights = np.ones(HOURS_A_DAY) if stream.hour_weights is None else np.asarray(stream.hour_weights)
        demand = demand + stream.per_day * weights / weights.sum()
    return blend(demand if demand.any() else others, 1.0)


def profile_weights(profile: str, weights: Sequence[float] | None, scenario: Scenario, parameters: Any) -> Floats:
    """Return the 24 weights of mean 1 that a named profile stands for.

    Raises:
        ValueError: for an unknown profile, or the profile ``weights`` without any.
    """
    if profile == "flat":
        return np.ones(HOURS_A_DAY)
    if profile == "demand":
        return demand_by_hour(scenario, parameters)
    if profile == "weights" and weights is not None:
        return blend(weights, 1.0)
    raise ValueError(f"no weights for the patrol timing {profile!r}")


def moved_weekdays(
    weights: Sequence[float] | None, towards: Sequence[float] | None, share: float
) -> list[float] | None:
    """Return weekday weights of mean 1 moved towards others by a share; None stays None: every day alike."""
    if towards is None or share == 0.0:
        return None if weights is None else list(weights)
    before = np.ones(7) if weights is None else np.asarray(weights, dtype=np.float64)
    after = np.asarray(towards, dtype=np.float64)
    return list((1.0 - share) * before / before.mean() + share * after / after.mean())


def wished_rota(scenario: Scenario, group: UnitGroup, parameters: Any, wishes: Iterable[Wish] = ()) -> Rota:
    """Return the rota of a group's own timing, moved towards each wish in turn by its share.

    A group whose shifts the scenario states one by one keeps them.

    Raises:
        ValueError: for an impossible shift or profile.
    """
    if group.shifts is not None:
        return stated_rota(group.shifts)
    timing = group.patrol_timing
    hours = profile_weights(timing.profile, timing.weights, scenario, parameters)
    weekdays: Sequence[float] | None = timing.weekday_weights
    for wish in wishes:
        if wish.profile != "keep":
            towards = profile_weights(wish.profile, wish.weights, scenario, parameters)
            hours = (1.0 - wish.share) * hours + wish.share * towards
        weekdays = moved_weekdays(weekdays, wish.weekday_weights, wish.share)
    return week_rota(group.units, group.shift_hours, hours, weekdays)


def rows_of(units: Table, number: int, group: UnitGroup, scenario: Scenario) -> tuple[Rows, Rows]:
    """Return the rows of a group: those for its regular crews, and those for crews that only a surge calls in."""
    rows = np.flatnonzero(units["group"] == number)
    regular = group_rows(scenario, group).regular
    return rows[:regular], rows[regular:]


def write_rota(units: Table, rows: Rows, rota: Rota) -> None:
    """Write a rota into the rows of a group's regular crews; rows that it does not need work on no day."""
    used = rows[: len(rota)]
    units["shift_start_hour"][used] = rota.start_hours
    units["shift_hours"][used] = rota.hours
    units["shift_weekdays"][used] = rota.weekdays
    units["shift_weekdays"][rows[len(rota) :]] = 0


def set_timing(world: Any, scenario: Scenario, wishes: Sequence[Wish], now: float) -> None:
    """Let the crews' shifts follow a scenario's timing and the wishes of policies from ``now`` on.

    Crews keep their posts and their order by shift start, so each shift stays spread over the town; a crew whose
    shifts stay the same notices nothing. The crews of a surge under way follow. The queue must have room for
    ``EVENTS_PER_UNIT`` more events a crew.
    """
    wanted: Table = world.units.copy()
    for number, group in enumerate(scenario.response.all_groups()):
        regular, surge = rows_of(wanted, number, group, scenario)
        write_rota(wanted, regular, wished_rota(scenario, group, world.parameters[0], wishes))
        call_surge(wanted, regular, surge, group, int(np.count_nonzero(wanted["shift_weekdays"][surge])))
    change_shifts(world, wanted, now)


def set_surge(world: Any, scenario: Scenario, factors: Mapping[str, float], now: float) -> None:
    """Have ``factor`` times the crews of some groups, by name, from ``now`` on, and of all others the usual ones.

    The crews on top start at the hours of the others, with the first shift after ``now``; once the surge is over,
    they finish the shift under way. The queue must have room for ``EVENTS_PER_UNIT`` more events a crew.
    """
    wanted: Table = world.units.copy()
    for number, group in enumerate(scenario.response.all_groups()):
        regular, surge = rows_of(wanted, number, group, scenario)
        call_surge(wanted, regular, surge, group, surge_crews(group, factors.get(group.name, 1.0)))
    change_shifts(world, wanted, now)


def call_surge(units: Table, regular: Rows, surge: Rows, group: UnitGroup, extra: int) -> None:
    """Give the first ``extra`` of a group's surge rows the hours of its regular crews, evenly; no other works.

    Whose hours a row takes does not depend on how many are called.
    """
    working = regular[units["shift_weekdays"][regular] != 0]
    working = working[spread_order(len(working))]
    units["shift_weekdays"][surge] = 0
    called = surge[:extra]
    like = np.resize(working, len(called))
    units["shift_start_hour"][called] = units["shift_start_hour"][like]
    units["shift_hours"][called] = units["shift_hours"][like]
    units["shift_weekdays"][called] = ALL_WEEK if group.shifts is None else units["shift_weekdays"][like]


def change_shifts(world: Any, wanted: Table, now: float) -> None:
    """Give every crew whose shifts differ from those wanted the new ones."""
    for row in range(len(wanted)):
        unit, new = world.units[row], wanted[row]
        start, hours, weekdays = float(new.shift_start_hour), float(new.shift_hours), int(new.shift_weekdays)
        if (unit.shift_start_hour, unit.shift_hours, unit.shift_weekdays) != (start, hours, weekdays):
            # Who is called in or sent home for some days neither joins a shift under way nor leaves one.
            gently = unit.surge or unit.shift_weekdays == 0 or weekdays == 0
            from_python(change_shift if gently else set_shift)(world, row, start, hours, weekdays, now)


def start_shifts(world: Any) -> None:
    """Start the shifts of a run at time 0: who is within its hours comes on duty, all others wait for theirs."""
    for row in range(len(world.units)):
        unit = world.units[row]
        start, hours, weekdays = float(unit.shift_start_hour), float(unit.shift_hours), int(unit.shift_weekdays)
        from_python(change_shift if unit.surge else set_shift)(world, row, start, hours, weekdays, 0.0)


def uncovered_hours(scenario: Scenario, parameters: Any, wishes: Sequence[Wish] = ()) -> list[tuple[float, float]]:
    """Return the parts of a week that no crew of the town covers; calls then wait for the next shift.

    Each is (from, until) in hours since Monday 0:00. With the wishes of policies, they are those after the policies'
    first day. Help from across a border does not count.
    """
    own = [group for group in scenario.response.all_groups() if group.aid is None]
    return uncovered_spans(wished_rota(scenario, group, parameters, wishes) for group in own)


def surge_unit_hours(world: Any, now: float) -> float:
    """Return the hours on duty so far of the crews that a surge has called in on top of the others."""
    days = ledger_at(world.units, now)
    called = np.asarray(world.units["surge"]) != 0
    return float(HOURS_A_DAY * (days.sum(axis=1) - days[:, Status.OFF_DUTY])[called].sum())
