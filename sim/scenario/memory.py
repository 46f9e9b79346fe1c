"""How much memory a scenario's run would take, known before any is taken."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from sim.codes import Category, Channel
from sim.engine.units import HOURS_A_DAY, WEEK, YEAR
from sim.scenario.derived import (
    BEAT_STOPS,
    default_nodes,
    grid_count,
    helper_count,
    order_layers,
    post_count,
    spot_settings,
    unit_rows,
    worker_count,
)
from sim.scenario.expected import expected_causes, expected_records, logged_calls
from sim.scenario.faults import Fault, households
from sim.scenario.mediation import offices_of
from sim.scenario.network_size import network_size
from sim.scenario.schema import LoadedTown, PlaneTown, Scenario

if TYPE_CHECKING:
    from sim.scenario.disputes import OrganisationsPart
    from sim.scenario.response import UnitGroup
    from sim.scenario.schema import AdministrationFields

BASE_BYTES = 500_000_000  # the interpreter, libraries, and compiling the rules once
COPIES = 1.5  # tables are enlarged by copying, and records are made from them
ARCS_PER_NODE = 3  # of a generated town
EVENTS_PER_UNIT = 6.0  # shift's end and start, break, two of a duty, patrol
NODES_A_RADIUS = 12.0  # street nodes about a hot spot in a dense town
LABELS_A_NODE = 80  # about, of street networks of 20,000 to 100,000 nodes
RESIDENTS_BYTES_OF_SETTLING = 40  # columns that exist while people are settled only
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
CGROUP_USED = Path("/sys/fs/cgroup/memory.current")


def lever_factor(scenario: Scenario, name: str) -> float:
    """Return the product of the factors of a lever, at least 1, so that its staff has room too."""
    levers = [lever for lever in scenario.interventions if getattr(type(lever), "name", "") == name]
    return max(1.0, math.prod(max(1.0, float(getattr(lever, "factor", 1.0))) for lever in levers))


def road_counts(scenario: Scenario) -> tuple[int, int]:
    """Return about how many nodes and arcs the streets have; files are counted, not read."""
    town = scenario.town
    if isinstance(town, LoadedTown):
        return network_size(town)
    if isinstance(town, PlaneTown):
        return town.lattice**2, 4 * town.lattice**2
    nodes = town.road_nodes or default_nodes(town.area_km2, town.communities)
    return nodes, ARCS_PER_NODE * nodes


def expected_posts(scenario: Scenario, group: UnitGroup, nodes: int) -> int:
    """Return the number of posts of a group in a town of so many nodes."""
    named = group.post_nodes or (group.aid.nodes if group.aid is not None else None)
    return len(named) if named else min(post_count(group, scenario.town.townships), nodes)


def expected_spots(scenario: Scenario) -> int:
    """Return the number of hot spots of all groups, those included that a change of mode may ask for."""
    spots = 0
    for group in scenario.response.all_groups():
        part = spot_settings(scenario, group)
        spots += 0 if part is None else len(part.nodes or ()) or part.spots
    return spots


def expected_list_rows(scenario: Scenario, nodes: int, posts: int, units: int) -> float:
    """Return about how many rows the lists of sectors, beats and places near to each other have together."""
    preferred = sum(len(units) for units in (scenario.response.dispatch.preferences or {}).values())
    near = sum(
        nodes * (1.0 + NODES_A_RADIUS)
        for group in scenario.response.all_groups()
        if (part := spot_settings(scenario, group)) is not None and part.nodes is None
    )
    return preferred + units + BEAT_STOPS * posts + near


def expected_households(scenario: Scenario) -> float:
    """Return the expected number of households; how many there are is drawn."""
    return households(scenario.model_dump(include={"people"})) or 1.0


def expected_rows(scenario: Scenario) -> dict[str, float]:
    """Return the expected number of rows of every table of the world, levers' additional staff included."""
    town, people = scenario.town, scenario.people
    homes, books = expected_households(scenario), expected_records(scenario)
    grids = grid_count(scenario, homes) * lever_factor(scenario, "grid_density")
    workers = worker_count(scenario, math.ceil(grids))
    nodes, arcs = road_counts(scenario)
    units = unit_rows(scenario)
    posts = sum(expected_posts(scenario, group, nodes) for group in scenario.response.all_groups())
    from_calls = call_tables(scenario, nodes)
    districts = {"community": town.communities, "township": town.townships, "county": town.counties}
    return {
        "state": 1,
        "handling": 1,
        "days": scenario.calendar.days,
        "residents": people.residents,
        "households": homes,
        "grids": grids,
        "communities": town.communities,
        "districts": districts[scenario.records.district],
        "workers": workers,
        "helpers": helper_count(scenario),
        "regimes": town.townships,
        "visit_order": 2 * homes * order_layers(scenario),
        **mediation_tables(scenario),
        **books,
        "units": units,
        "idle": units,
        "candidates": units,
        "groups": len(scenario.response.all_groups()),
        "orders": 1,
        "posts": posts,
        "sectors": nodes if scenario.response.dispatch.preferences else posts,
        "spots": expected_spots(scenario),
        **friction_tables(scenario, nodes),
        **containment_tables(scenario, nodes),
        **from_calls,
        "lists": from_calls["lists"] + expected_list_rows(scenario, nodes, posts, units),
        "nodes": nodes,
        "arcs": arcs,
        "traffic": HOURS_A_DAY * WEEK,
        **way_tables(scenario, nodes),
        "queue": books["disputes"] + workers + EVENTS_PER_UNIT * units,
        "series": scenario.calendar.days * districts[scenario.records.district],
    }


def mediation_tables(scenario: Scenario) -> dict[str, float]:
    """Return the number of rows of the tables of offices and mediators, levers' additional staff included."""
    groups = scenario.mediation.all_groups()
    teams = [team for group in groups for team in group.teams]
    return {
        "offices": sum(offices_of(scenario.town, group) for group in groups),
        "serving": len(groups) * scenario.town.communities,
        "mediators": scenario.mediation.mediator_count * lever_factor(scenario, "mediators"),
        "office_groups": len(groups),
        "teams": len(teams),
        "team_members": sum(len(team.members) for team in teams),
        "hand_overs": len(Channel),
        "practice": 1,
    }


def friction_tables(scenario: Scenario, nodes: int) -> dict[str, float]:
    """Return the expected number of rows of the tables of where disputes come from."""
    town, part = scenario.town, scenario.disputes.organisations
    organisations = 0 if part is None else organisation_count(part, town)
    contagious = scenario.disputes.contagion is not None
    return {
        "categories": len(Category),
        "homes": nodes,
        "contagion": 1.0 if contagious else 0.0,
        "cells": nodes if contagious else 0.0,
        "cell_nodes": nodes if contagious else 0.0,
        "organisations": organisations,
        "served": town.communities if part is not None else 0.0,
        "causes": expected_causes(scenario),
    }


def organisation_count(part: OrganisationsPart, town: AdministrationFields) -> int:
    """Return how many organisations a town has."""
    in_communities = part.firms_per_community + part.property_managers_per_community
    in_townships = part.schools_per_township + part.lenders_per_township
    return town.communities * in_communities + town.townships * in_townships + town.counties * part.hospitals_per_county


def containment_tables(scenario: Scenario, nodes: int) -> dict[str, float]:
    """Return the expected number of rows of the tables of flights and rings.

    An area has a ring where a flight starts in it, and a kind of ring has at most all nodes as its points.
    """
    part = scenario.response.containment
    if part is None:
        return dict.fromkeys(("containment", "rings", "ring_points", "flights"), 0.0)
    flights = part.flights_per_year * scenario.calendar.days / YEAR
    areas = {"township": scenario.town.townships, "county": scenario.town.counties, "edge": 1}
    rings = sum(min(flights, areas[kind]) for kind in part.rings)
    return {"containment": 1, "rings": rings, "ring_points": len(part.rings) * nodes, "flights": flights}


def way_tables(scenario: Scenario, nodes: int) -> dict[str, float]:
    """Return about how many rows the tables of driving times have; hours with other relations of speeds add to them."""
    if scenario.response.travel.none or isinstance(scenario.town, PlaneTown):
        return dict.fromkeys(("ways", "out_labels", "in_labels", "aim"), 0.0)
    patterns = 1 + len(scenario.response.travel.traffic)
    labels = patterns * LABELS_A_NODE * nodes
    return {"ways": patterns * nodes, "out_labels": labels, "in_labels": labels, "aim": nodes}


def call_tables(scenario: Scenario, nodes: int) -> dict[str, float]:
    """Return the expected number of rows of the tables of where calls come from.

    A stream's places are at most all nodes, with a weight each; those without weights are one list for all streams.
    """
    streams = scenario.calls.streams
    weighted = nodes * sum(stream.places.kind == "weights" for stream in streams)
    minutes = sum(len(law.minutes or ()) for law in (stream.scene for stream in streams) if law is not None)
    return {
        "streams": 3 + len(streams),
        "log": logged_calls(scenario),
        "lists": nodes + weighted,
        "numbers": weighted + minutes,
    }


def estimate_bytes(scenario: Scenario) -> int:
    """Return the memory that one run of a scenario takes, in bytes: rows times the widths of the world's tables."""
    from sim.world import DTYPES

    rows = expected_rows(scenario)
    tables = sum(DTYPES[name].itemsize * count for name, count in rows.items())
    settling = RESIDENTS_BYTES_OF_SETTLING * rows["residents"]
    return int(BASE_BYTES + COPIES * tables + settling)


def available_bytes() -> int:
    """Return the memory that this process could still take: the machine's, or the container's where that is less."""
    import psutil

    free = int(psutil.virtual_memory().available)
    try:
        limit, used = CGROUP_LIMIT.read_text().strip(), CGROUP_USED.read_text().strip()
        return min(free, int(limit) - int(used)) if limit != "max" else free
    except (OSError, ValueError):
        return free


def memory_faults(scenario: Scenario) -> list[Fault]:
    """Refuse a scenario whose run would not fit into the memory that is available."""
    wanted, free = estimate_bytes(scenario), available_bytes()
    if wanted <= free:
        return []
    allowed = (
        f"a scenario that fits into the {free / 1e9:.1f} GB available; this one takes about {wanted / 1e9:.1f} GB "
        "(fewer residents, days or districts, or lower rates)"
    )
    return [Fault("people.residents", scenario.people.residents, allowed)]
