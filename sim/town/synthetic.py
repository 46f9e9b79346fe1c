"""A generated town: from a few counts to roads, administration and homes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario import FEWEST_NODES_GIVEN, LEAST_NODES_A_COMMUNITY, default_nodes
from sim.town.administration import settle_administration
from sim.town.errors import Problem, TownError
from sim.town.network import Roads, Town
from sim.town.places import Plan, outline, place_nodes, rivers
from sim.town.streets import Speeds, draw_streets

if TYPE_CHECKING:
    from sim.scenario import SyntheticTown


def synthetic_town(settings: SyntheticTown, seed: int, speeds: Speeds) -> Town:
    """Return the generated town for a seed (a whole number from 0 to 2**63 - 1).

    Raises:
        TownError: where the counts cannot be met.
    """
    nodes = settings.road_nodes or default_nodes(settings.area_km2, settings.communities)
    counts = (settings.counties, settings.townships, settings.communities)
    least = max(FEWEST_NODES_GIVEN, LEAST_NODES_A_COMMUNITY * settings.communities)
    if nodes < least:
        problem = f"{nodes} road nodes are too few for {settings.communities} communities"
        raise TownError([Problem(problem, f"set town.road_nodes to at least {least}, or leave it out")])
    region = outline(settings.area_km2, seed)
    waters = rivers(settings.rivers, region.radius, seed)
    share, fewest = settings.urban_share, LEAST_NODES_A_COMMUNITY
    plan = Plan(settings.area_km2, settings.counties, settings.communities, nodes, share, fewest)
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
    town = settle_administration(roads, places.homes, counts, [note], least=LEAST_NODES_A_COMMUNITY)
    return replace(town, roads=replace(town.roads, node_ids=[str(number) for number in range(nodes)]))
