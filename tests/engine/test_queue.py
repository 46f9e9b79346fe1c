"""The event queue gives what Python's heap gives, whatever is pushed and in which order."""

from __future__ import annotations

import heapq
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.queue import EVENT, comes_before, drop_first, has_room, push, size

type Event = tuple[float, int, int, int]

# Few values, so that events of one moment, kind and row are common.
TIMES = st.one_of(st.sampled_from([0.0, 1.0, 1.5]), st.floats(0, 100, allow_nan=False))
EVENTS = st.tuples(TIMES, st.integers(0, 3), st.integers(0, 4), st.integers(0, 2))


def empty(rows: int = 200) -> Any:
    """Return an empty queue."""
    return np.zeros(rows, dtype=EVENT).view(np.recarray)


def pop(queue: Any) -> Event:
    """Take the earliest event."""
    first = queue[1]
    found = (float(first.time), int(first.kind), int(first.row), int(first.version))
    drop_first(queue)
    return found


@settings(max_examples=200)
@given(st.lists(st.one_of(EVENTS, st.none()), max_size=150))
def test_it_equals_a_heap_under_any_pushes_and_pops(steps: list[Event | None]) -> None:
    queue, heap = empty(), list[Event]()
    for step in steps:
        if step is not None:
            push(queue, *step)
            heapq.heappush(heap, step)
        elif heap:
            assert pop(queue) == heapq.heappop(heap)
        assert size(queue) == len(heap)
    assert [pop(queue) for _ in range(size(queue))] == sorted(heap)


@given(st.lists(EVENTS, max_size=60), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_who_was_pushed_first(events: list[Event], random: Any) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)
    one, other = empty(), empty()
    for event, another in zip(events, shuffled, strict=True):
        push(one, *event)
        push(other, *another)
    assert [pop(one) for _ in events] == [pop(other) for _ in events]


@given(EVENTS, EVENTS)
def test_events_are_compared_by_time_kind_row_and_version(one: Event, other: Event) -> None:
    rows = np.array([one, other], dtype=EVENT).view(np.recarray)
    assert comes_before(rows[0], rows[1]) == (one < other)


def test_many_events_come_out_in_order() -> None:
    queue = empty(5002)
    times = np.random.default_rng(1).permutation(5000)
    for row, time in enumerate(times):
        push(queue, float(time), 1, row, 0)
    found = [pop(queue) for _ in range(5000)]
    assert all(before[0] + 1 == after[0] for before, after in pairwise(found))


def test_room_leaves_out_the_header() -> None:
    queue = empty(4)
    assert has_room(queue, 3)
    assert not has_room(queue, 4)
    push(queue, 1.0, 0, 0, 0)
    assert has_room(queue, 2)
    assert not has_room(queue, 3)
