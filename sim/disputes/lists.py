"""Which open disputes a household is a party to: linked lists through the disputes' own rows.

A grid worker's visit walks the visited household's list, so a visit costs the same whether a thousand or a million
disputes are open elsewhere.
"""

from __future__ import annotations

from typing import Any

from sim.codes import NOBODY
from sim.engine.compiled import rule


@rule
def homes_of(world: Any, row: int) -> tuple[int, int]:
    """Return the households at which a dispute may be found: those of its two parties.

    Who speaks for an organisation takes none of its disputes home: there it is that of party a alone, twice.
    """
    dispute = world.disputes[row]
    home_a = world.residents[dispute.party_a].household
    if dispute.organisation != NOBODY:
        return home_a, home_a
    return home_a, world.residents[dispute.party_b].household


@rule
def next_in_list(world: Any, row: int, household: int) -> int:
    """Return the dispute after ``row`` in a household's list, or -1."""
    dispute = world.disputes[row]
    if world.residents[dispute.party_a].household == household:
        return int(dispute.next_a)
    return int(dispute.next_b)


@rule
def set_next_in_list(world: Any, row: int, household: int, after: int) -> None:
    """Let ``after`` follow ``row`` in a household's list."""
    dispute = world.disputes[row]
    if world.residents[dispute.party_a].household == household:
        dispute.next_a = after
    else:
        dispute.next_b = after


@rule
def enlist(world: Any, row: int) -> None:
    """Put a dispute at the head of its parties' households' lists (once where they share a home)."""
    home_a, home_b = homes_of(world, row)
    world.disputes[row].next_a = world.households[home_a].first_dispute
    world.disputes[row].next_b = NOBODY
    world.households[home_a].first_dispute = row
    if home_b != home_a:
        world.disputes[row].next_b = world.households[home_b].first_dispute
        world.households[home_b].first_dispute = row


@rule
def strike_off_at(world: Any, row: int, household: int) -> None:
    """Take a dispute out of one household's list."""
    after = next_in_list(world, row, household)
    place = world.households[household].first_dispute
    if place == row:
        world.households[household].first_dispute = after
        return
    while place != NOBODY:
        following = next_in_list(world, place, household)
        if following == row:
            set_next_in_list(world, place, household, after)
            return
        place = following


@rule
def strike_off(world: Any, row: int) -> None:
    """Take a dispute out of its parties' households' lists."""
    home_a, home_b = homes_of(world, row)
    strike_off_at(world, row, home_a)
    if home_b != home_a:
        strike_off_at(world, row, home_b)
