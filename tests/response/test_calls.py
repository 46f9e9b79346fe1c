"""Calls: a call that comes in is complete, booked, and goes to dispatch after its taking."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from calling import calling_world, run

from sim.codes import NOBODY, Answer, Reason, Source
from sim.engine.clock import MINUTE
from sim.engine.compiled import from_python
from sim.engine.queue import size
from sim.response.calls import DISPUTE_STREAM, begin_taking, receive_call
from sim.response.laws import call_taking_days, scene_days
from sim.world import World


def receive(world: World, now: float, *, address: int = 77 << 48, taking: float = math.nan, **changes: Any) -> int:
    """Let a call of dispute 12 come in from node 4."""
    fields = {"node": 4, "x": 410.0, "y": 30.0, "access_metres": 31.0, "priority": 2, "units_wanted": 3, **changes}
    place = (fields["node"], fields["x"], fields["y"], fields["access_metres"])
    how = (fields["priority"], fields["units_wanted"])
    called = from_python(receive_call)
    row = int(called(world, DISPUTE_STREAM, address, Source.DISPUTE.value, 12, 6, *place, *how, now))
    from_python(begin_taking)(world, row, taking, now)
    return row


def test_a_received_call_is_complete() -> None:
    world = calling_world({}, days=3, rows=10)
    world.calls.view(np.uint8)[:] = 255  # whatever was there before
    row = receive(world, 1.5)
    assert (row, world.state[0].call_rows) == (0, 1)
    call = world.calls[0]
    assert (call.address, call.source, call.dispute, call.stage, call.node) == (77 << 48, Source.DISPUTE, 12, 6, 4)
    assert (call.x_metres, call.y_metres, call.access_metres) == (410.0, 30.0, 31.0)
    assert (call.priority, call.first_priority, call.units_wanted, call.stream) == (2, 2, 3, DISPUTE_STREAM)
    nobody = ("unit", "unit_node", "next", "previous", "first_dispatch", "log_row", "tier")
    assert {call[name] for name in nobody} == {NOBODY}
    nothing = ("queue_met", "defused", "community", "version", "units_sent", "units_engaged", "queued")
    assert {call[name] for name in nothing} == {0}
    assert (call.answer, call.reason, call.received) == (Answer.RECEIVED, Reason.NONE, 1.5)
    to_come = ("ready", "dispatched", "departed", "arrived", "cleared", "travel_metres", "scene_days", "scene_left")
    assert np.isnan([call[name] for name in to_come]).all()
    assert world.series[1].calls == 1


def test_every_field_of_a_call_is_set() -> None:
    worlds = [calling_world({}, days=3, rows=10) for _ in range(2)]
    worlds[0].calls.view(np.uint8)[:] = 255
    for world in worlds:
        receive(world, 1.5)
    for name in worlds[0].calls.dtype.names or ():
        first, second = (world.calls[name][0] for world in worlds)
        assert first == second or (np.isnan(first) and np.isnan(second)), name


@pytest.mark.parametrize("taking", [math.nan, 2.0 * MINUTE])
def test_a_call_is_ready_when_it_has_been_taken(taking: float) -> None:
    world = calling_world({}, days=3, rows=10)
    receive(world, 1.5, taking=taking)
    assert size(world.queue) == 1
    run(world, 3.0)
    wanted = from_python(call_taking_days)(world, DISPUTE_STREAM, 77 << 48) if math.isnan(taking) else taking
    assert world.calls[0].ready == 1.5 + wanted


def test_a_call_that_needs_no_taking_is_ready_at_once() -> None:
    world = calling_world({}, days=3, rows=10)
    receive(world, 1.5, taking=0.0)
    assert world.calls[0].ready == 1.5
    assert size(world.queue) == 0


def test_disputes_keep_a_unit_as_long_as_the_table_says() -> None:
    world = calling_world({}, days=3, rows=600, scene_minutes_dispute=40.0, scene_sigma=0.3)
    rows = [receive(world, 1.0, address=(number << 48) + 5) for number in range(1, 500)]
    minutes = [from_python(scene_days)(world, row, 0) / MINUTE for row in rows]
    assert np.mean(minutes) == pytest.approx(40.0, rel=0.06)


def test_calls_beyond_the_last_day_are_not_booked() -> None:
    world = calling_world({}, days=2, rows=10)
    receive(world, 2.0)
    assert world.series["calls"].sum() == 0
    receive(world, 1.999)
    assert world.series["calls"].tolist() == [0, 1]
