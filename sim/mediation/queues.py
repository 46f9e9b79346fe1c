"""The queues of mediation offices: who is next, and when the office is open."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, STAGES, Discipline
from sim.engine.clock import next_opening
from sim.engine.compiled import compiled, rule
from sim.mediation.settling import case_settlement_probability, has_lasting_tie, session_settles_probability
from sim.world import RANKS


@rule
def opening_after(world: Any, group_row: int, now: float) -> float:
    """Return the first moment from ``now`` on at which a group's offices hold sessions; infinite if none is left."""
    group = world.office_groups[group_row]
    if not group.by_weekday:
        return next_opening(now, world.days, group.opens, group.closes)
    day = int(now)
    hour = (now - day) * 24.0
    if is_day_of(world, group, day) and hour < group.closes:
        return max(now, day + group.opens / 24.0)
    for later in range(day + 1, len(world.days)):
        if is_day_of(world, group, later):
            return float(later + group.opens / 24.0)
    return np.inf


@rule
def is_day_of(world: Any, group: Any, day: int) -> bool:
    """Decide whether a group that goes by weekdays is open on a day of the calendar."""
    return bool(day < len(world.days) and group.weekday[(world.orders[0].first_weekday + day) % 7])


@compiled
def expected_sessions(each: float, left: float) -> float:
    """Return the expected number of sessions until one settles, where each does with a probability, at most ``left``.

    The mean of a geometric number cut at n: (1 - (1 - s)^n) / s.
    """
    return left if each <= 0.0 else (1.0 - (1.0 - each) ** left) / each


@rule
def rank_of(world: Any, office_row: int, case_row: int) -> int:
    """Return the rank of a case in an office's queue, 0..9; the least is taken first, and of one rank who came first.

    Cases whose colour puts them first: 0. Of the others, first come: all 1. Most urgent: by stage. Shortest: by the
    expected number of sessions still to come with a mean mediator, from one to the most sessions in nine equal steps.
    """
    if world.cases[case_row].urgent:
        return 0
    group = world.office_groups[world.offices[office_row].group]
    if group.discipline == Discipline.FIRST_COME:
        return 1
    case = world.cases[case_row]
    dispute = world.disputes[case.dispute]
    if group.discipline == Discipline.MOST_URGENT:
        return int(1 + STAGES - dispute.stage)
    lasting = has_lasting_tie(dispute.tie)
    whole = case_settlement_probability(world.parameters[0], dispute.stage, group.skill_mean, lasting, 0.0, 0.0)
    most = group.sessions_most
    expected = expected_sessions(session_settles_probability(whole, most), max(most - case.sessions, 1.0))
    return 1 + min(int((expected - 1.0) / max(most - 1.0, 1.0) * STAGES), STAGES - 1)


@rule
def join_queue(world: Any, office_row: int, case_row: int) -> None:
    """Add a case to an office's queue at the end of its rank, or at the head where it was put off for its team."""
    office = world.offices[office_row]
    case = world.cases[case_row]
    rank = rank_of(world, office_row, case_row)
    office.waiting += 1
    case.next = NOBODY
    if office.first_case[rank] == NOBODY:
        office.first_case[rank] = case_row
        office.last_case[rank] = case_row
    elif math.isnan(case.put_off):
        world.cases[office.last_case[rank]].next = case_row
        office.last_case[rank] = case_row
    else:
        case.next = office.first_case[rank]
        office.first_case[rank] = case_row


@rule
def take_case(world: Any, office_row: int) -> int:
    """Take the next open case from an office's queue, or -1; withdrawn ones are dropped."""
    office = world.offices[office_row]
    for rank in range(RANKS):
        while office.first_case[rank] != NOBODY:
            row = office.first_case[rank]
            case = world.cases[row]
            office.first_case[rank] = case.next
            office.waiting -= 1
            case.next = NOBODY
            if not case.withdrawn:
                return int(row)
    return NOBODY


@rule
def idle_mediator(world: Any, office_row: int) -> int:
    """Return the active mediator of an office with the fewest hours of sessions so far who holds none now, or -1."""
    chosen, fewest = NOBODY, np.inf
    row = world.offices[office_row].first_mediator
    while row != NOBODY:
        mediator = world.mediators[row]
        if mediator.active and mediator.session == NOBODY and mediator.hours < fewest:
            chosen, fewest = row, mediator.hours
        row = mediator.next_in_office
    return int(chosen)
