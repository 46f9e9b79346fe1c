"""Laying out the groups of offices: what each takes, when it is open, its teams; and the practice of the court."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, Category, Channel, Discipline, OfficeKind
from sim.scenario import AT_ONCE_KINDS, EVERY_DAY, OWN_OFFICE, MediationPart, OfficeGroup
from sim.world import HAND_OVERS, OFFICE_GROUPS, PRACTICE, TEAM_MEMBERS, TEAMS, Table, empty_table

CHANNEL_OF_LEVEL = {
    "community": Channel.COMMUNITY,
    "township": Channel.TOWNSHIP,
    "county": Channel.COUNTY,
    "city": Channel.CITY,
}
LEVELS = tuple(CHANNEL_OF_LEVEL.values())
CHANNELS_OF_SOURCE = {
    "report": (Channel.SELF,),
    "grid": (Channel.GRID,),
    "mediation": LEVELS,
    "court": (Channel.COURT,),
    "police": (Channel.POLICE,),
    "petition": (Channel.PETITION,),
}
NO_LIMIT = 1 << 62
NO_WAY_FOR_PARTIES = ("backpack", "online")
ONLINE_OPENS, ONLINE_CLOSES = 8.0, 22.0  # every day and in the evening; a choice, no source gives the hours


def lay_groups(part: MediationPart, parameters: Any) -> dict[str, Table]:
    """Return the tables ``office_groups``, ``teams`` and ``team_members``, which follow from the scenario alone."""
    groups = part.all_groups()
    names = [group.name for group in groups]
    rows = empty_table(OFFICE_GROUPS, len(groups))
    teams = empty_table(TEAMS, sum(len(group.teams) for group in groups))
    members = empty_table(TEAM_MEMBERS, sum(len(team.members) for group in groups for team in group.teams))
    next_team, next_member = 0, 0
    for row, group in zip(rows, groups, strict=True):
        lay_group(row, group, parameters)
        row.first_team, row.end_team = next_team, next_team + len(group.teams)
        for team in group.teams:
            one = teams[next_team]
            one.least_stage, one.complete = team.least_stage, team.complete
            one.share, one.gain, one.wait_days = team.share, team.skill_gain, team.wait_days
            one.first_member, one.end_member = next_member, next_member + len(team.members)
            one.people = sum(team.members.values())
            next_team += 1
            for name, people in team.members.items():
                members[next_member] = (NOBODY if name == OWN_OFFICE else names.index(name), people)
                next_member += 1
    return {"office_groups": rows, "teams": teams, "team_members": members}


def lay_group(row: Any, group: OfficeGroup, parameters: Any) -> None:
    """Write what one group takes, when it is open and how its sessions go."""
    row.kind = OfficeKind[group.kind.upper()]
    row.channel = CHANNEL_OF_LEVEL[group.level]
    categories = group.taken_categories
    row.category[:] = [categories is None or one.name.lower() in categories for one in Category]
    for source in group.taken_sources:
        row.source[list(CHANNELS_OF_SOURCE[source])] = 1
    row.special = not all(row.category) or not {"report", "grid"} & set(group.taken_sources)
    row.at_once = group.kind in AT_ONCE_KINDS
    row.parties_travel = group.kind not in NO_WAY_FOR_PARTIES
    row.mediators_travel = group.kind == "backpack"
    row.least_stage, row.most_stage = group.least_stage, group.most_stage
    lay_calendar(row, group, parameters)
    row.discipline = Discipline[group.queue.upper()]
    row.queue_limit = NO_LIMIT if group.queue_limit is None else group.queue_limit
    row.exponential = group.session_law == "exponential"
    row.session_hours = given_or(group.session_hours, parameters.session_hours)
    row.sessions_most = given_or(group.sessions_most, parameters.sessions_most)
    row.skill_mean, row.skill_sigma = group.skill_mean, group.skill_sigma
    row.yuan_per_case = given_or(group.cost_per_case_yuan, parameters.mediator_yuan_per_case)
    row.yuan_per_hour = group.cost_per_hour_yuan


def given_or(value: float | None, otherwise: float) -> float:
    """Return a field's value, or the parameter's where the field is left empty."""
    return float(otherwise if value is None else value)


def lay_calendar(row: Any, group: OfficeGroup, parameters: Any) -> None:
    """Write the days and hours in which sessions may begin; they end at midnight at the latest."""
    online = group.kind == "online"
    weekdays = EVERY_DAY if online and group.weekdays is None else group.weekdays
    row.by_weekday = weekdays is not None
    row.weekday[:] = [day in (weekdays or ()) for day in EVERY_DAY]
    opens = ONLINE_OPENS if online else parameters.mediation_start_hour
    hours = ONLINE_CLOSES - ONLINE_OPENS if online else parameters.mediation_hours_per_day
    row.opens = given_or(group.start_hour, opens)
    row.closes = min(row.opens + given_or(group.hours, hours), 24.0)


def lay_practice(part: MediationPart) -> dict[str, Table]:
    """Return ``hand_overs``, a row for each channel that hands over, and ``practice``; levers change them."""
    ways = empty_table(HAND_OVERS, len(Channel))
    for source, way in part.hand_over:
        for channel in CHANNELS_OF_SOURCE[source]:
            ways[channel].delay_days, ways[channel].loss = way.delay_days, way.loss
    practice = empty_table(PRACTICE, 1)
    row = practice[0]
    row.pass_up_share, row.petition_share = part.pass_up_share, part.petition_share
    row.court = part.court is not None
    if part.court is not None:
        for name, value in part.court:
            row[name] = value
    return {"hand_overs": ways, "practice": practice}


def set_hand_overs(
    ways: Table, part: MediationPart, changes: list[tuple[tuple[str, ...], float | None, float | None]]
) -> None:
    """Give the ways of hand-over the scenario's delay and loss, then change those of some sources, the last last."""
    planned = lay_practice(part)["hand_overs"]
    ways["delay_days"], ways["loss"] = planned["delay_days"], planned["loss"]
    for sources, delay, loss in changes:
        rows = [channel for source in sources for channel in CHANNELS_OF_SOURCE[source]]
        if delay is not None:
            ways["delay_days"][rows] = delay
        if loss is not None:
            ways["loss"][rows] = loss


def opening_hours(group: Any, days: Table, first_weekday: int, horizon: float) -> float:
    """Return the hours before the horizon in which a group's offices hold sessions."""
    day = np.arange(len(days))
    by_weekday = np.asarray(group["weekday"])[(day + first_weekday) % 7]
    is_open = (by_weekday if group["by_weekday"] else days["workday"]) != 0
    begun = np.clip(horizon - day, 0.0, 1.0)
    return float(begun[is_open].sum()) * float(group["closes"] - group["opens"])
