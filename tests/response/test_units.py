"""Units: the ledger balances, nothing has a negative duration, every call ends in one of three ways."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.codes import NOBODY, Answer, Source, Status
from sim.engine.clock import MINUTE, SECOND
from sim.engine.compiled import from_python
from sim.response import ledger_at, receive_call
from sim.response.units import scene_days

MOMENTS = ("received", "ready", "dispatched", "departed", "arrived", "cleared")


@pytest.fixture(scope="module")
def horizon() -> float:
    """Return the length of the busy run in days."""
    return 3.0


def test_ledger_adds_up_to_the_time_elapsed(lab: Any, horizon: float) -> None:
    world = lab.busy_run(horizon)
    ledger = ledger_at(world.units, horizon)
    assert ledger.min() >= 0.0
    assert ledger.sum(axis=1) == pytest.approx(np.full(len(world.units), horizon), abs=1e-9)
    assert (ledger.sum(axis=0) > 0.0).all(), "every status must occur in this run"


def test_ledger_agrees_with_the_calls(lab: Any, horizon: float) -> None:
    world = lab.busy_run(horizon)
    calls = lab.used_calls(world)
    ledger = ledger_at(world.units, horizon)
    sent = calls[~np.isnan(calls["dispatched"])]
    arrived = np.where(np.isnan(sent["arrived"]), horizon, sent["arrived"])
    assert (arrived - sent["dispatched"]).sum() == pytest.approx(ledger[:, Status.TO_SCENE].sum())
    there = sent[~np.isnan(sent["arrived"])]
    cleared = np.where(np.isnan(there["cleared"]), horizon, there["cleared"])
    assert (cleared - there["arrived"]).sum() == pytest.approx(ledger[:, Status.ON_SCENE].sum())
    assert world.units["answered"].sum() == len(there)


def test_every_call_is_answered_waiting_or_open(lab: Any, horizon: float) -> None:
    world = lab.busy_run(horizon)
    calls = lab.used_calls(world)
    answer = calls["answer"]
    known = {
        Answer.RECEIVED: ("received",),
        Answer.WAITING: MOMENTS[:2],
        Answer.ASSIGNED: MOMENTS[:4],
        Answer.ON_SCENE: MOMENTS[:5],
        Answer.DONE: MOMENTS,
    }
    for state, moments in known.items():
        rows = calls[answer == state]
        for moment in MOMENTS:
            assert np.isnan(rows[moment]).all() == (moment not in moments) or len(rows) == 0
    assert (answer == Answer.WAITING).sum() == world.state[0].waiting_calls
    assert ((calls["unit"] != NOBODY) == (answer >= Answer.ASSIGNED)).all()
    busy = world.units[world.units["call"] != NOBODY]
    assert (answer == Answer.ASSIGNED).sum() + (answer == Answer.ON_SCENE).sum() == len(busy)
    assert np.isin(busy["status"], (Status.TO_SCENE, Status.ON_SCENE)).all()


def test_no_duration_is_negative(lab: Any, horizon: float) -> None:
    calls = lab.used_calls(lab.busy_run(horizon))
    for before, after in pairwise(MOMENTS):
        passed = calls[after] - calls[before]
        assert (passed[~np.isnan(passed)] >= 0.0).all(), (before, after)
    assert (calls["travel_metres"][~np.isnan(calls["travel_metres"])] >= 0.0).all()


def test_no_call_waits_while_a_unit_is_free(lab: Any) -> None:
    world = lab.busy_run(0.1)
    waited = 0
    for step in range(2, 300):
        lab.run(world, step * 0.01, lab.lognormal)
        if world.state[0].waiting_calls:
            waited += 1
            assert not np.isin(world.units["status"], (Status.AT_POST, Status.RETURNING)).any()
    assert waited, "the run must have a queue to show anything"


def test_series_count_the_calls_of_their_day(lab: Any, horizon: float) -> None:
    world = lab.busy_run(horizon)
    calls = lab.used_calls(world)
    day = calls["received"].astype(int)
    minutes = (calls["arrived"] - calls["received"]) / MINUTE
    for number in range(int(horizon)):
        row = world.series[number]
        todays = minutes[day == number]
        answered = todays[~np.isnan(todays)]
        assert row.calls == len(todays)
        assert row.answered == len(answered)
        assert row.response_minutes_sum == pytest.approx(answered.sum())
        for limit in (1, 3, 5):
            assert row[f"within_{limit}"] == (answered <= limit).sum()
    assert world.series["calls"].sum() == len(calls)


def test_parts_of_a_single_response(lab: Any) -> None:
    arcs = [(0, 1, 60.0, 500.0), (1, 0, 90.0, 500.0)]
    world = lab.make_world(lab.town_of(arcs, 2), lab.settings(units=1, posts=1), background_calls_per_1000_per_year=0.0)
    lab.start(world)
    post = int(world.posts[0].node)
    from_python(receive_call)(world, 5, Source.DISPUTE.value, 3, 6, 1 - post, 0, 0, 0.25)
    lab.run(world, 1.0, lab.lognormal)
    call, unit = world.calls[0], world.units[0]
    there, back = (60.0, 90.0) if post == 0 else (90.0, 60.0)
    assert call.dispatched == call.ready
    assert call.departed - call.dispatched == pytest.approx(30.0 * SECOND)
    assert call.arrived - call.departed == pytest.approx(there / 1.2 * SECOND)
    assert call.cleared - call.arrived == pytest.approx(from_python(scene_days)(world, 0))
    assert (call.unit, call.unit_node, call.travel_metres) == (0, post, 500.0)
    assert unit.returning_days == pytest.approx(back * SECOND), "the way back is driven at ordinary speed"
    assert (unit.status, unit.node, unit.call) == (Status.AT_POST, post, NOBODY)


def test_a_unit_on_its_way_back_is_sent_from_its_next_node(lab: Any) -> None:
    # A street of five nodes, 60 s a block; the post is at one end, two calls at the other, the second on the way back.
    arcs = [(a, b, 60.0, 100.0) for a, b in [(n, n + 1) for n in range(4)] + [(n + 1, n) for n in range(4)]]
    quick = {"call_taking_seconds": 1e-6, "turn_out_seconds": 30.0, "scene_sigma": 0.0, "emergency_speed_factor": 1.0}
    plan = lab.settings(units=1, posts=1)
    world = lab.make_world(lab.town_of(arcs, 5), plan, background_calls_per_1000_per_year=0.0, **quick)
    world.posts["node"] = 0
    world.routes["seconds"] = [[0.0, 60.0, 120.0, 180.0, 240.0]]
    world.routes["next"] = [[0, 0, 1, 2, 3]]
    lab.start(world)
    from_python(receive_call)(world, 1, Source.BACKGROUND.value, NOBODY, 0, 4, 0, 0, 0.0)
    lab.run(world, 0.5, lab.lognormal)
    cleared = float(world.calls[0].cleared)
    assert cleared == pytest.approx(270.0 * SECOND + 25.0 * MINUTE, abs=1e-9)
    assert world.units[0].status == Status.AT_POST

    world = lab.make_world(lab.town_of(arcs, 5), plan, background_calls_per_1000_per_year=0.0, **quick)
    world.posts["node"] = 0
    world.routes["seconds"] = [[0.0, 60.0, 120.0, 180.0, 240.0]]
    world.routes["next"] = [[0, 0, 1, 2, 3]]
    lab.start(world)
    from_python(receive_call)(world, 1, Source.BACKGROUND.value, NOBODY, 0, 4, 0, 0, 0.0)
    from_python(receive_call)(world, 2, Source.BACKGROUND.value, NOBODY, 0, 4, 0, 0, cleared + 90.0 * SECOND)
    lab.run(world, 0.5, lab.lognormal)
    second = world.calls[1]
    assert second.unit_node == 2, "90 s after clearing, the unit is between nodes 3 and 2"
    assert second.departed == second.dispatched
    assert second.arrived - second.dispatched == pytest.approx((30.0 + 120.0) * SECOND, abs=1e-9)
    assert second.travel_metres == 200.0
    ledger = ledger_at(world.units, 0.5)
    assert ledger[0].sum() == pytest.approx(0.5)
    assert world.units[0].status == Status.AT_POST
    assert world.units[0].answered == 2
