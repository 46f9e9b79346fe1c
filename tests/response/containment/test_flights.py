from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.codes import NOBODY, FlightEnd, Ring, Status
from sim.engine.clock import HOUR, MINUTE

# A star of arms of six nodes, a minute apart; the township's ring is at three minutes, the ring at the edge at six.
ARMS, LENGTH, WITHIN = 5, 6, 2


def node_at(arm: int, minutes: int) -> int:
    return arm * LENGTH + minutes


@pytest.fixture
def star_world(yard: Any) -> Any:
    """Return a maker of worlds with a unit for each arm, so many minutes from the middle, and a flight a day."""

    def build(minutes: tuple[int, ...], **given: Any) -> Any:
        posts = [node_at(arm, where) for arm, where in enumerate(minutes)]
        given = {"rings": ("township",), "stop_probability": 1.0, "alarm_delay_minutes": 1.0} | given
        return yard.one_a_day(yard.make_world(yard.star(ARMS, LENGTH, WITHIN), posts, days=40, **given))

    return build


def arm_of(world: Any) -> Any:
    return (world.flights["exit"] - 1) // LENGTH


def test_who_meets_a_closed_point_is_caught(yard: Any, star_world: Any) -> None:
    # The alarm comes after 1 minute, the units move .5 later; only on arms 0 and 1 they are there within 3 minutes.
    world = star_world((3, 4, 5, 6, 6))
    yard.run(world, 100.0)
    flights, arm = world.flights, arm_of(world)
    assert set(arm.tolist()) == set(range(ARMS))
    caught = flights["end"] == FlightEnd.CAUGHT
    np.testing.assert_array_equal(caught, arm <= 1)
    assert (flights["caught_at"] == np.where(caught, Ring.TOWNSHIP, NOBODY)).all()
    np.testing.assert_array_equal(flights["end"] == FlightEnd.ESCAPED, ~caught)
    minutes = (flights["ended"] - flights["start"]) / MINUTE
    np.testing.assert_allclose(minutes, np.where(caught, 3.0, 6.0), atol=1e-9)
    np.testing.assert_allclose((flights["reached"][:, Ring.TOWNSHIP] - flights["start"]) / MINUTE, 3.0, atol=1e-9)
    assert np.isnan(flights["reached"][:, Ring.EDGE]).all()


def test_a_ring_is_closed_with_its_last_point(yard: Any, star_world: Any) -> None:
    world = star_world((3, 4, 5, 6, 6), stop_probability=0.0)
    yard.run(world, 100.0)
    closed = (world.flights["closed"][:, Ring.TOWNSHIP] - world.flights["alarm"]) / MINUTE
    np.testing.assert_allclose(closed, 0.5 + 3.0, atol=1e-9)
    assert (world.flights["end"] == FlightEnd.ESCAPED).all()
    assert (world.flights["held"] == 0).all()


def test_units_are_released_when_somebody_is_caught(yard: Any, star_world: Any) -> None:
    world = star_world((3, 3, 3, 3, 6))
    row = int(np.flatnonzero(arm_of(world) < 4)[0])
    yard.run(world, world.flights["start"][row] + 3.0 * MINUTE + 1e-9)
    first = world.flights[row]
    assert first.end == FlightEnd.CAUGHT
    assert first.units == ARMS
    assert (world.units["flight"] == NOBODY).all()
    assert (world.units["check_point"] == NOBODY).all()
    # Four units for 2 minutes each at their points or turning out, the fifth was on its way.
    assert first.unit_days == pytest.approx(5 * 2.0 * MINUTE)
    yard.run(world, world.flights["start"][row + 1] - 1e-6)
    assert (world.units["status"] == Status.AT_POST).all(), "they drive back to their posts"
    assert world.state[0].free_units == ARMS


def test_points_are_held_for_a_time_although_the_fleeing_are_out(yard: Any, star_world: Any) -> None:
    world = star_world((3, 3, 3, 3, 3), stop_probability=0.0, hold_minutes=60.0)
    yard.run(world, world.flights["start"][0] + 30.0 * MINUTE)
    assert world.flights[0].end == FlightEnd.ESCAPED
    assert (world.units["status"] == Status.AT_RING).all()
    assert world.state[0].free_units == 0
    yard.run(world, world.flights["start"][0] + 61.6 * MINUTE)
    assert (world.units["status"] != Status.AT_RING).all()
    assert world.flights[0].unit_days == pytest.approx(ARMS * 60.5 * MINUTE)
    ledger = world.units["spent"][:, [Status.TO_RING, Status.AT_RING]].sum()
    assert ledger == pytest.approx(world.flights["unit_days"].sum())


def test_an_alarm_after_the_escape_still_costs_units(yard: Any, star_world: Any) -> None:
    world = star_world((3, 3, 3, 3, 3), alarm_delay_minutes=60.0, hold_minutes=60.0)
    yard.run(world, 100.0)
    assert (world.flights["end"] == FlightEnd.ESCAPED).all()
    assert (world.flights["ended"] < world.flights["alarm"]).all()
    assert (world.flights["units"] == ARMS).all()


def test_points_left_again_stop_nobody(yard: Any, star_world: Any) -> None:
    world = star_world((3, 3, 3, 3, 3), hold_minutes=1.0)
    yard.run(world, 100.0)  # closed from 1.5 to 2.5 minutes, passed at 3
    assert (world.flights["end"] == FlightEnd.ESCAPED).all()
    assert np.isfinite(world.flights["closed"][:, Ring.TOWNSHIP]).all()


def test_rings_are_closed_in_turn(yard: Any, star_world: Any) -> None:
    given = {"rings": ("township", "edge"), "stop_probability": 0.0, "alarm_delay_minutes": 0.0}
    world = star_world((3, 3, 3, 3, 3), units=7, **given)
    yard.run(world, world.flights["start"][0] + 60 * MINUTE)
    points = sorted(world.units["check_point"].tolist())
    assert points == sorted(yard.ring_nodes(world, Ring.TOWNSHIP)), "five units, five points of the first ring"
    two = yard.make_world(
        yard.star(ARMS, LENGTH, WITHIN), [node_at(arm, 3) for arm in range(ARMS)] * 2, days=3, units=7, **given
    )
    yard.run(yard.one_a_day(two), two.flights["start"][0] + 60 * MINUTE)
    manned = set(two.units["check_point"].tolist()) - {NOBODY}
    assert manned >= set(yard.ring_nodes(two, Ring.TOWNSHIP))
    assert len(manned & set(yard.ring_nodes(two, Ring.EDGE))) == 2
    assert two.flights[0].units == 7
    assert np.isfinite(two.flights["closed"][0, Ring.TOWNSHIP])
    assert np.isnan(two.flights["closed"][0, Ring.EDGE])


def test_points_that_can_have_been_passed_may_be_left_out(yard: Any, star_world: Any) -> None:
    given = {"rings": ("township", "edge"), "alarm_delay_minutes": 3.0, "stop_probability": 1.0, "in_time_only": True}
    # The township's ring is passed when the alarm comes. Four units are at the edge after 4.5 minutes, the fifth after
    # 7.5; the fleeing after 6.
    world = star_world((5, 5, 5, 5, 2), **given)
    yard.run(world, world.flights["start"][0] + 4.0 * MINUTE)
    edge = set(yard.ring_nodes(world, Ring.EDGE))
    assert set(world.units["check_point"].tolist()) <= edge | {NOBODY}
    assert world.flights[0].units == 4, (
        "the fifth would be at the edge 2.5 minutes after the alarm, half a minute in time"
    )
    yard.run(world, 100.0)
    assert (world.flights["caught_at"][world.flights["end"] == FlightEnd.CAUGHT] == Ring.EDGE).all()
    # Faster than thought, they are out before.
    fast = star_world((5, 5, 5, 5, 2), suspect_speed_factor=2.0, **given)
    yard.run(fast, 100.0)
    assert (fast.flights["units"] == world.flights["units"]).all()
    assert (fast.flights["end"] == FlightEnd.ESCAPED).all()


def test_a_point_of_two_rings_needs_one_unit(yard: Any) -> None:
    # The township reaches up to the exits on all arms, so its ring and the edge's are one.
    town = yard.star(ARMS, 2, 2)
    posts = [2 * arm + 2 for arm in range(ARMS)] * 2  # more units than points
    world = yard.make_world(town, posts, rings=("township", "edge"), days=5)
    assert yard.ring_nodes(world, Ring.TOWNSHIP) == yard.ring_nodes(world, Ring.EDGE)
    yard.run(yard.one_a_day(world), 100.0)
    assert (world.flights["units"] == ARMS).all()
    both = world.flights["closed"][:, [Ring.TOWNSHIP, Ring.EDGE]]
    np.testing.assert_array_equal(both[:, 0], both[:, 1])
    caught = world.flights["end"] == FlightEnd.CAUGHT
    assert (world.flights["caught_at"][caught] == Ring.TOWNSHIP).all(), "the first ring in turn has caught them"


def test_who_may_be_sent(yard: Any, star_world: Any) -> None:
    world = star_world((3, 3, 3, 3, 3))
    units, groups = world.units, world.groups
    groups["priorities"] = 0b110
    yard.run(world, 1.0)
    assert world.flights[0].units == 0, "crews that answer no calls of priority 0 are not sent"
    groups["priorities"] = -1
    groups["aid"] = 1
    yard.run(world, 2.0)
    assert world.flights[1].units == 0, "nobody comes from across a border"
    groups["aid"] = 0
    units["status"][:3] = Status.ON_SCENE
    yard.run(world, 3.0)
    assert world.flights[2].units == 2, "units on calls are left there"
    units["status"] = Status.AT_POST
    groups["own_sector_only"] = 1
    units["sector"] = 0
    world.nodes["sector"][node_at(0, 1) : node_at(3, 1)] = 7
    yard.run(world, 4.0)
    assert world.flights[3].units == 2, "who stays in its sector closes the points of its sector"


def test_stops_are_drawn(yard: Any) -> None:
    posts = [node_at(arm, 3) for arm in range(ARMS)]
    given = {"rings": ("township",), "alarm_delay_minutes": 0.0, "hold_minutes": 30.0}
    town = yard.star(ARMS, LENGTH, WITHIN)
    caught = {}
    for probability in (0.0, 0.3, 0.8, 1.0):
        world = yard.make_world(town, posts, days=700, rate=365.0, stop_probability=probability, **given)
        yard.run(yard.one_a_day(world), 1000.0)
        caught[probability] = world.flights["end"] == FlightEnd.CAUGHT
        count = len(world.flights)
        assert abs(caught[probability].mean() - probability) <= 4.0 * np.sqrt(probability * (1 - probability) / count)
    assert not caught[0.3][~caught[0.8]].any(), "who is stopped with a small chance is stopped with a greater one"


def test_the_hour_sets_the_pace_of_the_fleeing(yard: Any, star_world: Any) -> None:
    world = star_world((6,), units=0, suspect_speed_factor=2.0)
    world.orders["pace_of_hour"][0, 12::24] = 3.0  # noon
    yard.run(world, 100.0)
    minutes = (world.flights["ended"] - world.flights["start"]) / MINUTE
    np.testing.assert_allclose(minutes, 6.0 * 3.0 / 2.0, atol=1e-9)
    assert (world.flights["unit_days"] == 0.0).all()


def test_a_scene_at_the_exit_is_left_at_once(yard: Any) -> None:
    town = yard.town_of(
        yard.roads_of([(0.0, 0.0), (100.0, 0.0)], [(0, 1, 60.0), (1, 0, 60.0)]), [0, 0], [0], scenes=[0]
    )
    world = yard.make_world(town, [0], days=30)
    yard.run(yard.one_a_day(world), 100.0)
    at_once = world.flights["exit"] == 0
    assert 0 < at_once.sum() < len(world.flights)
    np.testing.assert_allclose((world.flights["ended"] - world.flights["start"])[at_once], 0.0, atol=1e-12)
    assert (world.flights["end"][at_once] == FlightEnd.ESCAPED).all()


def test_ledgers_add_up(yard: Any) -> None:
    world = yard.busy_run()
    flights, units = world.flights, world.units
    assert len(flights) > 100
    assert (flights["end"] == FlightEnd.CAUGHT).any()
    out = np.isin(units["status"], [Status.TO_RING, Status.AT_RING])
    assert ((units["flight"] != NOBODY) == out).all()
    spent = units["spent"][:, [Status.TO_RING, Status.AT_RING]].sum()
    # A unit that has come to its point has booked its way; the rest of its status is still open in both books.
    assert spent == pytest.approx(flights["unit_days"].sum())
    assert spent > 1.0 * HOUR
    assert (flights["units"] <= 9).all()
