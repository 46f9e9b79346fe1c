"""Words instead of codes: dictionary-encoded columns, and masks over them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
import pyarrow as pa

type Column = "np.ndarray[Any, np.dtype[Any]]"

PRIORITIES = ("urgent", "routine")


def words_of(codes: type[IntEnum]) -> tuple[str, ...]:
    """Return the words of an enumeration in the order of its codes, which count from 0: ``LAND_HOUSING`` is
    ``land_housing``.
    """
    return tuple(code.name.lower() for code in sorted(codes))


def encode(codes: Column, words: Sequence[str]) -> pa.DictionaryArray:
    """Return a column of words from a column of codes, which are places in ``words``."""
    return pa.DictionaryArray.from_arrays(pa.array(np.ascontiguousarray(codes, dtype=np.int8)), pa.array(list(words)))


def says(column: pa.DictionaryArray, *words: str) -> Column:
    """Return where a column of words holds one of ``words``, shape (rows,).

    The dictionary is looked up, since a column read back from a file may number its words differently.
    """
    places = [place for place, word in enumerate(column.dictionary.to_pylist()) if word in words]
    return np.isin(column.indices.to_numpy(zero_copy_only=False), places)
