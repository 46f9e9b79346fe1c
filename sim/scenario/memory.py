"""How much memory a scenario's run would take, known before any is taken."""

from __future__ import annotations

import math
from pathlib import Path

from sim.scenario.counts import HOURS_A_DAY, LEAST_NODES_A_COMMUNITY, Fault, grids, households
from sim.scenario.parameters import default
from sim.scenario.schema import Scenario, SyntheticTown

BASE_BYTES = 500_000_000  # the interpreter, libraries, and compiling the rules once
COPIES = 1.5  # tables are enlarged by copying, and records are made from them
ARCS_PER_NODE = 3
NODES_OF_A_FILE = 200_000  # a loaded network is not opened here; its own loader bounds it
YEAR = 365.0
RESIDENTS_BYTES_OF_SETTLING = 40  # columns that exist while people are settled only
CASES_PER_DISPUTE = 0.15
CALLS_PER_DISPUTE = 0.15
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
CGROUP_USED = Path("/sys/fs/cgroup/memory.current")


def lever_factor(scenario: Scenario, name: str) -> float:
    """Return the product of the factors of a lever, at least 1, so that its staff has room too."""
    levers = [lever for lever in scenario.interventions if getattr(type(lever), "name", "") == name]
    return max(1.0, math.prod(max(1.0, float(getattr(lever, "factor", 1.0))) for lever in levers))


def derived_nodes(town: SyntheticTown) -> int:
    """Return about how many street nodes the generator gives a town whose file does not say."""
    wanted = max(60, 8 * town.communities, round(60 * min(town.area_km2, 50.0)))
    return max(min(wanted, 40_000), LEAST_NODES_A_COMMUNITY * town.communities)


def expected_rows(scenario: Scenario) -> dict[str, float]:
    """Return the expected number of rows of every table of the world."""
    town, people, response = scenario.town, scenario.people, scenario.response
    tree = scenario.model_dump(exclude={"interventions"})
    years = scenario.calendar.days / YEAR

    def rate(name: str) -> float:
        return float(scenario.parameters.get(name, default(name))) * people.residents / 1000.0 * years

    # The found rates are bounds per resident; tension can raise frictions above them.
    disputes = rate("dispute_rate_per_1000_per_year")
    calls = rate("background_calls_per_1000_per_year") + CALLS_PER_DISPUTE * disputes
    grid_count = (grids(tree) or 1.0) * lever_factor(scenario, "grid_density")
    nodes = float(town.road_nodes or derived_nodes(town)) if isinstance(town, SyntheticTown) else NODES_OF_A_FILE
    on_duty = math.ceil(response.units * response.shift_hours / HOURS_A_DAY)
    posts = response.posts or min(response.units, max(on_duty, town.townships))
    districts = {"community": town.communities, "township": town.townships, "county": town.counties}
    workers = max(float(scenario.grid.workers or 0), grid_count * scenario.grid.workers_per_grid)
    return {
        "state": 1,
        "days": scenario.calendar.days,
        "residents": people.residents,
        "households": households(tree) or 1.0,
        "grids": grid_count,
        "communities": town.communities,
        "districts": districts[scenario.records.district],
        "workers": workers,
        "offices": districts[scenario.mediation.offices],
        "mediators": scenario.mediation.mediators * lever_factor(scenario, "mediators"),
        "disputes": disputes,
        "cases": CASES_PER_DISPUTE * disputes,
        "sessions": CASES_PER_DISPUTE * disputes,
        "calls": calls,
        "units": response.units,
        "posts": posts,
        "routes": posts * nodes,
        "nodes": nodes,
        "arcs": ARCS_PER_NODE * nodes,
        "frontier": ARCS_PER_NODE * nodes,
        "queue": disputes + workers + 2.0 * response.units,
        "series": scenario.calendar.days * districts[scenario.records.district],
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
