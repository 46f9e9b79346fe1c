"""The books: cases, opened for a channel and withdrawn when the dispute ends elsewhere.

A case says what an office wrote down. What truly became of the dispute stands in the dispute's own row.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Channel, State
from sim.engine.compiled import compiled, rule
from sim.engine.draws import uniform
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose
from sim.world import daily


@compiled
def state_in(channel: int) -> int:
    """Return the state of a dispute that is a case in a channel."""
    if channel == Channel.GRID:
        return State.IN_GRID.value
    return State.IN_COURT.value if channel == Channel.COURT else State.IN_MEDIATION.value


@compiled
def is_glossed(case: Any, luck: float, probability: float) -> bool:
    """Decide whether a case without a settlement is recorded as settled; none that no office had or the court ruled."""
    if case.passed_up or case.refused or case.lost or case.channel == Channel.COURT:
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
    case.discovered = discovered
    case.reported = now
    case.opened = now
    case.assigned = np.nan
    case.acted = np.nan
    case.fed_back = np.nan
    case.closed = np.nan
    daily(world, dispute.community, now).recorded_opened += 1
    push(world.queue, now, Kind.CASE_ASSIGNED, case_row, 0)
    return case_row


@rule
def close_case(world: Any, case_row: int, now: float) -> None:
    """Stamp a case that its channel is done with, and write down its result as the office publishes it.

    A true settlement is recorded as one. A case that is neither settled nor passed up is recorded as settled all
    the same with ``gloss_probability``: the gap between published rates and those of studies.
    """
    case = world.cases[case_row]
    dispute = world.disputes[case.dispute]
    case.fed_back = now
    case.closed = now
    today = daily(world, dispute.community, now)
    today.recorded_closed += 1
    glossed = uniform(world.state[0].seed, Purpose.BOOKS_GLOSS, dispute.address, dispute.handlings)
    if case.true_settled or is_glossed(case, glossed, world.parameters[0].gloss_probability):
        case.recorded_settled = 1
        today.recorded_settled += 1


@rule
def withdraw_case(world: Any, row: int, now: float) -> None:
    """Close the open case, if any, of a dispute that has ended outside it; its channel will skip it."""
    dispute = world.disputes[row]
    if dispute.case == NOBODY:
        return
    case = world.cases[dispute.case]
    dispute.case = NOBODY
    if math.isnan(case.closed):
        case.closed = now
        case.withdrawn = 1
        daily(world, dispute.community, now).recorded_closed += 1
