"""Streams of calls: Poisson processes with a rate by hour and day, and places of their own.

Potential calls of a stream come at a fixed rate; the hours' profile enters by a change of time, the day's factor by
accepting or rejecting each (thinning; Lewis and Shedler 1979). Potential call number k has its gap, place, priority,
acceptance and all that follows drawn at the stream's address + k, so two policies see the same potential calls.

Addresses: stream s begins at s x 2**40, so residents' background calls have their numbers; calls of disputes lie at
2**48 and above, beyond all streams.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, PRIORITIES, Source
from sim.engine.clock import YEAR, later_by_profile
from sim.engine.compiled import from_python, rule
from sim.engine.draws import exponential, uniform
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose
from sim.response.calls import BACKGROUND_STREAM, begin_taking, receive_call
from sim.response.places import draw_place
from sim.town import presence_factor

ADDRESS_SHIFT = 40  # potential calls of one stream are fewer than 2**40, streams fewer than 2**8


@rule
def next_stream_call(world: Any, stream: int, now: float) -> None:
    """Schedule the potential call of a stream whose number is next."""
    source = world.streams[stream]
    if source.bound_per_day > 0.0:
        gap = exponential(world.state[0].seed, Purpose.CALL_GAP, source.address + source.number, 0)
        push(world.queue, later_by_profile(now, gap / source.bound_per_day, source.hours), Kind.STREAM_CALL, stream, 0)


@rule
def on_stream_call(world: Any, stream: int, now: float) -> None:
    """Turn a potential call of a stream into a call or not, and schedule the next one."""
    source = world.streams[stream]
    address = source.address + source.number
    ratio = day_ratio(world, stream, now)
    if ratio > 1.0 + 1e-9:
        world.state[0].bounds_broken += 1
    node, x, y, access_metres = draw_place(world, stream, address)
    chance = ratio * presence_factor(world, node, now)  # presence of police can only lower it
    if chance >= 1.0 or uniform(world.state[0].seed, Purpose.CALL_ACCEPT, address, 0) < chance:
        place_call(world, stream, address, node, x, y, access_metres, now)
    source.number += 1
    next_stream_call(world, stream, now)


@rule
def place_call(
    world: Any, stream: int, address: int, node: int, x: float, y: float, access_metres: float, now: float
) -> None:
    """Let an accepted potential call come in from its place."""
    cause = Source.BACKGROUND.value if stream == BACKGROUND_STREAM else Source.STREAM.value
    priority = draw_priority(world, stream, address)
    wanted = world.streams[stream].units_wanted
    row = receive_call(world, stream, address, cause, NOBODY, 0, node, x, y, access_metres, priority, wanted, now)
    begin_taking(world, row, np.nan, now)


@rule
def draw_priority(world: Any, stream: int, address: int) -> int:
    """Return the priority of a stream's call, 0 the most urgent."""
    shares = world.streams[stream].priority_share
    if shares[0] >= 1.0:
        return 0
    luck = uniform(world.state[0].seed, Purpose.CALL_URGENT, address, 0)
    for priority in range(PRIORITIES):
        if luck < shares[priority]:
            return priority
    return PRIORITIES - 1


@rule
def day_ratio(world: Any, stream: int, now: float) -> float:
    """Return the chance that a potential call on the day of ``now`` is one."""
    source = world.streams[stream]
    if source.by_day:
        return float(background_calls_per_day(world, now) / source.bound_per_day)
    return float(source.day_share[(world.orders[0].first_weekday + int(now)) % 7])


@rule
def background_calls_per_day(world: Any, now: float) -> float:
    """Return the rate of residents' calls without a dispute on the day of ``now``, in calls a day."""
    per_year = len(world.residents) * world.parameters[0].background_calls_per_1000_per_year / 1000.0
    return float(per_year / YEAR * world.days[int(now)].call_factor)


def start_calls(world: Any) -> None:
    """Schedule the first potential call of every stream, and the first call of a recorded log."""
    for stream in range(len(world.streams)):
        from_python(next_stream_call)(world, stream, 0.0)
    if len(world.log):
        push(world.queue, float(world.log["received"][0]), Kind.LOGGED_CALL.value, 0, 0)
