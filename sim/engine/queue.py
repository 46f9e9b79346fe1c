"""The compiled event queue: a binary heap of (time, kind, row, version), earliest first.

Events of one moment are taken by kind, then by row, so that the order never depends on who was pushed first; a run
that is cut and resumed therefore goes on exactly as the uncut one. An event is withdrawn by raising its row's
version: the loop drops an event whose version is no longer its row's.

Row 0 of the array is a header: its ``row`` holds the number of events, its ``version`` how many were refused because
the array was full, which whoever runs the loop must find to be none. The heap itself is rows 1..size.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.compiled import compiled

EVENT = np.dtype([("time", "f8"), ("kind", "i4"), ("row", "i4"), ("version", "i4")], align=True)


@compiled
def size(queue: Any) -> int:
    """Return the number of events in the queue."""
    return int(queue[0].row)


@compiled
def comes_before(a: Any, b: Any) -> bool:
    """Decide whether event ``a`` is due before event ``b``: by time, then kind, then row, then version."""
    if a.time != b.time:
        return bool(a.time < b.time)
    if a.kind != b.kind:
        return bool(a.kind < b.kind)
    if a.row != b.row:
        return bool(a.row < b.row)
    return bool(a.version < b.version)


@compiled
def copy_event(source: Any, target: Any) -> None:
    """Copy one event's fields."""
    target.time = source.time
    target.kind = source.kind
    target.row = source.row
    target.version = source.version


@compiled
def push(queue: Any, time: float, kind: int, row: int, version: int) -> None:
    """Add an event. The caller has made sure that the array has room (see ``has_room``); without it none is added."""
    if queue[0].row + 1 >= len(queue):
        queue[0].version += 1
        return
    queue[0].row += 1
    place = queue[0].row
    new = queue[place]
    new.time = time
    new.kind = kind
    new.row = row
    new.version = version
    while place > 1:
        above = place // 2
        parent = queue[above]
        # The new event's own values are compared, since its place moves up with every exchange.
        if time > parent.time:
            break
        if time == parent.time:
            if kind > parent.kind:
                break
            if kind == parent.kind:
                if row > parent.row:
                    break
                if row == parent.row and version >= parent.version:
                    break
        copy_event(parent, queue[place])
        place = above
    settled = queue[place]
    settled.time = time
    settled.kind = kind
    settled.row = row
    settled.version = version


@compiled
def drop_first(queue: Any) -> None:
    """Remove the earliest event (row 1).

    The gap that it leaves sinks to the bottom along the earlier children, and the last event rises from there
    (Wegener 1993): it nearly always belongs far down, so that asking on every level whether it does would cost more.
    """
    last = queue[0].row
    queue[0].row = last - 1
    place = 1
    while 2 * place + 1 < last:
        child = earlier_of(queue, 2 * place)
        copy_event(queue[child], queue[place])
        place = child
    if 2 * place < last:
        copy_event(queue[2 * place], queue[place])
        place = 2 * place
    moving = queue[last]
    while place > 1 and comes_before(moving, queue[place // 2]):
        copy_event(queue[place // 2], queue[place])
        place = place // 2
    copy_event(moving, queue[place])


@compiled
def earlier_of(queue: Any, left: int) -> int:
    """Return which of the events in rows ``left`` and ``left + 1`` is due first.

    Which it is cannot be foreseen, so the answer is counted up rather than jumped to.
    """
    if queue[left].time == queue[left + 1].time:
        return int(left + comes_before(queue[left + 1], queue[left]))
    return int(left + (queue[left + 1].time < queue[left].time))


@compiled
def has_room(queue: Any, events: int) -> bool:
    """Decide whether ``events`` more events fit."""
    return bool(queue[0].row + events < len(queue))
