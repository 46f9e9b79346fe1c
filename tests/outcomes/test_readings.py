"""1-3-5 under three readings."""

import itertools
import math
from typing import Any

import pytest

from sim.codes import Answer
from sim.engine.clock import MINUTE
from sim.outcomes import CATALOGUE, READINGS, Names, outcomes, records_of
from sim.scenario import TargetsPart

CENTRE, COUNTRY = 0, 1  # nodes


def records(hand: Any, targets: TargetsPart | None = None, horizon: float = 120.0, **events: Any) -> Any:
    return records_of(hand.world(**events), hand.calendar, horizon, Names(), targets)


def test_a_call_is_held_to_the_minutes_of_its_place(hand: Any) -> None:
    # Reached after 4.5 and 2.5 minutes in either place; 1 minute in the centre, 5 in the country.
    calls = [hand.answered(1.0, travel=travel, node=node) for travel in (3.0, 1.0) for node in (CENTRE, COUNTRY)]
    values = outcomes(records(hand, calls=calls))
    assert values["within_centre_target_share"] == 0.0
    assert values["within_country_target_share"] == 1.0
    assert values["within_place_target_share"] == 0.5
    assert math.isnan(values["within_town_target_share"])
    easier = outcomes(records(hand, TargetsPart(by_place={"centre": 3.0}), calls=calls))
    assert easier["within_centre_target_share"] == easier["within_place_target_share"] == 0.5
    assert math.isnan(easier["within_country_target_share"])


def test_a_call_is_held_to_the_type_with_which_it_came_in(hand: Any) -> None:
    calls = [
        hand.answered(1.0, travel=1.0, priority=0, first_priority=1),
        hand.answered(1.0, travel=1.0, priority=0, first_priority=0),
        hand.answered(1.0, travel=3.0, priority=2, first_priority=2),
        hand.answered(1.0, travel=9.0, priority=8, first_priority=8),
    ]
    values = outcomes(records(hand, calls=calls))
    assert values["within_urgent_target_share"] == 0.0
    assert values["within_routine_target_share"] == 1.0
    assert values["within_other_target_share"] == 0.5
    assert values["within_priority_target_share"] == 0.5


def arrival(call: int, unit: int, minutes: float, received: float = 1.0) -> dict[str, Any]:
    return {"call": call, "unit": unit, "dispatched": received, "arrived": received + minutes * MINUTE}


def test_each_tier_is_held_to_its_own_minutes(hand: Any) -> None:
    # Units 0 and 1 are of the station (1 minute), unit 2 of the district (3 minutes); nobody is of the city.
    calls = [hand.answered(1.0) for _ in range(4)]
    dispatches = [arrival(0, 0, 0.9), arrival(0, 2, 2.9), arrival(1, 1, 5.0), arrival(1, 0, 0.5), arrival(2, 2, 2.0)]
    values = outcomes(records(hand, calls=calls, dispatches=dispatches))
    assert values["within_station_target_share"] == 0.5
    assert values["within_district_target_share"] == 0.5
    assert values["within_tier_targets_share"] == 0.25
    assert math.isnan(values["within_city_target_share"])


def test_a_call_is_judged_by_tier_once_it_is_over_or_too_old(hand: Any) -> None:
    received = 120.0 - 2.0 * MINUTE
    under_way = {"received": received, "ready": received, "answer": Answer.ON_SCENE, "arrived": received}
    given_up = {"received": received, "ready": received, "answer": Answer.RENEGED}
    calls = [under_way, given_up]
    values = outcomes(records(hand, calls=calls, dispatches=[arrival(0, 0, 0.5, received)]))
    assert values["within_station_target_share"] == 0.5
    assert values["within_district_target_share"] == 0.0  # of the call given up; the other may still be reached
    assert values["within_tier_targets_share"] == 0.0


@pytest.mark.parametrize("reading", READINGS)
def test_every_line_of_a_reading_is_an_outcome_that_says_what_becomes_of_open_calls(reading: str) -> None:
    for id_ in READINGS[reading].values():
        outcome = CATALOGUE[id_]
        assert (outcome.unit, outcome.better) == ("share", "higher")
        assert "counts as not within" in outcome.definition
        assert "Open calls younger than that are left out" in outcome.definition


def test_longer_minutes_never_lower_a_share(hand: Any) -> None:
    calls = [hand.answered(1.0, travel=travel / 2.0, node=int(travel) % 2) for travel in range(20)]
    dispatches = [arrival(call, call % 3, 1.5 + call / 2.0) for call in range(20)]
    found = []
    for factor in (0.5, 1.0, 2.0, 100.0):
        minutes = {word: factor * number for word, number in (("centre", 1.0), ("town", 3.0), ("country", 5.0))}
        tiers = dict(zip(("station", "district", "city"), minutes.values(), strict=True))
        targets = TargetsPart.model_validate(
            {"by_place": minutes, "by_tier": tiers, "by_priority": tuple(minutes.values())}
        )
        values = outcomes(records(hand, targets, calls=calls, dispatches=dispatches))
        found.append([values[id_] for lines in READINGS.values() for id_ in lines.values()])
    for before, after in itertools.pairwise(found):
        assert all(math.isnan(one) or one <= other for one, other in zip(before, after, strict=True))
    # Every third call got a unit of the district only; the others one of the station only.
    assert found[-1][4:7] == [0.0, pytest.approx(14 / 20), pytest.approx(6 / 20)]
