"""The cases that wait for grid workers: a queue for each worker, and a list of old cases for each grid.

A case on the list is taken first, by whichever of the grid's workers comes free, also where it waits for another who
is busy or absent. It stays in that worker's queue too, and is passed over there once somebody has acted on it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Task
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.grid.sectors import grid_for


@rule
def grid_of_case(world: Any, case_row: int) -> int:
    """Return the grid that a case belongs to: of party a's home, for the dispute's category."""
    return grid_of_dispute(world, world.cases[case_row].dispute)


@rule
def grid_of_dispute(world: Any, row: int) -> int:
    """Return the grid that a dispute belongs to: of party a's home, for its category."""
    dispute = world.disputes[row]
    return int(grid_for(world, world.residents[dispute.party_a].household, dispute.category))


@rule
def join_backlog(world: Any, worker_row: int, case_row: int, now: float) -> None:
    """Add a case to a worker's queue: an urgent one behind the urgent ones, any other at the end."""
    worker = world.workers[worker_row]
    case = world.cases[case_row]
    case.worker = worker_row
    if math.isnan(case.assigned):
        case.assigned = now
    before, after = NOBODY, NOBODY
    if case.urgent:
        after = worker.first_case
        while after != NOBODY and world.cases[after].urgent:
            before, after = after, world.cases[after].next
    elif worker.first_case != NOBODY:
        before = worker.last_case
    case.next = after
    if before == NOBODY:
        worker.first_case = case_row
    else:
        world.cases[before].next = case_row
    if after == NOBODY:
        worker.last_case = case_row
    worker.waiting += 1
    if case.listed:
        join_list(world, worker.grid, case_row)


@rule
def join_list(world: Any, grid_row: int, case_row: int) -> None:
    """Append a case to a grid's list of old cases."""
    grid = world.grids[grid_row]
    world.cases[case_row].next_listed = NOBODY
    if grid.first_listed == NOBODY:
        grid.first_listed = case_row
    else:
        world.cases[grid.last_listed].next_listed = case_row
    grid.last_listed = case_row


@rule
def waits(world: Any, case_row: int) -> bool:
    """Decide whether a case in a queue still waits for somebody to act on it."""
    case = world.cases[case_row]
    return bool(not case.withdrawn and math.isnan(case.acted))


@rule
def first_listed(world: Any, grid_row: int) -> int:
    """Take the first case that still waits from a grid's list, or -1."""
    grid = world.grids[grid_row]
    while grid.first_listed != NOBODY:
        row = grid.first_listed
        grid.first_listed = world.cases[row].next_listed
        world.cases[row].next_listed = NOBODY
        if waits(world, row):
            return int(row)
    return NOBODY


@rule
def first_in_queue(world: Any, worker_row: int) -> int:
    """Take the longest-waiting case from a worker's queue, or -1."""
    worker = world.workers[worker_row]
    while worker.first_case != NOBODY:
        row = worker.first_case
        case = world.cases[row]
        worker.first_case = case.next
        case.next = NOBODY
        if not math.isnan(case.acted):
            continue  # taken from the list, and counted off then
        worker.waiting -= 1
        if not case.withdrawn:
            return int(row)
    return NOBODY


@rule
def take_case(world: Any, worker_row: int, now: float) -> int:
    """Take a worker's next case, stamp that it is acted on, and return it, or -1: the list first, then the queue."""
    row = first_listed(world, world.workers[worker_row].grid)
    if row == NOBODY:
        row = first_in_queue(world, worker_row)
    else:
        world.workers[world.cases[row].worker].waiting -= 1
        world.cases[row].worker = worker_row
    if row != NOBODY:
        world.cases[row].acted = now
        push(world.queue, now, Kind.CASE_ACTED, row, 0)
    return row


@rule
def least_loaded(world: Any, grid: int) -> int:
    """Return the worker of a grid with the fewest cases, waiting or in hand (the first of equals)."""
    best, fewest = NOBODY, np.iinfo(np.int64).max
    row = world.grids[grid].first_worker
    while row != NOBODY:
        worker = world.workers[row]
        load = worker.waiting + (1 if worker.task == Task.CASE else 0)
        if load < fewest:
            best, fewest = row, load
        row = worker.next_in_grid
    return int(best)
