"""A case in a grid worker's hands: settled on the spot, handled jointly, passed up, or closed without a settlement."""

from __future__ import annotations

import math
from typing import Any

from sim.codes import NOBODY
from sim.engine.compiled import rule
from sim.engine.draws import uniform
from sim.engine.maths import logistic
from sim.engine.queue import push
from sim.events import Kind
from sim.grid.order import note_parties
from sim.grid.sectors import regime_of
from sim.grid.whistle import blow_whistle
from sim.purposes import Purpose


@rule
def note_case(world: Any, case_row: int, now: float) -> None:
    """Write a new case of any channel into the grids' books, and see to its being listed once it is old.

    The list is that of party a's township.
    """
    case = world.cases[case_row]
    case.next_listed = NOBODY
    note_parties(world, case.dispute)
    due_for_list(world, case_row, now)


@rule
def due_for_list(world: Any, case_row: int, now: float) -> None:
    """Schedule the moment at which an open case is put on the list, where there is one."""
    case = world.cases[case_row]
    home = world.residents[world.disputes[case.dispute].party_a].household
    regime = regime_of(world, home)
    when = max(case.opened + regime.list_after_days, now)
    if when < len(world.days):
        push(world.queue, when, Kind.CASE_LISTED, case_row, regime.list_version)


@rule
def grid_settlement_logit(world: Any, stage: int) -> float:
    """Return the logit of settling a matter of this stage in the grid: base + slope x (stage - 1)."""
    parameters = world.parameters[0]
    return parameters.grid_settlement_logit + parameters.grid_settlement_stage_slope * (stage - 1)


@rule
def grid_settlement_probability(world: Any, stage: int) -> float:
    """Return the probability that a grid worker settles a matter of this stage.

    0 above ``grid_stage_limit`` (Glasl: such matters need another channel).
    """
    if stage > world.handling[0].grid_stage_limit:
        return 0.0
    return logistic(grid_settlement_logit(world, stage))


@rule
def finish_case(world: Any, case_row: int, now: float) -> None:
    """Decide a case that a worker has worked on, and tell the books.

    One that is to be passed up waits for the departments instead where the grid may call them.
    """
    case = world.cases[case_row]
    if case.withdrawn:
        return
    dispute = world.disputes[case.dispute]
    seed = world.state[0].seed
    settles = uniform(seed, Purpose.GRID_SETTLES, dispute.address, 2 * dispute.handlings)
    passes = uniform(seed, Purpose.GRID_SETTLES, dispute.address, 2 * dispute.handlings + 1)
    parameters = world.parameters[0]
    case.hurried = world.workers[case.worker].first_case != NOBODY
    case.true_settled = settles < grid_settlement_probability(world, dispute.stage)
    if not case.true_settled:
        too_big = dispute.stage > world.handling[0].grid_stage_limit
        case.passed_up = too_big or passes < parameters.grid_pass_up_probability
        if case.passed_up and blow_whistle(world, case_row, now):
            case.passed_up = 0
            return
    push(world.queue, now, Kind.CASE_CLOSED, case_row, 0)


@rule
def on_joint_handled(world: Any, case_row: int, now: float) -> None:
    """Decide a case that departments have handled jointly at the place: settled, or passed up after all.

    logit p = the grid's, without its limit of stage, + ``whistle_settlement_gain``.
    """
    case = world.cases[case_row]
    dispute = world.disputes[case.dispute]
    parameters = world.parameters[0]
    regime = regime_of(world, world.residents[dispute.party_a].household)
    regime.whistles_open -= 1
    regime.joint_hours += parameters.whistle_staff * parameters.whistle_hours
    if case.withdrawn:
        return
    luck = uniform(world.state[0].seed, Purpose.JOINT_SETTLES, dispute.address, dispute.handlings)
    logit = grid_settlement_logit(world, dispute.stage) + parameters.whistle_settlement_gain
    case.true_settled = luck < logistic(logit)
    case.passed_up = not case.true_settled
    push(world.queue, now, Kind.CASE_CLOSED, case_row, 0)


@rule
def is_open(world: Any, case_row: int) -> bool:
    """Decide whether a case's channel has not closed it: its dispute still counts it as its own."""
    case = world.cases[case_row]
    return bool(not case.withdrawn and world.disputes[case.dispute].case == case_row and math.isnan(case.closed))
