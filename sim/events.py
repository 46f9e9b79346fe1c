"""Every kind of event: what the domains say to each other through the queue.

An event's ``row`` is a row of the table named in the comment. Events of one moment are taken in the order of
these numbers.
"""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """A kind of event in the compiled queue."""

    DAY_ENDS = 0  # row: the day; the daily series are closed
    FRICTION = 1  # row: 0; a potential friction, which becomes a dispute or not
    DISPUTE_MOVES = 2  # disputes; the first of its competing risks has come
    RELAPSE = 3  # disputes; a settled dispute comes back as a new one
    WORKER_FREE = 4  # workers; a task is finished or the working day starts
    CASE_READY = 5  # cases; a case is due for (another) session and joins its office's queue
    OFFICE_OPENS = 6  # offices; idle mediators take waiting cases
    SESSION_ENDS = 7  # sessions
    BACKGROUND_CALL = 8  # row: 0; a potential call that no dispute causes
    CALL_READY = 9  # calls; call-taking is over, a unit may be sent
    UNIT_ARRIVES = 10  # units; the unit reaches the scene
    UNIT_CLEARS = 11  # units; the unit leaves the scene
    UNIT_AT_POST = 12  # units; the unit is back at its post
    SHIFT_STARTS = 13  # units
    SHIFT_ENDS = 14  # units
    # What one domain tells another at the same moment:
    DISPUTE_FOUND = 15  # disputes; a grid worker's visit has found it
    DISPUTE_CALLS = 16  # disputes; a party calls the police
    CASE_ASSIGNED = 17  # cases; a new case is in the hands of its channel
    CASE_CLOSED = 18  # cases; its channel has closed it
    CASE_ACTED = 20  # cases; its channel has begun to act on it
    DISPUTE_CHANGED = 21  # disputes; its rates are set anew; its clocks keep what is left on them
