"""How long a simulated year takes and what a resident costs in memory: classroom, Jincheng, and how it grows.

Run it as ``python benchmarks/runs.py`` on an idle machine. Each run is a fresh process on one core, after one
that compiles; the figure is the median.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from measuring import alone, keep, median, seconds_of

YEAR = """
import json, resource, sys, time
from sim import TownModel, load
from sim.build import town_of

def peak_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

scenario = load(sys.argv[1], *sys.argv[2:])
began = time.perf_counter()
town = town_of(scenario)
town_seconds = time.perf_counter() - began
small = TownModel(load("classroom", "calendar.days=3")).run()  # loads the compiled rules
before = peak_bytes()
began = time.perf_counter()
model = TownModel(scenario, seed=1, town=town)
build_seconds = time.perf_counter() - began
began = time.perf_counter()
model.run()
run_seconds = time.perf_counter() - began
residents = len(model.world.residents)
print(json.dumps({
    "town_seconds": town_seconds, "build_seconds": build_seconds, "run_seconds": run_seconds, "residents": residents,
    "table_bytes_a_resident": sum(table.nbytes for table in model.world) / residents,
    "peak_bytes_a_resident": (peak_bytes() - before) / residents,
    "events": float(model.world.state[0].events),
}))
"""
# Everything of disputes, grids, triage and books that Jincheng's own file leaves off.
IN_FULL = (
    "disputes.lunar_new_year=true",
    "disputes.contagion={}",
    "disputes.organisations={}",
    "disputes.collective=true",
    "triage.three_affairs=true",
    "grid.rounds=risk_first",
    "grid.micro_grids={hear_per_day: 0.01}",
    "grid.whistle={at_once_per_township: 2}",
    "grid.list_after_days=30",
    "grid.overtime_hours_most=2",
    "parameters.treatment_trust_gain=0.05",
)
SIZES = (20_000, 60_000, 200_000, 600_000, 2_000_000)


def year_of(scenario: str, *overrides: str, runs: int = 3) -> dict[str, float]:
    """Return the median figures of simulated years of a scenario."""
    results = alone(YEAR, scenario, *overrides, runs=runs)
    return {what: median([result[what] for result in results]) for what in results[0]}


def like_chaoyang(residents: int) -> tuple[str, ...]:
    """Return what makes Chaoyang street a town of this size, with the same staff and streets for each resident.

    Staff comes in whole numbers: a mediator, and three crews of which one is on duty, for each 20,000 residents.
    """
    part = residents / 98_000
    staff = residents // 20_000
    return (
        f"people.residents={residents}",
        f"people.merchants={round(2950 * part)}",
        f"town.area_km2={4.5 * part:.3f}",
        f"town.communities={max(1, round(8 * part))}",
        "town.road_nodes=",
        f"mediation.mediators={staff}",
        f"response.units={3 * staff}",
        "response.posts=",
    )


def main() -> None:
    """Measure, print and keep."""
    alone(YEAR, "classroom", "calendar.days=3", runs=1)
    keep("classroom-year", year_of("classroom"))
    keep("jincheng-year", year_of("jincheng"))
    keep("jincheng-year-in-full", year_of("jincheng", *IN_FULL))
    seconds = []
    for residents in SIZES:
        figures = year_of("chaoyang-street", *like_chaoyang(residents))
        seconds.append(figures["run_seconds"])
        keep(f"year-of-{residents}-residents", figures)
    exponent = float(np.polyfit(np.log(SIZES), np.log(seconds), 1)[0])
    keep("growth", {"exponent of seconds a simulated year over residents": exponent})
    command = str(Path(sys.executable).parent / "gridtown")
    keep("start", {"seconds of gridtown --help": median([seconds_of(command, "--help") for _ in range(7)])})


if __name__ == "__main__":
    main()
