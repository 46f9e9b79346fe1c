"""Make the page ``docs/walk.md``, its figures and its numbers from the two folders of data.

    python docs/walk/make.py --roads DIR --calls DIR --out docs/walk

``DIR`` of the roads holds ``roads.zip`` (JEMSS, Manhattan), that of the calls ``calls.csv.gz`` (Milwaukee, May 2018).
Beside the figures lie the scenario files; what git ignores there (``roads.zip`` and the weights of places) is made from
the data, so that the commands of the page run as they stand.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import walk_figures
import walk_maps
from walk_calls import KINDS, Log, half_share, read_log
from walk_flights import containment_numbers, ring_sizes, sweep, sweep_in_turn
from walk_page import HERE, NUMBERS, page, rounded
from walk_places import node_cells, node_weights, write_weights
from walk_profile import law_counts, profile_numbers, write_calls
from walk_runs import (
    BASE,
    Plan,
    calls_by_cell,
    compare_patrols,
    compare_presence,
    compare_turn_outs,
    patrol_numbers,
    presence_numbers,
    turn_out_numbers,
    twin_numbers,
    watch_one,
)

from sim import load
from sim.build import town_of
from sim.response.containment.exits import exits
from sim.scenario import default
from sim.town import Town

SCENARIOS = ("at-post", "random", "hot-spots", "containment")
LEAST_DAYS = 2


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--roads", type=Path, required=True, help="folder with roads.zip")
    parser.add_argument("--calls", type=Path, required=True, help="folder with calls.csv.gz")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for figures and numbers; the page lies beside it"
    )
    parser.add_argument(
        "--days", type=days, help=f"of each run, at least {LEAST_DAYS}; the scenarios' own when left out"
    )
    parser.add_argument("--replications", type=int, default=8, help="runs of each scenario")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    return parser.parse_args(arguments)


def days(text: str) -> int:
    """Return a number of days; fewer give too few calls for the quantiles of townships."""
    count = int(text)
    if count < LEAST_DAYS:
        raise argparse.ArgumentTypeError(f"at least {LEAST_DAYS}: one day has too few calls in each township")
    return count


def main(arguments: Sequence[str] | None = None) -> None:
    """Make everything, part by part, and the page at the end."""
    asked = options(arguments)
    out: Path = asked.out
    out.mkdir(parents=True, exist_ok=True)
    lay_files(asked.roads, out)
    log = read_log(asked.calls)
    profile = profile_numbers(log)
    write_calls(profile, out)
    tell("roads")
    town = bare_town(out)
    cells = node_cells(town.roads)
    for kind in KINDS:
        write_weights(town.roads, node_weights(cells, profile[kind]["sigma"]), out / f"{kind}.csv")
    plan = Plan(out, asked.replications, asked.days, asked.jobs)
    numbers, figures = run_all(plan, log, profile, town, cells)
    for name, text in walk_figures.all_figures(figures).items():
        (out / name).write_text(text, encoding="utf-8")
    kept = rounded(numbers)
    (out / NUMBERS).write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    out.with_suffix(".md").write_text(page(kept, out.name), encoding="utf-8")


def tell(what: str) -> None:
    """Say on the terminal what is being done."""
    sys.stderr.write(f"{what} ...\n")


def lay_files(roads: Path, out: Path) -> None:
    """Put the scenario files and the roads into the folder, where they are not there."""
    for name in SCENARIOS:
        if out.resolve() != HERE.resolve():
            shutil.copyfile(HERE / f"{name}.yaml", out / f"{name}.yaml")
    shutil.copyfile(roads / "roads.zip", out / "roads.zip")


def bare_town(out: Path) -> Town:
    """Return the town before there are weights of places."""
    return town_of(load(out / f"{BASE}.yaml", "calls.streams=[]"))


def road_numbers(town: Town) -> dict[str, Any]:
    """Return what was read of the roads, and what was left out."""
    found = town.statistics()
    return {
        "notes": list(town.notes),
        "nodes": len(town.roads),
        "open_nodes": int(town.roads.open_to_access.sum()),
        "arcs": len(town.roads.tail),
        "km": float(town.roads.metres.sum()) / 1000.0,
        "one_way_share": found.one_way_share,
        "dead_end_share": found.dead_end_share,
        "mean_block_metres": found.mean_block_metres,
        "exits": len(exits(town.roads)),
    }


def scenario_numbers(plan: Plan) -> dict[str, Any]:
    """Return what the scenario files say of crews, rounds and flights, and the table's values that the page names."""
    (crews,) = plan.scenario("hot-spots").response.groups
    flights = plan.scenario("containment").response.containment
    if crews.hot_spots is None or flights is None:
        raise ValueError("hot-spots.yaml needs rounds, and containment.yaml flights")
    taken = ("call_taking_seconds", "turn_out_seconds", "scene_minutes_dispute", "scene_minutes_background")
    rounds = ("patrol_dwell_minutes", "patrol_interval_minutes", "urgent_share")
    return {
        "crews": crews.units,
        "on_duty": round(crews.units * crews.shift_hours / 24.0),
        "shift_hours": crews.shift_hours,
        **crews.hot_spots.model_dump(include={"spots", "window_days", "renew_days", "radius_metres"}),
        **{name: float(default(name)) for name in (*taken, *rounds)},
        "emergency_speed_factor": float(plan.scenario(BASE).parameters["emergency_speed_factor"]),
        "targets": list(plan.scenario(BASE).response.targets.by_priority),
        "alarm_delay_minutes": flights.alarm_delay_minutes,
        "flights_per_day": flights.flights_per_year / 365.0,
        "hold_minutes": flights.hold_minutes,
        "stop_probability": flights.stop_probability,
        "containment_days": plan.scenario("containment").calendar.days,
    }


def run_all(plan: Plan, log: Log, profile: dict[str, Any], town: Town, cells: Any) -> tuple[dict[str, Any], list[Any]]:
    """Return all numbers and all figures."""
    tell("ways of patrolling")
    patrols = compare_patrols(plan)
    tell("turning out")
    turn_out = turn_out_numbers(compare_turn_outs(plan), patrols)
    tell("presence")
    presence = presence_numbers(compare_presence(plan))
    tell("analytic twin")
    twin = twin_numbers(plan)
    tell("containment")
    swept, in_turn = sweep(plan, town), sweep_in_turn(plan, town)
    tell("one run of hot-spot rounds")
    watched = watch_one(plan, "hot-spots")
    simulated = calls_by_cell(watched, cells, KINDS)
    scenario = plan.scenario("hot-spots")
    numbers: dict[str, Any] = {
        "days": scenario.calendar.days,
        "replications": plan.replications,
        "start": scenario.calendar.start_date.isoformat(),
        "roads": road_numbers(town),
        "cells": int(cells.max()) + 1,
        "log": profile,
        "simulated": {
            kind: {"calls": int(found.sum()), "half_share": half_share(found)} for kind, found in simulated.items()
        },
        "scenario": scenario_numbers(plan),
        "patrols": patrol_numbers(patrols),
        "turn_out": turn_out,
        "presence": presence,
        "twin": twin,
        "rings": ring_sizes(plan, town),
        "containment": containment_numbers(swept),
        "in_turn": containment_numbers(in_turn),
    }
    aimed = float(default("patrol_interval_minutes")) / 60.0
    lines = {
        "Milwaukee, log": log.counts("quarrels"),
        "Milwaukee, fitted law": law_counts(log, "quarrels", profile["quarrels"]["sigma"]),
        "Manhattan, one run": simulated["quarrels"],
    }
    figures = [
        walk_figures.profile(profile),
        walk_figures.places(lines),
        walk_figures.curves(patrols),
        walk_figures.differences(numbers["patrols"]["effects"]),
        walk_figures.turn_out(turn_out),
        walk_figures.unit_time(numbers["patrols"]["unit_time"]),
        walk_maps.maps(patrols),
        walk_maps.hot_spots(watched.records, town.roads, aimed),
        walk_figures.presence(presence),
        walk_figures.containment(swept),
    ]
    return numbers, figures


if __name__ == "__main__":
    main()
