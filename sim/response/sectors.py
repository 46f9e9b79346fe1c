"""Sectors: which part of the town each unit is responsible for, and who is sent where by a list of preferences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse.csgraph import dijkstra

from sim.response.node_names import NodeNames
from sim.response.pools import Pools
from sim.town import driving_graph
from sim.world import SECTORS, Table, empty_table

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.town import Town

Rows = np.ndarray[Any, np.dtype[np.int64]]

MOST_TOLD = 5  # of the nodes that a list leaves out


def nearest_posts(town: Town, posts: Rows) -> Rows:
    """Return for each node the post, counted from 0, that reaches it first by ordinary driving, shape (nodes,).

    Of posts at one node the first counts; a node that no post reaches belongs to the first post.
    """
    places, first = np.unique(posts, return_index=True)
    _, _, sources = dijkstra(driving_graph(town.roads), indices=places, min_only=True, return_predecessors=True)
    post_at = np.zeros(len(town.roads), dtype=np.int64)
    post_at[places] = first
    return np.where(sources >= 0, post_at[sources], 0)


def areas(town: Town, level: str) -> Rows:
    """Return the community, township or county of each node, shape (nodes,)."""
    tree = town.administration
    found = np.asarray(tree.node_community, dtype=np.int64)
    if level != "community":
        found = np.asarray(tree.community_township, dtype=np.int64)[found]
    if level == "county":
        found = np.asarray(tree.township_county, dtype=np.int64)[found]
    return found


def node_sectors(scenario: Scenario, town: Town, posts: Table, names: NodeNames) -> tuple[Rows, list[tuple[int, ...]]]:
    """Return the sector of each node, and for policy preference the numbers of the units that each sector prefers.

    By preference, the nodes of a sector are those with one and the same list. Otherwise sectors are what the scenario
    says; those by post belong to the posts of the first group that is not from across a border.
    """
    dispatch = scenario.response.dispatch
    if dispatch.preferences is not None:
        return preference_sectors(dispatch.preferences, len(town.roads), scenario.response.unit_count, names)
    if dispatch.sectors != "post":
        return areas(town, dispatch.sectors), []
    groups = scenario.response.all_groups()
    first = next((number for number, group in enumerate(groups) if group.aid is None), 0)
    return nearest_posts(town, np.asarray(posts["node"][posts["group"] == first], dtype=np.int64)), []


def preference_sectors(
    preferences: Mapping[str, Sequence[int]], nodes: int, units: int, names: NodeNames
) -> tuple[Rows, list[tuple[int, ...]]]:
    """Return the sector of each node and each sector's list, in the order of the scenario; mistakes are noted."""
    field = "response.dispatch.preferences"
    sector_of: dict[tuple[int, ...], int] = {}
    sectors = np.zeros(nodes, dtype=np.int64)
    for name, given in preferences.items():
        preferred = tuple(given)
        if not preferred or len(set(preferred)) < len(preferred) or not all(1 <= unit <= units for unit in preferred):
            names.note(
                f'{field}: node "{name}" prefers units {list(preferred)}',
                f"give each node different numbers of units, from 1 to {units}",
            )
        elif name in names:
            sectors[names.row(name)] = sector_of.setdefault(preferred, len(sector_of))
        else:
            names.rows(field, [name])
    left_out = names.missing_from(preferences)
    if left_out:
        more = " and others" if len(left_out) > MOST_TOLD else ""
        names.note(
            f"{field} leaves out {len(left_out)} of {nodes} nodes: {', '.join(left_out[:MOST_TOLD])}{more}",
            "give every node of the town a list",
        )
    return sectors, list(sector_of)


def lay_sectors(units: Table, count: int, preferred: list[tuple[int, ...]], crews: int, pools: Pools) -> Table:
    """Return the table of sectors: each with its units in order of preference.

    Args:
        units: with their sectors.
        count: of sectors.
        preferred: for each sector the numbers of its units, 1 first; empty: a sector's own units, by row.
        crews: how many units a scenario can number; further rows belong to crews that levers call in.
        pools: takes the lists.
    """
    sectors = empty_table(SECTORS, count)
    if preferred:
        lists = [with_further_rows(np.asarray(one) - 1, crews, units) for one in preferred]
    else:
        order = np.argsort(units["sector"], kind="stable")
        lists = np.split(order, np.searchsorted(units["sector"][order], np.arange(1, count)))
    for sector, rows in enumerate(lists):
        sectors[sector].first, sectors[sector].end = pools.add_rows(rows)
    return sectors


def with_further_rows(rows: Rows, crews: int, units: Table) -> Rows:
    """Return a list of preference with the rows that levers may call into the groups of its units, at its end."""
    further = np.arange(crews, len(units))
    return np.concatenate((rows, further[np.isin(units["group"][further], units["group"][rows])]))
