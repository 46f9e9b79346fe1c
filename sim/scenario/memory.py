"""How much memory a scenario's run would take, known before any is taken."""

from __future__ import annotations

import math
from pathlib import Path

from sim.scenario.counts import Fault, households
from sim.scenario.derived import default_nodes, default_posts, grid_count, worker_count
from sim.scenario.expected import expected_records, logged_calls
from sim.scenario.network_size import network_size
from sim.scenario.schema import LoadedTown, PlaneTown, Scenario

BASE_BYTES = 500_000_000  # the interpreter, libraries, and compiling the rules once
COPIES = 1.5  # tables are enlarged by copying, and records are made from them
ARCS_PER_NODE = 3  # of a generated town
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


def expected_households(scenario: Scenario) -> float:
    """Return the expected number of households; how many there are is drawn."""
    return households(scenario.model_dump(include={"people"})) or 1.0


def expected_rows(scenario: Scenario) -> dict[str, float]:
    """Return the expected number of rows of every table of the world, levers' additional staff included."""
    town, people, response = scenario.town, scenario.people, scenario.response
    homes, books = expected_households(scenario), expected_records(scenario)
    grids = grid_count(scenario, homes) * lever_factor(scenario, "grid_density")
    workers = worker_count(scenario, math.ceil(grids))
    nodes, arcs = road_counts(scenario)
    posts = min(response.posts or default_posts(response.units, response.shift_hours, town.townships), nodes)
    districts = {"community": town.communities, "township": town.townships, "county": town.counties}
    return {
        "state": 1,
        "days": scenario.calendar.days,
        "residents": people.residents,
        "households": homes,
        "grids": grids,
        "communities": town.communities,
        "districts": districts[scenario.records.district],
        "workers": workers,
        "offices": districts[scenario.mediation.offices],
        "mediators": scenario.mediation.mediators * lever_factor(scenario, "mediators"),
        **books,
        **call_tables(scenario, nodes),
        "units": response.units,
        "posts": posts,
        "routes": posts * nodes,
        "nodes": nodes,
        "arcs": arcs,
        "frontier": arcs,
        "queue": books["disputes"] + workers + 2.0 * response.units,
        "series": scenario.calendar.days * districts[scenario.records.district],
    }


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
