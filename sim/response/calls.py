"""Calls: how one comes in, and the stream of background calls that no dispute causes.

Background calls are a Poisson process with a rate by hour, weekday and month. Potential calls come at a fixed
rate; the hour's profile enters by a change of time, the day's factor by accepting or rejecting each (thinning;
Lewis and Shedler 1979). Potential call number k has its gap, place, acceptance and all that follows drawn at
address k, so two policies see the same potential calls. Callers are residents drawn evenly, and the place is their
home: places follow people. The address of a background call is its number; the caller of ``receive_call`` gives
calls of disputes addresses far above all numbers.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Answer, Source
from sim.engine.clock import SECOND, YEAR, later_by_profile
from sim.engine.compiled import rule
from sim.engine.draws import exponential, uniform, uniform_pair, whole_below
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose
from sim.response.books import book_call

URGENT = 0
ROUTINE = 1


@rule
def receive_call(
    world: Any,
    address: int,
    source: int,
    dispute: int,
    stage: int,
    node: int,
    community: int,
    priority: int,
    now: float,
) -> int:
    """Append a call received at ``now``, plan the end of its call-taking, and return its row.

    ``dispute`` is NOBODY and ``stage`` 0 for a call that no dispute causes; ``priority`` is 0 (urgent) or 1.
    """
    row = world.state[0].call_rows
    world.state[0].call_rows += 1
    call = world.calls[row]
    call.address = address
    call.source = source
    call.priority = priority
    call.answer = Answer.RECEIVED
    call.dispute = dispute
    call.stage = stage
    call.node = node
    call.community = community
    call.unit = NOBODY
    call.unit_node = NOBODY
    call.next = NOBODY
    call.queue_met = 0
    call.defused = 0
    call.received = now
    call.ready = np.nan
    call.dispatched = np.nan
    call.departed = np.nan
    call.arrived = np.nan
    call.cleared = np.nan
    call.travel_metres = np.nan
    book_call(world, row)
    push(world.queue, now + call_taking_days(world, address), Kind.CALL_READY, row, 0)
    return int(row)


@rule
def call_taking_days(world: Any, address: int) -> float:
    """Return the time that the operator needs for a call, in days.

    An Erlang law of two phases with the mean of the parameter table (asking what and where; entering it): never
    near zero, with a moderate tail, and without a further free number. The law is an assumption, the mean is not.
    """
    a, b = uniform_pair(world.state[0].seed, Purpose.CALL_TAKING, address, 0)
    return float(-0.5 * (math.log(a) + math.log(b)) * world.parameters[0].call_taking_seconds * SECOND)


@rule
def background_calls_per_day(world: Any, now: float) -> float:
    """Return the rate of background calls on the day of ``now``, in calls a day."""
    per_year = len(world.residents) * world.parameters[0].background_calls_per_1000_per_year / 1000.0
    return float(per_year / YEAR * world.days[int(now)].call_factor)


def set_bounds(world: Any) -> None:
    """Set the fixed bound of potential background calls, in ``world.state``, from parameters and calendar.

    The ratio bound is the largest factor on the mean rate that a day of the calendar has.
    """
    state = world.state[0]
    per_day = len(world.residents) * world.parameters[0].background_calls_per_1000_per_year / 1000.0 / YEAR
    state.background_ratio_bound = float(world.days["call_factor"].max())
    state.background_bound_per_day = per_day * state.background_ratio_bound


@rule
def next_background_call(world: Any, now: float) -> None:
    """Schedule the potential background call whose number is next."""
    state = world.state[0]
    if state.background_bound_per_day > 0.0:
        gap = exponential(state.seed, Purpose.CALL_GAP, state.background_number, 0) / state.background_bound_per_day
        push(world.queue, later_by_profile(now, gap, state.call_hours), Kind.BACKGROUND_CALL, 0, 0)


@rule
def on_background_call(world: Any, now: float) -> None:
    """Turn a potential background call into a call or not, and schedule the next one."""
    state = world.state[0]
    number = state.background_number
    ratio = background_calls_per_day(world, now) / state.background_bound_per_day
    if ratio > 1.0 + 1e-9:
        state.bounds_broken += 1
    if uniform(state.seed, Purpose.CALL_ACCEPT, number, 0) < ratio:
        place_background_call(world, number, now)
    state.background_number = number + 1
    next_background_call(world, now)


@rule
def place_background_call(world: Any, number: int, now: float) -> None:
    """Let a resident drawn evenly call from home."""
    seed = world.state[0].seed
    resident = whole_below(len(world.residents), uniform(seed, Purpose.CALL_PLACE, number, 0))
    home = world.households[world.residents[resident].household]
    urgent = uniform(seed, Purpose.CALL_URGENT, number, 0) < world.parameters[0].urgent_share
    priority = URGENT if urgent else ROUTINE
    receive_call(world, number, Source.BACKGROUND, NOBODY, 0, home.node, home.community, priority, now)
