"""A binary heap of nodes with changeable keys, least key first, ties by the lower number.

Rows 0..count - 1 of ``heap`` are in use; ``place`` holds each node's row, or -1 for one that is not in the heap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.compiled import compiled

KEYED = np.dtype([("key", "i8"), ("node", "i8")], align=True)
ABSENT = -1


@compiled
def _put(heap: Any, place: Any, row: int, key: int, node: int) -> None:
    heap[row].key = key
    heap[row].node = node
    place[node] = row


@compiled
def _comes_before(key: int, node: int, other: Any) -> bool:
    return bool(key < other.key or (key == other.key and node < other.node))


@compiled
def _rise(heap: Any, place: Any, row: int, key: int, node: int) -> None:
    """Put an entry where it belongs at or above ``row``."""
    while row > 0:
        above = (row - 1) // 2
        if not _comes_before(key, node, heap[above]):
            break
        _put(heap, place, row, heap[above].key, heap[above].node)
        row = above
    _put(heap, place, row, key, node)


@compiled
def _sink(heap: Any, place: Any, count: int, row: int, key: int, node: int) -> None:
    """Put an entry where it belongs at or below ``row``."""
    while True:
        below = 2 * row + 1
        if below >= count:
            break
        if below + 1 < count and _comes_before(heap[below + 1].key, heap[below + 1].node, heap[below]):
            below += 1
        if _comes_before(key, node, heap[below]):
            break
        _put(heap, place, row, heap[below].key, heap[below].node)
        row = below
    _put(heap, place, row, key, node)


@compiled
def set_key(heap: Any, place: Any, count: int, node: int, key: int) -> int:
    """Insert a node, or give it another key; return the number of nodes in the heap."""
    row = int(place[node])
    if row == ABSENT:
        _rise(heap, place, count, key, node)
        return count + 1
    if key < heap[row].key:
        _rise(heap, place, row, key, node)
    else:
        _sink(heap, place, count, row, key, node)
    return count


@compiled
def drop_least(heap: Any, place: Any, count: int) -> int:
    """Remove the first node; return the number of nodes left."""
    place[heap[0].node] = ABSENT
    last = count - 1
    if last > 0:
        key = int(heap[last].key)
        node = int(heap[last].node)
        _sink(heap, place, last, 0, key, node)
    return last


@compiled
def empty_out(heap: Any, place: Any, count: int) -> None:
    """Remove all nodes."""
    for row in range(count):
        place[heap[row].node] = ABSENT
