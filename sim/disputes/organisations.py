"""Organisations as parties: firms, hospitals, property managers, lenders, schools; a resident speaks for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import NOBODY, OrganisationKind
from sim.engine.compiled import rule
from sim.engine.draws import uniform_pair, whole_below
from sim.purposes import Purpose
from sim.world import ORGANISATIONS, SERVED, empty_table

if TYPE_CHECKING:
    from sim.scenario import OrganisationsPart
    from sim.world import Table

# The level at which each kind of organisation exists, and the scenario's field that says how many there are in each.
LEVEL_AND_FIELD = {
    OrganisationKind.FIRM: ("community", "firms_per_community"),
    OrganisationKind.HOSPITAL: ("county", "hospitals_per_county"),
    OrganisationKind.PROPERTY_MANAGER: ("community", "property_managers_per_community"),
    OrganisationKind.LENDER: ("township", "lenders_per_township"),
    OrganisationKind.SCHOOL: ("township", "schools_per_township"),
}


def areas_of(communities: Table, level: str) -> Any:
    """Return the number of the area of each community: itself, its township or its county."""
    return np.arange(len(communities)) if level == "community" else communities[level].astype(np.int64)


def household_ranges(communities: Table, area: Any) -> tuple[Any, Any]:
    """Return the first household and the one past the last of each area; communities of an area are neighbours."""
    count = int(area.max()) + 1
    first, end = np.full(count, np.iinfo(np.int64).max), np.zeros(count, dtype=np.int64)
    np.minimum.at(first, area, communities["first_household"])
    np.maximum.at(end, area, communities["end_household"])
    return first, end


def found_organisations(part: OrganisationsPart, households: Table, communities: Table) -> tuple[Table, Table]:
    """Return the tables of organisations and of which serve each community.

    In an area they are spread evenly along its households, whose heads speak for them. An area with fewer households
    has one organisation for each.
    """
    served = empty_table(SERVED, len(communities))
    tables, before = [], 0
    for kind in OrganisationKind:
        level, field = LEVEL_AND_FIELD[kind]
        area = areas_of(communities, level)
        first, end = household_ranges(communities, area)
        counts = np.minimum(getattr(part, field), end - first)
        starts = before + np.concatenate(([0], np.cumsum(counts)))
        place = np.arange(counts.sum()) - np.repeat(starts[:-1] - before, counts)
        home = np.repeat(first, counts) + (2 * place + 1) * np.repeat(end - first, counts) // (
            2 * np.repeat(counts, counts)
        )
        table = empty_table(ORGANISATIONS, len(home))
        table["kind"], table["community"] = kind, households["community"][home]
        table["node"], table["speaker"] = households["node"][home], households["first_resident"][home]
        served["first"][:, kind], served["end"][:, kind] = starts[area], starts[area + 1]
        tables.append(table)
        before += len(home)
    return np.concatenate(tables).view(np.recarray), served


@rule
def organisation_for(world: Any, category: int, resident: int, address: int) -> int:
    """Return the organisation that a resident's dispute is against, or -1 where it is with a person."""
    kind = world.categories[category].organisation
    if len(world.served) == 0 or kind == NOBODY:
        return NOBODY
    is_one, which = uniform_pair(world.state[0].seed, Purpose.ORGANISATION, address, 0)
    served = world.served[world.households[world.residents[resident].household].community]
    first, end = served.first[kind], served.end[kind]
    if is_one >= world.parameters[0].organisation_share[category] or end <= first:
        return NOBODY
    row = first + whole_below(end - first, which)
    # Who speaks for an organisation has no dispute with it.
    return int(row) if world.organisations[row].speaker != resident else NOBODY
