"""Comparisons made up for the report: every part is there, and the figures are known."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.interventions import catalogue
from sim.outcomes import CATALOGUE, HEADLINE, Chronicle, Moment, Story
from sim.scenario import Scenario, canonical, scenario_hash
from sim.study import Comparison, Failure, changes, effects, parameters_used

STREET: dict[str, Any] = {
    "name": "street",
    "title": "Our street",
    "description": "A street made up for tests.",
    "assumptions": ("Every count is made up.",),
    "sources": ("A source that the scenario names",),
    "calendar": {"days": 60},
    "town": {"kind": "synthetic", "area_km2": 1.0, "townships": 1, "communities": 3, "road_nodes": 80},
    "people": {"residents": 900},
    "grid": {"grids": 6},
    "mediation": {"mediators": 2},
    "response": {"units": 4},
}
FEW = ("recorded_found_share", "settlement_gap", "response_minutes_p90", "cost_total_yuan")  # drawn quickly
DISTRICTS = ("North", "Middle", "South")
WEEKS = 9
CALLS = 300
SERIES = ("true_born", "recorded_found", "true_settled", "visits", "calls", "answered", "response_minutes_sum")


QUARREL = Chronicle(
    7,
    (
        Moment(3.5, "born", {"district": "North", "tie": "neighbour", "category": "land_housing"}),
        Moment(9.5, "faded", {"channel": "self", "age_days": 6.0, "stage": 2}),
        Moment(9.5, "books_nothing", {}),
    ),
)


def street(name: str = "street", factor: float | None = None, **parts: Any) -> Scenario:
    """Return a scenario, with so many times the mediators if asked for."""
    levers = () if factor is None else (catalogue()["mediators"].model_validate({"factor": factor}),)
    return Scenario.model_validate({**STREET, "name": name, "interventions": levers, **parts})


def made_up_values(
    names: Sequence[str], seeds: Sequence[int], moved: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, list[float]]]:
    """Return values around 0.5 by scenario and outcome; ``moved`` adds to an option's, with a little noise."""
    values: dict[str, dict[str, list[float]]] = {}
    for name in names:
        values[name] = {}
        for number, id_ in enumerate(CATALOGUE):
            luck = np.random.Generator(np.random.Philox(key=number)).normal(0.0, 0.01, len(seeds))
            more = moved.get(name, {}).get(id_, 0.0)
            noise = np.random.Generator(np.random.Philox(key=1000 + number)).normal(0.0, 0.001, len(seeds))
            values[name][id_] = list(0.5 + luck + more * (1.0 + noise))
    return values


def made_up_calls(name: str, seeds: Sequence[int], later: float) -> pd.DataFrame:
    """Return calls spread over a square kilometre, ``later`` minutes slower than elsewhere."""
    luck = np.random.Generator(np.random.Philox(key=5))
    frames = []
    for seed in seeds:
        minutes = luck.gamma(4.0, 1.0, CALLS) + later
        minutes[:2] = math.nan  # nobody came: the first gave up, the second is still open
        x, y = luck.uniform(0.0, 1000.0, CALLS), luck.uniform(0.0, 1000.0, CALLS)
        frames.append(
            pd.DataFrame(
                {
                    "scenario": name,
                    "seed": seed,
                    "x_metres": x,
                    "y_metres": y,
                    "response_minutes": minutes,
                    "queue_minutes": 0.0,
                    "travel_minutes": minutes,
                    "district": 2 - np.minimum(y // 334.0, 2.0).astype(int),
                    "given_up": np.arange(CALLS) == 0,
                    "watched_minutes": 10.0,
                    "hour": luck.integers(0, 24, CALLS),
                    "source": "background",
                    "priority": np.where(luck.uniform(size=CALLS) < 0.3, "urgent", "routine"),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def made_up_series(name: str, seeds: Sequence[int]) -> pd.DataFrame:
    """Return weekly sums by district; the last week has four days."""
    rows = [
        {"scenario": name, "seed": seed, "day": 7 * week, "days": 7 if week < WEEKS - 1 else 4, "district": district}
        | {column: float(10 + seed + week % 3) for column in SERIES}
        | {"true_tension_sum": 1.0}
        for seed in seeds
        for week in range(WEEKS)
        for district in range(len(DISTRICTS))
    ]
    return pd.DataFrame(rows)


def made_up_districts(name: str, seeds: Sequence[int], later: float) -> pd.DataFrame:
    """Return the districts' figures: the South waits longest; ``later`` minutes more everywhere."""
    rows = [
        {
            "scenario": name,
            "seed": seed,
            "district": number,
            "name": district,
            "residents": 300,
            "households": 100,
            "visits": 50,
            "disputes": 40,
            "calls": 100,
            "recorded_found_share": 0.2 + 0.1 * number,
            "true_settled_share": 0.1,
            "response_minutes_p90": 5.0 + number + 0.01 * seed + later * (1.0 + 0.01 * seed),
        }
        for seed in seeds
        for number, district in enumerate(DISTRICTS)
    ]
    return pd.DataFrame(rows)


def made_up_unit_time(name: str, seeds: Sequence[int]) -> pd.DataFrame:
    """Return the hours of two groups: one mostly at its post, one mostly on patrol."""
    shares = {
        "patrol": {"off_duty": 16.0, "at_post": 6.0, "on_scene": 2.0},
        "rounds": {"patrolling": 5.0, "dwelling": 3.0},
    }
    rows = [
        {"scenario": name, "seed": seed, "group": group, "status": status, "hours": hours * 60.0}
        for seed in seeds
        for group, by_status in shares.items()
        for status, hours in by_status.items()
    ]
    return pd.DataFrame(rows)


def make_comparison(
    options: Sequence[Scenario] = (),
    moved: Mapping[str, Mapping[str, float]] | None = None,
    replications: int = 4,
    base: Scenario | None = None,
    undefined: Sequence[str] = (),
    failures: Sequence[Failure] = (),
    shown: Sequence[str] = FEW,
) -> Comparison:
    """Return a comparison of the street with options, some of whose outcomes are moved or defined nowhere."""
    base = base or street()
    seeds = list(range(1, replications + 1))
    scenarios = {one.name: one for one in (base, *options)}
    names = list(scenarios)
    values = made_up_values(names, seeds, moved or {})
    for name in names:
        for id_ in undefined:
            values[name][id_] = [math.nan] * len(seeds)
    failed = {(one.scenario, one.seed) for one in failures}
    for name, seed in failed:
        for id_ in CATALOGUE:
            values[name][id_][seed - 1] = math.nan
    runs = [
        (name, seed, id_, values[name][id_][seed - 1])
        for name in names
        for seed in seeds
        if (name, seed) not in failed
        for id_ in CATALOGUE
    ]
    later = {name: 10.0 * (moved or {}).get(name, {}).get("response_minutes_mean", 0.0) for name in names}
    corners = np.array([[0.0, 1000.0], [0.0, 0.0], [500.0, 500.0]])
    return Comparison(
        base=base.name,
        options=names[1:],
        scenarios=scenarios,
        seeds=seeds,
        runs=pd.DataFrame(runs, columns=["scenario", "seed", "outcome", "value"]),
        effects=effects(values, base.name, names[1:], shown),
        shown=list(shown),
        changes={one.name: changes(canonical(base), canonical(one)) for one in options},
        calls=pd.concat([made_up_calls(name, seeds, later[name]) for name in names], ignore_index=True),
        series=pd.concat([made_up_series(name, seeds) for name in names], ignore_index=True),
        districts=pd.concat([made_up_districts(name, seeds, later[name]) for name in names], ignore_index=True),
        unit_time=pd.concat([made_up_unit_time(name, seeds) for name in names], ignore_index=True),
        roads={"x": corners, "y": corners[::-1]},
        story=(1, Story(date(2023, 1, 1), (QUARREL,))),
        failures=list(failures),
        parameters=parameters_used(base),
        provenance={
            "versions": {"python": "3.12.1", "numpy": "2.1.0"},
            "platform": "a machine",
            "processor": "a processor",
            "processors": 2,
            "source_hash": "0123456789abcdef",
            "scenario_hashes": {name: scenario_hash(one) for name, one in scenarios.items()},
            "seeds": seeds,
            "jobs": 1,
            "precision": 0.05,
            "started": "2026-01-01T00:00:00Z",
            "seconds": 12.3,
            "command": "gridtown compare street more --replications 4",
        },
    )


@pytest.fixture
def build() -> Callable[..., Comparison]:
    """Return the function that makes up comparisons."""
    return make_comparison


@pytest.fixture
def scenario() -> Callable[..., Scenario]:
    """Return the function that makes up scenarios."""
    return street


@pytest.fixture(scope="session")
def usual() -> Comparison:
    """A comparison with two options: the first better, worse and the same on something, the second unchanged."""
    more = street("more", 2.0, title="Our street, twice the mediators", description="Twice as many.")
    same = street("same", title="Our street, unchanged")
    moved = {
        "more": {
            "recorded_found_share": 0.2,
            "true_settled_share": 0.1,
            "cost_total_yuan": 0.3,
            "response_minutes_mean": 0.1,
        }
    }
    return make_comparison([more, same], moved, shown=HEADLINE)
