"""The heap with changeable keys against a sorted list."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.town.ways.heap import ABSENT, KEYED, drop_least, empty_out, set_key

NODES = 12


@given(st.lists(st.one_of(st.none(), st.tuples(st.integers(0, NODES - 1), st.integers(-5, 5))), max_size=60))
def test_the_least_key_is_always_first(steps: list[tuple[int, int] | None]) -> None:
    heap = np.zeros(NODES, dtype=KEYED).view(np.recarray)
    place = np.full(NODES, ABSENT, dtype=np.int32)
    count = 0
    keys: dict[int, int] = {}
    for step in steps:
        if step is not None:
            node, keys[node] = step[0], step[1]
            count = set_key(heap, place, count, *step)
        elif keys:
            first = min((key, node) for node, key in keys.items())
            assert (heap[0].key, heap[0].node) == first
            count = drop_least(heap, place, count)
            del keys[first[1]]
        assert count == len(keys)
        assert {node for node in range(NODES) if place[node] != ABSENT} == set(keys)
        assert all(heap[place[node]].key == key for node, key in keys.items())
    empty_out(heap, place, count)
    assert np.all(place == ABSENT)
