"""A generated town: from a few counts to roads, administration and homes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.town.administration import settle_administration
from sim.town.errors import Problem, TownError
from sim.town.network import Roads, Town
from sim.town.places import Plan, outline, place_nodes, rivers
from sim.town.streets import Speeds, draw_streets

if TYPE_CHECKING:
    from sim.scenario import SyntheticTown

LEAST_NODES = 3  # in a community
NODES_A_COMMUNITY = 8  # about two for each grid: a community holds about four grids
NODES_A_KM2 = 60  # of a dense quarter: a node every 130 m
DENSE_KM2 = 50.0
FEWEST_NODES = 60
FEWEST_GIVEN = 12  # where the file says how many
MOST_NODES = 40_000


def default_nodes(area_km2: float, communities: int) -> int:
    """Return how many nodes a town gets whose file does not say.

    Eight for each community, which is about two for each grid (Jincheng: 2,213 communities, 8,816 grids, 17,704
    nodes), so that a grid's households lie along more than one street. A small dense town needs more, so that its
    blocks are not longer than real ones: 60 for each square kilometre of the first 50. At most 40,000, which keeps
    the tables of routes from every post small, but never fewer than 3 for each community.
    """
    wanted = max(FEWEST_NODES, NODES_A_COMMUNITY * communities, round(NODES_A_KM2 * min(area_km2, DENSE_KM2)))
    return max(min(wanted, MOST_NODES), LEAST_NODES * communities)


def synthetic_town(settings: SyntheticTown, seed: int, speeds: Speeds) -> Town:
    """Return the generated town for a seed (a whole number from 0 to 2**63 - 1).

    Raises:
        TownError: where the counts cannot be met.
    """
    nodes = settings.road_nodes or default_nodes(settings.area_km2, settings.communities)
    counts = (settings.counties, settings.townships, settings.communities)
    least = max(FEWEST_GIVEN, LEAST_NODES * settings.communities)
    if nodes < least:
        problem = f"{nodes} road nodes are too few for {settings.communities} communities"
        raise TownError([Problem(problem, f"set town.road_nodes to at least {least}, or leave it out")])
    region = outline(settings.area_km2, seed)
    waters = rivers(settings.rivers, region.radius, seed)
    plan = Plan(settings.area_km2, settings.counties, settings.communities, nodes, settings.urban_share, LEAST_NODES)
    places = place_nodes(plan, seed, region, waters)
    arcs = draw_streets(places, waters, seed)
    roads = Roads(
        node_ids=[""] * nodes,  # named by number when the nodes have their final order
        x_metres=places.points[:, 0],
        y_metres=places.points[:, 1],
        lon=None,
        lat=None,
        open_to_access=np.ones(nodes, dtype=bool),
        tail=arcs.tail,
        head=arcs.head,
        seconds=arcs.metres / (speeds.by_class()[arcs.road_class] / 3.6),
        metres=arcs.metres,
        road_class=arcs.road_class,
    )
    note = f"generated with seed {seed}: {nodes} nodes, {len(arcs.tail)} arcs, {settings.rivers} rivers"
    town = settle_administration(roads, places.homes, counts, [note], least=LEAST_NODES)
    return replace(town, roads=replace(town.roads, node_ids=[str(number) for number in range(nodes)]))
