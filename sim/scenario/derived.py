"""What follows from a scenario's fields where the file does not say it: each rule once, for all who need the number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.engine.units import HOURS_A_DAY

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

LEAST_NODES_A_COMMUNITY = 3  # fewer leave a community without streets
FEWEST_NODES_GIVEN = 12  # of a town whose file says how many
NODES_A_COMMUNITY = 8  # about two for each grid: a community holds about four grids
NODES_A_KM2 = 60  # of a dense quarter: a node every 130 m
DENSE_KM2 = 50.0
FEWEST_NODES = 60
MOST_NODES = 40_000


def default_nodes(area_km2: float, communities: int) -> int:
    """Return how many street nodes a generated town gets whose file does not say.

    Eight for each community, which is about two for each grid (Jincheng: 2,213 communities, 8,816 grids, 17,704
    nodes), so that a grid's households lie along more than one street. A small dense town needs more, so that its
    blocks are not longer than real ones: 60 for each square kilometre of the first 50. At most 40,000, which keeps
    the tables of routes from every post small, but never fewer than 3 for each community.
    """
    wanted = max(FEWEST_NODES, NODES_A_COMMUNITY * communities, round(NODES_A_KM2 * min(area_km2, DENSE_KM2)))
    return max(min(wanted, MOST_NODES), LEAST_NODES_A_COMMUNITY * communities)


def default_posts(units: int, shift_hours: float, townships: int) -> int:
    """Return one post for each crew on duty on average, at least one a township, but no more than crews."""
    on_duty = math.ceil(units * shift_hours / HOURS_A_DAY)
    return max(min(units, max(on_duty, townships)), 1)


def grids_of_size(households: float, households_per_grid: float) -> int:
    """Return how many grids households make, so many in one; at least one."""
    return max(1, round(households / households_per_grid))


def grid_count(scenario: Scenario, households: float) -> int:
    """Return how many grids a scenario has, from its number of grids or of households in one."""
    each = scenario.grid.households_per_grid
    if scenario.grid.grids is not None or each is None:
        return scenario.grid.grids or 1
    return grids_of_size(households, each)


def worker_count(scenario: Scenario, grids: int) -> int:
    """Return how many grid workers a scenario has for a number of grids; at least one for each."""
    stated = scenario.grid.workers
    return max(grids, round(grids * scenario.grid.workers_per_grid) if stated is None else stated)
