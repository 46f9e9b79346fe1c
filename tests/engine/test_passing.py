"""Named tuples of tables in compiled code: read and written in place, whatever their order and number of rows."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.passing import TablesType, pass_as_pointer

HOUSES = np.dtype([("rooms", "i4"), ("rent", "f8")], align=True)
STREETS = np.dtype([("house", "i8"), ("lamps", "i2", (3,))], align=True)


class Town(NamedTuple):
    """Two tables and a column."""

    houses: Any
    streets: Any
    heights: Any


pass_as_pointer(Town)


def raise_rent(town: Any, street: int) -> float:
    """Write into a row that another table's row names, and return what it holds then."""
    house = town.houses[town.streets[street].house]
    house.rent += town.heights[street] + house.rooms + town.streets[street].lamps[2]
    return float(house.rent)


def counts(town: Any) -> Any:
    """Return the numbers of rows."""
    return len(town.houses), len(town.streets), len(town.heights)


compiled_rent, compiled_counts = numba.njit(raise_rent), numba.njit(counts)


def raise_all(town: Any) -> float:
    """Pass the town on, street by street."""
    total = 0.0
    for street in range(compiled_counts(town)[1]):
        total += compiled_rent(town, street)
    return total


compiled_all = numba.njit(raise_all)


def town_of(rooms: list[int], named: list[int]) -> Town:
    houses = np.zeros(len(rooms), HOUSES).view(np.recarray)
    houses["rooms"] = rooms
    streets = np.zeros(len(named), STREETS).view(np.recarray)
    streets["house"] = [number % len(rooms) for number in named]
    streets["lamps"][:, 2] = np.arange(len(named))
    return Town(houses, streets, np.arange(len(named)) / 4.0)


@settings(deadline=None)
@given(
    rooms=st.lists(st.integers(0, 9), min_size=1, max_size=5), named=st.lists(st.integers(0, 9), min_size=1, max_size=5)
)
def test_compiled_code_reads_and_writes_the_tables_themselves(rooms: list[int], named: list[int]) -> None:
    compiled, plain = town_of(rooms, named), town_of(rooms, named)
    total = sum(raise_rent(plain, street) for street in range(len(named)))
    assert compiled_all(compiled) == total
    assert compiled.houses.tobytes() == plain.houses.tobytes()
    assert compiled_counts(compiled) == (len(rooms), len(named), len(named))


def test_tables_of_other_columns_are_another_type() -> None:
    town = town_of([1], [0])
    other = town._replace(streets=np.zeros(1, HOUSES).view(np.recarray))
    one, again, two = (numba.typeof(which) for which in (town, town_of([1, 2], [0]), other))
    assert isinstance(one, TablesType)
    assert one == again
    assert one.name != two.name
