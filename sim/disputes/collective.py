"""Collective disputes: one cause, such as a firm that fails, brings many disputes with one organisation over weeks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import Category, OrganisationKind
from sim.engine.clock import WEEK, YEAR
from sim.engine.compiled import compiled, rule
from sim.engine.draws import exponential, lognormal, uniform, whole_below
from sim.engine.queue import push
from sim.events import Kind
from sim.purposes import Purpose
from sim.world import CAUSES, empty_table

if TYPE_CHECKING:
    from sim.world import Table

FIRST_ADDRESS = 1 << 38  # addresses of collective disputes begin here: cause and party in 22 and 16 bits
PARTY_BITS = 16
MOST_CAUSES = 1 << 22


def draw_causes(
    organisations: Table, communities: Table, residents: int, parameters: Any, days: int, seed: int
) -> Table:
    """Return the causes of the calendar in the order of their starts: a Poisson process, whatever any policy does.

    Each is against a firm drawn at random; its parties live in the firm's county. Their number is lognormal, rounded
    up, and no more than a fourth of the county's residents.
    """
    firms = np.flatnonzero(organisations["kind"] == OrganisationKind.FIRM)
    per_day = float(parameters.collective_causes_per_100000_per_year) * residents / 100_000.0 / YEAR
    found: list[tuple[float, float, int, int, int, int, int]] = []
    start = 0.0
    while per_day > 0.0 and len(firms) and len(found) < MOST_CAUSES:
        number = len(found)
        start += exponential(seed, Purpose.CAUSE_GAP, number, 0) / per_day
        if start >= days:
            break
        firm = int(firms[whole_below(len(firms), uniform(seed, Purpose.CAUSE_ORGANISATION, number, 0))])
        county = communities[organisations[firm].community]
        first, end = int(county.county_first_resident), int(county.county_end_resident)
        law = float(parameters.collective_parties_mean), float(parameters.collective_parties_sigma)
        drawn = math.ceil(lognormal(seed, Purpose.CAUSE_PARTIES, number, 0, *law))
        parties = max(1, min(drawn, (end - first) // 4, (1 << PARTY_BITS) - 1))
        gap = float(parameters.collective_weeks) * WEEK / parties
        found.append((start, gap, firm, parties, first, end, Category.COLLECTIVE_ECONOMIC.value))
    causes = empty_table(CAUSES, len(found))
    causes[:] = np.array(found, dtype=[(name, CAUSES[name]) for name in CAUSES.names or ()])
    return causes


def start_causes(world: Any) -> None:
    """Put the first party of every cause into the queue."""
    for row in range(len(world.causes)):
        push(world.queue, float(world.causes[row].start), Kind.CAUSE_BRINGS.value, row, 0)


@rule
def next_party(world: Any, row: int, number: int, now: float) -> None:
    """Schedule the party of a number, if the cause has so many; the time between two is exponential."""
    cause = world.causes[row]
    if number < cause.parties:
        gap = cause.gap_days * exponential(world.state[0].seed, Purpose.CAUSE_JOINS, row, number)
        push(world.queue, now + gap, Kind.CAUSE_BRINGS, row, number)


@compiled
def collective_address(row: int, number: int) -> Any:
    """Return the address of a cause's dispute with the party of a number."""
    return FIRST_ADDRESS + (np.int64(row) << PARTY_BITS) + number


@rule
def party_of(world: Any, row: int, number: int) -> int:
    """Return who comes forward: each resident of the county as likely."""
    cause = world.causes[row]
    draw = uniform(world.state[0].seed, Purpose.CAUSE_RESIDENT, row, number)
    return int(cause.first_resident + whole_below(cause.end_resident - cause.first_resident, draw))
