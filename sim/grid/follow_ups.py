"""Follow-up visits that a dispute's colour asks for: a list of those due for each grid worker."""

from __future__ import annotations

from typing import Any

from sim.codes import ALERT, NOBODY, FollowUp, State
from sim.engine.compiled import rule
from sim.world import daily


@rule
def join_follow_ups(world: Any, worker_row: int, row: int) -> None:
    """Append a dispute to the list of a worker's follow-up visits."""
    worker = world.workers[worker_row]
    dispute = world.disputes[row]
    dispute.follow_up = FollowUp.LISTED
    dispute.next_follow_up = NOBODY
    if worker.first_follow_up == NOBODY:
        worker.first_follow_up = row
    else:
        world.disputes[worker.last_follow_up].next_follow_up = row
    worker.last_follow_up = row


@rule
def take_follow_up(world: Any, worker_row: int, now: float) -> int:
    """Take the follow-up visit that has been due for longest from a worker's list, count it, and return its dispute.

    Disputes that have ended meanwhile are dropped; -1 where there is none.
    """
    worker = world.workers[worker_row]
    while worker.first_follow_up != NOBODY:
        row = worker.first_follow_up
        dispute = world.disputes[row]
        worker.first_follow_up = dispute.next_follow_up
        dispute.next_follow_up = NOBODY
        dispute.follow_up = FollowUp.NONE
        if dispute.state != State.ENDED:
            today = daily(world, dispute.community, now)
            today.follow_ups += 1
            if dispute.colour >= ALERT and dispute.true_colour < ALERT:
                today.true_false_follow_ups += 1
            return int(row)
    return NOBODY
