from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.scenario import Scenario
from sim.study import NoContainmentError, run_one, sweep_containment

TOWN: dict[str, Any] = {"kind": "synthetic", "area_km2": 12.0, "townships": 4, "communities": 12, "road_nodes": 240}
CHASES: dict[str, Any] = {"flights_per_year": 3650.0, "stop_probability": 1.0}


def scenario(**response: Any) -> Scenario:
    return Scenario.model_validate(
        {"name": "chases", "calendar": {"days": 10}, "town": TOWN, "response": {"units": 30, **response}}
    )


def test_a_sweep_counts_what_its_runs_end_with() -> None:
    given = scenario(containment=CHASES)
    table = sweep_containment(given, [0.0, 2.0], [0, 10], seeds=(3, 4))
    assert table[["alarm_delay_minutes", "units"]].to_numpy().tolist() == [[0, 0], [2, 0], [0, 10], [2, 10]]
    assert table["flights"].nunique() == 1, "all runs of a seed have the same flights"
    caught = table[["township", "county", "edge"]].sum(axis=1)
    assert caught.to_numpy()[:2].tolist() == [0, 0], "without units nobody is caught"
    assert caught.to_numpy()[2] > 0
    alone = scenario(containment={**CHASES, "alarm_delay_minutes": 0.0, "units": 10})
    runs = [run_one(alone, seed).outcomes for seed in (3, 4)]
    share = np.average([run["flights_caught_share"] for run in runs], weights=[run["flights"] for run in runs])
    assert caught.to_numpy()[2] / table["flights"][2] == pytest.approx(share, rel=0.05)


def test_without_containment_there_is_nothing_to_vary() -> None:
    with pytest.raises(NoContainmentError, match=r"chases has no response\.containment"):
        sweep_containment(scenario(), [0.0], [1])
