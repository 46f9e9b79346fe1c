"""Presence in a run: patrols lower frictions and calls where they stop, by little, and not at all at an effect of 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playing import seen

from sim.model import TownModel
from sim.scenario import Scenario

TOWN = {"kind": "synthetic", "area_km2": 0.5, "townships": 1, "communities": 1, "road_nodes": 40}
STREAM = {"name": "all", "per_day": 400, "scene": {"law": "constant", "mean_minutes": 0}, "call_taking_seconds": 0}


def run(mode: str = "hot_spots", effect: float = 0.2, days: int = 12, spots: Any = None) -> TownModel:
    """Return a run of response alone, with many calls that take no time; ``spots`` are names of nodes."""
    group: dict[str, Any] = {"name": "patrol", "units": 3, "shift_hours": 24, "mode": mode}
    if mode == "hot_spots":
        group["hot_spots"] = {"spots": 6, "radius_metres": 60} if spots is None else {"nodes": spots}
    plan = {
        "name": "watched",
        "calendar": {"days": days},
        "town": TOWN,
        "calls": {"streams": [STREAM]},
        "response": {"groups": [group]},
        "parameters": {"presence_effect": effect},
    }
    return TownModel(Scenario.model_validate(plan), seed=3).run()


@pytest.mark.parametrize("mode", ["hot_spots", "beat", "random"])
def test_presence_prevents_some_of_the_same_calls(mode: str) -> None:
    without, watched, strong = (seen(run(mode, effect)).calls for effect in (0.0, 0.2, 0.8))
    addresses = [set(calls.address.tolist()) for calls in (without, watched, strong)]
    assert addresses[1] < addresses[0], "the same potential calls are thinned"
    assert addresses[2] < addresses[0]
    kept = len(addresses[1]) / len(addresses[0])
    assert 0.8 <= kept < 0.999
    assert 0.2 <= len(addresses[2]) / len(addresses[0]) < kept


def test_calls_are_fewer_where_patrols_stop() -> None:
    names = run("at_post", days=1).town.roads.node_ids[::8]
    shares = []
    for effect in (0.6, 0.0):
        model = run(effect=effect, days=15, spots=names)
        shares.append(float(np.isin(seen(model).calls.node, model.world.spots["node"]).mean()))
    assert shares[0] < shares[1] - 0.01


def test_standing_at_posts_prevents_nothing() -> None:
    with_effect, without = (run("at_post", effect, days=3) for effect in (0.6, 0.0))
    for name in ("calls", "dispatches", "units", "nodes"):
        assert getattr(with_effect.world, name).tobytes() == getattr(without.world, name).tobytes()


def test_no_bound_is_broken() -> None:
    assert run(effect=1.0, days=4).world.state[0].bounds_broken == 0


def test_frictions_at_home_are_fewer(tiny_model: Any) -> None:
    born = []
    for effect in (0.0, 0.5):
        response = {"units": 0, "groups": [{"name": "patrol", "units": 6, "shift_hours": 24, "mode": "random"}]}
        parameters = {"presence_effect": effect, "dispute_rate_per_1000_per_year": 4000.0}
        model = tiny_model(calendar={"days": 20}, response=response, parameters=parameters).run()
        disputes = model.world.disputes[: int(model.world.state[0].dispute_rows)]
        born.append(int((disputes["parent"] < 0).sum()))
    assert 0.4 * born[0] < born[1] < 0.95 * born[0]
