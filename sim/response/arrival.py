"""What an arrival can do to a dispute."""

from __future__ import annotations

import math
from typing import Any

from sim.codes import NOBODY
from sim.engine.compiled import rule
from sim.engine.maths import logistic, logit
from sim.response.books import response_minutes

REFERENCE_STAGE = 5  # the stage for which ``defuse_probability`` is stated
HALVING = math.log(2.0)


@rule
def defuses(world: Any, row: int) -> float:
    """Return the probability that the arrival at a call defuses its dispute; 0 for a call without one.

    logistic(logit(defuse_probability) + defuse_stage_slope (stage - 5)) x 0.5 ** (delay / half-time)

    where the stage is the dispute's when the call was made and the delay is the response time in minutes. The
    form and its three numbers are assumptions: studies disagree on whether a faster response calms anything.
    """
    call = world.calls[row]
    if call.dispute == NOBODY:
        return 0.0
    parameters = world.parameters[0]
    odds = logit(parameters.defuse_probability) + parameters.defuse_stage_slope * (call.stage - REFERENCE_STAGE)
    delay = response_minutes(world, row)
    return logistic(odds) * math.exp(-HALVING * delay / parameters.defuse_delay_half_minutes)
