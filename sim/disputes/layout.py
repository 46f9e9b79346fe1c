"""The tables from which disputes come: categories, homes, contagion, organisations and causes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.spatial import cKDTree

from sim.codes import NOBODY, Category, OrganisationKind, Tie
from sim.disputes.collective import draw_causes
from sim.disputes.organisations import found_organisations
from sim.disputes.seasons import hour_factors
from sim.people import range_starts
from sim.world import CATEGORIES, CAUSES, CELL_NODES, CELLS, CONTAGION, HOMES, ORGANISATIONS, SERVED, empty_table

if TYPE_CHECKING:
    from sim.engine.clock import Calendar
    from sim.scenario import ContagionPart, Scenario
    from sim.world import Table

DENSITY_METRES = 250.0  # within which residents count for the density about a home
NODES_A_CELL = 1.0
# Against whom a matter may be, and how one is then related to them: structure of the model, not a number to sweep.
AGAINST = {
    Category.PROPERTY_MANAGEMENT: (OrganisationKind.PROPERTY_MANAGER, Tie.MARKET),
    Category.WAGES_LABOUR: (OrganisationKind.FIRM, Tie.WORK),
    Category.CONSUMER: (OrganisationKind.FIRM, Tie.MARKET),
    Category.MEDICAL: (OrganisationKind.HOSPITAL, Tie.STRANGER),
    Category.LENDING: (OrganisationKind.LENDER, Tie.MARKET),
    Category.SCHOOL: (OrganisationKind.SCHOOL, Tie.STRANGER),
    Category.ENVIRONMENT: (OrganisationKind.FIRM, Tie.MARKET),
    Category.COLLECTIVE_ECONOMIC: (OrganisationKind.FIRM, Tie.MARKET),
}


def lay_frictions(
    scenario: Scenario,
    nodes: Table,
    residents: Table,
    households: Table,
    communities: Table,
    *,
    parameters: Any,
    calendar: Calendar,
    seed: int,
) -> dict[str, Table]:
    """Return the tables from which disputes come, by name; no run changes them.

    Args:
        scenario: its part ``disputes`` is read.
        nodes: the nodes of the roads with their places.
        residents: the people.
        households: in the order of their nodes.
        communities: with their ranges of households and residents.
        parameters: the row of the parameter table.
        calendar: of the run.
        seed: of the run, with which the causes of collective disputes are drawn.
    """
    part = scenario.disputes
    laid = {
        "categories": lay_categories(scenario, parameters),
        "homes": lay_homes(nodes, households, float(parameters.friction_density_elasticity)),
        "contagion": empty_table(CONTAGION, 0),
        "cells": empty_table(CELLS, 0),
        "cell_nodes": empty_table(CELL_NODES, 0),
        "organisations": empty_table(ORGANISATIONS, 0),
        "served": empty_table(SERVED, 0),
        "causes": empty_table(CAUSES, 0),
    }
    if part.contagion is not None and len(households):
        laid |= lay_contagion(part.contagion, nodes, households)
    if part.organisations is not None and len(households):
        laid["organisations"], laid["served"] = found_organisations(part.organisations, households, communities)
    if part.collective:
        laid["causes"] = draw_causes(
            laid["organisations"], communities, len(residents), parameters, calendar.days, seed
        )
    return laid


def lay_categories(scenario: Scenario, parameters: Any) -> Table:
    """Return the table of categories."""
    table = empty_table(CATEGORIES, len(Category))
    table["hour_factor"] = hour_factors(scenario, parameters)
    table["organisation"] = NOBODY
    for category, (kind, tie) in AGAINST.items():
        table[category].organisation, table[category].organisation_tie = kind, tie
    return table


def places_of(nodes: Table) -> Any:
    """Return the places of nodes in metres, shape (nodes, 2)."""
    return np.column_stack([nodes["x_metres"], nodes["y_metres"]])


def lay_homes(nodes: Table, households: Table, elasticity: float) -> Table:
    """Return the table of who lives at each node, and how much the density there adds to frictions.

    The factor is (residents within 250 m / their mean) ** elasticity, over its mean over residents.
    """
    homes = empty_table(HOMES, len(nodes))
    homes["first_household"], homes["end_household"] = range_starts(households["node"], len(nodes))
    homes["density_factor"] = 1.0
    if elasticity > 0.0 and len(households):
        living = np.bincount(households["node"], weights=households["members"], minlength=len(nodes))
        lived_in = np.flatnonzero(living)
        tree = cKDTree(places_of(nodes)[lived_in])
        near = np.array([living[lived_in[found]].sum() for found in tree.query_ball_point(tree.data, DENSITY_METRES)])
        factor = (near / near.mean()) ** elasticity
        homes["density_factor"][lived_in] = factor / np.average(factor, weights=living[lived_in])
    return homes


def lay_contagion(part: ContagionPart, nodes: Table, households: Table) -> dict[str, Table]:
    """Return the tables of contagion: its row, and the cells in which homes are looked for."""
    lived_in = np.unique(households["node"])
    places = places_of(nodes)[lived_in]
    low, high = places.min(axis=0), places.max(axis=0)
    width, height = np.maximum(high - low, 1.0)
    cell = max(float(np.sqrt(width * height * NODES_A_CELL / len(lived_in))), float(max(width, height)) / 4096.0)
    columns, bands = int(width // cell) + 1, int(height // cell) + 1
    table = empty_table(CONTAGION, 1)
    row = table[0]
    row.branching_ratio, row.decay_per_day = part.branching_ratio, part.decay_per_day
    row.kernel_metres = part.kernel_metres
    row.x_metres, row.y_metres = low
    row.cell_metres, row.columns, row.bands = cell, columns, bands
    at = ((places - low) // cell).astype(np.int64)
    number = at[:, 1] * columns + at[:, 0]
    order = np.argsort(number, kind="stable")
    cells, cell_nodes = empty_table(CELLS, columns * bands), empty_table(CELL_NODES, len(lived_in))
    cells["first"], cells["end"] = range_starts(number[order], columns * bands)
    cell_nodes["node"] = lived_in[order]
    return {"contagion": table, "cells": cells, "cell_nodes": cell_nodes}
