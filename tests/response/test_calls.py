"""Calls: the background stream has the rates it states, places follow people, a call's fields are complete."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.codes import NOBODY, Answer, Source
from sim.engine.clock import SECOND
from sim.engine.compiled import from_python
from sim.response import receive_call, set_bounds

DAYS = 60
PROFILE = [0.4, 0.3, 0.2, 0.2, 0.2, 0.3, 0.5, 0.8, 1.0, 1.1, 1.2, 1.2, 1.3, 1.2, 1.1, 1.1, 1.2, 1.4, 1.6, 1.8, 1.9, 1.7]
PROFILE += [1.2, 0.8]


@pytest.fixture(scope="module")
def factors() -> Any:
    """Return the factor of each day on the rate."""
    return 1.0 + 0.3 * np.sin(np.arange(DAYS) / 3.0)


def background(lab: Any, factors: Any, **changes: Any) -> Any:
    """Return the world of a run with background calls only."""
    plan = lab.settings(units=3, posts=1)
    rate = {"background_calls_per_1000_per_year": 365.0 * 200.0, "call_hour_weight": PROFILE}
    world = lab.make_world(lab.grid_town(4), plan, days=DAYS, calls=30_000, **(rate | changes))
    world.days["call_factor"] = factors
    world.households["node"] = np.minimum(np.arange(1000) // 100, 4)
    world.households["community"] = 0
    set_bounds(world)
    lab.run(lab.start(world), float(DAYS), lab.lognormal)
    return world


def test_background_calls_come_at_their_rates(lab: Any, factors: Any) -> None:
    world = background(lab, factors)
    calls = lab.used_calls(world)
    expected = 200.0 * factors
    per_day = np.bincount(calls["received"].astype(int), minlength=DAYS)
    assert stats.chi2.sf(((per_day - expected) ** 2 / expected).sum(), DAYS) > 0.001
    hours = np.bincount((calls["received"] % 1.0 * 24).astype(int), minlength=24)
    by_hour = expected.sum() * np.array(PROFILE) / sum(PROFILE)
    assert stats.chi2.sf(((hours - by_hour) ** 2 / by_hour).sum(), 24) > 0.001
    assert world.state[0].bounds_broken == 0
    assert world.state[0].background_number > len(calls), "some potential calls are rejected"


def test_places_follow_people_and_urgency_its_share(lab: Any, factors: Any) -> None:
    calls = lab.used_calls(background(lab, factors))
    at_node = np.bincount(calls["node"], minlength=5)
    expected = len(calls) * np.array([0.1, 0.1, 0.1, 0.1, 0.6])
    assert stats.chi2.sf(((at_node - expected) ** 2 / expected).sum(), 4) > 0.001
    urgent = int((calls["priority"] == 0).sum())
    assert stats.binomtest(urgent, len(calls), 0.3).pvalue > 0.001


def test_call_taking_has_its_mean_and_is_never_instant(lab: Any, factors: Any) -> None:
    calls = lab.used_calls(background(lab, factors))
    seconds = (calls["ready"] - calls["received"]) / SECOND
    seconds = seconds[~np.isnan(seconds)]
    assert stats.kstest(seconds, stats.gamma(2.0, scale=83.0 / 2.0).cdf).pvalue > 0.001


def test_the_crews_do_not_move_the_calls(lab: Any) -> None:
    worlds = []
    for units in (2, 9):
        plan = lab.settings(units=units, posts=2, shift_hours=8.0)
        rate = {"background_calls_per_1000_per_year": 36500.0}
        world = lab.make_world(lab.grid_town(5), plan, **rate)
        lab.run(lab.start(world), 5.0, lab.lognormal)
        worlds.append(lab.used_calls(world))
    assert len(worlds[0]) == len(worlds[1])
    for name in ("address", "node", "priority", "received", "ready"):
        assert np.array_equal(worlds[0][name], worlds[1][name], equal_nan=True)
    assert not np.array_equal(worlds[0]["arrived"], worlds[1]["arrived"], equal_nan=True)


def test_a_town_without_calls_schedules_none(lab: Any) -> None:
    world = lab.make_world(lab.grid_town(2), lab.settings(units=1), background_calls_per_1000_per_year=0.0)
    lab.run(lab.start(world), 10.0, lab.lognormal)
    assert world.state[0].call_rows == 0


def test_a_received_call_is_complete(lab: Any) -> None:
    world = lab.make_world(lab.grid_town(3), lab.settings(units=1))
    world.calls.view(np.uint8)[:] = 255  # whatever was there before
    row = from_python(receive_call)(world, 77 << 48, Source.DISPUTE.value, 12, 6, 4, 0, 0, 1.5)
    assert (row, world.state[0].call_rows) == (0, 1)
    call = world.calls[0]
    assert (call.address, call.source, call.dispute, call.stage, call.node) == (77 << 48, Source.DISPUTE, 12, 6, 4)
    assert (call.unit, call.unit_node, call.next, call.answer) == (NOBODY, NOBODY, NOBODY, Answer.RECEIVED)
    assert (call.queue_met, call.defused, call.community, call.priority) == (0, 0, 0, 0)
    assert call.received == 1.5
    assert np.isnan([call.ready, call.dispatched, call.departed, call.arrived, call.cleared, call.travel_metres]).all()
    assert world.series[1].calls == 1


def test_calls_beyond_the_last_day_are_not_booked(lab: Any) -> None:
    world = lab.make_world(lab.grid_town(3), lab.settings(units=1), days=2)
    from_python(receive_call)(world, 1, Source.DISPUTE.value, 12, 6, 4, 0, 0, 2.0)
    assert world.series["calls"].sum() == 0
    from_python(receive_call)(world, 2, Source.DISPUTE.value, 12, 6, 4, 0, 0, 1.999)
    assert world.series["calls"].tolist() == [0, 1]
