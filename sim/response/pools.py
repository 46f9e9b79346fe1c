"""Two pools for lists of any length: rows of tables, and numbers. Whoever owns a list keeps where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.world import LISTS, NUMBERS, Table, empty_table

type Array = np.ndarray[Any, np.dtype[Any]]


class Pools:
    """Collects the lists of a new world; ``tables`` gives them as two tables."""

    def __init__(self) -> None:
        self._rows: list[Array] = []
        self._numbers: list[Array] = []
        self._row_count = 0
        self._number_count = 0

    def add_rows(self, rows: Sequence[int] | Array) -> tuple[int, int]:
        """Keep a list of rows, and return where it begins and ends in ``lists``."""
        kept = np.asarray(rows, dtype=np.int32)
        self._rows.append(kept)
        self._row_count += len(kept)
        return self._row_count - len(kept), self._row_count

    def add_numbers(self, numbers: Sequence[float] | Array) -> tuple[int, int]:
        """Keep a list of numbers, and return where it begins and ends in ``numbers``."""
        kept = np.asarray(numbers, dtype=np.float64)
        self._numbers.append(kept)
        self._number_count += len(kept)
        return self._number_count - len(kept), self._number_count

    def tables(self) -> dict[str, Table]:
        """Return the tables ``lists`` and ``numbers``."""
        lists, numbers = empty_table(LISTS, self._row_count), empty_table(NUMBERS, self._number_count)
        if self._rows:
            lists["row"] = np.concatenate(self._rows)
        if self._numbers:
            numbers["value"] = np.concatenate(self._numbers)
        return {"lists": lists, "numbers": numbers}
