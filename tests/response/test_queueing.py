"""Waiting for a unit against queueing theory, with driving and call-taking out of the way.

Each figure is estimated with a 99.9 % interval from the means of successive batches of calls; the reference lies in
it, or the simulation is wrong.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

SCENE_MINUTES = 30.0
BATCHES = 30


def saturated(lab: Any, units: int, load: float, calls: int, scenes: int, **changes: Any) -> Any:
    """Return the calls of a long run of ``units`` crews at one node, with ``load`` of them busy on average."""
    per_day = load * 1440.0 / SCENE_MINUTES
    days = int(calls / per_day) + 1
    instant = {"call_taking_seconds": 0.0, "turn_out_seconds": 0.0, "scene_minutes_background": SCENE_MINUTES}
    town = lab.town_of([(0, 1, 1.0, 1.0), (1, 0, 1.0, 1.0)], 2)
    plan = lab.settings(units=units, posts=1)
    rate = {"background_calls_per_1000_per_year": per_day * 365.0}
    world = lab.make_world(town, plan, days=days, calls=calls + calls // 10 + 1000, **(instant | rate | changes))
    world.households["node"] = world.posts["node"][0]
    lab.run(lab.start(world), days * 1.0, scenes)
    done = lab.used_calls(world)
    return done[done["dispatched"] >= 0.0]


def interval(values: Any) -> tuple[float, float]:
    """Return the 99.9 % interval of a mean from batch means, the first batch left out as warm-up."""
    means = np.array([batch.mean() for batch in np.array_split(values, BATCHES)[1:]])
    half = stats.t.ppf(0.9995, len(means) - 1) * means.std(ddof=1) / math.sqrt(len(means))
    return float(means.mean() - half), float(means.mean() + half)


def assert_within(reference: float, values: Any, most_relative_width: float) -> None:
    """Assert that the reference lies in a narrow enough interval of the mean."""
    low, high = interval(values)
    assert low <= reference <= high, (low, reference, high)
    assert (high - low) / reference < most_relative_width, "too wide to show anything"


@pytest.mark.parametrize(
    ("units", "load", "erlang_c", "mean_wait"),
    [(2, 1.0, 0.33333, 0.33333), (4, 3.0, 0.50943, 0.50943), (10, 8.0, 0.40918, 0.20459)],
)
def test_exponential_scenes_give_erlang_c(lab: Any, units: int, load: float, erlang_c: float, mean_wait: float) -> None:
    calls = saturated(lab, units, load, 80_000, lab.exponential, urgent_share=0.0)
    waits = (calls["dispatched"] - calls["ready"]) * 1440.0 / SCENE_MINUTES
    assert_within(erlang_c, (waits > 0.0).astype(float), 0.2)
    assert_within(mean_wait, waits, 0.4)
    limit = 0.5
    assert_within(erlang_c * math.exp(-(units - load) * limit), (waits > limit).astype(float), 0.5)


def test_urgent_calls_pass_routine_ones_as_in_cobham(lab: Any) -> None:
    # c = 4, 6 calls an hour, 30 minutes each; the routine class is Cobham's second and third together.
    calls = saturated(lab, 4, 3.0, 120_000, lab.exponential, urgent_share=0.2)
    waits = (calls["dispatched"] - calls["ready"]) * 1440.0
    assert_within(4.4950, waits[calls["priority"] == 0], 0.15)
    assert_within((0.3 * 7.1920 + 0.5 * 24.4528) / 0.8, waits[calls["priority"] == 1], 0.4)


def test_lognormal_scenes_of_one_unit_wait_as_in_pollaczek_and_khinchine(lab: Any) -> None:
    sigma, load = 0.8, 0.6
    calls = saturated(lab, 1, load, 120_000, lab.lognormal, scene_sigma=sigma)
    waits = (calls["dispatched"] - calls["ready"]) * 1440.0 / SCENE_MINUTES
    assert_within(load / (1.0 - load) * math.exp(sigma**2) / 2.0, waits, 0.4)
    assert_within(load, (waits > 0.0).astype(float), 0.1)


def test_calls_of_one_priority_are_served_in_order(lab: Any) -> None:
    calls = saturated(lab, 4, 3.6, 5_000, lab.lognormal)
    for priority in (0, 1):
        waited = calls[(calls["priority"] == priority) & (calls["dispatched"] > calls["ready"])]
        assert (np.diff(waited["dispatched"]) >= 0.0).all()
    assert calls["queue_met"].max() > 10
    assert (calls["queue_met"][calls["dispatched"] == calls["ready"]] == 0).all()
