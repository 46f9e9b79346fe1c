"""A patrol unit's round: arrival, time on scene, the way back, its post."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, Answer, Source, Status
from sim.engine.clock import MINUTE, SECOND
from sim.engine.compiled import rule
from sim.engine.draws import lognormal
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose
from sim.response.books import book_answer
from sim.response.dispatch import take_waiting_call
from sim.response.ledger import change_status
from sim.response.position import settle_at_post
from sim.response.shifts import go_off_duty


@rule
def scene_days(world: Any, row: int) -> float:
    """Return the time that a call keeps its unit on scene, in days.

    Lognormal, since published handling times are skewed to the right; the mean depends on what caused the call.
    """
    call = world.calls[row]
    parameters = world.parameters[0]
    mean = parameters.scene_minutes_background
    if call.source == Source.DISPUTE:
        mean = parameters.scene_minutes_dispute
    seed = world.state[0].seed
    return lognormal(seed, Purpose.CALL_SCENE, call.address, 0, mean * MINUTE, parameters.scene_sigma)


@rule
def on_unit_arrives(world: Any, row: int, now: float) -> int:
    """Begin the work on scene; return the dispute that the arrival may defuse, or NOBODY."""
    return begin_scene(world, row, scene_days(world, world.units[row].call), now)


@rule
def begin_scene(world: Any, row: int, days: float, now: float) -> int:
    """Note a unit's arrival and when it will leave, ``days`` later; return the call's dispute, or NOBODY."""
    unit = world.units[row]
    call = world.calls[unit.call]
    change_status(world, row, Status.ON_SCENE, now)
    unit.answered += 1
    call.arrived = now
    call.answer = Answer.ON_SCENE
    book_answer(world, unit.call)
    push(world.queue, now + days, Kind.UNIT_CLEARS, row, unit.version)
    return int(call.dispute)


@rule
def on_unit_clears(world: Any, row: int, now: float) -> int:
    """Free a unit whose work on scene is done; return the call that it has finished.

    A crew whose shift is over goes off duty; otherwise it takes the waiting call that is next, or drives back.
    """
    unit = world.units[row]
    finished = int(unit.call)
    world.calls[finished].cleared = now
    world.calls[finished].answer = Answer.DONE
    unit.call = NOBODY
    unit.node_time = now
    if not unit.on_shift:
        go_off_duty(world, row, now)
    elif not take_waiting_call(world, row, now):
        drive_back(world, row, now)
    return finished


@rule
def drive_back(world: Any, row: int, now: float) -> None:
    """Let a unit return to its post at ordinary speed; it can be sent to a call on the way."""
    unit = world.units[row]
    seconds = np.float64(world.routes[unit.post, unit.node].seconds)
    change_status(world, row, Status.RETURNING, now)
    push(world.queue, now + seconds * SECOND, Kind.UNIT_AT_POST, row, unit.version)


@rule
def on_unit_at_post(world: Any, row: int, now: float) -> None:
    """Station a unit that has come back."""
    change_status(world, row, Status.AT_POST, now)
    settle_at_post(world, row, now)
