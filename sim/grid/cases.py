"""A case in a grid worker's hands: settled on the spot, passed up, or closed without a settlement."""

from __future__ import annotations

import math
from typing import Any

from sim.codes import NOBODY
from sim.engine.compiled import rule
from sim.engine.draws import uniform
from sim.engine.maths import logistic
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose


@rule
def take_case(world: Any, worker_row: int, now: float) -> int:
    """Take the longest-waiting open case from a worker's queue, stamp that it is acted on, and return it, or -1."""
    worker = world.workers[worker_row]
    while worker.first_case != NOBODY:
        row = worker.first_case
        case = world.cases[row]
        worker.first_case = case.next
        case.next = NOBODY
        if not case.withdrawn:
            if math.isnan(case.acted):
                case.acted = now
                push(world.queue, now, Kind.CASE_ACTED, row, 0)
            return int(row)
    return NOBODY


@rule
def grid_settlement_probability(world: Any, stage: int) -> float:
    """Return the probability that a grid worker settles a matter of this stage.

    logit p = grid_settlement_logit + slope x (stage - 1); 0 above ``grid_stage_limit`` (Glasl: such matters need
    another channel).
    """
    parameters = world.parameters[0]
    if stage > world.handling[0].grid_stage_limit:
        return 0.0
    return logistic(parameters.grid_settlement_logit + parameters.grid_settlement_stage_slope * (stage - 1))


@rule
def finish_case(world: Any, case_row: int, now: float) -> None:
    """Decide a case that a worker has worked on, and tell the books."""
    case = world.cases[case_row]
    if case.withdrawn:
        return
    dispute = world.disputes[case.dispute]
    seed = world.state[0].seed
    settles = uniform(seed, Purpose.GRID_SETTLES, dispute.address, 2 * dispute.handlings)
    passes = uniform(seed, Purpose.GRID_SETTLES, dispute.address, 2 * dispute.handlings + 1)
    parameters = world.parameters[0]
    case.true_settled = settles < grid_settlement_probability(world, dispute.stage)
    if not case.true_settled:
        too_big = dispute.stage > world.handling[0].grid_stage_limit
        case.passed_up = too_big or passes < parameters.grid_pass_up_probability
    push(world.queue, now, Kind.CASE_CLOSED, case_row, 0)
