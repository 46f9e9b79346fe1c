"""The tables of the world: every one has its columns, and no column hides an attribute of records."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.compiled import from_python
from sim.world import COMMUNITIES, DISTRICTS, DTYPES, SERIES, World, daily, empty_table


def test_every_table_has_columns_but_the_parameters() -> None:
    """The columns of the parameters are those of the parameter table."""
    assert list(DTYPES) == [name for name in World._fields if name != "parameters"]


@pytest.mark.parametrize("name", DTYPES)
def test_a_column_can_be_read_as_an_attribute(name: str) -> None:
    names = DTYPES[name].names or ()
    assert names
    assert not [column for column in names if hasattr(np.recarray, column) or hasattr(np.record, column)]


@pytest.mark.parametrize("name", DTYPES)
def test_a_column_lies_where_its_type_wants_it(name: str) -> None:
    fields = (DTYPES[name].fields or {}).values()
    assert all(offset % kind.alignment == 0 for kind, offset, *_ in fields)


@pytest.mark.parametrize("name", DTYPES)
def test_a_new_table_is_zeroed_and_read_by_column_or_by_row(name: str) -> None:
    table = empty_table(DTYPES[name], 3)
    assert table.shape == (3,)
    assert not table.tobytes().strip(b"\0")
    first = (DTYPES[name].names or ())[0]
    table[1][first] = 1
    assert np.asarray(table[first])[1].all()
    assert not np.asarray(table[first])[::2].any()


@given(
    districts=st.lists(st.integers(0, 4), min_size=1, max_size=6),
    day=st.integers(0, 9),
    share=st.floats(0, 0.999),
    data=st.data(),
)
def test_a_community_counts_for_its_district_and_day(
    districts: list[int], day: int, share: float, data: st.DataObject
) -> None:
    community = data.draw(st.integers(0, len(districts) - 1))
    world = World(*(empty_table(DTYPES.get(name, DISTRICTS), 1) for name in World._fields))._replace(
        communities=empty_table(COMMUNITIES, len(districts)),
        districts=empty_table(DISTRICTS, 5),
        series=empty_table(SERIES, 50),
    )
    world.communities["district"] = districts
    world.series["visits"] = np.arange(50)
    assert from_python(daily)(world, community, day + share).visits == day * 5 + districts[community]
