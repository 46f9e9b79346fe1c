"""How a case reaches a grid worker: assigned after some days, waiting in a queue, listed when it has become old."""

from __future__ import annotations

from typing import Any

from sim.codes import NOBODY, Channel, Step
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.grid.backlog import grid_of_case, join_backlog, join_list, least_loaded, waits
from sim.grid.cases import is_open
from sim.grid.rounds import wake
from sim.grid.sectors import regime_of


@rule
def on_case_for_grid(world: Any, case_row: int, now: float) -> None:
    """Take in a new case of the grid: it is assigned at once, or ``grid_assign_days`` later."""
    days = world.parameters[0].grid_assign_days
    if days > 0.0:
        push(world.queue, now + days, Kind.CASE_STEPS, case_row, Step.ASSIGNED)
    else:
        on_case_due(world, case_row, now)


@rule
def on_case_due(world: Any, case_row: int, now: float) -> None:
    """Put a case into the queue of the least loaded worker of its grid, and wake an idle one."""
    if world.cases[case_row].withdrawn:
        return
    worker_row = least_loaded(world, grid_of_case(world, case_row))
    join_backlog(world, worker_row, case_row, now)
    wake(world, worker_row, now)


@rule
def on_case_listed(world: Any, case_row: int, version: int, now: float) -> None:
    """Put a case that is still open on the list of old cases; one that waits in a grid may wake an idle worker.

    A moment that was set before the list's limit changed is void.
    """
    case = world.cases[case_row]
    home = world.residents[world.disputes[case.dispute].party_a].household
    if regime_of(world, home).list_version != version or case.listed or not is_open(world, case_row):
        return
    case.listed = 1
    if case.channel != Channel.GRID or case.worker == NOBODY or not waits(world, case_row):
        return
    grid_row = world.workers[case.worker].grid
    join_list(world, grid_row, case_row)
    row = world.grids[grid_row].first_worker
    while row != NOBODY and waits(world, case_row):
        wake(world, row, now)
        row = world.workers[row].next_in_grid
