"""The laws of times: how long a call is taken and how long it keeps a unit on scene.

Every draw is addressed by the call, so that a time does not depend on which unit is sent, when, or by which policy.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Law
from sim.engine.compiled import compiled, rule
from sim.engine.draws import exponential, lognormal, normal, uniform, uniform_pair, whole_below
from sim.purposes import Purpose

GAMMA_OCCASIONS = 512  # addresses that one gamma draw may use: more attempts than will ever be made


@compiled
def gamma(seed: Any, purpose: Any, entity: Any, occasion: Any, shape: float) -> float:
    """Return a gamma draw of the given shape and scale 1 at an address, exact for every shape above 0.

    Source: G. Marsaglia and W. W. Tsang (2000), "A simple method for generating gamma variables", ACM Transactions
    on Mathematical Software 26(3), 363-372. Each attempt (about 1.05 on average) has addresses of its own. Below
    shape 1 a draw of shape + 1 is multiplied by a uniform draw to the power 1 / shape, as they say there.
    """
    first = np.int64(occasion) * GAMMA_OCCASIONS
    boosted = shape + 1.0 if shape < 1.0 else shape
    d = boosted - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    attempt = 0
    while True:
        x = normal(seed, purpose, entity, first + 2 * attempt + 1)
        cube = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x)
        if cube > 0.0:
            luck = uniform(seed, purpose, entity, first + 2 * attempt + 2)
            if math.log(luck) < 0.5 * x * x + d - d * cube + d * math.log(cube):
                break
        attempt += 1
    if shape >= 1.0:
        return float(d * cube)
    return float(d * cube * math.exp(math.log(uniform(seed, purpose, entity, first)) / shape))


@rule
def draw_time(
    world: Any,
    law: int,
    mean_days: float,
    shape: float,
    first: int,
    end: int,
    purpose: int,
    entity: int,
    occasion: int,
) -> float:
    """Return a time in days, drawn from a law at an address.

    Args:
        world: the tables; ``numbers`` holds the observed times of an empirical law.
        law: a ``Law``.
        mean_days: its mean; not used by an empirical law.
        shape: sigma of the logarithm of a lognormal law, shape of a gamma law.
        first: where the observed times of an empirical law begin in ``numbers``; each is as likely as any other.
        end: one past the last of them.
        purpose: of the draw.
        entity: the address that it is drawn for.
        occasion: which draw of the entity it is.
    """
    seed = world.state[0].seed
    if law == Law.CONSTANT:
        return float(mean_days)
    if law == Law.EXPONENTIAL:
        return float(mean_days * exponential(seed, purpose, entity, occasion))
    if law == Law.LOGNORMAL:
        return float(lognormal(seed, purpose, entity, occasion, mean_days, shape))
    if law == Law.GAMMA:
        return float(mean_days / shape * gamma(seed, purpose, entity, occasion, shape))
    if law == Law.EMPIRICAL:
        place = whole_below(end - first, uniform(seed, purpose, entity, occasion))
        return float(world.numbers[first + place].value)
    a, b = uniform_pair(seed, purpose, entity, occasion)
    return float(-0.5 * (math.log(a) + math.log(b)) * mean_days)


@rule
def call_taking_days(world: Any, stream: int, address: int) -> float:
    """Return the time that the operator needs for a call, in days, drawn from its stream's law.

    The default is an Erlang law of two phases (asking what and where; entering it) with the mean of the parameter
    table: never near zero, with a moderate tail, and without a further free number. The law is an assumption.
    """
    source = world.streams[stream]
    return draw_time(world, source.taking_law, source.taking_days, 0.0, 0, 0, Purpose.CALL_TAKING, address, 0)


@rule
def scene_days(world: Any, row: int, number: int) -> float:
    """Return the time that a call keeps one of its units on scene, in days.

    Args:
        world: the tables.
        row: the call.
        number: which unit of the call it is, 0 for the first.

    A recorded time holds where a log gives one; a log may give one for each unit, and the last holds for all beyond.
    Else it is drawn from the law of the call's stream, for each unit by itself.
    """
    call = world.calls[row]
    if math.isnan(call.scene_days):
        source = world.streams[call.stream]
        return draw_time(
            world,
            source.scene_law,
            source.scene_days,
            source.scene_shape,
            source.scene_first,
            source.scene_end,
            Purpose.CALL_SCENE,
            call.address,
            number,
        )
    if number > 0 and call.log_row != NOBODY:
        logged = world.log[call.log_row]
        further = logged.further_end - logged.further_first
        if further > 0:
            return float(world.numbers[logged.further_first + min(number, further) - 1].value)
    return float(call.scene_days)
