"""Changing the number of grids while the town runs: borders move, staff is hired or let go, no case is lost."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, FollowUp, State, Task
from sim.engine.compiled import from_python
from sim.engine.queue import has_room, push
from sim.events import Kind
from sim.grid.backlog import grid_of_case, grid_of_dispute, join_backlog, least_loaded
from sim.grid.cases import due_for_list
from sim.grid.follow_ups import join_follow_ups
from sim.grid.layout import draw_grids, hire_workers, post_workers
from sim.grid.sectors import draw_sectors
from sim.grid.settings import Townships
from sim.grid.volunteers import listen_for
from sim.world import Table, World


def waiting_cases(world: World) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the rows of all cases that wait for a grid worker, in the order in which they were opened."""
    rows = []
    for row in np.flatnonzero(world.workers["first_case"] != NOBODY):
        case_row = int(world.workers["first_case"][row])
        while case_row != NOBODY:
            if np.isnan(world.cases["acted"][case_row]):  # else it was taken from the list of old cases
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
    """Return the world with ``count`` grids, in the layout of each township's regime, and at least one worker for each.

    Cases that wait are handed to the worker of their household's new grid that has such matters, oldest first, and so
    are follow-up visits that are due; what a worker is doing is finished by that worker, even one who is let go.

    Args:
        world: its households' grids are rewritten.
        count: number of grids wanted.
        staff: number of active workers wanted.
        now: the moment, in days. The event queue must have room for one event for each worker.
    """
    waiting = waiting_cases(world)
    visits = np.flatnonzero(world.disputes["follow_up"][: int(world.state[0].dispute_rows)] == FollowUp.LISTED)
    grids = draw_grids(world.communities, world.households, count)
    draw_sectors(grids, world.regimes, world.communities, world.households)
    workers = resize_staff(world.workers, max(staff, len(grids)))
    for column in ("first_case", "last_case", "first_follow_up", "last_follow_up"):
        workers[column] = NOBODY
    workers["waiting"] = 0
    post_workers(grids, workers)
    # Whoever is let go on a visit still finds what its household's grid would.
    last = np.flatnonzero((workers["active"] == 0) & (workers["task"] == Task.VISIT))
    workers["grid"][last] = world.households["grid"][workers["task_row"][last]]
    world = world._replace(grids=grids, workers=workers)
    for case_row in waiting:
        worker_row = from_python(least_loaded)(world, from_python(grid_of_case)(world, int(case_row)))
        from_python(join_backlog)(world, worker_row, int(case_row), now)
    for row in visits.tolist():
        worker_row = from_python(least_loaded)(world, from_python(grid_of_dispute)(world, row))
        from_python(join_follow_ups)(world, worker_row, row)
    wake_workers(world, now)
    return world


def wake_workers(world: World, now: float) -> None:
    """Let every worker who does nothing that could not wait look for work under what holds now.

    Raises:
        ValueError: the event queue has no room for an event for each worker.
    """
    workers = world.workers
    if not has_room(world.queue, len(workers)):
        raise ValueError("the event queue has no room to wake the grid workers")
    for row in np.flatnonzero((workers["active"] == 1) & (workers["task"] == Task.NONE)).tolist():
        workers["version"][row] += 1
        push(world.queue, now, Kind.WORKER_FREE.value, row, workers["version"][row])


def restart_clocks(world: World, hearing: Townships, listing: Townships, now: float) -> None:
    """Set anew, in some townships, when volunteers will hear of hidden disputes and when cases will be old.

    What was set there before is void. The queue has room for an event for each open dispute and each open case.
    """
    world.regimes["hearing_version"] += hearing
    world.regimes["list_version"] += listing
    disputes = world.disputes[: int(world.state[0].dispute_rows)]
    township = world.communities["township"][disputes["community"]]
    for row in np.flatnonzero((disputes["state"] == State.HIDDEN) & hearing[township]).tolist():
        from_python(listen_for)(world, row, now)
    cases = world.cases[: int(world.state[0].case_rows)]
    waits = np.isnan(cases["closed"]) & (cases["listed"] == 0) & listing[township[cases["dispute"]]]
    for row in np.flatnonzero(waits).tolist():
        from_python(due_for_list)(world, row, now)


def clocks_to_set(world: World) -> int:
    """Return at most how many events ``restart_clocks`` adds to the queue."""
    state = world.state[0]
    hidden = np.count_nonzero(world.disputes["state"][: int(state.dispute_rows)] == State.HIDDEN)
    return int(hidden + np.count_nonzero(np.isnan(world.cases["closed"][: int(state.case_rows)])))
