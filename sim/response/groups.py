"""The layout of groups: their posts, crews, sectors, beats and hot spots, from the start of a run.

Nothing is drawn: a town and a scenario have the same layout under every seed. Rows for crews that only a lever calls in
exist from the start and work on no day until it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.spatial import cKDTree

from sim.codes import NOBODY, PRIORITIES, Mode, Status, Tier
from sim.engine.clock import HOUR, MINUTE
from sim.response.beats import lay_beats
from sim.response.node_names import NodeNames
from sim.response.pools import Pools
from sim.response.posts import deal_posts, place_posts
from sim.response.rota import weekday_bits
from sim.response.sectors import lay_sectors, node_sectors
from sim.response.streets import lay_streets
from sim.response.timing import wished_rota, write_rota
from sim.scenario import drives_beats, group_rows, post_count, spot_settings
from sim.world import GROUPS, POSTS, SPOTS, UNITS, Table, empty_table

if TYPE_CHECKING:
    from sim.scenario import HotSpotsPart, Scenario, UnitGroup
    from sim.town import Town

Rows = np.ndarray[Any, np.dtype[np.int64]]

TIERS = {"station": Tier.STATION, "district": Tier.DISTRICT, "city": Tier.CITY}
MODES = {"at_post": Mode.AT_POST, "random": Mode.RANDOM, "beat": Mode.BEAT, "hot_spots": Mode.HOT_SPOTS}
ALL_PRIORITIES = (1 << PRIORITIES) - 1
MOST_NEAR = 20_000_000  # pairs of nodes within a group's radius: 80 MB


def lay_groups(scenario: Scenario, town: Town, parameters: Any, pools: Pools) -> dict[str, Table]:
    """Return the tables of groups, posts, units, sectors, spots, nodes and arcs of a new world, by name.

    Args:
        scenario: its ``response`` is read, and the levers that need rows of their own.
        town: the place; its roads must be strongly connected.
        parameters: a record of parameters (``patrol_...``, ``place_...``, ``call_hour_weight``).
        pools: takes the lists of sectors, beats and neighbourhoods of hot spots.

    Returns:
        Units are in the order of groups, within a group by the start of their shifts, and after all of them those that
        levers may call in; all are off duty until ``start_shifts``.

    Raises:
        TownError: everything that is wrong with named nodes and preferences.
        ValueError: for impossible counts, shifts or profiles.
    """
    names = NodeNames(town.roads)
    groups = empty_table(GROUPS, len(scenario.response.all_groups()))
    nodes, arcs = lay_streets(town, scenario.people.residents, parameters)
    posts = lay_posts(scenario, town, nodes, names)
    units = lay_units(scenario, town, parameters, posts, nodes, names)
    write_groups(groups, scenario, parameters)
    groups["end_unit"] = np.cumsum([group.units for group in scenario.response.all_groups()])
    groups["first_unit"] = np.concatenate(([0], groups["end_unit"][:-1]))
    spots = lay_spots(scenario, groups, nodes, names, pools)
    sectors, preferred = node_sectors(scenario, town, posts, names)
    names.refuse_if_any()
    nodes["sector"] = sectors
    units["sector"] = sectors[posts["node"][units["home_post"]]]
    write_beats(scenario, town, posts, pools)
    table = lay_sectors(units, int(sectors.max()) + 1, preferred, scenario.response.unit_count, pools)
    return {
        "groups": groups,
        "posts": posts,
        "units": units,
        "sectors": table,
        "spots": spots,
        "nodes": nodes,
        "arcs": arcs,
    }


def post_nodes_of(group: UnitGroup, field: str, town: Town, names: NodeNames) -> Rows:
    """Return the nodes of a group's posts: those named, or so many near people."""
    aid_nodes = group.aid.nodes if group.aid is not None else None
    if group.post_nodes is not None or aid_nodes is not None:
        named, part = (group.post_nodes, "post_nodes") if group.post_nodes is not None else (aid_nodes, "aid.nodes")
        found = names.rows(f"{field}.{part}", named or ())
        return found if len(found) else np.zeros(1, dtype=np.int64)  # refused later
    open_nodes = int(np.count_nonzero(town.roads.open_to_access))
    count = post_count(group, len(town.administration.township_county))
    return place_posts(town, count if group.posts is not None else min(count, open_nodes))


def lay_posts(scenario: Scenario, town: Town, nodes: Table, names: NodeNames) -> Table:
    """Return the posts of all groups, in the order of groups."""
    by_group = [
        post_nodes_of(group, field_of(scenario, number), town, names)
        for number, group in enumerate(scenario.response.all_groups())
    ]
    where = np.concatenate(by_group)
    posts = empty_table(POSTS, len(where))
    posts["node"] = where
    posts["group"] = np.repeat(np.arange(len(by_group)), [len(part) for part in by_group])
    for name in ("community", "x_metres", "y_metres"):
        posts[name] = nodes[name][where]
    return posts


def field_of(scenario: Scenario, number: int) -> str:
    """Return how a scenario's file calls a group: the crews that its own fields describe have no entry in the list."""
    listed = number - (len(scenario.response.all_groups()) - len(scenario.response.groups))
    return "response" if listed < 0 else f"response.groups.{listed}"


def lay_units(scenario: Scenario, town: Town, parameters: Any, posts: Table, nodes: Table, names: NodeNames) -> Table:
    """Return the units: all groups' crews in the order of groups, then the rows of all groups that levers may call in.

    So a crew has the same row under every lever. Crews on posts that are near people are dealt so that each shift is
    spread over the town; crews of named posts in the order of the names.
    """
    crews, further = [], []
    for number, group in enumerate(scenario.response.all_groups()):
        rows = group_rows(scenario, group)
        units = empty_table(UNITS, sum(rows))
        own = np.flatnonzero(posts["group"] == number)
        named = group.post_nodes is not None or (group.aid is not None and group.aid.nodes is not None)
        dealt = np.arange(len(units)) % len(own) if named else deal_posts(len(units), len(own))
        units["home_post"] = own[dealt]
        units["group"] = number
        units["mode"], units["tier"] = MODES[group.mode], TIERS[group.tier]
        units["surge"][rows.regular :] = 1
        write_rota(units, np.arange(rows.regular), wished_rota(scenario, group, parameters))
        units["duty_node"] = duty_nodes(group, field_of(scenario, number), town, units, posts, names)
        crews.append(units[: group.units])
        further.append(units[group.units :])
    units = np.concatenate(crews + further).view(np.recarray)
    units["post"] = units["home_post"]
    units["status"] = Status.OFF_DUTY
    for name in ("call", "dispatch", "flight", "goal", "hub_out", "hub_in"):
        units[name] = NOBODY
    place = posts["node"][units["post"]]
    for name in ("node", "to_node"):
        units[name] = place
    for axis in ("x", "y"):
        for end in ("from", "to"):
            units[f"{end}_{axis}"] = nodes[f"{axis}_metres"][place]
    return units


def duty_nodes(group: UnitGroup, field: str, town: Town, units: Table, posts: Table, names: NodeNames) -> Rows:
    """Return where each unit of a group stands during its duty: at the places named in turn, or spread over homes."""
    if group.duty is None:
        return np.asarray(posts["node"][units["home_post"]], dtype=np.int64)
    if group.duty.places is None:
        open_nodes = int(np.count_nonzero(town.roads.open_to_access))
        places = place_posts(town, min(group.units, open_nodes))
    else:
        places = names.rows(f"{field}.duty.places", group.duty.places)
    return np.resize(places, len(units)) if len(places) else np.zeros(len(units), dtype=np.int64)


def write_groups(groups: Table, scenario: Scenario, parameters: Any) -> None:
    """Write what a scenario says of each group."""
    for number, group in enumerate(scenario.response.all_groups()):
        row = groups[number]
        row.crew, row.tier, row.mode = group.crew, TIERS[group.tier], MODES[group.mode]
        row.own_sector_only = group.own_sector_only
        row.priorities = ALL_PRIORITIES
        if group.priorities is not None:
            row.priorities = sum(1 << priority for priority in set(group.priorities))
        row.speed_factor, row.presence = group.speed_factor, group.presence
        row.aid = group.aid is not None
        row.aid_delay = 0.0 if group.aid is None else group.aid.delay_minutes * MINUTE
        row.beat_metres = 1000.0 * group.beat_km
        row.dwell = parameters.patrol_dwell_minutes * MINUTE
        row.interval = parameters.patrol_interval_minutes * MINUTE
        if group.break_ is not None:
            row.break_days = group.break_.minutes * MINUTE
            row.break_after = group.break_.after_hours * HOUR
        if group.duty is not None:
            row.duty = 1
            row.leave_for = group.duty.leave_for
            row.duty_from_hour, row.duty_until_hour = group.duty.from_hour, group.duty.until_hour
            row.duty_weekdays = weekday_bits(group.duty.weekdays)


def write_beats(scenario: Scenario, town: Town, posts: Table, pools: Pools) -> None:
    """Write the stops of the beat around each post whose group drives beats."""
    for number, group in enumerate(scenario.response.all_groups()):
        if drives_beats(scenario, group):
            own = np.flatnonzero(posts["group"] == number)
            rounds = lay_beats(town, np.asarray(posts["node"][own], dtype=np.int64), 1000.0 * group.beat_km)
            for row, stops in zip(own.tolist(), rounds, strict=True):
                posts[row].first_stop, posts[row].end_stop = pools.add_rows(stops)


def lay_spots(scenario: Scenario, groups: Table, nodes: Table, names: NodeNames, pools: Pools) -> Table:
    """Return the hot spots of all groups: at the nodes named, or without a place until calls have shown them."""
    parts = [empty_table(SPOTS, 0)]
    for number, group in enumerate(scenario.response.all_groups()):
        part = spot_settings(scenario, group)
        groups[number].first_spot = groups[number].end_spot = sum(len(table) for table in parts)
        if part is None:
            continue
        given = None
        if part.nodes is not None:
            given = names.rows(f"the hot spots of group {group.name}", part.nodes)
        spots = empty_table(SPOTS, part.spots if given is None else len(given))
        spots["node"] = NOBODY if given is None else given
        if given is not None:
            spots["x_metres"], spots["y_metres"] = nodes["x_metres"][given], nodes["y_metres"][given]
        spots["group"] = number
        spots["bound_for"] = NOBODY
        write_rounds(groups[number], part)
        spots["visited"] = -groups[number].interval
        groups[number].end_spot += len(spots)
        if given is None:
            groups[number].first_near = lay_neighbourhoods(nodes, part.radius_metres, group.name, names, pools)
        parts.append(spots)
    return np.concatenate(parts).view(np.recarray)


def write_rounds(row: Any, part: HotSpotsPart) -> None:
    """Write how a group makes its rounds; what the scenario leaves open is the parameter table's."""
    if part.dwell_minutes is not None:
        row.dwell = part.dwell_minutes * MINUTE
    if part.interval_minutes is not None:
        row.interval = part.interval_minutes * MINUTE
    row.window, row.renew, row.radius_metres = part.window_days, part.renew_days, part.radius_metres
    row.found = part.nodes is None


def lay_neighbourhoods(nodes: Table, radius_metres: float, group: str, names: NodeNames, pools: Pools) -> int:
    """Put each node's list of nodes within a radius, itself included, into the pool, and return where they begin.

    First come, for each node and one past the last, the places in ``lists`` at which its list begins.
    """
    places = np.column_stack((nodes["x_metres"], nodes["y_metres"]))
    tree = cKDTree(places)
    first, _ = pools.add_rows([])
    if tree.count_neighbors(tree, radius_metres) > MOST_NEAR:
        names.note(
            f"the hot spots of group {group}: radius_metres {radius_metres:g} is too wide for {len(nodes)} nodes",
            "give a smaller radius, such as 150",
        )
        return first
    near = tree.query_ball_point(places, radius_metres, return_sorted=True)
    begins = first + len(nodes) + 1 + np.concatenate(([0], np.cumsum([len(one) for one in near])))
    pools.add_rows(np.concatenate((begins, *near)))
    return first
