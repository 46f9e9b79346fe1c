"""People, staff, equity, burden and cost."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from sim.codes import Channel, Status
from sim.outcomes import HEADLINE, RESPONSE_HEADLINE, by_district, find_outcome, outcomes, records_of
from sim.outcomes.equity import BAND_HOURS, LEAST_CALLS_A_BAND
from sim.scenario import default

YEAR = 365.0


def test_tension_is_a_mean_over_residents_and_days(hand: Any) -> None:
    world = hand.world()
    world.series["true_tension_sum"][::2] = 2.0
    world.series["true_tension_sum"][1::2] = 1.0
    values = outcomes(records_of(world, hand.calendar, 120.0))
    assert values["tension_mean"] == pytest.approx(3.0 / 8.0)
    half_life = default("tension_half_life_days")
    assert values["tension_end"] == pytest.approx(1.5 / 8.0 * 0.5 ** (120.0 / half_life))
    assert values["trust_grid_mean"] == pytest.approx(3.6 / 8.0, abs=1e-6)


def test_utilisation_of_staff_is_over_the_hours_they_owed(hand: Any) -> None:
    world = hand.world()
    world.workers["visit_hours"] = [100.0, 50.0, 30.0]
    world.workers["case_hours"] = [20.0, 0.0, 0.0]
    world.workers["overtime_hours"] = [4.0, 0.0, 2.0]
    world.workers["employed_days"] = [0.0, 0.0, 60.0]
    world.mediators["hours"] = 30.0
    values = outcomes(records_of(world, hand.calendar, 120.0))
    working = (np.arange(120) % 7 < 5).sum()
    assert values["grid_workers"] == pytest.approx(2.5)
    assert values["worker_utilisation"] == pytest.approx(200.0 / (2.5 * working * default("work_hours_per_day")))
    assert values["worker_overtime_hours"] == pytest.approx(6.0 / 300.0 * 30.0)
    assert values["mediator_utilisation"] == pytest.approx(30.0 / (working * default("mediation_hours_per_day")))


def test_costs_follow_the_pay_table(hand: Any) -> None:
    world = hand.world(
        disputes=[{"born": 1.0}], cases=[{"channel": Channel.TOWNSHIP, "opened": 1.0, "acted": 2.0, "closed": 3.0}] * 4
    )
    world.units["status"] = Status.OFF_DUTY
    world.units["since"] = 73.0
    # A third of the day on duty, in each status alike, of which two hours are overtime.
    world.units["spent"][:, Status.OFF_DUTY] = 73.0 - 73.0 / 3
    world.units["spent"][:, 1:] = 73.0 / 3 / (len(Status) - 1)
    world.units["overtime_days"] = 2.0 / 24
    values = outcomes(records_of(world, hand.calendar, 73.0))
    grid = 2 * 73.0 / (YEAR / 12) * default("grid_worker_pay_yuan_per_month")
    mediation = 73.0 / (YEAR / 12) * default("mediator_pay_yuan_per_month") + 4 * default("mediator_yuan_per_case")
    hours = (2 + 2 + 3) * 73.0 * 8.0
    police = hours / default("paid_hours_per_year") * default("police_pay_yuan_per_year")
    assert values["cost_grid_yuan"] == pytest.approx(grid)
    assert values["cost_mediation_yuan"] == pytest.approx(mediation)
    assert values["cost_police_yuan"] == pytest.approx(police)
    assert values["cost_total_yuan"] == pytest.approx(grid + mediation + police)
    assert values["cost_per_resident_yuan"] == pytest.approx((grid + mediation + police) / 8 / 73.0 * YEAR)


def test_a_lever_in_the_middle_of_the_run_costs_only_from_then_on(hand: Any) -> None:
    world = hand.world()
    world.state["employment_booked"] = 60.0
    world.workers["employed_days"] = [60.0, 0.0, 0.0]
    late = outcomes(records_of(world, hand.calendar, 120.0))["cost_grid_yuan"]
    always = outcomes(records_of(hand.world(), hand.calendar, 120.0))["cost_grid_yuan"]
    assert late / always == pytest.approx(180.0 / 240.0)


def test_burdens(hand: Any) -> None:
    world = hand.world(
        disputes=[{"born": 1.0}],
        cases=[{"opened": 3.0, "discovered": 1}, {"opened": 3.0}],
        sessions=[{"start": 5.0, "end": 5.125}, {"start": 6.0, "end": 6.125}],
    )
    world.series["visits"][:4] = 2
    values = outcomes(records_of(world, hand.calendar, 120.0))
    assert values["visits_per_household"] == 2.0
    assert values["empty_visits_share"] == 7 / 8
    assert values["party_mediation_hours"] == pytest.approx(2 * 6.0)
    assert values["mediation_sessions"] == 2.0


def test_equity_leaves_out_districts_with_few_events(hand: Any) -> None:
    found = {"born": 1.0, "found": 2.0, "found_by": Channel.SELF}
    known = {"born": 1.0, "found": 2.0, "found_by": Channel.POLICE}
    disputes = [{**found, "community": 0}] * 75 + [{**known, "community": 0}] * 25
    few = outcomes(hand.records(disputes=[*disputes, *([{**found, "community": 1, "party_a": 2}] * 99)]))
    assert math.isnan(few["found_share_gap"])
    assert math.isnan(few["found_share_migrant_gap"])
    assert few["districts_by_disputes"] == 1.0
    enough = outcomes(hand.records(disputes=[*disputes, *([{**found, "community": 1, "party_a": 2}] * 100)]))
    assert (enough["districts_by_disputes"], enough["districts_by_response"]) == (2.0, 0.0)
    assert enough["found_share_gap"] == pytest.approx(0.25)
    assert enough["found_share_gini"] == pytest.approx(0.25 / (2 * 1.75))
    assert enough["found_share_migrant_gap"] == pytest.approx(0.25)
    assert math.isnan(enough["true_settled_share_gini"])
    assert enough["true_settled_share_gap"] == 0.0


def test_the_slow_district_shows_in_the_gap(hand: Any) -> None:
    calls = [hand.answered(1.0 + day, travel=2.0, community=0) for day in range(100)]
    calls += [hand.answered(1.0 + day, travel=7.0, community=1) for day in range(100)]
    taken = hand.records(calls=calls)
    assert outcomes(taken)["response_p90_gap"] == pytest.approx(5.0)
    table = by_district(taken)
    assert table["calls"].tolist() == [100, 100]
    assert table["response_minutes_p90"].tolist() == pytest.approx([3.5, 8.5])
    assert np.isnan(table["recorded_found_share"]).all()


def calls_at(hand: Any, hour: float, travel: float, number: int) -> list[dict[str, Any]]:
    """Return so many calls received at an hour of as many days, answered after 1.5 + travel minutes."""
    return [hand.answered(1.0 + day + hour / 24.0, travel=travel) for day in range(number)]


def calls_in_bands(hand: Any, travel: Sequence[float], number: int) -> list[dict[str, Any]]:
    """Return so many calls of each band of the day, spread over its hours, answered after 1.5 + travel minutes."""
    return [
        hand.answered(1.0 + one + (BAND_HOURS * band + one % BAND_HOURS + 0.5) / 24.0, travel=minutes)
        for band, minutes in enumerate(travel)
        for one in range(number)
    ]


def test_slow_hours_show_in_the_gap_though_each_alone_has_few_calls(hand: Any) -> None:
    nights = [11.5, 2.0, 3.0, 2.5, 2.0, 4.0]  # crews were moved to the day; the night has eight calls an hour
    calls = calls_in_bands(hand, nights, LEAST_CALLS_A_BAND)
    calls += calls_at(hand, 15.0, 3.0, 100)
    calls += [{"received": 1.0 + day + 15.5 / 24.0} for day in range(5)]  # not reached: no response time
    values = outcomes(hand.records(calls=calls))
    assert values["response_hour_gap"] == pytest.approx(9.5)


def test_a_band_of_the_day_with_few_calls_is_not_left_out_of_the_gap(hand: Any) -> None:
    calls = calls_in_bands(hand, [11.5, 2.0, 3.0, 2.5, 2.0, 4.0], LEAST_CALLS_A_BAND)
    assert math.isnan(outcomes(hand.records(calls=calls[1:]))["response_hour_gap"])
    assert f"fewer than {LEAST_CALLS_A_BAND} answered calls" in find_outcome("response_hour_gap").definition


def test_every_headline_of_the_response_shows_who_may_lose() -> None:
    assert "response_hour_gap" in HEADLINE
    assert {"response_hour_gap", "urgent_response_minutes_p90", "calls_unanswered"} <= set(RESPONSE_HEADLINE)


def test_the_night_is_from_midnight_to_six(hand: Any) -> None:
    calls = calls_at(hand, 0.0, 2.0, 1) + calls_at(hand, 5.9, 8.0, 1)
    calls += calls_at(hand, 6.1, 50.0, 1) + calls_at(hand, 23.9, 70.0, 1)
    values = outcomes(hand.records(calls=[*calls, {"received": 7.1}]))
    assert values["response_night_minutes_mean"] == pytest.approx(6.5)
    assert math.isnan(outcomes(hand.records(calls=calls[2:]))["response_night_minutes_mean"])
