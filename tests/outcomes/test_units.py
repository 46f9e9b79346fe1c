"""How patrol units spend their hours."""

import math
from typing import Any

import pytest

from sim.codes import Leg, Status
from sim.outcomes import ON_DUTY, outcomes, records_of, unit_time
from sim.outcomes.units import BUSY, PATROL
from sim.world import DTYPES, empty_table

DAYS = {
    Status.OFF_DUTY: 3.0,
    Status.AT_POST: 2.0,
    Status.TO_SCENE: 0.5,
    Status.ON_SCENE: 1.5,
    Status.RETURNING: 0.5,
    Status.PATROLLING: 1.0,
    Status.DWELLING: 0.5,
    Status.ON_BREAK: 0.5,
    Status.TO_RING: 0.25,
    Status.AT_RING: 0.25,
}


def spent(hand: Any, **events: Any) -> Any:
    """Return a world after ten days in which every unit has spent the same time in each status."""
    world = hand.world(**events)
    world.units["status"] = Status.OFF_DUTY
    world.units["since"] = 10.0
    for status, days in DAYS.items():
        world.units["spent"][:, status] = days
    return world


def test_utilisation_is_busy_over_on_duty(hand: Any) -> None:
    values = outcomes(records_of(spent(hand), hand.calendar, 10.0))
    assert values["unit_hours_on_duty"] == pytest.approx(3 * 7.0 * 24)
    assert values["unit_utilisation"] == values["unit_utilisation_highest"] == pytest.approx(2.5 / 7.0)
    assert values["unit_patrol_share"] == pytest.approx(1.5 / 7.0)
    assert values["unit_hours_unbalanced"] == 0.0
    assert set(BUSY) | set(PATROL) < set(ON_DUTY)
    assert len(ON_DUTY) == len(Status) - 1


def test_books_that_do_not_balance_show(hand: Any) -> None:
    world = spent(hand)
    world.units["spent"][0, Status.AT_POST] += 1.0
    world.units["spent"][1, Status.AT_POST] -= 1.0
    assert outcomes(records_of(world, hand.calendar, 10.0))["unit_hours_unbalanced"] == pytest.approx(48.0)


def test_the_ledger_by_group_sums_to_all_hours(hand: Any) -> None:
    world = spent(hand)
    ledger = unit_time(records_of(world, hand.calendar, 10.0))
    assert sum(hours for hours in ledger["hours"] if isinstance(hours, float)) == pytest.approx(3 * 240.0)
    rows = dict(zip(zip(ledger["group"], ledger["status"], strict=True), ledger["hours"], strict=True))
    assert rows["group 1", "on_scene"] == pytest.approx(2 * 36.0)
    assert rows["group 2", "on_scene"] == pytest.approx(36.0)


def test_units_from_across_the_border_are_nobody_s_hours_here(hand: Any) -> None:
    world = spent(hand)
    before = outcomes(records_of(world, hand.calendar, 10.0))
    world.groups["aid"] = [0, 1]
    world.units["overtime_days"] = 1.0
    after = outcomes(records_of(world, hand.calendar, 10.0))
    assert after["unit_hours_on_duty"] == pytest.approx(before["unit_hours_on_duty"] * 2 / 3)
    assert after["cost_police_yuan"] == pytest.approx(before["cost_police_yuan"] * 4 / 7)  # crews of 2, 2 and 3
    assert after["unit_overtime_hours"] == pytest.approx(48.0)


def test_the_busiest_group_is_not_the_mean(hand: Any) -> None:
    world = spent(hand)
    world.units["spent"][2, [Status.AT_POST, Status.ON_SCENE]] = [0.0, 3.5]
    values = outcomes(records_of(world, hand.calendar, 10.0))
    assert values["unit_utilisation_highest"] == pytest.approx(4.5 / 7.0)
    assert values["unit_utilisation"] == pytest.approx((2.5 + 2.5 + 4.5) / 21.0)


def test_offered_load_is_what_calls_ask_for(hand: Any) -> None:
    calls = [hand.answered(1.0, units_wanted=2), {"received": 2.0}, {"received": 2.0}]
    dispatches = [{"call": 0, "dispatched": 1.0, "cleared": 1.0 + hours / 24.0} for hours in (1.0, 3.0)]
    dispatches.append({"call": 0, "dispatched": 1.0, "cleared": 5.0, "leg": Leg.PREEMPTED})
    world = spent(hand, calls=calls, dispatches=dispatches)
    values = outcomes(records_of(world, hand.calendar, 10.0))
    assert values["unit_load"] == pytest.approx(4 * 2.0 / (3 * 7.0 * 24))


def test_driven_way_is_that_of_all_units(hand: Any) -> None:
    world = spent(hand)
    world.units["driven_metres"] = [1000.0, 500.0, 250.0]
    assert outcomes(records_of(world, hand.calendar, 10.0))["unit_kilometres"] == pytest.approx(1.75)


def test_stops_at_hot_spots(hand: Any) -> None:
    spots = empty_table(DTYPES["spots"], 4)
    spots["visits"] = [10, 5, 5, 0]
    taken = records_of(spent(hand)._replace(spots=spots), hand.calendar, 10.0)
    values = outcomes(taken)
    assert values["hot_spot_stops"] == 20.0
    assert values["hot_spot_interval_hours"] == pytest.approx(4 * 240.0 / 20.0)
    assert values["hot_spot_minutes_per_day"] == pytest.approx(3 * 0.5 * 1440.0 / (4 * 10.0))
    assert taken.column("spots", "visits").tolist() == [10, 5, 5, 0]


def test_a_town_without_hot_spots_has_no_interval(hand: Any) -> None:
    values = outcomes(records_of(spent(hand), hand.calendar, 10.0))
    assert values["hot_spot_stops"] == 0.0
    assert math.isnan(values["hot_spot_interval_hours"])
    assert math.isnan(values["hot_spot_minutes_per_day"])
