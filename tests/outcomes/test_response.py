from typing import Any

import numpy as np
import pytest

from sim.codes import Answer, Source
from sim.engine.clock import MINUTE
from sim.outcomes import outcomes, records_of
from sim.outcomes.response import BUSY, ON_DUTY


def test_parts_and_quantiles_of_response_time(hand: Any) -> None:
    calls = [hand.answered(1.0 + number, travel=float(number)) for number in range(1, 11)]
    values = outcomes(hand.records(calls=calls))
    response = np.arange(1, 11) + 1.5
    assert values["calls"] == 10.0
    assert values["response_minutes_mean"] == pytest.approx(response.mean())
    for level in (50, 90, 95):
        assert values[f"response_minutes_p{level}"] == pytest.approx(np.quantile(response, level / 100))
    parts = ("call_taking", "queue", "turn_out", "travel")
    assert sum(values[f"{part}_minutes_mean"] for part in parts) == pytest.approx(values["response_minutes_mean"])
    assert values["within_3_minutes_share"] == pytest.approx(0.1)
    assert values["within_5_minutes_share"] == pytest.approx(0.3)
    assert values["unit_kilometres"] == pytest.approx(0.5 * 55)


def test_a_call_not_reached_is_missed_once_it_is_older_than_the_limit(hand: Any) -> None:
    old = {"received": 120.0 - 4 * MINUTE}
    new = {"received": 120.0 - 2 * MINUTE}
    values = outcomes(hand.records(calls=[hand.answered(1.0, travel=1.0), old, new]))
    assert values["within_1_minute_share"] == 0.0
    assert values["within_3_minutes_share"] == 1 / 2
    assert values["within_5_minutes_share"] == 1.0
    assert values["calls_unanswered"] == 2.0
    assert values["response_minutes_mean"] == pytest.approx(2.5)


def test_queued_calls_waited_for_a_unit_or_still_do(hand: Any) -> None:
    waiting = {"received": 5.0, "ready": 5.001, "answer": Answer.WAITING}
    calls = [hand.answered(1.0), hand.answered(2.0, queue=3.0), waiting, {"received": 119.9}]
    values = outcomes(hand.records(calls=calls))
    assert values["queued_share"] == pytest.approx(2 / 3)
    assert values["queue_minutes_mean"] == pytest.approx(1.5)


def test_urgent_calls_and_calls_of_disputes(hand: Any) -> None:
    urgent = hand.answered(1.0, travel=9.0, priority=0, source=Source.DISPUTE, dispute=0)
    values = outcomes(hand.records(disputes=[{"born": 0.5}], calls=[urgent, hand.answered(2.0)]))
    assert values["urgent_response_minutes_p90"] == pytest.approx(10.5)
    assert values["dispute_calls"] == 1.0
    assert values["calls_without_dispute_share"] == 1 / 2


def test_utilisation_is_busy_over_on_duty(hand: Any) -> None:
    world = hand.world()
    world.units["status"] = 0
    world.units["since"] = 10.0
    for field, days in {"off_duty": 4.0, "at_post": 3.0, "to_scene": 0.5, "on_scene": 1.5, "returning": 1.0}.items():
        world.units[f"{field}_days"] = days
    values = outcomes(records_of(world, hand.calendar, 10.0))
    assert values["unit_hours_on_duty"] == pytest.approx(2 * 6.0 * 24)
    assert values["unit_utilisation"] == pytest.approx(2.0 / 6.0)
    assert set(BUSY) < set(ON_DUTY)
