"""Words instead of codes: dictionary-encoded columns, and masks over them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
import pyarrow as pa

from sim.codes import PRIORITIES as MOST

type Column = "np.ndarray[Any, np.dtype[Any]]"

# Of calls, 0 the most urgent. Most scenarios have the first two.
PRIORITIES = ("urgent", "routine", *(f"priority_{number}" for number in range(2, MOST)))


def words_of(codes: type[IntEnum]) -> tuple[str, ...]:
    """Return the words of an enumeration in the order of its codes, which count from 0: ``LAND_HOUSING`` is
    ``land_housing``.
    """
    return tuple(code.name.lower() for code in sorted(codes))


def encode(codes: Column, words: Sequence[str]) -> pa.DictionaryArray:
    """Return a column of words from a column of codes, which are places in ``words``."""
    width = np.int8 if len(words) <= np.iinfo(np.int8).max else np.int32
    listed = pa.array(list(words), type=pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(np.ascontiguousarray(codes, dtype=width)), listed)


def says(column: pa.DictionaryArray, *words: str) -> Column:
    """Return where a column of words holds one of ``words``, shape (rows,).

    The dictionary is looked up, since a column read back from a file may number its words differently.
    """
    places = [place for place, word in enumerate(column.dictionary.to_pylist()) if word in words]
    return np.isin(column.indices.to_numpy(zero_copy_only=False), places)


def places_of(column: pa.DictionaryArray, words: Sequence[str]) -> Column:
    """Return the place in ``words`` of each value of a column of words, shape (rows,); -1 for one that is not there."""
    listed = {word: place for place, word in enumerate(words)}
    places = np.array([listed.get(word, -1) for word in column.dictionary.to_pylist()], dtype=np.int64)
    codes = column.indices.to_numpy(zero_copy_only=False)
    return places[codes] if len(places) else np.empty(0, dtype=np.int64)


def named(given: Sequence[str], count: int, what: str) -> list[str]:
    """Return ``count`` names: those given, then numbered ones."""
    return [*given[:count], *(f"{what} {number}" for number in range(len(given) + 1, count + 1))]
