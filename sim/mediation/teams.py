"""Joint sessions: 1+X teams and the session of three chiefs, one mechanism with two settings.

Everybody wanted is taken at the same moment or nobody is, so no office ever holds people while it waits for others, and
no two sessions can wait for each other. A case that must have its whole team leaves the queue until somebody wanted may
be free, and is held without those still missing once it has waited for ``wait_days``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY
from sim.engine.compiled import rule
from sim.engine.draws import uniform
from sim.mediation.choosing import serving_office
from sim.mediation.queues import idle_mediator, opening_after
from sim.purposes import Purpose

A_MOMENT = 1e-9  # days; a session that ends at this very moment frees its people only after it


@rule
def team_for(world: Any, case_row: int) -> int:
    """Return the team that a case gets in its office, row of ``teams``: the last that fits its stage, or -1."""
    case = world.cases[case_row]
    dispute = world.disputes[case.dispute]
    group = world.office_groups[world.offices[case.office].group]
    chosen = NOBODY
    for row in range(group.first_team, group.end_team):
        team = world.teams[row]
        if dispute.stage < team.least_stage:
            continue
        occasion = dispute.handlings * 16 + row - group.first_team
        if uniform(world.state[0].seed, Purpose.TEAM_WANTED, dispute.address, occasion) < team.share:
            chosen = row
    return int(chosen)


@rule
def office_of_member(world: Any, case_row: int, member_row: int) -> int:
    """Return the office from which a member of a case's team comes, or -1."""
    case = world.cases[case_row]
    group = world.team_members[member_row].group
    if group == NOBODY:
        return int(case.office)
    return serving_office(world, group, world.disputes[case.dispute].community)


@rule
def free_from(world: Any, office_row: int, people: int, lead: int, now: float) -> float:
    """Return ``now`` if so many people of an office, the lead left out, are free, else when that may next be so."""
    if office_row == NOBODY:
        return np.inf
    opening = opening_after(world, world.offices[office_row].group, now)
    if opening > now:
        return opening
    idle, first_end = 0, np.inf
    row = world.offices[office_row].first_mediator
    while row != NOBODY:
        mediator = world.mediators[row]
        if mediator.session == NOBODY:
            if row != lead:
                idle += 1
        else:
            session = world.sessions[mediator.session]
            first_end = min(first_end, session.end + session.trip)
        row = mediator.next_in_office
    return now if idle >= people else max(first_end, now + A_MOMENT)


@rule
def team_moment(world: Any, case_row: int, lead: int, now: float) -> float:
    """Return ``now`` if the session of a case may begin, else the later moment at which its team may be complete."""
    case = world.cases[case_row]
    if case.team == NOBODY or not world.teams[case.team].complete:
        return now
    team = world.teams[case.team]
    since = now if math.isnan(case.put_off) else case.put_off
    if now >= since + team.wait_days:
        return now
    moment = now
    for member in range(team.first_member, team.end_member):
        office = office_of_member(world, case_row, member)
        moment = max(moment, free_from(world, office, world.team_members[member].people, lead, now))
    return min(moment, since + team.wait_days)


@rule
def gather_team(world: Any, case_row: int, session_row: int, now: float) -> None:
    """Take those of a case's team who are free into its session, after the mediator who leads it."""
    case = world.cases[case_row]
    session = world.sessions[session_row]
    session.team = case.team
    session.people = 1
    last = session.mediator
    world.mediators[last].next_in_team = NOBODY
    if case.team == NOBODY:
        return
    team = world.teams[case.team]
    for member in range(team.first_member, team.end_member):
        office = office_of_member(world, case_row, member)
        if office == NOBODY or opening_after(world, world.offices[office].group, now) > now:
            continue
        for _ in range(world.team_members[member].people):
            row = idle_mediator(world, office)
            if row == NOBODY:
                break
            world.mediators[row].session = session_row
            world.mediators[row].next_in_team = NOBODY
            world.mediators[last].next_in_team = row
            last = row
            session.people += 1
    session.gain = team.gain * (session.people - 1) / team.people
