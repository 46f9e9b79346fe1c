from typing import Any

import numpy as np
import pytest

from sim.codes import Geometry, Source
from sim.engine.clock import MINUTE
from sim.outcomes import Names, outcomes, records_of
from sim.outcomes.response import minutes_until_all
from sim.world import DTYPES, empty_table


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
    assert values["travel_metres_mean"] == pytest.approx(500.0 * 5.5)


def test_a_call_not_reached_is_missed_once_it_is_older_than_the_limit(hand: Any) -> None:
    old = {"received": 120.0 - 4 * MINUTE}
    new = {"received": 120.0 - 2 * MINUTE}
    values = outcomes(hand.records(calls=[hand.answered(1.0, travel=1.0), old, new]))
    assert values["within_1_minute_share"] == 0.0
    assert values["within_3_minutes_share"] == 1 / 2
    assert values["within_5_minutes_share"] == 1.0
    assert values["calls_unanswered"] == 2.0
    assert values["response_minutes_mean"] == pytest.approx(2.5)


def test_urgent_calls_and_calls_of_disputes(hand: Any) -> None:
    urgent = hand.answered(1.0, travel=9.0, priority=0, source=Source.DISPUTE, dispute=0)
    values = outcomes(hand.records(disputes=[{"born": 0.5}], calls=[urgent, hand.answered(2.0)]))
    assert values["urgent_response_minutes_p90"] == pytest.approx(10.5)
    assert values["dispute_calls"] == 1.0
    assert values["calls_without_dispute_share"] == 1 / 2


def test_the_way_off_the_road_is_a_part_of_travel(hand: Any) -> None:
    calls = [hand.answered(1.0, travel=4.0, access_metres=120.0), hand.answered(2.0), {"access_metres": 60.0}]
    taken = hand.records(calls=calls)
    # At 2 metres a second.
    assert taken.column("calls", "access_minutes")[:2].tolist() == pytest.approx([1.0, 0.0])
    assert np.isnan(taken.column("calls", "access_minutes")[2])
    assert outcomes(taken)["access_minutes_mean"] == pytest.approx(0.5)


def test_ways_that_take_no_time_have_no_way_off_the_road(hand: Any) -> None:
    world = hand.world(calls=[hand.answered(1.0, travel=0.0, access_metres=120.0)])
    world.orders["geometry"] = Geometry.NONE
    assert outcomes(records_of(world, hand.calendar, 120.0))["access_minutes_mean"] == 0.0


def sent(call: int, minutes: float, received: float = 1.0, **more: Any) -> dict[str, Any]:
    """Return the fields of a unit that arrived so many minutes after a call was received."""
    return {"call": call, "dispatched": received, "arrived": received + minutes * MINUTE, **more}


def test_all_units_are_there_when_the_last_one_wanted_has_come(hand: Any) -> None:
    calls = [
        hand.answered(1.0, units_wanted=2),
        hand.answered(1.0, units_wanted=3),
        hand.answered(1.0),
        hand.answered(1.0, units_wanted=2),
    ]
    dispatches = [sent(0, 9.0), sent(1, 4.0), sent(0, 5.5), sent(0, 12.0), sent(1, 2.0), sent(2, 30.0)]
    dispatches += [sent(3, 4.0), {"call": 3, "dispatched": 1.0}]
    until = minutes_until_all(hand.records(calls=calls, dispatches=dispatches))
    # The third unit of the first call was more than it wanted, and two calls never got all.
    assert until[0] == pytest.approx(9.0)
    assert np.isnan(until[1:]).all()


def test_the_log_s_own_times_stay_apart_from_the_simulated_ones(hand: Any) -> None:
    log = [{"source": Source.LOG, "stream": 2, "address": address} for address in (70, 50)]
    world = hand.world(calls=[hand.answered(1.0, **log[0]), hand.answered(2.0), log[1]])
    table = empty_table(DTYPES["log"], 2)
    table["address"], table["type_"] = [50, 70], [1, -1]
    names = Names(types=("theft", "fight"), logged_minutes=np.array([8.0, np.nan]))
    taken = records_of(world._replace(log=table), hand.calendar, 120.0, names)
    assert taken.words("calls", "type") == ["log", "background", "fight"]
    told = taken.column("calls", "recorded_response_minutes")
    assert np.isnan(told[:2]).all()
    assert told[2] == 8.0
    values = outcomes(taken)
    assert values["recorded_response_minutes_mean"] == values["recorded_response_minutes_p90"] == 8.0
    assert values["response_minutes_mean"] == pytest.approx(5.5)
    unnamed = records_of(world, hand.calendar, 120.0)
    assert unnamed.words("calls", "type") == ["log", "background", "log"]
