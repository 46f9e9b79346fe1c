"""Which office takes a dispute: specialist before general, the lowest level first, and past those that are full."""

from __future__ import annotations

from typing import Any

from sim.codes import NOBODY, Channel
from sim.engine.compiled import compiled, rule


@compiled
def group_takes(group: Any, category: int, stage: int, source: int, least_channel: int) -> bool:
    """Decide whether a group takes disputes of this category and stage from this source at this level or above."""
    return bool(
        group.channel >= least_channel
        and group.category[category]
        and group.source[source]
        and group.least_stage <= stage <= group.most_stage
    )


@rule
def goes_before(world: Any, group: int, other: int) -> bool:
    """Decide whether a group is asked before another: a special one first, then the lower level, then the list."""
    a, b = world.office_groups[group], world.office_groups[other]
    if a.special != b.special:
        return bool(a.special > b.special)
    if a.channel != b.channel:
        return bool(a.channel < b.channel)
    return group < other


@rule
def serving_office(world: Any, group: int, community: int) -> int:
    """Return the office of a group that people of a community go to, or -1."""
    return int(world.serving[community * len(world.office_groups) + group].office)


@rule
def best_office(world: Any, dispute_row: int, least_channel: int, source: int, with_room: bool) -> int:
    """Return the first staffed office that takes a dispute from a source, or else the first without staff, or -1.

    ``with_room``: only offices whose queue is not full.
    """
    staffed = first_office(world, dispute_row, least_channel, source, with_room, True)
    if staffed != NOBODY:
        return staffed
    return first_office(world, dispute_row, least_channel, source, with_room, False)


@rule
def first_office(
    world: Any, dispute_row: int, least_channel: int, source: int, with_room: bool, with_staff: bool
) -> int:
    """Return the first office that takes a dispute from a source, or -1; where asked, with room and with mediators."""
    dispute = world.disputes[dispute_row]
    best, best_group = NOBODY, NOBODY
    for number in range(len(world.office_groups)):
        group = world.office_groups[number]
        if not group_takes(group, dispute.category, dispute.stage, source, least_channel):
            continue
        row = serving_office(world, number, dispute.community)
        if row == NOBODY or not world.offices[row].working:
            continue
        if with_room and world.offices[row].waiting >= group.queue_limit:
            continue
        if with_staff and world.offices[row].first_mediator == NOBODY:
            continue
        if best == NOBODY or goes_before(world, number, best_group):
            best, best_group = row, number
    return int(best)


@rule
def office_for(world: Any, dispute_row: int, least_channel: int) -> int:
    """Return the office that takes a dispute's open case, of this level or above; -1 where none does.

    Specialists go before general offices, then the lowest level: in the village before the town. An office whose queue
    is full passes on; where all are full, the first of them takes the case all the same. Where nobody of the level
    asked for takes it, and no office has had it yet, one below does.
    """
    case = world.cases[world.disputes[dispute_row].case]
    wanted = best_office(world, dispute_row, least_channel, case.source, False)
    if wanted == NOBODY and not Channel.COMMUNITY <= case.source <= Channel.CITY:
        least_channel = Channel.COMMUNITY.value
        wanted = best_office(world, dispute_row, least_channel, case.source, False)
    if wanted == NOBODY:
        return NOBODY
    found = best_office(world, dispute_row, least_channel, case.source, True)
    if found in (NOBODY, wanted):
        return wanted
    world.offices[wanted].passed_on += 1
    return found


@rule
def level_above(world: Any, case_row: int) -> int:
    """Return the least level above a case's office that takes its dispute, or ``Channel.NONE``."""
    case = world.cases[case_row]
    office = best_office(world, case.dispute, case.channel + 1, case.channel, False)
    return Channel.NONE.value if office == NOBODY else int(world.offices[office].channel)
