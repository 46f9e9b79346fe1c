"""Where disputes end, what triage and colours cost, and the books as they are published."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.codes import Affair, Channel, Colour, State
from sim.outcomes import ALL, LEVELS, OFFICES, outcomes, published

BIG, SMALL, PRIVATE = Affair.BIG, Affair.SMALL, Affair.PRIVATE


def ended(channel: Channel) -> dict[str, Any]:
    return {"born": 1.0, "ended": 9.0, "state": State.ENDED, "end_channel": channel}


def closed(dispute: int, channel: Channel, day: float = 8.0, **more: Any) -> dict[str, Any]:
    return {"dispute": dispute, "channel": channel, "opened": day - 5.0, "closed": day, **more}


def test_true_endings_by_level_add_up(hand: Any) -> None:
    channels = [channel for channel in Channel if channel != Channel.NONE]
    values = outcomes(hand.records(disputes=[*map(ended, channels), ended(Channel.GRID), {"born": 3.0}]))
    shares = {level: values[f"true_ended_{level}_share"] for level in LEVELS}
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["grid"] == 2 / 10
    assert shares["petition"] == 1 / 10
    assert values["true_ended_in_village_share"] == 3 / 9, "what fades is left out"


def test_recorded_endings_are_those_that_the_books_hold(hand: Any) -> None:
    disputes = [ended(Channel.GRID), ended(Channel.SELF), ended(Channel.COURT), {"born": 1.0}]
    cases = [
        closed(0, Channel.GRID, true_settled=1, recorded_settled=1),
        closed(1, Channel.TOWNSHIP, withdrawn=1),
        closed(3, Channel.COMMUNITY, recorded_settled=1, closed_early=1, withdrawn=1),
        closed(3, Channel.COMMUNITY, 20.0, recorded_settled=1),
    ]
    values = outcomes(hand.records(disputes=disputes, cases=cases))
    assert values["recorded_ended_community_share"] == 2 / 4
    assert values["recorded_ended_grid_share"] == values["recorded_ended_court_share"] == 1 / 4
    assert sum(values[f"recorded_ended_{level}_share"] for level in (*OFFICES, "court", "police", "petition")) == 1.0
    assert values["recorded_ended_in_village_share"] == 3 / 4
    assert values["true_ended_in_village_share"] == 1 / 2
    assert values["true_closed_early_share"] == 1 / 3
    assert values["true_booked_again_share"] == 1.0
    assert values["settlement_gap"] == pytest.approx(1.0 - 1 / 3)


def test_without_endings_nothing_is_claimed(hand: Any) -> None:
    values = outcomes(hand.records(disputes=[{"born": 1.0}]))
    wanted = [id_ for id_ in values if "_ended_" in id_] + ["true_big_missed_share", "true_false_alarms_share"]
    assert all(np.isnan(values[id_]) for id_ in wanted)
    assert values["false_alarm_hours"] == values["follow_up_visits"] == 0.0


def test_a_wrong_affair_costs_days_or_hours(hand: Any) -> None:
    pairs = [(BIG, BIG), (BIG, SMALL), (BIG, PRIVATE), (SMALL, BIG), (SMALL, SMALL), (PRIVATE, PRIVATE), (BIG, SMALL)]
    disputes = [
        {"born": 1.0, "found": 2.0, "found_by": Channel.GRID, "true_affair": so, "affair": seen} for so, seen in pairs
    ]
    cases = [
        closed(1, Channel.GRID, 8.0, passed_up=1),
        {"dispute": 1, "channel": Channel.TOWNSHIP, "opened": 12.0},
        {"dispute": 3, "channel": Channel.TOWNSHIP, "opened": 2.0},
        {"dispute": 6, "channel": Channel.TOWNSHIP, "opened": 6.0},
        {"dispute": 6, "channel": Channel.TOWNSHIP, "opened": 26.0},
    ]
    sessions = [{"case": 2, "mediator": 0, "start": 3.0, "end": 3.125}, {"case": 1, "start": 13.0, "end": 13.5}]
    values = outcomes(hand.records(disputes=disputes, cases=cases, sessions=sessions))
    assert values["true_big_missed_share"] == 3 / 4
    assert values["true_false_big_share"] == 1 / 3
    assert values["big_missed_days_lost"] == pytest.approx((10.0 + 30.0 + 4.0) / 3)
    assert values["false_big_hours"] == pytest.approx(3.0)


def test_alarms_are_counted_from_the_series(hand: Any) -> None:
    world = hand.world(disputes=[{"born": 1.0, "colour": Colour.RED, "true_colour": Colour.BLUE}])
    series = world.series[3]
    series.recorded_alarms, series.true_alarms, series.true_alarms_missed, series.true_false_alarms = 8, 10, 4, 2
    series.follow_ups, series.true_false_follow_ups = 6, 3
    world.workers["visits"], world.workers["visit_hours"] = [10, 10, 0], [5.0, 5.0, 0.0]
    from sim.outcomes import Names, records_of

    values = outcomes(records_of(world, hand.calendar, 120.0, Names(groups=("patrol", "reserve"))))
    assert values["true_alarms_missed_share"] == 0.4
    assert values["true_false_alarms_share"] == 0.25
    assert values["false_alarm_hours"] == pytest.approx(1.5)
    assert (values["follow_up_visits"], values["false_alarm_visits"]) == (6.0, 3.0)


def test_disputes_kept_out_of_the_books(hand: Any) -> None:
    known = {"born": 1.0, "found": 2.0, "found_by": Channel.SELF, "state": State.LEFT_ALONE}
    disputes = [
        {**known, "not_booked": 2},
        {**known, "advised": 1},
        {**known, "handlings": 1},
        {**known, "found_by": Channel.POLICE},
        {"born": 1.0},
    ]
    values = outcomes(hand.records(disputes=disputes, cases=[closed(2, Channel.GRID, recorded_settled=1)]))
    assert values["true_unbooked_share"] == 2 / 3
    assert (values["true_not_booked"], values["recorded_advice"]) == (2.0, 1.0)
    assert values["recorded_settled_of_booked_share"] == 1.0
    assert values["true_settled_of_booked_share"] == 0.0


def test_the_published_books_by_level_beside_the_truth(hand: Any) -> None:
    disputes = [{"born": 1.0, "found": 2.0, "handlings": 2}, {"born": 1.0, "found": 2.0, "handlings": 1}]
    cases = [
        closed(0, Channel.GRID, 8.0, passed_up=1),
        closed(0, Channel.TOWNSHIP, 20.0, recorded_settled=1, true_settled=1, passed_from=0),
        closed(1, Channel.GRID, 9.0, recorded_settled=1),
    ]
    lines = {line.level: line for line in published(hand.records(disputes=disputes, cases=cases))}
    assert list(lines) == ["grid", "township", ALL]
    grid, township, total = lines["grid"], lines["township"], lines[ALL]
    assert (grid.found, grid.opened, grid.concluded, grid.settled, grid.true_settled) == (2, 2, 1, 1, 0)
    assert (township.found, township.opened, township.concluded, township.rate, township.true_rate) == (0, 1, 1, 1, 1)
    assert (total.found, total.opened, total.rate, total.true_rate) == (2, 3, 1.0, 0.5)
    assert {line.year for line in lines.values()} == {2023}
    assert grid.true_born is None
    assert total.advice == 0


def test_books_without_an_entry_have_one_empty_line(hand: Any) -> None:
    (line,) = published(hand.records(disputes=[{"born": 1.0}]))
    assert (line.level, line.found, line.opened) == (ALL, 0, 0)
    assert np.isnan(line.rate)
