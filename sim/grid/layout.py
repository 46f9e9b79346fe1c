"""Drawing the grids over the households, and giving them their workers.

Grids are ranges of households within a community, so their number really moves borders and nobody's address.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, Task
from sim.people import apportion
from sim.world import GRIDS, WORKERS, Table, empty_table


def draw_grids(communities: Table, households: Table, count: int) -> Table:
    """Return ``count`` grids and write each household's grid.

    Every inhabited community has at least one grid; the others go by households (largest remainders). Within a
    community grids differ by at most one household.

    Args:
        communities: table with ranges of households.
        households: table whose column ``grid`` is written.
        count: number of grids; raised to the number of inhabited communities, cut to the number of households.
    """
    sizes = (communities["end_household"] - communities["first_household"]).astype(np.int64)
    inhabited = np.flatnonzero(sizes)
    count = int(min(max(count, len(inhabited)), sizes.sum()))
    each = np.zeros(len(communities), dtype=np.int64)
    each[inhabited] = 1 + apportion(count - len(inhabited), sizes[inhabited] - 1) if count > len(inhabited) else 1
    grids = empty_table(GRIDS, count)
    owner = np.repeat(np.arange(len(communities)), each)
    first_grid = np.cumsum(each) - each
    rank = np.arange(count) - first_grid[owner]
    start = communities["first_household"][owner].astype(np.int64)
    grids["community"] = owner
    grids["first_household"] = start + rank * sizes[owner] // each[owner]
    grids["end_household"] = start + (rank + 1) * sizes[owner] // each[owner]
    for column in ("layer", "first_worker", "rota_place", "first_listed", "last_listed"):
        grids[column] = NOBODY
    households["grid"] = np.repeat(np.arange(count), grids["end_household"] - grids["first_household"])
    return grids


def share_workers(grid_count: int, workers: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the grid of each worker: one for each grid as far as they go, the rest spread evenly."""
    return np.arange(workers, dtype=np.int64) * grid_count // max(workers, 1)


def hire_workers(count: int) -> Table:
    """Return ``count`` new workers without a grid."""
    workers = empty_table(WORKERS, count)
    for column in (
        "grid",
        "next_in_grid",
        "first_case",
        "last_case",
        "first_follow_up",
        "last_follow_up",
        "task_row",
        "today",
    ):
        workers[column] = NOBODY
    workers["active"] = 1
    workers["task"] = Task.NONE
    return workers


def post_workers(grids: Table, workers: Table) -> None:
    """Give every active worker a grid and link each grid's workers, who share its rota.

    Raises:
        ValueError: there are fewer active workers than grids; a grid without a worker would lose its cases.
    """
    active = np.flatnonzero(workers["active"])
    if len(active) < len(grids):
        raise ValueError(f"{len(active)} active workers cannot cover {len(grids)} grids")
    grids["first_worker"] = NOBODY
    workers["next_in_grid"] = NOBODY
    chosen = share_workers(len(grids), len(active))
    workers["grid"][active] = chosen
    workers["rota_place"][active] = NOBODY
    for row, grid in zip(active[::-1], chosen[::-1], strict=True):
        workers["next_in_grid"][row] = grids["first_worker"][grid]
        grids["first_worker"][grid] = row
