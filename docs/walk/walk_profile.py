"""From the log's profile to the scenario file with the calls, and to the numbers that the page tells of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import yaml
from walk_calls import KINDS, URGENT, Log, fitted_sigma, half_share, hour_weights, weekday_weights

from sim.scenario import default

CALLS_FILE = "calls.yaml"
CALLS_HEAD = "# Written by make.py from the Milwaukee log; see the page.\n"
SHARE_DECIMALS = 3
SCENE_MINUTES = {"quarrels": "scene_minutes_dispute", "others": "scene_minutes_background"}
CHECK_SEED = 1  # of the counts drawn to see whether the fitted law is as concentrated as the log


def law_counts(log: Log, kind: str, sigma: float) -> Any:
    """Return counts drawn from the fitted law for the log's cells and mean: to see whether it is as concentrated."""
    chance = np.random.default_rng(CHECK_SEED)
    rates = np.exp(sigma * chance.standard_normal(log.cells) - 0.5 * sigma**2)
    return chance.poisson(log.counts(kind).mean() * rates)


def profile_numbers(log: Log) -> dict[str, Any]:
    """Return what the log says of calls: how many, when, and how unequal places are."""
    days = sorted({*log.rows["day"], *log.days_left_out})
    found: dict[str, Any] = {
        "first_day": days[0],
        "last_day": days[-1],
        "rows": log.all_rows,
        "days_left_out": log.days_left_out,
        "median_day": log.median_day,
        "whole_days": log.whole_days,
        "misplaced": log.misplaced,
        "cells": log.cells,
        "police_rows": len(log.of("police")),
    }
    for kind in KINDS:
        rows, counts = log.of(kind), log.counts(kind)
        sigma = round(fitted_sigma(counts), SHARE_DECIMALS)
        hours = hour_weights(rows)
        found[kind] = {
            "calls": len(rows),
            "per_day": round(len(rows) / log.whole_days, 1),
            "natures": {str(nature): int(count) for nature, count in rows["nature"].value_counts().items()}
            if kind == "quarrels"
            else {},
            "hours": hours,
            "busiest_hour": int(np.argmax(hours)),
            "quietest_hour": int(np.argmin(hours)),
            "weekdays": weekday_weights(rows),
            "sigma": sigma,
            "placed": int(counts.sum()),
            "half_share": half_share(counts),
            "half_share_fitted": half_share(law_counts(log, kind, sigma)),
            "urgent_share": round(float(rows["nature"].isin(URGENT).mean()), SHARE_DECIMALS)
            if kind == "quarrels"
            else float(default("urgent_share")),
        }
    return found


def write_calls(profile: dict[str, Any], out: Path) -> None:
    """Write the scenario file with the calls, on which the others build."""
    streams = []
    for kind in KINDS:
        one = profile[kind]
        urgent = one["urgent_share"]
        streams.append(
            {
                "name": kind,
                "per_day": one["per_day"],
                "hour_weights": one["hours"],
                "weekday_weights": one["weekdays"],
                "places": {"kind": "weights", "file": f"{kind}.csv"},
                "priority_shares": [urgent, round(1.0 - urgent, SHARE_DECIMALS)],
                "scene": {"law": "lognormal", "mean_minutes": float(default(SCENE_MINUTES[kind]))},
            }
        )
    tree = {"calls": {"background": False, "streams": streams}}
    text = yaml.safe_dump(tree, sort_keys=False, default_flow_style=None, width=110)
    (out / CALLS_FILE).write_text(CALLS_HEAD + text, encoding="utf-8")
