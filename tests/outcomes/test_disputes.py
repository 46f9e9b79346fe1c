import math
from typing import Any

import numpy as np
import pytest

from sim.codes import Channel, State
from sim.outcomes import outcomes

FADED = {"state": State.ENDED, "end_channel": Channel.SELF}


def test_incidence_counts_relapses_and_scales_to_a_year(hand: Any) -> None:
    values = outcomes(hand.records(disputes=[{"born": 1.0}, {"born": 2.0, "parent": 0}]))
    assert values["true_disputes"] == 2.0
    assert values["true_disputes_per_1000"] == pytest.approx(2 / 8 / 120 * 365 * 1000)


def test_every_dispute_ends_in_one_way_or_is_open(hand: Any) -> None:
    ended = {"state": State.ENDED, "ended": 9.0, "born": 1.0}
    values = outcomes(
        hand.records(
            disputes=[
                hand.settled(Channel.GRID, 1.0, 5.0),
                hand.settled(Channel.TOWNSHIP, 1.0, 9.0),
                hand.settled(Channel.COUNTY, 1.0, 9.0),
                hand.settled(Channel.POLICE, 1.0, 9.0),
                {**ended, "end_channel": Channel.SELF},
                {**ended, "end_channel": Channel.COURT},
                {**ended, "end_channel": Channel.PETITION},
                {"born": 1.0},
            ]
        )
    )
    assert values["true_settled_by_grid_share"] == 1 / 8
    assert values["true_settled_by_mediation_share"] == 2 / 8
    assert values["true_settled_by_police_share"] == 1 / 8
    assert values["true_settled_share"] == 4 / 8
    assert (values["court_cases"], values["petitions"]) == (1.0, 1.0)
    parts = values["true_settled_share"] + values["true_faded_share"] + values["true_open_share"]
    assert parts + (values["court_cases"] + values["petitions"]) / values["true_disputes"] == pytest.approx(1.0)


def test_discovery_over_all_and_over_those_with_time_enough(hand: Any) -> None:
    values = outcomes(
        hand.records(
            disputes=[
                {"born": 10.0, "found": 15.0, "found_by": Channel.GRID},
                {"born": 10.0, "found": 50.0, "found_by": Channel.POLICE},
                {"born": 20.0},
                {"born": 20.0, "found": 25.0, "found_by": Channel.COURT},
                {"born": 5.0, "found": 100.0, "found_by": Channel.SELF},
                {"born": 100.0, "found": 101.0, "found_by": Channel.SELF},  # too late to be watched for 30 days
            ]
        )
    )
    assert values["recorded_found_share"] == 3 / 6
    assert values["recorded_broke_out_share"] == 2 / 6
    assert values["recorded_found_by_visit_share"] == 1 / 6
    assert values["recorded_found_in_30_days_share"] == 1 / 5
    # Found after 5 days; by the police; never; in court; after 95 days: all but the first count as 90.
    assert values["days_to_discovery"] == pytest.approx((5 + 4 * 90) / 5)


def test_a_dispute_that_only_the_police_know_is_open_and_not_found(hand: Any) -> None:
    called = {"born": 1.0, "found": 2.0, "found_by": Channel.POLICE, "state": State.LEFT_ALONE, "calls": 1}
    values = outcomes(hand.records(disputes=[called]))
    assert (values["true_open_share"], values["recorded_broke_out_share"]) == (1.0, 1.0)
    assert (values["recorded_found_share"], values["recorded_disputes_per_1000"]) == (0.0, 0.0)


def test_what_is_found_after_the_horizon_is_not_found(hand: Any) -> None:
    late = {"born": 10.0, "found": 60.0, "found_by": Channel.GRID}
    values = outcomes(hand.records(50.0, disputes=[late]))
    assert (values["recorded_found_share"], values["recorded_found_in_30_days_share"]) == (0.0, 0.0)
    assert math.isnan(values["days_to_discovery"])


def test_finding_more_slow_ones_does_not_lengthen_the_days_to_discovery(hand: Any) -> None:
    quick = [{"born": 1.0, "found": 3.0, "found_by": Channel.GRID}] * 5
    more = {"born": 1.0, "found": 81.0, "found_by": Channel.GRID}
    few, many = (outcomes(hand.records(disputes=[*quick, last])) for last in ({"born": 1.0}, more))
    assert many["days_to_discovery"] < few["days_to_discovery"]


def test_the_books_hold_cases_and_each_dispute_once(hand: Any) -> None:
    values = outcomes(
        hand.records(
            disputes=[{"born": 1.0, "handlings": 3}, {"born": 2.0, "handlings": 1}, {"born": 3.0, "calls": 2}],
            cases=[
                {"opened": 2.0},
                {"opened": 3.0, "channel": Channel.TOWNSHIP},
                {"opened": 4.0, "channel": Channel.COUNTY, "withdrawn": 1, "closed": 5.0},
                {"opened": 5.0, "dispute": 1},
            ],
        )
    )
    assert (values["recorded_cases"], values["recorded_mediation_cases"]) == (4.0, 2.0)
    assert values["recorded_disputes_per_1000"] == pytest.approx(2 / 8 / 120 * 365 * 1000)
    assert values["recorded_mediation_cases_per_1000"] == pytest.approx(2 / 8 / 120 * 365 * 1000)
    assert values["recorded_disputes_per_1000"] < values["true_disputes_per_1000"]


def test_settlement_in_time_is_asked_only_of_disputes_old_enough(hand: Any) -> None:
    values = outcomes(
        hand.records(
            disputes=[
                hand.settled(Channel.GRID, 10.0, 20.0),
                hand.settled(Channel.GRID, 10.0, 110.0),
                {"born": 11.0, "state": State.ENDED, "end_channel": Channel.SELF, "ended": 12.0},
                hand.settled(Channel.GRID, 31.0, 32.0),  # born 89 days before the end
            ]
        )
    )
    assert values["true_settled_in_90_days_share"] == 1 / 3
    assert values["days_to_settlement"] == pytest.approx((10 + 100 + 1) / 3)


def test_relapses_are_counted_over_settlements_watched_for_90_days(hand: Any) -> None:
    values = outcomes(
        hand.records(
            disputes=[
                hand.settled(Channel.GRID, 1.0, 5.0),
                hand.settled(Channel.GRID, 1.0, 6.0),
                hand.settled(Channel.GRID, 1.0, 60.0),  # settled too late to be watched
                {"born": 50.0, "parent": 0},
                {"born": 97.0, "parent": 1},  # came back after 91 days
                {"born": 61.0, "parent": 2},
            ]
        )
    )
    assert values["relapse_in_90_days_share"] == 1 / 2


def test_stages(hand: Any) -> None:
    climbed = {"born": 1.0, "peak_stage": 8, "reached_4": 3.0, "reached_7": 4.0, "violence": 2}
    values = outcomes(hand.records(disputes=[climbed, {"born": 1.0, "peak_stage": 4, "reached_4": 1.0}, {"born": 1.0}]))
    assert values["true_share_reached_stage_4"] == 2 / 3
    assert values["true_share_reached_stage_7"] == 1 / 3
    assert values["true_peak_stage_mean"] == pytest.approx(13 / 3)
    assert values["true_violence"] == 2.0


def test_books_and_truth_of_concluded_cases(hand: Any) -> None:
    closed = {"closed": 9.0, "opened": 5.0, "acted": 6.0}
    values = outcomes(
        hand.records(
            disputes=[{"born": 1.0}],
            cases=[
                {**closed, "true_settled": 1, "recorded_settled": 1},
                {**closed, "recorded_settled": 1},
                {**closed},
                {**closed, "recorded_settled": 1},
                {**closed, "passed_up": 1},
                {**closed, "withdrawn": 1},
                {"opened": 5.0},
            ],
        )
    )
    assert values["recorded_settled_share"] == 3 / 4
    assert values["true_case_settled_share"] == 1 / 4
    assert values["settlement_gap"] == pytest.approx(1 / 2)
    assert values["glossed_cases_share"] == 1 / 2
    assert values["grid_backlog"] == 1.0


def test_waiting_for_mediation_counts_from_opening_to_the_first_session(hand: Any) -> None:
    mediated = {"channel": Channel.TOWNSHIP, "opened": 5.0}
    values = outcomes(
        hand.records(
            disputes=[{"born": 1.0}],
            cases=[
                {**mediated, "acted": 7.0, "closed": 50.0},
                {**mediated, "acted": 11.0},
                {**mediated, "acted": 60.0},
                {**mediated, "closed": 9.0, "withdrawn": 1},
                mediated,
                {**mediated, "opened": 100.0, "acted": 100.5},  # too late to be watched for 30 days
                {"opened": 5.0, "acted": 90.0},
            ],
        )
    )
    assert values["mediation_waiting_days"] == pytest.approx((2 + 6 + 30 + 4 + 30) / 5)
    assert values["mediation_backlog"] == 1.0


def test_without_disputes_all_that_is_over_disputes_is_undefined(hand: Any) -> None:
    values = outcomes(hand.records())
    over_disputes = ("recorded_found_share", "days_to_discovery", "true_settled_share", "relapse_in_90_days_share")
    assert all(math.isnan(values[name]) for name in over_disputes)
    assert values["true_disputes"] == 0.0
    assert math.isnan(values["settlement_gap"])
    assert math.isnan(values["cost_per_settlement_yuan"])


def test_nothing_defined_is_infinite(hand: Any) -> None:
    values = np.array(list(outcomes(hand.records(disputes=[FADED | {"born": 1.0, "ended": 2.0}])).values()))
    assert not np.isinf(values).any()
