"""Whistle and report-in: a grid calls the township's departments to the place for a matter that is too big for it.

They come within days, handle it jointly, and spend their staff's hours; a township's departments take on only so many
at one time, and a grid whose call they cannot take passes the matter up as before.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import Channel
from sim.engine.clock import HOUR
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.grid.sectors import regime_of


@rule
def blow_whistle(world: Any, case_row: int, now: float) -> bool:
    """Call the departments for a case; return whether they take it on.

    The joint handling is done ``whistle_arrival_days`` and ``whistle_hours`` later, at whatever hour suits the parties.
    """
    case = world.cases[case_row]
    regime = regime_of(world, world.residents[world.disputes[case.dispute].party_a].household)
    if regime.whistles_open >= regime.whistles_most:
        return False
    parameters = world.parameters[0]
    regime.whistles_open += 1
    regime.whistles += 1
    case.joined = Channel.TOWNSHIP
    done = now + np.float64(parameters.whistle_arrival_days) + parameters.whistle_hours * HOUR
    push(world.queue, done, Kind.JOINT_HANDLED, case_row, 0)
    return True
