"""Changing the number of grids while the town runs: borders move, staff is hired or let go, no case is lost."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, FollowUp, Task
from sim.engine.compiled import from_python
from sim.engine.queue import has_room, push
from sim.events import Kind
from sim.grid.follow_ups import join_follow_ups
from sim.grid.layout import draw_grids, hire_workers, post_workers
from sim.grid.rounds import join_backlog, least_loaded
from sim.world import Table, World


def waiting_cases(world: World) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the rows of all cases that wait for a grid worker, in the order in which they were opened."""
    rows = []
    for row in np.flatnonzero(world.workers["first_case"] != NOBODY):
        case_row = int(world.workers["first_case"][row])
        while case_row != NOBODY:
            rows.append(case_row)
            case_row = int(world.cases["next"][case_row])
    return np.sort(np.array(rows, dtype=np.int64))


def resize_staff(workers: Table, count: int) -> Table:
    """Return the table with ``count`` active workers: those let go first come back first, the last hired go first."""
    active = np.flatnonzero(workers["active"])
    if count <= len(active):
        workers["active"][active[count:]] = 0
        return workers
    back = np.flatnonzero(workers["active"] == 0)[: count - len(active)]
    workers["active"][back] = 1
    missing = count - len(active) - len(back)
    return np.concatenate([workers, hire_workers(missing)]).view(np.recarray) if missing else workers


def redraw(world: World, count: int, staff: int, now: float) -> World:
    """Return the world with ``count`` grids and at least one worker for each.

    Cases that wait are handed to the worker of their household's new grid, oldest first, and so are follow-up visits
    that are due; what a worker is doing is finished by that worker, even one who is let go.

    Args:
        world: its households' grids are rewritten.
        count: number of grids wanted.
        staff: number of active workers wanted.
        now: the moment, in days. The event queue must have room for one event for each worker.
    """
    waiting = waiting_cases(world)
    visits = np.flatnonzero(world.disputes["follow_up"][: int(world.state[0].dispute_rows)] == FollowUp.LISTED)
    grids = draw_grids(world.communities, world.households, count)
    workers = resize_staff(world.workers, max(staff, len(grids)))
    for column in ("first_case", "last_case", "first_follow_up", "last_follow_up"):
        workers[column] = NOBODY
    post_workers(grids, workers)
    world = world._replace(grids=grids, workers=workers)
    for case_row in waiting:
        home = world.residents["household"][world.disputes["party_a"][world.cases["dispute"][case_row]]]
        worker_row = from_python(least_loaded)(world, int(world.households["grid"][home]))
        from_python(join_backlog)(world, worker_row, int(case_row), now)
    for row in visits.tolist():
        home = world.residents["household"][world.disputes["party_a"][row]]
        worker_row = from_python(least_loaded)(world, int(world.households["grid"][home]))
        from_python(join_follow_ups)(world, worker_row, row)
    if not has_room(world.queue, len(workers)):
        raise ValueError("the event queue has no room to wake the grid workers")
    for row in np.flatnonzero((workers["active"] == 1) & (workers["task"] == Task.NONE)).tolist():
        workers["version"][row] += 1
        push(world.queue, now, Kind.WORKER_FREE.value, row, workers["version"][row])
    return world
