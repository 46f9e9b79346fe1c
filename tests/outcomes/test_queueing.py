"""What becomes of calls that find no unit, and of units that are called off."""

import math
from typing import Any

import pytest

from sim.codes import Answer, Leg, Reason
from sim.outcomes import outcomes


def test_queued_calls_waited_for_a_unit_or_still_do(hand: Any) -> None:
    waiting = {"received": 5.0, "ready": 5.001, "answer": Answer.WAITING}
    calls = [hand.answered(1.0), hand.answered(2.0, queue=3.0), waiting, {"received": 119.9}]
    values = outcomes(hand.records(calls=calls))
    assert values["queued_share"] == pytest.approx(2 / 3)
    assert values["queue_minutes_mean"] == pytest.approx(1.5)


def test_callers_who_gave_up_had_queued_and_those_turned_away_had_not(hand: Any) -> None:
    ready = {"received": 5.0, "ready": 5.001}
    calls = [hand.answered(1.0), ready | {"answer": Answer.RENEGED}, ready | {"answer": Answer.LOST}, {"received": 6.0}]
    values = outcomes(hand.records(calls=calls))
    assert values["queued_share"] == values["reneged_share"] == values["lost_share"] == pytest.approx(1 / 3)


def test_a_call_that_stepped_up_is_more_urgent_than_at_first(hand: Any) -> None:
    calls = [hand.answered(1.0, priority=1, first_priority=4), hand.answered(2.0, priority=8, first_priority=8)]
    taken = hand.records(calls=calls)
    assert outcomes(taken)["stepped_up_share"] == 0.5
    assert taken.words("calls", "first_priority") == ["priority_4", "priority_8"]


def test_the_queue_met_is_a_mean_over_calls_ready(hand: Any) -> None:
    calls = [hand.answered(1.0, queue_met=3), hand.answered(2.0, queue_met=0), {"received": 5.0, "queue_met": 9}]
    assert outcomes(hand.records(calls=calls))["queue_met_mean"] == 1.5


def test_units_called_off_are_counted_by_call(hand: Any) -> None:
    calls = [hand.answered(float(day)) for day in range(4)]
    sent = [(0, Leg.REDIRECTED), (0, Leg.REDIRECTED), (0, Leg.CLEARED), (1, Leg.CLEARED), (2, Leg.PREEMPTED)]
    dispatches = [{"call": call, "leg": leg, "dispatched": 1.0} for call, leg in sent]
    values = outcomes(hand.records(calls=calls, dispatches=dispatches))
    assert values["redirected_share"] == pytest.approx(1 / 3)
    assert values["preempted_share"] == pytest.approx(1 / 3)


def test_other_sectors_are_those_of_own_units_only(hand: Any) -> None:
    at_home = hand.answered(1.0, node=0, unit=0)
    away = hand.answered(2.0, node=1, unit=0)
    helped = hand.answered(3.0, node=0, unit=2, reason=Reason.AID)
    values = outcomes(hand.records(calls=[at_home, away, helped, {"received": 4.0}]))
    assert values["cross_sector_share"] == 0.5
    assert values["aid_share"] == pytest.approx(1 / 3)
    alone = outcomes(hand.records(calls=[helped]))
    assert math.isnan(alone["cross_sector_share"])


def test_without_any_call_no_share_is_defined(hand: Any) -> None:
    values = outcomes(hand.records())
    shares = ("queued", "reneged", "lost", "stepped_up", "redirected", "preempted", "cross_sector", "aid")
    assert all(math.isnan(values[f"{name}_share"]) for name in shares)
