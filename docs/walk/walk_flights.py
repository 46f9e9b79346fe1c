"""Flights contained: the sweep over alarm delays and units, and the rings that are closed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from walk_runs import Plan

from sim.codes import Ring
from sim.response.containment.layout import lay_containment
from sim.study import RING_COLUMNS, sweep_containment

if TYPE_CHECKING:
    import pandas as pd

    from sim.town import Town

ALARM_DELAYS_MINUTES = (0.0, 2.0, 5.0, 10.0, 20.0)
CONTAINMENT_UNITS = (5, 20)
IN_TURN = "response.containment.in_time_only=false"


def sweep(plan: Plan, town: Town) -> pd.DataFrame:
    """Return how flights ended for each alarm delay and number of units."""
    seeds = range(1, plan.replications + 1)
    return sweep_containment(plan.scenario("containment"), ALARM_DELAYS_MINUTES, CONTAINMENT_UNITS, seeds, town)


def sweep_in_turn(plan: Plan, town: Town) -> pd.DataFrame:
    """Return the same at the scenario's own alarm delay, where crews close all points in turn, also those too late."""
    scenario = plan.scenario("containment", IN_TURN)
    part: Any = scenario.response.containment
    seeds = range(1, plan.replications + 1)
    return sweep_containment(scenario, (part.alarm_delay_minutes,), CONTAINMENT_UNITS, seeds, town)


def ring_sizes(plan: Plan, town: Town) -> dict[str, dict[str, int]]:
    """Return by kind of ring the fewest and the most check points that one has, in the flights of the first seed."""
    scenario = plan.scenario("containment")
    rings = lay_containment(scenario, town, scenario.calendar.days, 1)["rings"]
    points = rings["end_point"] - rings["first_point"]
    return {
        kind.name.lower(): {"fewest": int(found.min()), "most": int(found.max())}
        for kind in Ring
        if len(found := points[rings["kind"] == kind])
    }


def containment_numbers(rows: pd.DataFrame) -> list[dict[str, float]]:
    """Return the sweep as plain rows, with the share caught at all rings together."""
    found = [{str(name): float(value) for name, value in row.items()} for _, row in rows.iterrows()]
    return [{**row, "caught_share": caught_share(row)} for row in found]


def caught_share(row: Mapping[str, float]) -> float:
    """Return the share of flights that ended at any ring."""
    return sum(row[ring] for ring in RING_COLUMNS) / row["flights"] if row["flights"] else math.nan
