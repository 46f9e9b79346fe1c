"""The books: cases, opened for a channel and withdrawn when the dispute ends elsewhere.

A case says what an office wrote down. What truly became of the dispute stands in the dispute's own row.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Channel, State, Step
from sim.engine.compiled import compiled, rule
from sim.engine.draws import uniform
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose
from sim.world import daily

WAYS_AROUND = 2  # a case: leaving it out, and booking advice


@compiled
def state_in(channel: int) -> int:
    """Return the state of a dispute that is a case in a channel."""
    if channel == Channel.GRID:
        return State.IN_GRID.value
    return State.IN_COURT.value if channel == Channel.COURT else State.IN_MEDIATION.value


@compiled
def is_glossed(case: Any, luck: float, probability: float) -> bool:
    """Decide whether a case without a settlement is recorded as settled.

    None is that no office had, that the court ruled, or that goes back to the court which had assigned it.
    """
    if case.passed_up or case.refused or case.lost or Channel.COURT in (case.channel, case.source):
        return False
    return bool(luck < probability)


@rule
def open_case(world: Any, row: int, channel: int, passed_from: int, discovered: bool, now: float) -> int:
    """Open a case for a dispute in a channel, hand it to the channel by an event, and return its row.

    Of the six steps the first two (reported, opened) are stamped here; the channel stamps assigned, acted, fed back
    and closed.
    """
    case_row = world.state[0].case_rows
    world.state[0].case_rows += 1
    dispute = world.disputes[row]
    dispute.case = case_row
    dispute.handlings += 1
    dispute.state = state_in(channel)
    case = world.cases[case_row]
    case.dispute = row
    case.channel = channel
    case.worker = NOBODY
    case.source = Channel.SELF.value if passed_from == NOBODY else int(world.cases[passed_from].channel)
    case.office = NOBODY
    case.team = NOBODY
    case.put_off = np.nan
    case.next = NOBODY
    case.passed_from = passed_from
    case.urgent = world.handling[0].first_in_queue[dispute.colour]
    case.discovered = discovered
    case.handling = dispute.handlings
    case.reported = now
    case.opened = now
    case.assigned = np.nan
    case.acted = np.nan
    case.fed_back = np.nan
    case.closed = np.nan
    daily(world, dispute.community, now).recorded_opened += 1
    push(world.queue, now, Kind.CASE_ASSIGNED, case_row, 0)
    if world.handling[0].close_early > 0.0 and channel != Channel.COURT:
        push(world.queue, now + world.handling[0].close_days, Kind.CASE_DUE, case_row, 0)
    return case_row


@rule
def turn_away(world: Any, row: int, now: float) -> bool:
    """Decide whether the pressure of a target keeps a known dispute from becoming a case: unbooked, or as advice.

    Nobody handles it then; it may be brought again.
    """
    handling = world.handling[0]
    dispute = world.disputes[row]
    seed, contacts = world.state[0].seed, int(dispute.handlings) + int(dispute.not_booked) + int(dispute.advised)
    if uniform(seed, Purpose.BOOKS_AVOIDED, dispute.address, WAYS_AROUND * contacts) < handling.not_open:
        dispute.not_booked += 1
        daily(world, dispute.community, now).true_not_booked += 1
        return True
    if uniform(seed, Purpose.BOOKS_AVOIDED, dispute.address, WAYS_AROUND * contacts + 1) < handling.advise:
        dispute.advised += 1
        daily(world, dispute.community, now).recorded_advice += 1
        return True
    return False


@rule
def is_closed_early(world: Any, case_row: int) -> bool:
    """Decide whether a case that has come to its target's day is closed as settled though it goes on.

    One that its channel is done with, and that only waits to be filed, no longer goes on; one that the court has
    assigned is in the court's books, which have no such target.
    """
    case = world.cases[case_row]
    dispute = world.disputes[case.dispute]
    if dispute.case != case_row or case.source == Channel.COURT:
        return False
    luck = uniform(world.state[0].seed, Purpose.BOOKS_CLOSED_EARLY, dispute.address, dispute.handlings)
    return bool(luck < world.handling[0].close_early)


@rule
def close_early(world: Any, case_row: int, now: float) -> None:
    """Book a case as settled that is not; its channel will drop it."""
    case = world.cases[case_row]
    dispute = world.disputes[case.dispute]
    dispute.case = NOBODY
    dispute.state = State.LEFT_ALONE
    case.fed_back = now
    case.closed = now
    case.recorded_settled = 1
    case.closed_early = 1
    case.withdrawn = 1
    today = daily(world, dispute.community, now)
    today.recorded_closed += 1
    today.recorded_settled += 1
    today.true_closed_early += 1


@rule
def end_handling(world: Any, case_row: int, now: float) -> None:
    """Take the last two of the six steps with a case that its channel is done with: feed back, then close and file.

    In the grid they come ``grid_feedback_days`` and ``grid_filing_days`` later; what is true of the dispute does not
    wait for them.
    """
    days = world.parameters[0].grid_feedback_days
    if world.cases[case_row].channel == Channel.GRID and days > 0.0:
        push(world.queue, now + days, Kind.CASE_STEPS, case_row, Step.FED_BACK)
    else:
        feed_back(world, case_row, now)


@rule
def feed_back(world: Any, case_row: int, now: float) -> None:
    """Stamp that those who brought a case have been told, and file it, in the grid ``grid_filing_days`` later."""
    world.cases[case_row].fed_back = now
    days = world.parameters[0].grid_filing_days
    if world.cases[case_row].channel == Channel.GRID and days > 0.0:
        push(world.queue, now + days, Kind.CASE_STEPS, case_row, Step.FILED)
    else:
        file_case(world, case_row, now)


@rule
def file_case(world: Any, case_row: int, now: float) -> None:
    """Close a case in the books and write down its result as the office publishes it.

    A true settlement is recorded as one. A case that is neither settled nor passed up is recorded as settled all
    the same with ``gloss_probability``: the gap between published rates and those of studies. The pressure of a
    target glosses over its share of the rest.
    """
    case = world.cases[case_row]
    dispute = world.disputes[case.dispute]
    case.closed = now
    today = daily(world, dispute.community, now)
    today.recorded_closed += 1
    glossed = uniform(world.state[0].seed, Purpose.BOOKS_GLOSS, dispute.address, case.handling)
    usual_gloss = world.parameters[0].gloss_probability
    gloss = usual_gloss + (1.0 - usual_gloss) * world.handling[0].gloss
    if case.true_settled or is_glossed(case, glossed, gloss):
        case.recorded_settled = 1
        today.recorded_settled += 1


@rule
def withdraw_case(world: Any, row: int, now: float) -> None:
    """Take the open case, if any, of a dispute out of its channel's hands; the channel will skip it."""
    dispute = world.disputes[row]
    if dispute.case == NOBODY:
        return
    case = world.cases[dispute.case]
    dispute.case = NOBODY
    if math.isnan(case.closed):
        case.closed = now
        case.withdrawn = 1
        daily(world, dispute.community, now).recorded_closed += 1
