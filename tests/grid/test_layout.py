"""Drawing grids and posting workers: every household in one grid, every grid with a worker."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.codes import NOBODY
from sim.grid import draw_grids, hire_workers, post_workers
from sim.grid.layout import share_workers
from sim.grid.redraw import resize_staff
from sim.world import COMMUNITIES, HOUSEHOLDS, Table, empty_table

SIZES = st.lists(st.integers(0, 40), min_size=1, max_size=12).filter(any)


def laid(sizes: list[int]) -> tuple[Table, Table]:
    """Return the tables of communities with these numbers of households, and of the households."""
    communities, households = empty_table(COMMUNITIES, len(sizes)), empty_table(HOUSEHOLDS, sum(sizes))
    communities["end_household"] = np.cumsum(sizes)
    communities["first_household"] = communities["end_household"] - sizes
    households["community"] = np.repeat(np.arange(len(sizes)), sizes)
    return communities, households


def staff_of(grids: Table, workers: Table) -> list[list[int]]:
    """Return the rows of each grid's workers, along its list."""
    found: list[list[int]] = []
    for grid in grids:
        found.append([])
        row = int(grid.first_worker)
        while row != NOBODY:
            found[-1].append(row)
            row = int(workers["next_in_grid"][row])
    return found


@given(SIZES, st.integers(1, 300))
def test_grids_partition_the_households(sizes: list[int], count: int) -> None:
    communities, households = laid(sizes)
    grids = draw_grids(communities, households, count)
    inhabited = sum(size > 0 for size in sizes)
    assert len(grids) == min(max(count, inhabited), sum(sizes))
    members: list[int] = []
    for row, grid in enumerate(grids):
        block = range(grid.first_household, grid.end_household)
        assert len(block) >= 1
        assert (households["grid"][block] == row).all()
        assert (households["community"][block] == grid.community).all()
        members += block
    assert members == list(range(sum(sizes)))


@given(SIZES, st.integers(1, 300))
def test_grids_are_alike_in_size(sizes: list[int], count: int) -> None:
    communities, households = laid(sizes)
    grids = draw_grids(communities, households, count)
    width = grids["end_household"] - grids["first_household"]
    for row, size in enumerate(sizes):
        mine = width[grids["community"] == row]
        assert (len(mine) > 0) == (size > 0)
        if size:
            assert np.ptp(mine) <= 1
    each = np.bincount(grids["community"], minlength=len(sizes))
    spare, weights = len(grids) - np.count_nonzero(sizes), np.maximum(np.array(sizes) - 1, 0)
    if spare:
        exact = (np.array(sizes) > 0) + spare * weights / weights.sum()
        assert (np.abs(each - exact) < 1 + 1e-9).all()


@given(st.integers(1, 60), st.integers(0, 200))
def test_workers_are_shared_out_evenly(grids: int, extra: int) -> None:
    found = np.bincount(share_workers(grids, grids + extra), minlength=grids)
    assert found.min() >= 1
    assert np.ptp(found) <= 1
    assert found.sum() == grids + extra


@given(SIZES, st.integers(1, 30), st.integers(0, 40), st.data())
def test_every_grid_has_its_active_workers_in_a_list(
    sizes: list[int], count: int, extra: int, data: st.DataObject
) -> None:
    communities, households = laid(sizes)
    grids = draw_grids(communities, households, count)
    workers = hire_workers(len(grids) + extra)
    idle = data.draw(st.sets(st.integers(0, len(workers) - 1), max_size=extra))
    workers["active"][list(idle)] = 0
    post_workers(grids, workers)
    posted = staff_of(grids, workers)
    assert min(len(one) for one in posted) >= 1
    assert sorted(row for one in posted for row in one) == np.flatnonzero(workers["active"]).tolist()
    for number, staff in enumerate(posted):
        assert (workers["grid"][staff] == number).all()


def test_too_few_workers_are_refused() -> None:
    communities, households = laid([30])
    grids = draw_grids(communities, households, 5)
    with pytest.raises(ValueError, match="4 active workers cannot cover 5 grids"):
        post_workers(grids, hire_workers(4))


@given(st.integers(1, 40), st.lists(st.integers(1, 60), min_size=1, max_size=8))
def test_staff_comes_and_goes_from_the_end(start: int, counts: list[int]) -> None:
    workers: Any = hire_workers(start)
    most = start
    for count in counts:
        workers = resize_staff(workers, count)
        most = max(most, count)
        assert workers["active"].sum() == count
        assert workers["active"][:count].all(), "the last hired go first, the first let go come back first"
        assert len(workers) == most, "nobody's row is lost or made twice"
